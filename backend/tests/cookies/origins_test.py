"""What pages of other origins may read, as browsers ask it: by the Fetch standard's CORS protocol, on both databases, by raw HTTP
to the running program with each setting of CORS_ALLOWED_ORIGINS (OWASP ASVS 5.0, 3.4.2).

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest origins_test
"""

import os
import unittest

from people import PASSWORD
from program import OneStore, Postgres, Program, Sqlite

PAGE, TRUSTED, EVIL = "https://page.example.org", "https://trusted.example.org", "https://evil.example"
STRANGE = [EVIL, "null", "", "*", PAGE + ".evil.example", PAGE + "/", "http://page.example.org", PAGE + ":444", f"{PAGE}, {EVIL}"]
NAMED = f"{PAGE},{TRUSTED}"
ALLOW = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
LOGIN = {"email": "staff@example.org", "password": PASSWORD}


def allowed(setting, origin):
    """What the answer to a page of that origin says."""
    return "*" if setting == "*" and origin else origin if origin and origin in setting.split(",") else None


class Origins(OneStore):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = Program(cls.store.folder, cls.store.url)
        cls.program.environment["CSRF_TRUSTED_ORIGINS"] = TRUSTED
        for word in ("migrate", "bootstrap"):
            cls.program.run(os.environ["AFTERRESUME"], word)

    def with_setting(self, setting):
        self.program.environment["CORS_ALLOWED_ORIGINS"] = setting
        self.program.start(os.environ["AFTERRESUME"])
        self.addCleanup(self.program.stop)
        answer = self.program.call("POST", "/api/auth/login/", None, LOGIN)
        self.assertEqual(answer.status, 200, answer.text)
        self.token = answer.json["access_token"]

    def get(self, path, origin=None, token=None, **headers):
        return self.program.call("GET", path, token, None, {"If-Match": None, "Origin": origin, **headers})

    def preflight(self, path, origin, method="GET", wanted="authorization,content-type,idempotency-key,if-match"):
        return self.program.call("OPTIONS", path, None, None, {
            "If-Match": None, "Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted})

    def check_what_is_said(self, setting):
        for origin in [None, PAGE, TRUSTED, *STRANGE]:
            with self.subTest(origin=origin):
                wanted = allowed(setting, origin)
                for answer in (self.get("/api/worklogs/", origin, self.token), self.get("/api/worklogs/", origin),
                               self.get("/api/worklogs/424242/", origin, self.token), self.preflight("/api/worklogs/", origin, "POST")):
                    self.assertEqual(answer.headers.get(ALLOW), wanted)
                    self.assertNotIn(CREDENTIALS, answer.headers)
                    self.assertEqual("Origin" in answer.headers.get("Vary", ""), setting not in ("", "*"))

    def check_preflight(self, origin):
        answer = self.preflight("/api/worklogs/", origin, "POST")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.text, "")
        self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"].split(", "))
        names = [name.lower() for name in answer.headers["Access-Control-Allow-Headers"].split(", ")]
        for name in ("authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-correlation-id"):
            self.assertIn(name, names)
        self.assertEqual(answer.headers["Access-Control-Max-Age"], "600")
        shown = self.get("/api/worklogs/", origin, self.token).headers["Access-Control-Expose-Headers"].split(", ")
        for name in ("ETag", "Location", "RateLimit-Remaining", "Retry-After", "Idempotent-Replayed", "X-Correlation-ID"):
            self.assertIn(name, shown)

    def check_what_stays_closed(self):
        for path in ("/system/overview/", "/system/auth/me/", "/metrics", "/s/anything", "/nothing/", "/api/nothing/"):
            for origin in (PAGE, TRUSTED, EVIL):
                with self.subTest(path=path, origin=origin):
                    for answer in (self.get(path, origin, self.token), self.preflight(path, origin)):
                        self.assertFalse([name for name in answer.headers if name.startswith("Access-Control-")])
        for method in ("PUT", "TRACE", "get", "", "OPTIONS"):
            self.assertNotIn(ALLOW, self.preflight("/api/worklogs/", PAGE, method).headers)

    def test_nobody_is_allowed_who_is_not_named(self):
        self.with_setting("")
        self.check_what_is_said("")
        self.check_what_stays_closed()

    def test_pages_that_are_named_read_what_is_below_api(self):
        self.with_setting(NAMED)
        self.check_what_is_said(NAMED)
        self.check_preflight(PAGE)
        self.check_what_stays_closed()

    def test_everybody_may_be_allowed_without_cookies(self):
        self.with_setting("*")
        self.check_what_is_said("*")
        self.check_preflight(EVIL)
        self.check_what_stays_closed()
        answer = self.sign_in(TRUSTED)
        self.assertEqual(answer.headers[ALLOW], "*")
        self.assertNotIn(CREDENTIALS, answer.headers)

    def sign_in(self, origin):
        return self.program.call("POST", "/api/auth/login/", None, LOGIN, {"If-Match": None, "Origin": origin})

    def test_cookies_count_where_they_are_trusted_too(self):
        self.with_setting(NAMED)
        trusted, named = (self.preflight("/api/auth/token/refresh/", origin, "POST") for origin in (TRUSTED, PAGE))
        self.assertEqual(trusted.headers.get(CREDENTIALS), "true")
        self.assertNotIn(CREDENTIALS, named.headers)
        answer = self.sign_in(TRUSTED)
        self.assertEqual((answer.status, answer.headers.get(ALLOW), answer.headers.get(CREDENTIALS)), (200, TRUSTED, "true"))
        # It may read why, and nothing else comes of it.
        refused = self.sign_in(PAGE)
        self.assertEqual((refused.status, refused.json["code"], refused.headers.get(ALLOW)), (403, "request.foreign_page", PAGE))
        self.assertNotIn("Set-Cookie", refused.headers)

    def test_a_text_that_is_no_origin_is_told_at_the_start(self):
        for text in ("page.example.org", f"*,{PAGE}", PAGE + "/path", "null"):
            self.program.environment["CORS_ALLOWED_ORIGINS"] = text
            with self.subTest(text=text), self.assertRaises(AssertionError):
                self.program.start(os.environ["AFTERRESUME"])
                self.program.stop()


class OnSqlite(Origins, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Origins, unittest.TestCase):
    store_type = Postgres


if __name__ == "__main__":
    unittest.main()
