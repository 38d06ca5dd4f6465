"""AfterResume as the bench sees it: how it is started, filled and signed in to. All that depends on it is here.

The database is filled by multiplying what the program itself wrote: one owner signs in and writes one entry
over HTTP; those rows become 10,000 users of 100 tenants with 1,000,000 entries.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import sqlite3
import time

import measure

TENANTS, USERS, ENTRIES = 100, 10_000, 1_000_000
FIRST_TENANT, FIRST_USER, FIRST_MEMBERSHIP, FIRST_SESSION, FIRST_ENTRY = (n * 10_000_000 for n in (1, 2, 3, 4, 5))
# Ids that the program gives out later begin here, so that they can be told from the seeded ones.
FRESH_FROM = 10_000_000_000

HEALTHZ = "/api/healthz/"
ENTRIES_PATH = "/api/worklogs/"
LIST = ENTRIES_PATH + "?page_size=20"
SECRET = "a secret of the bench, long enough to sign with, kept nowhere"
TOKEN_PURPOSE = b"access token"
OWNER = {"email": "owner@example.org", "password": "correct horse battery staple 9"}
CONTENT = ("Number {g}: moved the import to batches, moved the import to batches, moved the import to batches, "
           "moved the import to batches, moved the import to batches, and cut its run time from 40 to 12 minutes.")

# What a table's rows differ in, as SQL over the number `g` of the row; all else is as the program wrote it in `t`.
USER = f"({FIRST_USER} + g % {USERS})"
TENANT = f"({FIRST_TENANT} + g % {TENANTS})"
ENTRY = f"({FIRST_ENTRY} + g)"
OWNER_OF_FIRST = "(SELECT user_id FROM worklog ORDER BY id LIMIT 1)"
TABLES = {
    "tenant": (TENANTS, {"id": TENANT, "tenant_id": TENANT, "name": "'Tenant ' || g", "slug": "'tenant-' || g"}),
    "app_user": (USERS, {"id": USER, "email": "'user' || g || '@example.org'", "email_folded": "'user' || g || '@example.org'"}),
    "membership": (USERS, {"id": f"({FIRST_MEMBERSHIP} + g)", "tenant_id": TENANT, "user_id": USER}),
    "session": (USERS, {"id": f"({FIRST_SESSION} + g)", "last_tenant_id": TENANT, "user_id": USER}),
    "worklog": (ENTRIES, {
        "id": ENTRY, "tenant_id": TENANT, "user_id": USER, "extracted_version": "t.version",
        "content": "'" + CONTENT.replace("{g}", "' || g || '") + "'",
        "occurred_on": {"postgres": f"(date '2025-01-01' + (g / {USERS})::integer)",
                        "sqlite": f"date('2025-01-01', (g / {USERS}) || ' days')"}}),
}
# The index of words, in which each person's rows carry the id of their owner.
WORDS = {
    "postgres": {"worklog_search": (ENTRIES, {
        "id": ENTRY, "tenant_id": TENANT, "user_id": USER,
        "words": f"replace(t.words::text, t.user_id::text, {USER}::text)::tsvector"})},
    "sqlite": {"worklog_fts": (ENTRIES, {"rowid": ENTRY, "words": f"replace(t.words, {OWNER_OF_FIRST}, {USER})"})},
}


def tables(dialect):
    return TABLES | WORDS[dialect]


def multiply(table, columns, dialect):
    """INSERT … SELECT of a table's seeded rows from the one row that the program wrote."""
    count, different = tables(dialect)[table]
    series = {"postgres": f"generate_series(0, {count - 1}) AS g",
              "sqlite": f"(WITH RECURSIVE n(g) AS (SELECT 0 UNION ALL SELECT g + 1 FROM n WHERE g < {count - 1}) SELECT g FROM n)"}
    missing = set(different) - set(columns)
    if missing:
        raise RuntimeError(f"{table} has no column {', '.join(sorted(missing))}; product.py knows an older schema")
    values = [different.get(column, f"t.{column}") for column in columns]
    values = [value[dialect] if isinstance(value, dict) else value for value in values]
    return (f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
            f"FROM {series[dialect]}, (SELECT * FROM {table} ORDER BY 1 LIMIT 1) AS t ORDER BY g;")


def subkey(master, purpose):
    """HKDF-SHA256 (RFC 5869) without salt, one block."""
    extracted = hmac.digest(bytes(32), master, "sha256")
    return hmac.digest(extracted, purpose + b"\x01", "sha256")


def sign(payload, key=None):
    encode = lambda part: base64.urlsafe_b64encode(part).rstrip(b"=")
    text = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(payload, separators=(",", ":")).encode())
    return (text + b"." + encode(hmac.digest(key or subkey(SECRET.encode(), TOKEN_PURPOSE), text, "sha256"))).decode()


