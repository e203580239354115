#!/usr/bin/env python3
"""checks.py FOLDER [--only REGEX] - runs the checks of this folder one after the other; see sign_in.sh, which calls it.

Each check is a function whose name is what it proves. It gets a fresh home folder at a gateway that serves;
for what a real provider does not do on demand, the gateway's issuer is a stand-in.
"""

import argparse
import os
import pathlib
import re
import sys
import time

import browsing
import credential
import grants
import misbehaviour
import setup
import stand_in
import troubles
from gateway import Gateway
from person import Home


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="", metavar="REGEX")
    options = parser.parse_args()
    gateway = Gateway(options.folder / "gateway")
    issuer = stand_in.Issuer(options.folder / "stand-in")
    its_gateway = Gateway(options.folder / "stand-in-gateway", issuer=issuer)
    failed = 0
    try:
        browser = [browsing] if "BYLINE_TEST_CHROMIUM" in os.environ else []
        for module in (grants, *browser, credential, setup, troubles, misbehaviour):
            at = its_gateway if module is misbehaviour else gateway
            for name, check in list(vars(module).items()):
                if not name.startswith("check_") or not re.search(options.only, name):
                    continue
                started = time.monotonic()
                sentence = name.removeprefix("check_").replace("_", " ")
                try:
                    more = check(Home(options.folder / name, at))
                    print(f"ok      {sentence}{f': {more}' if more else ''} ({time.monotonic() - started:.1f} s)", flush=True)
                except Exception as fault:  # whatever it is, the other checks run
                    failed += 1
                    print(f"NOT ok  {sentence}\n{fault}", flush=True)
    finally:
        gateway.stop()
        its_gateway.stop()
        issuer.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
