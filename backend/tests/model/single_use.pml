// One secret and three who use it at the same time, each in a transaction of its own that may be
// rolled back or whose process may be killed before it commits. A transaction is not one block: it
// is what PostgreSQL does at READ COMMITTED, statement by statement. What a rolled-back one wrote
// is as if it had never been.
//
// The acts are those of single_use::once(): lock, check, consume, succeed, audit.

#define USERS 3
#define NOBODY 255

// The row: who holds its lock, and what is committed of it.
byte holder = NOBODY;
bool used;
// What came of it, as far as it is committed.
byte successors, traces, answered;
// Times that the transaction of a use was undone.
byte undone;

inline take(me) { atomic { holder == NOBODY -> holder = me } }
inline let_go(me) { if :: holder == me -> holder = NOBODY :: else fi }

proctype User(byte me) {
    bool seen_used, mine;
#ifndef BROKEN_NO_LOCK
    // lock
    take(me);
#endif
    // check
    seen_used = used;
    if
    :: seen_used -> goto over
    :: else
    fi;
    // consume: an update waits for the row and looks at its condition again.
    if :: holder != me -> take(me) :: else fi;
#ifdef BROKEN_NO_LOCK
    // The look before decides alone.
    mine = true;
#else
    mine = !used;
#endif
    // The lock has to rule out that a use was judged fresh and is not.
    assert(mine);
#ifdef BROKEN_AUDIT_APART
    // A transaction of its own.
    atomic { traces++ };
#endif
#ifdef BROKEN_CONSUME_APART
    atomic { used = true; let_go(me) };
    take(me);
#endif
    if
    :: // commit: all of it at once, and the lock is let go.
       atomic {
           used = true;
           successors++;
#ifndef BROKEN_AUDIT_APART
           traces++;
#endif
           answered++;
           let_go(me)
       }
    :: // Rolled back, or killed: nothing of it.
       atomic { undone++; let_go(me) }
    fi;
    goto end;
over:
    let_go(me);
end:
    skip
}

init {
    atomic {
        run User(0);
        run User(1);
        run User(2)
    }
    _nr_pr == 1 -> atomic {
        // Exactly one use was answered as the one, unless all that tried were undone: these burn
        // nothing.
        assert(answered <= 1);
        assert(successors == answered);
        assert(traces == answered);
        assert(used == (answered == 1));
        assert(answered == 1 || undone == USERS);
        assert(holder == NOBODY)
    }
}
