"""Every plant fits the source that it is a mistake of, so that none stops being found unseen."""

import json
import pathlib
import tempfile
import unittest

import plant
import plants


class Plants(unittest.TestCase):
    def test_fit_their_sources(self):
        for _, sentence, name, changes in plants.all_of_them():
            with self.subTest(plant=sentence):
                text = (plant.SOURCES / name).read_text()

                changed = plant.planted(text, changes)

                self.assertNotEqual(changed, text)

    def test_are_refused_where_they_do_not_fit(self):
        for text in ["", "a step a step"]:
            with self.subTest(text=text), self.assertRaises(plant.Misfit):
                plant.planted(text, [("a step", "a stride")])


class Found(unittest.TestCase):
    """Only by a life that went wrong, of which the program tells the seed."""

    def run_program(self, failure, code=1):
        """Of a program that reports the failure, or that ends without a report."""
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            case = {"name": "Live", "failures": [{"failure": failure}] if failure else []}
            (folder / "said.json").write_text(json.dumps({"testsuites": [{"name": "LivesTest", "testsuite": [case]}]}))
            say = "" if failure is None else f'cp {folder}/said.json "${{GTEST_OUTPUT#json:}}"\n'
            program = folder / "program"
            program.write_text(f"#!/bin/sh\n{say}exit {code}\n")
            program.chmod(0o755)
            return plant.run(program, 1, folder)

    def test_names_the_case_and_the_seed(self):
        self.assertEqual(self.run_program("Expected equality\nof the life with seed 7"), (1, ["LivesTest.Live, seed 7"]))

    def test_says_that_no_life_showed_what_failed(self):
        self.assertEqual(self.run_program("The database cannot be reached."), (1, ["LivesTest.Live, without a seed"]))

    def test_takes_no_exit_for_a_failed_case(self):
        self.assertEqual(self.run_program(None, 139), (0, ["no report, exit code 139"]))

    def test_knows_what_passed(self):
        self.assertEqual(self.run_program("", 0), (1, []))


if __name__ == "__main__":
    unittest.main()
