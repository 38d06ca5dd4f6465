"""The check itself, on small trees made for the purpose."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import check
import rules


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("backend/src/core/error.cpp", "")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def include(self, who, what):
        self.write(f"backend/src/{who}", f'// A file.\n#include "{what}"\n')

    def verdict(self):
        out, err = io.StringIO(), io.StringIO()
        with mock.patch.object(sys, "argv", ["check.py", str(self.root)]), \
                contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = check.main()
        return code, out.getvalue(), err.getvalue()

    def assert_refused(self, who, what, reason):
        self.include(who, what)
        code, _, err = self.verdict()
        self.assertEqual(code, 1)
        self.assertIn(f"backend/src/{who}:2: includes {what}", err)
        self.assertIn(reason, err)

    def assert_allowed(self, who, what):
        self.include(who, what)
        self.assertEqual(self.verdict(), (0, "0 lines against the rules\n", ""))

    def test_lets_every_room_stand_on_the_rooms_below(self):
        for who, what in [
            ("infra/sql/row.cpp", "core/error.h"),
            ("engine/jobs/claim.cpp", "infra/sql/database.h"),
            ("ai/agents/verbs.cpp", "core/text.h"),
            ("features/worklog/repository.cpp", "infra/sql/database.h"),
            ("workflows/worklog_analyze.cpp", "features/worklog/events.h"),
            ("workflows/skills_extract.cpp", "ai/skills/matcher.h"),
            ("api/sign_in.cpp", "features/accounts/service.h"),
            ("app/up.cpp", "workflows/subscriptions.h"),
            ("main.cpp", "app/commands.h"),
        ]:
            with self.subTest(who=who, what=what):
                self.assert_allowed(who, what)

    def test_refuses_a_look_upwards(self):
        for who, what in [
            ("core/text.cpp", "infra/sql/row.h"),
            ("infra/sql/row.cpp", "engine/jobs/claim.h"),
            ("engine/jobs/claim.cpp", "features/worklog/model.h"),
            ("ai/agents/verbs.cpp", "infra/sql/database.h"),
            ("ai/agents/metrics.cpp", "features/worklog/model.h"),
            ("features/worklog/service.cpp", "ai/agents/verbs.h"),
            ("features/worklog/model.h", "engine/jobs/enqueue.h"),
            ("features/worklog/api.cpp", "api/mount.h"),
            ("workflows/resume_refresh.cpp", "app/commands.h"),
            ("api/mount.cpp", "workflows/subscriptions.h"),
        ]:
            with self.subTest(who=who, what=what):
                self.assert_refused(who, what, "does not stand on")
                (self.root / "backend/src" / who).unlink()

    def test_sees_through_relative_and_angled_includes(self):
        self.write("backend/src/engine/jobs/claim.h", "")
        self.write("backend/src/core/a.cpp", '#include "../engine/jobs/claim.h"\n')
        self.write("backend/src/core/b.cpp", "# include <engine/jobs/claim.h>\n")

        code, _, err = self.verdict()

        self.assertEqual(code, 1)
        self.assertIn("core/a.cpp:1: includes engine/jobs/claim.h", err)
        self.assertIn("core/b.cpp:1: includes engine/jobs/claim.h", err)

    def test_keeps_http_in_api_files(self):
        self.assert_allowed("features/worklog/api.h", "infra/http/routes.h")
        self.assert_refused("features/worklog/service.h", "infra/http/call.h", "HTTP stays in")

    def test_lets_only_sign_in_and_the_runner_make_a_scope(self):
        self.assert_allowed("api/sign_in.cpp", "core/scope_mint.h")
        self.assert_allowed("features/accounts/service_test.cpp", "core/scope_mint.h")
        self.assert_refused("features/accounts/repository.cpp", "core/scope_mint.h", "make a Scope")

    def test_lets_features_see_each_other_downwards_and_by_the_front_door(self):
        self.assert_allowed("features/skills/service.cpp", "features/worklog/model.h")
        self.assert_refused("features/reporting/service.cpp", "features/worklog/repository.h", "through model.h")

    def test_refuses_a_feature_that_looks_at_one_above_it(self):
        self.assert_refused("features/worklog/service.h", "features/skills/model.h", "stands above")

    def test_lets_nobody_know_of_what_merely_follows(self):
        self.assert_refused("features/notifications/service.cpp", "features/gamification/service.h", "no feature knows")

    def test_refuses_a_feature_that_is_not_in_the_list(self):
        self.assert_refused("features/surprise/service.cpp", "features/worklog/model.h", "no place in the list")

    def test_keeps_wiring_and_builders_where_they_belong(self):
        self.assert_allowed("app/compose.cpp", "features/worklog/module.h")
        self.assert_allowed("features/skills/service_test.cpp", "features/worklog/testing.h")
        self.assert_refused("features/worklog/service.cpp", "features/worklog/testing.h", "belong to tests")
        self.assert_refused("api/mount.cpp", "features/worklog/module.h", "composition root")

    def test_refuses_marks_of_unfinished_work_and_machines(self):
        for line, meaning in [
            ("int a;  // TO" "DO: more", "unfinished"),
            ('auto path = "/ho' 'me/ada/file";', "one machine"),
            ("// see https://regis" "try.example.org/x", "registry"),
        ]:
            with self.subTest(line=line):
                self.write("backend/src/core/mark.cpp", line + "\n")
                code, _, err = self.verdict()
                self.assertEqual(code, 1)
                self.assertIn("backend/src/core/mark.cpp:1:", err)
                self.assertIn(meaning, err)

    def test_lists_what_has_outgrown_its_size_without_failing(self):
        body = "    count += 1;\n" * 50
        self.write("backend/src/core/long.h", "\n" * 151)
        self.write("backend/src/core/long.cpp", f"int Counter::count(int count) {{\n{body}}}\n")

        code, out, _ = self.verdict()

        self.assertEqual(code, 0)
        self.assertIn("core/long.h: 151 lines, a header has 150", out)
        self.assertIn("core/long.cpp:1: Counter::count has 52 lines", out)

    def test_lets_a_table_be_as_long_as_it_is(self):
        self.write(f"backend/src/{next(iter(rules.TABLES))}", "\n" * 500)

        _, out, _ = self.verdict()

        self.assertNotIn("over budget", out)

    def test_refuses_to_judge_nothing(self):
        (self.root / "backend/src/core/error.cpp").unlink()

        with self.assertRaises(SystemExit):
            self.verdict()


if __name__ == "__main__":
    unittest.main()
