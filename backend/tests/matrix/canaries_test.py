"""Words that nobody else writes, in all that a tenant keeps: they come to no stranger by any door, nor into a log or a
metric. The long run of `make nightly-identity`; CANARY_RESPONSES says how many answers are looked at on each database.

    AFTERRESUME=PROGRAM python3 -m unittest canaries_test
"""

import os
import random
import unittest

from asking import ACTORS, OPERATIONS, STRANGERS, Asking
from people import NO_ID, NO_JOB, SECTIONS
from program import Postgres, Sqlite

WANTED = int(os.environ.get("CANARY_RESPONSES", "50000"))
COLLEAGUES = ["member", "reader"]
REFUSED = [name for name, actor in ACTORS.items() if not actor]
# What would end the session of whoever asks, or takes long because it hashes a password.
LEFT_OUT = {"POST /api/auth/logout/", "POST /api/auth/login/", "POST /api/auth/signup/", "POST /api/auth/password/change/",
            "POST /api/auth/password/forgot/", "POST /api/auth/delete/", "POST /api/tenant/delete/", "POST /api/tenant/leave/", "POST /api/tenant/transfer/", "POST /api/tenants/"}
SEARCHES = {"GET /api/worklogs/": ["?q=wrote", "?show=shared", "?q=canary", "?page_size=100"],
            "GET /api/skills/": ["?q=c", "?hidden=true&page_size=100"], "GET /api/jobs/": ["?page_size=100"],
            "GET /system/jobs/": ["?page_size=100"], "GET /system/schedules/": ["?page_size=100"]}


class Canaries(Asking):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.stop()
        cls.written = cls.store.folder / "log.txt"
        cls.program.log = open(cls.written, "w")
        cls.addClassCleanup(cls.program.log.close)
        cls.program.environment["LOG_LEVEL"] = "info"
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
        put("PATCH", "/api/profile/", {"name": canary, "label": canary, "summary": canary, "email": f"{canary}@example.org"})
        for section, field in SECTIONS.items():
            put("POST", f"/api/profile/{section}/", {field: canary, "extra": {canary: canary}})
        put("POST", "/api/auth/tokens/", {"name": canary})
        put("PATCH", "/api/auth/me/", {"display_name": shared})
        put("PATCH", "/api/tenant/", {"name": shared})
        put("POST", "/api/invitations/", {"role": "member", "email": f"{shared}@example.org"})
        cls.program.call("POST", "/api/auth/login/", None, {"email": keeper.email, "password": "not it 123"},
                         headers={"User-Agent": shared})

    def test_come_to_nobody_else(self):
        chance = random.Random(1)
        operations = [name for name in OPERATIONS if name not in LEFT_OUT
                      and (name.startswith("GET") or "thing" in OPERATIONS[name])]
        keeper, before = self.world.people["keeper"], self.program.answers
        missing = {thing: NO_JOB if thing.startswith("job") else NO_ID for thing in keeper.things}
        while self.program.answers - before < WANTED:
            actor = chance.choice(STRANGERS + COLLEAGUES + REFUSED)
            operation = chance.choice(operations)
            # Operators may look at any job and schedule, without its texts.
            things = chance.choice([keeper.things, keeper.things, missing])
            if not operation.startswith("GET") and OPERATIONS[operation].get("staff"):
                things = missing
            if actor in COLLEAGUES and "member" in str(OPERATIONS[operation].get("thing")):
                continue
            path = chance.choice(["", *SEARCHES.get(operation, [])])
            answer = self.ask(operation, actor, things, query=path) if path else self.ask(operation, actor, things)
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
        holding = [(table, column) for table, column in self.store.execute(self.store.tables_sql)
                   if self.store.execute(f"SELECT 1 FROM {table} WHERE CAST({column} AS text) LIKE '%{self.private}%' "
                                         f"OR CAST({column} AS text) LIKE '%{self.shared}%' LIMIT 1")]
        self.assertGreaterEqual(len(holding), 20, holding)
        seen = self.written.read_text() + self.program.call("GET", "/metrics").text
        self.assertIn("GET /api/worklogs/", seen)
        for secret in (self.private, self.shared, *self.world.secrets):
            self.assertNotIn(secret, seen)
        print(f"{type(self).__name__}: {self.program.answers} answers, canaries in {len(holding)} columns", flush=True)


class OnSqlite(Canaries, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Canaries, unittest.TestCase):
    store_type = Postgres
