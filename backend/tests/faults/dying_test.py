"""The program dies by kill -9 at each commit of a request, before it and after it, so that the reply is lost; then what was
asked is asked again. Secrets that count once, and requests with an Idempotency-Key, on both databases.

    DYING=PROGRAM PYTHONPATH=../matrix:../cookies python3 -m unittest dying_test
"""

import http.client
import itertools
import os
import signal
import unittest
import uuid

from mails import MailServer, mailed_code
from people import PASSWORD, OneProgram, totp
from program import Postgres, Sqlite, wait_for

NEW_PASSWORD = "marble fjord 58 cactus"
BEFORE, AFTER = 0, 1


def made(answer):
    return answer.status < 300


class Dying(OneProgram):
    build = "DYING"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.host = cls.world.sign_up("host")
        cls.outbox = cls.store.folder / "outbox"

    def call(self, method, path, token=None, body=None, headers=None):
        return self.program.call(method, path, token, body, headers)

    def is_answered(self, place, commit, request):
        """Whether the request came through alive: it has not so many commits. Else the program is started again."""
        method, path, token, body, headers = request
        wish = f"dead{place}{commit:03x}{str(uuid.uuid4())[8:]}"
        try:
            answer = self.call(method, path, token, body, {**headers, "X-Correlation-ID": wish})
        except (http.client.HTTPException, OSError):
            self.assertEqual(self.program.process.wait(60), -signal.SIGKILL)
            self.program.connection.close()
            self.program.connection = None
            self.program.start(os.environ["DYING"])
            return False
        self.assertTrue(made(answer), answer.text)
        return True

    def die_at_each_commit(self, prepare, check):
        """prepare() gives something to do; check() looks at it after a death."""
        for place in (BEFORE, AFTER):
            for commit in itertools.count(1):
                one = prepare()
                with self.subTest(place=["before", "after"][place], commit=commit):
                    if self.is_answered(place, commit, one.request):
                        break
                    check(one)
            self.assertGreater(commit, 1)

    def use_once(self, prepare):
        self.die_at_each_commit(prepare, self.check_used_once)

    def check_used_once(self, one):
        took_effect = one.effects() == 1
        again = one.again()
        self.assertNotEqual(took_effect, made(again), again.text)
        self.assertEqual(one.effects(), 1)
        self.assertFalse(made(one.again()))
        self.assertEqual(one.effects(), 1)

    def do_once(self, prepare):
        self.die_at_each_commit(prepare, self.check_done_once)

    def check_done_once(self, one):
        took_effect = one.effects() == 1
        first, second = one.again(), one.again()
        self.assertTrue(made(first), first.text)
        self.assertEqual(first.text, second.text)
        self.assertEqual(took_effect, first.headers.get("Idempotent-Replayed") == "true")
        self.assertEqual(second.headers.get("Idempotent-Replayed"), "true")
        self.assertEqual(one.effects(), 1)

    def count(self, sql):
        return int(self.store.execute(sql)[0][0])

    def restart_with(self, environment):
        self.program.stop()
        self.program.environment = environment
        self.program.start(os.environ["DYING"])

    def send_mails(self):
        """By a server, for this test: so whoever signs up is sent a link. They lie where all others do."""
        server = MailServer(self.outbox)
        self.addCleanup(server.close)
        before = self.program.environment
        self.addCleanup(self.restart_with, before)
        self.restart_with({**before, **server.settings})

    def test_a_refresh_whose_answer_is_lost_is_repeated_within_its_grace(self):
        def prepare():
            person = self.world.sign_up(self.world.unique())
            return One(self, "POST", "/api/auth/token/refresh/", headers={"Cookie": f"refresh={person.refresh}"},
                       count=f"SELECT count(*) - 1 FROM refresh_token WHERE user_id = {person.id}")

        def check(one):
            first, second = one.again(), one.again()
            self.assertTrue(made(first), first.text)
            successor = first.headers["Set-Cookie"].split(";")[0]
            self.assertEqual(successor, second.headers["Set-Cookie"].split(";")[0])
            self.assertEqual(one.effects(), 1)
            self.assertTrue(made(self.call("POST", "/api/auth/token/refresh/", headers={"Cookie": successor})))
            # Of the grandparent, within its own grace: refused, and nobody is signed out by it.
            self.assertEqual(one.again().status, 401)
            self.assertEqual(one.effects(), 2)

        self.die_at_each_commit(prepare, check)

    def test_a_passkey_makes_one_account(self):
        def prepare():
            code, email = self.world.invite(self.host, "member"), f"{self.world.unique()}@example.org"
            body = {"email": email, "password": PASSWORD, "display_name": "Someone", "invitation": code}
            return One(self, "POST", "/api/auth/signup/", body=body,
                       count=f"SELECT count(*) FROM app_user WHERE email_folded = '{email}'")

        def check(one):
            self.check_used_once(one)
            other = {**one.request[3], "email": f"{self.world.unique()}@example.org"}
            self.assertEqual(self.call("POST", "/api/auth/signup/", None, other).status, 410)

        self.die_at_each_commit(prepare, check)

    def test_the_code_of_a_mail_makes_one_account(self):
        self.send_mails()

        def prepare():
            email = f"{self.world.unique()}@example.org"
            self.call("POST", "/api/auth/signup/", None, {"email": email, "password": PASSWORD, "display_name": "Someone"})
            body = {"code": mailed_code(self.outbox, email, "signup"), "password": PASSWORD}
            one = One(self, "POST", "/api/auth/signup/confirm/", body=body,
                      count=f"SELECT count(*) FROM app_user WHERE email_folded = '{email}'")
            one.email = email
            return one

        def check(one):
            self.check_used_once(one)
            # Whoever never saw the answer has the account, and one tenant with it.
            theirs = self.world.call("GET", "/api/tenants/", self.world.log_in(one.email)).json["items"]
            self.assertEqual([tenant["role"] for tenant in theirs], ["owner"])

        self.die_at_each_commit(prepare, check)

    def test_the_code_of_a_mail_sets_one_password(self):
        def prepare():
            person = self.world.sign_up(self.world.unique())
            self.call("POST", "/api/auth/password/forgot/", None, {"email": person.email})
            body = {"code": mailed_code(self.outbox, person.email, "reset"), "password": NEW_PASSWORD}
            return One(self, "POST", "/api/auth/password/reset/", body=body,
                       count=f"SELECT count(*) FROM auth_event WHERE user_id = {person.id} AND name = 'password_reset'")
        self.use_once(prepare)

    def test_the_code_of_a_mail_proves_an_address_once(self):
        def prepare():
            person = self.world.sign_up(self.world.unique())
            return One(self, "POST", "/api/auth/email/verify/", body={"code": mailed_code(self.outbox, person.email, "verify")},
                       count=f"SELECT count(*) FROM app_user WHERE id = {person.id} AND email_verified_at IS NOT NULL")
        self.use_once(prepare)

    def with_factor(self):
        """Somebody with an authenticator: who, its secret, and the recovery codes."""
        person = self.world.sign_up(self.world.unique())
        secret = self.world.call("POST", "/api/auth/mfa/totp/", person).json["secret"]
        codes = self.world.call("POST", "/api/auth/mfa/totp/confirm/", person, {"code": totp(secret)}).json["recovery_codes"]
        return person, secret, codes

    def second_step(self, person, code, door="/api/auth"):
        ours = {"Origin": self.program.origin}

        def body():
            login = {"email": person.email, "password": PASSWORD}
            return {"mfa_token": self.call("POST", f"{door}/login/", None, login, ours).json["mfa_token"], "code": code}

        return One(self, "POST", f"{door}/mfa/", body=body, headers=ours,
                   count=f"SELECT count(*) - 1 FROM session WHERE user_id = {person.id}")

    def test_a_recovery_code_lets_in_once(self):
        def prepare():
            person, _, codes = self.with_factor()
            return self.second_step(person, codes[0])
        self.use_once(prepare)

    def test_a_code_of_an_authenticator_lets_in_once(self):
        def prepare():
            person, secret, _ = self.with_factor()
            return self.second_step(person, totp(secret, 1))
        self.use_once(prepare)

    def test_a_code_lets_an_operator_in_once(self):
        def prepare():
            person, secret, _ = self.with_factor()
            self.store.execute(f"UPDATE app_user SET is_staff = true WHERE id = {person.id}")
            return self.second_step(person, totp(secret, 1), "/system/auth")
        self.use_once(prepare)

    def report(self):
        self.world.call("POST", "/api/reports/generate/", self.host, {"kind": "weekly"})
        return wait_for(lambda: self.world.call("GET", "/api/reports/?kind=weekly", self.host).json["items"])[0]["id"]

    def test_a_link_that_may_be_followed_once_is(self):
        report = self.report()

        def prepare():
            made = self.world.call("POST", "/api/shares/", self.host, {"report_id": report, "most_views": 1}).json
            return One(self, "GET", f"/api/share/{made['token']}/",
                       count=f"SELECT count(*) FROM share_view WHERE share_id = {made['share']['id']}")
        self.use_once(prepare)

    def keyed(self, path, token, body, count):
        return One(self, "POST", path, token, body, {"Idempotency-Key": self.world.unique()}, count)

    def test_a_personal_token_is_made_once_and_shown(self):
        def prepare():
            name = self.world.unique()
            return self.keyed("/api/auth/tokens/", self.host.token, {"name": name, "scopes": ["read"]},
                              f"SELECT count(*) FROM personal_token WHERE name = '{name}'")

        def check(one):
            self.check_done_once(one)
            self.assertEqual(self.call("GET", "/api/auth/me/", one.again().json["token"]).status, 200)

        self.die_at_each_commit(prepare, check)

    def test_an_invitation_is_made_once_and_shown(self):
        def prepare():
            email = f"{self.world.unique()}@example.org"
            return self.keyed("/api/invitations/", self.host.token, {"role": "member", "email": email},
                              f"SELECT count(*) FROM invitation WHERE email_folded = '{email}'")
        self.do_once(prepare)

    def test_a_share_link_is_made_once_and_shown(self):
        report = self.report()

        def prepare():
            name = self.world.unique()
            body = {"report_id": report, "name": name, "password": PASSWORD}
            return self.keyed("/api/shares/", self.host.token, body, f"SELECT count(*) FROM share_link WHERE name = '{name}'")

        def check(one):
            self.check_done_once(one)
            path = f"/api/share/{one.again().json['token']}/"
            self.assertEqual(self.call("POST", path, None, {"password": PASSWORD}).status, 200)

        self.die_at_each_commit(prepare, check)

    def test_a_tenant_is_made_once(self):
        def prepare():
            person, name = self.world.sign_up(self.world.unique()), self.world.unique()
            return self.keyed("/api/tenants/", person.token, {"name": name}, f"SELECT count(*) FROM tenant WHERE name = '{name}'")
        self.do_once(prepare)

    def joining(self, headers=None):
        """Somebody else accepts an invitation of the host's."""
        person = self.world.sign_up(self.world.unique())
        return One(self, "POST", "/api/invitations/accept/", person.token, {"code": self.world.invite(self.host, "member")}, headers,
                   f"SELECT count(*) - 1 FROM membership WHERE user_id = {person.id}")

    def test_a_tenant_is_joined_once(self):
        self.do_once(lambda: self.joining({"Idempotency-Key": self.world.unique()}))

    def test_an_invitation_lets_one_in(self):
        def check(one):
            self.check_used_once(one)
            other = self.world.sign_up(self.world.unique())
            self.assertEqual(self.call("POST", one.path, other.token, one.body).status, 410)

        self.die_at_each_commit(self.joining, check)


class One:
    """Something to do once: the request, and a statement that counts its effects."""

    def __init__(self, test, method, path, token=None, body=None, headers=None, count=None):
        self.test, self.method, self.path, self.token = test, method, path, token
        self.body, self.headers, self.statement = body, headers or {}, count

    @property
    def request(self):
        body = self.body() if callable(self.body) else self.body
        return self.method, self.path, self.token, body, self.headers

    def again(self):
        return self.test.call(*self.request)

    def effects(self):
        return self.test.count(self.statement)


class OnSqlite(Dying, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Dying, unittest.TestCase):
    store_type = Postgres


if __name__ == "__main__":
    unittest.main()
