"""Where secrets are written to: none of them anywhere but in the one answer or the one mail that hands it out (OWASP ASVS 5.0,
13.3.1, 14.2.1 and 16.2.5). The program is led through everything that has to do with one, at its most talkative, with a mail
server and a Redis that want passwords, and with both of them gone; then all that it wrote is searched, on both databases.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix:../cookies python3 -m unittest secrets_test
"""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

from mails import MailServer, mailed_code, mails_in
from people import PASSWORD, World, totp
from program import SECRET, OneStore, Postgres, Program, Sqlite, free_port, wait_for

# Chosen, so that none of them is part of another or of anything else.
CONFIGURED = {"SECRET_KEY": SECRET, "ENCRYPTION_KEY": "heron.pillar.ochre.quarry.lantern.sable", "DATABASE_URL": "gannet-copper-31",
              "EMAIL_HOST_PASSWORD": "sorrel-anvil-77", "REDIS_URL": "marten-cobalt-58", "ADMIN_PASSWORD": PASSWORD}
NEW_PASSWORD, RESET_PASSWORD, WRONG = "marble fjord 58 cactus", "cobble swift 19 meadow", "thistle barge 86 walnut"
SHARE_PASSWORD, WRONG_SHARE_PASSWORD = "basalt finch 40 pepper", "juniper cask 12 ribbon"
STAFF = {"email": "staff@example.org", "password": PASSWORD}


def forms_of(secret):
    """How a secret may be written without being kept any better."""
    raw = secret.encode()
    forms = {raw, raw.hex().encode(), base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"="),
             urllib.parse.quote(secret).encode(), urllib.parse.quote_plus(secret).encode()}
    if re.fullmatch(r"[A-Z2-7]{26,}", secret):
        raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
        forms |= {raw, raw.hex().encode()}
    return forms


