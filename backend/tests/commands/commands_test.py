"""The commands as they are typed: alone and beside a running server, those that make operators on each database.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest commands_test
"""

import contextlib
import json
import sqlite3
import time
import unittest

from typed import BesideAServer, Commands, OnPostgres, OnSqlite

NO_JOB = "01a1ff82-947a-707a-8e8a-250740f6c615"


class FlagCommands(Commands):
    def test_switch_a_flag_on_and_off_again(self):
        self.assertEqual(self.ok("flags", "list"), "")

        self.assertIn("maintenance      on   for all", self.ok("flags", "on", "maintenance"))
        self.assertIn("maintenance      on   for 77", self.ok("flags", "on", "maintenance", "--tenant", "77"))
        self.ok("log", "Operators go on.")
        self.assertIn("maintenance      off  for all", self.ok("flags", "off", "maintenance"))
        self.assertEqual([(one["tenant_id"], one["on"]) for one in self.json("flags", "list")["items"]], [(None, False), (77, True)])

    def test_have_no_command_wait_for_a_job_that_is_not_begun(self):
        self.ok("flags", "on", "maintenance")
        job = self.json("log", "Moved our backups to WAL archiving.")["job_ids"][0]

        done = self.run_it("resume")

        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("the job waits", done.stderr)
        self.assertEqual(self.status(job), "queued")
        self.execute("UPDATE job_hot SET run_at = run_at - 600000")
        self.ok("jobs", "check")
        self.ok("flags", "off", "maintenance")
        self.ok("log", "Back again.")
        self.wait_for(job, "success")

    def test_refuse_a_flag_that_is_none(self):
        self.assertIn("flag", self.refused("flags", "on", "sunshine"))


class QueueCommands(Commands):
    def test_pause_a_queue_and_let_it_go_on(self):
        self.assertIn("ai           open", self.ok("queues", "list"))

        self.assertIn("ai           paused", self.ok("queues", "pause", "ai"))
        self.assertEqual([queue["name"] for queue in self.json("queues", "list")["items"] if queue["paused"]], ["ai"])
        self.assertIn("ai           open", self.ok("queues", "resume", "ai"))

    def test_know_no_queue_that_there_is_not(self):
        self.assertNotEqual(self.run_it("queues", "pause", "sunshine").returncode, 0)


class AccountCommands(Commands):
    def test_switch_off_a_second_factor_that_was_lost(self):
        self.execute("INSERT INTO totp (id, secret, last_step, recovery_hashes, confirmed_at, created_at) "
                     "SELECT id, x'00', 0, '[]', created_at, created_at FROM app_user")

        self.assertIn("by the password alone", self.ok("accounts", "reset-second-factor", "ada@example.com"))

        with contextlib.closing(sqlite3.connect(self.folder / "afterresume.db")) as database:
            self.assertEqual(database.execute("SELECT count(*) FROM totp").fetchone(), (0,))
        until = time.monotonic() + 60
        while not (mails := list((self.folder / "outbox").glob("*.eml"))) and time.monotonic() < until:
            time.sleep(0.05)
        self.assertIn("Subject: Your second factor was switched off", mails[0].read_text())
        self.assertIn("There is no such second factor", self.refused("accounts", "reset-second-factor", "ada@example.com"))


