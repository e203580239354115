#!/usr/bin/env python3
"""count_tests.py REPORT... - prints which tests were skipped, why, and `N passed, N failed, N skipped` over the xUnit
reports of one `swift test` run: one of XCTest, one of Swift Testing, either of which may be missing."""

import os
import sys
import xml.etree.ElementTree as ElementTree


def main(paths):
    reports = list(filter(os.path.exists, paths))
    if not reports:
        print("no test ran")
        return
    passed = failed = 0
    skipped = []
    for path in reports:
        for case in ElementTree.parse(path).iter("testcase"):
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif skip is not None:
                reason = (skip.get("message") or skip.text or "no reason given").strip()
                skipped.append(f"{case.get('classname')}.{case.get('name')}: {reason}")
            else:
                passed += 1
    for line in skipped:
        print("skipped:", line)
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")


if __name__ == "__main__":
    main(sys.argv[1:])
