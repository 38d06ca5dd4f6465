#!/usr/bin/env python3
"""What sign-in costs: a flood of it beside people who are signed in, and each request of theirs: bench.py [options]

On PostgreSQL, filled as for `make bench`. The table replaces the one in docs/benchmarks.md. Run it by `make bench-identity`.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path += [str(ROOT / "backend/bench"), str(ROOT / "backend/bench/http")]

import measure
import pgbench
import product
import section

COMMAND = "make bench-identity"
PACED = pathlib.Path(__file__).with_name("paced.lua")
REQUESTS = ROOT / "backend/bench/http/requests.lua"
# Answers at once and asks no database, with a token or without.
PLAIN = "/api/docs/"
LOGIN = "/api/auth/login/"
FLOOD, SHARE = 1_000, 0.3
# Seconds that paced.lua does not count.
WARM = 2
READERS, ATTACKERS = 32, 128


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--program", default=ROOT / "build/afterresume")
    parser.add_argument("--redis", help="REDIS_URL of the program")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    return parser.parse_args()


def quantile(times, share):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def parse_paced(text):
    """Requests a second, those that were lost, and the times in ms by status."""
    found = re.search(r"^JSON(\{.*\})$", text, re.M)
    if not found:
        raise RuntimeError(f"wrk says:\n{text}")
    said = json.loads(found.group(1))
    times = {int(status): took for status, took in said["times"].items()}
    return sum(map(len, times.values())) / said["seconds"], said["lost"], times


def paced(port, path, rate, connections, seconds, what):
    gap = connections / rate * 1000
    return subprocess.Popen(
        ["wrk", f"-t{connections}", f"-c{connections}", f"-d{seconds + WARM}s", "--timeout", "10s", "-s", PACED,
         f"http://127.0.0.1:{port}{path}", "--", f"{gap:.6f}", str(os.getpid()), str(what)], stdout=subprocess.PIPE, text=True)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    """The most MiB that were resident."""
    return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


class Bench:
    def __init__(self, arguments, scratch):
        self.arguments, self.results = arguments, measure.Results()
        self.postgres = pgbench.Postgres(os.environ["TEST_DATABASE_URL"], os.environ["TEST_DATABASE_SOCKET"])
        self.place = product.OnPostgres(arguments.program, scratch / "postgres", self.postgres, "serve")
        self.tokens = scratch / "tokens"

    def measure_reads(self, name, flooded):
        """People who read at a share of what the machine can do, with or without others who flood it with sign-ins."""
        busy = measure.wait_for_quiet()
        seconds, port = self.arguments.seconds, self.running.port
        flood = paced(port, LOGIN, FLOOD, ATTACKERS, seconds + 2, "logins") if flooded else None
        readers = paced(port, product.LIST, self.capacity * SHARE, READERS, seconds, self.tokens)
        rate, lost, times = parse_paced(readers.communicate()[0])
        good = times.pop(200, [])
        self.results.add(name, "reads", busy=busy, rps=rate, p50=quantile(good, 0.5), p99=quantile(good, 0.99),
                         bad=lost + sum(map(len, times.values())), rss=peak(self.running.process.pid))
        if flood:
            rate, lost, times = parse_paced(flood.communicate()[0])
            refused = times.pop(503, []) + times.pop(429, [])
            checked = [took for some in times.values() for took in some]
            self.results.add(name, "sign-ins", busy=busy, rps=rate, bad=lost, checked=len(checked) / (seconds + 2), p50=quantile(refused, 0.5),
                             p99=quantile(refused, 0.99), most=max(refused, default=None), slowest=max(checked, default=None))

    def measure_cost(self, name, what):
        """Processor time of the program for each request."""
        busy = measure.wait_for_quiet()
        before = cpu_seconds(self.running.process.pid)
        how = (REQUESTS, ("GET", what)) if what else ()
        figures = measure.wrk(self.running.port, PLAIN, self.arguments.seconds, *how)
        spent = cpu_seconds(self.running.process.pid) - before
        self.results.add(name, "request", busy=busy, rps=figures["rps"], bad=figures["bad"],
                         us=spent / (figures["rps"] * self.arguments.seconds) * 1e6)

    def run(self):
        print(f"Seeding {product.ENTRIES:,} entries", flush=True)
        self.place.seed()
        self.running = self.place.fresh()
        if self.arguments.redis:
            self.running.more = {"REDIS_URL": self.arguments.redis}
        self.running.start()
        self.running.write_tokens(self.tokens)
        measure.wrk(self.running.port, product.LIST, 3, REQUESTS, ("GET", self.tokens))
        self.capacity = measure.wrk(self.running.port, product.LIST, self.arguments.seconds, REQUESTS, ("GET", self.tokens))["rps"]
        self.results.add("alone", "capacity", rps=self.capacity)
        for number in range(1, self.arguments.rounds + 1):
            print(f"\nRound {number} of {self.arguments.rounds}", flush=True)
            self.measure_cost("signed in", self.tokens)
            self.measure_cost("anonymous", None)
            self.measure_reads("alone", False)
            self.measure_reads("flooded", True)
        self.running.stop()
        return self.results


def report(results, arguments):
    median, number = results.median, section.number
    calm, flooded = (median(name, "reads", "p99") for name in ("alone", "flooded"))
    people = section.table(
        ["people who are signed in", "requests/s", "p50 / p99 ms", "failed", "MiB at most"],
        [[text, number(median(name, "reads", "rps")), f"{number(median(name, 'reads', 'p50'), '.2f')} / {number(median(name, 'reads', 'p99'), '.2f')}",
          number(median(name, "reads", "bad")), number(max(row["rss"] for row in results.rows if (row["who"], row["what"]) == (name, "reads")), ".1f")]
         for name, text in (("alone", "alone"), ("flooded", "beside the flood"))])
    signed, anonymous = (median(name, "request", "us") for name in ("signed in", "anonymous"))
    disturbed, measured = results.disturbed()
    return f"""## Sign-in

