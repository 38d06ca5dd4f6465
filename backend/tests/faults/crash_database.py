#!/usr/bin/env python3
"""Crashes PostgreSQL while a log is imported, and looks for what was lost or doubled.

    crash_database.py PROGRAM --server postgres://… [--crashes 10] [--entries 3000] [--seed 1]

A crash is kill -9 of one of the server's processes: PostgreSQL then ends all of them and recovers from its log.
The server has to keep what it acknowledges (tools/with-postgres --durable) and to run on this machine as a user
that may be signalled. The program is never restarted: it has to refuse with 503 meanwhile and to come back by
itself. Then everything has to hold that kill_during_import.py asks for, and what `jobs check` looks for (I1 to I7, I9 to
I11, I13).
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from kill_during_import import Program, entries, faults_of, make_database, wait_until_settled


def crash(url, chance):
    """Kills one of the processes that serve the database, and gives the time when the server answers again."""
    asked = ["psql", "-X", "-At", "-d", url, "-c",
             "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"]
    pids = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    os.kill(int(chance.choice(pids)), signal.SIGKILL)
    while subprocess.run(asked, capture_output=True).returncode:
        time.sleep(0.02)
    return time.monotonic()


class Importer:
    """Sends entries in pieces, each again until it is acknowledged; keeps the ids, when, and every answer but 200."""

    def __init__(self, program, waiting, chance):
        self.program, self.waiting, self.chance = program, waiting, chance
        self.acknowledged, self.refusals, self.times = {}, {}, []

    def send(self, piece):
        try:
            return self.program.call("POST", "/api/worklogs/bulk/", {"items": piece})
        except OSError as error:
            return type(error).__name__, None

    def run(self):
        while self.waiting:
            piece = self.waiting[:self.chance.randint(1, 40)]
            status, body = self.send(piece)
            if status != 200 or any(item["status"] not in (200, 201) for item in body["items"]):
                self.refusals[status] = self.refusals.get(status, 0) + 1
                time.sleep(0.02)
                continue
            self.times.append(time.monotonic())
            self.acknowledged |= {draft["external_id"]: item["id"] for draft, item in zip(piece, body["items"])}
            del self.waiting[:len(piece)]


def check_jobs(program):
    checked = subprocess.run([program.binary, "jobs", "check"], env=program.environment, capture_output=True, text=True)
    return [] if checked.returncode == 0 else [f"jobs check: {line}" for line in (checked.stdout + checked.stderr).splitlines()]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--server", required=True)
    options.add_argument("--crashes", type=int, default=10)
    options.add_argument("--entries", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    chance = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-faults-"))
    url = make_database(options.server)
    program = Program(str(pathlib.Path(options.program).resolve()), folder, url)
    program.start()
    importer = Importer(program, list(entries(options.entries, chance)), chance)
    began = time.monotonic()
    work = threading.Thread(target=importer.run)
    work.start()
    back = []
    while work.is_alive() and len(back) < options.crashes:
        time.sleep(chance.uniform(0.3, 1.5))
        back.append(crash(url, chance))
    work.join()
    waits = [min((time for time in importer.times if time > ready), default=ready) - ready for ready in back]
    wait_until_settled(program)
    found = faults_of(program, importer.acknowledged) + check_jobs(program)
    found += [f"{count} answers were {status}" for status, count in importer.refusals.items() if status != 503]
    if program.process.poll() is not None:
        found.append("the program ended")
    code = program.stop()
    if code != 0:
        found.append(f"the program ended with {code} when asked to stop")
    for fault in found[:20]:
        print("FAULT", fault)
    print(f"{len(back)} crashes, {len(importer.acknowledged)} entries acknowledged, {importer.refusals.get(503, 0)} requests refused "
          f"and sent again, back at most {max(waits, default=0):.2f} s after the server, {len(found)} faults, "
          f"{time.monotonic() - began:.0f} s (seed {options.seed})")
    if found:
        print(f"kept for a look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
