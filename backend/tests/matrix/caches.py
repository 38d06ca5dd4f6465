"""What caches between may keep (OWASP ASVS 5.0, 14.2.5 and 14.3.2): the reference, which is the same for everybody, and that
not without asking; nothing else, and nothing under a name that looks as if it were for everybody.
"""

from asking import OPERATIONS
from program import changed

REFERENCE = {"GET /api/docs/", "GET /api/docs/{file}", "GET /api/openapi.json"}
# What caches take for a file of a site, behind an address with and without its last slash.
SUFFIXES = [".css", ".js", ";x", ";x.css", "/x.css", "/x.js", "//x.css", "/.css", "/;x", "/..;/x.css", "%2Fx.css", "%3Bx.css", "%00.css",
            "%0A.css", "%23.css", "%3F.css", "%252Fx.css"]


class Caches:
    def assert_kept_by_no_cache(self, operation, answer):
        kept = "no-cache" if operation in REFERENCE and answer.status == 200 else "no-store"
        self.assertEqual(answer.headers.get("Cache-Control"), kept, f"{operation}: {answer.status}")

    def test_shows_nothing_under_the_name_of_a_file(self):
        before = self.rows.digests(self.tenants.values())
        keeper = self.world.people["keeper"]
        names = 0

        for operation, row in OPERATIONS.items():
            if operation in REFERENCE:
                continue
            who = "staff" if row.get("staff") else "keeper"
            for suffix in SUFFIXES:
                answer = self.ask(operation, who, keeper.things, suffix=suffix)
                names += 1
                self.assertIn(answer.status, (404, 405), f"{operation} {suffix}: {answer.text}")
                # Where there is something for other methods alone.
                if answer.status == 405:
                    self.assertNotIn(operation.split()[0], answer.headers["Allow"].split(", "), f"{operation} {suffix}")
                self.assertNotIn(self.world.canary, answer.text, f"{operation} {suffix}")
                self.assert_kept_by_no_cache(operation, answer)

        self.assertGreater(names, 3000)
        self.assertEqual(changed(before, self.rows.digests(self.tenants.values())), [])

    def test_tells_caches_what_an_answer_depends_on(self):
        keeper = self.world.people["keeper"]
        events = f"/api/jobs/{keeper.things['job']}/events/"
        for encoding in ("gzip", "identity"):
            for path in ("/api/docs/", "/api/openapi.json"):
                answer = self.program.call("GET", path, headers={"Accept-Encoding": encoding})
                self.assertIn("Accept-Encoding", answer.headers["Vary"].split(", "), path)
            answer = self.program.call("GET", events, keeper.token, headers={"Accept-Encoding": encoding})
            self.assertIn("Accept", answer.headers["Vary"].split(", "))
