"""What pages of others can have a browser do with what it keeps for ours: a real browser, in which an operator and a person are
signed in to the program behind TLS, opens pages of another site, of another host of the same site and of another port of the
same host. These try all that the raw requests of cookies_test stand for, on both databases (OWASP ASVS 5.0, 3.3.1-3.3.4 and
3.5.1-3.5.3).

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix:../cookies python3 -m unittest browser_test
"""

import json
import os
import unittest

from cookies_test import FLAG, LOGIN, UNCHANGED
from people import PASSWORD, OneProgram
from program import Postgres, Sqlite, wait_for
from sites import Lure, Passage, Site, certificate
from webdriver import Browser

HOST = "work.localhost"
# Where a page of others comes from → what the browser says of it.
OTHERS = {"evil.localhost": "cross-site", "evil.work.localhost": "same-site", HOST: "same-site"}
COOKIES = ["__Host-refresh", "__Host-staff"]
ANSWER_OF_OURS = "/api/healthz/"
MAINTENANCE = {"flag": "maintenance", "on": True}
# Such that a form of plain text sends JSON.
LURING_PASSWORD = "plover=staple 47 orbit"
REFUSED = (401, 403, 415)

ASK = """
    const [method, path, body, headers] = arguments;
    const kind = body === null ? {} : {"Content-Type": "application/json"};
    const answer = await fetch(path, {method, body: body ?? undefined, headers: {...kind, ...headers}});
    return {status: answer.status, text: await answer.text()};"""
ADD = "const add = (name, fields) => document.body.appendChild(Object.assign(document.createElement(name), fields));"
# Such a form holds one field, of which all that is sent is the text.
FORM = ADD + """
    const [address, text] = arguments;
    const submit = (enctype, target) => {
        const form = add("form", {action: address, method: "post", enctype, target});
        const at = text.includes("=") ? text.indexOf("=") : text.length;
        if (text) form.append(Object.assign(document.createElement("input"), {name: text.slice(0, at), value: text.slice(at + 1)}));
        form.submit();
    };
    add("iframe", {name: "frame"});
    """
FETCH = """
    const [address, text] = arguments;
    const send = options => fetch(address, {method: "POST", credentials: "include", body: text || undefined, ...options}).then(
        answer => answer.type, failure => failure.name);
    """
PLAIN, JSON = '{"Content-Type": "text/plain"}', '{"Content-Type": "application/json"}'
# How a page has something sent without asking whether it may.
SENDING = {
    "a form in a frame": FORM + 'submit("application/x-www-form-urlencoded", "frame");',
    "a form of plain text": FORM + 'submit("text/plain", "frame");',
    "a form with files": FORM + 'submit("multipart/form-data", "frame");',
    "a form in another window": FORM + 'submit("text/plain", "_blank");',
    "a form in place of the page": FORM + 'setTimeout(() => submit("text/plain", "_self"));',
    "a script": FETCH + f'return await send({{mode: "no-cors", headers: {PLAIN}}});',
    "a script that asks to read": FETCH + f"return await send({{headers: {PLAIN}}});",
    "a script that the page does not outlive": FETCH + f"""
        send({{mode: "no-cors", keepalive: true, headers: {PLAIN}}});
        setTimeout(() => {{ location = "/"; }});""",
    "a beacon": "const [address, text] = arguments; return navigator.sendBeacon(address, text);",
}
# How a page has something sent that the browser asks for first.
ASKING = {
    "JSON": FETCH + f"return await send({{headers: {JSON}}});",
    "a token": FETCH + 'return await send({headers: {"X-CSRF-Token": "a"}});',
    "JSON and a token": FETCH + f'return await send({{headers: {{...{JSON}, "X-CSRF-Token": "a"}}}});',
    "another method": FETCH + f'return await send({{method: "PATCH", headers: {JSON}}});',
}
# How a page has something looked at.
LOADED = "await new Promise(done => { element.onload = element.onerror = done; });"
LOOKING = {
    **{name: f"{ADD} const element = add('{name}', {{src: arguments[0]}}); {LOADED}" for name in ("img", "script", "iframe")},
    "link": f'{ADD} const element = add("link", {{rel: "stylesheet", href: arguments[0]}}); {LOADED}',
    "a script without CORS": 'await fetch(arguments[0], {mode: "no-cors", credentials: "include"});',
    "another window": "window.open(arguments[0]);",
    "in place of the page": "const [address] = arguments; setTimeout(() => { location = address; });",
}
READ_WINDOW = """
    const opened = window.open(arguments[0]);
    for (;;) {
        try { opened.document.body; } catch (failure) { opened.close(); return failure.name; }
        await new Promise(done => setTimeout(done, 10));
    }"""


