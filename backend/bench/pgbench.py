"""PostgreSQL as the limit: the statements that a program was seen to run, run again by pgbench."""

import pathlib
import re
import subprocess
import time
import urllib.parse

import measure


class Postgres:
    """The server that with-postgres started."""

    def __init__(self, url, folder):
        parts = urllib.parse.urlsplit(url)
        self.url = url
        self.host, self.port = parts.hostname, parts.port
        self.log = pathlib.Path(folder) / "server.log"

    def of(self, database):
        return f"postgres://postgres@{self.host}:{self.port}/{database}"

    def run(self, sql, database="postgres"):
        done = subprocess.run(["psql", "-X", "-v", "ON_ERROR_STOP=1", "-Atq", self.of(database)],
                              input=sql, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"psql says:\n{done.stderr}")
        return done.stdout.strip()

    def copy(self, template, name):
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        self.run("CHECKPOINT")

    def listen(self, act):
        """The statements that the server ran while act() did."""
        self.run("ALTER SYSTEM SET log_line_prefix = '%p %u|'; ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf()")
        time.sleep(0.5)
        before = self.log.stat().st_size
        try:
            act()
            time.sleep(0.2)
        finally:
            self.run("ALTER SYSTEM RESET log_statement; SELECT pg_reload_conf()")
        with open(self.log) as log:
            log.seek(before)
            return parse_log(log.read())

    def pgbench(self, script, database, role, seconds, clients, folder):
        prefix = folder / "latency"
        for old in folder.glob("latency*"):
            old.unlink()
        done = subprocess.run(
            ["/usr/lib/postgresql/15/bin/pgbench", "-n", "-M", "prepared", "-f", str(script), "-c", str(clients), "-j", "2",
             "-T", str(seconds), "-l", "--log-prefix", str(prefix), "-h", self.host, "-p", str(self.port), "-U", role, database],
            capture_output=True, text=True, cwd="/")
        latencies = sorted(int(line.split()[2]) for path in folder.glob("latency*") for line in open(path)
                           if line.split()[2].isdigit())
        return measure.parse_pgbench(done.stdout + done.stderr, latencies)


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def parse_log(text):
    """[(process, role, statement, parameters)] of PostgreSQL's log; parameters are strings or None."""
    out = []
    for line in re.split(r"\n(?=\d+ [^|\n]*\|)", text.strip()):
        head = re.match(r"(\d+) ([^|]*)\|(LOG|DETAIL|STATEMENT|ERROR):\s+(.*)", line, re.S)
        if not head:
            continue
        process, role, kind, rest = head.groups()
        rest = rest.replace("\n\t", "\n")
        said = re.match(r"(?:execute [^:]*|statement): (.*)", rest, re.S)
        if kind == "LOG" and said:
            out.append([int(process), role, said.group(1).strip(), []])
        elif kind == "DETAIL" and rest.lower().startswith("parameters:") and out:
            values = re.findall(r"\$\d+ = (NULL|'(?:[^']|'')*')", rest)
            out[-1][3] = [None if value == "NULL" else value[1:-1].replace("''", "'") for value in values]
    return [tuple(row) for row in out]


SCOPE = "SELECT set_config('app.tenant_id'"


def transaction_with(statements, needle):
    """(role, the statements) of the one transaction in which `needle` occurs.

    A pipelined transaction has no BEGIN: it begins by setting whom it is for, and ends where the next one begins.
    """
    by_process = {}
    for row in statements:
        by_process.setdefault(row[0], []).append(row)
    for rows in by_process.values():
        groups = [[]]
        for row in rows:
            word = row[2].split()[0].upper().rstrip(";")
            explicit = bool(groups[-1]) and groups[-1][0][2].split()[0].upper().rstrip(";") in ("BEGIN", "START")
            if not explicit and (row[2].startswith(SCOPE) or word in ("BEGIN", "START")):
                groups.append([])
            groups[-1].append(row)
            alone = len(groups[-1]) == 1 and word not in ("BEGIN", "START") and not row[2].startswith(SCOPE)
            if word in ("COMMIT", "ROLLBACK", "END") or alone:
                groups.append([])
        for group in groups:
            if any(re.search(needle, row[2], re.I) for row in group):
                return group[0][1], [row[2:] for row in group]
    raise RuntimeError(f"PostgreSQL saw no statement like {needle}: {[row[2][:80] for row in statements]}")


def as_pgbench(statements, user, tenant, users, first_user, tenant_expression, fresh_from):
    """A pgbench script of the statements, for random users instead of `user` and with fresh ids.

    `first_user` is the id of the first of `users`; `tenant_expression` gives a user's tenant in pgbench's
    language. Ids that begin at `fresh_from` and all uuids are new in each transaction, the same ones throughout.
    """
    lines = [f"\\set user random({first_user}, {first_user + users - 1})", f"\\set tenant {tenant_expression}"]
    fresh = {}

    def quoted(text):
        text = text.replace("'", "''")
        # pgbench would take a colon before a word for a variable, even here.
        return "E'" + text.replace("\\", "\\\\").replace(":", "\\x3a") + "'" if re.search(r":[^\W\d]", text) else f"'{text}'"

    def variable(word):
        """The expression that stands for an id; None for what stays as it is."""
        if word in (str(user), str(tenant)):
            return ":user" if word == str(user) else ":tenant"
        if UUID.fullmatch(word):
            return f"md5(:fresh{fresh.setdefault(word, len(fresh))}::text)::uuid"
        if word.isdigit() and fresh_from <= int(word) < fresh_from * 1.1:
            return f":fresh{fresh.setdefault(word, len(fresh))}"
        return None

    def value_of(value):
        if value is None:
            return "NULL"
        if variable(value):
            return variable(value)
        # Keys and lists of jobs name ids inside a text; texts and ids alternate here.
        parts = [""]
        for part in re.split(rf"({UUID.pattern}|(?<!\d)\d{{4,16}}(?!\d))", value):
            if variable(part):
                parts += [variable(part) + "::text", ""]
            else:
                parts[-1] += part
        if len(parts) == 1:
            return quoted(value)
        joined = "(" + " || ".join(part if at % 2 else quoted(part) for at, part in enumerate(parts) if part) + ")"
        # A text put together has a type of its own, unlike a literal.
        return joined + "::jsonb" if value[0] in "{[" else joined

    body = []
    for sql, parameters in statements:
        filled = re.sub(r"\$(\d+)", lambda found: value_of(parameters[int(found.group(1)) - 1]), sql)
        body.append(re.sub(r"\s+", " ", filled).rstrip("; ") + ";")
    if len(body) > 1 and not body[0].upper().startswith(("BEGIN", "START")):
        # As it was sent: in one flight, which is one transaction.
        body = ["\\startpipeline", *body, "\\endpipeline"]
    for number in fresh.values():
        lines.append(f"\\set fresh{number} random({fresh_from * 10}, {fresh_from * 400000})")
    return "\n".join(lines + body) + "\n"
