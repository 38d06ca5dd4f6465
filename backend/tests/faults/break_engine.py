#!/usr/bin/env python3
"""Breaks processes of the job engine in every way there is, and looks for what was lost or doubled.

    break_engine.py PROGRAM [SCENARIO...] [--server postgres://…] [--rounds 1] [--pause 4] [--seed 1]

PROGRAM is fault-worker. Runs on SQLite, and on PostgreSQL where --server or TEST_DATABASE_URL names a server. What has to
hold is said in engine.py, and what each scenario adds to it in its first line. Exits 0 when all of it holds.
"""

import argparse
import functools
import os
import random
import sys
import time

import cutting
import killing
import restarting
from engine import Engine

ANYWHERE = {
    "kill": killing.kill_at_each_place,
    "enqueue": killing.kill_who_enqueues,
    "poison": killing.poison,
    "drain": killing.drain,
    "upgrade": killing.roll_upgrade,
    "clocks": cutting.jump,
}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("scenarios", nargs="*")
    options.add_argument("--server", default=os.environ.get("TEST_DATABASE_URL"))
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--pause", type=float, default=4, help="seconds that a process stands still")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    # Where there is a server to be cut off from, and another process to take over.
    on_a_server = {"network": cutting.cut_off, "pause": functools.partial(cutting.stand_still, seconds=options.pause),
                   "restart": restarting.restart}
    broken = 0
    for name, server in (("SQLite", None), ("PostgreSQL", options.server)):
        if name == "PostgreSQL" and not server:
            print("PostgreSQL: skipped, no server is named")
            continue
        for scenario, run in (ANYWHERE | (on_a_server if server else {})).items():
            if options.scenarios and scenario not in options.scenarios:
                continue
            begun = time.monotonic()
            found, figures = run(lambda server=server: Engine(options.program, server), options.rounds, random.Random(options.seed))
            for fault in found[:20]:
                print("FAULT", fault)
            print(f"{name}, {scenario}: {figures}, {len(found)} faults, {time.monotonic() - begun:.1f} s (seed {options.seed})",
                  flush=True)
            broken += len(found)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
