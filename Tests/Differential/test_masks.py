"""The masks hide what they name, and nothing beside it."""

import unittest

import masks


class Masks(unittest.TestCase):
    def same(self, one, other):
        self.assertEqual(masks.apply(one, []), masks.apply(other, []))

    def different(self, one, other):
        self.assertNotEqual(masks.apply(one, []), masks.apply(other, []))

    def test_an_age_is_masked_with_the_blanks_behind_it(self):
        self.same("web   1/1     Running   0          9s    10.90.1.2    node", "web   1/1     Running   0          12s   10.90.1.13   node")

    def test_the_other_columns_of_a_table_are_not(self):
        self.different("web   1/1     Running   0          9s", "web   1/1     Running   1          9s")
        self.different("web   1/1     Running   0          9s", "web    1/1     Running   0          9s")

    def test_a_number_with_a_unit_in_a_sentence_is_not_an_age(self):
        self.different("op=Exists for 300s", "op=Exists for 301s")

    def test_times_are_masked(self):
        self.same("startTime: \"2026-11-21T09:36:30Z\"", "startTime: \"2026-11-21T09:36:31Z\"")
        self.same("LAST DEPLOYED: Sat Nov 21 09:36:30 2026", "LAST DEPLOYED: Sat Nov  7 09:36:30 2026")

    def test_uids_and_versions_are_masked(self):
        self.same("uid: 01a1fcba-a80a-4000-8000-0123456789ab\nresourceVersion: \"9\"",
                  "uid: 01a1fcba-a80a-4000-8000-0123456789ac\nresourceVersion: \"10\"")

    def test_a_version_that_lost_its_quotes_is_a_difference(self):
        self.different('"resourceVersion": "9"', '"resourceVersion": 9')

    def test_generations_ports_and_sizes_are_not_masked(self):
        self.different("generation: 1", "generation: 2")
        self.different("containerPort: 80", "containerPort: 81")
        self.different("Content-Length: 80", "Content-Length: 81")

    def test_random_endings_are_masked_and_words_are_not(self):
        self.same("app-5d4f8c7b9-x2k9z", "app-5d4f8c7b9-b7bqf")
        self.different("kube-proxy", "kube-pages")
        self.different("app-5d4f8c7b9", "app-5d4f8c7bb")

    def test_only_a_watch_that_kubectl_ended_itself_is_hidden(self):
        logged = 'E1121 11:36:00.000001 7 reflector.go:227] "Failed to watch" err="Get \\"<server>/x\\": %s" type="*x"\n'
        self.same(logged % "context canceled", "")
        self.different(logged % "unexpected EOF", "")

    def test_a_lost_line_end_is_a_difference(self):
        self.different("a\n", "a")


if __name__ == "__main__":
    unittest.main()
