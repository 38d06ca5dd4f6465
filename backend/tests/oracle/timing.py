#!/usr/bin/env python3
"""Asks whether the program tells by its answers, or by their time, whether somebody has an address, or a link led somewhere.

    timing.py PROGRAM [--samples 2000] [--seed 1]

Signs in by a wrong password, as anybody and as an operator, asks for a new one, signs up, and invites, for addresses
that somebody has and for others, and signs up with them by an invitation that is for none of them; follows share links
that were revoked and made-up ones; sets a password by codes of mails that newer ones took the place of, that were used
and that ran out, and by made-up ones; looks whether invitations that are open and made-up ones are (which it tells, but
not by its time), and joins by revoked and made-up ones; in random order, four at a time, on SQLite, and on PostgreSQL
where TEST_DATABASE_URL names a server. Status, body and headers must be the same but for what is new in each answer;
the medians of the times at most 2 ms apart, and the ranks of the two (Mann-Whitney) no further apart than chance makes
once in a hundred times; with so many comparisons it does so now and then, so that one which fails is made once more,
and what is told by the time tells it again. Exits 0 when all of it holds.
"""

import argparse
import concurrent.futures
import contextlib
import hashlib
import http.client
import itertools
import json
import math
import os
import pathlib
import random
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "matrix"))

from program import Postgres, Sqlite

PASSWORD, NEW_PASSWORD = "plover staple 47 orbit", "marble fjord 58 cactus"
HOST = "host@example.com"
# New in each answer.
OWN_HEADERS = {"x-correlation-id", "date", "ratelimit-remaining", "ratelimit-reset"}
AT_ONCE, USES_OF_AN_ADDRESS, DEAD_LINKS = 4, 5, 100
MOST_APART, LEAST_CHANCE = 0.002, 0.01


