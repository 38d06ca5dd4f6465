#!/usr/bin/env python3
"""Lets sqlmap and wapiti loose on the program, signed in, on every operation of its document, on both databases.

    tools/with-postgres python3 -B backend/tests/scanners/scan.py PROGRAM [--only sqlmap|wapiti] [--seconds 600] [--no-write]

First each scanner has to find the mistakes of a server that is made of them (flawed.py), by the same words, and none where
there is none. Then each goes through every operation, every field of which is filled with what is there (operations.py); an
operation that it did not try each field of, or a request that the program did not count, fails the run, as does whatever is
found, and any answer of 500. What came of it is written to docs/benchmarks.md.
"""

import argparse
import collections
import concurrent.futures
import csv
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path += [str(HERE.parent / "matrix"), str(ROOT / "backend/bench")]

import flawed
import section
from operations import Operations
from program import Postgres, Sqlite
from website import Site

COMMAND = "make nightly-scan"
# Fewer requests with something else in a field than this, and it was not tried.
LEAST = {"sqlmap": 20, "wapiti": 10}


class Sqlmap:
    """Some at once, each with some of the addresses: it asks one thing after the other, and some answers wait."""

    name, at_once = "sqlmap", 3
    words = ["sqlmap", "--batch", "--level", "2", "--risk", "2", "--skip-waf", "--ignore-code", "*", "--keep-alive", "--timeout", "20",
             "--retries", "1", "--time-sec", "3", "--disable-coloring", "--answers", "skip further=N,keep testing=Y,those kind of cases=N"]

    def __init__(self, site, folder, dialect):
        self.folder, self.commands = folder, []
        for number in range(self.at_once):
            addresses = folder / f"addresses{number}.txt"
            addresses.write_text("\n".join(site.addresses()[number::self.at_once]) + "\n")
            self.commands.append([*self.words, "--dbms", dialect, "-m", addresses, "--output-dir", folder / str(number),
                                  "--results-file", folder / f"results{number}.csv"])

    def findings(self):
        """(address, what of it)"""
        for file in self.folder.glob("results*.csv"):
            for row in csv.DictReader(file.read_text().splitlines()):
                # What it takes back itself.
                if "false positive" not in row["Note(s)"]:
                    yield row["Target URL"], f"{row['Parameter']} by {row['Technique(s)']}"


class Wapiti:
    name = "wapiti"
    # Those that attack fields; others look at the page of links instead of what is behind it, or need the open network.
    modules = "blindsql,crlf,exec,file,permanentxss,redirect,shellshock,sql,xss"

    def __init__(self, site, folder, dialect):
        self.report = folder / "report.json"
        self.commands = [["wapiti", "-u", site.address + "/", "-d", "1", "--max-links-per-page", "10000", "-m", self.modules, "-S", "insane",
                          "-t", "20", "-f", "json", "-o", self.report, "--store-session", folder, "--flush-session", "--no-bugreport"]]

    def findings(self):
        said = json.loads(self.report.read_text())
        for kind, cases in {**said["vulnerabilities"], **said["anomalies"]}.items():
            for case in cases:
                yield case["http_request"].split()[1], f"{kind}: {case['info']}"


def run(scanner_type, site, dialect, seconds):
    """(seconds, findings, whether it came to its end)"""
    done, folder = True, pathlib.Path(tempfile.mkdtemp(prefix="afterresume-scan."))
    try:
        scanner = scanner_type(site, folder, dialect)
        begun = time.monotonic()
        with open(folder / "said.txt", "a") as said:
            running = [subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                        env={**os.environ, "HOME": str(folder)}) for words in scanner.commands]
            for process in running:
                try:
                    process.wait(max(1, begun + seconds - time.monotonic()))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    done = False
        took = time.monotonic() - begun
        try:
            found = list(scanner.findings())
        except (OSError, ValueError, KeyError) as failure:
            raise RuntimeError(f"{scanner.name} left no report:\n{(folder / 'said.txt').read_text()[-3000:]}") from failure
        return took, [(urllib.parse.urlsplit(address).path, what) for address, what in found], done
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_mistakes(scanner_type):
    """What the scanner failed to tell about the server that has them; nothing, if it can be believed."""
    server = flawed.Server()
    site = Site(server.port, [*flawed.FORMS.values(), *flawed.SOUND.values()])
    try:
        _, found, _ = run(scanner_type, site, "SQLite", 240)
    finally:
        site.close()
        server.close()
    wanted = {name: "" for name in flawed.INJECTED} if scanner_type is Sqlmap else flawed.WEAK
    place = {name: form.place for name, form in {**flawed.FORMS, **flawed.SOUND}.items()}
    missed = [f"{name} is not found" for name, what in wanted.items()
              if not any(path == place[name] and what in said for path, said in found)]
    return missed + [f"{name} is said to be wrong: {said}" for name in flawed.SOUND for path, said in found if path == place[name]]


