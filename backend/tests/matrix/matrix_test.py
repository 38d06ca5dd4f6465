"""Every operation of the document as every actor of matrix.json, on both databases; and once more with the program's
own tenant filter taken out, so that the database's fence holds by itself.

    AFTERRESUME=PROGRAM SECOND_FENCE=PROGRAM python3 -m unittest matrix_test
"""

import json
import os
import re
import unittest

from asking import ACTORS, OPERATIONS, STRANGERS, Asking
from caches import Caches
from people import NO_ID, NO_JOB
from program import Postgres, Sqlite, changed
from schema import with_more

REFUSED = [name for name, actor in ACTORS.items() if not actor]
ROLES = ["owner", "admin", "member", "reader", "token_that_reads", "token_that_writes", "staff", "staff_token", "staff_cookie",
         "looker", "former_staff_cookie", "pending_owner", "pending_admin", "pending_token"]
# The same person twice: what one may and the other may not is in the matrix.
CARRIERS = [("staff", "staff_cookie"), ("holder", "token_that_writes")]
COLLEAGUES = ["owner", "admin", "member", "reader"]
# What no column is called, and people try.
MORE_NAMES = {"admin", "is_admin", "permissions", "credits", "balance", "tenant", "user", "owner", "scope", "password_hash", "__proto__"}
JOBS = {"job", "job_too"}
# Of no member alone.
TENANTS_OWN = {"export", "invitation", "member"}
# Done by somebody else of the same role, for whoever did it, or their tenant, is another afterwards.
CHANGING = {"POST /api/tenant/leave/", "POST /api/tenant/restore/", "POST /api/tenant/transfer/"}
INVITED_AS = {"reader": "read_only", "staff": "owner", "looker": "member", "pending_owner": "owner", "pending_admin": "admin"}
REPLACING = {"PUT /api/profile/resume-json/", "POST /api/resume/import/"}
# The engine's own heart, and the audit's seals, which follow its events.
RUNNING_BY_ITSELF = {"worker", "job_hot", "job_queue", "schedule", "instance", "id_block", "audit_pending", "audit_seal",
                     "audit_sealer", "session_change"}
# What is made anew by each request.
MADE = re.compile(r'"id":\d+|thing\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z')
# A body with more than fifty problems is not told of all of them.
NAMES_AT_ONCE = 50


def in_order(operations):
    """What removes a thing comes last, and what replaces everything after it."""
    return sorted(operations, key=lambda operation: (operation in REPLACING, operation.startswith("DELETE")))


def strings_in(json):
    """All that an answer says, wherever."""
    if isinstance(json, dict):
        json = list(json.values())
    if isinstance(json, list):
        return {text for inner in json for text in strings_in(inner)}
    return {json} if isinstance(json, str) else set()


