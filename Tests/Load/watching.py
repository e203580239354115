"""Looks at the gateway's process while something is going on: how much memory it has, at most."""

import threading
import time


class Memory:
    """The resident memory of a process in KiB, sampled ten times a second."""

    def __init__(self, pid):
        self._pid = pid
        self.peak = self.now()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def now(self):
        with open(f"/proc/{self._pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def stop(self):
        self._done.set()
        self._thread.join()
        return self.peak

    def _sample(self):
        while not self._done.wait(0.1):
            try:
                self.peak = max(self.peak, self.now())
            except FileNotFoundError:
                return


def mib(kib):
    return f"{kib / 1024:.0f} MiB"


class Stopwatch:
    def __init__(self):
        self._began = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self._began
