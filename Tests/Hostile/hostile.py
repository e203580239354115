#!/usr/bin/env python3
"""hostile.py FOLDER AUTHORITY [REGEX] - sends the tables' requests, one after the other, to a gateway of its own.

The gateway's state goes into FOLDER, where its certificate lies, signed by AUTHORITY. Each answer, the gateway's
journal and the API server's audit log are compared with what the tables say. hostile.sh calls this.
"""

import importlib
import re
import sys
import time

from gateway import Gateway
from run import Run
from scene import Scene

TABLES = [
    "tokens",
    "claims",
    "bylines",
    "exchange",
    "smuggling",
    "streams",
    "headers",
    "paths",
    "forms",
    "policy",
    "oversized",
]


def rows(scene, pattern):
    """The good requests, the hostile ones whose "TABLE: NAME" matches, and the good ones again."""
    controls = importlib.import_module("controls")
    yield from (("before", case) for case in controls.table(scene))
    for name in TABLES:
        for case in importlib.import_module(name).table(scene):
            if re.search(pattern, f"{name}: {case.name}"):
                yield name, case
    yield from (("after", case) for case in controls.table(scene))


def readable(raw):
    """The bytes for a person: without what makes a token a token."""
    return repr(re.sub(rb"(eyJ[\w-]{8})[\w.-]{40,}", rb"\1...", raw))


def tell(run):
    for marker, sentence in run.faults:
        name, _, raw = run.sent.get(marker, ("?", None, b""))
        print(f"hostile: FAILED {marker} {name}\n    {sentence[:1000]}")
        print(f"    again: make hostile ONLY='^{re.escape(name)}$'; it sends {readable(raw)[:700]}")


def main(folder, authority, pattern=""):
    started = time.monotonic()
    scene = Scene()
    with Gateway(folder, scene) as gateway:
        run = Run(gateway, scene, authority)
        for table, case in rows(scene, pattern):
            run.play(table, case)
    seen, passed = run.compare_with_audit_log()
    run.check_secrets()
    tell(run)
    outcomes = [case.outcome for _, case, _ in run.sent.values()]
    good = outcomes.count("passes")
    failed = {marker for marker, _ in run.faults}
    print(
        f"hostile: {len(outcomes) - good} hostile requests and {good} that must pass, "
        f"{run.recorded} of {len(outcomes)} recorded, {seen} hostile ones seen by the API server, "
        f"{passed} of {good} passed as they should; {len(failed)} failed; {time.monotonic() - started:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
