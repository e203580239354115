#!/usr/bin/env python3
"""load.py [SCENARIO…] - plays loads against the gateway of the environment and prints a line for each."""

import sys

import scenarios


def main(names):
    scenarios.prepare()
    failed = 0
    for name in names or scenarios.ALL:
        try:
            print(f"load: {name}: {scenarios.ALL[name]()}", flush=True)
        except scenarios.Failed as failure:
            failed += 1
            print(f"load: {name}: FAILED: {failure}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
