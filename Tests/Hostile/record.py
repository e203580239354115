"""What the gateway's journal says of the request that was just sent."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Environment" / "gateway"))
import journal  # noqa: E402

# How long a record may take to be on disk, in seconds.
PATIENCE = 2


class Record:
    """Follows the journal. Requests are sent one after the other, so what is new belongs to the last of them."""

    def __init__(self, folder):
        self._tail = journal.Tail(folder)
        self._frames = []

    def begin(self):
        """Forgets what belongs to the requests before."""
        self._tail.new()
        self._frames = []

    def wait(self, holds):
        """True once the new frames fulfil the condition."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._frames += self._tail.new()
            if holds(self):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)

    # --- what the new frames say

    def of_kind(self, kind):
        return [payload for name, payload in self._frames if name == kind]

    @property
    def closes(self):
        return {payload["exchange"]: payload for payload in self.of_kind("close")}

    def is_refusal(self, status, marker):
        """A refusal with that status, or any where no status was sent, is recorded, and nothing says that it passed."""
        statuses = [one["status"] for one in self.of_kind("decision")]
        closes = self.closes
        for opened in self._opened(marker):
            close = closes.get(opened["exchange"])
            if close and (opened["decision"]["effect"] == "deny" or "refused" in close):
                statuses.append(close["status"])
        return status in statuses if status else bool(statuses)

    def passed(self, marker):
        """The ids of the exchanges that were let through and have ended."""
        allowed = {one["exchange"] for one in self._opened(marker) if one["decision"]["effect"] == "allow"}
        return allowed & self.closes.keys()

    def _opened(self, marker):
        return [one for one in self.of_kind("open") if marker in (one.get("userAgent") or "") + one["target"]]
