"""What ends with what: each way of ending what somebody may, and every credential, stream, link and job that they had, on
both databases (OWASP ASVS 5.0, 7.4.1-7.4.5 and 8.3.2). All ends come at once, so that those that take a moment do so together.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix:../cookies python3 -m unittest endings_test
"""

import os
import socket
import threading
import time
import unittest

from cookies_test import Page
from people import PASSWORD, OneProgram, Person, totp
from program import Postgres, Sqlite, wait_for

NEW_PASSWORD = "marble fjord 58 cactus"
KINDS = ["access", "refresh", "token", "cookie", "stream", "share", "job"]
OF_A_SESSION = {"access", "refresh", "stream"}
OF_AN_EPOCH = {*OF_A_SESSION, "token", "cookie"}
EVERYTHING = set(KINDS)


class Stream:
    """The events of a job, followed by a client that only listens."""

    def __init__(self, port, path, token):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                            "Accept: text/event-stream\r\nConnection: close\r\n\r\n".encode())
        self.begin = self.socket.recv(4096)
        self.socket.settimeout(None)
        self.closed_at = None
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        try:
            while self.socket.recv(4096):
                pass
        except OSError:
            pass
        self.closed_at = time.monotonic()


class Somebody:
    """An administrator of the host's tenant, who operates the installation, too, with one of each kind in hand."""

    def __init__(self, world, number, host):
        self.world, self.program, self.host = world, world.program, host
        self.first = world.join(f"somebody{number}", host, "admin")
        self.email, self.codes = self.first.email, []
        world.store.execute(f"UPDATE app_user SET is_staff = true, may_operate = true WHERE id = {self.first.id}")
        world.call("POST", "/api/worklogs/", self.first, {"content": "Wrote it all down."})
        world.call("POST", "/api/reports/generate/", self.first, {"kind": "weekly"})

    # Without workers, so that the job stays queued.
    def take_hold(self):
        call = self.world.call
        reports = call("GET", "/api/reports/?kind=weekly", self.first).json["items"]
        self.share = call("POST", "/api/shares/", self.first, {"report_id": reports[0]["id"]}).json["token"]
        self.device = self.log_in()
        made = call("POST", "/api/auth/tokens/", self.first, {"name": "CLI", "scopes": ["write"]}).json
        self.token = made["token"]
        self.page = Page(self.step("/system/auth"))
        self.job = call("POST", "/api/worklogs/", self.device, {"content": "Waits its turn."}).json["job_ids"][0]
        self.stream = Stream(self.program.port, f"/api/jobs/{self.job}/events/", self.device.token)

    def step(self, place):
        headers = {"Origin": self.program.origin}
        answer = self.program.call("POST", f"{place}/login/", None, {"email": self.email, "password": PASSWORD}, headers)
        if answer.json["mfa_required"]:
            body = {"mfa_token": answer.json["mfa_token"], "code": self.codes.pop()}
            answer = self.program.call("POST", f"{place}/mfa/", None, body, headers)
        return answer

    def log_in(self):
        return Person(self.email, self.step("/api/auth"))

    def add_factor(self):
        secret = self.world.call("POST", "/api/auth/mfa/totp/", self.first).json["secret"]
        body = {"code": totp(secret)}
        self.codes = self.world.call("POST", "/api/auth/mfa/totp/confirm/", self.first, body).json["recovery_codes"]

    def membership(self):
        members = self.world.call("GET", "/api/tenant/members/?page_size=100", self.host).json["items"]
        return f"/api/tenant/members/{next(member['id'] for member in members if member['user_id'] == self.first.id)}/"

    def has(self, kind):
        """Whether it still changes something, or shows what it showed."""
        return getattr(self, f"has_{kind}")()

    def writes_by(self, token):
        return self.program.call("POST", "/api/worklogs/", token, {"content": "Once more."}).status == 201

    def has_access(self):
        return self.writes_by(self.device.token)

    def has_refresh(self):
        answer = self.program.call("POST", "/api/auth/token/refresh/", headers={"Cookie": f"refresh={self.device.refresh}"})
        # What the access token of it may do is believed for a second; what is said of it is true at once.
        return answer.status == 200 and answer.json["user"]["role"] == "admin"

    def has_token(self):
        return self.writes_by(self.token)

    def has_cookie(self):
        headers = {"Cookie": self.page.cookie, "X-CSRF-Token": self.page.token, "Origin": self.program.origin}
        return self.program.call("POST", "/system/flags/", None, {"flag": "maintenance", "on": False}, headers).status == 200

    def has_stream(self):
        return self.stream.closed_at is None

    def has_share(self):
        return self.program.call("GET", f"/api/share/{self.share}/").status == 200


def by_host(method, body=None):
    return lambda one: one.world.call(method, one.membership(), one.host, body)


def by_operator(method, rest="", body=None):
    return lambda one: one.world.call(method, f"/api/admin/users/{one.first.id}/{rest}", one.world.people["host"], body)


def by_owner_of_the_database(sql):
    return lambda one: one.world.store.execute(sql.format(one.first.id))


def of_ones_own(method, path, body=None):
    return lambda one: one.world.call(method, path, one.first, body() if body else None)


def sign_out_elsewhere(one):
    for session in one.world.call("GET", "/api/auth/sessions/", one.first).json["items"]:
        if not session["current"]:
            one.world.call("DELETE", f"/api/auth/sessions/{session['id']}/", one.first)


def leave_page(one):
    headers = {"Cookie": one.page.cookie, "X-CSRF-Token": one.page.token, "Origin": one.program.origin}
    assert one.program.call("POST", "/system/auth/logout/", headers=headers).status == 204


