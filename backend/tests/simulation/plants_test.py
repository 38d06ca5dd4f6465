"""Every plant fits the source that it is a mistake of, so that none stops being found unseen."""

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


if __name__ == "__main__":
    unittest.main()
