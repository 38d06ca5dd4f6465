// Row locks inside the transactions of one attempt: two steps that run side by side, each with an
// event of the next number, while the rescuer may take the job. Here a transaction is not one
// block: it is what PostgreSQL does at READ COMMITTED, lock by lock.
//
// The attempt's lock on the hot row is FOR NO KEY UPDATE. BROKEN_KEY_SHARE and BROKEN_SHARE take a
// weaker one and have to be found out.

#define STEPS 2

// Who holds the hot row, by mode. The rescuer's UPDATE takes NO KEY UPDATE too.
byte key_share_holders, share_holders;
bool no_key_update;

byte lease_seq = 1;
bool taken;
// The events of the job: one counter, and how many carry each number.
byte newest_event;
byte events_of[4];
byte committed;

inline lock_no_key_update() {
    atomic { !no_key_update && share_holders == 0 -> no_key_update = true }
}

// From FOR SHARE to the lock that an UPDATE needs: all others have to let go of theirs.
inline upgrade_from_share() {
    atomic { !no_key_update && share_holders == 1 -> share_holders--; no_key_update = true }
}

proctype Step() {
    byte number;
    bool authority;
#if defined(BROKEN_KEY_SHARE)
    atomic { key_share_holders++ };
#elif defined(BROKEN_SHARE)
    atomic { !no_key_update -> share_holders++ };
#else
    lock_no_key_update();
#endif
    authority = lease_seq == 1;
    if
    :: authority ->
           number = newest_event + 1;
#ifdef BROKEN_SHARE
           // The job is advanced by an UPDATE of its row.
           upgrade_from_share();
#endif
           atomic {
               // The job is still the attempt's when the attempt writes.
               assert(lease_seq == 1);
               events_of[number]++;
               // Numbers are dense and given once.
               assert(events_of[number] == 1);
               newest_event = number;
               committed++
           }
    :: else
    fi;
    atomic {
#if defined(BROKEN_KEY_SHARE)
        key_share_holders--
#elif defined(BROKEN_SHARE)
        if
        :: authority -> no_key_update = false
        :: else -> share_holders--
        fi
#else
        no_key_update = false
#endif
    }
}

proctype Rescuer() {
    if
    :: lock_no_key_update();
       lease_seq++;
       taken = true;
       no_key_update = false
    :: skip
    fi
}

init {
    atomic {
        run Step();
        run Step();
        run Rescuer()
    }
    // All have come to their end; a deadlock is found as an end that is none.
    _nr_pr == 1 -> assert(newest_event == committed && (taken || committed == STEPS))
}
