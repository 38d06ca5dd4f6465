// Two nodes that fire one schedule under each of its policies, a worker that does its jobs, and a
// person who changes it or has it done at once. A slot is a row with the key (schedule, time). What
// becomes of it is decided in the transaction that holds the schedule's row: it gets a job, it is
// skipped because an earlier job has not ended, or it was missed. A firer looks at the clock first
// and decides later, and may be killed between any two transactions. Each BROKEN_… leaves out one
// precaution and has to be found out.

#define SLOTS 3
// Slots that backfill makes up for.
#define BACKFILLED 2
// Who looks a moment later is late for it.
#define TIME_OF(slot) (2 * (slot))
#define END (2 * SLOTS - 1)
// The job that the person asks for, behind those of slots.
#define BY_HAND SLOTS
#define JOBS (SLOTS + 1)

mtype = { skip_missed, once, backfill };
mtype = { allow, skip_slot, queue_one, cancel_old };
mtype = { undecided, fired, skipped, missed };
mtype = { none, queued, running, ended };

mtype when_missed, when_overlapping;
byte time;
// next_run_at, as the number of a slot.
byte next;
bool switched_on = true;
mtype decision[SLOTS] = undecided;
// Passed while the schedule was paused.
bool paused[SLOTS];
mtype job[JOBS] = none;
bool asked_to_stop[JOBS];
// Jobs of each slot: I11.
byte made[JOBS];
// Still alive; one always is.
byte firers = 2;

#define UNFINISHED(j) (job[j] == queued || job[j] == running)
#define GOES_ON(j) (UNFINISHED(j) && !asked_to_stop[j])
#define ALL_UNFINISHED (UNFINISHED(0) + UNFINISHED(1) + UNFINISHED(2) + UNFINISHED(3))
#define ALL_QUEUED ((job[0] == queued) + (job[1] == queued) + (job[2] == queued) + (job[3] == queued))
#define ALL_GOING_ON (GOES_ON(0) + GOES_ON(1) + GOES_ON(2) + GOES_ON(3))

// For who looked at that time: whether a slot is due, which is the last that is, which is the first
// that may have a job still, and which comes after that one.
#define DUE(when) (switched_on && next < SLOTS && TIME_OF(next) <= when)
#define LAST(when) ((when) / 2)
#ifdef BROKEN_BACKFILL_ALL
#define MOST (when_missed == backfill -> SLOTS : 1)
#else
#define MOST (when_missed == backfill -> BACKFILLED : 1)
#endif
#ifdef BROKEN_LATE_AS_PUNCTUAL
#define TOO_LATE(when) false
#else
#define TOO_LATE(when) (when_missed == skip_missed && when > TIME_OF(LAST(when)))
#endif
#define WANTED(when) (TOO_LATE(when) -> LAST(when) + 1 : (LAST(when) + 1 > next + MOST -> LAST(when) + 1 - MOST : next))
#define AFTER(when) (WANTED(when) < LAST(when) -> WANTED(when) + 1 : LAST(when) + 1)

inline cancel(j) {
    if
    :: job[j] == queued -> job[j] = ended
#ifndef BROKEN_CANCEL_QUEUED_ALONE
    :: job[j] == running -> asked_to_stop[j] = true
#endif
    :: else
    fi
}

inline cancel_all() {
    cancel(0);
    cancel(1);
    cancel(2);
    cancel(BY_HAND)
}

// Whether a job may begin beside those that have not ended.
#define HAS_ROOM (when_overlapping == allow || when_overlapping == cancel_old \
                  || (when_overlapping == skip_slot && ALL_UNFINISHED == 0) \
                  || (when_overlapping == queue_one && ALL_QUEUED == 0))
#ifdef BROKEN_ROOM_APART
// Looked for before the firer has the schedule's row.
#define ROOM room
#else
#define ROOM HAS_ROOM
#endif

inline make_job(which) {
    if
    :: when_overlapping == cancel_old -> cancel_all()
    :: else
    fi;
    made[which]++;
    assert(made[which] == 1);
    job[which] = queued;
    // What each policy promises.
    assert(when_overlapping != skip_slot || ALL_UNFINISHED == 1);
    assert(when_overlapping != queue_one || ALL_QUEUED == 1);
    assert(when_overlapping != cancel_old || ALL_GOING_ON == 1)
}