def counted(program):
    """Requests to each operation, as the program counts them."""
    # Which has closed the connection meanwhile.
    program.connection = None
    rows = re.findall(r"^api_requests_total\{(.*)\} (\S+)$", program.call("GET", "/metrics").text, re.M)
    labels = [dict(re.findall(r'(\w+)="([^"]*)"', said)) for said, _ in rows]
    return {f"{row['method']} {row['endpoint']}": float(value) for row, (_, value) in zip(labels, rows)}


def scan(scanner_type, seconds, world, forms, dialect):
    """A row of the report, and what is wrong."""
    site = Site(world.program.port, forms)
    before, log = counted(world.program), world.written.stat().st_size
    try:
        took, found, done = run(scanner_type, site, dialect, seconds)
    finally:
        site.close()
    after = counted(world.program)
    wrong = [f"{path}: {what}" for path, what in found] + ([] if done else [f"it was not done after {seconds} s"])
    came = collections.Counter()
    for form in forms:
        came[form.operation] += sum(site.statuses[form.place].values())
        wrong += [f"{form.place}: {name} was tried {tried} times" for name in form.fields
                  if (tried := site.tried[form.place, name]) < LEAST[scanner_type.name]]
        failed = [status for status in site.statuses[form.place] if not isinstance(status, int) or status >= 500]
        wrong += [f"{form.place}: answers {status}" for status in failed]
    for operation, requests in came.items():
        if after.get(operation, 0) - before.get(operation, 0) < requests:
            wrong.append(f"{operation}: {requests} requests went out, and the program counts fewer")
    statuses = collections.Counter(str(status)[0] + "xx" for counts in site.statuses.values() for status in counts.elements())
    with open(world.written) as lines:
        lines.seek(log)
        wrong += [f"the log says: {line.strip()[:300]}" for line in lines if '"level":"error"' in line.replace(" ", "")][:20]
    row = [scanner_type.name, dialect, f"{len(came)} of {len(world.described)}", sum(len(form.fields) for form in forms), f"{statuses.total():,}",
           ", ".join(f"{count:,} {kind}" for kind, count in sorted(statuses.items())), len(found), f"{took:.0f}"]
    return row, wrong


def prepared(store_type):
    world = type(f"On{store_type.__name__}", (Operations,), {"store_type": store_type})
    world.setUpClass()
    forms = world.forms()
    random.Random(1).shuffle(forms)
    return world, forms


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--only", choices=["sqlmap", "wapiti"])
    parser.add_argument("--seconds", type=int, default=2400, help="for each scanner; one that is not done by then fails the run")
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    os.environ["AFTERRESUME"] = str(arguments.program.resolve())
    scanners = [one for one in (Sqlmap, Wapiti) if arguments.only in (None, one.name)]
    rows, wrong, worlds = [], [], []
    with concurrent.futures.ThreadPoolExecutor(2) as side_by_side:
        for scanner, missed in zip(scanners, side_by_side.map(find_mistakes, scanners)):
            wrong += [f"{scanner.name} cannot be believed: {what}" for what in missed]
        if not wrong:
            try:
                for store_type, dialect in ((Sqlite, "SQLite"), (Postgres, "PostgreSQL")):
                    worlds.append((*prepared(store_type), dialect))
                for scanner in scanners:
                    for row, faults in side_by_side.map(lambda one: scan(scanner, arguments.seconds, *one), worlds):
                        rows.append(row)
                        wrong += [f"{row[0]} on {row[1]}: {fault}" for fault in faults]
                        print(" ".join(map(str, row)), flush=True)
            finally:
                for world, *_ in worlds:
                    world.doClassCleanups()
    print("\n".join(wrong) if wrong else "nothing was found", flush=True)
    if rows and not wrong and not arguments.no_write and not arguments.only:
        section.write(ROOT / "docs/benchmarks.md", COMMAND, written(rows))
    return 1 if wrong else 0


def written(rows):
    heads = ["scanner", "database", "operations", "fields", "requests", "answers", "findings", "s"]
    return f"""## Scanned

{section.head(COMMAND)}
Signed in as an owner or an operator, every parameter of path, query, body and form, and some headers, filled with what is there. The same words found all {len(flawed.FORMS)} mistakes of a server made of them, each by the scanner that looks for it, and none where there is none.

{section.table(heads, rows)}
"""


if __name__ == "__main__":
    sys.exit(main())
