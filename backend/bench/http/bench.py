#!/usr/bin/env python3
"""Speed and memory over HTTP, beside what the machine allows and beside other programs: bench.py [options]

Everything is measured in one run, in interleaved rounds; each round works on a fresh copy of the seeded
database. The table replaces the one in docs/benchmarks.md. Run it by `make bench`.
"""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "backend/bench"))

import measure
import nginx
import peers
import pgbench
import product
import report
import section

REQUESTS = pathlib.Path(__file__).with_name("requests.lua")
CLIENTS = 32


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6, help="of each measurement")
    parser.add_argument("--program", default=ROOT / "build/afterresume")
    parser.add_argument("--only", choices=["sqlite", "postgres"], help="one database, and no peers")
    parser.add_argument("--command", default="serve", help="of the program on PostgreSQL; on SQLite it is `up`")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    return parser.parse_args()


class Bench:
    def __init__(self, arguments, scratch):
        self.arguments, self.scratch = arguments, scratch
        self.results = measure.Results()
        self.postgres = pgbench.Postgres(os.environ["TEST_DATABASE_URL"], os.environ["TEST_DATABASE_SOCKET"])
        self.tokens = scratch / "tokens"
        self.scripts = {}
        places = [product.OnSqlite(arguments.program, scratch / "sqlite")] if arguments.only != "postgres" else []
        if arguments.only != "sqlite":
            places.append(product.OnPostgres(arguments.program, scratch / "postgres", self.postgres, arguments.command))
        self.places = places

    def load(self, who, what, port, path, script=None, words=()):
        busy = measure.wait_for_quiet()
        figures = measure.wrk(port, path, self.arguments.seconds, script, words)
        self.results.add(who, what, busy=busy, **figures)
        return figures

    def measure_product(self, place):
        running = place.empty()
        busy = measure.wait_for_quiet()
        self.results.add(place.name, "start empty", cold_ms=running.start(), busy=busy)
        running.stop()
        running = place.fresh()
        busy = measure.wait_for_quiet()
        self.results.add(place.name, "start", cold_ms=running.start(), busy=busy)
        running.write_tokens(self.tokens)
        measure.wait_for_quiet()
        self.results.add(place.name, "idle", rss=running.rss())
        self.load(place.name, "healthz", running.port, product.HEALTHZ)
        self.load(place.name, "list", running.port, product.LIST, REQUESTS, ("GET", self.tokens))
        self.results.add(place.name, "loaded", rss=running.rss())
        self.load(place.name, "create", running.port, product.ENTRIES_PATH, REQUESTS, ("POST", self.tokens))
        self.results.add(place.name, "loaded", rss=running.rss())
        running.stop()

    def capture(self, place):
        """Writes down as pgbench scripts what PostgreSQL is asked for by one list and by one create."""
        user = 4_321
        user_id, tenant_id = product.FIRST_USER + user, product.FIRST_TENANT + user % product.TENANTS
        running = place.fresh()
        running.start()
        token = running.token(user)
        acts = {
            "list": (r"\bfrom\s+worklog\b", lambda: running.call("GET", product.LIST, None, token)),
            "create": (r"insert\s+into\s+worklog\b",
                       lambda: running.call("POST", product.ENTRIES_PATH, {"content": product.CONTENT.format(g=0), "tags": ["api"]}, token)),
        }
        for what, (needle, act) in acts.items():
            act()
            role, statements = pgbench.transaction_with(self.postgres.listen(act), needle)
            script = self.scratch / f"{what}.sql"
            script.write_text(pgbench.as_pgbench(
                statements, user_id, tenant_id, product.USERS, product.FIRST_USER,
                f"{product.FIRST_TENANT} + (:user - {product.FIRST_USER}) % {product.TENANTS}", product.FRESH_FROM))
            self.scripts[what] = role, script
            print(f"\n{what}, as {role}:\n{script.read_text()}")
        running.stop()

    def measure_limits(self):
        running = self.places[0].empty()
        running.start()
        server, port = nginx.start(self.scratch / "nginx", measure.request(running.port, product.HEALTHZ))
        running.stop()
        self.load("nginx", "healthz", port, "/")
        measure.stop(server)
        if not self.scripts:
            return
        self.places[-1].fresh()
        for what, (role, script) in self.scripts.items():
            busy = measure.wait_for_quiet()
            figures = self.postgres.pgbench(script, "bench", role, self.arguments.seconds, CLIENTS, self.scratch)
            self.results.add("pgbench", what, busy=busy, **figures)

    def run(self):
        others = peers.Peers(os.environ.get("PEERS"), self.scratch)
        with_peers = others.here() and not self.arguments.only
        if with_peers:
            print("Installing what the peers need", flush=True)
            others.install()
        for place in self.places:
            print(f"Seeding {product.ENTRIES:,} entries on {place.name}", flush=True)
            place.seed()
            if place.name == "PostgreSQL":
                self.capture(place)
        for number in range(1, self.arguments.rounds + 1):
            print(f"\nRound {number} of {self.arguments.rounds}", flush=True)
            for place in self.places:
                self.measure_product(place)
            self.measure_limits()
            if with_peers:
                others.run_round(self.arguments.seconds, self.results)
        return self.results


def main():
    arguments = parse_arguments()
    measure.begin_with_postgres(arguments.program, "make build")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-bench."))
    try:
        results = Bench(arguments, scratch).run()
    finally:
        measure.stop_all()
        shutil.rmtree(scratch, ignore_errors=True)
    text = report.section(results, arguments.rounds, arguments.seconds, arguments.command)
    print(f"\n{text}")
    if not arguments.no_write and not arguments.only:
        section.write(ROOT / "docs/benchmarks.md", report.COMMAND, text)


if __name__ == "__main__":
    main()
