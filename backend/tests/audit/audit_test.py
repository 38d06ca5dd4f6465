"""The audit trail of the running program: sealed by itself, and what `audit verify` says of a trail that somebody rewrote
past the program, on both databases; and that each thing that is to be in it is there once.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest audit_test
"""

import json
import os
import subprocess
import time
import unittest

from people import PASSWORD, OneProgram
from program import Postgres, Sqlite, wait_for

WRONG = "not the password 1"


class Trail(OneProgram):
    def sql(self, *statements):
        return self.store.execute(*statements)

    def wait_until_sealed(self):
        wait_for(lambda: not self.sql("SELECT 1 FROM audit_pending"))

    def verify(self):
        done = subprocess.run([os.environ["AFTERRESUME"], "audit", "verify", "--json", "--as", "staff@example.org"],
                              env=self.program.environment, capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(done.stdout)

    def tenant_with_events(self, name):
        """A tenant of its own with five records, by place."""
        person = self.world.sign_up(name)
        for _ in range(4):
            self.world.log_in(person.email)
        self.wait_until_sealed()
        events = self.sql(f"SELECT event_id FROM audit_seal WHERE tenant_id = {person.tenant} ORDER BY place")
        self.assertEqual(len(events), 5)
        return person, [int(row[0]) for row in events]

    def assert_found(self, person, *faults):
        code, trail = self.verify()
        self.assertEqual(code, 1)
        found = {chain["tenant_id"]: chain for chain in trail["broken"]}[person.tenant]["faults"]
        self.assertEqual([(fault["tampering"], fault["place"], fault["record"]) for fault in found], list(faults))
        mine = self.world.call("GET", "/api/tenant/audit/verify/", person).json
        self.assertEqual(mine["faults"], found)

    def test_is_intact_as_the_program_writes_it(self):
        person, _ = self.tenant_with_events("intact")

        code, trail = self.verify()

        self.assertNotIn(person.tenant, [chain["tenant_id"] for chain in trail["broken"]])
        self.assertEqual(code, 1 if trail["broken"] else 0)
        checked = self.world.call("GET", "/api/tenant/audit/verify/", person).json
        self.assertEqual((checked["sealed"], checked["faults"]), (5, []))

    def test_tells_a_record_that_was_removed(self):
        person, events = self.tenant_with_events("removed")
        self.sql(f"DELETE FROM auth_event WHERE id = {events[2]}")
        self.assert_found(person, ("removed", 3, str(events[2])))

    def test_tells_a_record_that_was_removed_with_its_seal(self):
        person, events = self.tenant_with_events("cut")
        self.sql(f"DELETE FROM auth_event WHERE id = {events[2]}", f"DELETE FROM audit_seal WHERE event_id = {events[2]}")
        self.assert_found(person, ("removed", 3, None))

    def test_tells_a_record_that_was_edited(self):
        person, events = self.tenant_with_events("edited")
        self.sql(f"UPDATE auth_event SET outcome = 'failure' WHERE id = {events[1]}",
                 f"UPDATE auth_event SET address = '192.0.2.1' WHERE id = {events[3]}")
        self.assert_found(person, ("edited", 2, str(events[1])), ("edited", 4, str(events[3])))

    def test_tells_records_that_changed_places(self):
        person, events = self.tenant_with_events("moved")
        of = f"tenant_id = {person.tenant}"
        self.sql(f"UPDATE audit_seal SET place = 99 WHERE {of} AND place = 2",
                 f"UPDATE audit_seal SET place = 2 WHERE {of} AND place = 3",
                 f"UPDATE audit_seal SET place = 3 WHERE {of} AND place = 99")
        self.assert_found(person, ("moved", 2, str(events[2])), ("moved", 3, str(events[1])), ("moved", 4, str(events[3])))

    def test_tells_a_record_that_was_inserted(self):
        person, events = self.tenant_with_events("inserted")
        columns = "tenant_id, user_id, name, outcome, address, user_agent, correlation_id, data, created_at"
        self.sql(f"INSERT INTO auth_event (id, {columns}) SELECT 77, {columns} FROM auth_event WHERE id = {events[0]}",
                 "DELETE FROM audit_pending WHERE event_id = 77")
        self.assert_found(person, ("inserted", None, "77"))

    def test_holds_when_what_records_say_of_people_is_purged(self):
        person, events = self.tenant_with_events("purged")
        self.sql("UPDATE auth_event SET address = '', user_agent = '', data = '{}', purged_at = created_at "
                 f"WHERE tenant_id = {person.tenant}")
        checked = self.world.call("GET", "/api/tenant/audit/verify/", person).json
        self.assertEqual((checked["sealed"], checked["faults"]), (5, []))

    def acts_after(self, host, act):
        """What is new in the host's trail, oldest first: (name, outcome)."""
        read = lambda: self.world.call("GET", "/api/tenant/audit/?page_size=100", host).json["items"]
        before = {item["id"] for item in read()}
        act()
        return [(item["name"], item["outcome"]) for item in reversed(read()) if item["id"] not in before]

    def test_tells_each_thing_once(self):
        world, call = self.world, self.program.call
        host = world.sign_up("host")
        guest = world.join("guest", host, "read_only")
        spare = world.log_in(host.email)
        refresh = lambda token: lambda: call("POST", "/api/auth/token/refresh/", headers={"Cookie": f"refresh={token}"})
        made = {}
        keep = lambda name, answer: made.update({name: answer.json})
        log_in = lambda password: lambda: call("POST", "/api/auth/login/", None, {"email": host.email, "password": password})
        table = [
            (log_in(PASSWORD), [("login", "success")]),
            (log_in(WRONG), [("login", "failure")]),
            (lambda: call("POST", "/api/auth/logout/", spare.token), [("logout", "success")]),
            (lambda: keep("invitation", call("POST", "/api/invitations/", host.token, {"role": "member"})),
             [("invitation_made", "success")]),
            (lambda: call("DELETE", f"/api/invitations/{made['invitation']['invitation']['id']}/", host.token),
             [("invitation_revoked", "success")]),
            (lambda: world.join("third", host, "member"),
             [("invitation_made", "success"), ("invitation_redeemed", "success"), ("signup", "success")]),
            (lambda: keep("token", call("POST", "/api/auth/tokens/", host.token, {"name": "CLI"})), [("token_made", "success")]),
            (lambda: call("DELETE", f"/api/auth/tokens/{made['token']['about']['id']}/", host.token), [("token_revoked", "success")]),
            (lambda: call("POST", "/api/worklogs/", guest.token, {"content": "a"}), [("permission_denied", "failure")]),
            (lambda: call("GET", "/system/overview/", guest.token), [("permission_denied", "failure")]),
            (lambda: call("POST", "/api/auth/password/forgot/", None, {"email": host.email}), [("password_forgotten", "success")]),
            (lambda: call("POST", "/api/auth/password/change/", host.token, {"current": WRONG, "password": PASSWORD + " anew"}),
             [("password_changed", "failure")]),
            (lambda: call("POST", "/api/auth/password/change/", host.token, {"current": PASSWORD, "password": PASSWORD + " anew"}),
             [("password_changed", "success")]),
            # Nothing was done, so nothing is told.
            (lambda: call("POST", "/api/invitations/", host.token, {"role": "emperor"}), []),
            (lambda: call("DELETE", "/api/invitations/424242424242/", host.token), []),
        ]
        for number, (act, told) in enumerate(table):
            self.assertEqual(sorted(self.acts_after(host, act)), sorted(told), f"row {number}: {told}")

        rotated = world.sign_up("rotated")
        self.assertEqual(self.acts_after(rotated, refresh(rotated.refresh)), [("refresh", "success")])


class OnSqlite(Trail, unittest.TestCase):
    store_type = Sqlite


class OnPostgres(Trail, unittest.TestCase):
    store_type = Postgres