class Secrets(OneStore):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-mails-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.mail_server = MailServer(folder, "--login", f"mailer:{CONFIGURED['EMAIL_HOST_PASSWORD']}")
        cls.addClassCleanup(cls.mail_server.close)
        port = free_port()
        cls.redis = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", cls.store.folder,
                                      "--requirepass", CONFIGURED["REDIS_URL"]], stdout=subprocess.DEVNULL)
        cls.addClassCleanup(lambda: (cls.redis.kill(), cls.redis.wait()))
        url = cls.store.url and re.sub(r"//([^:@/]+)@", rf"//\1:{CONFIGURED['DATABASE_URL']}@", cls.store.url)
        assert not url or CONFIGURED["DATABASE_URL"] in url
        cls.program = Program(cls.store.folder, url)
        cls.program.environment |= {
            "LOG_LEVEL": "debug", "ENCRYPTION_KEY": CONFIGURED["ENCRYPTION_KEY"], "REDIS_URL": f"redis://:{CONFIGURED['REDIS_URL']}@127.0.0.1:{port}/0",
            **cls.mail_server.settings, "EMAIL_HOST_USER": "mailer", "EMAIL_HOST_PASSWORD": CONFIGURED["EMAIL_HOST_PASSWORD"]}
        cls.log = cls.store.folder / "said.txt"
        cls.program.log = cls.program.errors = open(cls.log, "w")
        cls.addClassCleanup(cls.program.log.close)
        for word in ("migrate", "bootstrap"):
            cls.program.run(os.environ["AFTERRESUME"], word)
        cls.program.start(os.environ["AFTERRESUME"])
        cls.addClassCleanup(cls.program.stop)
        cls.world = World(cls.program, cls.store)
        # (operation, all that was answered), and each secret with how often an answer and a mail may hold it.
        cls.answers, cls.secrets = [], {}
        plain = cls.program.call

        def call(method, path, *words, **more):
            answer = plain(method, path, *words, **more)
            cls.answers.append((f"{method} {path.split('?')[0]}", answer.text + repr(answer.headers)))
            return answer

        cls.program.call = call

    def plant(self, name, value, answers=0, mails=0):
        self.assertGreaterEqual(len(value), 8, name)
        self.secrets[name] = value, answers, mails
        return value

    def call(self, *words):
        return self.world.call(*words)

    def tokens_of(self, name, answer):
        # The same again, if it is asked for again in the same second.
        self.plant(f"the access token of {name}", answer.json["access_token"], answers=2)
        return self.plant(f"the refresh token of {name}", answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0], answers=1)

    def mailed(self, word, to):
        """The code of a mail, which is in it once and nowhere else."""
        return self.plant(f"the code to {word} {to}", mailed_code(self.mail_server.folder, to, word), mails=1)

    def test_stay_where_they_were_handed_out(self):
        for name, value in CONFIGURED.items():
            self.plant(name, value)
        for name, value in [("a new password", NEW_PASSWORD), ("a reset password", RESET_PASSWORD), ("a wrong password", WRONG),
                            ("a link's password", SHARE_PASSWORD), ("a link's wrong password", WRONG_SHARE_PASSWORD)]:
            self.plant(name, value)

        ada = self.sign_in_and_out()
        self.use_a_second_factor(ada)
        self.change_the_password(ada)
        ada = self.world.people["ada"] = self.world.log_in("ada2@example.org")
        self.share_and_invite(ada)
        self.read_everything(ada)
        self.say_them_where_they_do_not_belong(ada)
        self.lose_the_servers()

        self.search()

    def sign_in_and_out(self):
        for name in ("ada", "ada2"):
            address = f"{name}@example.org"
            self.call("POST", "/api/auth/signup/", None, {"email": address, "password": PASSWORD, "display_name": name})
            body = {"code": self.mailed("signup", address), "password": PASSWORD}
            self.program.call("POST", "/api/auth/signup/confirm/", None, {**body, "password": WRONG})
            self.tokens_of(name, self.call("POST", "/api/auth/signup/confirm/", None, body))
        wrong = self.program.call("POST", "/api/auth/login/", None, {"email": "ada@example.org", "password": WRONG})
        self.assertEqual(wrong.status, 401)
        answer = self.program.call("POST", "/api/auth/login/", None, {"email": "ada@example.org", "password": PASSWORD})
        refresh = self.tokens_of("a second device", answer)
        again = self.program.call("POST", "/api/auth/token/refresh/", headers={"Cookie": f"refresh={refresh}"})
        self.tokens_of("a second device, refreshed", again)
        thief = self.program.call("POST", "/api/auth/token/refresh/", headers={"Cookie": f"refresh={refresh}", "User-Agent": "thief"})
        self.assertEqual(thief.status, 401)
        page = self.program.call("POST", "/system/auth/login/", None, STAFF, {"Origin": self.program.origin})
        cookie = self.plant("an operator's cookie", page.headers["Set-Cookie"].split("=", 1)[1].split(";")[0], answers=1)
        overview = self.program.call("GET", "/system/overview/", headers={"Cookie": f"__Host-staff={cookie}"})
        self.assertEqual(overview.status, 200)
        return self.world.log_in("ada@example.org")

    def use_a_second_factor(self, ada):
        secret = self.plant("the secret of a second factor", self.call("POST", "/api/auth/mfa/totp/", ada).json["secret"], answers=1)
        codes = self.call("POST", "/api/auth/mfa/totp/confirm/", ada, {"code": totp(secret)}).json["recovery_codes"]
        for number, code in enumerate(codes):
            self.plant(f"recovery code {number}", code, answers=1)
        body = {"email": ada.email, "password": PASSWORD}
        for number, code in enumerate((codes[0], totp(secret, 1))):
            token = self.call("POST", "/api/auth/login/", None, body).json["mfa_token"]
            self.plant(f"the first step of sign-in {number}", token, answers=1)
            wrong = self.program.call("POST", "/api/auth/mfa/", None, {"mfa_token": token, "code": "000000"})
            self.assertEqual(wrong.status, 401)
            self.tokens_of(f"sign-in {number} by a second factor", self.call("POST", "/api/auth/mfa/", None, {"mfa_token": token, "code": code}))
        self.call("POST", "/api/auth/mfa/totp/remove/", ada, {"code": codes[1]})

    def change_the_password(self, ada):
        ada = self.world.log_in("ada@example.org")
        self.program.call("POST", "/api/auth/password/change/", ada.token, {"current": WRONG, "password": NEW_PASSWORD})
        self.call("POST", "/api/auth/password/change/", ada, {"current": PASSWORD, "password": NEW_PASSWORD})
        self.call("POST", "/api/auth/password/forgot/", None, {"email": ada.email})
        body = {"code": self.mailed("reset", ada.email), "password": RESET_PASSWORD}
        self.program.call("POST", "/api/auth/password/reset/", None, {**body, "password": "short"})
        self.call("POST", "/api/auth/password/reset/", None, body)
        self.program.call("POST", "/api/auth/password/reset/", None, body)

    def share_and_invite(self, ada):
        token, number = self.world.personal_token(ada, "write")
        self.plant("a personal token", token, answers=1)
        self.program.call("POST", "/api/worklogs/", token, {"content": "Wrote it all down."})
        self.call("DELETE", f"/api/auth/tokens/{number}/", ada)
        self.program.call("GET", "/api/worklogs/", token)
        made = self.call("POST", "/api/invitations/", ada, {"role": "member", "email": "guest@example.org"}).json
        code = self.plant("an invitation", made["code"], answers=1)
        self.program.call("GET", f"/api/invitations/check/?code={code}")
        code = self.mailed("invitation", "guest@example.org")
        self.program.call("GET", f"/api/invitations/check/?code={code}")
        body = {"email": "guest@example.org", "password": PASSWORD, "display_name": "Guest", "invitation": code}
        self.tokens_of("guest", self.call("POST", "/api/auth/signup/", None, body))
        self.program.call("POST", "/api/auth/signup/", None, {**body, "email": "second@example.org"})
        code = self.plant("an invitation for anybody", self.call("POST", "/api/invitations/", ada, {"role": "member"}).json["code"], answers=1)
        body = {"email": "other@example.org", "password": PASSWORD, "display_name": "Other", "invitation": code}
        self.tokens_of("other", self.call("POST", "/api/auth/signup/", None, body))
        self.call("POST", "/api/auth/email/verify/", None, {"code": self.mailed("verify", "other@example.org")})
        self.call("POST", "/api/reports/generate/", ada, {"kind": "weekly"})
        report = wait_for(lambda: self.call("GET", "/api/reports/?kind=weekly", ada).json["items"])[0]["id"]
        body = {"report_id": report, "password": SHARE_PASSWORD}
        link = self.call("POST", "/api/shares/", ada, body, ).json
        token = self.plant("a share link", link["token"], answers=1)
        for said in (WRONG_SHARE_PASSWORD, SHARE_PASSWORD):
            for place in (f"/api/share/{token}/", f"/s/{token}"):
                self.program.call("GET", place)
                self.program.call("POST", place, None, {"password": said})

    def read_everything(self, ada):
        self.call("POST", "/api/tenant/export/", ada)
        export = wait_for(lambda: self.call("GET", "/api/tenant/exports/", ada).json["items"])[0]["id"]
        paths = [f"/api/tenant/exports/{export}/content/", "/api/tenant/audit/?page_size=100", "/api/jobs/?page_size=100", "/api/auth/sessions/",
                 "/api/auth/tokens/", "/api/invitations/", "/api/shares/", "/api/tenant/members/", "/api/tenants/", "/api/auth/me/"]
        for path in paths:
            self.call("GET", path, ada)
        for job in self.call("GET", "/api/jobs/?page_size=100", ada).json["items"]:
            self.call("GET", f"/api/jobs/{job['id']}/", ada)
            self.call("GET", f"/api/jobs/{job['id']}/events/", ada)
        staff = self.world.log_in(STAFF["email"])
        for path in ("/system/overview/", "/system/jobs/?page_size=100", "/system/acts/", "/system/workers/", "/system/flags/",
                     "/api/tenant/audit/?page_size=100", "/metrics"):
            self.call("GET", path, staff)
        for job in self.call("GET", "/system/jobs/?page_size=100", staff).json["items"]:
            self.call("GET", f"/system/jobs/{job['id']}/", staff)
            self.call("GET", f"/system/jobs/{job['id']}/events/", staff)

    def say_them_where_they_do_not_belong(self, ada):
        for value, _, _ in list(self.secrets.values()):
            said, ask = urllib.parse.quote(value), self.program.call
            for path in (f"/{said}/", f"/api/worklogs/{said}/", f"/api/share/{said}.css", f"/api/auth/login/?password={said}", f"/api/worklogs/?cursor={said}",
                         f"/api/jobs/?type={said}&page_size=x"):
                self.assertNotEqual(ask("GET", path, ada.token).status, 500)
            ask("POST", "/api/auth/login/", None, {"email": value, "password": 5})
            ask("POST", "/api/auth/login/", None, {"email": "ada@example.org", "password": [value]})
            ask("POST", "/api/reports/generate/", ada.token, {"kind": value})
            ask("POST", "/api/worklogs/", ada.token, {"content": "", "occurred_on": value})
            ask("GET", "/api/auth/me/", value + "x")
            ask("GET", "/api/auth/me/", None, None, {"Authorization": f"Basic {value}", "Cookie": f"refresh={value}; __Host-staff={value}"})
            ask("POST", "/api/worklogs/", ada.token, {"content": ""}, {"Idempotency-Key": value, "X-Correlation-ID": value, "If-Match": f'"{value}"'})

    def lose_the_servers(self):
        self.mail_server.kill()
        self.redis.kill()
        self.call("POST", "/api/auth/password/forgot/", None, {"email": "ada2@example.org"})
        wait_for(lambda: self.store.execute("SELECT 1 FROM job_hot WHERE type = 'mail.send' AND attempts > 0"))
        self.program.call("GET", "/api/readyz/")

    def commands(self):
        """What the program says on a terminal, and where it cannot start."""
        run = lambda *words, **more: subprocess.run([os.environ["AFTERRESUME"], *words], env={**self.program.environment, **more},
                                                    capture_output=True, timeout=60)
        words = [("validate-env", "--print-status"), ("validate-env",), ("config",), ("doctor",), ("jobs", "list", "--json", "--as", STAFF["email"]),
                 ("audit", "verify", "--json", "--as", STAFF["email"]), ("flags", "list", "--as", STAFF["email"])]
        for one in words:
            done = run(*one)
            yield " ".join(one), done.stdout + done.stderr
        away = f"postgres://afterresume:{CONFIGURED['DATABASE_URL']}@127.0.0.1:1/afterresume"
        for name, more in [("no database", {"DATABASE_URL": away}), ("a wrong setting", {"REDIS_URL": CONFIGURED["REDIS_URL"] + "://a b"}),
                           ("a wrong database", {"DATABASE_URL": f"postgres//{CONFIGURED['DATABASE_URL']}"})]:
            for word in ("validate-env", "doctor", "migrate"):
                done = run(word, **more)
                yield f"{word} with {name}", done.stdout + done.stderr

    def database(self):
        """All that the database holds."""
        if self.store_type is Sqlite:
            return b"".join(file.read_bytes() for file in self.store.folder.glob("afterresume.db*"))
        tables = sorted({table for table, _ in self.store.execute(self.store.tables_sql)})
        return "\n".join(str(row) for table in tables for row in self.store.execute(f"SELECT x::text FROM {table} x")).encode()

    def search(self):
        written = {f"what {name} says": said for name, said in self.commands()}
        self.program.stop()
        self.program.start(os.environ["AFTERRESUME"])
        written["the database"] = self.database()
        written |= {f"the file {file.name}": file.read_bytes() for file in self.store.folder.rglob("*")
                    if file.is_file() and not file.name.startswith("afterresume.db")}
        self.assertIn(b"POST /api/auth/login/ 401", written["the file said.txt"])
        self.assertIn(b"ada@example.org", written["the database"])
        answers = [(operation, text.encode()) for operation, text in self.answers]
        mails = [text.encode() for _, text in mails_in(self.mail_server.folder).values()]

        found = []
        for name, (value, most_answers, most_mails) in self.secrets.items():
            holds = lambda text, forms=forms_of(value): any(form in text for form in forms)
            found += [f"{name} in {place}" for place, text in written.items() if holds(text)]
            held = [operation for operation, text in answers if holds(text)]
            if not min(1, most_answers) <= len(held) <= most_answers:
                found.append(f"{name} in {len(held)} answers: {held[:5]}")
            if (count := sum(map(holds, mails))) != most_mails:
                found.append(f"{name} in {count} mails")
        self.assertEqual(found, [])
        self.assertGreater(len(self.secrets), 35)
        print(f"{type(self).__name__}: {len(self.secrets)} secrets, {len(answers)} answers, {len(mails)} mails, "
              f"{sum(map(len, written.values())) / 1e6:.1f} MB", flush=True)


class OnSqlite(Secrets, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Secrets, unittest.TestCase):
    store_type = Postgres
