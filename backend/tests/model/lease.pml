// The life of two jobs of one tenant between two workers: claim, lease, fence, step, snooze,
// failure, completion, rescue, cancel and redrive. One transaction of the engine is one atomic
// block; between two blocks everybody may be killed, or stand still for as long as it likes.
//
// Without BOUNDED_CLOCKS a worker may be declared dead at any moment, so that the fence alone keeps
// order. With it that happens only after the worker's own trust in its lease has ended, and then no
// call is made twice either, but for one whose claim a crash of the database has undone: an attempt
// begins before its claim is on disk. Each BROKEN_… leaves out one precaution and has to be found out.

#define LIMIT 1
#ifndef MOST_ATTEMPTS
#define MOST_ATTEMPTS 2
#endif
#ifndef MOST_RESCUES
#define MOST_RESCUES 1
#endif
#ifndef MOST_SNOOZES
#define MOST_SNOOZES 1
#endif
#define MOST_CANCELS 1
#ifndef MOST_REDRIVES
#define MOST_REDRIVES 1
#endif
#ifndef MOST_CRASHES
#define MOST_CRASHES 0
#endif

mtype = { nowhere, ready, scheduled, running, success, failed, cancelled };

typedef Job {
    // The hot row; nowhere once the job has ended.
    mtype state;
    byte worker;
    byte lease_seq;
    byte attempts;
    byte rescues;
    bool cancel_requested;
    // Whether the claim is not on disk yet. Whatever is written of the job after it takes it along.
    bool unflushed;
    // The header, and the step of this generation.
    mtype outcome;
    byte kept_lease_seq;
    bool step_recorded;
    // What no row tells, to judge by: the claim that has authority (0: none), the one that was
    // undone, how many there were, the highest lease_seq ever, and how often this generation was
    // rescued and ended.
    byte authority;
    byte undone;
    byte claims;
    byte highest_lease_seq;
    byte rescued;
    byte outcomes;
    byte snoozes
};

Job jobs[2];
// tenant_queue.running
byte running_count;
// What the database says of a worker, and what the worker believes by its own clock.
bool dead[2];
bool trust[2];
byte living;
byte cancels, redrives, crashes;

#define ENDED(j) (jobs[j].state == nowhere)
#define ALL_ENDED (ENDED(0) && ENDED(1))

// Holds after every transaction: I4 (a job is in exactly one place), I5 (caps), I6 (the count is
// that of the rows, and within the limit).
inline judge() {
    assert((jobs[0].state == nowhere) == (jobs[0].outcome != nowhere));
    assert((jobs[1].state == nowhere) == (jobs[1].outcome != nowhere));
    assert(jobs[0].attempts <= MOST_ATTEMPTS && jobs[1].attempts <= MOST_ATTEMPTS);
    assert(jobs[0].rescued <= MOST_RESCUES + 1 && jobs[1].rescued <= MOST_RESCUES + 1);
    assert(running_count == (jobs[0].state == running) + (jobs[1].state == running));
    assert(running_count <= LIMIT)
}

// I2: who takes or gives a job raises its fence.
inline raise_fence(j) {
    jobs[j].lease_seq++;
    assert(jobs[j].lease_seq > jobs[j].highest_lease_seq);
    jobs[j].highest_lease_seq = jobs[j].lease_seq
}

inline leave_running(j) {
    if
    :: jobs[j].state == running -> assert(running_count > 0); running_count--
    :: else
    fi;
    jobs[j].unflushed = false;
    jobs[j].authority = 0
}

// I3: once a generation.
inline end_job(j, status) {
    leave_running(j);
    assert(jobs[j].outcomes == 0);
    jobs[j].outcomes++;
    jobs[j].kept_lease_seq = jobs[j].lease_seq;
    jobs[j].outcome = status;
    jobs[j].state = nowhere
}

inline put_back(j, state_after) {
    leave_running(j);
    raise_fence(j);
    jobs[j].state = state_after
}

