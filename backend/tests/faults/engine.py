"""Processes of the engine over one database, what they called, and whether that is what had to happen.

The oracle is the log of calls, which fault-worker keeps outside of the database. It holds whatever was done to the
processes:

- nothing lost (I4): every acknowledged job is there and ended; nothing failed that was not told to;
- nothing doubled (I3): an effect or an end stands once for each job;
- I7: a step that an attempt was told is kept is never called again, nor kept twice;
- at most one duplicate call for each step in flight when its process was disturbed: an attempt calls a step once, a
  process that was left alone has each of its calls kept, and a disturbed one lost at most one for each of its places
  and disturbances;
- a step's calls all carry one key, so that who is called can tell a duplicate;
- the promises that the database itself can be asked for (jobs check).
"""

import collections
import itertools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

Call = collections.namedtuple("Call", "what time process job step lease_seq key")
numbers = itertools.count()
# The lease, in milliseconds, of a process that nothing is done to: no pause of a busy machine is as long.
UNDISTURBED = 10_000


class Life:
    """One process that works; `disturbances` counts what was done to it."""

    def __init__(self, engine, url, options):
        self.engine, self.disturbances = engine, 0
        self.concurrency = int(options[options.index("--concurrency") + 1]) if "--concurrency" in options else 8
        self.process = subprocess.Popen([engine.program, url, "work", engine.calls_file, *map(str, options)],
                                        stdout=subprocess.PIPE, stderr=engine.log, text=True)
        self.process.stdout.readline()
        self.id = self.process.pid

    def wait(self, seconds=60):
        return self.process.wait(seconds)

    def send(self, number):
        self.disturbances += 1
        self.process.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        return self.wait()

    def calls(self, what="call"):
        return [call for call in self.engine.calls() if call.process == str(self.id) and call.what == what]


class Engine:
    def __init__(self, program, server=None):
        self.program = str(pathlib.Path(program).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-engine-"))
        self.calls_file = str(self.folder / "calls")
        pathlib.Path(self.calls_file).touch()
        self.log = open(self.folder / "engine.log", "ab")
        self.server = server
        self.url = self.make_database(server) if server else str(self.folder / "engine.db")
        self.acknowledged = 0
        self.lives = []
        self.run("migrate")

    @staticmethod
    def make_database(server):
        name = f"engine_{os.getpid()}_{next(numbers)}"
        subprocess.run(["psql", "-X", "-q", "-d", server, "-c", f"CREATE DATABASE {name}"], check=True)
        return urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path="/" + name))

    def run(self, *words, check=True):
        return subprocess.run([self.program, self.url, *map(str, words)], stdout=subprocess.PIPE, stderr=self.log, text=True,
                              check=check)

    def enqueue(self, what, count, *options, may_fail=False):
        done = self.run("enqueue", what, count, *options, check=not options and not may_fail)
        self.acknowledged += sum(int(line.split()[1]) for line in done.stdout.splitlines())
        return done.returncode

    def start(self, *options, url=None):
        life = Life(self, url or self.url, options)
        self.lives.append(life)
        return life

    def finish(self, *options):
        """Lets one more process do what is left; whether it came to an end."""
        code = self.start("--lease-ms", UNDISTURBED, *options).wait(240)
        return [] if code == 0 else [f"the last process ended with {code}"]

    def calls(self):
        # The last line may still be on its way.
        lines = pathlib.Path(self.calls_file).read_text().split("\n")[:-1]
        return [Call(*line.split()) for line in lines]

    def settle(self):
        """Lets the processes do what is left, and asks them to stop."""
        found = [] if self.wait_for(lambda: not self.look()["seen"]["unfinished"], 120) else ["the work does not end"]
        for life in self.lives:
            life.process.send_signal(signal.SIGTERM)
        return found + [f"process {life.id} ended with {life.process.returncode}" for life in self.lives if life.wait() != 0]

    def wait_for(self, condition, seconds=20):
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def look(self, *options):
        return json.loads(self.run("look", *options).stdout)

    def faults(self, *options, failed=0):
        looked = self.look(*options)
        seen, found = looked["seen"], looked["broken"]
        if seen["jobs"] != self.acknowledged:
            found.append(f"{self.acknowledged} jobs were acknowledged, {seen['jobs']} are there")
        if seen["unfinished"]:
            found.append(f"{seen['unfinished']} jobs never ended")
        if (seen["success"], seen["failed"]) != (self.acknowledged - failed, failed):
            found.append(f"{seen['success']} jobs succeeded and {seen['failed']} failed, of which {failed} were meant to")
        if seen["doubled_effects"] or seen["doubled_ends"]:
            found.append(f"{seen['doubled_effects']} effects and {seen['doubled_ends']} ends stand twice")
        if seen["ends"] < seen["success"] + seen["failed"]:
            found.append(f"{seen['ends']} ends were noted of {seen['success'] + seen['failed']}")
        effects = len({call.job for call in self.calls() if call.step == "second" and call.what == "call"})
        if seen["effects"] != effects:
            found.append(f"{effects} jobs came to their effect, {seen['effects']} have it")
        return found + self.faults_of_calls()

    def faults_of_calls(self):
        found, kept, attempts, keys = [], {}, set(), {}
        unkept = collections.defaultdict(collections.Counter)
        for call in self.calls():
            step = (call.job, call.step)
            if call.what == "kept":
                if step in kept:
                    found.append(f"{step} was kept twice: {kept[step]}, {call}")
                kept[step] = call
                unkept[call.process][step] -= 1
                continue
            if step in kept:
                found.append(f"{step} was called after it was kept: {kept[step]}, {call}")
            if (*step, call.process, call.lease_seq) in attempts:
                found.append(f"an attempt called twice: {call}")
            attempts.add((*step, call.process, call.lease_seq))
            if keys.setdefault(step, call.key) != call.key:
                found.append(f"{step} was called by two keys: {keys[step]}, {call.key}")
            unkept[call.process][step] += 1
        for life in self.lives:
            lost = sum(unkept[str(life.id)].values())
            if lost > life.disturbances * life.concurrency:
                found.append(f"{lost} calls of process {life.id} were not kept, after {life.disturbances} disturbances of "
                             f"{life.concurrency} places")
        return found

    def calls_of_kept_steps(self):
        """Calls of steps that were kept, by whoever did not hear of it either. For processes that agree on the time."""
        kept = dict(line.rsplit(" ", 1) for line in self.run("steps").stdout.splitlines())
        late = [call for call in self.calls() if call.what == "call"
                and float(call.time) > int(kept.get(f"{call.job} {call.step}", 2**62)) / 1_000]
        return [f"a step was called after it was done and kept: {call}" for call in late]

    def called_again(self):
        """How many calls of each process were made once more, by whomever."""
        counts, last = collections.Counter(), {}
        for call in self.calls():
            if call.what != "call":
                continue
            if (call.job, call.step) in last:
                counts[last[call.job, call.step]] += 1
            last[call.job, call.step] = call.process
        return counts

    def close(self, keep=False):
        for life in self.lives:
            if life.process.poll() is None:
                life.process.kill()
                life.process.wait()
        self.log.close()
        if self.server:
            name = urllib.parse.urlsplit(self.url).path[1:]
            subprocess.run(["psql", "-X", "-q", "-d", self.server, "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=not keep)
        if not keep:
            shutil.rmtree(self.folder)
