"""The gateway under attack, with an issuer whose keys are here, and its callers."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Hostile"))
from signing import Key  # noqa: E402

ISSUER = "https://issuer.adversary.test"
CONFIGURATION = """\
apiVersion: byline.dev/v1
kind: Gateway
listen:
  address: 127.0.0.1:{port}
  url: https://127.0.0.1:{port}
  tls: {{certificateFile: server.crt, keyFile: server.key, authorityFile: ca.crt}}
state: state
issuers:
- {{url: {issuer}, audiences: [byline], keys: {{file: issuer.json}}}}
clusters:
- {{name: test, kubeconfig: {{file: {kubeconfig}}}, impersonate: none}}
policy:
  rules:
  - {{name: admin, effect: allow, subjects: {{groups: [admins]}}}}
  - {{name: reader, effect: allow, subjects: {{groups: [readers]}}, verbs: [get, list, watch]}}
  - {{name: reader-paths, effect: allow, subjects: {{groups: [readers]}}, verbs: [get], nonResourceURLs: ["*"]}}
  - {{name: dry-runner, effect: allow, subjects: {{groups: [drills]}}, verbs: [create, update, patch, delete, deletecollection]}}
limits:
  perIdentity: {{requestsPerSecond: 100000, burst: 100000, concurrent: 10000, streams: 10000}}
recording: {{segments: {{bytes: 4MiB}}}}
shutdown: {{grace: 2s}}
log: {{level: debug}}
"""
# dry-runner may only change, and adds dryRun=All to all that it asks; nobody has no token.
CALLERS = {"admin": "admins", "reader": "readers", "dry-runner": "drills", "nobody": None}


class Gateway:
    """Runs while it is entered."""

    def __init__(self, folder, binaries):
        self.folder = pathlib.Path(folder)
        self._program = pathlib.Path(binaries) / "byline-gateway"
        self._key = Key("ES256", "adversary")
        self._process = None

    @property
    def state(self):
        return self.folder / "state"

    @property
    def log(self):
        return self.folder / "log"

    def __enter__(self):
        (self.folder / "issuer.json").write_text(json.dumps({"keys": [self._key.jwk]}))
        # Another process may take a port that was free: another one then.
        for _ in range(3):
            with socket.socket() as held:
                held.bind(("127.0.0.1", 0))
                port = held.getsockname()[1]
            self.url = "https://127.0.0.1:%d" % port
            path = self.folder / "gateway.yaml"
            path.touch(mode=0o600)
            path.write_text(CONFIGURATION.format(port=port, issuer=ISSUER, kubeconfig=os.environ["BYLINE_TEST_GATEWAY_KUBECONFIG"]))
            if self.start():
                return self
        raise SystemExit("adversary: byline-gateway did not start:\n" + self.log.read_text()[-3000:])

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def is_running(self):
        return self._process.poll() is None

    def start(self):
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [self._program, "serve", "--config", self.folder / "gateway.yaml", "--ready-file", ready],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=os.environ | {"SWIFT_BACKTRACE": "enable=no"})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.is_running:
            if ready.exists():
                return True
            time.sleep(0.05)
        if self.is_running:
            self._process.kill()
        self._process.wait()
        return False

    def tokens(self):
        """A token of each caller, good for a day."""
        now = int(time.time())
        return {
            name: group and self._key.token({
                "iss": ISSUER, "aud": "byline", "sub": name, "groups": [group], "iat": now, "exp": now + 86400, "jti": name})
            for name, group in CALLERS.items()}