class AdminCommands(Commands):
    """Who operates the installation, on each database."""

    def setUp(self):
        super().setUp()
        self.environment["SIGNUP_MODE"] = "open"

    def as_admin(self, email, password="a long night of commands", name=""):
        self.environment.update(ADMIN_EMAIL=email, ADMIN_PASSWORD=password, ADMIN_USERNAME=name)

    def staff(self):
        return sorted(email for (email,) in self.rows("SELECT email FROM app_user WHERE is_staff"))

    def acts(self):
        return sorted(name for (name,) in self.rows("SELECT name FROM auth_event"))

    def test_make_an_operator_once(self):
        self.as_admin("grace@example.com", name="Grace")

        made, again = self.ok("create-admin"), self.ok("create-admin")

        self.assertIn("can sign in now", made)
        self.assertIn("nothing was changed", again)
        self.assertNotIn("long night", made + again)
        self.assertEqual(self.staff(), ["ada@example.com", "grace@example.com"])
        self.assertEqual(self.rows("SELECT display_name FROM app_user WHERE email = 'grace@example.com'"), [("Grace",)])
        self.assertIn("There are no such jobs", self.ok("jobs", "list", "--as", "grace@example.com"))

    def test_make_an_operator_of_an_account_that_is_there(self):
        for word in ("create-admin", "bootstrap"):
            self.execute("UPDATE app_user SET is_staff = FALSE")
            self.as_admin("ADA@example.com", "another long night of commands")

            raised, again = self.ok(word), self.ok(word)

            self.assertNotIn("long night", raised + again)
            self.assertIn("nothing was changed", again)
            self.assertEqual(self.staff(), ["ada@example.com"])
        self.assertEqual(self.acts(), ["bootstrap", "operator_made", "operator_made"])

    def test_make_nobody_of_what_is_no_address_or_a_weak_password(self):
        for email, password, field in [("grace", "a long night of commands", "/email"), ("grace@example.com", "password123", "/password"),
                                       ("grace@example.com", "short", "/password")]:
            self.as_admin(email, password)
            for word in ("create-admin", "bootstrap"):
                said = self.refused(word)
                self.assertIn(field, said)
                self.assertNotIn(password, said)
        self.as_admin("", "")
        self.assertIn("ADMIN_EMAIL", self.refused("create-admin"))
        self.assertEqual(self.staff(), ["ada@example.com"])

    def test_are_told_of_by_help(self):
        self.assertIn("create-admin", self.ok("--help"))


class JobCommands(Commands):
    def test_list_nothing_where_there_is_nothing(self):
        self.assertEqual(self.ok("jobs", "list"), "There are no such jobs.\n")
        self.assertEqual(self.json("jobs", "list"), [])

    def test_list_jobs_by_status_and_type(self):
        job = self.a_queued_job()

        self.assertIn(job, self.ok("jobs", "list"))
        self.assertEqual([found["id"] for found in self.json("jobs", "list", "--status", "queued")], [job])
        self.assertEqual([found["id"] for found in self.json("jobs", "list", "--type", "worklog.analyze")], [job])
        self.assertEqual(self.json("jobs", "list", "--status", "success"), [])
        self.assertEqual(self.json("jobs", "list", "--type", "report.generate"), [])

    def test_list_refuses_a_status_that_is_none(self):
        self.assertIn("status", self.refused("jobs", "list", "--status", "done"))

    def test_show_a_job_with_its_events_and_steps(self):
        job = self.a_queued_job()
        self.resume_queues()
        self.ok("log", "Cut the p99 of search from 900 ms to 120 ms.")
        self.wait_for(job, "success")

        shown = self.json("jobs", "show", job)

        self.assertEqual(shown["attempts"], 1)
        self.assertEqual([(step["name"], step["status"]) for step in shown["steps"]], [("analyze", "finished")])
        self.assertEqual([event["seq"] for event in shown["events"]], list(range(1, len(shown["events"]) + 1)))
        told = self.ok("jobs", "show", job)
        self.assertIn("Finished", told)
        self.assertIn(f"cost     {shown['cost']} micro-units, {shown['estimated_cost']} expected", told)

    def test_know_no_job_that_there_is_not(self):
        for act in ("show", "cancel", "retry"):
            self.assertIn("no such job", self.refused("jobs", act, NO_JOB))

    def test_cancel_a_queued_job_once(self):
        job = self.a_queued_job()

        self.assertEqual(self.ok("jobs", "cancel", job, "--descendants"), "Cancelled.\n")

        self.assertEqual(self.status(job), "cancelled")
        self.assertIn("already ended", self.refused("jobs", "cancel", job))

    def test_retry_what_was_cancelled_and_nothing_that_succeeded(self):
        job = self.a_queued_job()
        self.ok("jobs", "cancel", job)
        self.resume_queues()

        self.assertEqual(self.ok("jobs", "retry", job), "To be tried again.\n")

        self.wait_for(job, "success")
        self.assertIn("failed or cancelled", self.refused("jobs", "retry", job))

    def test_redrive_all_of_a_type_and_refuse_what_cannot_be(self):
        first, second = self.a_queued_job(), self.a_queued_job()
        self.ok("jobs", "cancel", first)
        self.ok("jobs", "cancel", second)
        self.resume_queues()

        answer = self.json("jobs", "redrive", "--type", "worklog.analyze", "--status", "cancelled")

        self.assertEqual(answer, {"succeeded": 2, "refused": []})
        self.wait_for(first, "success")
        self.wait_for(second, "success")
        again = self.run_it("jobs", "redrive", first, "--json")
        self.assertEqual(again.returncode, 1)
        self.assertEqual([item["id"] for item in json.loads(again.stdout)["refused"]], [first])

    def test_redrive_nothing_that_is_not_named(self):
        self.assertIn("--all", self.refused("jobs", "redrive"))

    def test_check_the_promises_and_fail_when_one_is_broken(self):
        job = self.a_queued_job()
        self.assertEqual(self.ok("jobs", "check"), "Every promise is kept.\n")

        self.execute("DELETE FROM job_hot")

        broken = self.run_it("jobs", "check", "--json")
        self.assertEqual(broken.returncode, 1)
        found = json.loads(broken.stdout)["violations"]
        self.assertIn(("I4", job), [(one["invariant"], one["subject"]) for one in found])
        self.assertIn("I4", self.run_it("jobs", "check").stdout)


