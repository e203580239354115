#!/usr/bin/env python3
"""Annotates YAML's own conformance cases, and objects made of them, and asks another parser what became of them.

    conformance.py --byline BYLINE --runner RUNNER --objects DIR [--brief] SUITE

SUITE holds the cases of yaml-test-suite, each a folder with in.yaml and, where in.yaml is no YAML, a file `error`. RUNNER is
the program of Tests/ManifestEditingRunner. The parser is libfyaml's fy-tool, which shares no code with libyaml and agrees with
every case.

As they are, the cases go through `byline annotate`: hardly one is an object, so each must come out as it went in, or be refused
by file, line and column. Then the document of each is put, in block and in flow style, where an object can have it: as its
spec, before and after the metadata, as its metadata, as its annotations, beside apiVersion and kind, in the item of a
list. What libfyaml reads as the object that was meant is written to DIR and annotated. What is annotated must be the original
with bytes inserted in one place, and libfyaml must read it as the original's tree plus the annotations.
Exits with 1 where that does not hold. What is refused is for kubectl to judge, by corpus.py over DIR.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys

import events
from corpus import ANNOTATIONS, annotate

ANSWER_SECONDS = 60
HEAD = "apiVersion: example.org/v1\nkind: Sample\n"
NAME = "metadata:\n  name: case\n"
# Directives and markers stand for a whole document; a document that is put into another cannot have them.
MARKER = re.compile(r"^(?:%|---(?:\s|$)|\.\.\.(?:\s|$))")


# --- objects made of cases


def content(text):
    """What stands behind the document's `---` on its line, and the lines after it; None where there is no one document."""
    lines = text.split("\n")
    while lines and (not lines[0].strip() or lines[0].startswith("#")):
        lines.pop(0)
    first = ""
    if lines and re.match(r"---(?:\s|$)", lines[0]):
        first = lines.pop(0)[3:]
    while lines and not lines[-1]:
        lines.pop()
    if lines and lines[-1].rstrip() == "...":
        lines.pop()
    if any(MARKER.match(line) for line in lines):
        return None
    return first, lines


def under(key, document, depth):
    """The document as the value of a key that stands at a depth."""
    first, lines = document
    inner = "  " * (depth + 1)
    return "\n".join(["  " * depth + key + ":" + first] + [inner + line if line else line for line in lines]) + "\n"


def beside(document, indent):
    """The document's own keys, where it is a block mapping."""
    return "".join(indent + line + "\n" if line else "\n" for line in document[1])


def placements(document):
    """Each way to put a document into an object, and the path at which it must be read: keys, or None for beside."""
    yield "spec-after", HEAD + NAME + under("spec", document, 0), ("spec",)
    yield "spec-before", under("spec", document, 0) + HEAD + NAME, ("spec",)
    yield "spec-alone", HEAD + under("spec", document, 0), ("spec",)
    yield "flow", "{apiVersion: example.org/v1, kind: Sample, " + under("spec", document, 0) + "}\n", ("spec",)
    yield "metadata", under("metadata", document, 0) + HEAD, ("metadata",)
    yield "annotations", HEAD + "metadata:\n" + under("annotations", document, 1), ("metadata", "annotations")
    yield "name", HEAD + "metadata:\n" + under("name", document, 1) + "  namespace: default\n", ("metadata", "name")
    yield "item", (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: example.org/v1\n  kind: Sample\n" + under("spec", document, 1)
    ), ("items", 0, "spec")
    if not document[0]:
        yield "beside", HEAD + beside(document, ""), None
        yield "beside-after", beside(document, "") + HEAD, None


def at(tree, path):
    for step in path:
        if step == 0 and tree[0] == "sequence":
            tree = tree[2][0]
            continue
        if tree[0] != "mapping":
            return None
        tree = next((value for key, value in tree[2] if key[0] == "value" and key[2][1:] == step), None)
        if tree is None:
            return None
    return tree


def is_meant(tree, path, case):
    """Whether the object that libfyaml reads holds the case's document at the path."""
    if path is not None:
        return at(tree, path) == case
    rest = [(key, value) for key, value in tree[2] if key[2:] not in ((":apiVersion",), (":kind",))]
    return case[0] == "mapping" and not case[1] and len(rest) + 2 == len(tree[2]) and rest == case[2]


def derive(suite, folder):
    """Writes the objects to the folder; their trees, and how many placements were no YAML or another object."""
    objects, dropped = {}, 0
    for path in sorted(suite.rglob("in.yaml")):
        if (path.parent / "error").exists():
            continue
        case = events.trees((path.parent / "test.event").read_text())
        document = content(path.read_bytes().decode())
        if document is None or len(case) != 1:
            continue
        for name, text, where in placements(document):
            target = folder / f"{'-'.join(path.parent.relative_to(suite).parts)}-{name}.yaml"
            target.write_bytes(text.encode())
            found = events.read(target)
            if found is None or len(found) != 1 or found[0][0] != "mapping" or not is_meant(found[0], where, case[0]):
                target.unlink()
                dropped += 1
            else:
                objects[target] = found[0]
    return objects, dropped


# --- what was annotated


def is_inserted(before, after):
    """Whether the bytes are the same but for an insertion in one place."""
    start = 0
    while start < len(before) and before[start] == after[start]:
        start += 1
    return len(after) > len(before) and after.endswith(before[start:])


