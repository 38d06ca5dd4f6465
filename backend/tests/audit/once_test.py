"""Each thing that the audit trail tells of, asked for sixteen times at once and once more when all is done: it happens as often
as it may, the trail tells of it as often as it happened, and so do the mails of it; on both databases. The last test holds
what was triggered against all that the program says that its trail tells of.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix:../cookies python3 -m unittest once_test
"""

import collections
import concurrent.futures
import copy
import pathlib
import threading
import unittest

from mails import mailed_code, mails_in
from people import PASSWORD, OneProgram, totp
from program import Postgres, Sqlite, wait_for

AT_ONCE = 16
NEW_PASSWORD = "marble fjord 58 cactus"
WRONG = "not the password 1"
TESTS = pathlib.Path(__file__).parent.parent
# No request makes these happen; another test counts them.
SHOWN_ELSEWHERE = {"bootstrap": "commands/commands_test.py", "operator_made": "commands/commands_test.py",
                   "tenant_purged": "contract/erasure_test.cpp"}


class Trigger:
    """What is asked for by each of the callers, in whose trail it is told of (somebody's tenant, or a condition), and how
    often: (act, outcome) → times, where -1 is as often as it was answered with success."""

    def __init__(self, host, request, told, mails=0, succeeds=1):
        self.where = host if isinstance(host, str) else f"tenant_id = {host.tenant}"
        self.told, self.mails, self.succeeds = told, mails, succeeds
        self.request = request if callable(request) else lambda _: request


