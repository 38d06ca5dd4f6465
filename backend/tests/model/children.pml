// Two parents that end at the same moment and a child that needs both. The parent's end notes it;
// whoever holds the note meets the edge and counts the child down under the child's lock; a child
// locked by another is passed by, and its note stays for the next round. Any node may stop for good
// after any transaction; a resolver is always left. BROKEN_… leaves out one precaution each.

bool ended[2];
bool noted[2];
bool met[2];
byte unmet = 2;
bool ready;
byte times_ready;

inline count_down(parent) {
    assert(!met[parent]);
    met[parent] = true;
    unmet--;
    // I10: ready once, and only when all parents are done.
    if
    :: unmet == 0 -> assert(ended[0] && ended[1]); ready = true; times_ready++; assert(times_ready == 1)
    :: else
    fi
}

inline resolve(parent) {
#ifdef BROKEN_READ_THEN_WRITE
    if
    :: noted[parent] && !met[parent] ->
           left = unmet;
           atomic {
               met[parent] = true;
               noted[parent] = false;
               unmet = left - 1;
               if
               :: unmet == 0 -> ready = true; times_ready++
               :: else
               fi
           }
    :: else
    fi
#elif defined(BROKEN_EDGE_NOT_MARKED)
    atomic {
        if
        :: noted[parent] -> unmet--; if :: unmet == 0 -> assert(ended[0] && ended[1]); ready = true; times_ready++ :: else fi
        :: else
        fi
    };
    noted[parent] = false
#else
    atomic {
        if
        :: noted[parent] && !met[parent] -> count_down(parent); noted[parent] = false
        :: else
        fi
    }
#endif
}

proctype Parent(byte self) {
    byte left;
    // The outcome and its note are one transaction.
#ifdef BROKEN_NOTE_LATER
    ended[self] = true;
    if
    :: skip
    :: goto killed
    fi;
    noted[self] = true;
#else
    atomic { ended[self] = true; noted[self] = true };
#endif
    if
    :: resolve(self)
    :: skip
    fi;
killed:
    skip
}

proctype Resolver() {
    byte left;
end_waiting:
    do
    :: noted[0] -> resolve(0)
    :: noted[1] -> resolve(1)
    od
}

proctype Watch() {
end_waiting:
    timeout -> assert(ready && times_ready == 1)
}

init {
    atomic {
        run Parent(0);
        run Parent(1);
        run Resolver();
        run Watch()
    }
}
