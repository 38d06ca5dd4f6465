#!/usr/bin/env python3
"""How fast the job engine is, beside what PostgreSQL allows and beside other queues: bench.py [options]

Everything is measured in one run, in interleaved rounds; each measurement works on a database of its own.
The table replaces the one in docs/benchmarks.md. Run it by `make bench-jobs`.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "backend/bench"))

import measure
import peers
import pgbench
import report
import section

CALLERS = 8
# Of the one user whose jobs are enqueued one by one; see subject.cpp.
TENANT, USER = 10_000_000, 20_000_000


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=100_000, help="in a queue that is drained")
    parser.add_argument("--seconds", type=int, default=4, help="of enqueueing one by one")
    parser.add_argument("--program", default=ROOT / "build/release/backend/jobs-bench")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    return parser.parse_args()


class Bench:
    def __init__(self, arguments, scratch):
        self.arguments, self.scratch = arguments, scratch
        self.results = measure.Results()
        self.postgres = pgbench.Postgres(os.environ["TEST_DATABASE_URL"], os.environ["TEST_DATABASE_SOCKET"])

    def add(self, who, what, *words):
        busy = measure.wait_for_quiet()
        self.results.add(who, what, busy=busy, **measure.figures_of(self.arguments.program, *words))

    def drain(self, who, what, claimers, tenants=1, work="nothing", share=1):
        self.add(who, what, "drain", who.lower(), self.arguments.jobs // share, claimers, 1_000, tenants, work)

    def enqueue_singly(self):
        """Our callers first, and then pgbench on the same database with the statements that one call was seen to make."""
        busy = measure.wait_for_quiet()
        command = [self.arguments.program, "single", "postgres", str(self.arguments.seconds), str(CALLERS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/") as process:
            told = json.loads(process.stdout.readline())
            self.results.add("PostgreSQL", "single", single=told["single"], busy=busy)

            def once():
                print(file=process.stdin, flush=True)
                process.stdout.readline()
            role, statements = pgbench.transaction_with(self.postgres.listen(once), r"insert\s+into\s+job\b")
            script = self.scratch / "enqueue.sql"
            script.write_text(pgbench.as_pgbench(statements, USER, TENANT, 1, USER, str(TENANT), USER * 1_000))
            busy = measure.wait_for_quiet()
            database = told["url"].rsplit("/", 1)[1]
            figures = self.postgres.pgbench(script, database, role, self.arguments.seconds, CALLERS, self.scratch)
            self.results.add("pgbench", "single", single=figures["rps"], busy=busy)
            process.stdin.close()

    def measure_engine(self):
        self.drain("PostgreSQL", "drain", claimers=2)
        self.drain("PostgreSQL", "drain, 50 tenants", claimers=2, tenants=50)
        self.drain("PostgreSQL", "drain, sealed", claimers=2, work="sealed")
        self.drain("PostgreSQL", "drain, a write each", claimers=2, work="write", share=5)
        self.enqueue_singly()
        self.add("PostgreSQL", "latency", "latency", "postgres", 200, 20)
        self.drain("SQLite", "drain", claimers=1)
        self.drain("SQLite", "drain, sealed", claimers=1, work="sealed")
        self.drain("SQLite", "drain, a write each", claimers=1, work="write", share=5)
        self.add("SQLite", "single", "single", "sqlite", self.arguments.seconds, CALLERS)
        self.add("SQLite", "latency", "latency", "sqlite", 200, 20)

    def run(self):
        others = peers.Peers(os.environ.get("PEERS"), self.scratch)
        if others.here():
            print("Installing what the peers need", flush=True)
            others.install()
        for number in range(1, self.arguments.rounds + 1):
            print(f"\nRound {number} of {self.arguments.rounds}", flush=True)
            self.measure_engine()
            if others.here():
                others.run_round(self.arguments.jobs, self.results)
        return self.results


def main():
    arguments = parse_arguments()
    measure.begin_with_postgres(arguments.program, report.COMMAND)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-bench."))
    try:
        results = Bench(arguments, scratch).run()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    text = report.section(results, arguments)
    if not arguments.no_write:
        section.write(ROOT / "docs/benchmarks.md", report.COMMAND, text)
    print(f"\n{text}\n{report.drain_ratio(results)}")


if __name__ == "__main__":
    main()
