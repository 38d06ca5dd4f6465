#!/usr/bin/env python3
"""Kills the leading PostgreSQL of a Patroni cluster under load, and looks for what was lost or doubled.

    fail_over.py PROGRAM [--rounds 2]

PROGRAM is fault-worker; it is given both servers and never restarted. Acknowledged commits are on both servers
(synchronous_mode), so nothing acknowledged may be lost (I4), and all that engine.py asks for has to hold. Of a batch
whose commit was not answered when the leader died, both are right: that it is there, and that it is not.
"""

import argparse
import sys
import threading
import time

from cluster import Cluster
from engine import UNDISTURBED, Engine

BATCH = 100


class Caller(threading.Thread):
    """Enqueues batch after batch; one that was not acknowledged may be there all the same."""

    def __init__(self, engine):
        # A cluster that does not come back ends the script, whatever is asked of it meanwhile.
        super().__init__(daemon=True)
        self.engine, self.unknown, self.stopped = engine, 0, threading.Event()

    def run(self):
        while not self.stopped.wait(0.5):
            before = self.engine.acknowledged
            self.engine.enqueue("fault.effect", BATCH, may_fail=True)
            if self.engine.acknowledged == before:
                self.unknown += BATCH
                self.stopped.wait(0.5)


def fail_over(engine, cluster):
    """Seconds until the other server leads, and what went wrong."""
    lives = engine.lives
    engine.wait_for(lambda: all(life.calls("kept") for life in lives))
    begun = time.time()
    leader = cluster.leader()
    leader.kill()
    for life in lives:
        life.disturbances += 1
    cluster.wait_for(lambda: cluster.leader() not in (None, leader), 120)
    led = time.time()
    back = engine.wait_for(lambda: all(any(float(call.time) > led for call in life.calls("kept")) for life in lives), 60)
    leader.start()
    cluster.wait_for(cluster.is_synchronous, 120)
    return led - begun, [] if back else ["a process did not come back by itself"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--rounds", type=int, default=2)
    options = options.parse_args()
    cluster = Cluster()
    engine = Engine(options.program, cluster.url)
    caller = Caller(engine)
    caller.start()
    found, led = [], []
    for _ in range(2):
        engine.start("--stay", "--call-ms", 100, "--lease-ms", UNDISTURBED)
    for _ in range(options.rounds):
        without_leader, faults = fail_over(engine, cluster)
        led.append(without_leader)
        found += faults
    caller.stopped.set()
    caller.join()
    found += engine.settle()
    there = engine.look()["seen"]["jobs"]
    lost = engine.acknowledged - there
    if not -caller.unknown <= lost <= 0:
        found.append(f"{engine.acknowledged} jobs were acknowledged, {there} are there, {caller.unknown} may be")
    acknowledged, engine.acknowledged = engine.acknowledged, there
    found += engine.faults()
    again = sum(engine.called_again().values())
    for fault in found[:20]:
        print("FAULT", fault)
    print(f"{options.rounds} leaders killed, {acknowledged} jobs acknowledged and {there} done, another led after at most "
          f"{max(led):.0f} s, {again} calls repeated, {len(found)} faults")
    engine.close(keep=bool(found))
    cluster.close()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
