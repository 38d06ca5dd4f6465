#!/usr/bin/env python3
"""Whether the engine keeps its speed while an old transaction is open: churn.py [--minutes 20]

The table replaces the one in docs/benchmarks.md. Run it by `make bench-jobs-churn`. Exits 1 when less than 90 % of the
throughput is left.
"""

import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "backend/bench"))

import measure
import section
from section import head, number, ratio, table

COMMAND = "make bench-jobs-churn"
LEAST = 0.9


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20, help="with the old transaction; a tenth of it without")
    parser.add_argument("--program", default=ROOT / "build/release/backend/jobs-churn")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    return parser.parse_args()


def text_of(seen, minutes):
    heads = ["", "jobs/s at 70 % load", "as fast as it goes"]
    rows = [["free", number(seen["free"]), number(seen["free_capacity"])],
            ["old transaction", number(seen["pinned"]), number(seen["pinned_capacity"])],
            ["ratio (≥ 0.9)", ratio(seen["pinned"], seen["free"]), ratio(seen["pinned_capacity"], seen["free_capacity"])]]
    return f"""## Jobs beside an old transaction

{head(COMMAND)}
One of three jobs fails once and is tried again, so that its row lives twice as often. {number(seen["asked"])} jobs a second are asked for: {minutes / 10:g} minutes without, then {minutes:g} minutes with a transaction (REPEATABLE READ) that was opened before and keeps PostgreSQL from removing what is dead; the figures are of the last {minutes / 10:g} minutes of each. At the end {number(seen["dead"])} rows of `job_hot` were dead, and {number(seen["left"])} jobs waited.

{table(heads, rows)}
"""


def main():
    arguments = parse_arguments()
    measure.begin_with_postgres(arguments.program, COMMAND)
    measure.wait_for_quiet()
    pinned = round(60 * arguments.minutes)
    seen = measure.figures_of(arguments.program, max(1, pinned // 10), pinned)
    text = text_of(seen, arguments.minutes)
    if not arguments.no_write:
        section.write(ROOT / "docs/benchmarks.md", COMMAND, text)
    print(f"\n{text}")
    return 0 if seen["pinned"] >= LEAST * seen["free"] else 1


if __name__ == "__main__":
    sys.exit(main())
