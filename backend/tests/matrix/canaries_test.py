"""Words that nobody else writes, in all that a tenant keeps: they come to no stranger by any door, nor into a log or a
metric. The long run of `make nightly-identity`; CANARY_RESPONSES says how many answers are looked at on each database.

    AFTERRESUME=PROGRAM python3 -m unittest canaries_test
"""

import os
import random
import unittest

from asking import ACTORS, OPERATIONS, STRANGERS, Asking
from people import NO_ID, NO_JOB, SECTIONS
from program import PASSWORD, Postgres, Sqlite

WANTED = int(os.environ.get("CANARY_RESPONSES", "50000"))
COLLEAGUES = ["member", "reader"]
REFUSED = [name for name, actor in ACTORS.items() if not actor]
# What would end the session of whoever asks, or takes long because it hashes a password.
LEFT_OUT = {"POST /api/auth/logout/", "POST /api/auth/login/", "POST /api/auth/signup/", "POST /api/auth/password/change/",
            "POST /api/auth/password/forgot/", "POST /api/auth/delete/", "POST /api/tenant/delete/", "POST /api/tenant/leave/", "POST /api/tenant/transfer/", "POST /api/tenants/"}
SEARCHES = {"GET /api/worklogs/": ["?q=wrote", "?show=shared", "?q=canary", "?page_size=100"],
            "GET /api/skills/": ["?q=c", "?hidden=true&page_size=100"], "GET /api/jobs/": ["?page_size=100"],
            "GET /system/jobs/": ["?page_size=100"], "GET /system/schedules/": ["?page_size=100"]}
TEXT_COLUMNS = ("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 "
                "AND NOT a.attisdropped AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype, 'tsvector'::regtype)")
# What the program chooses among its own words, makes of chance or hashes, or takes as a key, a number or a zone.
NO_WORDS = {
    "app_user": "locale password_hash time_zone week_start", "auth_event": "address name outcome", "feature_flag": "name",
    "idempotency_key": "idempotency_key route", "instance": "name value", "invitation": "role",
    "job": "queue status triggered_by type unique_by unique_key", "job_edge": "on_failure", "job_event": "level source",
    "job_hot": "queue state type unique_key", "job_key": "counted type unique_key", "job_queue": "name", "job_step": "input_hash name",
    "job_unresolved": "task", "key_fingerprint": "fingerprint name", "membership": "role status", "one_time_code": "purpose",
    "operator_act": "act address subject", "personal_token": "scopes", "profile_item": "section", "quota_use": "quota",
    "report": "generator kind status theme", "schedule": "cron job_type missed overlap time_zone", "schedule_run": "outcome reason",
    "schema_migration": "checksum name", "session": "address", "share_link": "contacts password_hash",
    "sign_up": "password_hash time_zone", "skill_evidence": "field method", "system_event": "data name", "tenant": "slug status",
    "tenant_limits": "own plan", "tenant_queue": "queue", "tenant_share": "queue", "totp": "recovery_hashes", "worker": "info version",
    "worklog": "source visibility"}
# What jobs make, which are paused here; what is sealed; what operators write; addresses that nobody signed up with here; and what
# comes with a whole résumé alone, which would take the place of the things that are asked for.
WORDS_ELSEWHERE = {
    "app_user": "email email_folded", "auth_event": "data", "break_glass": "reason", "job": "error payload result",
    "job_event": "data message", "job_step": "output", "operator_act": "user_agent", "profile_basics": "extra",
    "report": "content", "schedule": "payload", "sign_up": "display_name email", "skill": "aliases why",
    "skill_evidence": "quote", "worklog": "analysis skills"}


def columns_of(tables):
    return {(table, column) for table, columns in tables.items() for column in columns.split()}


