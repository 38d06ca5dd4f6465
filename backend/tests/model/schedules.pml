// Two nodes that fire one schedule, and a person who changes it. A slot is a row with the key
// (schedule, time); the job is made in the transaction that inserts it. A firer may be killed
// between any two transactions. Each BROKEN_… leaves out one precaution and has to be found out.

#define SLOTS 3

// next_run_at, as the number of a slot, and the version that people's changes raise.
byte next = 0;
bool switched_on = true;
bool slot_taken[SLOTS];
// Jobs of each slot: I11.
byte jobs[SLOTS];
// Still alive; one always is.
byte firers = 2;

#define DUE(slot) (switched_on && slot < SLOTS)

inline make_job(slot) {
    jobs[slot]++;
    assert(jobs[slot] == 1)
}

proctype Firer() {
    byte seen;
end_waiting:
    do
    :: DUE(next) ->
#if defined(BROKEN_WITHOUT_KEY)
           // Looks whether the time has come, then fires.
           seen = next;
           if
           :: seen < SLOTS -> atomic { make_job(seen); next = seen + 1 }
           :: else
           fi
#elif defined(BROKEN_ADVANCE_FIRST)
           // Moves on in one transaction and fires in the next.
           atomic {
               if
               :: DUE(next) -> seen = next; next++
               :: else -> seen = SLOTS
               fi
           };
           if
           :: seen < SLOTS && !slot_taken[seen] -> atomic { slot_taken[seen] = true; make_job(seen) }
           :: seen >= SLOTS
           :: atomic { firers > 1 -> firers--; break }
           fi
#else
           atomic {
               if
               :: DUE(next) && !slot_taken[next] -> slot_taken[next] = true; make_job(next); next++
               :: DUE(next) && slot_taken[next] -> next++
               :: else
               fi
           }
#endif
    :: atomic { firers > 1 -> firers--; break }
    :: next == SLOTS -> break
    od
}

// Sets the schedule back, as a change of its expression does.
proctype Person() {
    if
    :: atomic { next > 0 && next < SLOTS -> next-- }
    :: switched_on = false; switched_on = true
    :: skip
    fi
}

// Nothing moves any more: each slot has had its job.
proctype Watch() {
end_waiting:
    timeout -> assert(jobs[0] == 1 && jobs[1] == 1 && jobs[2] == 1)
}

init {
    atomic {
        run Firer();
        run Firer();
        run Person();
        run Watch()
    }
}
