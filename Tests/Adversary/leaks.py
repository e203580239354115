#!/usr/bin/env python3
"""leaks.py check|plant|names|withdraw - leaks that are planted into the code, one file each below Leaks, to see that make adversary finds them.

A file of Leaks has one line that says what leaks, and then edits: `file: PATH`, `---- find`, the text as it stands there
exactly once, `---- replace`, the text that takes its place. In it `isLeaking` is true while the leak is switched on. So one
build holds all of them, and BYLINE_LEAK=NAME switches one on.

    check      says whether each can still be planted
    plant      plants all of them; what was there lies in FOLDER (argument 2)
    withdraw   puts back what lies in FOLDER
    names      prints their names
"""

import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
SWITCH = """\
import Foundation

private let leak = ProcessInfo.processInfo.environment["BYLINE_LEAK"]

/// True while a leak of Tests/Adversary/Leaks is switched on.
func isLeaking(_ name: String) -> Bool { leak == name }
"""


class Leak:
    def __init__(self, path):
        self.name = path.stem
        head, *parts = re.split(r"^file: (.*)\n", path.read_text(), flags=re.MULTILINE)
        self.about = head.strip()
        self.edits = []
        for file, text in zip(parts[::2], parts[1::2]):
            find, replace = re.fullmatch(r"---- find\n(.*?)\n+---- replace\n(.*?)\n*", text, flags=re.DOTALL).groups()
            self.edits.append((file.strip(), find, re.sub(r"\bisLeaking\b", 'isLeaking("%s")' % self.name, replace)))


def leaks():
    return [Leak(path) for path in sorted((HERE / "Leaks").glob("*.leak"))]


def apply(leak, texts):
    """Puts a leak into the texts by path; gives what does not fit."""
    for file, find, replace in leak.edits:
        text = texts.setdefault(file, (CHECKOUT / file).read_text() if (CHECKOUT / file).exists() else "")
        if text.count(find) != 1:
            return "%s: its text stands %d times in %s:\n    %s" % (leak.name, text.count(find), file, find.strip().split("\n")[0])
        texts[file] = text.replace(find, replace)
    return None


def check():
    faults = [fault for leak in leaks() for fault in [apply(leak, {})] if fault]
    texts = {}
    faults += [] if faults else [fault for leak in leaks() for fault in [apply(leak, texts)] if fault]
    for fault in faults:
        print("adversary: FAILED: a leak can no longer be planted: " + fault)
    print("adversary: %d leaks can be planted" % (len(leaks()) - len(faults)))
    return 1 if faults or len(leaks()) < 20 else 0


def plant(folder):
    folder = pathlib.Path(folder)
    texts = {}
    for leak in leaks():
        fault = apply(leak, texts)
        if fault:
            raise SystemExit("adversary: " + fault)
    for file in texts:
        kept = folder / file
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / file, kept)
    for file, text in texts.items():
        (CHECKOUT / file).write_text(text)
    for target in {pathlib.Path(file).parts[1] for file in texts}:
        (CHECKOUT / "Sources" / target / "PlantedLeak.swift").write_text(SWITCH)


def withdraw(folder):
    folder = pathlib.Path(folder)
    for path in (CHECKOUT / "Sources").glob("*/PlantedLeak.swift"):
        path.unlink()
    for kept in sorted(folder.rglob("*.swift")):
        # With their old times, so that the next build knows them again.
        shutil.copy2(kept, CHECKOUT / kept.relative_to(folder))


def main(command, *arguments):
    if command == "names":
        print("\n".join(leak.name for leak in leaks()))
        return 0
    return {"check": check, "plant": plant, "withdraw": withdraw}[command](*arguments) or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
