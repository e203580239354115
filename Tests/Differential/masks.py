"""What may differ between two runs of the same commands: times and ids, and the names of the two ways themselves.

Each mask names what it hides and why the two ways cannot agree on it. Nothing else is hidden; a difference that no mask
here covers is a fault.
"""

import dataclasses
import re

# What Kubernetes makes random names and hashes of: no vowels, nothing that looks like another.
RANDOM = "[bcdfghjklmnpqrstvwxz2456789]"
DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"


@dataclasses.dataclass(frozen=True)
class Mask:
    reason: str
    pattern: re.Pattern
    replacement: str


def _mask(reason, pattern, replacement):
    return Mask(reason, re.compile(pattern, re.MULTILINE), replacement)


MASKS = [
    # times
    _mask("when it happened, RFC 3339", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "<time>"),
    _mask("when it happened, as Go and diff print it",
          r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4}( UTC)?", "<time>"),
    _mask("when it happened, as describe prints it", rf"{DAY}, \d\d {MONTH} \d{{4}} \d\d:\d\d:\d\d [+-]\d{{4}}", "<time>"),
    _mask("when it happened, as helm prints it", rf"{DAY} {MONTH} [ \d]\d \d\d:\d\d:\d\d \d{{4}}", "<time>"),
    _mask("when it happened, as HTTP prints it", rf"{DAY}, \d\d {MONTH} \d{{4}} \d\d:\d\d:\d\d GMT", "<time>"),
    _mask("when it happened, in seconds since 1970, as helm labels it", r"\bmodifiedAt=\d{10}\b", "modifiedAt=<time>"),
    _mask("when a client logged it, and the client's pid",
          r"^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ ", r"\1<time> <pid> "),
    # An age is one digit wider after ten seconds, so the blanks behind it, in its column's head too, count for nothing.
    _mask("how long ago, in a column of its own", r"(?:^|(?<=  ))(\d+[smhd]){1,2}(?: {2,}|$)", "<age>  "),
    _mask("the head of a column of ages or addresses, as wide as the widest of them",
          r"\b(AGE|LAST SEEN|DURATION|IP) {2,}", r"\1  "),
    _mask("how long ago, of a repeated event", r"\(x\d+ over \w+\)", "(<repeated>)"),
    # ids
    _mask("uids of objects, and ids of exchanges", r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>"),
    _mask("how many changes the cluster had seen", r"""([rR]esource[ _]?[vV]ersion\\?['"]?: *\\?['"]?)\d+""", r"\1<version>"),
    _mask("where a list goes on, with a version in it; tokens", r"\beyJ[\w-]{20,}(\.[\w-]+)*=*", "<token>"),
    _mask("ids of containers", r"\bcontainerd://[0-9a-f]{64}", "containerd://<id>"),
    _mask("ids of commands in containers", r'(?<=start exec \\")[0-9a-f]{64}|(?<=start exec ")[0-9a-f]{64}', "<id>"),
    _mask("ids of sandboxes of pods", r'(?<=to pod )[0-9a-f]{64}|(?<=inside namespace \\")[0-9a-f]{64}', "<id>"),
    _mask("addresses of pods and services, next in turn when they are made",
          r"\b10\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d{1,3}\.\d{1,3}\b(?: {2,})?", "<address>"),
    _mask("names of events: of their object, and the time", r"(?<=\.)[0-9a-f]{16}\b", "<event>"),
    _mask("random endings of the names of pods, replica sets and tokens",
          rf"(?<=[a-z0-9])-({RANDOM}{{8,10}}-)?{RANDOM}{{5}}\b", "-<random>"),
    # this machine
    _mask("a port of this machine that was free", r"(?<=127\.0\.0\.1:)\d+|(?<=\[::1\]:)\d+|(?<=Handling connection for )\d+",
          "<port>"),
    _mask("the same, as the port that kubectl listens on", r"(?<=localPort=)\d+", "<port>"),
    _mask("where an API server says it is, the same both ways", r'(?<="serverAddress":")[^"]+', "<address>"),
    _mask("a watch that kubectl itself ended, which it logs or not as its threads come to it",
          r'^E<time> <pid> reflector\.go:\d+\] "Failed to watch" err="[^\n]*context (canceled|deadline exceeded)"[^\n]*\n', ""),
    _mask("what tar says in the container, for which kubectl cp waits or not", r"^tar: removing leading '/' from member names\n", ""),
    _mask("folders that kubectl diff makes", r"/(LIVE|MERGED)-\d+/", r"/\1/"),
]


def apply(text, own):
    """The text without what may differ. `own` are the words of one way: its namespace, its server, its folder."""
    for word, replacement in own:
        text = text.replace(word, replacement)
    for mask in MASKS:
        text = mask.pattern.sub(mask.replacement, text)
    return text
