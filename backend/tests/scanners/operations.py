"""The operations of the running program as forms: each with everything that it takes, filled with what is there, so that it
is answered as it is meant to be before a scanner changes a word.
"""

import copy
import json
import os
import unittest

from asking import OPERATIONS, Asking
from people import claims_of, signed
from website import Form, flat

HOURS = 3600
# Is in everything that the keeper of things wrote.
WORD = "rake"
CANDIDATES = [WORD, "weekly", "2026-03-02", "2026-03-02T10:00:00Z", "2030-03-02T10:00:00Z", "UTC", "en", f"https://{WORD}.example.org",
              f"{WORD}@example.org", 1, 20, True]
# Whoever does these is not who they were any more.
ENDING = {"POST /api/auth/logout/", "POST /system/auth/logout/", "POST /api/tenant/leave/", "POST /api/tenant/transfer/"}
# Headers that reach further than into the program's own parser, and the body of a page's form.
MORE = {
    "POST /api/auth/login/": {"header.User-Agent": "scanner", "header.X-Forwarded-For": "203.0.113.9"},
    "POST /api/auth/token/refresh/": {"header.Cookie": f"refresh={WORD}"},
    "POST /api/skills/recompute/": {"header.Idempotency-Key": WORD},
    "GET /api/worklogs/{id}/": {"header.If-None-Match": '"0"'},
    "GET /api/jobs/{id}/events/": {"header.Last-Event-ID": "0"},
    "POST /s/{token}": {"form.password": WORD},
}
# A credential of which nothing is known yet.
SIGNING_IN = {"GET /api/auth/me/": {"header.Authorization": f"Bearer arp_{WORD}"},
              "GET /system/auth/me/": {"header.Cookie": f"__Host-staff={WORD}"}}


