"""The program as a process of its own, and its database as its owner sees it."""

import contextlib
import hashlib
import hmac
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
import unittest
import urllib.parse

PASSWORD = "plover staple 47 orbit"
SECRET = "the one key of this installation, for a while"
SERVICE_SECRET = "what the page's server and the program have"
PLENTY = "1000000/s:1000000"
# Seconds; the program closes what nobody asks on for 75.
MOST_IDLE = 30


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


def service_token(secret, method, target, kind, data):
    """X-Service-Token, as the page's server makes one for each request."""
    timestamp, nonce, body = str(int(time.time())), os.urandom(16).hex(), hashlib.sha256(data or b"").hexdigest()
    said = "\n".join([timestamp, nonce, method, target, kind, str(len(data or b"")), body])
    return f"{timestamp}:{nonce}:{body}:{hmac.digest(secret.encode(), said.encode(), hashlib.sha256).hex()}"


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
        self.errors = None
        self.answers = 0

    @property
    def origin(self):
        """Of its own pages."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, binary, *words):
        subprocess.run([binary, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self, binary):
        self.process = subprocess.Popen([binary, "up"], env=self.environment, stdout=self.log, stderr=self.errors)
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
        """With an access or a personal token, or with the headers that carry another credential; through the page's
        server, where there is to be one and the headers do not say otherwise."""
        if self.connection is None or time.monotonic() - self.asked > MOST_IDLE:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.asked = time.monotonic()
        carried = {"Authorization": f"Bearer {token}"} if isinstance(token, str) else token or {}
        all_headers = {"If-Match": "*", "User-Agent": "matrix", **carried, **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            all_headers.setdefault("Content-Type", "application/json")
        if secret := self.environment.get("SERVICE_TO_SERVICE_SECRET"):
            made = service_token(secret, method, path, all_headers.get("Content-Type", ""), data)
            all_headers.setdefault("X-Service-Token", made)
        all_headers = {name: value for name, value in all_headers.items() if value is not None}
        self.connection.request(method, path, data, all_headers)
        got = self.connection.getresponse()
        self.answers += 1
        said = {name: ", ".join(got.headers.get_all(name)) for name in got.headers}
        return Answer(got.status, said, got.read().decode("utf-8", "replace"))


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


class OneStore:
    """A store for all tests of a class; on PostgreSQL where there is one."""

    store_type = None

    @classmethod
    def setUpClass(cls):
        if cls.store_type is Postgres and not os.environ.get("TEST_DATABASE_URL"):
            raise unittest.SkipTest("TEST_DATABASE_URL is not set")
        cls.store = cls.store_type()
        cls.addClassCleanup(cls.store.close)


class Rows:
    """The rows of each tenant, table by table as the catalogue lists them, and of its people."""

    def __init__(self, store):
        self.store = store
        columns = store.execute(store.tables_sql)
        self.columns = sorted({column for _, column in columns})
        of_tenants = {table for table, column in columns if column == "tenant_id"}
        # The audit's seals follow its events by themselves; the events count.
        self.tables = sorted(of_tenants - {"audit_pending", "audit_seal"})
        of_people = {table for table, column in columns if column == "user_id"} - of_tenants
        # By which column they name whose each row is.
        self.of_people = {"app_user": "id", "totp": "id"} | dict.fromkeys(sorted(of_people), "user_id")

    def digests(self, tenants):
        """(table, whose) → how many rows there are, and a hash of them"""
        parts = []
        for tenant in tenants:
            parts += [(table, f"tenant_id = {tenant}") for table in self.tables]
            parts += [(table, f"{column} IN (SELECT user_id FROM membership WHERE tenant_id = {tenant})")
                      for table, column in self.of_people.items()]
        return dict(zip(parts, self.store.digests(parts)))


def changed(before, after):
    """Of two answers of Rows.digests(), the (table, whose) that differ."""
    return sorted(part for part in before.keys() | after.keys() if before.get(part) != after.get(part))
