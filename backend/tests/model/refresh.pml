// One family of refresh tokens: token 0 is given at sign-in, token n + 1 takes the place of n. The
// client that owns them refreshes, loses answers and tries again, from two tabs; a thief from
// another client uses any token that was ever given, whenever it likes. Uses are transactions that
// take turns at the family's row (single_use.pml shows that they do); each may be rolled back.
//
// Time is how long ago each token was rotated: within the grace or not. It may pass at any moment.
//
// The rules are those of RefreshUse::check().

#define MOST 4
#define NEVER 0
#define IN_GRACE 1
#define LONG_AGO 2
#define OWNER 0
#define THIEF 1

// Committed state of the family.
bool dead;
byte newest;
byte rotated[MOST];
// What each party holds.
bool thief_has[MOST];
byte owner_has;
// An answer that reaches its client may be lost.
bool reuse_seen, second_branch, late_given, killed_without_cause;

inline give(who, token) {
    if
    :: who == THIEF -> thief_has[token] = true
    :: who == OWNER -> if :: token > owner_has -> owner_has = token :: else fi
    :: who == OWNER -> skip   // the answer is lost
    fi
}

inline kill() {
#ifdef BROKEN_KILL_LATER
    // In another transaction, which may never come.
    if :: dead = true :: skip fi
#else
    dead = true
#endif
}

// One committed use, or one that was rolled back and changed nothing.
inline use(who, token) {
    d_step { grandparent = token + 1 < newest }
    if
    :: dead ->
#ifdef BROKEN_DEAD_FORGOTTEN
       late_given = true
#else
       skip
#endif
    :: !dead && rotated[token] == NEVER ->
       assert(token == newest);
       newest = token + 1;
       rotated[token] = IN_GRACE;
       give(who, newest)
    :: !dead && rotated[token] == IN_GRACE && grandparent ->
#ifdef BROKEN_GRANDPARENT_SERVED
       // Whoever comes with an old token gets on with the newest.
       late_given = true;
       give(who, newest)
#elif defined(BROKEN_GRANDPARENT_KILLS)
       if :: who == OWNER -> killed_without_cause = true :: else fi;
       kill()
#else
       skip
#endif
    :: !dead && rotated[token] == IN_GRACE && !grandparent ->
       if
#ifdef BROKEN_ANY_CLIENT
       :: who == THIEF -> late_given = true; give(who, token + 1)
#else
       :: who == THIEF -> reuse_seen = true; kill()
#endif
#ifdef BROKEN_FRESH_SUCCESSOR
       // Another token beside the one that was given.
       :: who == OWNER -> second_branch = true; give(who, token + 1)
#else
       :: who == OWNER -> give(who, token + 1)
#endif
       fi
    :: !dead && rotated[token] == LONG_AGO ->
#ifdef BROKEN_GRACE_FOR_EVER
       late_given = true;
       give(who, token + 1)
#elif defined(BROKEN_REUSE_IGNORED)
       reuse_seen = true
#else
       reuse_seen = true;
       kill()
#endif
    fi
}

// The client keeps the newest token it got, and tries again with the same one within the grace when
// the answer was lost.
active [2] proctype Tab() {
    bool grandparent;
    byte token;
    do
    :: atomic { newest < MOST - 1 && !dead -> token = owner_has };
       if
       :: atomic { rotated[token] != LONG_AGO -> use(OWNER, token) }
       :: atomic { rotated[token] == LONG_AGO -> skip }
       :: skip   // rolled back
       fi
    :: break
    od
}

// Steals a token in a client's hands, and uses what it has.
active proctype Thief() {
    bool grandparent;
    byte token;
    do
    :: atomic { thief_has[owner_has] = true }
    :: atomic {
           newest < MOST - 1;
           select(token : 0 .. 3);
           if
           :: thief_has[token] && token <= newest && !dead -> use(THIEF, token)
           :: else
           fi
       }
    :: break
    od
}

active proctype Time() {
    byte token;
    do
    :: atomic {
           select(token : 0 .. 3);
           // Older ones were rotated earlier.
           if
           :: rotated[token] == IN_GRACE && (token == 0 || rotated[token - 1] == LONG_AGO) ->
              rotated[token] = LONG_AGO
           :: else
           fi
       }
    :: break
    od
}

// Always: one token of the family can be rotated, every other one has one successor, and a reuse
// was answered by the end of the family in the transaction that saw it.
active proctype Watcher() {
    byte token;
    atomic {
        token = 0;
        do
        :: token < MOST ->
           assert(token >= newest || rotated[token] != NEVER);
           assert(token < newest || rotated[token] == NEVER);
           token++
        :: else -> break
        od;
        assert(!reuse_seen || dead);
        assert(!second_branch);
        assert(!late_given);
        assert(!killed_without_cause)
    }
}
