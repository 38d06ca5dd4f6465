"""Devices that refresh over and over while their database resets all connections, loses the answers of commits or crashes:
whoever asks again with what they have stays signed in (S-11). REFRESHING_FAULTS says how often it happens; with CRASH_DATABASE
processes of the server are killed, too, which is for a server that nobody else uses.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix python3 -m unittest refreshing_test
"""

import copy
import os
import random
import threading
import unittest

from crash_database import crash
from people import World
from program import Postgres, Program, wait_for
from proxy import Proxy

BINARY = os.environ["AFTERRESUME"]
DEVICES, FAULTS = 8, int(os.environ.get("REFRESHING_FAULTS", "8"))


class Device:
    """Somebody's, that asks again by the same token until there is an answer."""

    def __init__(self, program, person):
        self.program, self.token = copy.copy(program), person.refresh
        self.program.connection = None
        self.rotations = self.refusals = 0
        self.lost = None

    def refresh(self):
        answer = self.program.call("POST", "/api/auth/token/refresh/", headers={"Cookie": f"refresh={self.token}"})
        if answer.status == 503:
            self.refusals += 1
        elif answer.status != 200:
            self.lost = answer.status, answer.text
        else:
            self.token = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
            self.rotations += 1
        return answer.status == 200

    def run(self, over):
        while not over.is_set() and not self.lost:
            if not self.refresh():
                over.wait(0.02)
        self.program.connection.close()


@unittest.skipUnless("TEST_DATABASE_URL" in os.environ, "needs PostgreSQL")
class Refreshing(unittest.TestCase):
    def setUp(self):
        self.store = Postgres()
        self.addCleanup(self.store.close)
        self.proxy = Proxy(self.store.url)
        self.addCleanup(self.proxy.close)
        self.program = Program(self.store.folder, self.proxy.url)
        self.program.start(BINARY)
        self.addCleanup(self.program.stop)
        world = World(self.program, self.store)
        self.devices = [Device(self.program, world.sign_up(f"device{number}")) for number in range(DEVICES)]

    def lose_a_commit(self, _):
        self.proxy.lose_next_commit()
        wait_for(lambda: self.proxy.losing)
        self.proxy.reset()

    def test_goes_on_whatever_becomes_of_the_database(self):
        chance, over = random.Random(1), threading.Event()
        kinds = [lambda _: self.proxy.reset(), self.lose_a_commit]
        if "CRASH_DATABASE" in os.environ:
            kinds.append(lambda chance: crash(self.store.url, chance))
        threads = [threading.Thread(target=device.run, args=(over,)) for device in self.devices]
        for thread in threads:
            thread.start()
        try:
            for _ in range(FAULTS):
                before = [device.rotations for device in self.devices]
                wait_for(lambda: all(device.lost or device.rotations > count for device, count in zip(self.devices, before)))
                chance.choice(kinds)(chance)
        finally:
            over.set()
            for thread in threads:
                thread.join()

        self.assertEqual([device.lost for device in self.devices], [None] * DEVICES)
        for device in self.devices:
            device.program.connection = None
            wait_for(device.refresh)
            device.program.connection.close()
        self.assertGreater(sum(device.refusals for device in self.devices), 0)
        self.assertGreater(self.proxy.lost_commits, 0)
        self.assert_nothing_was_burnt()

    def assert_nothing_was_burnt(self):
        """No session has ended, each has one token that was not used, and the trail tells of no reuse."""
        ended = self.store.execute("SELECT count(*) FROM session WHERE ended_at IS NOT NULL")
        unused = self.store.execute("SELECT count(*) FROM refresh_token WHERE rotated_at IS NULL GROUP BY session_id")
        reused = self.store.execute("SELECT count(*) FROM auth_event WHERE name = 'refresh_reuse'")
        self.assertEqual((ended, reused), ([("0",)], [("0",)]))
        self.assertEqual(unused, [("1",)] * DEVICES)