def without_ours(tree):
    """The object's tree without our annotations; empty metadata and none are one and the same."""
    if at(tree, ("items", 0)) is not None:
        pairs = [
            (key, ("sequence", value[1], [without_ours(item) for item in value[2]]) if key[2] == ":items" else value)
            for key, value in tree[2]
        ]
        return ("mapping", tree[1], pairs)
    return without(tree, ":metadata", lambda metadata: without(metadata, ":annotations", without_pairs))


def without(tree, name, inner):
    pairs = []
    for key, value in tree[2]:
        if key[0] == "value" and key[2][1:] == name[1:]:
            value = inner(value) if value[0] == "mapping" else value
            if is_nothing(value):
                continue
        pairs.append((key, value))
    return ("mapping", tree[1], pairs)


def without_pairs(annotations):
    ours = [(key, text) for key, text in ANNOTATIONS.items()]
    pairs = [pair for pair in annotations[2] if (pair[0][-1][1:], pair[1][-1][1:]) not in ours]
    return ("mapping", annotations[1], pairs)


def is_nothing(tree):
    return tree in (("mapping", "", []), ("value", "", ":"), ("value", "", ":~"), ("value", "", ":null"))


def is_annotated(tree):
    found = at(tree, ("metadata", "annotations")) or at(tree, ("items", 0, "metadata", "annotations"))
    held = {key[-1][1:]: value[-1][1:] for key, value in found[2] if key[0] == value[0] == "value"} if found else {}
    return all(held.get(key) == text for key, text in ANNOTATIONS.items())


def fault(original, before, edited):
    """What is wrong with an annotated file, of which the original's tree is known; None where nothing is."""
    if not is_inserted(original.read_bytes(), edited.read_bytes()):
        return "more changed than bytes inserted in one place"
    after = events.read(edited)
    if after is None or len(after) != 1:
        return "libfyaml does not read it as one document any more"
    if not is_annotated(after[0]):
        return "libfyaml finds no annotations of ours"
    return None if without_ours(after[0]) == without_ours(before) else "libfyaml reads more than the annotations into it"


def embed(runner, suite, folder, report):
    """Annotates the objects made of the cases, and judges what became of them."""
    before, after = folder / "before", folder / "after"
    before.mkdir(parents=True)
    after.mkdir()
    objects, dropped = derive(suite, before)
    outcomes = annotate(runner, list(objects), after)
    kinds = collections.Counter()
    for number, (path, tree) in enumerate(objects.items()):
        found = {outcome for outcome, *_ in outcomes[path]}
        kind = next((kind for kind in ("refused", "annotated") if kind in found), "untouched")
        kinds[kind] += 1
        report.faults += [f"{path}: {detail}" for outcome, _, detail in outcomes[path] if outcome == "violation"]
        report.refused += [f"{path}:{place}: {detail}" for outcome, place, detail in outcomes[path] if outcome == "refused"]
        wrong = fault(path, tree, after / str(number)) if kind == "annotated" else None
        report.faults += [f"{path}: {wrong}"] if wrong else []
    if not kinds["annotated"]:
        report.faults.append(f"{suite}: no object was made of its cases and annotated")
    print(
        f"{len(objects)} objects made of them ({dropped} placements libfyaml does not read as meant): "
        f"{kinds['annotated']} annotated, {kinds['untouched']} untouched, {kinds['refused']} refused"
    )


# --- the cases as they are


def annotate_case(byline, path):
    """What `byline annotate` does with a stream: passes it on, refuses it, or is at fault; and its words."""
    done = subprocess.run(
        [byline, "annotate", "--model", "claude-opus-4", "--prompt-id", "p-1", "-f", path],
        capture_output=True, timeout=ANSWER_SECONDS,
    )
    told = done.stderr.decode()
    if done.returncode == 0:
        return ("passed", "") if done.stdout == path.read_bytes() and not told else ("fault", "it was changed: " + told)
    refusals = re.findall(rf"^{re.escape(str(path))}:\d+:\d+: (.+)$", told, re.MULTILINE)
    if done.returncode == 1 and not done.stdout and refusals:
        return "refused", refusals[0]
    return "fault", f"exit status {done.returncode}: {told}"


def pass_through(byline, suite, report):
    kinds = collections.Counter()
    for path in sorted(suite.rglob("in.yaml")):
        outcome, words = annotate_case(byline, path)
        is_yaml = not (path.parent / "error").exists()
        kinds[outcome, is_yaml] += 1
        if outcome == "fault":
            report.faults.append(f"{path}: {words}")
        elif outcome == "refused" and is_yaml:
            report.refused.append(f"{path}: {words}")
    print(
        f"{sum(kinds.values())} cases as they are: of those that are YAML {kinds['passed', True]} pass and "
        f"{kinds['refused', True]} are refused, of those that are not {kinds['passed', False]} and {kinds['refused', False]}"
    )


class Report:
    """What is at fault, and what was refused and why, told by file."""

    def __init__(self):
        self.faults, self.refused = [], []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--byline", required=True)
    parser.add_argument("--runner", required=True)
    parser.add_argument("--objects", required=True, type=pathlib.Path)
    parser.add_argument("--brief", action="store_true", help="leave out what is refused and why")
    parser.add_argument("suite", type=pathlib.Path)
    options = parser.parse_args()
    report = Report()
    pass_through(options.byline, options.suite, report)
    embed(options.runner, options.suite, options.objects, report)
    if not options.brief:
        for line in report.refused:
            print(f"refused     {line}")
    for line in report.faults:
        print(f"fault       {line}")
    print(f"{len(report.faults)} faults")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