def payload_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Product:
    """The program on one database; `url` is None for SQLite."""

    def __init__(self, program, folder, url=None, command="up"):
        self.program, self.folder, self.url, self.command = pathlib.Path(program).resolve(), folder, url, command
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.process, self.claims = None, None, None
        # Settings beside those of every run.
        self.more = {}

    def environment(self):
        rate = "1000000/s:1000000"
        environment = {
            # The issuer of tokens, which would follow the port otherwise: tokens outlive the start that wrote them.
            "PUBLIC_URL": "http://localhost", "ENVIRONMENT": "development", "DATA_DIR": str(self.folder), "PORT": str(self.port or 0), "SECRET_KEY": SECRET,
            "ADMIN_EMAIL": OWNER["email"], "ADMIN_PASSWORD": OWNER["password"], "LOG_LEVEL": "info",
            "RATE_LIMIT_USER": rate, "RATE_LIMIT_TENANT": rate, "RATE_LIMIT_IP": rate, "RATE_LIMIT_LOGIN": rate}
        return environment | ({"DATABASE_URL": self.url} if self.url else {}) | self.more

    def run(self, *words):
        process = measure.start([self.program, *words], self.folder / f"{words[0]}.log", self.environment())
        if process.wait(120):
            raise RuntimeError((self.folder / f"{words[0]}.log").read_text()[-4000:])

    def start(self):
        """Milliseconds from the start of the process to the first 200."""
        self.port = measure.free_port()
        begun = time.monotonic()
        self.process = measure.start([self.program, self.command], self.folder / "server.log", self.environment())
        return measure.first_answer(self.process, self.port, HEALTHZ, begun)

    def stop(self):
        measure.stop(self.process)

    def rss(self):
        return measure.rss(self.process.pid)

    def call(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        status, _, answer = measure.request(self.port, path, method, json.dumps(body) if body else None, headers)
        if status not in (200, 201):
            raise RuntimeError(f"{method} {path} answered {status}: {answer[:500]!r}")
        return json.loads(answer)

    def write_first_rows(self):
        """Signs the owner in and writes one entry; learns from the token how tokens look."""
        self.run("bootstrap")
        self.command, command = "up", self.command
        self.start()
        token = self.call("POST", "/api/auth/login/", OWNER)["access_token"]
        self.claims = payload_of(token)
        if sign(self.claims) != token:
            raise RuntimeError("The program signs access tokens in another way than product.py knows.")
        self.call("POST", ENTRIES_PATH, {"content": CONTENT.format(g=0), "tags": ["postgres", "c++", "api"]}, token)
        self.stop()
        self.command = command

    def token(self, user):
        return sign(self.claims | {
            "sub": FIRST_USER + user, "tid": FIRST_TENANT + user % TENANTS, "sid": FIRST_SESSION + user, "exp": int(time.time()) + 3600})

    def write_tokens(self, path):
        """One token a line, of all users, in an order that has no rhyme with their ids."""
        order = sorted(range(USERS), key=lambda user: hashlib.md5(str(user).encode()).digest())
        path.write_text("".join(self.token(user) + "\n" for user in order))


class OnSqlite:
    name = "SQLite"

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.seeded = Product(program, folder / "seeded")

    def seed(self):
        self.seeded.write_first_rows()
        database = sqlite3.connect(self.file(self.seeded.folder))
        database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN;")
        for table in tables("sqlite"):
            columns = [row[1] for row in database.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0]
            if table.endswith("_fts"):
                columns.append("rowid")
            database.execute(multiply(table, columns, "sqlite"))
        database.execute("UPDATE id_block SET next = ?", (FRESH_FROM,))
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    def file(self, folder):
        found = []
        for path in folder.iterdir():
            with open(path, "rb") as content:
                found += [path] if content.read(15) == b"SQLite format 3" else []
        if len(found) != 1:
            raise RuntimeError(f"{folder} holds {len(found)} databases")
        return found[0]

    def fresh(self):
        """The program on a copy of the seeded database."""
        folder = self.folder / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.seeded.folder, folder)
        os.sync()
        product = Product(self.program, folder)
        product.claims = self.seeded.claims
        return product

    def empty(self):
        folder = self.folder / "empty"
        shutil.rmtree(folder, ignore_errors=True)
        return Product(self.program, folder)


class OnPostgres:
    name = "PostgreSQL"

    def __init__(self, program, folder, server, command):
        self.program, self.folder, self.server, self.command = program, folder, server, command
        server.run("CREATE DATABASE bench")
        self.seeded = Product(program, folder / "seeded", server.of("bench"), command)

    def seed(self):
        self.seeded.write_first_rows()
        for table in tables("postgres"):
            columns = self.server.run(
                "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns "
                f"WHERE table_schema = 'public' AND table_name = '{table}' AND is_generated = 'NEVER'", "bench").split(",")
            self.server.run(multiply(table, columns, "postgres"), "bench")
        self.server.run(f"SELECT setval('entity_id', {FRESH_FROM}); VACUUM ANALYZE", "bench")
        # The program's roles are called after its database, so every copy gets the name of the first.
        self.server.run("ALTER DATABASE bench RENAME TO seeded")

    def fresh(self):
        self.server.copy("seeded", "bench")
        product = Product(self.program, self.folder / "copy", self.server.of("bench"), self.command)
        product.claims = self.seeded.claims
        return product

    def empty(self):
        self.server.run("DROP DATABASE IF EXISTS empty WITH (FORCE)")
        self.server.run("CREATE DATABASE empty")
        folder = self.folder / "empty"
        shutil.rmtree(folder, ignore_errors=True)
        return Product(self.program, folder, self.server.of("empty"))
