"""The gateway under test: starts it, hands out kubeconfigs that lead through it, and asks it what it has recorded.

The only file that knows how a gateway is started and entered.
"""

import contextlib
import json
import pathlib
import subprocess
import time

CLUSTER = "differential"


class Gateway:
    """`byline-gateway dev` in front of a cluster, and a client that is signed in at it."""

    def __init__(self, programs, kubeconfig, folder):
        self.byline = str(programs / "byline")
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "BYLINE_STATE": str(folder / "client")}
        self.log = folder / "gateway.log"
        self.ready = folder / "ready.json"
        folder.mkdir()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [programs / "byline-gateway", "dev", "--kubeconfig", kubeconfig, "--cluster", CLUSTER, "--listen",
                 "127.0.0.1:0", "--state", folder / "gateway", "--ready-file", self.ready],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._sign_in()
        except BaseException:
            self.stop()
            raise

    def _sign_in(self):
        deadline = time.monotonic() + 30
        while not self.ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"byline-gateway did not start:\n{self.log.read_text()}")
            time.sleep(0.05)
        facts = json.loads(self.ready.read_text())
        self._ask("login", facts["gateway"], "--client-credentials", facts["clientCredentials"],
                  "--certificate-authority", facts["ca"])

    def _ask(self, *arguments):
        done = subprocess.run([self.byline, *arguments], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"byline {arguments[0]}: {done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def kubeconfig(self, label):
        """The path of a kubeconfig that is good for as long as it is held. `label` finds its requests in the record."""
        holder = subprocess.Popen(
            [self.byline, "run", "--prompt-id", label, "--", "sh", "-c", 'echo "$KUBECONFIG"; read -r end'],
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            path = holder.stdout.readline().strip()
            if not path:
                raise RuntimeError(f"byline run: {holder.stderr.read()}")
            yield pathlib.Path(path)
        finally:
            holder.communicate("end\n")

    def recorded(self):
        """How many exchanges the gateway has recorded, by label."""
        counts = {}
        for session in json.loads(self._ask("sessions", "-o", "json", "--limit", "1000"))["sessions"]:
            label = session["byline"].get("prompt.id", {}).get("value")
            counts[label] = counts.get(label, 0) + session["exchanges"]
        return counts

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(30)
