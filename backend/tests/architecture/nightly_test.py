"""tools/nightly: goes on after a failed step, and next time where it stopped; and its parts are targets of the Makefile."""

import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
LOADER = importlib.machinery.SourceFileLoader("nightly", str(ROOT / "tools/nightly"))
nightly = importlib.util.module_from_spec(importlib.util.spec_from_loader("nightly", LOADER))
LOADER.exec_module(nightly)


class NightlyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.kept = pathlib.Path(folder.name) / "part.json"

    def run_steps(self, code="one", **commands):
        with contextlib.redirect_stdout(io.StringIO()):
            results = nightly.run_steps(commands.items(), self.kept, code, nightly.passed_before(self.kept, code))
        return [(name, result) for name, result, _ in results]

    def test_goes_on_after_what_failed(self):
        self.assertEqual(self.run_steps(first="false", second="true"), [("first", "FAILED"), ("second", "passed")])

    def test_does_what_is_left(self):
        self.run_steps(first="true", second="false")

        self.assertEqual(self.run_steps(first="false", second="true"), [("first", "passed before"), ("second", "passed")])

    def test_knows_nothing_of_other_code(self):
        self.run_steps(first="true")

        self.assertEqual(self.run_steps(code="another", first="false"), [("first", "FAILED")])

    def test_names_each_step_of_a_part_once(self):
        for part, (_, steps) in nightly.PARTS.items():
            with self.subTest(part):
                names = [name for name, _ in steps]
                self.assertEqual(len(names), len(set(names)))

    def test_has_a_target_for_each_part(self):
        makefile = (ROOT / "Makefile").read_text()
        for part in nightly.PARTS:
            with self.subTest(part):
                self.assertIn(f"tools/nightly {part}\n", makefile)


if __name__ == "__main__":
    unittest.main()
