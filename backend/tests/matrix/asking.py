"""The world of the matrix around a running program, and how an operation is asked."""

import json
import os
import pathlib
import re

from people import NO_ID, World
from program import PASSWORD, SERVICE_SECRET, OneStore, Program, Rows
from schema import Document

MATRIX = json.loads((pathlib.Path(__file__).parent / "matrix.json").read_text())
ACTORS, OPERATIONS = MATRIX["actors"], MATRIX["operations"]
STRANGERS = [name for name, actor in ACTORS.items() if actor.get("tenant") in ("b", "staff", "pending") and not actor.get("by")]


class Asking(OneStore):
    binary = "AFTERRESUME"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = Program(cls.store.folder, cls.store.url)
        cls.program.environment["SERVICE_TO_SERVICE_SECRET"] = SERVICE_SECRET
        cls.program.run(os.environ["AFTERRESUME"], "migrate")
        cls.program.run(os.environ["AFTERRESUME"], "bootstrap")
        cls.world = World(cls.program, cls.store)
        cls.program.start(os.environ["AFTERRESUME"])
        try:
            cls.world.settle()
        finally:
            cls.program.stop()
        cls.store.execute("UPDATE job_queue SET paused = true")
        cls.program.start(os.environ[cls.binary])
        cls.addClassCleanup(cls.program.stop)
        cls.world.furnish()
        cls.rows = Rows(cls.store)
        cls.document = Document(cls.program.call("GET", "/api/openapi.json").json)
        cls.described = dict(cls.document.operations())
        cls.tenants = {name: cls.world.people[person].tenant
                       for name, person in [("a", "keeper"), ("b", "other_owner"), ("closed", "closed_tenant"), ("staff", "staff"),
                                             ("pending", "pending_owner")]}

    def ask(self, operation, actor, things, **more):
        method, path = operation.split()
        row = OPERATIONS[operation]
        filled = lambda text: re.sub(r"\{(\w+)\}", lambda name: str(self.value(name[1], things)), text)
        if "thing" in row:
            path = path.replace("{id}", str(things.get(row["thing"], NO_ID)))
        path = path.replace("{token}", self.world.tokens["share_token"])
        path = path.replace("{queue}", row.get("queue", ""))
        path = path.replace("{file}", row.get("file", ""))
        if suffix := more.pop("suffix", None):
            path = path.rstrip("/") + suffix
        path += filled(more.pop("query", row.get("query", "")))
        body = self.body(operation, things) if "body" not in more else more.pop("body")
        more["headers"] = {"Origin": self.program.origin, **more.get("headers", {})}
        return self.program.call(more.pop("method", method), path, self.world.tokens[actor], body, **more)

    def value(self, name, things):
        known = {"unique": self.world.unique, "password": lambda: PASSWORD, "email": lambda: "keeper@example.org"}
        return known[name]() if name in known else things.get(name, NO_ID)

    def body(self, operation, things):
        def filled(value):
            if isinstance(value, dict):
                return {name: filled(inner) for name, inner in value.items()}
            if isinstance(value, list):
                return [filled(inner) for inner in value]
            if not isinstance(value, str):
                return value
            if re.fullmatch(r"\{\w+\}", value):
                return self.value(value[1:-1], things)
            return re.sub(r"\{(\w+)\}", lambda name: str(self.value(name[1], things)), value)
        return filled(OPERATIONS[operation]["body"]) if "body" in OPERATIONS[operation] else None
