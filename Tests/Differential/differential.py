#!/usr/bin/env python3
"""Runs the same commands directly and through the gateway, and exits 1 if anything but times and ids differs.

The tables below cases/ say what is run; cases.py says how they are read.
"""

import argparse
import os
import pathlib
import re
import sys
import time

import cases
from side import HERE
from suite import Suite


def report(chosen, ways, faults, passing, seconds):
    counts = {}
    for case in chosen:
        for client, count in case.count().items():
            counts[client] = counts.get(client, 0) + count
    by_client = ", ".join(f"{client} {count}" for client, count in sorted(counts.items()))
    wrong = [case.name for case in chosen if faults[case.name]]
    print(f"\ndifferential: {sum(counts.values())} commands in {len(chosen)} cases ({by_client}), "
          f"each directly and by {' and by '.join(ways)}, {seconds:.0f} s")
    print(f"differential: {sum(map(len, faults.values()))} differences or failures")
    for name in passing:
        print(f"  differed once and not again: {name}")
    for name in wrong:
        print(f"  again: FILTER='^{name}$' make differential")
    return 1 if any(faults.values()) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", type=pathlib.Path, required=True, help="the cluster's administrator")
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="the folder of bin/kubectl, bin/helm, venv")
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="the folder of byline and byline-gateway")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="an empty folder for everything that is written")
    parser.add_argument("--filter", default="", help="only cases whose name matches this regular expression")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="cases at the same time")
    parser.add_argument("--ways", nargs="+", choices=["run", "serve", "control"], default=["run", "serve"],
                        help="what is held against the direct way; control: that way itself, where what differs is noise")
    arguments = parser.parse_args()
    chosen = [case for case in cases.read(sorted((HERE / "cases").glob("*.cases"))) if re.search(arguments.filter, case.name)]
    if not chosen:
        sys.exit(f"differential: no case matches {arguments.filter!r}")
    started = time.monotonic()
    suite = Suite(arguments.kubeconfig, arguments.tools, arguments.programs, arguments.folder, arguments.jobs)
    try:
        suite.enter(arguments.ways)
        faults = suite.run(chosen)
    finally:
        missing = suite.leave(chosen)
    for way, texts in missing.items():
        for text in texts:
            print(f"\n--- {way}: {text}")
    sys.exit(report(chosen, arguments.ways, {**faults, **missing}, suite.passing, time.monotonic() - started))


if __name__ == "__main__":
    main()