class Matrix(Caches, Asking):
    def expected(self, operation, actor):
        """The status of the answer about a thing of the actor's own."""
        row, who = OPERATIONS[operation], ACTORS[actor]
        if row["right"] == "anybody":
            return self.success(operation)
        if not who or self.is_no_credential(operation, actor):
            return 401
        if row.get("staff") and not who.get("is_staff"):
            return 404
        if (row.get("in_person") and who.get("is_token")) or row["right"] not in who["may"]:
            return 403
        if self.may_only_look(operation, actor):
            return row.get("looking", 403)
        return row.get("as", {}).get(actor) or self.success(operation)

    @staticmethod
    def is_no_credential(operation, actor):
        return ACTORS[actor].get("by") == "cookie" and not OPERATIONS[operation].get("staff")

    @staticmethod
    def may_only_look(operation, actor):
        is_act = OPERATIONS[operation].get("staff") and not operation.startswith("GET")
        return bool(is_act and ACTORS[actor].get("only_looks"))

    def success(self, operation):
        return OPERATIONS[operation].get("answer") or int(next(iter(self.described[operation]["responses"])))

    def assert_described(self, operation, answer):
        """Whatever is said is in its schema, no secret is in it, and no cache may keep it."""
        self.assert_kept_by_no_cache(operation, answer)
        kind = (answer.headers.get("Content-Type") or "").split(";")[0]
        responses = self.described[operation]["responses"]
        content = responses.get(str(answer.status), responses["default"]).get("content", {})
        if kind in ("application/json", "application/problem+json"):
            self.assertEqual(self.document.faults(answer.json, content[kind].get("schema", {})), [], operation)
        if not operation.startswith("POST"):
            for secret in self.world.secrets:
                self.assertNotIn(secret, answer.text, operation)

    def test_names_each_operation_and_no_other(self):
        self.assertEqual(set(OPERATIONS), set(self.described))
        self.assertEqual(set(ACTORS), set(self.world.tokens) - {"keeper", "holder"})
        self.assertGreaterEqual(len(ACTORS), 25)
        for operation, row in OPERATIONS.items():
            self.assertEqual(row["right"], self.described[operation].get("x-permission", "anybody"), operation)
            self.assertEqual("thing" in row, "{id}" in operation, operation)
            self.assertEqual("body" in row, "requestBody" in self.described[operation], operation)

    def test_lets_nobody_in_by_what_is_no_credential(self):
        before = self.rows.digests(self.tenants.values())
        things = self.world.people["keeper"].things

        for actor in REFUSED:
            for operation, row in OPERATIONS.items():
                if row["right"] == "anybody":
                    continue
                answer = self.ask(operation, actor, things)
                self.assertEqual(answer.status, 401, f"{operation} as {actor}: {answer.text}")
                self.assertEqual(answer.json["code"], "accounts.not_signed_in", operation)
                self.assert_described(operation, answer)

        self.assertEqual(changed(before, self.rows.digests(self.tenants.values())), [])

    def test_lets_anybody_do_what_is_for_anybody(self):
        for actor in ("anonymous", "service_token_alone"):
            for operation, row in OPERATIONS.items():
                if row["right"] == "anybody":
                    answer = self.ask(operation, actor, {})
                    self.assertEqual(answer.status, self.success(operation), f"{operation} as {actor}: {answer.text}")
                    self.assert_described(operation, answer)

    def test_lets_each_role_do_what_it_may_and_nothing_else(self):
        for actor in ROLES:
            others = {tenant for name, tenant in self.tenants.items() if name != ACTORS[actor]["tenant"]}
            before = self.rows.digests(others)
            for operation in in_order(OPERATIONS):
                self.act_in_role(actor, operation)
            self.assertEqual(changed(before, self.rows.digests(others)), [], actor)

    def act_in_role(self, actor, operation):
        if OPERATIONS[operation]["right"] == "anybody":
            return
        token = self.world.tokens[actor]
        is_person = actor in self.world.people and not ACTORS[actor].get("by")
        if operation in ("POST /api/auth/logout/", "POST /system/auth/logout/") and is_person:
            self.world.tokens[actor] = self.world.log_in(self.world.people[actor].email).token
        if operation == "POST /system/auth/logout/" and actor == "staff_cookie":
            self.world.tokens[actor] = self.world.page_of("staff")
        if operation in CHANGING and is_person:
            self.world.tokens[actor] = self.world.another(actor, INVITED_AS.get(actor, actor)).token
        answer = self.ask(operation, actor, self.world.things_of(actor))
        self.world.tokens[actor] = token
        self.assertEqual(answer.status, self.expected(operation, actor), f"{operation} as {actor}: {answer.text}")
        if answer.status == 401:
            code = "accounts.not_signed_in" if self.is_no_credential(operation, actor) else OPERATIONS[operation]["code"]
            self.assertEqual(answer.json["code"], code, operation)
        if answer.status == 403 and self.may_only_look(operation, actor):
            self.assertEqual(answer.json["code"], "accounts.may_only_look", operation)
        self.assert_described(operation, answer)

    def test_lets_no_page_change_anything_without_its_token(self):
        kept = [tenant for name, tenant in self.tenants.items() if name != "staff"]
        before = self.rows.digests(kept)
        things = self.world.people["keeper"].things

        for actor in [name for name, who in ACTORS.items() if who.get("lacks") == "csrf"]:
            for operation, row in OPERATIONS.items():
                if operation.startswith("GET") or row["right"] == "anybody":
                    continue
                answer = self.ask(operation, actor, things)
                expected = (403, "request.csrf_token") if row.get("staff") else (401, "accounts.not_signed_in")
                self.assertEqual((answer.status, answer.json["code"]), expected, f"{operation} as {actor}")

        self.assertEqual(changed(before, self.rows.digests(kept)), [])

    def test_lets_page_sessions_in_by_the_pages_server_alone(self):
        before = self.rows.digests(self.tenants.values())
        things = self.world.people["owner"].things

        for actor in [name for name, who in ACTORS.items() if who.get("lacks") == "service token"]:
            for operation, row in OPERATIONS.items():
                path = operation.split()[1]
                if not path.startswith("/api/") or path.startswith("/api/auth/") or row["right"] == "anybody":
                    continue
                answer = self.ask(operation, actor, things)
                self.assertEqual((answer.status, answer.json["code"]), (403, "request.service_token"), f"{operation} as {actor}")
            for operation in ("GET /api/healthz/", "GET /api/readyz/"):
                self.assertEqual(self.ask(operation, actor, things).status, 200, f"{operation} as {actor}")

        self.assertEqual(changed(before, self.rows.digests(self.tenants.values())), [])

    def test_decides_the_same_whatever_carries_the_credential(self):
        compared = 0
        for one, other in CARRIERS:
            for operation, row in OPERATIONS.items():
                if row["right"] == "anybody" or row.get("in_person") or not self.asks_without_effect(operation):
                    continue
                if ACTORS[other].get("by") == "cookie" and not row.get("staff"):
                    continue
                if row["right"] not in ACTORS[other]["may"]:
                    continue
                said = [self.ask_without_effect(operation, actor) for actor in (one, other)]
                self.assertEqual(said[0], said[1], f"{operation} as {one} and as {other}")
                compared += 1
        self.assertGreater(compared, 90)

    @staticmethod
    def asks_without_effect(operation):
        row = OPERATIONS[operation]
        return operation not in REPLACING and (operation.startswith("GET") or "thing" in row or "body" in row)

    def ask_without_effect(self, operation, actor):
        """About things that there are not, and by a body that nothing takes: what was decided is in the answer."""
        things = {thing: NO_JOB if thing in JOBS else NO_ID for thing in self.world.people["keeper"].things}
        more = {} if operation.startswith("GET") or "body" not in OPERATIONS[operation] else {"body": {"nobody": "takes this"}}
        answer = self.ask(operation, actor, things, **more)
        return answer.status, answer.json.get("code") if answer.status >= 400 else None

    def test_changes_nothing_by_reading(self):
        """But for what counts itself: views of a link, downloads, the last use of a token, and that operators read the audit."""
        tables = sorted({table for table, _ in self.store.execute(self.store.tables_sql)} - RUNNING_BY_ITSELF)
        look = lambda: dict(zip(tables, self.store.digests([(table, "1 = 1") for table in tables])))
        before = look()

        for actor in ("owner", "staff", "staff_cookie"):
            for operation, row in OPERATIONS.items():
                if not operation.startswith("GET") or "{token}" in operation or self.expected(operation, actor) not in (200, 204):
                    continue
                if operation in ("GET /api/tenant/exports/{id}/content/", "GET /system/audit/"):
                    continue
                for method in ("GET", "HEAD"):
                    self.ask(operation, actor, self.world.things_of(actor), method=method)

        self.assertEqual(look(), before)

    def test_knows_the_things_of_strangers_no_better_than_none(self):
        kept = [self.tenants["a"], self.tenants["closed"]]
        before = self.rows.digests(kept)

        for actor in STRANGERS:
            whose = actor if actor == "same_user_elsewhere" else "keeper"
            for operation in in_order(OPERATIONS):
                if OPERATIONS[operation].get("staff") and ACTORS[actor].get("is_staff"):
                    continue
                # Sessions are people's, whichever tenant they act in.
                if whose == actor and OPERATIONS[operation].get("thing") == "session":
                    continue
                self.assert_as_missing(operation, actor, self.world.people[whose].things)

        self.assertEqual(changed(before, self.rows.digests(kept)), [])

    def test_knows_the_things_of_a_closed_tenant_and_of_a_colleague_no_better_than_none(self):
        for actor in COLLEAGUES:
            for operation in in_order(OPERATIONS):
                self.assert_as_missing(operation, actor, self.world.people["closed_tenant"].things)
                if not self.refers_to(operation) & TENANTS_OWN:
                    self.assert_as_missing(operation, actor, self.world.people["keeper"].things)

    @staticmethod
    def refers_to(operation):
        row = OPERATIONS[operation]
        return {row.get("thing"), *re.findall(r"\{(\w+)\}", json.dumps([row.get("query"), row.get("body")]))} - {None}

    def assert_as_missing(self, operation, actor, things):
        row = OPERATIONS[operation]
        if "thing" not in row and not self.refers_to(operation) & set(things):
            return
        missing = {thing: NO_JOB if thing in JOBS else NO_ID for thing in things}
        for more in self.ways_to_ask(operation):
            got = self.ask(operation, actor, things, **more)
            none = self.ask(operation, actor, missing, **more)
            self.assertEqual(self.unnamed(got, things), self.unnamed(none, missing), f"{operation} as {actor}")
            if "thing" in row:
                self.assertIn(got.status, (403, 404), f"{operation} as {actor}: {got.text}")

    @staticmethod
    def ways_to_ask(operation):
        yield {}
        if operation.startswith("GET"):
            yield {"method": "HEAD"}
        if operation == "GET /api/jobs/{id}/events/":
            yield {"headers": {"Accept": "text/event-stream"}}

    @staticmethod
    def unnamed(answer, things):
        """What was said, but for what it was said of."""
        status, kind, text = answer.said()
        named = "|".join(rf"\b{value}\b(?!-\d\d-)" for value in things.values())
        return status, kind, MADE.sub("", re.sub(named, "", text))

    def test_lists_nothing_of_strangers(self):
        for actor in STRANGERS + COLLEAGUES:
            for operation, row in OPERATIONS.items():
                if not operation.startswith("GET") or "thing" in row or operation == "GET /metrics":
                    continue
                answer = self.ask(operation, actor, {})
                self.assertNotIn(self.world.canary, answer.text, f"{operation} as {actor}")
                self.assert_described(operation, answer)
        self.assertIn(self.world.canary, self.program.call("GET", "/api/worklogs/", self.world.people["keeper"].token).text)

    def test_takes_no_field_that_is_not_described(self):
        before = self.rows.digests(self.tenants.values())
        things = self.world.people["keeper"].things
        objects = 0

        for operation, described in self.described.items():
            if "requestBody" not in described:
                continue
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            body = self.body(operation, things)
            for path, known in self.document.closed_objects(body, schema):
                objects += 1
                names = sorted({*self.rows.columns, *MORE_NAMES} - known)
                for at in range(0, len(names), NAMES_AT_ONCE):
                    self.assert_refused(operation, body, path, names[at:at + NAMES_AT_ONCE])

        self.assertGreater(objects, 45)
        self.assertEqual(changed(before, self.rows.digests(self.tenants.values())), [])

    def assert_refused(self, operation, body, path, names):
        things = self.world.people["keeper"].things
        who = "staff" if OPERATIONS[operation].get("staff") else "keeper"
        answer = self.ask(operation, who, things, body=with_more(body, path, names))
        # Entries of a list that are taken one by one are refused one by one.
        if answer.status == 200:
            self.assertEqual({item["status"] for item in answer.json["items"]}, {422}, operation)
        else:
            self.assertEqual(answer.status, 422, f"{operation}: {answer.text}")
        told = {text.split()[0].rsplit("/", 1)[1] for text in strings_in(answer.json) if text.startswith("/")}
        self.assertLessEqual(set(names), told, f"{operation}: {answer.text[:500]}")


