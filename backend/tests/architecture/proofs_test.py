"""docs/proofs.md and docs/security.md: what they name is there, and each test of the engine names an invariant of its row."""

import itertools
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/proofs.md"
PAGES = [PAGE, ROOT / "docs/security.md"]
LINK = re.compile(r"\[([\w.]+)\]\(([^)]+)\)")
INVARIANT = re.compile(r"\bI\d+\b")
# A test with what it says of itself: in C++ from the comment above to its end, in Python by its first line.
TEST_IN = {
    ".cpp": r"(?:^//.*\n)*^TEST\w*\(\w+, NAME\) \{\n(?:(?!\}).*\n)*",
    ".py": r"^ *def NAME\(.*\):\n.*",
}


def rows(page=PAGE):
    """(text, its links) of each line."""
    for line in page.read_text().splitlines():
        yield line, [(name, (page.parent / target).resolve()) for name, target in LINK.findall(line)]


def test_of(name, path):
    pattern = TEST_IN.get(path.suffix)
    return pattern and re.search(pattern.replace("NAME", re.escape(name)), path.read_text(), re.MULTILINE)


def invariants_of(row):
    """Those of a cell of their own, which may be the row's first."""
    cells = [cell.strip() for cell in row.split("|")]
    return {found for cell in cells if re.fullmatch(r"I\d+(, I\d+)*", cell) for found in INVARIANT.findall(cell)}


class ProofsTest(unittest.TestCase):
    def test_leads_to_what_it_names(self):
        for _, links in itertools.chain.from_iterable(map(rows, PAGES)):
            for name, path in links:
                with self.subTest(name):
                    self.assertTrue(path.is_file(), path)
                    if name != path.name and not test_of(name, path):
                        self.assertRegex(path.read_text(), rf"(?m)^class {re.escape(name)}\b")

    def test_names_targets_that_there_are(self):
        makefile = (ROOT / "Makefile").read_text()
        for page in PAGES:
            for target in re.findall(r"`make ([\w-]+)`", page.read_text()):
                self.assertRegex(makefile, rf"(?m)^{target}:")

    def test_names_all_invariants_that_are_checked(self):
        checked = INVARIANT.findall((ROOT / "backend/src/engine/jobs/invariants.cpp").read_text())
        told = set().union(*(invariants_of(row) for row, _ in rows()))
        self.assertEqual(told, {f"I{number}" for number in range(1, 14)})
        self.assertLessEqual(set(checked), told)

    def test_rests_on_tests_that_name_their_invariant(self):
        for row, links in rows():
            for name, path in links:
                test = test_of(name, path)
                if test and invariants_of(row):
                    with self.subTest(name):
                        self.assertTrue(set(INVARIANT.findall(test.group())) & invariants_of(row), test.group())


if __name__ == "__main__":
    unittest.main()
