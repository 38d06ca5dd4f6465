"""A history as a program answers it: names stand for what the program itself made up, and what it says is told without that."""

import copy
import dataclasses
import functools
import json
import re
import time
from collections.abc import Callable

from people import claims_of, totp
from program import wait_for

# For so long the parent of a refresh token may be used again; less than it is.
GRACE = 9
MADE_UP = re.compile("|".join(rf"(?P<{kind}>{pattern})" for kind, pattern in [
    ("access", r"eyJ[\w-]+\.[\w-]+\.[\w-]+"),
    ("picture", r"<svg.*?</svg>"),
    ("uuid", r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("time", r"\d{4}-\d\d-\d\dT[\d:.]+Z"),
    ("day", r"\d{4}-\d\d-\d\d"),
    ("code", r"[0-9a-f]{5}(?:-[0-9a-f]{5}){3}"),
    ("token", r"[\w-]{40,}"),
    ("secret", r"\b[A-Z2-7]{32}\b"),
    ("size", r'(?<="bytes":)\d+'),
    ("id", r"\d{4,}"),
]))
# Told apart by the order in which they come; of the others nothing but that they are there. Access tokens of one second are the
# same.
TOLD_APART = {"uuid", "code", "token", "secret", "id"}


@dataclasses.dataclass
class Step:
    """One request and what the reference foretells of the answer."""
    method: str
    path: str
    status: int
    code: str | None = None
    # The name of a credential, or of a refresh token.
    by: str | None = None
    cookie: str | None = None
    body: dict | None = None
    agent: str = "histories"
    # What is known by which name from then on.
    kept: dict[str, Callable] = dataclasses.field(default_factory=dict)
    # Asked again until it is so; what was said is not compared then.
    until: Callable | None = None
    # Foretold for the case that no more than a moment has passed since the step before.
    soon: bool = False


def at(*path):
    return lambda answer, known: functools.reduce(lambda value, key: value[key], path, answer.json)


def refresh_cookie(answer, known):
    return answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]


def session_id(answer, known):
    return claims_of(answer.json["access_token"])["sid"]


def membership_of(person):
    def find(answer, known):
        return next(member["id"] for member in answer.json["items"] if member["user_id"] == known[person])
    return find


class Difference(Exception):
    pass


class Late(Exception):
    """The machine stood still for so long that something else was right."""


class Player:
    def __init__(self, program, life):
        self.program = copy.copy(program)
        self.program.connection = None
        self.life = life
        self.known = {"life": life}
        self.order = {}
        self.sent_at = 0

    def play(self, history):
        """What was said at each step."""
        try:
            return [self.take(number, step) for number, step in enumerate(history.steps)]
        finally:
            if self.program.connection:
                self.program.connection.close()

    def take(self, number, step):
        before, self.sent_at = self.sent_at, time.monotonic()
        answer = wait_for(lambda: self.ask_until(step)) if step.until else self.ask(step)
        if step.soon and time.monotonic() - before > GRACE:
            raise Late
        code = answer.json.get("code") if answer.status >= 400 else None
        if answer.status != step.status or step.code not in (None, code):
            raise Difference(f"step {number}, {step.method} {step.path}: foretold {step.status} {step.code or ''}, "
                             f"answered {answer.status} {answer.text[:300]}")
        for name, find in step.kept.items():
            self.known[name] = find(answer, self.known)
        if step.until:
            return step.method, step.path
        return step.method, step.path, answer.status, answer.headers.get("Content-Type"), self.told(answer.text)

    def ask_until(self, step):
        answer = self.ask(step)
        return answer if answer.status == step.status and step.until(answer) else None

    def ask(self, step):
        headers = {"User-Agent": step.agent}
        if step.cookie:
            headers["Cookie"] = f"refresh={self.known[step.cookie]}"
        token = self.known[step.by] if step.by else None
        return self.program.call(step.method, self.filled(step.path), token, self.filled(step.body), headers)

    def filled(self, value):
        if isinstance(value, dict):
            return {name: self.filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        if whole := re.fullmatch(r"\{([^{}]+)\}", value):
            return self.value(whole[1])
        return re.sub(r"\{([^{}]+)\}", lambda name: str(self.value(name[1])), value)

    def value(self, name):
        if name.startswith("totp of "):
            return totp(self.known[name.removeprefix("totp of ")])
        return self.known[name]

    def told(self, text):
        """Without what is another on each installation, and the order of members, which JSON does not know."""
        if text[:1] == "{":
            text = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
        # An id may be the port's number, too.
        text = re.sub(rf'(?<!"):{self.program.port}\b', "", text.replace(self.life, "life"))
        return MADE_UP.sub(self.name_of, text)

    def name_of(self, found):
        kind = found.lastgroup
        if kind not in TOLD_APART:
            return kind
        return f"{kind} {self.order.setdefault(found[0], len(self.order))}"
