"""What came back for a request."""

import dataclasses


@dataclasses.dataclass
class Answer:
    """A response; without a status where the connection or the stream ended instead."""

    status: int = 0
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = b""
    # How the reading ended, for a person.
    end: str = ""

    def __str__(self):
        return f"{self.status} {self.body[:300]!r}" if self.status > 0 else f"no answer ({self.end})"
