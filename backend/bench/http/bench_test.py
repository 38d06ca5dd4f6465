"""What the bench reads and writes, on samples of the tools' output."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import measure
import pgbench
import product
import report
import section

WRK = """Running 6s test @ http://127.0.0.1:1/
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.10ms    1.20ms  20.00ms   90.00%
  Latency Distribution
     50%  950.00us
     75%    3.00ms
     90%    4.00ms
     99%    1.20s
  120000 requests in 6.00s, 30.00MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 7
Requests/sec:  20000.50
"""

LOG = """12 afterresume_app|LOG:  execute begin: BEGIN
12 afterresume_app|LOG:  execute a1: SELECT set_config('app.tenant_id', $1, true)
12 afterresume_app|DETAIL:  parameters: $1 = '10000021'
13 engine|LOG:  statement: SELECT 1
12 afterresume_app|LOG:  execute a2: INSERT INTO worklog (id, user_id, content)
\tVALUES ($1, $2, $3)
12 afterresume_app|DETAIL:  parameters: $1 = '10000000005', $2 = '20004321', $3 = 'It''s $2, done'
12 afterresume_app|LOG:  execute a3: INSERT INTO job VALUES ($1, $2, $3, $4)
12 afterresume_app|DETAIL:  parameters: $1 = '0198c0de-0000-7000-8000-000000000001', $2 = 'skills:20004321', $3 = NULL, $4 = '[{"entry":10000000005,"at":1763690000000,"all":true}]'
12 afterresume_app|LOG:  execute commit: COMMIT
"""


class BenchTest(unittest.TestCase):
    def setUp(self):
        printed = contextlib.redirect_stdout(io.StringIO())
        printed.__enter__()
        self.addCleanup(printed.__exit__, None, None, None)

    def test_reads_wrk(self):
        self.assertEqual(measure.parse_wrk(WRK), {"rps": 20000.5, "p50": 0.95, "p99": 1200.0, "bad": 10})

    def test_refuses_a_wrk_that_measured_nothing(self):
        with self.assertRaises(RuntimeError):
            measure.parse_wrk("unable to connect")

    def test_reads_pgbench(self):
        self.assertEqual(measure.parse_pgbench("tps = 1234.5 (without initial connection time)", [1000, 2000, 9000]),
                         {"rps": 1234.5, "p50": 2.0, "p99": 9.0, "bad": 0})

    def test_prefers_undisturbed_rounds(self):
        results = measure.Results()
        for rps, busy in ((10, 0.1), (30, 0.2), (99, 0.9)):
            results.add("a", "list", rps=rps, busy=busy)
        self.assertEqual(results.median("a", "list", "rps"), 20)
        self.assertEqual(results.disturbed(), (1, 3))

    def test_makes_a_pgbench_script_of_what_a_request_asked_for(self):
        role, statements = pgbench.transaction_with(pgbench.parse_log(LOG), r"insert\s+into\s+worklog\b")
        script = pgbench.as_pgbench(statements, 20004321, 10000021, 10_000, 20_000_000, "1", 10_000_000_000).splitlines()

        self.assertEqual(role, "afterresume_app")
        self.assertEqual(script[4:], [
            "BEGIN;",
            "SELECT set_config('app.tenant_id', :tenant, true);",
            "INSERT INTO worklog (id, user_id, content) VALUES (:fresh0, :user, 'It''s $2, done');",
            "INSERT INTO job VALUES (md5(:fresh1::text)::uuid, ('skills:' || :user::text), NULL, "
            r"""('[{"entry":' || :fresh0::text || E',"at"\x3a1763690000000,"all"\x3atrue}]')::jsonb);""",
            "COMMIT;",
        ])

    def test_takes_a_statement_alone_for_a_transaction(self):
        rows = pgbench.parse_log("7 app|LOG:  execute x: SELECT 1 FROM session\n7 app|LOG:  execute y: SELECT 2 FROM worklog\n")
        self.assertEqual(pgbench.transaction_with(rows, r"from\s+worklog"), ("app", [("SELECT 2 FROM worklog", [])]))

    def test_keeps_a_pipelined_transaction_in_one_flight(self):
        rows = pgbench.parse_log(
            "7 app|LOG:  execute s: SELECT set_config('app.tenant_id', $1, true)\n7 app|DETAIL:  parameters: $1 = '10000021'\n"
            "7 app|LOG:  execute l: SELECT 2 FROM worklog\n"
            "7 app|LOG:  execute s: SELECT set_config('app.tenant_id', $1, true)\n7 app|DETAIL:  parameters: $1 = '5'\n"
            "7 app|LOG:  execute o: SELECT 3 FROM session\n")
        _, statements = pgbench.transaction_with(rows, r"from\s+worklog")
        script = pgbench.as_pgbench(statements, 20004321, 10000021, 10_000, 20_000_000, "1", 10_000_000_000).splitlines()

        self.assertEqual(script[2:], [
            "\\startpipeline", "SELECT set_config('app.tenant_id', :tenant, true);", "SELECT 2 FROM worklog;", "\\endpipeline"])

    def test_signs_as_rfc_5869_and_7515_say(self):
        # RFC 5869, test case 3: no salt, no info.
        self.assertEqual(product.subkey(b"\x0b" * 22, b"").hex()[:64], "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        self.assertEqual(product.payload_of(product.sign({"sub": 5})), {"sub": 5})

    def test_multiplies_only_columns_that_are_there(self):
        sql = product.multiply("membership", ["id", "tenant_id", "user_id", "role"], "postgres")
        self.assertIn("(30000000 + g), (10000000 + g % 100), (20000000 + g % 10000), t.role", sql)
        with self.assertRaises(RuntimeError):
            product.multiply("membership", ["id", "tenant_id"], "sqlite")

    def test_replaces_its_section_and_no_other(self):
        results = measure.Results()
        for who, what, rps in (("PostgreSQL", "list", 20_000.0), ("pgbench", "list", 25_000.0), ("django", "list", 800.0)):
            results.add(who, what, rps=rps, p50=1.0, p99=2.0, bad=0, busy=0.0)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "benchmarks.md"
            section.write(path, report.COMMAND, "## HTTP\nold\n")
            path.write_text(path.read_text() + "\n## Skills\nkept\n")

            section.write(path, report.COMMAND, report.section(results, 3, 6, "serve"))

            text = path.read_text()
        self.assertIn("| `GET /api/worklogs/?page_size=20` | PostgreSQL | 20,000 | 1.0 / 2.0 | 0 | 0.80 | – | – | 25 |", text)
        self.assertIn("## Skills\nkept", text)
        self.assertNotIn("old", text)


if __name__ == "__main__":
    unittest.main()