// What `SELECT … WHERE id = ? AND lease_seq = ? AND worker_id = ? FOR NO KEY UPDATE` answers to an attempt.
#if defined(BROKEN_NO_FENCE)
#define HELD (jobs[mine].state == running)
#elif defined(BROKEN_ATTEMPT_AS_FENCE)
#define HELD (jobs[mine].state == running && jobs[mine].attempts == attempt)
#elif defined(BROKEN_FENCE_WITHOUT_WORKER)
#define HELD (jobs[mine].state == running && jobs[mine].lease_seq == fence)
#else
#define HELD (jobs[mine].state == running && jobs[mine].lease_seq == fence && jobs[mine].worker == self)
#endif

// I1: what is accepted comes from who has authority.
#define JUDGE_WRITE assert(jobs[mine].authority == claim_number)

inline begin_attempt(j, w) {
    // I9: who was asked to stop does not begin again.
    assert(!jobs[j].cancel_requested);
    jobs[j].state = running;
    jobs[j].worker = w;
    raise_fence(j);
    jobs[j].attempts++;
    jobs[j].unflushed = crashes < MOST_CRASHES;
    jobs[j].claims++;
    jobs[j].authority = jobs[j].claims;
    running_count++;
    judge()
}

inline claim(j) {
    begin_attempt(j, self);
    mine = j;
    fence = jobs[j].lease_seq;
    attempt = jobs[j].attempts;
    claim_number = jobs[j].claims
}

#define CLAIMABLE_BY(j, w) (!dead[w] && jobs[j].state == ready && running_count < LIMIT)
#define CLAIMABLE(j) CLAIMABLE_BY(j, self)

proctype Worker(byte self) {
    byte mine, fence, attempt, claim_number;
    bool cancel_seen;
next:
    atomic { mine = 0; fence = 0; attempt = 0; claim_number = 0; cancel_seen = false };
end_idle:
    if
#ifdef BROKEN_LIMIT_BY_LOOKING
    :: CLAIMABLE(0) -> if :: atomic { jobs[0].state == ready -> claim(0) } :: else -> goto next fi
    :: CLAIMABLE(1) -> if :: atomic { jobs[1].state == ready -> claim(1) } :: else -> goto next fi
#else
    :: atomic { CLAIMABLE(0) -> claim(0) }
    :: atomic { CLAIMABLE(1) -> claim(1) }
#endif
    :: dead[self] -> goto gone
    :: atomic { ALL_ENDED && redrives == MOST_REDRIVES -> goto gone }
    fi;
    // What an earlier attempt recorded is read, not done again.
    if
    :: atomic { HELD && jobs[mine].step_recorded -> skip }; goto finish
    :: atomic { HELD && !jobs[mine].step_recorded -> cancel_seen = jobs[mine].cancel_requested }
    :: atomic { !HELD -> goto next }
    :: goto gone
    fi;
    if
    :: cancel_seen -> goto finish
    :: else
    fi;
    atomic {
        if
#ifndef BROKEN_TRUST_UNCHECKED
        :: !trust[self] -> goto gone
        :: else
#else
        :: skip
#endif
        fi;
#ifdef BOUNDED_CLOCKS
        // I12: nobody calls whose job may be another's. I7: nor for what is recorded.
        assert(!dead[self]);
        assert(jobs[mine].undone == claim_number ||
               (jobs[mine].authority == claim_number && !jobs[mine].step_recorded))
#endif
    }
    // The answer comes back.
    if
    :: atomic {
           HELD ->
               JUDGE_WRITE;
               assert(!jobs[mine].step_recorded);
               jobs[mine].step_recorded = true;
               jobs[mine].unflushed = false
       }
    :: atomic { !HELD -> goto next }
    :: goto gone
    fi;
finish:
    if
    :: atomic {
           HELD ->
               JUDGE_WRITE;
               if
               :: jobs[mine].cancel_requested || cancel_seen -> end_job(mine, cancelled)
               :: !jobs[mine].cancel_requested && !cancel_seen -> end_job(mine, success)
               // Failed: later again, or for good.
               :: !jobs[mine].cancel_requested && !cancel_seen ->
                      if
                      :: jobs[mine].attempts < MOST_ATTEMPTS -> put_back(mine, scheduled)
                      :: else -> end_job(mine, failed)
                      fi
               // Snoozed: later again, as if never begun.
               :: !jobs[mine].cancel_requested && !cancel_seen && jobs[mine].snoozes < MOST_SNOOZES ->
                      jobs[mine].snoozes++;
                      jobs[mine].attempts--;
                      put_back(mine, scheduled)
               fi;
               judge()
       }
    :: atomic {
           !HELD ->
#ifdef BROKEN_DOUBLE_RELEASE
               if
               :: running_count > 0 -> running_count--
               :: else
               fi;
               judge();
#endif
               skip
       }
    :: goto gone
    fi;
    goto next;
gone:
    living--
}

