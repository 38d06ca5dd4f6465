"""Everybody of the matrix: their tenants, what they hold in their hands, and what is theirs."""

import base64
import hashlib
import hmac
import itertools
import json
import os
import struct
import time

from program import PASSWORD, SECRET, OneStore, Program, service_token, wait_for

SECTIONS = {"awards": "title", "certificates": "name", "education": "institution", "interests": "name", "languages": "language",
            "projects": "name", "publications": "name", "references": "name", "skills": "name", "volunteer": "organization",
            "work": "name"}
NO_ID, NO_JOB = 424242424242, "01a1ff82-947a-707a-8e8a-250740f6c615"


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(claims, header='{"alg":"HS256","typ":"JWT"}', secret=SECRET):
    """HKDF (RFC 5869) of one block, and the token that it signs."""
    extracted = hmac.digest(bytes(32), secret.encode(), hashlib.sha256)
    key = hmac.digest(extracted, b"access token\x01", hashlib.sha256)
    said = f"{base64url(header.encode())}.{base64url(json.dumps(claims).encode())}"
    return f"{said}.{base64url(hmac.digest(key, said.encode(), hashlib.sha256))}"


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def totp(secret, step=0):
    """RFC 6238: the code of now, or of so many steps later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    mac = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1)
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 1_000_000:06}"


class Person:
    def __init__(self, email, answer):
        self.email = email
        self.token = answer.json["access_token"]
        self.refresh = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
        self.things = {}

    @property
    def tenant(self):
        return claims_of(self.token)["tid"]

    @property
    def id(self):
        return claims_of(self.token)["sub"]


class World:
    """Tenants a, b, one of staff, one that was closed and one that waits for its deletion. `keeper` owns one of everything in a,
    and nobody of the matrix is the keeper."""

    def __init__(self, program, store):
        self.program, self.store = program, store
        self.numbers = itertools.count(1)
        self.memberships = itertools.count(9_000_000_000_000_000)
        self.canary = "canary" + os.urandom(8).hex()
        self.secrets = {PASSWORD, SECRET}
        # Whoever asks through the page's server sends its token of the request, too.
        self.tokens = {"anonymous": {"X-Service-Token": None}, "service_token_alone": {}}
        self.people = {}

    def unique(self):
        return f"thing{next(self.numbers)}"

    def call(self, method, path, who, body=None, success=(200, 201, 202, 204)):
        answer = self.program.call(method, path, who.token if who else None, body)
        assert answer.status in success, f"{method} {path} → {answer.status} {answer.text}"
        return answer

    def sign_up(self, name, invitation=None):
        body = {"email": f"{name}@example.org", "password": PASSWORD, "display_name": name}
        if invitation:
            body["invitation"] = invitation
        self.people[name] = Person(body["email"], self.call("POST", "/api/auth/signup/", None, body))
        self.secrets.add(self.people[name].refresh)
        return self.people[name]

    def invite(self, host, role, email=None):
        wanted = {"role": role, "email": email} if email else {"role": role}
        code = self.call("POST", "/api/invitations/", host, wanted).json["code"]
        self.secrets.add(code)
        return code

    def join(self, name, host, role):
        if role != "owner":
            return self.sign_up(name, self.invite(host, role))
        # Nobody is invited to that.
        person = self.join(name, host, "admin")
        self.store.execute(f"UPDATE membership SET role = 'owner' WHERE user_id = {person.id}")
        wait_for(lambda: self.program.call("GET", "/api/tenant/exports/", person.token).status == 200)
        return person

    def log_in(self, email):
        return Person(email, self.call("POST", "/api/auth/login/", None, {"email": email, "password": PASSWORD}))

    def first_step(self, name):
        """What whoever has a second factor holds after the password alone."""
        person = self.sign_up(name)
        secret = self.call("POST", "/api/auth/mfa/totp/", person).json["secret"]
        self.call("POST", "/api/auth/mfa/totp/confirm/", person, {"code": totp(secret)})
        return self.call("POST", "/api/auth/login/", None, {"email": person.email, "password": PASSWORD}).json["mfa_token"]

    def personal_token(self, person, *scopes):
        made = self.call("POST", "/api/auth/tokens/", person, {"name": self.unique(), "scopes": scopes}).json
        self.secrets.add(made["token"])
        return made["token"], made["about"]["id"]

    def share(self, person):
        made = self.call("POST", "/api/shares/", person, {"report_id": person.things["report"], "name": self.text_of(person)}).json
        self.secrets.add(made["token"])
        return made["token"], made["share"]["id"]

    # With workers at work.
    def settle(self):
        a = self.sign_up("keeper")
        for name, role in [("owner", "member"), ("admin", "admin"), ("member", "member"), ("reader", "member"), ("holder", "member"),
                           ("removed_member", "member"), ("suspended_member", "member"), ("invited_member", "member"),
                           ("disabled_account", "member"), ("same_user_elsewhere", "admin")]:
            self.join(name, a, role)
        b = self.sign_up("other_owner")
        for name, role in [("other_admin", "admin"), ("other_member", "member"), ("other_reader", "member"), ("other_holder", "member")]:
            self.join(name, b, role)
        self.sign_up("closed_tenant")
        self.join("pending_admin", self.sign_up("pending_owner"), "admin")
        self.people["staff"] = self.log_in("staff@example.org")
        for name in ("staff_holder", "staff_page_holder", "looker"):
            self.join(name, self.people["staff"], "member")
        self.owning = [person for name, person in self.people.items()
                       if name not in ("removed_member", "suspended_member", "invited_member", "disabled_account")]
        for person in self.owning:
            self.call("POST", "/api/worklogs/", person, {"content": "Wrote it all down.", "title": self.text_of(person)})
            self.call("POST", "/api/reports/generate/", person, {"kind": "weekly"})
            self.call("POST", "/api/resume/refresh/", person)
        for person in self.owning:
            wait_for(lambda: self.program.call("GET", "/api/resume/", person.token).status == 200)
            weekly = wait_for(lambda: self.call("GET", "/api/reports/?kind=weekly", person).json["items"])
            person.things["report"] = weekly[0]["id"]
        self.exports = {}
        for host in (a, b, self.people["closed_tenant"], self.people["staff"], self.people["pending_owner"]):
            self.call("POST", "/api/tenant/export/", host)
            made = wait_for(lambda: self.call("GET", "/api/tenant/exports/", host).json["items"])
            self.exports[host.tenant] = made[0]["id"]

    def text_of(self, person):
        return f"{self.canary} {self.unique()}" if person is self.people["keeper"] else self.unique()

    # Without, so that what is enqueued stays queued.
    def furnish(self):
        for person in self.owning:
            self.furnish_one(person)
        self.arrange()
        self.hand_out()

    def furnish_one(self, person):
        things, text = person.things, lambda: self.text_of(person)
        entry = self.call("POST", "/api/worklogs/", person, {"content": f"Wrote {text()}.", "title": text()}).json
        things["entry"], things["job"] = entry["id"], entry["job_ids"][0]
        other = self.call("POST", "/api/worklogs/", person, {"content": f"Wrote {text()}."}).json
        things["deleted_entry"], things["job_too"] = other["id"], other["job_ids"][0]
        self.call("DELETE", f"/api/worklogs/{other['id']}/", person)
        for name in ("skill", "skill_too"):
            things[name] = self.call("POST", "/api/skills/", person, {"name": text()}).json["id"]
        schedule = {"name": text(), "job_type": "report.generate", "cron": "0 0 29 2 *", "overlap": "allow",
                    "payload": {"kind": "weekly"}}
        things["schedule"] = self.call("POST", "/api/schedules/", person, schedule).json["id"]
        for section, field in SECTIONS.items():
            kind = "profile_skills" if section == "skills" else section
            things[kind] = self.call("POST", f"/api/profile/{section}/", person, {field: text()}).json["id"]
        self.call("PATCH", "/api/profile/", person, {"name": text()})
        things["token"] = self.personal_token(person, "read")[1]
        things["share"] = self.share(person)[1]
        things["export"] = self.exports[person.tenant]
        self.log_in(person.email)
        sessions = self.call("GET", "/api/auth/sessions/", person).json["items"]
        things["session"] = next(session["id"] for session in sessions if not session["current"])

    def arrange(self):
        """What no request arranges yet, by the database's owner."""
        people, sql = self.people, self.store.execute
        own = ", ".join(str(people[name].id) for name in ("owner", "holder"))
        sql(f"UPDATE membership SET role = 'owner' WHERE user_id IN ({own})")
        for name in ("pending_owner", "pending_admin", "admin", "other_admin", "owner", "keeper", "holder", "other_owner", "staff",
                     "closed_tenant", "same_user_elsewhere"):
            wait_for(lambda name=name: self.program.call("GET", "/api/invitations/", people[name].token).status == 200)
            made = self.call("POST", "/api/invitations/", people[name], {"role": "read_only"}).json
            people[name].things["invitation"] = made["invitation"]["id"]
            self.tokens["invitation_code"] = made["code"]
            people[name].things["member"] = self.member_of(people[name])
        readers = ", ".join(str(people[name].id) for name in ("reader", "other_reader"))
        sql(f"UPDATE membership SET role = 'read_only' WHERE user_id IN ({readers})")
        for name in ("removed_member", "invited_member"):
            sql(f"DELETE FROM membership WHERE user_id = {people[name].id}")
        for name in ("staff", "staff_page_holder", "looker"):
            people[name].things["glass"] = self.glass_of(people["staff"])
        self.invite(people["keeper"], "member", people["invited_member"].email)
        sql(f"UPDATE membership SET status = 'suspended' WHERE user_id = {people['suspended_member'].id}")
        staff = ", ".join(str(people[name].id) for name in ("staff_holder", "looker"))
        sql(f"UPDATE app_user SET is_staff = true WHERE id IN ({staff})")
        wait_for(lambda: self.program.call("GET", "/system/overview/", people["looker"].token).status == 200)
        sql(f"UPDATE app_user SET is_active = false WHERE id = {people['disabled_account'].id}")
        sql(f"UPDATE tenant SET status = 'suspended' WHERE id = {people['closed_tenant'].tenant}")

    def hand_out(self):
        people, tokens = self.people, self.tokens
        for name in ("keeper", "holder", "owner", "admin", "member", "reader", "other_owner", "other_admin", "other_member", "other_reader", "staff", "looker",
                     "removed_member", "suspended_member", "invited_member", "disabled_account", "closed_tenant", "pending_owner",
                     "pending_admin"):
            tokens[name] = people[name].token
        tokens["same_user_elsewhere"] = self.elsewhere(people["same_user_elsewhere"], people["other_owner"].tenant)
        tokens["token_that_reads"], _ = self.personal_token(people["holder"], "read")
        tokens["token_that_writes"], _ = self.personal_token(people["holder"], "write")
        tokens["other_token"], _ = self.personal_token(people["other_holder"], "write")
        tokens["pending_token"], _ = self.personal_token(people["pending_owner"], "write")
        self.have_deleted(people["pending_owner"], people["pending_admin"])
        tokens["staff_token"], _ = self.personal_token(people["staff_holder"], "write")
        tokens["share_token"], _ = self.share(people["other_holder"])
        tokens["revoked_token"], revoked = self.personal_token(people["keeper"], "write")
        self.call("DELETE", f"/api/auth/tokens/{revoked}/", people["keeper"])
        tokens["expired_token"], expired = self.personal_token(people["keeper"], "write")
        self.store.execute(f"UPDATE personal_token SET expires_at = created_at WHERE id = {expired}")
        tokens["made_up_token"] = "arp_" + base64url(bytes(32))
        tokens["refresh_token"] = people["keeper"].refresh
        tokens["mfa_token"] = self.first_step("half_signed_in")
        self.forge(people["keeper"].token)
        ended = self.log_in(people["keeper"].email)
        self.call("POST", "/api/auth/logout/", ended)
        tokens["ended_session"] = ended.token
        self.change_a_password()
        self.carry_otherwise()

    def forge(self, good):
        tokens, claims = self.tokens, claims_of(good)
        tokens["expired"] = signed({**claims, "exp": claims["nbf"] + 1, "nbf": claims["nbf"] - 600})
        tokens["not_yet_valid"] = signed({**claims, "nbf": claims["exp"] - 1})
        tokens["forged"] = signed(claims, secret="another secret")
        tokens["unsigned"] = signed(claims, header='{"alg":"none","typ":"JWT"}').rsplit(".", 1)[0] + "."
        tokens["truncated"] = good[:-10]
        tokens["wrong_audience"] = signed({**claims, "aud": "elsewhere"})
        tokens["wrong_issuer"] = signed({**claims, "iss": "https://elsewhere.example"})
        assert self.program.call("GET", "/api/auth/me/", signed(claims)).status == 200

    def change_a_password(self):
        one = self.people["former_password"] = self.sign_up("former_password")
        other = self.log_in(one.email)
        body = {"current": PASSWORD, "password": PASSWORD + " anew"}
        self.call("POST", "/api/auth/password/change/", other, body)
        self.tokens["former_password"] = one.token

    def carry_otherwise(self):
        """The same people by other carriers than a bearer token, and what is none."""
        people, tokens = self.people, self.tokens
        tokens["staff_cookie"] = page = self.page_of("staff")
        tokens["staff_cookie_without_csrf"] = {"Cookie": page["Cookie"]}
        tokens["staff_cookie_with_anothers_csrf"] = {"Cookie": page["Cookie"], "X-CSRF-Token": self.page_of("staff")["X-CSRF-Token"]}
        former = self.people["former_staff"] = self.join("former_staff", people["staff"], "member")
        self.store.execute(f"UPDATE app_user SET is_staff = true WHERE id = {former.id}")
        tokens["former_staff_cookie"] = self.page_of("former_staff")
        self.store.execute(f"UPDATE app_user SET is_staff = false WHERE id = {former.id}")
        tokens["ended_staff_cookie"] = ended = self.page_of("staff")
        answer = self.program.call("POST", "/system/auth/logout/", ended, headers={"Origin": self.program.origin})
        assert answer.status == 204, answer.text
        tokens["staff_cookie_as_bearer"] = page["Cookie"].split("=")[1]
        tokens["refresh_cookie"] = {"Cookie": f"refresh={people['keeper'].refresh}; __Host-staff={people['keeper'].refresh}"}
        bearer = {"Authorization": f"Bearer {people['owner'].token}"}
        tokens["owner_past_the_pages_server"] = {**bearer, "X-Service-Token": None}
        tokens["owner_by_a_wrong_service_token"] = {**bearer, "X-Service-Token": service_token("another secret", "GET", "/", "", None)}

    def page_of(self, name):
        """Of an operator who is signed in by the cookie."""
        body = {"email": self.people[name].email, "password": PASSWORD}
        answer = self.program.call("POST", "/system/auth/login/", None, body, {"Origin": self.program.origin})
        assert answer.status == 200, answer.text
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.secrets.add(cookie.split("=")[1])
        return {"Cookie": cookie, "X-CSRF-Token": answer.json["csrf_token"]}

    def member_of(self, host):
        """A new member of the host's tenant, as its list of members names them."""
        newcomer = self.join(self.unique(), host, "read_only")
        members = self.call("GET", "/api/tenant/members/?page_size=100", host).json["items"]
        return next(member["id"] for member in members if member["user_id"] == newcomer.id)

    def glass_of(self, host):
        """Of an operator who is nobody else here, for the host's tenant."""
        opener = self.join(self.unique(), host, "member")
        self.store.execute(f"UPDATE app_user SET is_staff = true, may_operate = true WHERE id = {opener.id}")
        wanted = {"tenant_id": host.tenant, "reason": "Somebody asked for help."}
        return self.call("POST", "/system/break-glass/", opener, wanted).json["id"]

    def have_deleted(self, owner, *others):
        """The owner's tenant, in which the others are, too: it is read by them all, and waits."""
        self.call("POST", "/api/tenant/delete/", owner, {"password": PASSWORD})
        for person in (owner, *others):
            wait_for(lambda: self.program.call("GET", "/api/invitations/", person.token).status == 403)

    def another(self, name, role):
        """Somebody else who may what the actor of that name may."""
        if name.startswith("pending"):
            host = self.sign_up(self.unique())
            one = self.join(self.unique(), host, role)
            self.have_deleted(host, one)
            return one
        host = "staff" if name in ("staff", "looker") else "keeper"
        return self.join(self.unique(), self.people[host], role)

    def elsewhere(self, person, tenant):
        """The same user, signed in by the same session, in another tenant."""
        claims, number = claims_of(person.token), next(self.memberships)
        self.store.execute(f"INSERT INTO membership (id, tenant_id, user_id, role, status, created_at, updated_at) SELECT {number}, "
                           f"{tenant}, user_id, 'member', status, created_at, updated_at FROM membership WHERE user_id = {claims['sub']}")
        return signed({**claims, "tid": tenant})

    def things_of(self, name):
        person = {"token_that_reads": "holder", "token_that_writes": "holder", "other_token": "other_holder",
                  "staff_token": "staff_holder", "staff_cookie": "staff_page_holder",
                  "former_staff_cookie": "former_staff", "pending_token": "pending_owner"}.get(name, name)
        return self.people[person].things


class OneProgram(OneStore):
    """One program for all tests of a class, on a store of its own."""

    # The variable that holds the path of its build, and what it runs before it serves.
    build = "AFTERRESUME"
    words = ("migrate", "bootstrap")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = Program(cls.store.folder, cls.store.url)
        for word in cls.words:
            cls.program.run(os.environ[cls.build], word)
        cls.program.start(os.environ[cls.build])
        cls.addClassCleanup(cls.program.stop)
        cls.world = World(cls.program, cls.store)