{section.head(COMMAND)}
Medians of {arguments.rounds} interleaved rounds of {arguments.seconds} s on PostgreSQL, filled as for `make bench`; {disturbed} of {measured} figures were taken while others used more than a quarter of the machine.

**A flood of sign-ins.** {READERS} connections read `{product.LIST}` at {SHARE:.0%} of the {number(median('alone', 'capacity', 'rps'))} requests/s that the machine answers, with the access tokens of {product.USERS:,} people; beside them {ATTACKERS} connections send {FLOOD:,} sign-ins a second, each from another address, half of them to accounts that there are. Times of reads count from when they were due.

{people}

p99 beside the flood is {section.ratio(flooded, calm)} × of without (wanted: ≤ 1.2). Of {number(median('flooded', 'sign-ins', 'rps'))} sign-ins a second {number(median('flooded', 'sign-ins', 'checked'), '.0f')} were checked and all others refused, within {number(median('flooded', 'sign-ins', 'p50'), '.2f')} ms (p50), {number(median('flooded', 'sign-ins', 'p99'), '.2f')} ms (p99), {number(median('flooded', 'sign-ins', 'most'), '.1f')} ms (the slowest; wanted: ≤ 50).

**What a signed-in request costs** beyond an anonymous one of the same route (`{PLAIN}`, which asks no database): check of the token, version of its session, two rate limits instead of one, its scope. The program's processor time over its requests, by /proc/PID/stat: {number(signed, '.1f')} − {number(anonymous, '.1f')} = {number(signed - anonymous, '.1f')} µs (wanted: ≤ 20).
"""


def main():
    arguments = parse_arguments()
    measure.begin_with_postgres(arguments.program, "make build")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-bench."))
    try:
        results = Bench(arguments, scratch).run()
    finally:
        measure.stop_all()
        shutil.rmtree(scratch, ignore_errors=True)
    text = report(results, arguments)
    print(f"\n{text}")
    if not arguments.no_write:
        section.write(ROOT / "docs/benchmarks.md", COMMAND, text)


if __name__ == "__main__":
    main()
