"""The program as a process of its own, and its database as its owner sees it."""

import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse

PASSWORD = "plover staple 47 orbit"
SECRET = "the one key of this installation, for a while"
PLENTY = "1000000/s:1000000"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(look):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("what is waited for does not come")


class Answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    @property
    def json(self):
        return json.loads(self.text)

    def said(self):
        """What is the same whenever the same is said."""
        mine = self.headers.get("X-Correlation-ID") or "none"
        return self.status, self.headers.get("Content-Type"), self.text.replace(mine, "")


class Program:
    """One process at a time, of any build, on one data folder and database."""

    def __init__(self, folder, database_url):
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DATA_DIR": str(folder), "LOG_LEVEL": "error", "SECRET_KEY": SECRET, "SIGNUP_MODE": "open",
            "ADMIN_EMAIL": "staff@example.org", "ADMIN_PASSWORD": PASSWORD, "RESUME_DEBOUNCE_S": "0",
            "RATE_LIMIT_USER": PLENTY, "RATE_LIMIT_TENANT": PLENTY, "RATE_LIMIT_IP": PLENTY, "RATE_LIMIT_LOGIN": PLENTY}
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.port = free_port()
        self.environment["PORT"] = str(self.port)
        self.process = self.connection = None
        # Where the program's own lines go: a file.
        self.log = subprocess.DEVNULL
        self.answers = 0

    def run(self, binary, *words):
        subprocess.run([binary, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self, binary):
        self.process = subprocess.Popen([binary, "up"], env=self.environment, stdout=self.log)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.call("GET", "/api/readyz/").status == 200:
                    return
            self.connection = None
            time.sleep(0.02)
        raise AssertionError("the program does not start")

    def stop(self):
        if self.connection:
            self.connection.close()
        self.connection = None
        self.process.terminate()
        self.process.wait(30)

    def call(self, method, path, token=None, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        all_headers = {"If-Match": "*", "User-Agent": "matrix", **(headers or {})}
        if token is not None:
            all_headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = json.dumps(body)
            all_headers["Content-Type"] = "application/json"
        self.connection.request(method, path, data, all_headers)
        got = self.connection.getresponse()
        self.answers += 1
        return Answer(got.status, dict(got.getheaders()), got.read().decode("utf-8", "replace"))


class Sqlite:
    tables_sql = ("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
                  "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'")

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-matrix-"))
        self.url = None

    def execute(self, *statements):
        """In one transaction; the rows of the last."""
        with contextlib.closing(sqlite3.connect(self.folder / "afterresume.db", timeout=30)) as database, database:
            return [database.execute(sql).fetchall() for sql in statements][-1]

    def digests(self, parts):
        """A hash of the rows of each (table, condition)."""
        found = []
        with contextlib.closing(sqlite3.connect(self.folder / "afterresume.db", timeout=30)) as database:
            for table, where in parts:
                rows = sorted(map(repr, database.execute(f"SELECT * FROM {table} WHERE {where}")))
                found.append((len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()))
        return found

    def close(self):
        shutil.rmtree(self.folder)


class Postgres:
    tables_sql = ("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                  "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
                  "AND a.attnum > 0 AND NOT a.attisdropped")

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-matrix-"))
        self.server = os.environ["TEST_DATABASE_URL"]
        self.name = f"ar_matrix_{os.getpid()}_{os.urandom(4).hex()}"
        self.psql(self.server, f"CREATE DATABASE {self.name}")
        parts = urllib.parse.urlsplit(self.server)
        self.url = urllib.parse.urlunsplit(parts._replace(path="/" + self.name))

    @staticmethod
    def psql(url, *commands):
        words = [word for command in commands for word in ("-c", command)]
        done = subprocess.run(["psql", "-XqAt", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", url.replace("postgres://", "postgresql://"),
                               *words], capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        return [tuple(line.split("\x1f")) for line in done.stdout.splitlines()]

    def execute(self, *statements):
        return self.psql(self.url, "; ".join(statements))

    def digests(self, parts):
        return self.execute(" UNION ALL ".join(
            f"SELECT {i}, count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM {table} x WHERE {where}"
            for i, (table, where) in enumerate(parts)) + " ORDER BY 1")

    def close(self):
        self.psql(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")
        self.psql(self.server, *(f"DROP ROLE IF EXISTS {self.name}_{role}" for role in ("app", "engine", "operator")))
        shutil.rmtree(self.folder)


class Rows:
    """The rows of each tenant, table by table as the catalogue lists them, and of its people."""

    def __init__(self, store):
        self.store = store
        columns = store.execute(store.tables_sql)
        self.columns = sorted({column for _, column in columns})
        # The audit's seals follow its events by themselves; the events count.
        self.tables = sorted(table for table, column in columns
                             if column == "tenant_id" and table not in ("audit_pending", "audit_seal"))

    def digests(self, tenants):
        """(table, whose) → how many rows there are, and a hash of them"""
        parts = []
        for tenant in tenants:
            parts += [(table, f"tenant_id = {tenant}") for table in self.tables]
            parts.append(("app_user", f"id IN (SELECT user_id FROM membership WHERE tenant_id = {tenant})"))
        return dict(zip(parts, self.store.digests(parts)))
