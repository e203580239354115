"""What was seen, in kinds: the report is as long as there are faults, not as there are requests that show them."""

import json
import os
import pathlib
import re


def shape(case):
    """What a request asks for, without names."""
    path = re.sub("^/clusters/[^/]*", "", case["target"].partition("?")[0])
    path = re.sub(r"^/apis?/(?:[^/]+/)?v[^/]+(/watch)?(?:/namespaces/[^/]+)?", r"\1", path)
    parts = [part for part in path.split("/") if part]
    if not parts:
        return "/"
    rest = "/…" if len(parts) > 1 else ""
    if len(parts) > 2:
        rest += "/" + parts[2]
    return parts[0] + rest


class Sightings:
    def __init__(self, folder, seed):
        self._folder, self._seed = pathlib.Path(folder), seed
        self._kinds = {}
        self._loose = {}
        self._files = {}
        self.requests = 0
        # What a run without a planted leak has seen says nothing of the leak.
        path = os.environ.get("ADVERSARY_IGNORE")
        self._ignored = {tuple(kind) for kind in json.loads(pathlib.Path(path).read_text())} if path else set()

    def __len__(self):
        return len(self._kinds) + len(self._loose)

    @staticmethod
    def _kind(case, seen):
        """One kind: where it is seen, of what place, by which method, and by which sort of header or body."""
        if seen[3].startswith("said"):
            return (seen[0], seen[3])
        headers = {name.lower(): value for name, value in case["headers"]}
        patch = headers.get("content-type", "").lower() if case["method"] in ("PATCH", "PUT", "POST") else ""
        upgraded = "upgrade" if "upgrade" in headers else ""
        group = shape(case)
        if "proxy" in group:
            group = "…/proxy" if "nodes" not in group else "nodes/proxy"
        elif group.split("/")[-1] not in ("log", "exec", "attach", "token"):
            group = "" if seen[0] != "answer" else group.split("/")[0]
        return (seen[0], seen[3], case["method"], patch.split(";")[0], upgraded, seen[1] // 100, group)

    def add(self, case, seen):
        if self._kind(case, seen) in self._ignored:
            return
        entry = self._kinds.setdefault(self._kind(case, seen), {"case": case, "seen": seen, "number": case["number"], "count": 0, "repeats": True})
        entry["count"] += 1

    def kinds(self):
        """The kinds, those that were seen most often first."""
        return sorted(self._kinds.values(), key=lambda one: -one["count"])

    def add_without_case(self, seen, cases):
        if (seen[0], seen[3]) in self._ignored:
            return
        entry = self._loose.setdefault((seen[0], seen[2], seen[3]), {"count": 0, "numbers": (cases[0]["number"], cases[-1]["number"])})
        entry["count"] += 1

    def add_file(self, name, spelling, carrier):
        kind = re.sub(r"[0-9a-f]{8,}|\d+", "N", name)
        self._files.setdefault((kind, carrier), (name, spelling))

    def _write(self, case, index):
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / ("%s-%d.json" % (self._seed, index))
        path.write_text(json.dumps(case, indent=1) + "\n")
        return path

    def report(self, files, statuses):
        """Prints the kinds and gives the exit's status."""
        index = 0
        told = set()
        for entry in self.kinds():
            index += 1
            # What came to the caller stands in the record as well: told once.
            if (entry["number"], entry["seen"][3]) in told:
                continue
            told.add((entry["number"], entry["seen"][3]))
            case, (where, status, spelling, carrier) = entry["case"], entry["seen"]
            path = self._write(case, index)
            print("adversary: LEAK %d, %d times: %s, %s, of: %s" % (index, entry["count"], where, spelling, carrier))
            print("    %s as %s: %s %s%s" % (case["protocol"], case["caller"], case["method"], case["target"][:300], " → %d" % status if status else ""))
            for name, value in case["headers"]:
                if name != "User-Agent" or " " in value:
                    print("    %s: %s" % (name, value[:200]))
            body = case.get("body", case.get("body64"))
            if body is not None:
                print("    " + (body if isinstance(body, str) else json.dumps(body))[:300])
            print("    again: CASE=%s make adversary" % path)
            if not entry["repeats"]:
                print("    but not when it was sent alone; the whole run again: ADVERSARY_SEED=%s ADVERSARY_LIMIT=%d make adversary"
                      % (self._seed, case["number"] + 1))
        for (where, spelling, carrier), entry in self._loose.items():
            print("adversary: LEAK in %s, %s, of: %s, %d times, after the requests %d to %d: ADVERSARY_SEED=%s ADVERSARY_LIMIT=%d make adversary"
                  % (where, spelling, carrier, entry["count"], *entry["numbers"], self._seed, entry["numbers"][1] + 1))
        # What stands in a file was seen as it was written, unless nothing of it was.
        missed = {} if self._kinds or self._ignored else self._files
        for (_, carrier), (name, spelling) in sorted(missed.items()):
            print("adversary: LEAK in the file %s, %s, of: %s" % (name, spelling, carrier))
        bad = len(self) + len(missed)
        answered = ", ".join("%s: %d" % (status or "none", count) for status, count in sorted(statuses.items()))
        print("adversary: seed %s: %d requests (%s), %d files looked at, %d kinds of leak"
              % (self._seed, self.requests, answered, files, bad))
        if os.environ.get("ADVERSARY_KINDS"):
            pathlib.Path(os.environ["ADVERSARY_KINDS"]).write_text(json.dumps([*self._kinds, *((where, carrier) for where, _, carrier in self._loose)]))
        good = sum(count for status, count in statuses.items() if 200 <= status < 300 or status == 101)
        if good < self.requests / 10:
            print("adversary: FAILED: too few requests were served to say anything")
            return 1
        return 1 if bad else 0