class Once(OneProgram):
    maxDiff = None
    words = ("migrate",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ran, cls.triggered = set(), set()
        cls.callers = [copy.copy(cls.program) for _ in range(AT_ONCE)]
        for caller in cls.callers:
            caller.connection = None
            cls.addClassCleanup(lambda caller=caller: caller.connection and caller.connection.close())

    def setUp(self):
        self.ran.add(self._testMethodName)

    def person(self):
        return self.world.sign_up(self.world.unique())

    def operator(self):
        one = self.person()
        self.store.execute(f"UPDATE app_user SET is_staff = true, may_operate = true WHERE id = {one.id}")
        wait_for(lambda: self.program.call("GET", "/system/overview/", one.token).status == 200)
        return one

    def call(self, *words):
        return self.world.call(*words)

    def settled(self):
        """Every mail that was to be written is."""
        wait_for(lambda: not self.store.execute("SELECT 1 FROM job_hot WHERE type = 'mail.send'"))

    def mails(self):
        """All that are to be written, once they are."""
        self.settled()
        return mails_in(self.store.folder / "outbox")

    def code_mailed_to(self, person, word):
        return mailed_code(self.store.folder / "outbox", person.email, word)

    def trail(self, where):
        rows = self.store.execute(f"SELECT id, name, outcome FROM auth_event WHERE {where}")
        return {str(number): (name, outcome) for number, name, outcome in rows}

    def asked_at_once(self, request):
        barrier = threading.Barrier(AT_ONCE)

        def ask(number):
            barrier.wait()
            return self.callers[number].call(*request(number)).status

        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            statuses = list(pool.map(ask, range(AT_ONCE)))
        return [*statuses, self.program.call(*request(AT_ONCE)).status]

    def check(self, trigger):
        told, mails = self.trail(trigger.where), self.mails()

        statuses = self.asked_at_once(trigger.request)

        succeeded = sum(status < 300 for status in statuses)
        new = collections.Counter(row for number, row in self.trail(trigger.where).items() if number not in told)
        times = {row: succeeded if times == -1 else times for row, times in trigger.told.items()}
        said = f"answered {collections.Counter(statuses)}, told {dict(new)}"
        self.assertGreater(succeeded if trigger.succeeds is None else 1, 0, said)
        self.assertEqual(succeeded if trigger.succeeds is not None else None, trigger.succeeds, said)
        self.assertEqual({row: new[row] for row in times}, times, said)
        self.triggered.update(name for name, _ in times)
        # What was done is told of, and nothing that was not.
        self.assertEqual({row for row in new if row[1] == "success"} - set(times), set(), said)
        wanted = succeeded if trigger.mails == -1 else trigger.mails
        self.assertEqual(len(self.mails().keys() - mails.keys()), wanted, said)

    def test_signing_in(self):
        host = self.person()
        body = {"email": host.email, "password": PASSWORD}
        self.check(Trigger(host, ("POST", "/api/auth/login/", None, body), {("login", "success"): -1}, succeeds=None))

    def test_signing_in_with_a_wrong_password(self):
        host = self.person()
        body = {"email": host.email, "password": WRONG}
        # More guesses than ten are refused before anybody looks, of which one row tells.
        self.check(Trigger(host, ("POST", "/api/auth/login/", None, body), {("login", "failure"): 11}, succeeds=0))

    def test_signing_out(self):
        host = self.person()
        self.check(Trigger(host, ("POST", "/api/auth/logout/", host.token), {("logout", "success"): 1}))

    def test_signing_another_device_out(self):
        host = self.person()
        self.world.log_in(host.email)
        sessions = self.call("GET", "/api/auth/sessions/", host).json["items"]
        other = next(session["id"] for session in sessions if not session["current"])
        self.check(Trigger(host, ("DELETE", f"/api/auth/sessions/{other}/", host.token), {("session_revoked", "success"): 1}))

    def test_refreshing(self):
        host = self.person()
        cookie = {"Cookie": f"refresh={host.refresh}"}
        self.check(Trigger(host, ("POST", "/api/auth/token/refresh/", None, None, cookie), {("refresh", "success"): 1},
                           succeeds=AT_ONCE + 1))

    def test_refreshing_by_what_somebody_else_has_used(self):
        host = self.person()
        cookie = {"Cookie": f"refresh={host.refresh}"}
        self.assertEqual(self.program.call("POST", "/api/auth/token/refresh/", headers=cookie).status, 200)
        request = ("POST", "/api/auth/token/refresh/", None, None, {**cookie, "User-Agent": "another"})
        self.check(Trigger(host, request, {("refresh_reuse", "failure"): 1}, succeeds=0))

    def test_proving_an_address(self):
        host = self.person()
        code = self.code_mailed_to(host, "verify")
        self.check(Trigger(host, ("POST", "/api/auth/email/verify/", None, {"code": code}), {("email_verified", "success"): 1}))

    def test_asking_for_a_new_password(self):
        host = self.person()
        request = ("POST", "/api/auth/password/forgot/", None, {"email": host.email})
        self.check(Trigger(host, request, {("password_forgotten", "success"): -1}, mails=-1, succeeds=None))

    def test_asking_for_a_new_password_of_nobody(self):
        host = self.person()
        request = ("POST", "/api/auth/password/forgot/", None, {"email": f"{self.world.unique()}@example.org"})
        self.check(Trigger(host, request, {}, succeeds=None))

    def test_setting_a_forgotten_password(self):
        host = self.person()
        self.call("POST", "/api/auth/password/forgot/", None, {"email": host.email})
        body = {"code": self.code_mailed_to(host, "reset"), "password": NEW_PASSWORD}
        self.check(Trigger(host, ("POST", "/api/auth/password/reset/", None, body), {("password_reset", "success"): 1}, mails=1))

    def test_changing_a_password(self):
        host = self.person()
        body = {"current": PASSWORD, "password": NEW_PASSWORD}
        self.check(Trigger(host, ("POST", "/api/auth/password/change/", host.token, body), {("password_changed", "success"): 1}, mails=1))

    def with_factor(self):
        """Somebody with a second factor who is signed in, and the codes that stand in for it."""
        host = self.person()
        secret = self.call("POST", "/api/auth/mfa/totp/", host).json["secret"]
        codes = self.call("POST", "/api/auth/mfa/totp/confirm/", host, {"code": totp(secret)}).json["recovery_codes"]
        return host, codes

    def test_adding_a_second_factor(self):
        host = self.person()
        secret = self.call("POST", "/api/auth/mfa/totp/", host).json["secret"]
        request = ("POST", "/api/auth/mfa/totp/confirm/", host.token, {"code": totp(secret)})
        self.check(Trigger(host, request, {("second_factor_added", "success"): 1, ("second_factor_used", "success"): 1}))

    def test_removing_a_second_factor(self):
        host, codes = self.with_factor()
        request = ("POST", "/api/auth/mfa/totp/remove/", host.token, {"code": codes[0]})
        self.check(Trigger(host, request, {("second_factor_removed", "success"): 1, ("recovery_code_used", "success"): 1}))

    def test_making_recovery_codes(self):
        host, codes = self.with_factor()
        request = ("POST", "/api/auth/mfa/recovery-codes/", host.token, {"code": codes[0]})
        self.check(Trigger(host, request, {("recovery_codes_made", "success"): 1, ("recovery_code_used", "success"): 1}))

    def test_signing_in_by_a_second_factor(self):
        host, codes = self.with_factor()
        body = {"email": host.email, "password": PASSWORD}
        token = self.program.call("POST", "/api/auth/login/", None, body).json["mfa_token"]
        request = ("POST", "/api/auth/mfa/", None, {"mfa_token": token, "code": codes[0]})
        self.check(Trigger(host, request, {("login", "success"): 1, ("recovery_code_used", "success"): 1}))

    def test_inviting(self):
        host = self.person()
        body = {"role": "member", "email": f"{self.world.unique()}@example.org"}
        request = ("POST", "/api/invitations/", host.token, body, {"Idempotency-Key": "once"})
        self.check(Trigger(host, request, {("invitation_made", "success"): 1}, mails=1, succeeds=None))

    def test_revoking_an_invitation(self):
        host = self.person()
        made = self.call("POST", "/api/invitations/", host, {"role": "member"}).json["invitation"]["id"]
        self.check(Trigger(host, ("DELETE", f"/api/invitations/{made}/", host.token), {("invitation_revoked", "success"): 1}))

    def test_signing_up_by_an_invitation(self):
        host = self.person()
        code, name = self.world.invite(host, "member"), self.world.unique()

        def sign_up(number):
            body = {"email": f"{name}{number}@example.org", "password": PASSWORD, "display_name": name, "invitation": code}
            return "POST", "/api/auth/signup/", None, body

        self.check(Trigger(host, sign_up, {("invitation_redeemed", "success"): 1, ("signup", "success"): 1}, mails=1))

    def test_signing_up(self):
        host, name = self.person(), self.world.unique()
        body = {"email": f"{name}@example.org", "password": PASSWORD, "display_name": name}
        self.check(Trigger(host, ("POST", "/api/auth/signup/", None, body), {}, mails=1))
        rows = self.store.execute("SELECT e.name FROM auth_event e JOIN app_user u ON u.id = e.user_id "
                                  f"WHERE u.email_folded = '{name}@example.org'")
        self.assertEqual([row[0] for row in rows], ["signup"])

    def test_joining_by_an_invitation(self):
        host, guest = self.person(), self.person()
        request = ("POST", "/api/invitations/accept/", guest.token, {"code": self.world.invite(host, "member")})
        self.check(Trigger(host, request, {("invitation_redeemed", "success"): 1, ("member_joined", "success"): 1}))

    def member(self):
        """A host, a member of theirs, and where the host finds them."""
        host = self.person()
        guest = self.world.join(self.world.unique(), host, "member")
        members = self.call("GET", "/api/tenant/members/", host).json["items"]
        number = next(member["id"] for member in members if member["user_id"] == guest.id)
        return host, guest, f"/api/tenant/members/{number}/", number

    def test_changing_a_role(self):
        host, _, path, _ = self.member()
        self.check(Trigger(host, ("PATCH", path, host.token, {"role": "read_only"}), {("role_changed", "success"): 1}, succeeds=AT_ONCE + 1))

    def test_suspending_a_member(self):
        host, _, path, _ = self.member()
        self.check(Trigger(host, ("PATCH", path, host.token, {"status": "suspended"}), {("member_suspended", "success"): 1},
                           succeeds=AT_ONCE + 1))

    def test_having_a_member_back(self):
        host, _, path, _ = self.member()
        self.call("PATCH", path, host, {"status": "suspended"})
        self.check(Trigger(host, ("PATCH", path, host.token, {"status": "active"}), {("member_reactivated", "success"): 1},
                           succeeds=AT_ONCE + 1))

    def test_capping_the_share_of_a_member(self):
        host, _, path, _ = self.member()
        self.check(Trigger(host, ("PATCH", path, host.token, {"share_percent": 50}), {("member_limited", "success"): 1},
                           succeeds=AT_ONCE + 1))

    def test_removing_a_member(self):
        host, _, path, _ = self.member()
        self.check(Trigger(host, ("DELETE", path, host.token), {("member_removed", "success"): 1}))

    def test_leaving(self):
        host, guest, _, _ = self.member()
        self.check(Trigger(host, ("POST", "/api/tenant/leave/", guest.token), {("member_left", "success"): 1}))

    def test_handing_ownership_over(self):
        host, _, _, number = self.member()
        request = ("POST", "/api/tenant/transfer/", host.token, {"member_id": number})
        self.check(Trigger(host, request, {("ownership_transferred", "success"): 1}))

    def test_what_is_not_permitted(self):
        host, _, path, _ = self.member()
        guest = self.world.join(self.world.unique(), host, "read_only")
        self.check(Trigger(host, ("POST", "/api/worklogs/", guest.token, {"content": "a"}), {("permission_denied", "failure"): AT_ONCE + 1},
                           succeeds=0))

    def test_making_a_token(self):
        host = self.person()
        request = ("POST", "/api/auth/tokens/", host.token, {"name": "CLI", "scopes": ["read"]})
        self.check(Trigger(host, request, {("token_made", "success"): -1}, succeeds=AT_ONCE + 1))

    def test_revoking_a_token(self):
        host = self.person()
        _, number = self.world.personal_token(host, "read")
        self.check(Trigger(host, ("DELETE", f"/api/auth/tokens/{number}/", host.token), {("token_revoked", "success"): 1}))

    def test_exporting(self):
        host = self.person()
        self.asked_at_once(lambda _: ("POST", "/api/tenant/export/", host.token, None, {"Idempotency-Key": "once"}))
        exports = wait_for(lambda: self.call("GET", "/api/tenant/exports/", host).json["items"])
        wait_for(lambda: not self.store.execute(f"SELECT 1 FROM job_hot WHERE tenant_id = {host.tenant}"))

        told = [row for row in self.trail(f"tenant_id = {host.tenant}").values() if row[0] == "tenant_exported"]
        self.assertEqual(told, [("tenant_exported", "success")])
        self.triggered.add("tenant_exported")
        path = f"/api/tenant/exports/{exports[0]['id']}/content/"
        self.check(Trigger(host, ("GET", path, host.token), {("export_downloaded", "success"): -1}, succeeds=AT_ONCE + 1))

    def test_sharing(self):
        host = self.person()
        self.call("POST", "/api/worklogs/", host, {"content": "Wrote it all down."})
        self.call("POST", "/api/reports/generate/", host, {"kind": "weekly"})
        report = wait_for(lambda: self.call("GET", "/api/reports/?kind=weekly", host).json["items"])[0]["id"]
        request = ("POST", "/api/shares/", host.token, {"report_id": report})
        self.check(Trigger(host, request, {("share_made", "success"): -1}, succeeds=None))
        link = self.call("GET", "/api/shares/", host).json["items"][0]["id"]
        self.check(Trigger(host, ("PATCH", f"/api/shares/{link}/", host.token, {"name": "Anew"}), {("share_changed", "success"): -1},
                           succeeds=AT_ONCE + 1))
        self.check(Trigger(host, ("DELETE", f"/api/shares/{link}/", host.token), {("share_revoked", "success"): 1}))

    def test_making_a_tenant(self):
        host = self.person()
        request = ("POST", "/api/tenants/", host.token, {"name": "Engines"})
        self.check(Trigger(f"user_id = {host.id}", request, {("tenant_created", "success"): -1}, succeeds=AT_ONCE + 1))

    def test_renaming_a_tenant(self):
        host = self.person()
        request = ("PATCH", "/api/tenant/", host.token, {"name": "Engines"})
        self.check(Trigger(host, request, {("tenant_changed", "success"): -1}, succeeds=AT_ONCE + 1))

    def test_making_a_tenant_for_somebody(self):
        operator, name = self.operator(), self.world.unique()
        body = {"name": name, "owner_email": f"{name}@example.org"}
        self.check(Trigger(f"tenant_id IN (SELECT id FROM tenant WHERE name = '{name}')",
                           ("POST", "/api/admin/tenants/", operator.token, body),
                           {("tenant_created", "success"): -1, ("invitation_made", "success"): -1}, mails=-1, succeeds=AT_ONCE + 1))

    def test_suspending_a_tenant_and_letting_it_go_on(self):
        operator, host = self.operator(), self.person()
        for status, act in (("suspended", "tenant_suspended"), ("active", "tenant_reactivated")):
            request = ("PATCH", f"/api/admin/tenants/{host.tenant}/", operator.token, {"status": status})
            self.check(Trigger(host, request, {(act, "success"): 1}, succeeds=AT_ONCE + 1))

    def test_making_an_account_for_somebody(self):
        operator, address = self.operator(), f"{self.world.unique()}@example.org"
        request = ("POST", "/api/admin/users/", operator.token, {"email": address, "display_name": "Somebody"})
        self.check(Trigger(f"user_id IN (SELECT id FROM app_user WHERE email_folded = '{address}')", request,
                           {("account_made", "success"): 1, ("password_forgotten", "success"): 1}, mails=1))

    def test_deactivating_an_account_and_having_it_back(self):
        operator, host = self.operator(), self.person()
        for status, act in (("deactivated", "account_deactivated"), ("active", "account_reactivated")):
            request = ("PATCH", f"/api/admin/users/{host.id}/", operator.token, {"status": status})
            self.check(Trigger(host, request, {(act, "success"): 1}, succeeds=AT_ONCE + 1))

    def test_making_somebody_an_operator(self):
        operator, host = self.operator(), self.person()
        request = ("PATCH", f"/api/admin/users/{host.id}/", operator.token, {"is_staff": True, "may_operate": True})
        self.check(Trigger(host, request, {("operator_changed", "success"): 1}, succeeds=AT_ONCE + 1))

    def test_signing_somebody_out_of_everything(self):
        operator, host = self.operator(), self.person()
        request = ("POST", f"/api/admin/users/{host.id}/sign-out/", operator.token)
        self.check(Trigger(host, request, {("signed_out", "success"): -1}, succeeds=AT_ONCE + 1))

    def test_looking_into_the_jobs_of_a_tenant(self):
        operator, host = self.operator(), self.person()
        job = self.call("POST", "/api/worklogs/", host, {"content": "Wrote it all down."}).json["job_ids"][0]
        body = {"tenant_id": host.tenant, "reason": "They asked why it failed."}
        self.check(Trigger(host, ("POST", "/system/break-glass/", operator.token, body), {("break_glass_opened", "success"): 1}))
        self.check(Trigger(host, ("GET", f"/system/jobs/{job}/", operator.token), {("job_content_read", "success"): -1},
                           succeeds=AT_ONCE + 1))
        glass = self.store.execute(f"SELECT id FROM break_glass WHERE tenant_id = {host.tenant}")[0][0]
        self.check(Trigger(host, ("DELETE", f"/system/break-glass/{glass}/", operator.token), {("break_glass_ended", "success"): 1}))

    def test_deleting_a_tenant_and_having_it_back(self):
        host = self.person()
        self.check(Trigger(host, ("POST", "/api/tenant/delete/", host.token, {"password": PASSWORD}), {("tenant_deleted", "success"): 1}))
        self.check(Trigger(host, ("POST", "/api/tenant/restore/", host.token), {("tenant_restored", "success"): 1}))

    def test_deleting_an_account(self):
        host = self.person()
        self.world.join(self.world.unique(), host, "owner")
        self.check(Trigger(host, ("POST", "/api/auth/delete/", host.token, {"password": PASSWORD}),
                           {("account_deleted", "success"): 1, ("member_left", "success"): 1}, succeeds=None))

    # The last of them, by its name.
    def test_with_all_that_the_trail_tells_of(self):
        if self.ran != set(unittest.TestLoader().getTestCaseNames(type(self))):
            self.skipTest("others were left out")
        schemas = self.program.call("GET", "/api/openapi.json").json["components"]["schemas"]
        described = schemas["AuditingAuthEvent"]["properties"]["name"]["enum"]

        self.assertEqual(sorted(self.triggered | SHOWN_ELSEWHERE.keys()), sorted(described))
        self.assertEqual(self.triggered & SHOWN_ELSEWHERE.keys(), set())
        for act, file in SHOWN_ELSEWHERE.items():
            self.assertIn(act, (TESTS / file).read_text(), file)


class OnSqlite(Once, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Once, unittest.TestCase):
    store_type = Postgres