class ScheduleCommands(Commands):
    def add(self, name="Monday", *more):
        return self.json("schedules", "add", name, "--type", "resume.refresh", "--cron", "0 9 * * mon", "--zone",
                         "Europe/Berlin", *more)

    def test_add_list_and_show_one_by_its_name_and_its_id(self):
        self.assertEqual(self.ok("schedules", "list"), "There are no schedules.\n")

        made = self.add("Monday", "--missed", "once", "--overlap", "skip")

        self.assertEqual(made["time_zone"], "Europe/Berlin")
        self.assertEqual([one["name"] for one in self.json("schedules", "list")], ["Monday"])
        self.assertEqual(self.json("schedules", "show", "Monday")["history"], [])
        self.assertEqual(self.json("schedules", "show", str(made["id"]))["id"], made["id"])

    def test_add_refuses_what_no_schedule_can_be(self):
        self.assertIn("cron", self.refused("schedules", "add", "a", "--type", "resume.refresh", "--cron", "61 * * * *"))
        self.assertIn("job_type", self.refused("schedules", "add", "a", "--type", "worklog.analyze", "--cron", "@daily"))
        self.assertEqual(self.json("schedules", "list"), [])

    def test_pause_and_resume_one(self):
        self.add()

        self.assertIn("paused", self.ok("schedules", "pause", "Monday"))
        self.assertFalse(self.json("schedules", "show", "Monday")["enabled"])
        self.assertIn("next", self.ok("schedules", "resume", "Monday"))
        self.assertTrue(self.json("schedules", "show", "Monday")["enabled"])

    def test_edit_what_is_said_and_nothing_else(self):
        made = self.add("Monday", "--overlap", "queue_one")

        changed = self.json("schedules", "edit", "Monday", "--name", "Mornings", "--cron", "30 8 * * *", "--zone", "UTC",
                            "--missed", "backfill", "--enabled", "false")

        said = {"name": "Mornings", "cron": "30 8 * * *", "time_zone": "UTC", "missed": "backfill", "enabled": False}
        self.assertEqual({key: changed[key] for key in said}, said)
        for key in ("id", "job_type", "overlap", "payload"):
            self.assertEqual(changed[key], made[key])
        self.assertIn("next", self.ok("schedules", "edit", str(made["id"]), "--enabled", "true", "--overlap", "allow"))
        again = self.json("schedules", "show", "Mornings")
        self.assertEqual((again["enabled"], again["overlap"], again["cron"]), (True, "allow", "30 8 * * *"))

    def test_edit_a_payload(self):
        self.json("schedules", "add", "Weekly", "--type", "report.generate", "--cron", "@weekly", "--payload",
                  '{"kind": "weekly"}')

        changed = self.json("schedules", "edit", "Weekly", "--payload", '{"kind": "monthly"}')

        self.assertEqual(changed["payload"], {"kind": "monthly"})
        self.assertIn("/payload", self.refused("schedules", "edit", "Weekly", "--payload", '{"kind": "sunshine"}'))

    def test_edit_refuses_what_no_schedule_can_be(self):
        made = self.add()
        self.add("Tuesday")

        self.assertIn("what is to change", self.refused("schedules", "edit", "Monday"))
        self.assertIn("cron", self.refused("schedules", "edit", "Monday", "--cron", "61 * * * *"))
        self.assertIn("of this name", self.refused("schedules", "edit", "Monday", "--name", "Tuesday"))
        self.assertIn("--enabled", self.refused("schedules", "edit", "Monday", "--enabled", "perhaps"))
        self.assertIn("no schedule Sunday", self.refused("schedules", "edit", "Sunday", "--cron", "@daily"))
        shown = self.json("schedules", "show", "Monday")
        self.assertEqual({key: shown[key] for key in made}, made)

    def test_run_one_now(self):
        self.add()

        job = self.json("schedules", "run", "Monday")["job_id"]

        self.wait_for(job, "success")
        self.assertIn(job, self.ok("schedules", "show", "Monday"))

    def test_remove_one(self):
        self.add()

        self.assertEqual(self.ok("schedules", "remove", "Monday"), "Removed.\n")

        self.assertEqual(self.json("schedules", "list"), [])
        for act in ("show", "pause", "resume", "run", "remove"):
            self.assertIn("no schedule Monday", self.refused("schedules", act, "Monday"))


