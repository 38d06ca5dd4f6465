"""Rate limits over two nodes of one installation with a Redis between them, whatever a caller does to his address and
whatever becomes of the Redis.

Limits here give nothing back while a test runs, so that what may pass is a number; and how much more than it may: one,
and one for each node.
"""

import concurrent.futures
import itertools
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from program import Postgres, Program, free_port, wait_for
from proxy import Proxy

BINARY = os.environ["AFTERRESUME"]
REDIS = "/usr/bin/redis-server"
MOST, LOGINS = 20, 5
SLACK = 1 + 2
ANY_ROUTE, LOGIN = "/api/docs/", "/api/auth/login/"


class Redis:
    """A server of its own, whose answers go through a proxy that can hold them back."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="afterresume-redis-")
        self.port = free_port()
        self.start()
        self.proxy = Proxy(f"redis://127.0.0.1:{self.port}")
        self.url = self.proxy.url

    def start(self):
        self.process = subprocess.Popen(
            [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder], stdout=subprocess.DEVNULL)
        wait_for(lambda: self.say("PING") == b"+PONG\r\n")

    def say(self, word):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(f"{word}\r\n".encode())
                return connection.recv(100)
        except OSError:
            return None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.proxy.close()
        self.kill()
        shutil.rmtree(self.folder)


# A machine with a test server has that program, too: tools/setup installs both.
@unittest.skipUnless("TEST_DATABASE_URL" in os.environ, "TEST_DATABASE_URL is not set")
class TwoNodes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis, cls.store = Redis(), Postgres()
        cls.nodes = []
        for number in range(2):
            node = Program(cls.store.folder / str(number), cls.store.url)
            node.environment |= {"REDIS_URL": cls.redis.url, "RATE_LIMIT_IP": f"1/h:{MOST}", "RATE_LIMIT_LOGIN": f"1/h:{LOGINS}"}
            node.environment["LOG_LEVEL"] = "warning"
            node.log = open(cls.store.folder / f"{number}.log", "w")
            cls.addClassCleanup(node.log.close)
            node.start(BINARY)
            cls.nodes.append(node)
        cls.clients = itertools.count(1)

    @classmethod
    def tearDownClass(cls):
        for node in cls.nodes:
            node.stop()
        cls.redis.close()
        cls.store.close()

    def distrusted(self):
        """How often a node went by its own limits because no answer came in time."""
        return sum(pathlib.Path(node.log.name).read_text().count("each node limits by itself") for node in self.nodes)

    def undisturbed(self, act):
        """What `act` gives when a machine that is busy with other things kept no answer from coming in time."""
        for _ in range(20):
            self.setUp()
            before = self.distrusted()
            given = act()
            if self.distrusted() == before:
                return given
            self.assert_shared()
        raise AssertionError("Redis does not answer in time")

    def setUp(self):
        # Nobody has asked from there before.
        number = next(self.clients)
        self.client = f"203.0.113.{number}"
        self.network = f"2001:db8:0:{number:x}"

    def call(self, node, client=None, path=ANY_ROUTE, body=None, headers=None):
        caller = Program(".", None)
        caller.port = node.port
        try:
            return caller.call("POST" if body else "GET", path, None, body, {"X-Forwarded-For": client or self.client, **(headers or {})})
        finally:
            caller.connection.close()

    def passing(self, count, nodes=None, clients=None, **what):
        """How many of so many at once are not refused as too many; the nodes, and the clients, in turn."""
        nodes, clients = itertools.cycle(nodes or self.nodes), itertools.cycle(clients or [self.client])
        with concurrent.futures.ThreadPoolExecutor(16) as callers:
            asked = [callers.submit(self.call, next(nodes), next(clients), **what) for _ in range(count)]
            answers = [future.result() for future in asked]
        for answer in answers:
            if answer.status == 429:
                self.assertIn("Retry-After", answer.headers)
        return sum(answer.status != 429 for answer in answers)

    def assert_limited(self, passed, limit=MOST):
        self.assertGreaterEqual(passed, limit)
        self.assertLessEqual(passed, limit + SLACK)

    def assert_shared(self):
        """Soon, limits hold over both nodes again."""
        def shared():
            self.setUp()
            return self.passing(2 * MOST + 10) <= MOST + SLACK
        wait_for(shared)

    def test_hold_over_both_however_many_ask_at_once(self):
        self.assert_limited(self.undisturbed(lambda: self.passing(120)))
        self.assertEqual(self.passing(20), 0)

    def test_hold_for_a_network_of_the_sixth_version_as_for_one_client(self):
        def passing():
            addresses = [f"{self.network}::{number:x}" for number in range(1, 30)] + [f"{self.network}:ffff:1:2:3"]
            return self.passing(120, clients=addresses)

        self.assert_limited(self.undisturbed(passing))

    def test_hold_for_what_is_not_there(self):
        self.assert_limited(self.undisturbed(lambda: self.passing(120, path="/api/nothing/")))
        self.assertEqual(self.passing(20), 0)

    def test_hold_whatever_a_client_says_of_its_address(self):
        aliases = {"Forwarded": "for=198.51.100.7", "X-Real-IP": "198.51.100.8", "X_Forwarded_For": "198.51.100.9"}

        def passing():
            forged = [f"198.51.100.{number}, {self.client}" for number in range(1, 30)]
            mapped = [f"::ffff:{self.client}", self.client, f"10.0.0.1,,{self.client}"]
            return self.passing(60, clients=forged, headers=aliases) + self.passing(60, clients=mapped)

        self.assert_limited(self.undisturbed(passing))

    def test_hold_for_an_account_however_its_address_is_written(self):
        spellings = ["some.body@example.org", "SOME.BODY@EXAMPLE.ORG", "somebody@example.org", "s.o.m.e.body@example.org",
                     "some.body+tag@example.org", "SomeBody+other.tag@Example.org", " somebody@example.org ",
                     "ｓｏｍｅｂｏｄｙ@example.org"]

        def passing():
            return sum(self.call(node, path=LOGIN, body={"email": spelling, "password": "wrong"}).status != 429
                       for spelling in spellings for node in self.nodes)

        self.assert_limited(self.undisturbed(passing), LOGINS)
        self.assertNotEqual(self.call(self.nodes[0], path=LOGIN, body={"email": "else@example.org", "password": "x"}).status, 429)

    def test_hold_when_redis_forgets_everything(self):
        def passing():
            # A node knows of it what it was last told.
            passed = self.passing(MOST - 6) + self.passing(1, self.nodes[:1]) + self.passing(1, self.nodes[1:])
            self.assertEqual(self.redis.say("FLUSHALL"), b"+OK\r\n")
            return passed + self.passing(60)

        self.assert_limited(self.undisturbed(passing))

    def test_are_each_nodes_own_while_redis_is_silent(self):
        self.assertEqual(self.passing(4), 4)
        self.redis.proxy.hold()
        begun = time.monotonic()
        passed = self.passing(120)
        took = time.monotonic() - begun
        self.redis.proxy.let_go()

        self.assertGreaterEqual(passed, MOST - 4)
        self.assertLessEqual(passed, 2 * MOST + SLACK)
        # Far less than a request each that waits for it would take.
        self.assertLess(took, 20)
        self.assert_shared()

    def test_are_each_nodes_own_while_redis_is_dead(self):
        self.assertEqual(self.passing(4), 4)
        self.redis.kill()
        passed = self.passing(120)
        self.redis.start()

        self.assertGreaterEqual(passed, MOST - 4)
        self.assertLessEqual(passed, 2 * MOST + SLACK)
        self.assert_shared()


if __name__ == "__main__":
    unittest.main()