class Canaries(Asking):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.stop()
        cls.written = cls.store.folder / "log.txt"
        cls.program.log = open(cls.written, "w")
        cls.addClassCleanup(cls.program.log.close)
        cls.program.environment["LOG_LEVEL"] = "debug"
        cls.program.start(os.environ["AFTERRESUME"])
        cls.plant()

    @classmethod
    def plant(cls):
        """`canary` where its owner alone may look, `shared` where the tenant may."""
        world, keeper = cls.world, cls.world.people["keeper"]
        canary, shared = world.canary, world.canary[::-1]
        cls.private, cls.shared = canary, shared
        put = lambda method, path, body: world.call(method, path, keeper, body)
        put("POST", "/api/worklogs/", {"content": f"# {canary}", "title": canary, "outcome": canary, "project": canary,
                                       "tags": [canary], "external_id": canary})
        put("PATCH", f"/api/worklogs/{keeper.things['entry']}/", {"content": f"Wrote {canary} again."})
        put("PATCH", f"/api/reports/{keeper.things['report']}/", {"title": canary})
        put("PATCH", f"/api/skills/{keeper.things['skill']}/", {"category": canary})
        put("PATCH", "/api/profile/", {"name": canary, "label": canary, "summary": canary, "email": f"{canary}@example.org",
                                        "extra": {canary: canary}})
        for section, field in SECTIONS.items():
            put("POST", f"/api/profile/{section}/", {field: canary, "extra": {canary: canary}})
        put("POST", "/api/auth/tokens/", {"name": canary})
        put("PATCH", "/api/auth/me/", {"display_name": shared, "headline": shared})
        put("PATCH", "/api/tenant/", {"name": shared})
        put("POST", "/api/invitations/", {"role": "member", "email": f"{shared}@example.org"})
        for password in ("not it 123", PASSWORD):
            cls.program.call("POST", "/api/auth/login/", None, {"email": keeper.email, "password": password}, {"User-Agent": shared})

    def test_come_to_nobody_else(self):
        chance = random.Random(1)
        operations = [name for name in OPERATIONS if name not in LEFT_OUT and (name.startswith("GET") or "thing" in OPERATIONS[name])]
        general = [name for name in OPERATIONS if name not in LEFT_OUT and not name.startswith("GET")
                   and "thing" not in OPERATIONS[name] and "body" in OPERATIONS[name]]
        keeper, before = self.world.people["keeper"], self.program.answers
        missing = {thing: NO_JOB if thing.startswith("job") else NO_ID for thing in keeper.things}
        while self.program.answers - before < WANTED:
            actor = chance.choice(STRANGERS + COLLEAGUES + REFUSED)
            operation = chance.choice(operations + general)
            # Operators may look at any job and schedule, without its texts.
            things = chance.choice([keeper.things, keeper.things, missing])
            if not operation.startswith("GET") and OPERATIONS[operation].get("staff"):
                things = missing
            if actor in COLLEAGUES and "member" in str(OPERATIONS[operation].get("thing")):
                continue
            path = chance.choice(["", *SEARCHES.get(operation, [])])
            more = {"query": path} if path else {}
            # What makes or changes things is refused, and says why.
            if operation in general:
                more["body"] = {"nobody": "takes this"}
            answer = self.ask(operation, actor, things, **more)
            said = answer.text + repr(answer.headers)
            self.assertNotIn(self.private, said, f"{operation} as {actor}")
            # Whoever operates the installation sees the devices of those who signed in, and what people and tenants are called.
            if operation in ("GET /system/audit/", "GET /api/admin/users/", "GET /api/admin/tenants/") and ACTORS[actor].get("is_staff"):
                continue
            # Who is in the tenant, too, knows its name wherever they act.
            if actor not in COLLEAGUES and actor != "same_user_elsewhere":
                self.assertNotIn(self.shared, said, f"{operation} as {actor}")
        self.assert_unharmed(keeper)

    def assert_unharmed(self, keeper):
        self.assertIn(self.private, self.world.call("GET", "/api/worklogs/?page_size=100", keeper).text)
        self.assertIn(self.shared, self.world.call("GET", "/api/auth/me/", keeper).text)
        holding = self.holding(self.store.tables_sql)
        self.assertGreaterEqual(len(holding), 20, holding)
        seen = self.written.read_text() + self.program.call("GET", "/metrics").text
        self.assertIn("GET /api/worklogs/", seen)
        for secret in (self.private, self.shared, *self.world.secrets):
            self.assertNotIn(secret, seen)
        print(f"{type(self).__name__}: {self.program.answers} answers, canaries in {len(holding)} columns", flush=True)

    def holding(self, columns):
        """The columns of those that the statement gives in which there is a canary."""
        return [(table, column) for table, column in self.store.execute(columns)
                if self.store.execute(f"SELECT 1 FROM {table} WHERE CAST({column} AS text) LIKE '%{self.private}%' "
                                      f"OR CAST({column} AS text) LIKE '%{self.shared}%' LIMIT 1")]


class OnSqlite(Canaries, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Canaries, unittest.TestCase):
    store_type = Postgres

    def test_are_wherever_somebodys_words_are_kept(self):
        """A new column of text has one, or is named with why not."""
        without = set(self.store.execute(TEXT_COLUMNS)) - set(self.holding(TEXT_COLUMNS))
        self.assertEqual(sorted(without), sorted(columns_of(NO_WORDS) | columns_of(WORDS_ELSEWHERE)))
