"""The program dies by kill -9 in the middle of an export and of the purge of a tenant, on both databases: both go on after a
restart, nothing is doubled, and nothing is left. An export takes no more memory the more there is to export.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest half_done_test

ENTRIES is how many there are: 40,000 when it is not set.
"""

import os
import pathlib
import unittest

from people import PASSWORD, OneProgram
from program import Postgres, Rows, Sqlite, changed, wait_for

ENTRIES = int(os.environ.get("ENTRIES", 40_000))
COLUMNS = ("tenant_id, user_id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, "
           "source, external_id, analysis, skills, version, extracted_version, created_at, updated_at")
# Of the program itself, and of what waits to be written, whatever the tenant has.
MOST_MORE_MEMORY = 64 << 20
# The address sanitizer keeps what was freed for a while.
KEEPS_FREED = b"__asan_init" in pathlib.Path(os.environ["AFTERRESUME"]).read_bytes()


def peak_memory(process):
    """The most that it has had resident so far, in bytes."""
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) << 10


class HalfDone(OneProgram):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.world.log_in("staff@example.org")
        cls.neighbour = cls.with_entries("neighbour", 20)

    @classmethod
    def with_entries(cls, name, count):
        """Somebody whose tenant has so many, all copies of the first."""
        person = cls.world.sign_up(name)
        first = cls.world.call("POST", "/api/worklogs/", person, {"content": "Wrote it all down. " * 50}).json
        for job in first["job_ids"]:
            wait_for(lambda: cls.world.call("GET", f"/api/jobs/{job}/", person).json["status"] == "success")
        # And all that follows from it.
        wait_for(lambda: not cls.count("job_hot", person.tenant))
        begin = 1_000_000 * person.tenant
        cls.store.execute(
            f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count - 1}) "
            f"INSERT INTO worklog (id, {COLUMNS}) SELECT {begin} + n, {COLUMNS} FROM worklog, numbers WHERE worklog.id = {first['id']}")
        return person

    @classmethod
    def count(cls, table, tenant):
        return int(cls.store.execute(f"SELECT count(*) FROM {table} WHERE tenant_id = {tenant}")[0][0])

    def kill_when(self, is_in_the_middle):
        wait_for(is_in_the_middle)
        self.program.process.kill()
        self.program.process.wait(60)
        self.program.connection.close()
        self.program.connection = None
        self.assertTrue(is_in_the_middle())

    def start(self):
        self.program.start(os.environ["AFTERRESUME"])

    def run_schedule(self, kind):
        schedules = self.world.call("GET", "/system/schedules/?page_size=100", self.staff).json["items"]
        schedule = next(one for one in schedules if one["job_type"] == kind)
        return self.program.call("POST", f"/system/schedules/{schedule['id']}/run/", self.staff.token)

    def exports_of(self, person):
        return self.world.call("GET", "/api/tenant/exports/", person).json["items"]

    def test_an_export_begins_anew_and_is_whole(self):
        person = self.with_entries("exporter", ENTRIES)
        self.world.call("POST", "/api/tenant/export/", person)
        self.kill_when(lambda: not self.finished(person.tenant) and self.count("tenant_export_chunk", person.tenant) > 5)
        self.start()
        before = peak_memory(self.program.process)

        made = wait_for(lambda: self.exports_of(person))

        self.assertEqual(len(made), 1)
        if not KEEPS_FREED:
            self.assertLess(peak_memory(self.program.process) - before, MOST_MORE_MEMORY)
        entries = self.world.call("GET", f"/api/tenant/exports/{made[0]['id']}/content/", person).json["tables"]["worklog"]
        self.assertEqual(len(entries), ENTRIES)
        self.assertEqual(len({entry["id"] for entry in entries}), ENTRIES)
        self.check_that_the_first_attempt_goes_by_night(person, made[0]["id"])

    def finished(self, tenant):
        return int(self.store.execute(
            f"SELECT count(*) FROM tenant_export WHERE tenant_id = {tenant} AND finished_at IS NOT NULL")[0][0])

    def check_that_the_first_attempt_goes_by_night(self, person, kept):
        """Once no attempt can take so long."""
        self.assertEqual(self.count("tenant_export", person.tenant), 2)
        self.store.execute(self.long_ago.format(tenant=person.tenant))
        self.assertLess(self.run_schedule("maintenance.cleanup").status, 300)
        wait_for(lambda: self.count("tenant_export", person.tenant) == 1)
        left = self.store.execute(f"SELECT DISTINCT export_id FROM tenant_export_chunk WHERE tenant_id = {person.tenant}")
        self.assertEqual([int(row[0]) for row in left], [kept])
        self.assertEqual(self.program.call("GET", f"/api/tenant/exports/{kept}/content/", person.token).status, 200)

    def test_a_purge_goes_on_and_leaves_nothing(self):
        person = self.with_entries("leaver", ENTRIES)
        rows = Rows(self.store)
        before = rows.digests([self.neighbour.tenant])
        self.world.call("POST", "/api/tenant/delete/", person, {"password": PASSWORD})
        self.store.execute(f"UPDATE erasure SET due_at = created_at WHERE tenant_id = {person.tenant}")
        self.assertLess(self.run_schedule("tenant.purge").status, 300)
        self.kill_when(lambda: 0 < self.count("worklog", person.tenant) < ENTRIES - 1_000)
        self.start()

        wait_for(lambda: not self.store.execute(f"SELECT id FROM tenant WHERE id = {person.tenant}"))

        left = {table for table in rows.tables if self.count(table, person.tenant)}
        self.assertLessEqual(left, {"auth_event", "operator_act"})
        self.assertEqual(changed(before, rows.digests([self.neighbour.tenant])), [])
        purged = self.store.execute(f"SELECT count(*) FROM auth_event WHERE tenant_id = {person.tenant} AND name = 'tenant_purged'")
        self.assertEqual(int(purged[0][0]), 1)


class OnSqlite(HalfDone, unittest.TestCase):
    store_type = Sqlite
    long_ago = "UPDATE tenant_export SET created_at = created_at - 90000000 WHERE tenant_id = {tenant} AND finished_at IS NULL"


class OnPostgres(HalfDone, unittest.TestCase):
    store_type = Postgres
    long_ago = ("UPDATE tenant_export SET created_at = created_at - interval '25 hours' "
                "WHERE tenant_id = {tenant} AND finished_at IS NULL")


if __name__ == "__main__":
    unittest.main()
