"""What commands make of the keys of an installation, on each database.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest keys_test
"""

import os
import subprocess
import unittest

from typed import Commands, OnPostgres, OnSqlite

SECRET = "the one key of this installation for a while"
SEALING = "what all is sealed with here for a while"
OTHER = "a key that this database has never seen before"


class KeyCommands(Commands):
    """What the database knows of the keys."""

    def settings(self):
        return {**super().settings(), "SECRET_KEY": SECRET, "ENCRYPTION_KEY": SEALING}

    def unwilling(self, *words):
        """What is said by whoever has another key; nothing is served."""
        done = self.run_it(*words)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        said = done.stdout + done.stderr
        for key in (SECRET, SEALING, OTHER):
            self.assertNotIn(key, said)
        self.assertNotIn("ready", said)
        return said

    def known(self):
        return dict(self.rows("SELECT name, fingerprint FROM key_fingerprint"))

    def test_start_nothing_with_another_secret(self):
        before = self.known()
        self.environment["SECRET_KEY"] = OTHER

        for words in (["up"], *self.several, ["migrate"], ["bootstrap"], ["jobs", "list"], ["doctor"]):
            said = self.unwilling(*words)
            self.assertIn("SECRET_KEY is not the one", said)
            self.assertNotIn("ENCRYPTION_KEY is not the one", said)
        self.assertEqual(self.known(), before)
        # The roles of the database have the passwords that they had.
        self.environment["SECRET_KEY"] = SECRET
        self.ok("doctor")

    def test_take_another_secret_when_told_to(self):
        self.environment["SECRET_KEY"] = OTHER

        self.ok("migrate", "--accept-new-secret-key")

        self.ok("doctor")
        self.ok("jobs", "list")
        self.environment["SECRET_KEY"] = SECRET
        self.assertIn("SECRET_KEY is not the one", self.unwilling("doctor"))

    def test_follow_a_secret_that_is_rotated(self):
        self.environment.update(SECRET_KEY=OTHER, SECRET_KEY_PREVIOUS=SECRET)
        self.assertIn("SECRET_KEY is new to this database", self.unwilling("doctor"))
        self.ok("migrate")
        del self.environment["SECRET_KEY_PREVIOUS"]
        self.ok("doctor")
        self.ok("jobs", "list")

        self.environment["SECRET_KEY"] = SECRET

        self.assertIn("SECRET_KEY_PREVIOUS", self.unwilling("doctor"))

    def test_start_nothing_with_another_encryption_key(self):
        self.environment["ENCRYPTION_KEY"] = OTHER

        for words in (["up"], *self.several, ["migrate"], ["doctor"]):
            said = self.unwilling(*words)
            self.assertIn("ENCRYPTION_KEY is not the one", said)
            self.assertNotIn("SECRET_KEY is not the one", said)
        self.assertIn("is not the one", self.unwilling("migrate", "--accept-new-secret-key"))
        self.ok("migrate", "--accept-new-encryption-key")
        self.ok("doctor")

    def test_follow_an_encryption_key_that_is_rotated(self):
        self.environment.update(ENCRYPTION_KEY=OTHER, ENCRYPTION_KEYS_PREVIOUS=SEALING)
        self.ok("doctor")
        self.ok("migrate")
        del self.environment["ENCRYPTION_KEYS_PREVIOUS"]
        self.ok("doctor")

        self.environment["ENCRYPTION_KEY"] = SEALING

        self.assertIn("ENCRYPTION_KEYS_PREVIOUS", self.unwilling("doctor"))

    def test_seal_anew_what_a_former_key_sealed_and_do_without_it(self):
        job = self.json("log", "Moved our backups to WAL archiving.")["job_ids"][0]
        self.wait_for(job, "success")
        self.environment.update(ENCRYPTION_KEY=OTHER, ENCRYPTION_KEYS_PREVIOUS=SEALING)

        before = self.run_it("keys", "check")
        # Whenever it is killed, what it did is done, and the rest is left for the next.
        with subprocess.Popen([os.environ["AFTERRESUME"], "keys", "reseal"], env=self.environment, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as killed:
            killed.stdout.readline()
            killed.kill()
        self.ok("keys", "reseal")

        self.assertEqual(before.returncode, 1, before.stderr)
        self.assertIn("Former keys are needed still", before.stdout)
        del self.environment["ENCRYPTION_KEYS_PREVIOUS"]
        self.assertIn("No former key is needed", self.ok("keys", "check"))
        shown = self.json("jobs", "show", job)
        self.assertEqual(shown["status"], "success")
        self.assertFalse(shown.get("result_unreadable"))

    def test_tell_of_what_no_key_opens(self):
        self.ok("log", "Moved our backups to WAL archiving.")
        self.environment["ENCRYPTION_KEY"] = OTHER
        self.ok("migrate", "--accept-new-encryption-key")

        for word in ("check", "reseal", "check"):
            done = self.run_it("keys", word)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertRegex(done.stdout, "payloads of jobs .* [1-9][0-9]* unreadable")

    def test_know_the_key_of_the_data_folder(self):
        del self.environment["SECRET_KEY"], self.environment["ENCRYPTION_KEY"]
        self.ok("migrate", "--accept-new-secret-key", "--accept-new-encryption-key")
        file = self.folder / "secret.key"
        former = file.read_text()

        file.unlink()

        said = self.unwilling("migrate")
        self.assertIn("SECRET_KEY is not the one", said)
        self.assertIn("ENCRYPTION_KEY is not the one", said)
        self.environment["ENCRYPTION_KEYS_PREVIOUS"] = former
        self.ok("migrate", "--accept-new-secret-key")
        self.ok("doctor")

    def test_keep_fingerprints_and_no_keys(self):
        known = self.known()

        self.assertEqual(sorted(known), ["ENCRYPTION_KEY", "SECRET_KEY"])
        for fingerprint in known.values():
            self.assertRegex(fingerprint, "^[0-9a-f]{64}$")


class KeysOnSqlite(OnSqlite, KeyCommands, unittest.TestCase):
    pass


class KeysOnPostgres(OnPostgres, KeyCommands, unittest.TestCase):
    pass


if __name__ == "__main__":
    unittest.main()
