// How a worker comes to know of what is ready (I13). It remembers how far it has claimed of each
// tenant and looks from there on, or from a little before. What lies further back, and tenants that
// it does not know, it finds by looking everywhere, once in a while, whatever else there is to do. A
// job is stamped with its time and committed later, perhaps much later; the bell that rings then may
// be lost; who else has claimed a job may hand it back in its old place. Each BROKEN_… leaves out
// one precaution and has to be found out.

// Jobs 0 and 1 are of tenant 0, job 2 is of tenant 1.
#define JOBS 3
#define TENANTS 2
#define TENANT_OF(j) ((j) / 2)
#define NOBODY JOBS
#define END 3
// How far back a look goes that is not everywhere.
#define BACK 1
// Looks that may lie between two everywhere.
#define PERIOD 2

mtype = { unborn, stamped, asleep, ready, taken };
mtype = { onward, back, everywhere };

byte time;
mtype job[JOBS] = unborn;
byte run_at[JOBS];
bool rung[TENANTS];

// What the worker remembers: as far as it knows, no job of the tenant that is ready lies before the
// front, and none whose time came before `promoted` is still asleep.
bool known[TENANTS];
byte front[TENANTS];
byte promoted;
// Since the last look everywhere, and whether the last look took something.
byte looks;
bool busy;

// How many looks in a row left the job behind.
byte left_behind[JOBS];

#define BACK_FROM(when) (when > BACK -> when - BACK : 0)
#define IS_OPEN(j) (job[j] == ready && known[TENANT_OF(j)] && run_at[j] >= front[TENANT_OF(j)])
#define IS_DUE(j) (job[j] == ready || (job[j] == asleep && run_at[j] <= time))

inline hear(tenant) {
    if
    :: rung[tenant] && !known[tenant] -> known[tenant] = true; front[tenant] = BACK_FROM(time)
    :: else
    fi;
    rung[tenant] = false
}

// From when on a look wakes what is due, and finds what is ready.
#ifdef BROKEN_WAKE_ONWARD
#define WAKES_FROM (look == back -> BACK_FROM(promoted) : promoted)
#else
#define WAKES_FROM (look == everywhere -> 0 : (look == back -> BACK_FROM(promoted) : promoted))
#endif
#if defined(BROKEN_SWEEP_FROM_FRONTS)
#define LOOKS_AT(tenant) (known[tenant] || look == everywhere)
#define LOOKS_FROM(tenant) (look == back -> BACK_FROM(front[tenant]) : front[tenant])
#elif defined(BROKEN_SWEEP_OF_KNOWN)
#define LOOKS_AT(tenant) (known[tenant])
#define LOOKS_FROM(tenant) (look == everywhere -> 0 : (look == back -> BACK_FROM(front[tenant]) : front[tenant]))
#else
#define LOOKS_AT(tenant) (known[tenant] || look == everywhere)
#define LOOKS_FROM(tenant) (look == everywhere -> 0 : (look == back -> BACK_FROM(front[tenant]) : front[tenant]))
#endif
#define IS_SEEN(j) (job[j] == ready && LOOKS_AT(TENANT_OF(j)) && run_at[j] >= LOOKS_FROM(TENANT_OF(j)))

inline wake(j) {
    if
    :: job[j] == asleep && run_at[j] <= time && run_at[j] >= WAKES_FROM -> job[j] = ready
    :: else
    fi
}

// The first of a tenant's jobs is where it goes on. Who has none is forgotten by a look everywhere,
// or was just served and is likely to have more.
inline note(tenant, first) {
    if
    :: first != NOBODY -> known[tenant] = true; front[tenant] = run_at[first]
    :: first == NOBODY && look == everywhere -> known[tenant] = false; front[tenant] = 0
    :: first == NOBODY && look == everywhere && known[tenant] -> front[tenant] = BACK_FROM(time)
    :: first == NOBODY && look != everywhere
    fi
}

// I13: what is there is open to claims when the worker has looked everywhere.
inline judge(j) {
    if
    :: IS_DUE(j) && !IS_OPEN(j) -> left_behind[j]++; assert(left_behind[j] <= PERIOD)
    :: else -> left_behind[j] = 0
    fi
}

inline choose_look() {
    if
#if defined(BROKEN_SWEEP_WHEN_IDLE)
    :: busy -> look = onward
    :: !busy && looks == PERIOD -> look = everywhere
    :: !busy && looks < PERIOD -> look = onward
#elif defined(BROKEN_NO_SWEEP)
    :: look = onward
    :: look = back
#else
    :: looks == PERIOD -> look = everywhere
    :: looks < PERIOD -> look = onward
    :: looks < PERIOD -> look = back
    :: looks < PERIOD -> look = everywhere
#endif
    fi;
    looks = (look == everywhere || looks == PERIOD -> looks : looks + 1);
    if
    :: look == everywhere -> looks = 0
    :: else
    fi
}

proctype Worker() {
    mtype look;
    byte first[TENANTS];
end_waiting:
    do
    :: atomic {
           choose_look();
           hear(0);
           hear(1);
           wake(0);
           wake(1);
           wake(2);
           promoted = time;
           first[0] = (IS_SEEN(0) && !(IS_SEEN(1) && run_at[1] < run_at[0]) -> 0 : (IS_SEEN(1) -> 1 : NOBODY));
           first[1] = (IS_SEEN(2) -> 2 : NOBODY);
           note(0, first[0]);
           note(1, first[1]);
           // It has room for one.
           if
           :: first[0] != NOBODY -> job[first[0]] = taken; busy = true
           :: first[1] != NOBODY -> job[first[1]] = taken; busy = true
           :: else -> busy = false
           fi;
           judge(0);
           judge(1);
           judge(2);
           first[0] = 0;
           first[1] = 0
       }
    od
}

// Asks for a job, to be done now or later.
proctype Caller(byte self) {
    bool later;
    atomic {
        if
        :: later = false
        :: later = true
        fi;
        run_at[self] = time + later;
        job[self] = stamped
    };
    atomic {
        if
        :: later -> job[self] = asleep
        :: else -> job[self] = ready; if :: rung[TENANT_OF(self)] = true :: skip fi
        fi
    }
}

#define CLAIMED_BY_OTHERS(j) \
    :: atomic { job[j] == ready -> job[j] = taken } \
    :: atomic { job[j] == taken -> job[j] = ready }

// Other workers, and attempts that are handed back.
proctype Others() {
end_waiting:
    do
    CLAIMED_BY_OTHERS(0)
    CLAIMED_BY_OTHERS(1)
    CLAIMED_BY_OTHERS(2)
    od
}

proctype Clock() {
    do
    :: time < END -> time++
    :: else -> break
    od
}

init {
    atomic {
        run Worker();
        run Caller(0);
        run Caller(1);
        run Caller(2);
        run Others();
        run Clock()
    }
}
