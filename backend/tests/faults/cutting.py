"""Processes that live and cannot reach their database, or stand still, or are wrong about the time, beside one that is well."""

import signal
import time

from engine import UNDISTURBED
from proxy import Proxy

LEASE = 2.0
CALLS = ["--stay", "--call-ms", 100]
SHORT = ["--lease-ms", int(1_000 * LEASE)]


def enqueue(engine, count=60):
    engine.enqueue("fault.effect", count)
    engine.enqueue("fault.value", count)


def is_back(engine, life, since):
    """Whether the process does work again without anybody's help."""
    enqueue(engine)
    return engine.wait_for(lambda: any(float(call.time) > since for call in life.calls("kept")), 30)


def calls_past_its_trust(life, since, until):
    late = [call for call in life.calls() if since + LEASE < float(call.time) < until]
    return [f"a process that had lost its lease began a call: {call}" for call in late]


def hold(seconds):
    def act(proxy, life):
        begun = time.time()
        proxy.hold()
        time.sleep(seconds)
        late = calls_past_its_trust(life, begun, time.time())
        proxy.let_go()
        return late
    return act


def reset(proxy, _):
    proxy.reset()
    return []


def delay(proxy, _):
    proxy.delay = 0.02
    time.sleep(LEASE)
    proxy.delay = 0
    return []


def lose_commits(proxy, life):
    before = proxy.lost_commits
    proxy.lose_next_commit()
    seen = life.engine.wait_for(lambda: proxy.lost_commits > before, 10)
    proxy.reset()
    return [] if seen else ["no commit was lost"]


# What is done, and whether a call that is under way meanwhile may have to be made again.
CUTS = {"short partition": (hold(0.3 * LEASE), 1), "partition": (hold(2 * LEASE), 1), "reset": (reset, 1),
        "delay": (delay, 0), "lost commit": (lose_commits, 1)}


def cut_off(make_engine, rounds, chance):
    """I1, I3, I7, I12: behind a proxy that partitions, resets, delays, and loses the answers to commits."""
    engine = make_engine()
    proxy = Proxy(engine.url)
    cut = engine.start(*CALLS, *SHORT, url=proxy.url)
    engine.start(*CALLS, "--lease-ms", UNDISTURBED)
    found = []
    for name in chance.sample(list(CUTS) * rounds, rounds * len(CUTS)):
        act, disturbs = CUTS[name]
        enqueue(engine)
        calls = len(cut.calls())
        engine.wait_for(lambda: len(cut.calls()) > calls + cut.concurrency)
        cut.disturbances += disturbs
        found += [f"{name}: {fault}" for fault in act(proxy, cut)]
        if not is_back(engine, cut, time.time()):
            found.append(f"{name}: the process did not come back")
    found += engine.settle() + engine.faults() + engine.calls_of_kept_steps()
    figures = f"{rounds * len(CUTS)} cuts, {proxy.lost_commits} commits unknown, {sum(engine.called_again().values())} calls repeated"
    proxy.close()
    engine.close(keep=bool(found))
    return found, figures


def stop_within_a_call(engine, process, earlier):
    """Stops it while one of its calls, the earlier ones left out, is under way; False when there is none any more."""
    def steps(calls):
        return {(call.job, call.step) for call in calls}
    process.send(signal.SIGSTOP)
    while not steps(process.calls()[earlier:]) - steps(process.calls("kept")):
        process.process.send_signal(signal.SIGCONT)
        calls = len(process.calls())
        if not engine.wait_for(lambda: len(process.calls()) > calls):
            return False
        process.process.send_signal(signal.SIGSTOP)
    return True


def stand_still(make_engine, rounds, _, seconds):
    """I1, I3, I12: SIGSTOP past the lease, then SIGCONT: another has done the work, and the process writes nothing of it."""
    engine = make_engine()
    found = []
    stopped = engine.start(*CALLS, *SHORT)
    engine.start(*CALLS, "--lease-ms", UNDISTURBED)
    for _ in range(rounds):
        enqueue(engine)
        calls = len(stopped.calls())
        engine.wait_for(lambda: len(stopped.calls()) > calls + stopped.concurrency)
        if not stop_within_a_call(engine, stopped, calls):
            found.append("the process was stopped outside of every call")
        time.sleep(seconds)
        stopped.process.send_signal(signal.SIGCONT)
        if not is_back(engine, stopped, time.time()):
            found.append("the process did not come back")
    found += engine.settle() + engine.faults() + engine.calls_of_kept_steps()
    again = sum(engine.called_again().values())
    if again == 0:
        found.append("no call was repeated, so nobody took the work over")
    engine.close(keep=bool(found))
    return found, f"{rounds} pauses of {seconds:g} s, {again} calls repeated"


def jump(make_engine, rounds, chance):
    """I1 to I4: nodes whose clocks differ by seconds, and jump forth and back under load; only the database's counts."""
    engine = make_engine()
    found = []
    for _ in range(rounds):
        enqueue(engine)
        nodes = [engine.start(*CALLS, *SHORT, "--clock-ms", clock) for clock in ((3_000, -3_000) if engine.server else (0,))]
        for by in chance.sample((signal.SIGUSR1, signal.SIGUSR2) * 2, 4):
            calls = len(engine.calls())
            engine.wait_for(lambda: len(engine.calls()) > calls + 8)
            nodes[0].send(by)
        nodes[0].kill()
        enqueue(engine)
        for node in nodes[1:]:
            node.process.send_signal(signal.SIGTERM)
            node.wait()
            node.disturbances += 1
    found += engine.finish() + engine.faults()
    again = sum(engine.called_again().values())
    engine.close(keep=bool(found))
    return found, f"{4 * rounds} jumps of 5 s, {again} calls repeated"
