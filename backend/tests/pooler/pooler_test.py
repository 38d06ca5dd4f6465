"""The program behind a PgBouncer in transaction mode, where each transaction may run in another session of the server and
sessions are shared with everybody: nothing may rest on a session, and nothing of one caller be seen by the next.
"""

import concurrent.futures
import json
import os
import random
import signal
import subprocess
import unittest
import urllib.parse

from people import World
from program import Postgres, Program, free_port, wait_for

BINARY = os.environ["AFTERRESUME"]
PGBOUNCER = "/usr/sbin/pgbouncer"
CALLERS, CALLS = 16, int(os.environ.get("POOLER_CALLS", "4000"))


class Pooler:
    """Few sessions for many: whoever is next gets the one that was used last."""

    def __init__(self, store):
        self.folder = store.folder / "pooler"
        self.folder.mkdir()
        server = urllib.parse.urlsplit(store.url)
        self.port = free_port()
        self.url = urllib.parse.urlunsplit(server._replace(netloc=f"127.0.0.1:{self.port}"))
        roles = "".join(f'"{store.name}_{role}" ""\n' for role in ("app", "engine", "operator"))
        (self.folder / "users").write_text(roles)
        (self.folder / "settings").write_text(f"""
            [databases]
            * = host={server.hostname} port={server.port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {self.port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {self.folder}/users
            pool_mode = transaction
            default_pool_size = 4
            max_client_conn = 200
            server_round_robin = 1
            """.replace("            ", ""))
        for path in (store.folder, self.folder, *self.folder.iterdir()):
            path.chmod(0o755)
        self.start()

    def start(self):
        # It refuses to run as root.
        user = ["-u", "nobody"] if os.getuid() == 0 else []
        self.process = subprocess.Popen([PGBOUNCER, "-q", *user, self.folder / "settings"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


# A machine with a test server has that program, too: tools/setup installs both.
@unittest.skipUnless("TEST_DATABASE_URL" in os.environ, "TEST_DATABASE_URL is not set")
class BehindAPooler(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.store = Postgres()
        cls.pooler = Pooler(cls.store)
        cls.program = Program(cls.store.folder / "data", cls.pooler.url)
        cls.program.environment |= {"DATABASE_OWNER_URL": cls.store.url, "DATABASE_LISTEN_URL": cls.store.url}
        cls.program.start(BINARY)
        cls.world = World(cls.program, cls.store)
        cls.people = [cls.world.sign_up(name) for name in ("ada", "bob", "cleo", "dan", "eve", "finn")]

    @classmethod
    def tearDownClass(cls):
        cls.program.stop()
        cls.pooler.kill()
        cls.store.close()

    def write(self, who, text):
        return self.world.call("POST", "/api/worklogs/", who, {"content": text}).json["id"]

    def unfinished(self):
        return int(self.store.execute("SELECT count(*) FROM job_hot")[0][0])

    def test_does_all_that_follows_from_an_entry(self):
        who = self.people[0]
        self.write(who, "Moved the billing service from Jenkins to GitHub Actions with Terraform and Python")
        wait_for(lambda: self.unfinished() == 0)

        failed = self.store.execute("SELECT type, error FROM job WHERE status <> 'success'")
        skills = self.world.call("GET", "/api/skills/", who).json["items"]
        self.assertEqual(failed, [])
        self.assertIn("Terraform", [skill["name"] for skill in skills])

    def test_shows_nobody_what_is_anothers_however_sessions_are_shared(self):
        """S-04: whatever is kept or rolled back before in the same session of the server."""
        words = [f"canary{number}{os.urandom(6).hex()}" for number in range(len(self.people))]
        entries = [self.write(who, f"Something about {word}") for who, word in zip(self.people, words)]
        codes = [self.world.invite(who, "member") for who in self.people]

        def call_once(caller, chance, mine):
            who, word = self.people[mine], words[mine]
            kind = chance.random()
            if kind < 0.05:
                return caller.call("POST", "/api/worklogs/", who.token, {"content": f"Once more about {word}"}), 201
            if kind < 0.2:
                body, stale = {"content": f"Never about {word}"}, {"If-Match": '"1000"'}
                return caller.call("PATCH", f"/api/worklogs/{entries[mine]}/", who.token, body, stale), 412
            if kind < 0.3:
                # It is used, and then known that they are a member already.
                return caller.call("POST", "/api/invitations/accept/", who.token, {"code": codes[mine]}), 409
            return caller.call("GET", chance.choice(("/api/worklogs/", "/api/jobs/", "/api/auth/me/")), who.token), 200

        def call_often(seed):
            chance = random.Random(seed)
            caller = Program(".", None)
            caller.port = self.program.port
            seen = 0
            for _ in range(CALLS // CALLERS):
                mine = chance.randrange(len(self.people))
                answer, status = call_once(caller, chance, mine)
                others = [word for word in words if word != words[mine]]
                if answer.status != status or any(word in answer.text for word in others):
                    return answer.status, answer.text[:300]
                seen += words[mine] in answer.text
            caller.connection.close()
            return "saw its own" if seen else "saw nothing"

        with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
            found = set(callers.map(call_often, range(CALLERS)))
        self.assertEqual(found, {"saw its own"})
        kept = [self.program.call("GET", f"/api/worklogs/{entry}/", who.token).json["content"]
                for who, entry in zip(self.people, entries)]
        self.assertEqual(kept, [f"Something about {word}" for word in words])
        wait_for(lambda: self.unfinished() == 0)
        self.assertEqual(self.store.execute("SELECT count(*) FROM job WHERE status <> 'success'"), [("0",)])

    def test_works_when_it_was_started_while_the_pooler_was_away(self):
        self.program.stop()
        self.pooler.kill()
        said = self.store.folder / "said"
        with open(said, "w") as self.program.log, concurrent.futures.ThreadPoolExecutor() as beside:
            started = beside.submit(self.program.start, BINARY)
            wait_for(lambda: "sql.connection" in said.read_text())
            self.pooler.start()
            started.result()
        self.write(self.people[0], "Somebody keeps this, too")
        wait_for(lambda: self.unfinished() == 0)

    def test_goes_on_when_the_pooler_was_killed(self):
        self.pooler.kill()
        refused = self.program.call("POST", "/api/worklogs/", self.people[0].token, {"content": "Nobody keeps this"})
        self.pooler.start()

        def written():
            answer = self.program.call("POST", "/api/worklogs/", self.people[0].token, {"content": "Somebody keeps this"})
            return answer.status == 201
        wait_for(written)
        wait_for(lambda: self.unfinished() == 0)
        self.assertEqual(refused.status, 503)
        texts = [item["content"] for item in json.loads(self.program.call("GET", "/api/worklogs/", self.people[0].token).text)["items"]]
        self.assertIn("Somebody keeps this", texts)
        self.assertNotIn("Nobody keeps this", texts)
