"""The table of one run over HTTP."""

import product
from section import head, number, ratio, table

COMMAND = "make bench"
ROUTES = {"healthz": f"`GET {product.HEALTHZ}`", "list": f"`GET {product.LIST}`", "create": f"`POST {product.ENTRIES_PATH}`"}
OURS = ("PostgreSQL", "SQLite")
OTHERS = ("fastify", "fastapi", "django")
LIMIT = {"healthz": "nginx", "list": "pgbench", "create": "pgbench"}


def speed(results):
    heads = ["route", "on", "requests/s", "p50 / p99 ms", "failed", "of the limit", *(f"× {name}" for name in OTHERS)]
    rows = []
    for what, route in ROUTES.items():
        for who in OURS:
            ours = results.median(who, what, "rps")
            if ours is None:
                continue
            limit = results.median(LIMIT[what], what, "rps")
            times = f"{number(results.median(who, what, 'p50'), '.1f')} / {number(results.median(who, what, 'p99'), '.1f')}"
            failed = sum(row.get("bad", 0) for row in results.rows if (row["who"], row["what"]) == (who, what))
            rows.append([route, who, number(ours), times, failed, ratio(ours, limit),
                         *(ratio(ours, results.median(name, what, "rps")) for name in OTHERS)])
    return table(heads, rows)


def beside(results):
    heads = ["beside it", "healthz /s", "list /s", "create /s", "start ms", "MiB idle", "MiB loaded"]
    rows = []
    for name in ("nginx", "pgbench", *OTHERS):
        if any(row["who"] == name for row in results.rows):
            rows.append([name, *(number(results.median(name, what, "rps")) for what in ROUTES),
                         number(results.median(name, "start", "cold_ms")), number(results.median(name, "start", "idle")),
                         number(results.largest(name, "rss"))])
    return table(heads, rows)


def size(results):
    heads = ["on", "start ms, existing database", "start ms, empty", "MiB idle", "MiB loaded"]
    rows = [[who, number(results.median(who, "start", "cold_ms")), number(results.median(who, "start empty", "cold_ms")),
             number(results.median(who, "idle", "rss"), ".1f"), number(results.largest(who, "rss"), ".1f")]
            for who in OURS if results.median(who, "start", "cold_ms") is not None]
    return table(heads, rows)


def section(results, rounds, seconds, command):
    disturbed, measured = results.disturbed()
    return f"""## HTTP

{head(COMMAND)}
Medians of {rounds} interleaved rounds of {seconds} s: wrk with 2 threads and 64 connections, on the same machine as the server and its database. {product.ENTRIES:,} entries of {product.USERS:,} users in {product.TENANTS} tenants, whose access tokens are sent in turn; sign-in, tenant fences, rate limits (raised), metrics and logging are on; commits are durable. PostgreSQL: `{command}`; SQLite: `up`, where the jobs of what is created run in the same process meanwhile. {disturbed} of {measured} figures were taken while others used more than a quarter of the machine.

{speed(results)}

The limit of healthz is nginx with one worker that gives the same headers and body; that of list and create is pgbench with 32 connections running, as the same role, the very statements that one such request makes (taken from the server's log), each with its own commit.

{size(results)}

{beside(results)}
"""
