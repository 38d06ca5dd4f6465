"""What the bench of the job engine reads and writes, on samples."""

import argparse
import contextlib
import io
import unittest

import measure
import report
import scale


def some_results():
    results = measure.Results()
    with contextlib.redirect_stdout(io.StringIO()):
        results.add("PostgreSQL", "drain", drain=50_000.0, bulk=210_000.0, wal=1_900.0, rss=21.0, busy=0.0)
        results.add("PostgreSQL", "drain, a write each", drain=10_000.0, busy=0.0)
        results.add("PostgreSQL", "single", single=30_000.0, busy=0.0)
        results.add("pgbench", "single", single=25_000.0, busy=0.0)
        results.add("pgboss", "drain", drain=20_000.0, rss=97.0, busy=0.0)
        results.add("celery", "drain", drain=1_000.0, rss=199.0, busy=0.0)
    return results


def scaled(many, beside):
    results = measure.Results()
    with contextlib.redirect_stdout(io.StringIO()):
        for who in ("PostgreSQL", "SQLite"):
            for what, p99 in (("few", 2.0), ("many", many), ("neighbour", beside)):
                results.add(who, what, p50=p99 / 2, p99=p99, busy=0.0)
    return results


class Scale(unittest.TestCase):
    def test_misses_nothing_within_its_bounds(self):
        self.assertEqual(list(scale.misses(scaled(4.0, 999.0))), [])

    def test_says_which_bound_does_not_hold(self):
        self.assertEqual(list(scale.misses(scaled(9.0, 1_500.0)))[:2], [
            "PostgreSQL: a claim among many takes 4.5 times as long as among few (p99); 2 are allowed.",
            "PostgreSQL: a job beside a flood waits for 1500 ms (p99); 1000 are allowed."])


class Report(unittest.TestCase):
    def test_ends_with_the_ratio_to_the_best_peer(self):
        self.assertEqual(report.drain_ratio(some_results()).splitlines(), [
            "best peer: pgboss, 20,000 jobs/s", "drain ratio to best peer, a tenant write per job: 0.50",
            "drain ratio to best peer: 2.50"])

    def test_says_when_there_is_no_peer(self):
        self.assertIn("no peer", report.drain_ratio(measure.Results()))

    def test_sets_each_figure_beside_its_limit(self):
        text = report.section(some_results(), argparse.Namespace(rounds=3, jobs=100_000))

        self.assertIn("| drain, jobs/s | 50,000 (2.50 × pgboss) | – | ≥ 2.5 × the best peer; SQLite ≥ 30,000 |", text)
        self.assertIn("| 30,000 (1.20 × pgbench) |", text)
        self.assertIn("| pgboss | 20,000 | – | – | – / – | 97 |", text)


if __name__ == "__main__":
    unittest.main()
