"""The tables of one run of the job engine."""

import peers
from section import head, number, ratio, table

COMMAND = "make bench-jobs"
DRAINS = ("drain", "drain, 50 tenants", "drain, sealed", "drain, a write each")


def best_peer(results):
    """(name, jobs a second) of the peer that drained fastest; None without peers."""
    drains = [(results.median(name, "drain", "drain"), name) for name in peers.NAMES]
    known = [(rate, name) for rate, name in drains if rate is not None]
    return (max(known)[1], max(known)[0]) if known else None


def drain_ratio(results):
    best = best_peer(results)
    if not best:
        return "There is no peer to compare with: PEERS names no folder."
    ours = {what: results.median("PostgreSQL", what, "drain") for what in ("drain", "drain, a write each")}
    return (f"best peer: {best[0]}, {best[1]:,.0f} jobs/s\n"
            f"drain ratio to best peer, a tenant write per job: {ratio(ours['drain, a write each'], best[1])}\n"
            f"drain ratio to best peer: {ratio(ours['drain'], best[1])}")


def engine(results):
    heads = ["what", "PostgreSQL", "SQLite", "target"]
    best = best_peer(results)
    beside = f" ({ratio(results.median('PostgreSQL', 'drain', 'drain'), best[1])} × {best[0]})" if best else ""
    rows = []
    for what in DRAINS:
        ours = [number(results.median(who, what, "drain")) for who in ("PostgreSQL", "SQLite")]
        first = what == "drain"
        rows.append([f"{what}, jobs/s", ours[0] + (beside if first else ""), ours[1],
                     "≥ 2.5 × the best peer; SQLite ≥ 30,000" if first else ""])
    single = results.median("PostgreSQL", "single", "single")
    limit = results.median("pgbench", "single", "single")
    rows.append(["enqueued one by one, 8 callers, jobs/s", f"{number(single)} ({ratio(single, limit)} × pgbench)",
                 number(results.median("SQLite", "single", "single")), "≥ 0.9 × pgbench"])
    rows.append(["enqueued in thousands, jobs/s", *(number(results.median(who, "drain", "bulk")) for who in ("PostgreSQL", "SQLite")),
                 "≥ 200,000"])
    waits = [f"{number(results.median(who, 'latency', 'p50'), '.2f')} / {number(results.median(who, 'latency', 'p99'), '.2f')}"
             for who in ("PostgreSQL", "SQLite")]
    rows.append(["from the call to the start, p50 / p99 ms", *waits, "≤ 1.5 / ≤ 4"])
    rows.append(["log written per job, bytes", number(results.median("PostgreSQL", "drain", "wal")), "–", "≤ 3,072"])
    rows.append(["most memory of the worker, MiB", *(number(results.median(who, "drain", "rss"), ".1f") for who in ("PostgreSQL", "SQLite")),
                 "≤ 40"])
    return table(heads, rows)


def beside(results):
    heads = ["beside it", "drain /s", "one by one /s", "in bulk /s", "start p50 / p99 ms", "MiB"]
    rows = []
    for name in ("pgbench", *peers.NAMES):
        if any(row["who"] == name for row in results.rows):
            waits = f"{number(results.median(name, 'latency', 'p50'), '.1f')} / {number(results.median(name, 'latency', 'p99'), '.1f')}"
            rows.append([name, *(number(results.median(name, what, what)) for what in ("drain", "single", "bulk")), waits,
                         number(results.largest(name, "rss"))])
    return table(heads, rows)


def section(results, arguments):
    disturbed, measured = results.disturbed()
    return f"""## Jobs

{head(COMMAND)}
Medians of {arguments.rounds} interleaved rounds of {arguments.jobs:,} jobs (a fifth of them where each job writes), on the same machine as the database. Commits are durable; outcomes, results and the events of each job are kept; every write is fenced, tenants share the queue by weight, and nine weeks have partitions. What jobs are given and result in is readable, as it is beside; sealed is how the program keeps it. PostgreSQL is drained by two claimers in one process, SQLite by one, in batches of 1,000. {disturbed} of {measured} figures were taken while others used more than a quarter of the machine.

{engine(results)}

pgbench runs, with 8 connections and a commit each, the very statements that enqueueing one job makes, taken from the server's log.

{beside(results)}
"""
