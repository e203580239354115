"""Child processes of the bench: started with their output in a file, read from /proc, stopped by pid."""

import os
import pathlib
import signal
import socket
import subprocess
import time

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A program did not come up; the sentence says which and why."""


class Process:
    def __init__(self, name, command, log):
        self.name = name
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as output:
            # A session of its own, so that Ctrl-C at the terminal reaches only bench.py, which then stops everything
            # in order. Should bench.py be killed, the kernel stops the child (setpriv's death signal).
            self._child = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True)
        self.pid = self._child.pid
        # Others that were started for this one, and are stopped with it; what they cost is not its own.
        self.helps = []

    def wait_until(self, ready, seconds):
        """Polls `ready` until it is true. Raises Failed when the process ends before, or time runs out."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._child.poll() is not None:
                raise Failed(f"{self.name} ended with {self._child.returncode}: {self._last_words()}")
            if time.monotonic() > deadline:
                raise Failed(f"{self.name} was not ready after {seconds} s: {self._last_words()}")
            time.sleep(0.05)

    def wait_for_port(self, port, seconds=20):
        self.wait_until(lambda: _accepts(port), seconds)

    def stop(self):
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(5)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        for other in self.helps:
            other.stop()

    def cpu_seconds(self):
        """User and system time that this process and its descendants have used so far."""
        ticks = 0
        for pid in self._tree():
            fields = _stat(pid)
            if fields:
                ticks += int(fields[11]) + int(fields[12])  # utime, stime: 14 and 15 in proc(5), which counts from 1
        return ticks / _TICKS_PER_SECOND

    def forget_peak_memory(self):
        for pid in self._tree():
            try:
                pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")  # proc(5): resets VmHWM
            except OSError:
                pass  # the peak then includes earlier cases

    def peak_memory(self):
        """The sum of the tree's VmHWM in bytes; pages that its processes share count once for each."""
        total = 0
        for pid in self._tree():
            try:
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            total += sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
        return total

    def _tree(self):
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                fields = _stat(int(entry))
                if fields:
                    parents[int(entry)] = int(fields[1])
        tree = [self.pid]
        for pid in tree:
            tree += [child for child, parent in parents.items() if parent == pid]
        return tree

    def _last_words(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-3:]) or "it said nothing"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stat(pid):
    """The fields of /proc/PID/stat after the command's name, which may itself hold spaces and parentheses."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None
