#!/usr/bin/env python3
"""digests.py TARGET... - prints each fuzz target with a SHA-256 of all that it is made of: its own files, what the fuzz targets share,
its seeds, and the modules that Package.swift names for it. `fuzz.sh` compares them with fuzzed.txt."""

import hashlib
import pathlib
import re
import sys

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent.parent


def modules():
    """The modules of each target, as Package.swift names them."""
    text = (CHECKOUT / "Package.swift").read_text()
    return {name: re.findall(r'"([A-Z]\w+)"', rest) for name, rest in re.findall(r'fuzzTarget\(\s*"(\w+)",([^)]*)\)', text)}


def digest(target, names):
    total = hashlib.sha256()
    fuzz = CHECKOUT / "Tests" / "Fuzz"
    folders = [fuzz / target, fuzz / "FuzzSupport", fuzz / "seeds" / target, *(CHECKOUT / "Sources" / name for name in names)]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        total.update(b"%s\0%d\0" % (str(path.relative_to(CHECKOUT)).encode(), len(content)) + content)
    return total.hexdigest()


if __name__ == "__main__":
    known = modules()
    for target in sys.argv[1:]:
        if not known.get(target):
            sys.exit("Package.swift names no fuzz target " + target)
        print(target, digest(target, known[target]))