class OnSqlite(Matrix, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Matrix, unittest.TestCase):
    store_type = Postgres


class Unfenced:
    """That what the tests of a fence alone see is the fence: without it, strangers get what it keeps from them."""

    def test_would_show_strangers_a_thing_if_there_were_no_fence(self):
        actor = "same_user_elsewhere"
        read = lambda: self.ask("GET /api/worklogs/{id}/", actor, self.world.people[actor].things).status
        self.assertEqual(read(), 404)

        self.take_down()
        try:
            unfenced = read()
        finally:
            self.raise_again()

        self.assertEqual(unfenced, 200)
        self.assertEqual(read(), 404)


class BySqlitesFenceAlone(Unfenced, OnSqlite):
    binary = "SECOND_FENCE"

    # The view that each connection raises over a table is of the table's name, and shows the rows of one tenant.
    def take_down(self):
        self.while_stopped("ALTER TABLE worklog RENAME TO worklog_beneath", "CREATE VIEW worklog AS SELECT * FROM worklog_beneath")

    def raise_again(self):
        self.while_stopped("DROP VIEW worklog", "ALTER TABLE worklog_beneath RENAME TO worklog")

    def while_stopped(self, *statements):
        self.program.stop()
        self.store.execute(*statements)
        self.program.start(os.environ[self.binary])


class ByPostgresFenceAlone(Unfenced, OnPostgres):
    binary = "SECOND_FENCE"

    def take_down(self):
        self.store.execute("ALTER TABLE worklog DISABLE ROW LEVEL SECURITY")

    def raise_again(self):
        self.store.execute("ALTER TABLE worklog ENABLE ROW LEVEL SECURITY")
