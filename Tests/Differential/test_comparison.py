"""What differs is said, and nothing is taken for the same that is not."""

import pathlib
import tempfile
import unittest

import cases
import comparison
from side import Outcome
from ways import Direct

TABLE = """\
== first
+ prepare
$ kubectl get x
3$ kubectl get y
1$ kubectl get z
! 0 yes
"""
FINE = [Outcome(0, "", ""), Outcome(0, "x\n", ""), Outcome(3, "", "y\n"), Outcome(1, "no\n", "")]


class Comparison(unittest.TestCase):
    def faults(self, other, direct=FINE):
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder, "a.cases")
            table.write_text(TABLE)
            (case,) = cases.read([table])
        return comparison.faults(case, direct, other, Direct("", "another way"))

    def test_the_same_is_no_fault_and_what_differs_by_design_is_none(self):
        self.assertEqual(self.faults([*FINE[:3], Outcome(0, "yes\n", "")]), [])

    def test_each_difference_is_said(self):
        for number, changed in [(1, Outcome(0, "x", "")), (1, Outcome(0, "x\n", "more\n")), (2, Outcome(4, "", "y\n"))]:
            other = [*FINE[:3], Outcome(0, "yes\n", "")]
            other[number] = changed
            (fault,) = self.faults(other)
            self.assertIn(f"a.cases:{number + 2}", fault)
            self.assertIn("another way", fault)

    def test_what_is_to_differ_has_to(self):
        (fault,) = self.faults(FINE)
        self.assertIn("is to end with 0 and 'yes'", fault)

    def test_a_side_that_stopped_early_is_a_fault(self):
        self.assertIn("was not run", self.faults(FINE[:2])[-1])
        self.assertIn("was not run", self.faults(FINE, FINE[:2])[-1])

    def test_a_command_that_fails_directly_or_prints_nothing_is_a_fault(self):
        self.assertIn("exit code 1, expected 0", self.faults(FINE, [FINE[0], Outcome(1, "x\n", ""), *FINE[2:]])[0])
        self.assertIn("printed nothing", self.faults(FINE, [FINE[0], Outcome(0, "", ""), *FINE[2:]])[0])


if __name__ == "__main__":
    unittest.main()