#ifdef BOUNDED_CLOCKS
#define MAY_BE_DECLARED_DEAD(w) (!dead[w] && !trust[w])
#else
#define MAY_BE_DECLARED_DEAD(w) (!dead[w])
#endif

inline rescue(j) {
    jobs[j].rescued++;
#ifndef BROKEN_RESCUE_UNCOUNTED
    jobs[j].rescues++;
#endif
    if
#ifndef BROKEN_CANCEL_FORGOTTEN
    :: jobs[j].cancel_requested -> end_job(j, cancelled)
    :: !jobs[j].cancel_requested && jobs[j].rescues > MOST_RESCUES -> end_job(j, failed)
#else
    :: jobs[j].rescues > MOST_RESCUES -> end_job(j, failed)
#endif
    :: else ->
           // An attempt that was cut short is not one of those that count.
           jobs[j].attempts--;
           put_back(j, ready)
    fi;
    judge()
}

#define ORPHANED(j) (jobs[j].state == running && dead[jobs[j].worker])

// Any node. It marks the worker first, and takes its jobs in later transactions.
proctype Rescuer() {
    byte seen;
end_watching:
    do
    :: atomic { MAY_BE_DECLARED_DEAD(0) && living > 0 -> dead[0] = true }
    :: atomic { MAY_BE_DECLARED_DEAD(1) && living > 0 -> dead[1] = true }
#ifdef BROKEN_RESCUE_WITHOUT_RECHECK
    :: ORPHANED(0) -> atomic { !ENDED(0) -> rescue(0) }
    :: ORPHANED(1) -> atomic { !ENDED(1) -> rescue(1) }
#else
    :: atomic { ORPHANED(0) -> rescue(0) }
    :: atomic { ORPHANED(1) -> rescue(1) }
#endif
    // The time of a scheduled job has come.
    :: atomic { jobs[0].state == scheduled -> jobs[0].state = ready }
    :: atomic { jobs[1].state == scheduled -> jobs[1].state = ready }
    od
}

// The database crashes, and knows nothing of the claim when it is back.
inline undo_claim(j) {
    crashes++;
    jobs[j].undone = jobs[j].authority;
    leave_running(j);
    jobs[j].state = ready;
    jobs[j].attempts--;
    jobs[j].lease_seq--;
    jobs[j].highest_lease_seq = jobs[j].lease_seq;
    judge()
}

// A worker claims again only when it knows what became of its last claim, so that it meets no fence
// of its own that is the same.
proctype Disk() {
end_turning:
    do
    :: atomic { jobs[0].unflushed -> jobs[0].unflushed = false }
    :: atomic { jobs[1].unflushed -> jobs[1].unflushed = false }
    :: atomic { jobs[0].unflushed && crashes < MOST_CRASHES -> undo_claim(0) }
    :: atomic { jobs[1].unflushed && crashes < MOST_CRASHES -> undo_claim(1) }
    od
}

// A worker's trust ends by its own clock when it cannot beat.
proctype Clock() {
end_ticking:
    do
    :: atomic { trust[0] -> trust[0] = false }
    :: atomic { trust[1] -> trust[1] = false }
    od
}

inline cancel(j) {
    cancels++;
    if
    :: jobs[j].state == running -> jobs[j].cancel_requested = true; jobs[j].unflushed = false
    :: else -> end_job(j, cancelled)
    fi;
    judge()
}