class Program:
    def __init__(self, binary, store):
        self.store = store
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        plenty = "100000/s:100000"
        # Open to all, by mails, which wait: nobody listens at that port.
        environment = {**os.environ, "DATA_DIR": str(store.folder), "PORT": str(self.port), "LOG_LEVEL": "error",
                       "ADMIN_EMAIL": HOST, "ADMIN_PASSWORD": PASSWORD,
                       "SIGNUP_MODE": "open", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "9", "EMAIL_USE_TLS": "false",
                       "RATE_LIMIT_IP": plenty, "RATE_LIMIT_LOGIN": plenty,
                       "RATE_LIMIT_USER": plenty, "RATE_LIMIT_TENANT": plenty, "DATABASE_URL": store.url or ""}
        subprocess.run([binary, "create-admin"], env=environment, stdout=subprocess.DEVNULL, check=True)
        self.process = subprocess.Popen([binary, "up"], env=environment, stdout=subprocess.DEVNULL)
        self.mine = threading.local()
        for _ in range(1000):
            try:
                self.call("GET", "/api/healthz/")
                return
            except OSError:
                self.mine.connection = None
                time.sleep(0.01)
        raise SystemExit("the program does not answer")

    def call(self, method, path, body=None, token=None):
        """(seconds, status, what the answer says beside what is new in each)"""
        if getattr(self.mine, "connection", None) is None:
            self.mine.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = json.dumps(body) if body else None
        begun = time.perf_counter()
        headers = {"Content-Type": "application/json", "If-Match": "*", "Origin": f"http://127.0.0.1:{self.port}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.mine.connection.request(method, path, data, headers)
        answer = self.mine.connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - begun
        headers = sorted((name.lower(), value) for name, value in answer.getheaders() if name.lower() not in OWN_HEADERS)
        correlation = answer.getheader("X-Correlation-ID") or "none"
        return seconds, answer.status, (text.replace(correlation, ""), headers)


def chance_of(some, others):
    """The two-sided probability of the Mann-Whitney test, by its normal approximation."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_, first) in enumerate(ranked, 1) if first)
    n, m = len(some), len(others)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def compare(program, name, ask, known, unknown, chance):
    """Whether the answers for known and unknown addresses are the same."""
    samples = len(unknown)
    addresses = [(True, known[i % len(known)]) for i in range(samples)]
    addresses += [(False, address) for address in unknown]
    chance.shuffle(addresses)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda address: ask(program, address[1]), addresses))
    times = {True: [], False: []}
    for (is_known, _), (seconds, _, _) in zip(addresses, answers):
        times[is_known].append(seconds)
    said = {(status, str(rest)) for _, status, rest in answers}
    apart = abs(statistics.median(times[True]) - statistics.median(times[False]))
    probability = chance_of(times[True], times[False])
    print(f"{name:<7} {2 * samples} answers of {len(said)} kind, medians {apart * 1000:.3f} ms apart, "
          f"ranks by chance {probability:.3f}", flush=True)
    return len(said) == 1 and apart < MOST_APART and probability > LEAST_CHANCE


def shows_nothing(program, name, ask, known, unknown, chance):
    """As compare() says; both give what is asked about, for each try."""
    return any(compare(program, name, ask, known(), unknown(), chance) for _ in range(2))


def log_in(program, address):
    return program.call("POST", "/api/auth/login/", {"email": address, "password": "not the password 1"})


def operate(program, address):
    answer = program.call("POST", "/system/auth/login/", {"email": address, "password": "not the password 1"})
    assert answer[1] == 401, answer
    return answer


def forget(program, address):
    return program.call("POST", "/api/auth/password/forgot/", {"email": address})


def sign_up(program, address):
    body = {"email": address, "password": PASSWORD, "display_name": "Somebody"}
    answer = program.call("POST", "/api/auth/signup/", body)
    assert answer[1] == 202, answer
    return answer


def reset(program, code):
    answer = program.call("POST", "/api/auth/password/reset/", {"code": code, "password": NEW_PASSWORD})
    assert answer[1] == 410, answer
    return answer


def follow(program, token):
    return program.call("GET", f"/api/share/{token}/")


def check(program, code):
    seconds, status, (text, _) = program.call("GET", f"/api/invitations/check/?code={code}")
    return seconds, status, sorted(json.loads(text))


class Host:
    """Signed in anew before each comparison, for access tokens last ten minutes."""

    def __init__(self, program):
        self.program = program
        self.sign_in()

    def sign_in(self):
        # The program has closed this thread's connection where a comparison by others took minutes.
        self.program.mine.connection = None
        body = {"email": HOST, "password": PASSWORD}
        self.badge = json.loads(self.program.call("POST", "/api/auth/login/", body)[2][0])["access_token"]
        return self

    def accept(self, program, code):
        answer = program.call("POST", "/api/invitations/accept/", {"code": code}, self.badge)
        assert answer[1] == 410, answer
        return answer

    def sign_up_by(self):
        """How others come by an invitation that is for one address."""
        body = {"role": "member", "email": "guest@example.com"}
        code = json.loads(self.program.call("POST", "/api/invitations/", body, self.badge)[2][0])["code"]

        def ask(program, address):
            body = {"email": address, "password": PASSWORD, "display_name": "Somebody", "invitation": code}
            answer = program.call("POST", "/api/auth/signup/", body)
            assert answer[1] == 410, answer
            return answer
        return ask

    def guest(self, address):
        """The access token of somebody whom the host lets in."""
        code = json.loads(self.program.call("POST", "/api/invitations/", {"role": "member"}, self.badge)[2][0])["code"]
        body = {"email": address, "password": PASSWORD, "display_name": "Somebody", "invitation": code}
        _, status, (text, _) = self.program.call("POST", "/api/auth/signup/", body)
        assert status == 201, text
        return json.loads(text)["access_token"]

    def invite(self, program, address):
        seconds, status, (text, _) = program.call("POST", "/api/invitations/", {"role": "member", "email": address}, self.badge)
        assert status == 201, text
        return seconds, status, sorted(json.loads(text))

    def invitations(self):
        """Codes that are open, and codes that were revoked."""
        made = [json.loads(self.program.call("POST", "/api/invitations/", {"role": "member"}, self.badge)[2][0]) for _ in range(2 * DEAD_LINKS)]
        for one in made[DEAD_LINKS:]:
            assert self.program.call("DELETE", f"/api/invitations/{one['invitation']['id']}/", None, self.badge)[1] == 204
        codes = [one["code"] for one in made]
        return codes[:DEAD_LINKS], codes[DEAD_LINKS:]

    def dead_codes(self):
        """By why they are dead, of the mails that somebodies have asked for so far."""
        revoked, unused = (mailed_codes(self.program.store, f"used_at IS {state}") for state in ("NOT NULL", "NULL"))
        used, expired = unused[::2], unused[1::2]
        for code in used:
            body = {"code": code, "password": NEW_PASSWORD}
            assert self.program.call("POST", "/api/auth/password/reset/", body)[1] == 204
        self.program.store.execute("UPDATE one_time_code SET expires_at = created_at WHERE used_at IS NULL")
        return {"revoked": revoked, "used": used, "expired": expired}


def dead_links(program, badge):
    """Tokens of links to a report that were revoked."""
    ask = lambda method, path, body=None: json.loads(program.call(method, path, body, badge)[2][0] or "{}")
    ask("POST", "/api/worklogs/", {"content": "Sold a pump."})
    ask("POST", "/api/reports/generate/", {"kind": "weekly"})
    while not (reports := ask("GET", "/api/reports/")["items"]):
        time.sleep(0.05)
    made = [ask("POST", "/api/shares/", {"report_id": reports[0]["id"]}) for _ in range(DEAD_LINKS)]
    assert follow(program, made[0]["token"])[1] == 200
    for link in made:
        ask("DELETE", f"/api/shares/{link['share']['id']}/")
    return [link["token"] for link in made]


def mailed_codes(store, condition):
    """Some for a new password. Of those that were mailed there are hashes alone, which become those of others."""
    rows = store.execute(f"SELECT id FROM one_time_code WHERE purpose = 'password_reset' AND {condition} LIMIT {DEAD_LINKS}")
    codes = {secrets.token_urlsafe(32): row[0] for row in rows}
    blob = "'\\x{}'" if store.url else "X'{}'"
    hashed = lambda code: blob.format(hashlib.sha256(code.encode()).hexdigest())
    store.execute(*(f"UPDATE one_time_code SET code_hash = {hashed(code)} WHERE id = {number}" for code, number in codes.items()))
    return list(codes)


def compare_all(program, samples, chance):
    """Whether each comparison shows nothing."""
    host, numbers = Host(program), itertools.count()

    def somebodies():
        """New ones, for nobody may guess as often as two comparisons do."""
        host.sign_in()
        addresses = [f"somebody{next(numbers)}@example.com" for _ in range(math.ceil(samples / USES_OF_AN_ADDRESS))]
        for address in addresses:
            host.guest(address)
        return addresses
    nobodies = lambda: [f"nobody{next(numbers)}@example.com" for _ in range(samples)]
    made_up = lambda: [secrets.token_urlsafe(32) for _ in range(samples)]
    opened, revoked = host.invitations()
    dead = dead_links(program, host.guest("maker@example.com"))
    return all([shows_nothing(program, "login", log_in, somebodies, nobodies, chance),
                shows_nothing(program, "operate", operate, somebodies, nobodies, chance),
                shows_nothing(program, "forgot", forget, somebodies, nobodies, chance),
                shows_nothing(program, "sign up", sign_up, somebodies, nobodies, chance),
                *[shows_nothing(program, why, reset, lambda: codes, made_up, chance)
                  for why, codes in host.sign_in().dead_codes().items()],
                shows_nothing(program, "share", follow, lambda: dead, made_up, chance),
                shows_nothing(program, "check", check, lambda: opened, made_up, chance),
                shows_nothing(program, "accept", host.sign_in().accept, lambda: revoked, made_up, chance),
                shows_nothing(program, "invite", host.sign_in().invite, somebodies, nobodies, chance),
                shows_nothing(program, "invited", host.sign_in().sign_up_by(), somebodies, nobodies, chance)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    right = []
    for name, kind in (("SQLite", Sqlite), ("PostgreSQL", Postgres)):
        if kind is Postgres and "TEST_DATABASE_URL" not in os.environ:
            print(f"{name}: skipped, no server is named")
            continue
        print(name, flush=True)
        with contextlib.closing(kind()) as store:
            program = Program(wanted.program, store)
            try:
                right.append(compare_all(program, wanted.samples, chance))
            finally:
                program.process.terminate()
                program.process.wait(30)
    return 0 if all(right) else 1


if __name__ == "__main__":
    raise SystemExit(main())
