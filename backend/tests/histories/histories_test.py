"""Random histories of requests on SQLite and on PostgreSQL beside a reference in memory: every answer is the one that is
foretold and the same on both, and the trail of each tenant tells of each thing once and of nothing else. HISTORIES says how many;
HISTORY plays one again by its seed.

    AFTERRESUME=PROGRAM PYTHONPATH=../matrix:../cookies python3 -m unittest histories_test
"""

import collections
import concurrent.futures
import itertools
import json
import os
import subprocess
import unittest

from history import History
from people import PASSWORD
from playing import Difference, Late, Player
from program import Postgres, Program, Sqlite, wait_for

BINARY = os.environ["AFTERRESUME"]
# As many as hash passwords unhurriedly beside one another.
AT_ONCE = 4
# Reports and exports are waited for; whatever else runs would change what is read meanwhile.
PAUSED = ["ai", "delivery", "maintenance"]


def first_difference(one, other):
    texts = [" ".join(map(str, said[2:])) for said in (one, other)]
    begin = max(0, len(os.path.commonprefix(texts)) - 100)
    return f"SQLite says …{texts[0][begin:begin + 200]}… and PostgreSQL …{texts[1][begin:begin + 200]}…"


class Place:
    """A program on a store of its own."""

    def __init__(self, store):
        self.store = store
        self.program = Program(store.folder, store.url)
        for word in ("migrate", "bootstrap"):
            self.program.run(BINARY, word)
        self.log = store.folder / "log.txt"
        self.program.log = open(self.log, "w")
        self.program.start(BINARY)
        body = {"email": "staff@example.org", "password": PASSWORD}
        staff = self.program.call("POST", "/api/auth/login/", None, body).json["access_token"]
        for queue in PAUSED:
            paused = self.program.call("POST", f"/system/queues/{queue}/pause/", staff)
            assert paused.status < 300, paused.text

    def close(self):
        self.program.stop()
        self.program.log.close()
        self.store.close()

    def trails(self):
        """tenant → (who, act, outcome), oldest first"""
        found = collections.defaultdict(list)
        rows = self.store.execute("SELECT tenant_id, coalesce(user_id, 0), name, outcome FROM auth_event ORDER BY id")
        for tenant, who, act, outcome in rows:
            found[int(tenant)].append((int(who), act, outcome))
        return found

    def verify(self):
        wait_for(lambda: not self.store.execute("SELECT 1 FROM audit_pending LIMIT 1"))
        done = subprocess.run([BINARY, "audit", "verify", "--json", "--as", "staff@example.org"], env=self.program.environment,
                              capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)["broken"]


class Histories(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.environ.get("TEST_DATABASE_URL"):
            raise unittest.SkipTest("TEST_DATABASE_URL is not set")
        cls.places = []
        for store in (Sqlite, Postgres):
            cls.places.append(Place(store()))
            cls.addClassCleanup(cls.places[-1].close)

    @staticmethod
    def play(place, seed, history):
        for attempt in itertools.count():
            player = Player(place.program, f"life{seed}x{attempt}")
            try:
                return player.play(history), player.known
            except Late:
                continue

    def live(self, seed):
        """What went otherwise than foretold, or otherwise on one database than on the other; and what is to be in the trails."""
        history = History(seed)
        try:
            (said, known), (also_said, also_known) = [self.play(place, seed, history) for place in self.places]
        except (Difference, AssertionError) as difference:
            return len(history.steps), str(difference), []
        for number, (one, other) in enumerate(zip(said, also_said)):
            if one != other:
                return len(history.steps), f"step {number}, {' '.join(one[:2])}: {first_difference(one, other)}", []
        trails = [{names[tenant.name]: [(names[who], act, outcome) for who, act, outcome in tenant.trail]
                   for tenant in history.tenants if tenant.name in names} for names in (known, also_known)]
        return len(history.steps), None, trails

    def test_are_answered_and_told_of_as_foretold_on_both_databases(self):
        """S-05 and S-34."""
        one = os.environ.get("HISTORY")
        seeds = [int(one)] if one else range(1, int(os.environ.get("HISTORIES", "24")) + 1)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as players:
            lived = dict(zip(seeds, players.map(self.live, seeds)))

        differences = {seed: difference for seed, (_, difference, _) in lived.items() if difference}
        for place, found in zip(self.places, [place.trails() for place in self.places]):
            for seed, (_, _, trails) in lived.items():
                for tenant, trail in (trails[self.places.index(place)] if trails else {}).items():
                    if found[tenant] != trail:
                        differences.setdefault(seed, f"the trail tells {found[tenant]}, foretold {trail}")
        shown = "\n".join(f"HISTORY={seed}: {difference}" for seed, difference in itertools.islice(differences.items(), 5))
        self.assertEqual(len(differences), 0, shown)
        for place in self.places:
            self.assertEqual(place.verify(), (0, []))
            # A statement that a fence refuses, as any that fails, is a line of it.
            self.assertEqual([line for line in place.log.read_text().splitlines() if "is ready" not in line], [])
        requests = sum(steps for steps, _, _ in lived.values())
        print(f"{len(lived)} histories, {requests} requests on each database", flush=True)
