"""What a row of the tables is: bytes that are sent, and what must come of them.

`hostile-nnnn` in the bytes is the row's marker: the runner puts the row's number in its place, as many characters
long, so that the journal and the API server's audit log can be asked for this one request.
"""

import dataclasses

PLACEHOLDER = b"hostile-nnnn"
# In place of a status: the connection, or the HTTP/2 stream, was ended without an answer.
CLOSED = 0

# What a hostile request would speak as, or say, if it came through. Nothing of it may be in the audit log.
INTRUDER = "intruder"
FORGED = (INTRUDER, "system:masters", "203.0.113.66")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    # refused: nothing of it reaches the API server, and the record says that it was refused.
    # passes: the API server has it once, as the caller's, with nothing of what was forged.
    # cut: known to be wrong only when its body comes; the API server may have its beginning, never as a success.
    outcome: str
    statuses: tuple
    protocol: str = "http/1.1"
    # Whom the API server must know as the caller.
    caller: str = "alice"
    # The caller's groups there; None for those that the caller always has.
    groups: tuple = None
    # Requests that stand before the judged one on the same connection.
    prelude: int = 0
    # What the refusal's body is: "Status", "OAuth" (RFC 6749 §5.2), or "none" where HTTP allows none.
    body: str = "Status"
    # The target as the API server must have been asked for it; None where it does not matter.
    target: str = None

    def marked(self, number):
        """The marker, and the bytes that carry it."""
        marker = b"hostile-%04d" % number
        return marker.decode(), self.raw.replace(PLACEHOLDER, marker)


def refused(name, raw, *statuses, **more):
    return Case(name, raw, "refused", statuses, **more)


def passes(name, raw, status=200, **more):
    return Case(name, raw, "passes", (status,), **more)


def cut(name, raw, *statuses, **more):
    return Case(name, raw, "cut", statuses, **more)
