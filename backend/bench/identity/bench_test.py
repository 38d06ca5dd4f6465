"""What the bench of sign-in reads and writes, on samples."""

import argparse
import contextlib
import io
import unittest

import bench
import measure

WRK = """Running 2s test @ http://127.0.0.1:1/api/auth/login/
  2 threads and 2 connections
Requests/sec:      2.00
JSON{"seconds":2.000000,"lost":1,"times":{"503":[0.40,0.60,12.00],"401":[80.00]}}
"""


def some_results():
    results = measure.Results()
    with contextlib.redirect_stdout(io.StringIO()):
        results.add("alone", "capacity", rps=10_000.0)
        results.add("alone", "reads", rps=3_000.0, p50=0.5, p99=2.0, bad=0, rss=40.0)
        results.add("flooded", "reads", rps=3_000.0, p50=0.6, p99=2.2, bad=0, rss=61.0)
        results.add("flooded", "sign-ins", rps=1_000.0, checked=35.0, p50=0.4, p99=3.0, most=12.0, slowest=500.0, bad=0)
        results.add("signed in", "request", us=21.0, rps=50_000.0, bad=0)
        results.add("anonymous", "request", us=15.5, rps=60_000.0, bad=0)
    return results


class Bench(unittest.TestCase):
    def test_reads_what_wrk_tells(self):
        rate, lost, times = bench.parse_paced(WRK)

        self.assertEqual((rate, lost, times), (2.0, 1, {503: [0.4, 0.6, 12.0], 401: [80.0]}))
        with self.assertRaises(RuntimeError):
            bench.parse_paced("unable to connect")

    def test_takes_quantiles_of_what_there_is(self):
        self.assertEqual(bench.quantile([3.0, 1.0, 2.0, 4.0], 0.5), 3.0)
        self.assertEqual(bench.quantile([1.0], 0.99), 1.0)
        self.assertIsNone(bench.quantile([], 0.5))

    def test_tells_how_it_stands_to_what_is_wanted(self):
        text = bench.report(some_results(), argparse.Namespace(rounds=1, seconds=10))

        self.assertIn("p99 beside the flood is 1.10 ×", text)
        self.assertIn("12.0 ms (the slowest", text)
        self.assertIn("21.0 − 15.5 = 5.5 µs", text)
        self.assertIn("| beside the flood | 3,000 | 0.60 / 2.20 | 0 | 61.0 |", text)


if __name__ == "__main__":
    unittest.main()
