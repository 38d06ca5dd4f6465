"""Starting, loading and watching processes. Knows no product; all load stays on loopback and is bounded."""

import atexit
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
running = []


def begin_with_postgres(program, command):
    """Starts the script anew beside a PostgreSQL of its own, unless it has one. Ends it when there is no such program."""
    if not os.access(program, os.X_OK):
        sys.exit(f"There is no {program}; run {command}.")
    if "TEST_DATABASE_URL" not in os.environ:
        script = ROOT / "tools/with-postgres"
        os.execv(script, [str(script), "--durable", sys.executable, "-B", *sys.argv])


def figures_of(program, *words):
    """What a program of ours says it saw, in a line of JSON."""
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))} says:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command, log, environment=None):
    """A child in a session of its own, ended at exit if it still runs."""
    with open(log, "ab") as out:
        process = subprocess.Popen(
            [str(part) for part in command], env={**os.environ, **(environment or {})}, cwd="/",
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    process.log = log
    running.append(process)
    return process


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process in running:
        running.remove(process)


@atexit.register
def stop_all():
    for process in list(running):
        stop(process)


def request(port, path, method="GET", body=None, headers=None):
    """(status, headers, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def first_answer(process, port, path, begun, limit=60.0):
    """Milliseconds from `begun` (time.monotonic) to the first 200."""
    while time.monotonic() - begun < limit:
        if process.poll() is not None:
            break
        try:
            if request(port, path)[0] == 200:
                return (time.monotonic() - begun) * 1000
        except OSError:
            pass
        time.sleep(0.001)
    with open(process.log) as log:
        raise RuntimeError(f"no answer from {path}:\n{log.read()[-4000:]}")


def rss(pid):
    """Resident MiB of a process."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def busy_share(seconds=0.4):
    """The share of the machine's processors that is in use, before anything is measured."""
    def read():
        with open("/proc/stat") as stat:
            ticks = [int(word) for word in stat.readline().split()[1:9]]
        return sum(ticks), ticks[3] + ticks[4]
    total, idle = read()
    time.sleep(seconds)
    later_total, later_idle = read()
    return 1 - (later_idle - idle) / max(1, later_total - total)


def wait_for_quiet(limit=0.15, tries=15):
    """Waits for others to be done; the share that they still used."""
    busy = busy_share()
    while busy > limit and tries > 0:
        time.sleep(0.6)
        busy, tries = busy_share(), tries - 1
    return round(busy, 2)


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return round(float(number) * MILLISECONDS[unit], 4)


def parse_wrk(text):
    """Requests a second, p50 and p99 in ms, and how many answers were no success."""
    def one(pattern, default=None):
        found = re.search(pattern, text)
        return found.group(1) if found else default
    if "Requests/sec" not in text:
        raise RuntimeError(f"wrk says:\n{text}")
    bad = int(one(r"Non-2xx or 3xx responses: (\d+)", "0"))
    bad += sum(int(word) for word in re.findall(r"\d+", one(r"Socket errors: (.*)", "")))
    return {"rps": float(one(r"Requests/sec:\s+([\d.]+)")), "p50": milliseconds(one(r"\n\s+50%\s+(\S+)")),
            "p99": milliseconds(one(r"\n\s+99%\s+(\S+)")), "bad": bad}


def wrk(port, path, seconds, script=None, arguments=(), connections=64):
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    command += ["-s", str(script)] if script else []
    command += [f"http://127.0.0.1:{port}{path}", "--", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    return parse_wrk(done.stdout + done.stderr)


def parse_pgbench(text, latencies):
    """Transactions a second, and p50 and p99 in ms of the sorted latencies in microseconds."""
    rate = re.search(r"^tps = ([\d.]+)", text, re.M)
    if not rate or not latencies:
        raise RuntimeError(f"pgbench says:\n{text}")
    failed = re.search(r"number of failed transactions: (\d+)", text)
    at = lambda share: latencies[min(len(latencies) - 1, int(len(latencies) * share))] / 1000
    return {"rps": float(rate.group(1)), "p50": at(0.5), "p99": at(0.99), "bad": int(failed.group(1)) if failed else 0}


class Results:
    """Rows of one run; a figure is the median of its rounds, undisturbed ones where there are any."""

    def __init__(self):
        self.rows = []

    def add(self, who, what, **figures):
        self.rows.append({"who": who, "what": what, **figures})
        shown = " ".join(f"{name}={value:g}" if isinstance(value, (int, float)) else f"{name}={value}"
                         for name, value in figures.items())
        print(f"{who:<20} {what:<10} {shown}", flush=True)

    def median(self, who, what, figure):
        rows = [row for row in self.rows if (row["who"], row["what"]) == (who, what) and row.get(figure) is not None]
        calm = [row for row in rows if row.get("busy", 0) <= 0.25]
        values = [row[figure] for row in calm or rows]
        return statistics.median(values) if values else None

    def largest(self, who, figure):
        values = [row[figure] for row in self.rows if row["who"] == who and row.get(figure) is not None]
        return max(values) if values else None

    def disturbed(self):
        return sum(row.get("busy", 0) > 0.25 for row in self.rows), len(self.rows)
