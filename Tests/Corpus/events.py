"""Documents as trees, out of the events that libfyaml's fy-tool prints in the notation of YAML's conformance cases.

A tree is a tuple: ("value", properties, style and text), ("alias", name), ("sequence", properties, items), or
("mapping", properties, pairs of key and value). Whether a collection is written in block or flow style is left out.
"""

import re
import subprocess

FLOW_MARKER = re.compile(r"^(\+MAP|\+SEQ) (?:\{\}|\[\])")
ANSWER_SECONDS = 60


def read(path):
    """The trees of a file's documents; None where libfyaml refuses it."""
    done = subprocess.run(
        ["fy-tool", "--quiet", "--testsuite", path], capture_output=True, timeout=ANSWER_SECONDS
    )
    return trees(done.stdout.decode()) if done.returncode == 0 else None


def trees(text):
    """The trees of the documents of a stream."""
    lines = [FLOW_MARKER.sub(r"\1", line) for line in text.split("\n") if line]
    documents = []
    rest = iter(lines)
    for line in rest:
        if line.startswith("+DOC"):
            documents.append(node(next(rest), rest))
    return documents


def node(line, rest):
    word, _, properties = line.partition(" ")
    if word == "=ALI":
        return ("alias", properties)
    if word == "=VAL":
        # `&anchor <tag> :text`; the text begins at the first mark of a style that no property begins with.
        anchor_and_tag = re.match(r"(?:&\S+ )?(?:<[^>]*> )?", properties).group()
        return ("value", anchor_and_tag.strip(), properties[len(anchor_and_tag):])
    nodes = []
    for line in rest:
        if line.startswith("-"):
            break
        nodes.append(node(line, rest))
    if word == "+SEQ":
        return ("sequence", properties, nodes)
    return ("mapping", properties, list(zip(nodes[::2], nodes[1::2])))