OF_THE_TENANT = "the end of the tenant"
# How it is ended, and what ends by it; all else goes on.
ENDS = {
    "signing out": (lambda one: one.world.call("POST", "/api/auth/logout/", one.device), OF_A_SESSION),
    "signing an operator's page out": (leave_page, {"cookie"}),
    "being signed out from another device": (sign_out_elsewhere, {*OF_A_SESSION, "cookie"}),
    "a new password": (of_ones_own("POST", "/api/auth/password/change/",
                                   lambda: {"current": PASSWORD, "password": NEW_PASSWORD}), OF_AN_EPOCH),
    "a second factor": (lambda one: one.add_factor(), OF_AN_EPOCH),
    "no second factor any more": (lambda one: one.world.call("POST", "/api/auth/mfa/totp/remove/", one.first,
                                                             {"code": one.codes.pop()}), OF_AN_EPOCH),
    "no second factor any more by an operator": (by_operator("POST", "remove-second-factor/"), OF_AN_EPOCH),
    "being signed out by an operator": (by_operator("POST", "sign-out/"), OF_AN_EPOCH),
    "being deactivated by an operator": (by_operator("PATCH", body={"status": "deactivated"}), EVERYTHING),
    "a lesser role": (by_host("PATCH", {"role": "read_only"}), EVERYTHING - {"stream"}),
    "suspension": (by_host("PATCH", {"status": "suspended"}), EVERYTHING),
    "removal": (by_host("DELETE"), EVERYTHING),
    "leaving": (of_ones_own("POST", "/api/tenant/leave/"), EVERYTHING),
    OF_THE_TENANT: (lambda one: one.world.call("POST", "/api/tenant/delete/", one.host, {"password": PASSWORD}), EVERYTHING),
    "the end of the account": (of_ones_own("POST", "/api/auth/delete/", lambda: {"password": PASSWORD}), EVERYTHING),
    "a disabled account": (by_owner_of_the_database("UPDATE app_user SET is_active = false WHERE id = {}"), EVERYTHING),
    "operating no more": (by_owner_of_the_database("UPDATE app_user SET is_staff = false WHERE id = {}"), {"cookie"}),
}
# Seconds that a stream may go on after what it rests on has ended.
LONGEST_STREAM = 5
# What asks the database each time. Access tokens are believed for a second, streams are looked after every two.
AT_ONCE = ["refresh", "token", "cookie", "share"]


class Endings(OneProgram):
    maxDiff = None
    words = ("migrate",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        host, leaver = cls.world.sign_up("host"), cls.world.sign_up("leaver")
        cls.store.execute(f"UPDATE app_user SET is_staff = true, may_operate = true WHERE id = {host.id}")
        cls.people = {end: Somebody(cls.world, number, leaver if end == OF_THE_TENANT else host) for number, end in enumerate(ENDS)}
        for one in cls.people.values():
            wait_for(lambda one=one: cls.world.call("GET", "/api/reports/?kind=weekly", one.first).json["items"])
        cls.restart("true")
        for end in ENDS:
            if end.startswith("no second factor"):
                cls.people[end].add_factor()
        for one in cls.people.values():
            one.take_hold()

    @classmethod
    def restart(cls, paused):
        cls.program.stop()
        cls.store.execute(f"UPDATE job_queue SET paused = {paused}")
        cls.program.start(os.environ["AFTERRESUME"])

    def test_reach_all_that_rests_on_what_ended_and_nothing_else(self):
        for one in self.people.values():
            self.assertIn(b" 200 ", one.stream.begin)
            self.assertEqual([kind for kind in ("access", "token", "cookie", "stream", "share") if not one.has(kind)], [])
        ended_at, found = {}, {}
        for end, (act, dead) in ENDS.items():
            one = self.people[end]
            act(one)
            ended_at[end] = time.monotonic()
            found[end] = {kind for kind in AT_ONCE if not one.has(kind)}
        seconds = self.wait_for_access_and_streams(ended_at, found)
        self.restart("false")
        for end, one in self.people.items():
            if self.outcome(one) != "success":
                found[end].add("job")

        self.assertEqual({end: sorted(kinds) for end, kinds in found.items()},
                         {end: sorted(dead) for end, (_, dead) in ENDS.items()})
        self.assertLess(seconds["stream"], LONGEST_STREAM)
        print(f"{type(self).__name__}: access tokens ended within {seconds['access']:.2f} s, streams within {seconds['stream']:.2f} s",
              flush=True)

    def wait_for_access_and_streams(self, ended_at, found):
        """The longest that either took."""
        seconds = {"access": 0, "stream": 0}
        for kind in ("access", "stream"):
            for end, (_, dead) in ENDS.items():
                one = self.people[end]
                if kind in dead:
                    wait_for(lambda: not one.has(kind))
                    at = one.stream.closed_at if kind == "stream" else time.monotonic()
                    seconds[kind] = max(seconds[kind], at - ended_at[end])
        for end, one in self.people.items():
            found[end] |= {kind for kind in ("access", "stream") if not one.has(kind)}
        return seconds

    def outcome(self, one):
        """What became of the queued job, by the database: whoever asked for it may see nothing any more."""
        def look():
            rows = self.store.execute(f"SELECT status FROM job WHERE id = '{one.job}'")
            status = rows[0][0] if rows else "gone"
            return status not in ("queued", "running") and status
        return wait_for(look)


class OnSqlite(Endings, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Endings, unittest.TestCase):
    store_type = Postgres
