#!/usr/bin/env python3
"""Kills the program at random moments while a log is imported, and looks for what was lost or doubled.

    kill_during_import.py PROGRAM [--kills 50] [--entries 1200] [--server postgres://…] [--seed 1]

Runs on SQLite, or on a database of its own that it makes on the given PostgreSQL server.

Every entry that was acknowledged must be there once; every job must end in success; no skill, passage or résumé may
stand twice. Exits 0 when all of it holds.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

EMAIL, PASSWORD = "faults@example.com", "a long night of outages"
VERBS = ["Cut", "Fixed", "Built", "Moved", "Documented", "Reviewed"]
THINGS = ["the checkout API in Go", "slow PostgreSQL queries", "the Docker images", "a React form", "Terraform modules",
          "the Kafka consumer in Java", "Python import scripts", "the Redis cache"]


def make_database(server):
    """A fresh database on the server; gives its URL."""
    name = f"faults_{os.getpid()}"
    subprocess.run(["psql", "-X", "-q", "-d", server, "-c", f"CREATE DATABASE {name}"], check=True)
    parts = urllib.parse.urlsplit(server)
    return urllib.parse.urlunsplit(parts._replace(path="/" + name))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    def __init__(self, binary, folder, database_url):
        self.port = free_port()
        self.environment = {**os.environ, "DATA_DIR": str(folder / "data"), "PORT": str(self.port), "LOG_LEVEL": "warning",
                            "RATE_LIMIT_USER": "100000/s:100000", "RATE_LIMIT_TENANT": "100000/s:100000",
                            "RATE_LIMIT_LOGIN": "1000/s:1000", "ADMIN_EMAIL": EMAIL, "ADMIN_PASSWORD": PASSWORD}
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.binary = binary
        self.log = open(folder / "program.log", "ab")
        self.process = None
        subprocess.run([binary, "bootstrap"], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self):
        self.process = subprocess.Popen([self.binary, "up"], env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(1000):
            try:
                if self.call("GET", "/api/healthz/", signed=False)[0] == 200:
                    break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the program ended by itself; see its log")
                time.sleep(0.01)
        status, body = self.call("POST", "/api/auth/login/", {"email": EMAIL, "password": PASSWORD}, signed=False)
        assert status == 200, body
        self.token = body["access_token"]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)

    def call(self, method, path, body=None, signed=True):
        headers = {"Content-Type": "application/json"}
        if signed:
            headers["Authorization"] = "Bearer " + self.token
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as problem:
            return problem.code, json.loads(problem.read() or b"null")

    def all(self, path):
        items, cursor = [], ""
        while cursor is not None:
            status, page = self.call("GET", f"{path}{'&' if '?' in path else '?'}page_size=100{cursor}")
            assert status == 200, page
            items += page["items"]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return items


def entries(count, chance):
    for number in range(count):
        yield {"content": f"{chance.choice(VERBS)} {chance.choice(THINGS)}, case {number}", "external_id": f"e{number}",
               "source": "import", "occurred_on": f"2025-{1 + number % 12:02}-{1 + number % 28:02}"}


def import_until_killed(program, waiting, acknowledged, chance):
    """Sends what is waiting in pieces until an answer fails to come; keeps the ids that were answered."""
    while waiting:
        piece = waiting[:chance.randint(1, 40)]
        try:
            status, body = program.call("POST", "/api/worklogs/bulk/", {"items": piece})
        except (OSError, ValueError, ConnectionError):
            return
        assert status == 200, body
        for draft, item in zip(piece, body["items"]):
            assert item["status"] in (200, 201), item
            acknowledged[draft["external_id"]] = item["id"]
        del waiting[:len(piece)]


def wait_until_settled(program, seconds=600):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(program.call("GET", f"/api/jobs/?page_size=1&status={state}")[1]["items"] for state in ("queued", "running")):
            return
        time.sleep(0.2)
    raise SystemExit("jobs did not end")


def doubled(things):
    seen, twice = set(), []
    for thing in things:
        if thing in seen:
            twice.append(thing)
        seen.add(thing)
    return twice


def faults_of(program, acknowledged):
    found = []
    listed = program.all("/api/worklogs/")
    ids = {entry["external_id"]: entry["id"] for entry in listed}
    found += [f"entry {name} was acknowledged and is gone" for name, id in acknowledged.items() if ids.get(name) != id]
    found += [f"entry {name} stands twice" for name in doubled(entry["external_id"] for entry in listed)]
    for state in ("failed", "cancelled"):
        found += [f"job {job['id']} of {job['type']} is {state}: {job['error']}" for job in program.all(f"/api/jobs/?status={state}")]
    skills = program.all("/api/skills/")
    found += [f"skill {slug} stands twice" for slug in doubled(skill["slug"] for skill in skills)]
    for skill in skills:
        evidence = program.all(f"/api/skills/{skill['id']}/evidence/")
        spans = [(one["entry_id"], one["field"], one["start_at"], one["end_at"]) for one in evidence]
        found += [f"a passage for {skill['slug']} stands twice: {span}" for span in doubled(spans)]
        if skill["evidence_count"] != len(evidence):
            found.append(f"{skill['slug']} counts {skill['evidence_count']} passages and has {len(evidence)}")
    versions = program.all("/api/reports/?kind=resume")
    found += [f"two résumés replace {id}" for id in doubled(one["supersedes"] for one in versions if one["supersedes"])]
    if not skills:
        found.append("no skill was found at all")
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--entries", type=int, default=1200)
    options.add_argument("--server")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    chance = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-faults-"))
    database_url = make_database(options.server) if options.server else None
    program = Program(str(pathlib.Path(options.program).resolve()), folder, database_url)
    waiting, acknowledged = list(entries(options.entries, chance)), {}
    began = time.monotonic()
    for _ in range(options.kills):
        program.start()
        timer = threading.Timer(chance.uniform(0.02, 0.6), program.kill)
        timer.start()
        import_until_killed(program, waiting, acknowledged, chance)
        timer.join()
        if not waiting:
            # Keep the program at work: later entries arrive while earlier ones are still being read.
            waiting = list(entries(options.entries + len(acknowledged), chance))[len(acknowledged):][:200]
    program.start()
    import_until_killed(program, waiting, acknowledged, chance)
    wait_until_settled(program)
    found = faults_of(program, acknowledged)
    code = program.stop()
    if code != 0:
        found.append(f"the program ended with {code} when asked to stop")
    for fault in found[:20]:
        print("FAULT", fault)
    print(f"{options.kills} kills, {len(acknowledged)} entries acknowledged, {len(found)} faults, "
          f"{time.monotonic() - began:.0f} s (seed {options.seed})")
    if found:
        print(f"kept for a look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