inline pass_by(slot, when) {
    if
    :: slot >= next && slot < WANTED(when) && decision[slot] == undecided ->
           // Not one that its policy makes up for.
           assert(when_missed != skip_missed || when > TIME_OF(slot));
           assert(when_missed != once || slot < LAST(when));
           assert(when_missed != backfill || slot + BACKFILLED <= LAST(when));
           decision[slot] = missed
    :: else
    fi
}

inline pass_by_all(when) {
#ifndef BROKEN_MISSED_UNTOLD
    pass_by(0, when);
    pass_by(1, when);
    pass_by(2, when)
#else
    skip
#endif
}

#ifdef BROKEN_WITHOUT_KEY
#define KNOWN(slot) false
#else
#define KNOWN(slot) (decision[slot] != undecided)
#endif

inline fire(slot, when, has_room) {
    if
    :: slot > LAST(when) || KNOWN(slot)
    :: else ->
           // One that its policy makes up for.
           assert(when_missed != skip_missed || when == TIME_OF(slot));
           assert(when_missed != once || slot == LAST(when));
           assert(when_missed != backfill || slot + BACKFILLED > LAST(when));
           if
           :: has_room -> decision[slot] = fired; make_job(slot)
           :: else -> decision[slot] = skipped
           fi
    fi
}

proctype Firer() {
    // When it looked, and what it decides about.
    byte when, slot;
#ifdef BROKEN_ROOM_APART
    bool room;
#endif
end_waiting:
    do
    :: atomic { DUE(time) -> when = time };
#if defined(BROKEN_ADVANCE_FIRST)
       // Moves on in one transaction and fires in the next.
       atomic {
           if
           :: DUE(when) -> pass_by_all(when); slot = WANTED(when); next = AFTER(when)
           :: else -> slot = SLOTS
           fi
       };
       if
       :: atomic { fire(slot, when, HAS_ROOM); when = 0; slot = 0 }
       :: atomic { firers > 1 -> firers--; break }
       fi
#else
#ifdef BROKEN_ROOM_APART
       room = HAS_ROOM;
#endif
       atomic {
           if
           :: DUE(when) ->
                  pass_by_all(when);
                  slot = WANTED(when);
                  fire(slot, when, ROOM);
                  next = AFTER(when)
           :: else
           fi;
           when = 0;
           slot = 0
       }
#endif
    :: atomic { firers > 1 -> firers--; break }
    :: next == SLOTS -> break
    od
}

// A schedule that goes on, or has another expression, begins with the first slot after now.
inline begin_anew() {
    paused[0] = next <= 0 && LAST(time) >= 0;
    paused[1] = next <= 1 && LAST(time) >= 1;
    paused[2] = next <= 2 && LAST(time) >= 2;
    next = LAST(time) + 1;
    switched_on = true
}

proctype Person() {
#ifdef BROKEN_HAND_WITHOUT_LOCK
    bool kept;
#endif
    if
    // Back to what was decided already.
    :: atomic { next > 0 && next < SLOTS -> next-- }
    :: switched_on = false; atomic { begin_anew() }
#ifdef BROKEN_HAND_WITHOUT_LOCK
    :: kept = HAS_ROOM;
       atomic { if :: kept -> make_job(BY_HAND) :: else fi }
#else
    :: atomic { if :: HAS_ROOM -> make_job(BY_HAND) :: else fi }
#endif
    :: skip
    fi
}

#define WORK_ON(j) \
    :: atomic { job[j] == queued -> job[j] = running } \
    :: atomic { job[j] == running -> job[j] = ended }

proctype Worker() {
end_waiting:
    do
    WORK_ON(0)
    WORK_ON(1)
    WORK_ON(2)
    WORK_ON(BY_HAND)
    od
}

proctype Clock() {
    do
    :: time < END -> time++
    :: else -> break
    od
}

#define WELL_DECIDED(slot) ((decision[slot] != undecided || paused[slot]) && (decision[slot] == fired) == made[slot])

// Nothing moves any more.
proctype Watch() {
end_waiting:
    timeout -> assert(WELL_DECIDED(0) && WELL_DECIDED(1) && WELL_DECIDED(2))
}

init {
    atomic {
        if
        :: when_missed = skip_missed
        :: when_missed = once
        :: when_missed = backfill
        fi;
        if
        :: when_overlapping = allow
        :: when_overlapping = skip_slot
        :: when_overlapping = queue_one
        :: when_overlapping = cancel_old
        fi;
        run Firer();
        run Firer();
        run Worker();
        run Clock();
        run Person();
        run Watch()
    }
}
