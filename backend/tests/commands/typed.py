"""Commands as they are typed, each with an installation of its own."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

from program import Postgres


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Commands:
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-commands-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DATA_DIR": str(self.folder), "PORT": str(free_port()), "LOG_LEVEL": "error",
            "ADMIN_EMAIL": "ada@example.com", "ADMIN_PASSWORD": "a long night of commands", **self.settings()}
        self.ok("bootstrap")
        self.serve()

    def settings(self):
        return {}

    def serve(self):
        pass

    def run_it(self, *words):
        return subprocess.run([os.environ["AFTERRESUME"], *words], env=self.environment, capture_output=True, text=True,
                              cwd=self.folder, timeout=60)

    def ok(self, *words):
        done = self.run_it(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def json(self, *words):
        return json.loads(self.ok(*words, "--json"))

    def refused(self, *words):
        """What is said of a mistake in what was asked."""
        done = self.run_it(*words)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        return done.stderr

    def execute(self, sql):
        with contextlib.closing(sqlite3.connect(self.folder / "afterresume.db", timeout=10)) as database, database:
            database.execute(sql)

    def a_queued_job(self):
        """One that nothing takes up, because its queue is paused."""
        self.execute("UPDATE job_queue SET paused = 1")
        return self.json("log", "Moved our backups to WAL archiving.")["job_ids"][0]

    def resume_queues(self):
        self.execute("UPDATE job_queue SET paused = 0")

    def status(self, job):
        return self.json("jobs", "show", job)["status"]

    def wait_for(self, job, status):
        # A server works beside the command that asks.
        until = time.monotonic() + 30
        while self.status(job) != status and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(self.status(job), status)


class BesideAServer:
    """The same, answered by the server that runs over the same data folder."""

    def a_queued_job(self):
        # The command would wait for the job, which the queue does not let begin.
        self.execute("UPDATE job_queue SET paused = 1")
        server = json.loads((self.folder / "run.json").read_text())
        request = urllib.request.Request(
            server["address"] + "/api/worklogs/", b'{"content":"Moved our backups to WAL archiving."}',
            {"Authorization": "Bearer " + server["token"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["job_ids"][0]

    def serve(self):
        server = subprocess.Popen([os.environ["AFTERRESUME"], "up"], env=self.environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, cwd=self.folder)

        def stop():
            server.terminate()
            self.assertEqual(server.wait(30), 0)
        self.addCleanup(stop)
        until = time.monotonic() + 30
        while not (self.folder / "run.json").exists() and time.monotonic() < until:
            time.sleep(0.01)


class OnSqlite:
    # One process alone has the database.
    several = []

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.folder / "afterresume.db", timeout=10)) as database:
            return database.execute(sql).fetchall()


class OnPostgres:
    several = [["serve"], ["work"], ["schedule"]]

    def setUp(self):
        if not os.environ.get("TEST_DATABASE_URL"):
            self.skipTest("TEST_DATABASE_URL is not set")
        self.store = Postgres()
        self.addCleanup(self.store.close)
        super().setUp()

    def settings(self):
        return {**super().settings(), "DATABASE_URL": self.store.url}

    def execute(self, sql):
        self.store.execute(sql)

    def rows(self, sql):
        return self.store.execute(sql)
