#!/usr/bin/env python3
"""Annotates every manifest under some folders and asks kubectl whether the annotations are all that changed.

    corpus.py --runner RUNNER --kubectl KUBECTL DIR…

RUNNER is the program of Tests/ManifestEditingRunner. Both versions of each file go through `kubectl create
--dry-run=client -o json`; what it prints must differ in the annotations alone, and what it refuses it must refuse in both.
Exits with 1 on a difference, on a broken property, or where more than 2 % of the files that kubectl reads are refused.
"""

import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

from discovery import Discovery

ANNOTATIONS = {"byline.dev/model": "claude-opus-4", "byline.dev/prompt-id": "p-1"}
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ALLOWED_REFUSALS = 0.02
BATCH = 32


def manifests(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and (path.suffix in (".yaml", ".yml", ".json") or path.parent.name == "Cases"):
                yield path


def annotate(runner, paths, output):
    """Outcome and detail of each document, by file."""
    flags = [flag for key, value in ANNOTATIONS.items() for flag in ("--annotation", f"{key}={value}")]
    told = subprocess.run(
        [runner, *flags, "--output", output, *map(str, paths)], check=True, capture_output=True, text=True
    ).stdout
    outcomes = {path: [] for path in paths}
    for line in told.splitlines():
        file, place, outcome, detail = line.split("\t", 3)
        outcomes[pathlib.Path(file)].append((outcome, place, detail))
    return outcomes


class Kubectl:
    def __init__(self, program, server, cache):
        self.command = [
            program, "--server", server, "--cache-dir", cache, "create", "--dry-run=client", "--validate=false",
            "-o", "json", "-f",
        ]

    def objects(self, *paths):
        """What kubectl would create, and whether it read every file whole."""
        done = subprocess.run(
            [*self.command, ",".join(map(str, paths))], capture_output=True, text=True, env={"KUBECONFIG": "/dev/null"}
        )
        objects, rest, decoder = [], done.stdout.strip(), json.JSONDecoder()
        while rest:
            value, end = decoder.raw_decode(rest)
            objects += value["items"] if value.get("kind") == "List" and "items" in value else [value]
            rest = rest[end:].strip()
        return objects, done.returncode == 0


def is_annotated(value):
    annotations = (value.get("metadata") or {}).get("annotations") or {}
    return all(annotations.get(key) == text for key, text in ANNOTATIONS.items())


def without_ours(value):
    """The object without our annotations; empty metadata and none are one and the same."""
    metadata = dict(value.get("metadata") or {})
    annotations = {key: text for key, text in (metadata.pop("annotations", None) or {}).items() if key not in ANNOTATIONS}
    if LAST_APPLIED in annotations:
        # Where an object carries its own copy, kubectl writes the copy anew, ours included.
        annotations[LAST_APPLIED] = without_ours(json.loads(annotations[LAST_APPLIED]))
    return {**value, "metadata": {**metadata, **({"annotations": annotations} if annotations else {})}}


def difference(before, after):
    """None, or what differs besides our annotations."""
    if len(before) != len(after):
        return f"{len(before)} objects became {len(after)}"
    for old, new in zip(before, after):
        if "metadata" in old and old["metadata"] is None:
            # kubectl writes the namespace into metadata that is a mapping only, also into ours.
            (new.get("metadata") or {}).pop("namespace", None)
        if not is_annotated(new) or without_ours(new) != without_ours(old):
            return f"{old.get('kind')} {(old.get('metadata') or {}).get('name')} differs"
    return None


def compare(kubectl, pairs):
    """For each pair of files, the original and the annotated one: None or what differs, and whether kubectl reads it.

    kubectl takes its time to start, so it is asked of many files at once; where it refuses one, each is asked for alone.
    """
    before, read_before = kubectl.objects(*(original for original, _ in pairs))
    after, read_after = kubectl.objects(*(edited for _, edited in pairs))
    found = difference(before, after)
    if read_before and read_after and found is None:
        return [(None, True) for _ in pairs]
    if len(pairs) > 1:
        middle = len(pairs) // 2
        return compare(kubectl, pairs[:middle]) + compare(kubectl, pairs[middle:])
    if read_before != read_after:
        found = f"kubectl {'reads' if read_before else 'refuses'} it before and not after"
    return [(found, read_before)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True)
    parser.add_argument("--kubectl", required=True)
    parser.add_argument("--brief", action="store_true", help="leave out the refusals and their reasons")
    parser.add_argument("folders", nargs="+", metavar="DIR")
    options = parser.parse_args()
    paths = list(manifests(options.folders))
    with tempfile.TemporaryDirectory() as work:
        edited, cache = pathlib.Path(work, "edited"), pathlib.Path(work, "cache")
        edited.mkdir()
        outcomes = annotate(options.runner, paths, edited)
        kinds = {path: {outcome for outcome, *_ in found} for path, found in outcomes.items()}
        annotated = [path for path in paths if "annotated" in kinds[path] and "refused" not in kinds[path]]
        refused = [path for path in paths if "refused" in kinds[path]]
        discovery = Discovery(path.read_bytes() for path in annotated + refused)
        kubectl = Kubectl(options.kubectl, discovery.url, cache)
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            pairs = [(path, edited / str(paths.index(path))) for path in annotated]
            batches = [pairs[start:start + BATCH] for start in range(0, len(pairs), BATCH)]
            answers = [answer for some in pool.map(lambda batch: compare(kubectl, batch), batches) for answer in some]
            compared = dict(zip(annotated, answers))
            readable = [path for path, (_, whole) in zip(refused, pool.map(kubectl.objects, refused)) if whole]
    if not options.brief:
        tell_refusals(outcomes, refused, readable)
    return report(paths, outcomes, compared, refused, readable)


def tell_refusals(outcomes, refused, readable):
    for path in refused:
        for outcome, place, detail in outcomes[path]:
            if outcome == "refused":
                whose = "kubectl reads it" if path in readable else "kubectl refuses it too"
                print(f"refused     {path}:{place}: {detail}; {whose}")


def report(paths, outcomes, compared, refused, readable):
    faults = [f"{path}: {fault}" for path, (fault, _) in compared.items() if fault]
    faults += [f"{path}: {detail}" for path in paths for outcome, _, detail in outcomes[path] if outcome == "violation"]
    for fault in faults:
        print(f"fault       {fault}")
    read = sum(1 for _, whole in compared.values() if whole)
    rate = len(readable) / max(1, read + len(readable))
    print(f"{len(paths)} files, {len(compared)} annotated, {len(refused)} refused, {len(faults)} faults")
    print(f"of those that kubectl reads, {read} compared and {len(readable)} refused: {rate:.2%}")
    if read == 0:
        print("kubectl read none of them, so nothing was compared")
    return 1 if faults or rate > ALLOWED_REFUSALS or read == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