class Operations(Asking, unittest.TestCase):
    """The world of the matrix, written into and served for scanners: sign-ins last for hours, and lines go to a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.stop()
        cls.written = cls.store.folder / "log.txt"
        cls.program.log = open(cls.written, "w")
        cls.addClassCleanup(cls.program.log.close)
        cls.program.environment |= {"LOG_LEVEL": "info", "LOG_FORMAT": "json"}
        del cls.program.environment["SERVICE_TO_SERVICE_SECRET"]
        cls.program.start(os.environ["AFTERRESUME"])
        keeper = cls.world.people["keeper"]
        cls.world.call("POST", "/api/worklogs/", keeper, {
            "content": f"Sold a {WORD}.", "title": WORD, "outcome": WORD, "project": WORD, "tags": [WORD], "occurred_on": "2026-03-02"})
        cls.tokens = {name: cls.lasting(cls.world.people[name].token) for name in ("keeper", "owner", "staff")}

    @staticmethod
    def lasting(token):
        claims = claims_of(token)
        return signed({**claims, "exp": claims["nbf"] + 4 * HOURS})

    @classmethod
    def forms(cls):
        made = [cls().form(operation) for operation in sorted(cls.described, key=in_order)]
        made += [form.emptying for form in made if form.emptying] + [following for form in made if (following := cls().following(form))]
        for operation, fields in SIGNING_IN.items():
            form = Form(operation, place=operation.split()[1] + "anybody/")
            form.fields |= fields
            made.append(form)
        return made

    def form(self, operation):
        """With each optional field that the operation still answers alike with."""
        row = OPERATIONS[operation]
        who = "staff" if row.get("staff") else "owner" if operation.startswith("DELETE") else "keeper"
        headers = {"Origin": self.program.origin}
        if row["right"] != "anybody":
            headers["Authorization"] = f"Bearer {self.token_for(operation, who)}"
        people = self.world.people
        things = {**people["staff"].things, **people["keeper"].things} if who == "staff" else people[who].things
        form = Form(operation, headers, copy.deepcopy(self.body(operation, things)))
        form.fields |= MORE.get(operation, {})
        if "thing" in row:
            form.fields["path.id"] = things.get(row["thing"], 1)
        if "{token}" in operation:
            form.fields["path.token"] = self.world.tokens["share_token"]
        for name in ("file", "queue"):
            if name in row:
                form.fields[f"path.{name}"] = row[name]
        self.fill(form, row)
        if not form.fields:
            form.fields["header.User-Agent"] = WORD
        return form

    @staticmethod
    def beside(form, name):
        """Another form for the operation, about the same thing."""
        other = Form(form.operation, form.headers, place=form.pattern + name)
        other.fields = {name: value for name, value in form.fields.items() if name.startswith("path.")}
        return other

    def following(self, form):
        """The same list from where a page of one thing ended, if it is one that goes on."""
        names = {one["name"] for one in self.described[form.operation].get("parameters", [])}
        if not {"cursor", "page_size"} <= names:
            return None
        following = self.beside(form, "following/")
        following.fields["query.page_size"] = 1
        cursor = json.loads(self.asked(following)[1]).get("next_cursor")
        if cursor is None:
            return None
        following.fields["query.cursor"] = cursor
        assert self.asked(following)[0] == 200, form.operation
        return following

    def token_for(self, operation, who):
        """One of its own for what ends it."""
        if operation.endswith("/logout/"):
            return self.lasting(self.world.log_in(self.world.people[who].email).token)
        return self.lasting(self.world.another(who, "owner").token) if operation in ENDING else self.tokens[who]

    def fill(self, form, row):
        described = self.described[form.operation]
        for name, value in [pair.split("=") for pair in row.get("query", "?").strip("?").split("&") if pair]:
            form.fields[f"query.{name}"] = self.value(value.strip("{}"), self.world.people["keeper"].things) if "{" in value else value
        status, items = self.answered(form)
        expected = row.get("answer") or int(next(iter(described["responses"])))
        assert status == expected, f"{form.operation}: {status}"
        if form.operation in ENDING or form.method == "DELETE":
            return
        wanted = [(one["name"], one["schema"]) for one in described.get("parameters", []) if one["in"] == "query"]
        for name, schema in wanted:
            if f"query.{name}" not in form.fields and name != "cursor":
                self.try_field(form, lambda value, name=name: form.fields.update({f"query.{name}": value}), schema, status, items)
        if form.body is not None:
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            for name, inner in self.document.resolved(schema).get("properties", {}).items():
                if name not in form.body:
                    self.try_field(form, lambda value, name=name: self.with_field(form, name, value), inner, status, items)

    @staticmethod
    def with_field(form, name, value):
        form.body[name] = value
        form.fields |= dict(flat("body", form.body))

    def try_field(self, form, put, schema, status, items):
        """Leaves the first value that is taken. What a list is empty by goes into a form of its own, for in an empty list there
        is nothing to see."""
        kept = copy.deepcopy((form.fields, form.body))
        second = None
        for value in self.candidates(form, schema):
            form.fields, form.body = copy.deepcopy(kept)
            put(value)
            got = self.answered(form)
            if got[0] == status and (got[1] or not items):
                return
            if got[0] == status and second is None:
                second = form.fields, form.body
        if second and items:
            new = {name: value for name, value in second[0].items() if name not in kept[0]}
            form.emptying = form.emptying or self.beside(form, "others/")
            form.emptying.fields |= new
            second = None
        form.fields, form.body = second or kept

    def candidates(self, form, schema):
        schema = self.document.resolved(schema)
        for choice in schema.get("anyOf", schema.get("oneOf", [])):
            yield from self.candidates(form, choice)
        kinds = schema.get("type", [])
        if "array" in kinds:
            yield from ([value] for value in self.candidates(form, schema.get("items", {})))
        elif "object" in kinds:
            yield from ({name: value} for name, inner in schema.get("properties", {}).items() for value in [*self.candidates(form, inner)][:1])
        else:
            yield from [value for value in schema.get("enum", []) if value is not None]
            keeper = self.world.people["keeper"].things
            yield from [value for value in CANDIDATES if isinstance(value, str) == ("string" in kinds or form.method == "GET" and not kinds)]
            yield from [keeper[name] for name in ("work", "report") if "integer" in kinds]

    def answered(self, form):
        """(status, whether it lists anything)"""
        status, text = self.asked(form)
        return status, '"items":[{' in text.replace(" ", "")

    def asked(self, form):
        method, target, data, headers = form.request({})
        connection = self.program.connection
        connection.request(method, target, data, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")


def in_order(operation):
    """What removes a thing comes after what reads it, what replaces all of them at the end."""
    return operation in {"PUT /api/profile/resume-json/", "POST /api/resume/import/"}, operation.startswith("DELETE"), operation