class ProgramCommands(Commands):
    """About the program itself, not about what somebody has."""

    last_year = "1"

    def test_clean_up_what_is_over_and_wait_for_it(self):
        self.execute("INSERT INTO job_key (tenant_id, type, unique_key, user_id, job_id, until, counted) VALUES "
                     f"(1, 'resume.refresh', 'of last year', 1, '{NO_JOB}', {self.last_year}, '[]')")

        cleaned = self.json("cleanup")

        self.assertEqual((cleaned["type"], cleaned["status"]), ("maintenance.cleanup", "success"))
        self.assertEqual(self.rows("SELECT unique_key FROM job_key WHERE unique_key = 'of last year'"), [])
        self.assertIn("Cleaned up", self.ok("cleanup"))

    def test_list_the_types_of_jobs_and_who_may_ask_for_them(self):
        types = {one["name"]: one for one in self.json("workflows")}

        self.assertEqual((types["report.generate"]["requestable"], types["report.generate"]["schedulable"]), (True, True))
        self.assertEqual((types["tenant.purge"]["requestable"], types["tenant.purge"]["queue"]), (False, "maintenance"))
        told = self.ok("workflows").splitlines()
        self.assertEqual(len(told), len(types))
        self.assertEqual([line for line in told if line != line.rstrip()], [])

    def test_work_nothing_that_it_cannot(self):
        self.assertIn("no queue sunshine", self.refused("work", "--queues", "ai,sunshine"))
        self.assertIn("--concurrency", self.refused("work", "--concurrency", "500"))


class ProgramAlone(OnSqlite, ProgramCommands, unittest.TestCase):
    pass


class ProgramBesideAServer(BesideAServer, OnSqlite, ProgramCommands, unittest.TestCase):
    pass


class ProgramOnPostgres(OnPostgres, ProgramCommands, unittest.TestCase):
    last_year = "'2020-01-01T00:00:00Z'"


class AccountsAlone(AccountCommands, unittest.TestCase):
    pass


class AccountsBesideAServer(BesideAServer, AccountCommands, unittest.TestCase):
    pass


class AdminsOnSqlite(OnSqlite, AdminCommands, unittest.TestCase):
    pass


class AdminsOnPostgres(OnPostgres, AdminCommands, unittest.TestCase):
    pass


class FlagsAlone(FlagCommands, unittest.TestCase):
    pass


class FlagsBesideAServer(BesideAServer, FlagCommands, unittest.TestCase):
    pass


class QueuesAlone(QueueCommands, unittest.TestCase):
    pass


class QueuesBesideAServer(BesideAServer, QueueCommands, unittest.TestCase):
    pass


class JobsAlone(JobCommands, unittest.TestCase):
    pass


class SchedulesAlone(ScheduleCommands, unittest.TestCase):
    pass


class JobsBesideAServer(BesideAServer, JobCommands, unittest.TestCase):
    pass


class SchedulesBesideAServer(BesideAServer, ScheduleCommands, unittest.TestCase):
    pass


class SchedulesOnPostgres(OnPostgres, ScheduleCommands, unittest.TestCase):
    pass


if __name__ == "__main__":
    unittest.main()