inline redrive(j) {
    redrives++;
    jobs[j].outcome = nowhere;
    jobs[j].outcomes = 0;
    jobs[j].rescued = 0;
    jobs[j].snoozes = 0;
    jobs[j].step_recorded = false;
    jobs[j].cancel_requested = false;
    jobs[j].attempts = 0;
    jobs[j].rescues = 0;
#ifdef BROKEN_REDRIVE_RESETS
    jobs[j].lease_seq = 0;
    jobs[j].highest_lease_seq = 0;
#else
    jobs[j].lease_seq = jobs[j].kept_lease_seq;
    raise_fence(j);
#endif
    jobs[j].state = ready;
    judge()
}

proctype People() {
end_content:
    do
    :: atomic { cancels < MOST_CANCELS && !ENDED(0) && !jobs[0].cancel_requested -> cancel(0) }
    :: atomic { redrives < MOST_REDRIVES && (jobs[0].outcome == failed || jobs[0].outcome == cancelled) -> redrive(0) }
    od
}

// Nothing moves any more: as long as somebody could work, every job has ended.
proctype Watch() {
end_waiting:
    timeout -> assert(living == 0 || ALL_ENDED)
}

#ifdef TRACE
// What a database did, act by act, as recorded: an act that the model does not allow blocks, which
// is found as an end that is none. `h` tells what the database answered.
#define HELD_BY(j, seq) (jobs[j].state == running && jobs[j].lease_seq == seq)

inline did_claim(w, j, seq) {
    atomic { CLAIMABLE_BY(j, w) -> begin_attempt(j, w); assert(jobs[j].lease_seq == seq) }
}
inline did_claim_nothing(w) {
    atomic { !CLAIMABLE_BY(0, w) && !CLAIMABLE_BY(1, w) -> skip }
}
inline did_keep_step(j, seq, h) {
    atomic {
        (HELD_BY(j, seq) && !jobs[j].step_recorded) == h ->
            jobs[j].step_recorded = jobs[j].step_recorded || h
    }
}
inline did_end(j, seq, status) {
    atomic {
        if
        :: HELD_BY(j, seq) && jobs[j].cancel_requested -> end_job(j, cancelled)
        :: HELD_BY(j, seq) && !jobs[j].cancel_requested -> end_job(j, status)
        :: else
        fi;
        judge()
    }
}
inline did_put_back(j, seq, uncounted) {
    atomic {
        if
        :: HELD_BY(j, seq) && jobs[j].cancel_requested -> end_job(j, cancelled)
        :: HELD_BY(j, seq) && !jobs[j].cancel_requested ->
               jobs[j].attempts = jobs[j].attempts - uncounted;
               put_back(j, scheduled)
        :: else
        fi;
        judge()
    }
}
inline did_cancel(j) {
    atomic { !ENDED(j) -> cancel(j) }
}
inline did_redrive(j) {
    atomic { jobs[j].outcome == failed || jobs[j].outcome == cancelled -> redrive(j) }
}
inline did_promote() {
    atomic {
        if
        :: jobs[0].state == scheduled -> jobs[0].state = ready
        :: else
        fi;
        if
        :: jobs[1].state == scheduled -> jobs[1].state = ready
        :: else
        fi
    }
}
inline did_lose(w) {
    atomic {
        dead[w] = true;
        if
        :: ORPHANED(0) -> rescue(0)
        :: else
        fi;
        if
        :: ORPHANED(1) -> rescue(1)
        :: else
        fi
    }
}
// To clients everything unfinished but running is queued.
inline shows(j, status, count) {
    atomic {
        (jobs[j].outcome == status || (jobs[j].state == running && status == running) ||
         (!ENDED(j) && jobs[j].state != running && status == scheduled)) && jobs[j].attempts == count -> skip
    }
}

proctype Replay() {
#include "recorded.trace"
    skip
}
#endif

init {
    atomic {
        jobs[0].state = ready;
        jobs[1].state = ready;
        jobs[0].outcome = nowhere;
        jobs[1].outcome = nowhere;
        trust[0] = true;
        trust[1] = true;
        living = 2;
#ifdef TRACE
        run Replay()
#else
        run Worker(0);
        run Worker(1);
        run Rescuer();
        run Clock();
#if MOST_CRASHES > 0
        run Disk();
#endif
        run People();
        run Watch()
#endif
    }
}