class Pages(OneProgram):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.stop()
        context = certificate(cls.store.folder)
        cls.ours = Site(context, Passage, program_port=cls.program.port)
        cls.addClassCleanup(cls.ours.close)
        cls.theirs = Site(context, Lure)
        cls.addClassCleanup(cls.theirs.close)
        cls.program.environment["PUBLIC_URL"] = cls.ours.origin(HOST)
        cls.program.start(os.environ["AFTERRESUME"])
        cls.person = cls.world.sign_up("person")
        luring = {"email": "luring@example.org", "password": LURING_PASSWORD, "display_name": "Luring"}
        cls.world.call("POST", "/api/auth/signup/", None, luring)
        cls.store.execute("UPDATE app_user SET is_staff = true WHERE email = 'luring@example.org'")
        cls.luring = json.dumps({"email": luring["email"], "password": luring["password"]})
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.token = json.loads(self.as_ours("POST", "/system/auth/login/", LOGIN)["text"])["csrf_token"]
        login = {"email": self.person.email, "password": PASSWORD}
        self.assertEqual(self.as_ours("POST", "/api/auth/login/", login)["status"], 200)
        self.cookies = self.kept()
        self.assertEqual(sorted(self.cookies), COOKIES)
        self.before = self.store.digests(UNCHANGED)

    def tearDown(self):
        """Whatever was tried, nothing has come of it, and who was signed in is."""
        self.assertEqual(self.store.digests(UNCHANGED), self.before)
        self.assertEqual(self.kept(), self.cookies)
        self.assertEqual(self.as_ours("POST", "/system/flags/", FLAG, {"X-CSRF-Token": self.token})["status"], 200)
        refreshed = self.as_ours("POST", "/api/auth/token/refresh/", {})
        self.assertEqual(json.loads(refreshed["text"])["user"]["email"], self.person.email)

    def as_ours(self, method, path, body=None, headers=None):
        """By a page of ours."""
        self.browser.open(self.ours.origin(HOST) + ANSWER_OF_OURS)
        return self.browser.run(ASK, method, path, None if body is None else json.dumps(body), headers or {})

    def kept(self):
        self.browser.open(self.ours.origin(HOST) + ANSWER_OF_OURS)
        return {name: cookie["value"] for name, cookie in self.browser.cookies().items()}

    def by(self, other, script, path, *more):
        """What a page of others gets of it, run there."""
        self.browser.open(self.theirs.origin(other) + "/")
        return self.browser.run(script, self.ours.origin(HOST) + path, *more)

    def seen(self, method, path, since):
        return [one for one in self.ours.seen[since:] if (one.method, one.path) == (method, path)]

    def changes(self):
        """(path, text) of what others would have the browser send."""
        switch = json.dumps({"tenant_id": self.person.tenant})
        return [("/system/flags/", json.dumps(MAINTENANCE)), ("/system/auth/logout/", ""), ("/api/auth/logout/", ""),
                ("/api/auth/token/refresh/", ""), ("/api/auth/token/refresh/", "{}"), ("/api/tenants/switch/", switch),
                ("/api/auth/login/", self.luring), ("/system/auth/login/", self.luring)]

    def test_send_nothing_that_counts(self):
        for other, site in OTHERS.items():
            for path, text in self.changes():
                for way, script in SENDING.items():
                    with self.subTest(other=other, path=path, way=way):
                        since = len(self.ours.seen)
                        self.by(other, script, path, text)
                        came = wait_for(lambda: self.seen("POST", path, since))
                        self.assertEqual(len(came), 1)
                        self.assertIn(came[0].status, REFUSED)
                        self.assertEqual(came[0].set_cookie, [])
                        self.assertEqual(came[0].headers["Sec-Fetch-Site"], site)
                        # Cookies know no ports and come along within a site: there it is for the program to refuse.
                        for name in COOKIES:
                            self.assertEqual(f"{name}=" in came[0].headers.get("Cookie", ""), site == "same-site")

    def test_have_nothing_sent_that_is_asked_for_first(self):
        for other in OTHERS:
            for path, text in self.changes():
                for way, script in ASKING.items():
                    with self.subTest(other=other, path=path, way=way):
                        since = len(self.ours.seen)
                        self.assertEqual(self.by(other, script, path, text), "TypeError")
                        self.assertEqual({one.method for one in self.ours.seen[since:]}, {"OPTIONS"})

    def test_change_nothing_by_looking(self):
        paths = ["/system/auth/logout/", "/system/flags/", "/system/auth/me/", "/api/auth/token/refresh/", "/api/auth/logout/",
                 "/api/tenants/switch/", "/api/auth/me/"]
        for other in OTHERS:
            for path in paths:
                for way, script in LOOKING.items():
                    with self.subTest(other=other, path=path, way=way):
                        since = len(self.ours.seen)
                        self.by(other, script, path)
                        for one in wait_for(lambda: self.seen("GET", path, since)):
                            self.assertEqual(one.set_cookie, [])

    def test_lead_nobody_to_pages_of_operators(self):
        for other, site in OTHERS.items():
            since = len(self.ours.seen)
            self.by(other, LOOKING["in place of the page"], "/system/auth/me/")
            came = wait_for(lambda: self.seen("GET", "/system/auth/me/", since))[0]
            self.assertEqual(came.status, 401 if site == "cross-site" else 200)
            self.assertIn("__Host-refresh=", came.headers["Cookie"])

    def test_read_nothing(self):
        for other in OTHERS:
            for path in ("/system/auth/me/", "/api/auth/me/", ANSWER_OF_OURS):
                with self.subTest(other=other, path=path):
                    read = 'return await fetch(arguments[0], {credentials: "include"}).then(answer => answer.text(), failure => failure.name);'
                    blind = ('const answer = await fetch(arguments[0], {mode: "no-cors", credentials: "include"}); '
                             'return [answer.type, answer.status, await answer.text()];')
                    self.assertEqual(self.by(other, read, path), "TypeError")
                    self.assertEqual(self.by(other, blind, path), ["opaque", 0, ""])
                    self.assertEqual(self.by(other, READ_WINDOW, path), "SecurityError")

    def test_show_nothing_of_ours_in_a_frame(self):
        for other in OTHERS:
            for path in (ANSWER_OF_OURS, "/api/docs/", "/s/made-up", "/system/auth/me/"):
                with self.subTest(other=other, path=path):
                    self.by(other, LOOKING["iframe"], path)
                    self.assertEqual(self.browser.address_in_frame(), "chrome-error://chromewebdata/")
            own = self.theirs.origin(other) + "/framed"
            self.browser.open(self.theirs.origin(other) + "/")
            self.browser.run(LOOKING["iframe"], own)
            self.assertEqual(self.browser.address_in_frame(), own)

    def test_plant_no_cookie_of_ours(self):
        self.browser.open(self.theirs.origin("evil.work.localhost") + "/")
        self.browser.run(f"""
            for (const name of {COOKIES + ["refresh", "tossed"]})
                document.cookie = `${{name}}=planted; Secure; Path=/; Domain={HOST}; Max-Age=60`;""")
        kept = self.kept()
        self.assertEqual((kept.pop("refresh"), kept.pop("tossed")), ("planted", "planted"))
        self.assertEqual(kept, self.cookies)
        self.assertEqual(self.as_ours("GET", "/system/auth/me/")["status"], 200)
        self.browser.run(f"""
            for (const name of ["refresh", "tossed"]) document.cookie = `${{name}}=; Secure; Path=/; Domain={HOST}; Max-Age=0`;""")

    def test_keep_their_own_cookies_from_scripts(self):
        self.browser.open(self.ours.origin(HOST) + ANSWER_OF_OURS)
        self.assertEqual(self.browser.run("return document.cookie;"), "")
        kept = self.browser.cookies()
        for name, same_site in zip(COOKIES, ("Lax", "Strict")):
            cookie = kept[name]
            self.assertEqual((cookie["domain"], cookie["path"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]),
                             (HOST, "/", True, True, same_site))


class OnSqlite(Pages, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Pages, unittest.TestCase):
    store_type = Postgres


if __name__ == "__main__":
    unittest.main()
