"""What browsers send by themselves, as pages of others would have them send it: the cookie of operators' pages and the
refresh cookie, on both databases, by raw HTTP to the running program (OWASP ASVS 5.0, 3.3.1-3.3.4 and 3.5.1-3.5.3).

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest cookies_test
"""

import hashlib
import os
import unittest

from people import PASSWORD, OneProgram, totp
from program import Postgres, Sqlite, wait_for

STAFF = "staff@example.org"
LOGIN = {"email": STAFF, "password": PASSWORD}
FLAG = {"flag": "disable_sharing", "on": True}
# What no refused request may change.
UNCHANGED = [(table, "1 = 1") for table in ("session", "refresh_token", "one_time_code", "operator_act", "feature_flag", "totp",
                                            "membership", "tenant")]


class Page:
    """What a browser keeps of a sign-in."""

    def __init__(self, answer):
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.token = answer.json["csrf_token"]


class Cookies(OneProgram):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = {"Origin": cls.program.origin}

    def post(self, path, body=None, headers=None):
        return self.program.call("POST", path, None, body, headers)

    def sign_in(self, body=LOGIN, **headers):
        answer = self.post("/system/auth/login/", body, {**self.ours, **headers})
        self.assertEqual(answer.status, 200, answer.text)
        return Page(answer)

    def by(self, page, method, path, body=None, **headers):
        sent = {"Cookie": page.cookie, "X-CSRF-Token": page.token, **self.ours, **headers}
        return self.program.call(method, path, None, body, {name: value for name, value in sent.items() if value is not None})

    def is_signed_in(self, page):
        return self.by(page, "GET", "/system/auth/me/").status == 200

    def rows(self):
        return self.store.digests(UNCHANGED)

    def test_are_for_one_host_and_no_script(self):
        answer = self.post("/system/auth/login/", LOGIN, self.ours)
        pair, *attributes = answer.headers["Set-Cookie"].split("; ")
        name, secret = pair.split("=")
        self.assertEqual(name, "__Host-staff")
        self.assertEqual(set(attributes), {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"})
        self.assertGreaterEqual(len(secret), 43)
        self.assertNotIn(secret, answer.text)
        self.assertNotIn("access_token", answer.json)

        people = self.post("/api/auth/login/", LOGIN)
        for given in (answer, people):
            self.assertEqual(given.headers["Cache-Control"], "no-store")
        refresh = people.headers["Set-Cookie"].split("; ")
        self.assertEqual(set(refresh[1:]), {"Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=2592000"})

    def test_are_kept_as_a_hash(self):
        page = self.sign_in()
        secret = page.cookie.split("=")[1]
        kept = {str(row[0]) for row in self.store.execute(f"SELECT {self.hex_of_cookie} FROM session WHERE cookie_hash IS NOT NULL")}
        self.assertIn(hashlib.sha256(secret.encode()).hexdigest(), {text.lower() for text in kept})
        for table, column in self.store.execute(self.store.tables_sql):
            found = self.store.execute(f"SELECT 1 FROM {table} WHERE CAST({column} AS text) LIKE '%{secret}%' LIMIT 1")
            self.assertFalse(found, f"{table}.{column}")

    def test_let_pages_of_ours_change_something(self):
        page = self.sign_in()
        ways = [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "Origin": None},
                {"Content-Type": "application/json; charset=utf-8"}]
        for headers in ways:
            answer = self.by(page, "POST", "/system/flags/", FLAG, **headers)
            self.assertEqual(answer.status, 200, f"{headers}: {answer.text}")
        me = self.by(page, "GET", "/system/auth/me/", **{"X-CSRF-Token": None, "Origin": None})
        self.assertEqual((me.json["csrf_token"], me.json["user"]["email"]), (page.token, STAFF))

    def test_let_no_other_page_change_anything(self):
        page, other = self.sign_in(), self.sign_in()
        secret = page.cookie.split("=")[1]
        csrf, foreign, no_json = (403, "request.csrf_token"), (403, "request.foreign_page"), (415, "request.not_json")
        table = [
            ("no token", {"X-CSRF-Token": None}, csrf),
            ("an empty token", {"X-CSRF-Token": ""}, csrf),
            ("the token of another session of theirs", {"X-CSRF-Token": other.token}, csrf),
            ("the cookie as the token", {"X-CSRF-Token": secret}, csrf),
            ("the same made-up text as token and beside the cookie",
             {"X-CSRF-Token": "a" * 43, "Cookie": f"{page.cookie}; csrf={'a' * 43}"}, csrf),
            ("a token that was cut short", {"X-CSRF-Token": page.token[:-1]}, csrf),
            ("a foreign origin", {"Origin": "https://evil.example"}, foreign),
            ("an origin that is hidden", {"Origin": "null"}, foreign),
            ("an origin of another port", {"Origin": self.program.origin + "0"}, foreign),
            ("an origin that begins like ours", {"Origin": self.program.origin + ".evil.example"}, foreign),
            ("our origin by another scheme", {"Origin": self.program.origin.replace("http", "https")}, foreign),
            ("neither origin nor site", {"Origin": None}, foreign),
            ("no more than a referer", {"Origin": None, "Referer": self.program.origin + "/"}, foreign),
            ("another site", {"Sec-Fetch-Site": "cross-site"}, foreign),
            ("another site without its origin", {"Sec-Fetch-Site": "cross-site", "Origin": None}, foreign),
            ("another host of the site", {"Sec-Fetch-Site": "same-site", "Origin": None}, foreign),
            ("JSON as plain text", {"Content-Type": "text/plain"}, no_json),
            ("JSON of no type", {"Content-Type": ""}, no_json),
            ("a form", {"Content-Type": "application/x-www-form-urlencoded"}, no_json),
            ("a form with files", {"Content-Type": "multipart/form-data; boundary=x"}, no_json),
        ]
        before = self.rows()
        for what, headers, expected in table:
            answer = self.by(page, "POST", "/system/flags/", {"flag": "maintenance", "on": True}, **headers)
            self.assertEqual((answer.status, answer.json["code"]), expected, what)
        for what, headers, expected in table:
            if expected == no_json:
                continue
            for path in ("/system/auth/logout/", "/system/jobs/01a1ff82-947a-707a-8e8a-250740f6c615/cancel/"):
                answer = self.by(page, "POST", path, **headers)
                self.assertEqual((answer.status, answer.json["code"]), expected, f"{what} {path}")
        self.assertEqual(self.rows(), before)
        self.assertTrue(self.is_signed_in(page))
        trail = self.program.call("GET", "/api/tenant/audit/?page_size=100", self.world.log_in(STAFF).token).json["items"]
        self.assertIn("permission_denied", {item["name"] for item in trail})

    def test_are_needed_by_no_bearer_token(self):
        page, token = self.sign_in(), self.world.log_in(STAFF).token
        for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Cookie": page.cookie},
                        {"Content-Type": "text/plain"}):
            answer = self.program.call("POST", "/system/flags/", token, FLAG, headers)
            self.assertEqual(answer.status, 200, f"{headers}: {answer.text}")
        wrong = self.program.call("GET", "/system/overview/", token + "x", headers={"Cookie": page.cookie})
        self.assertEqual(wrong.status, 401)

    def test_are_no_credential_elsewhere(self):
        page = self.sign_in()
        secret = page.cookie.split("=")[1]
        before = self.rows()
        for method, path, body in [("GET", "/api/auth/me/", None), ("POST", "/api/worklogs/", {"content": "a"}),
                                   ("POST", "/api/auth/logout/", None), ("GET", "/api/tenant/members/", None),
                                   ("POST", "/api/auth/token/refresh/", None)]:
            self.assertEqual(self.by(page, method, path, body).status, 401, path)
        for name in ("staff", "__Secure-staff", "__host-staff", "refresh", "__Host-staff2"):
            answer = self.program.call("GET", "/system/overview/", headers={"Cookie": f"{name}={secret}"})
            self.assertEqual(answer.status, 401, name)
        self.assertEqual(self.program.call("GET", "/system/overview/", secret).status, 401)
        for made_up in ("", "a", "a" * 43, "'", secret[:-1], secret + "a"):
            answer = self.program.call("GET", "/system/overview/", headers={"Cookie": f"__Host-staff={made_up}"})
            self.assertEqual((answer.status, answer.json["code"]), (401, "accounts.not_signed_in"), made_up)
        self.assertEqual(self.rows(), before)

    def test_sign_nobody_in_for_another_page(self):
        refresh = self.world.log_in(STAFF).refresh
        person = {"email": "victim@example.org", "password": PASSWORD, "display_name": "Victim"}
        table = [("/system/auth/login/", LOGIN), ("/system/auth/mfa/", {"mfa_token": "a", "code": "123456"}),
                 ("/api/auth/login/", LOGIN), ("/api/auth/mfa/", {"mfa_token": "a", "code": "123456"}),
                 ("/api/auth/signup/", person), ("/api/auth/signup/confirm/", {"code": "a", "password": PASSWORD}),
                 ("/api/auth/token/refresh/", {}), ("/api/tenants/switch/", {"tenant_id": 1})]
        before = self.rows()
        for path, body in table:
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                            {"Sec-Fetch-Site": "same-site"}, {**self.ours, "Sec-Fetch-Site": "cross-site"}):
                answer = self.post(path, body, {"Cookie": f"refresh={refresh}", **headers})
                self.assertEqual((answer.status, answer.json["code"]), (403, "request.foreign_page"), f"{path} {headers}")
                self.assertNotIn("Set-Cookie", answer.headers)
            for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
                answer = self.post(path, body, {"Cookie": f"refresh={refresh}", **self.ours, "Content-Type": kind})
                self.assertEqual((answer.status, answer.json["code"]), (415, "request.not_json"), f"{path} {kind}")
        self.assertEqual(self.post("/system/auth/login/", LOGIN).status, 403, "a program")
        self.assertEqual(self.rows(), before)

    def test_are_rotated_by_nothing_but_a_post(self):
        person = self.world.log_in(STAFF)
        cookie = {"Cookie": f"refresh={person.refresh}"}
        before = self.rows()
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = self.program.call(method, "/api/auth/token/refresh/", headers=cookie)
            self.assertEqual(answer.status, 204 if method == "OPTIONS" else 405, method)
            self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.post("/api/auth/token/refresh/", headers={**cookie, **self.ours}).status, 200)

    def test_are_another_after_each_sign_in(self):
        planted = "__Host-staff=" + "p" * 43
        page = self.sign_in(Cookie=planted)
        self.assertNotEqual(page.cookie, planted)
        self.assertEqual(self.program.call("GET", "/system/auth/me/", headers={"Cookie": planted}).status, 401)

        again = self.sign_in(Cookie=page.cookie)
        self.assertNotEqual((again.cookie, again.token), (page.cookie, page.token))
        self.assertFalse(self.is_signed_in(page))
        self.assertTrue(self.is_signed_in(again))

    def test_are_void_at_once_after_signing_out(self):
        page, other = self.sign_in(), self.sign_in()
        answer = self.by(page, "POST", "/system/auth/logout/")
        self.assertEqual(answer.status, 204, answer.text)
        self.assertIn("__Host-staff=; ", answer.headers["Set-Cookie"])
        self.assertIn("Max-Age=0", answer.headers["Set-Cookie"])
        self.assertFalse(self.is_signed_in(page))
        self.assertTrue(self.is_signed_in(other))

    def operator(self, name):
        person = self.world.sign_up(name)
        self.store.execute(f"UPDATE app_user SET is_staff = true WHERE id = {person.id}")
        return person, {"email": person.email, "password": PASSWORD}

    def test_have_a_second_step_where_there_is_a_second_factor(self):
        person, login = self.operator(f"factor{self.world.unique()}")
        before = self.sign_in(login)
        secret = self.world.call("POST", "/api/auth/mfa/totp/", person).json["secret"]
        self.world.call("POST", "/api/auth/mfa/totp/confirm/", person, {"code": totp(secret)})
        first = self.post("/system/auth/login/", login, self.ours)
        token = first.json["mfa_token"]

        self.assertFalse(self.is_signed_in(before))
        self.assertNotIn("Set-Cookie", first.headers)
        self.assertEqual((first.json["mfa_required"], first.json["csrf_token"]), (True, None))
        wrong = self.post("/system/auth/mfa/", {"mfa_token": token, "code": "000000"}, self.ours)
        self.assertEqual((wrong.status, wrong.json["code"]), (401, "accounts.wrong_code"))
        self.assertEqual(self.program.call("GET", "/system/auth/me/", headers={"Cookie": f"__Host-staff={token}"}).status, 401)
        code = totp(secret, 1)
        page = Page(self.post("/system/auth/mfa/", {"mfa_token": token, "code": code}, self.ours))
        self.assertTrue(self.is_signed_in(page))
        again = self.post("/system/auth/login/", login, self.ours).json["mfa_token"]
        replayed = self.post("/system/auth/mfa/", {"mfa_token": again, "code": code}, self.ours)
        self.assertEqual((replayed.status, replayed.json["code"]), (401, "accounts.wrong_code"))

    def test_need_a_second_factor_where_the_settings_say_so(self):
        person, login = self.operator(f"needed{self.world.unique()}")
        self.restart_until_the_end(STAFF_MFA_REQUIRED="true", CSRF_TRUSTED_ORIGINS="https://admin.example.org")
        trusted = {"Origin": "https://admin.example.org", "Sec-Fetch-Site": "cross-site"}
        refused = self.post("/system/auth/login/", login, trusted)
        self.assertEqual((refused.status, refused.json["code"]), (403, "accounts.second_factor_needed"))
        self.assertEqual(self.program.call("GET", "/system/overview/", person.token).status, 404)

        secret = self.world.call("POST", "/api/auth/mfa/totp/", person).json["secret"]
        self.world.call("POST", "/api/auth/mfa/totp/confirm/", person, {"code": totp(secret)})
        token = self.post("/system/auth/login/", login, trusted).json["mfa_token"]
        page = Page(self.post("/system/auth/mfa/", {"mfa_token": token, "code": totp(secret, 1)}, trusted))
        self.assertTrue(self.is_signed_in(page))

    def test_have_one_host_and_no_way_but_tls_where_the_public_url_is_https(self):
        self.restart_until_the_end(PUBLIC_URL="https://work.example.org")
        page = {"Origin": "https://work.example.org", "Sec-Fetch-Site": "same-origin"}
        name, *attributes = self.post("/api/auth/login/", LOGIN, page).headers["Set-Cookie"].replace("=", "; ", 1).split("; ")
        self.assertEqual(name, "__Host-refresh")
        self.assertEqual(set(attributes[1:]), {"Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=2592000"})
        self.assertEqual(self.post("/system/auth/login/", LOGIN, page).status, 200)
        for foreign in ("http://work.example.org", self.program.origin):
            self.assertEqual(self.post("/system/auth/login/", LOGIN, {"Origin": foreign}).status, 403, foreign)

    def test_count_in_the_networks_of_operators_alone(self):
        self.restart_until_the_end(ADMIN_IP_ALLOWLIST="10.1.0.0/16")
        inside, outside = {"X-Forwarded-For": "10.1.2.3"}, {"X-Forwarded-For": "10.1.2.3, 6.6.6.6"}
        page = self.sign_in(**inside)
        self.assertEqual(self.by(page, "GET", "/system/auth/me/", **inside).status, 200)
        before = self.rows()
        for method, path, body in [("GET", "/system/auth/me/", None), ("GET", "/SYSTEM/auth/me/", None), ("GET", "//system/auth/me/", None),
                                   ("GET", "/%73ystem/auth/me/", None), ("GET", "/api/../system/auth/me/", None),
                                   ("POST", "/system/auth/login/", LOGIN), ("POST", "/system/auth/login", LOGIN),
                                   ("POST", "/system/auth/mfa/", {"mfa_token": "a", "code": "123456"}),
                                   ("POST", "/system/auth/logout/", None), ("POST", "/system/flags/", FLAG)]:
            answer = self.by(page, method, path, body, **outside)
            self.assertEqual((answer.status, answer.json["code"]), (404, "request.not_found"), path)
            self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(self.rows(), before)

    def test_are_guessed_by_nobody_for_long(self):
        self.restart_until_the_end(RATE_LIMIT_IP="1/h:6")
        come = lambda cookie, address: self.program.call(
            "GET", "/system/auth/me/", headers={"Cookie": cookie, "X-Forwarded-For": address}).status
        right = self.sign_in(**{"X-Forwarded-For": "203.0.113.7"}).cookie
        self.assertEqual({come(right, "203.0.113.9") for _ in range(20)}, {200})
        self.assertEqual([come(f"__Host-staff=guess{i}", "203.0.113.9") for i in range(7)], [401] * 6 + [429])
        self.assertEqual((come(right, "203.0.113.9"), come(right, "203.0.113.10")), (429, 200))

    def test_let_operators_in_while_nobody_else_is(self):
        page = self.sign_in()

        def switch(on):
            self.assertEqual(self.by(page, "POST", "/system/flags/", {"flag": "maintenance", "on": on}).status, 200)
            wait_for(lambda: (self.program.call("GET", "/api/invitations/check/?code=a").status == 503) == on)
        self.addCleanup(switch, False)
        switch(True)
        self.assertTrue(self.is_signed_in(self.sign_in()))

    def restart_until_the_end(self, **environment):
        self.addCleanup(self.restart, **{name: self.program.environment.get(name, "") for name in environment})
        self.restart(**environment)

    def restart(self, **environment):
        self.program.stop()
        self.program.environment.update(environment)
        self.program.start(os.environ["AFTERRESUME"])


class OnSqlite(Cookies, unittest.TestCase):
    store_type = Sqlite
    hex_of_cookie = "hex(cookie_hash)"


class OnPostgres(Cookies, unittest.TestCase):
    store_type = Postgres
    hex_of_cookie = "encode(cookie_hash, 'hex')"
