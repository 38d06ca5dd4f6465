"""Processes that die: by kill -9 at each place, by what they are given to do, by SIGTERM in the middle of their work."""

import signal

from engine import UNDISTURBED

# How many calls of a process that did one thing at a time are made once more: (at least, at most).
PLACES = {
    "claimed": (0, 0),
    "before_call": (0, 0),
    "after_call": (1, 1),
    # When its step was told to begin, or when it was called and is not yet kept, or at the effect.
    "committing_work": (0, 1),
    # After the commit, before anybody learns of it.
    "committed_work": (0, 0),
    "kept": (0, 0),
    # Outcomes and claims of several jobs, in the middle of their one transaction and after it. What else the engine
    # writes by itself may come while a call is under way.
    "committing_turn": (0, 1),
    "committed_turn": (0, 1),
}


def kill_at_each_place(make_engine, rounds, chance):
    """I3, I4, I7: a process that did one thing repeats no more than the call it died in, one that did eight no more than eight."""
    found, kills = [], 0
    for concurrency in (1, 8):
        engine = make_engine()
        killed = []
        for place in list(PLACES) * rounds:
            engine.enqueue("fault.effect", 10)
            engine.enqueue("fault.value", 10)
            passage = chance.randint(1, 12)
            life = engine.start("--concurrency", concurrency, "--kill-at", place, "--passage", passage)
            killed.append((place, life))
            if life.wait() != -signal.SIGKILL:
                found.append(f"a process did not come to {place} for the {passage}. time")
            life.disturbances = 1
        found += engine.finish()
        again = engine.called_again()
        for place, life in killed:
            least, most = PLACES[place] if concurrency == 1 else (0, concurrency)
            if not least <= again[str(life.id)] <= most:
                found.append(f"{again[str(life.id)]} calls of a process of {concurrency} that died at {place} were repeated")
        if not again:
            found.append("no call was repeated at all, so no process died in one")
        kills += len(killed)
        found += engine.faults()
        engine.close(keep=bool(found))
    return found, f"{kills} kills at {len(PLACES)} places"


def kill_who_enqueues(make_engine, rounds, _):
    """I4: a batch is there whole or not at all, and whole once it was acknowledged."""
    engine = make_engine()
    for number in range(rounds):
        for place, also_there in (("committing_work", 0), ("committed_work", 100)):
            engine.enqueue("fault.value", 1_000, "--kill-at", place, "--passage", 1 + number)
            engine.acknowledged += also_there
    found = engine.finish("--concurrency", 64) + engine.faults()
    jobs = engine.acknowledged
    engine.close(keep=bool(found))
    return found, f"{2 * rounds} kills, {jobs} jobs"


def poison(make_engine, rounds, _):
    """I5: a job that kills each of its processes is given up after so many rescues; the jobs beside it all end well."""
    found, lives = [], 0
    cap = 5
    for _ in range(rounds):
        engine = make_engine()
        engine.enqueue("fault.poison", 1)
        engine.enqueue("fault.effect", 20)
        for lives in range(1, 3 * cap):
            life = engine.start("--rescue-cap", cap, "--lease-ms", 400)
            if life.wait() == 0:
                break
            life.disturbances = 1
        if lives != cap + 2:
            found.append(f"{lives} processes were needed; {cap + 1} die, and the next gives up")
        found += engine.faults("--rescue-cap", cap, failed=1)
        if engine.look("--rescue-cap", cap)["seen"]["gave_up"] != 1:
            found.append("the job is not among those that were given up")
        engine.close(keep=bool(found))
    return found, f"given up after {lives - 1} processes"


def drain(make_engine, rounds, _):
    """SIGTERM under load: what does not end in its grace is handed back, uses no attempt (I5) and ends (I4)."""
    engine = make_engine()
    found = []
    for grace in (5_000, 50) * rounds:
        engine.enqueue("fault.effect", 40)
        life = engine.start("--call-ms", 100, "--grace-ms", grace)
        engine.wait_for(lambda: len(life.calls()) >= 10)
        before = life.disturbances
        life.send(signal.SIGTERM)
        if life.wait() != 0:
            found.append("a process that was asked to stop did not end well")
        if grace > 1_000:
            # Everything under way had the time to end.
            life.disturbances = before
    found += engine.finish() + engine.faults()
    attempts = engine.look()["seen"]["attempts"]
    if attempts != 1:
        found.append(f"a job used {attempts} attempts")
    if not engine.called_again():
        found.append("nothing was handed back in the middle of a call")
    engine.close(keep=bool(found))
    return found, f"{2 * rounds} processes, {engine.acknowledged} jobs"


def roll_upgrade(make_engine, rounds, _):
    """A build that does not know a type leaves it queued, for one that does (I4), and does the rest meanwhile."""
    found = []
    for _ in range(rounds):
        engine = make_engine()
        for _ in range(3):
            engine.enqueue("fault.value", 20)
            engine.enqueue("fault.effect", 20)
        old = engine.start("--unknown", "fault.value", "--lease-ms", UNDISTURBED)
        if not engine.wait_for(lambda: len(old.calls("kept")) == 120):
            found.append("the old build did not do what it knows")
        if engine.server:
            # It goes on beside the new one, and rescues for it.
            new = engine.start("--lease-ms", 400)
            engine.wait_for(lambda: new.calls())
            new.kill()
            if old.process.poll() is not None:
                found.append("the old build ended while jobs were queued")
        old.process.send_signal(signal.SIGTERM)
        old.wait()
        found += engine.finish() + engine.faults()
        if any(call.step == "only" for call in old.calls()):
            found.append("the old build began a job that it does not know")
        engine.close(keep=bool(found))
    return found, "60 jobs of a type that one build does not know"
