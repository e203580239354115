"""Reads the tables of cases: what is run, and how each command is expected to end.

    # a comment
    == NAME                          a case begins
    with kubectl kubectl-older       the programs that take the place of `kubectl`, one variant each (default: kubectl)
    over websocket spdy              how streams are carried, one variant each (default: kubectl's own choice)
    alone                            nothing else runs meanwhile, not its other sides either: it changes or shows what all
                                     namespaces share
    + COMMAND                        prepares: always directly, has to succeed, is not compared
    $ COMMAND                        is run both ways and compared; ends with 0
    3$ COMMAND                       the same; ends with 3
        MORE OF IT                   an indented line goes on with the command above
    ! 3 WORDS                        differs by design: through the gateway the command above ends with 3 and prints these words

A command is a line of bash. It starts in a folder that the case has for itself, empty at first, and finds

    $NS          its namespace, which is also the one in its kubeconfig
    $IN          the folder inputs/
    $CLIENTS     the folder clients/: programs that use the Python client
"""

import dataclasses
import itertools
import re

KUBECTLS = ("kubectl", "kubectl-older")
# What each way of carrying streams sets in the environment of kubectl.
STREAMS = {
    None: {},
    "websocket": {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "true", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "true"},
    "spdy": {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "false"},
}


class TableError(Exception):
    """A table says something that is not in its language."""


@dataclasses.dataclass
class Step:
    command: str
    # None: it prepares, and is not compared.
    expected_exit: int | None
    place: str
    # The exit code and the words through the gateway, where they differ by design.
    design: tuple[int, str] | None = None

    @property
    def is_compared(self):
        return self.expected_exit is not None

    @property
    def client(self):
        """The kind of program that speaks to the cluster here."""
        found = re.search(r"\b(kubectl|helm|python)\b", self.command)
        return found.group(1) if found else "other"


@dataclasses.dataclass
class Case:
    title: str
    kubectl: str
    streams: str | None
    is_alone: bool
    steps: list[Step]

    @property
    def name(self):
        """The title and what tells this variant from the others."""
        return " / ".join([self.title, self.kubectl, *([self.streams] if self.streams else [])])

    def count(self):
        """How many commands are compared, by client."""
        counts = {}
        for step in self.steps:
            if step.is_compared:
                client = self.kubectl if step.client == "kubectl" else step.client
                counts[client] = counts.get(client, 0) + 1
        return counts


def read(paths):
    """Every case of these tables, in their order, each as often as it has variants."""
    cases = [case for path in paths for case in _read_table(path)]
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"two cases are called {name!r}")
    return cases


def _read_table(path):
    section = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        place = f"{path.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("== "):
            if section:
                yield from section.variants()
            section = _Section(line[3:].strip())
        elif section is None:
            raise TableError(f"{place}: a line before the first case")
        else:
            section.add(line, place)
    if section:
        yield from section.variants()


class _Section:
    """The lines of one case, before it is multiplied into its variants."""

    def __init__(self, title):
        self.title = title
        self.kubectls = ["kubectl"]
        self.streams = [None]
        self.is_alone = False
        self.steps = []

    def add(self, line, place):
        step = re.match(r"(?:(\+)|(\d*)\$) (.*)", line)
        word, *rest = line.split()
        if line.startswith("    ") and self.steps:
            self.steps[-1].command += "\n" + line[4:]
        elif step:
            prepares, code, command = step.groups()
            self.steps.append(Step(command, None if prepares else int(code or 0), place))
        elif word == "!" and len(rest) > 1 and rest[0].isdigit() and self.steps:
            self.steps[-1].design = int(rest[0]), " ".join(rest[1:])
        elif word == "with" and rest and set(rest) <= set(KUBECTLS):
            self.kubectls = rest
        elif word == "over" and rest and set(rest) <= set(STREAMS):
            self.streams = rest
        elif line == "alone":
            self.is_alone = True
        else:
            raise TableError(f"{place}: not understood: {line}")

    def variants(self):
        if not any(step.is_compared for step in self.steps):
            raise TableError(f"case {self.title!r} compares nothing")
        for kubectl, streams in itertools.product(self.kubectls, self.streams):
            yield Case(self.title, kubectl, streams, self.is_alone, self.steps)
