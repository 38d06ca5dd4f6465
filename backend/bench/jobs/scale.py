#!/usr/bin/env python3
"""Whether claims stay as fast when there is much, and a tenant beside a flood: scale.py [options]

The table replaces the one in docs/benchmarks.md. Fails when a bound is missed. Run it by `make bench-jobs-scale`.
"""

import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "backend/bench"))

import measure
import section
from section import head, number, ratio, table

COMMAND = "make bench-jobs-scale"
# The flood lasts long enough for some hundred jobs beside it.
FEW, MANY, HISTORY, FLOOD, A_SECOND = 10_000, 1_000_000, 5_000_000, 1_000_000, 20
MOST_SLOWER, LONGEST_WAIT = 2, 1_000


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", default=ROOT / "build/release/backend/jobs-scale")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    return parser.parse_args()


def measure_all(program, results):
    def add(who, what, *words):
        busy = measure.wait_for_quiet()
        results.add(who, what, busy=busy, **measure.figures_of(program, *words))
    for who, history in (("PostgreSQL", HISTORY), ("SQLite", 0)):
        add(who, "few", "claims", who.lower(), FEW, 0)
        add(who, "many", "claims", who.lower(), MANY, history)
        add(who, "neighbour", "neighbour", who.lower(), FLOOD, A_SECOND)


def misses(results):
    """A sentence for each bound that does not hold."""
    for who in ("PostgreSQL", "SQLite"):
        few, many, beside = (results.median(who, what, "p99") for what in ("few", "many", "neighbour"))
        if many > MOST_SLOWER * few:
            yield f"{who}: a claim among many takes {many / few:.1f} times as long as among few (p99); {MOST_SLOWER} are allowed."
        if beside >= LONGEST_WAIT:
            yield f"{who}: a job beside a flood waits for {beside:.0f} ms (p99); {LONGEST_WAIT} are allowed."


def text_of(results, rounds):
    def waits(who, what, where=""):
        return " / ".join(number(results.median(who, what, where + quantile), ".2f") for quantile in ("p50", "p99"))
    rows = []
    for who in ("PostgreSQL", "SQLite"):
        slower = ratio(results.median(who, "many", "p99"), results.median(who, "few", "p99"))
        rows.append([who, waits(who, "few"), waits(who, "many"), slower, waits(who, "few", "everywhere_"), waits(who, "many", "everywhere_"),
                     waits(who, "neighbour")])
    heads = ["p50 / p99 ms", "claim, few", "claim, many", f"p99, many : few (≤ {MOST_SLOWER})", "everywhere, few", "everywhere, many",
             f"pick-up beside a flood (≤ {LONGEST_WAIT:,})"]
    return f"""## Jobs at scale

{head(COMMAND)}
{"One round" if rounds == 1 else f"Medians of {rounds} rounds"} of 1,000 claims of one job each, with their durable commit: few are {FEW:,} queued jobs of 100 tenants, many are {MANY:,} of them and, on PostgreSQL, {HISTORY:,} ended ones of the last four weeks. A claim looks where a worker's would: now and then everywhere, mostly on from its last one. Another 1,000 look everywhere. Beside a flood: one tenant has {FLOOD:,} jobs queued, another enqueues {A_SECOND} a second until they are done.

{table(heads, rows)}
"""


def main():
    arguments = parse_arguments()
    measure.begin_with_postgres(arguments.program, COMMAND)
    results = measure.Results()
    for _ in range(arguments.rounds):
        measure_all(arguments.program, results)
    text = text_of(results, arguments.rounds)
    if not arguments.no_write:
        section.write(ROOT / "docs/benchmarks.md", COMMAND, text)
    print(f"\n{text}")
    missed = list(misses(results))
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
