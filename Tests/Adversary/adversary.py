#!/usr/bin/env python3
"""adversary.py FOLDER - attacks a gateway with made-up requests and looks for planted secrets at the caller and in its state.

adversary.sh calls this, and says what the environment may set.
"""

import concurrent.futures
import json
import os
import pathlib
import secrets
import sys
import time

import plants
from cluster import Cluster, has_node
from gateway import Gateway
from grammar import Grammar
from marks import Marks
from shrink import shrunk
from sightings import Sightings
from state import State
from wire import Wire

# Cases that are sent together; after each batch the journal is read.
BATCH = 192
WORKERS = 24
# A kind of failure is made smaller by at most so many tries, and so many kinds are looked at closely.
TRIES, KINDS = 40, 40


class Adversary:
    def __init__(self, gateway, marks, authority):
        self.gateway, self.marks = gateway, marks
        self.wire = Wire(gateway.url, authority)
        self.tokens = gateway.tokens()
        self.state = State(gateway)
        self.statuses = {}
        self.pool = concurrent.futures.ThreadPoolExecutor(WORKERS)

    def send(self, case):
        """The sightings in the answer to one case."""
        answer = self.wire.send(case, self.tokens[case["caller"]])
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        where = "header" if self.marks.find(answer.head, "stored") else "answer"
        return [(where, answer.status, *seen) for seen in self.marks.find(answer.everything, "stored")]

    def attack(self, cases):
        """Sends a batch; gives (case or None, sighting) for each secret that was seen."""
        found = []
        by_number = {case["number"]: case for case in cases}
        for case, seen in zip(cases, self.pool.map(self.send, cases)):
            found += [(case, one) for one in seen]
        if not self.gateway.is_running:
            found.append((None, ("crash", 0, "the gateway ended", "?")))
            self.gateway.start()
        found += self.look(by_number)
        return found

    def look(self, by_number):
        """The sightings in what the gateway has written meanwhile."""
        # The recorder writes in batches.
        time.sleep(0.1)
        return [
            (by_number.get(number if number in by_number else self.marks.owner(data)), (what, 0, spelling, carrier))
            for what, number, data in self.state.new()
            for origin in ("stored", "sent") for spelling, carrier in self.marks.find(data, origin)]

    def sightings(self, case):
        """What is seen when a case is sent alone."""
        return [seen for _, seen in self.attack([case])]


def controls(cluster, marks):
    """Reads the plants without a gateway: a search that finds nothing is worth nothing. Gives the carriers that were not found."""
    carriers = set(marks.names.values())
    base = "/api/v1/namespaces/" + plants.NAMESPACE
    seen = set()
    for resource in cluster.resources():
        if "list" in resource["verbs"]:
            status, body = cluster.ask("%s/%s" % (resource["group"], resource["name"]))
            seen |= {carrier for _, carrier in marks.find(body, "stored")}
    if has_node():
        for path in ("/pods/talker/log", "/services/web/proxy/text.txt", "/pods/web:8080/proxy/cgi-bin/gzipped"):
            if not marks.find(cluster.ask(base + path)[1], "stored"):
                raise SystemExit("adversary: nothing is planted at " + path)
    everything = b"".join(cluster.ask("%s/%s" % (one["group"], one["name"]))[1] for one in cluster.resources() if "list" in one["verbs"])
    return {carrier for name, carrier in marks.names.items() if name.encode() not in everything and carrier not in seen}, len(carriers)


def repeat(adversary, path):
    """Sends the case of a file and tells what is seen."""
    case = json.loads(pathlib.Path(path).read_text())
    answer = adversary.wire.send(case, adversary.tokens[case["caller"]])
    print("adversary: %s %s → %s %s" % (case["method"], case["target"], answer.status, answer.note))
    print(answer.head.decode("utf-8", "replace"))
    print(answer.body[:4000].decode("utf-8", "replace"))
    seen = adversary.sightings(case)
    for one in seen:
        print("adversary: LEAK %s: %s of %s" % (one[0], one[2], one[3]))
    print("adversary: %d sightings" % len(seen))
    return 1 if seen else 0


def main(folder):
    environment = os.environ
    folder = pathlib.Path(folder)
    case_file = environment.get("CASE")
    seed = environment.get("ADVERSARY_SEED") or secrets.token_hex(4)
    if case_file:
        seed = json.loads(pathlib.Path(case_file).read_text())["seed"]
    length = float(environment.get("ADVERSARY_SECONDS") or 600)
    marks = Marks(seed)
    planted = plants.Plants(marks)
    cluster = Cluster(environment["KUBECONFIG"])
    print("adversary: seed %s, %d secrets planted" % (seed, len(marks.names)), flush=True)
    cluster.plant(planted)
    try:
        unseen, carriers = controls(cluster, marks)
        if unseen:
            raise SystemExit("adversary: the search does not find what is planted in: " + ", ".join(sorted(unseen)))
        print("adversary: without a gateway all %d places of plants are seen; %.0f s of attack begin" % (carriers, length), flush=True)
        with Gateway(folder, environment["BYLINE_TEST_BIN"]) as gateway:
            adversary = Adversary(gateway, marks, folder / "ca.crt")
            if case_file:
                return repeat(adversary, case_file)
            sightings = attack(adversary, cluster, marks, seed, length)
            files = list(adversary.state.files())
        for name, data in files + list(adversary.state.files()):
            for origin in ("stored", "sent"):
                for spelling, carrier in marks.find(data, origin):
                    sightings.add_file(name, spelling, carrier)
        return sightings.report(len(files), adversary.statuses)
    finally:
        cluster.remove()


def attack(adversary, cluster, marks, seed, length):
    grammar = Grammar(seed, cluster.resources(), marks, has_node())
    sightings = Sightings(os.environ.get("ADVERSARY_CASES") or "Tests/Adversary/cases", seed)
    deadline = time.monotonic() + length
    number, told = 0, time.monotonic()
    limit = int(os.environ.get("ADVERSARY_LIMIT") or 0)
    stop_at_first = os.environ.get("ADVERSARY_FIRST") == "1"
    while time.monotonic() < deadline and not (limit and number >= limit):
        cases = [grammar.case(number + index) for index in range(BATCH)]
        number += BATCH
        for case, seen in adversary.attack(cases):
            if case is None:
                sightings.add_without_case(seen, cases)
                continue
            sightings.add(case, seen)
        if stop_at_first and len(sightings):
            break
        if time.monotonic() - told > 30:
            told = time.monotonic()
            print("adversary: %d requests, %d kinds of leak; %.0f s to go" % (number, len(sightings), deadline - told), flush=True)
    sightings.requests = number
    for entry in sightings.kinds()[: int(os.environ.get("ADVERSARY_EXAMINED") or KINDS)]:
        examine(adversary, entry)
    return sightings


def examine(adversary, entry):
    """Sends a kind's case alone, and makes it smaller where it fails again."""
    where, _, _, carrier = entry["seen"]

    def fails(case):
        return any((one[0], one[3]) == (where, carrier) for one in adversary.sightings(case))

    entry["repeats"] = fails(entry["case"])
    if entry["repeats"]:
        entry["case"] = shrunk(entry["case"], fails, TRIES)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
