"""The gateway under torture: one process after the other, with the same configuration and journal."""

import asyncio
import os
import pathlib
import signal
import subprocess
import time

RUN = pathlib.Path(os.environ["BYLINE_TEST_SERVED_RUN"])
JOURNAL = RUN / "state" / "journal"
PROGRAM = pathlib.Path(os.environ["BYLINE_TEST_BIN"]) / "byline-gateway"
KUBECTL = os.environ["BYLINE_TEST_KUBECTL"]


class Gateway:
    """Takes over the process that up.sh started; down.sh ends the last one."""

    def __init__(self):
        self.pid = int((RUN / "pid").read_text())
        self._process = None
        # How long it was away in all, in seconds.
        self.away = 0.0
        self._killed = None

    def kill(self):
        self._killed = time.monotonic()
        os.kill(self.pid, signal.SIGKILL)
        if self._process:
            self._process.wait()
        while self._process is None and pathlib.Path(f"/proc/{self.pid}").exists() and not self._is_zombie():
            time.sleep(0.01)

    def _is_zombie(self):
        try:
            return ") Z " in pathlib.Path(f"/proc/{self.pid}/stat").read_text()
        except OSError:
            return True

    async def start(self):
        (RUN / "ready").unlink(missing_ok=True)
        with open(RUN / "log", "ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--config", RUN / "gateway.yaml", "--ready-file", RUN / "ready"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        self.pid = self._process.pid
        (RUN / "pid").write_text(str(self.pid))
        deadline = time.monotonic() + 60
        while not (RUN / "ready").exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"torture: the gateway did not start again:\n{(RUN / 'log').read_text()[-3000:]}")
            await asyncio.sleep(0.01)
        self.away += time.monotonic() - self._killed

    async def stop(self):
        """As a person would."""
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 30
        while pathlib.Path(f"/proc/{self.pid}").exists() and not self._is_zombie():
            if time.monotonic() > deadline:
                raise SystemExit("torture: the gateway did not stop")
            await asyncio.sleep(0.05)
        (RUN / "pid").unlink()


def namespace(name):
    """Makes a namespace in which the gateway's callers may do everything."""
    def kubectl(*arguments):
        subprocess.run([KUBECTL, *arguments], capture_output=True, check=False)

    kubectl("create", "namespace", name)
    kubectl("-n", name, "create", "rolebinding", "torture", "--clusterrole=admin", "--group=developers")
    return name
