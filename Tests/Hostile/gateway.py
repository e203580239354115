"""The gateway under test: its configuration with three issuers and narrow rules, and its process."""

import json
import os
import pathlib
import socket
import subprocess
import time

import scene

CONFIGURATION = """\
apiVersion: byline.dev/v1
kind: Gateway
listen:
  address: 127.0.0.1:{port}
  url: https://127.0.0.1:{port}
  tls: {{certificateFile: server.crt, keyFile: server.key, authorityFile: ca.crt}}
state: state
sessionTokens: {{signingKeyFile: gateway.pem}}
issuers:
- url: {issuer}
  audiences: [byline]
  authorizedParties: [byline-cli]
  keys: {{file: issuer.json}}
- url: {other}
  audiences: [elsewhere]
  keys: {{file: other.json}}
  claims: {{username: {{claim: sub, prefix: "other:"}}, groups: {{claim: groups, prefix: "other:"}}}}
- url: {accounts}
  audiences: [byline]
  keys: {{file: accounts.json}}
  claims:
    username: {{claim: email}}
    groups: {{claim: realm_access.roles}}
    extra: {{example.com/team: team}}
  requiredClaims: {{email_verified: true}}
attestations:
- {{issuer: "{orchestrator}", audiences: ["https://127.0.0.1:{port}"], keys: {{file: orchestrator.json}}}}
clusters:
- name: test
  kubeconfig: {{file: {kubeconfig}}}
  impersonate: caller
policy:
  rules:
  - {{name: read, effect: allow, subjects: {{groups: [readers]}}, verbs: [get, list], apiGroups: [""],
      resources: [configmaps, pods], namespaces: [hostile-*]}}
  - {{name: one-secret, effect: allow, subjects: {{groups: [readers]}}, verbs: [get, list], apiGroups: [""],
      resources: [secrets], namespaces: [hostile-*], names: [allowed]}}
  - {{name: tails, effect: allow, subjects: {{groups: [readers]}}, verbs: [create], apiGroups: [""],
      resources: [services/proxy], namespaces: [hostile-*]}}
  - {{name: delete-when-attested, effect: allow, subjects: {{groups: [readers]}}, verbs: [delete], apiGroups: [""],
      resources: [configmaps], namespaces: [hostile-*],
      byline: {{require: [model], attested: [prompt.id], models: [claude-*]}}}}
  - {{name: write, effect: allow, subjects: {{groups: [writers]}}, verbs: [create, patch], apiGroups: [""],
      resources: [configmaps, secrets], namespaces: [hostile-*]}}
  - {{name: version, effect: allow, verbs: [get], nonResourceURLs: [/version]}}
auditors: {{users: [olivia]}}
limits:
  perIdentity: {{requestsPerSecond: 20, burst: 150}}
  requestHeaderTimeout: 1s
  headerBytes: 32KiB
  bodyBytes: 256KiB
shutdown: {{grace: 2s}}
log: {{level: debug}}
"""


class Gateway:
    """Runs while it is entered."""

    def __init__(self, folder, people):
        self.folder = pathlib.Path(folder)
        self._people = people
        self._process = None

    @property
    def journal(self):
        return self.folder / "state" / "journal"

    @property
    def log(self):
        return self.folder / "log"

    def __enter__(self):
        self._write_keys()
        # Another process may take a port that was free: another one then.
        for _ in range(3):
            with socket.socket() as held:
                held.bind(("127.0.0.1", 0))
                port = held.getsockname()[1]
            self._people.url = f"https://127.0.0.1:{port}"
            self._write("gateway.yaml", self._configuration(port))
            if self._start():
                return self
        raise self._failure

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def start_again(self):
        """After its process has died."""
        self._process.wait()
        (self.folder / "ready").unlink(missing_ok=True)
        if not self._start():
            raise self._failure

    @property
    def _failure(self):
        return SystemExit(f"hostile: byline-gateway did not start:\n{self.log.read_text()[-4000:]}")

    def has_died(self, wait=0):
        """True where its process has ended; one that is about to, telling of its crash, is given so many seconds."""
        try:
            self._process.wait(wait)
            return True
        except subprocess.TimeoutExpired:
            return False

    @property
    def is_running(self):
        return self._process.poll() is None

    def _write(self, name, content):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)

    def _write_keys(self):
        people = self._people
        sets = dict(
            issuer=[people.rsa, people.ec, people.ed, people.pss],
            other=[people.other],
            accounts=[people.accounts],
            orchestrator=[people.orchestrator],
        )
        for name, keys in sets.items():
            self._write(f"{name}.json", json.dumps({"keys": [key.jwk for key in keys]}).encode())
        self._write("gateway.pem", people.gateway.private_pem)

    @staticmethod
    def _configuration(port):
        return CONFIGURATION.format(
            port=port,
            issuer=scene.ISSUER,
            other=scene.OTHER_ISSUER,
            accounts=scene.ACCOUNTS,
            orchestrator=scene.ORCHESTRATOR,
            kubeconfig=os.environ["BYLINE_TEST_GATEWAY_KUBECONFIG"],
        ).encode()

    def _start(self):
        ready = self.folder / "ready"
        program = pathlib.Path(os.environ["BYLINE_TEST_BIN"]) / "byline-gateway"
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [program, "serve", "--config", self.folder / "gateway.yaml", "--ready-file", ready],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                # A crash is to end at once; its sentence stands in the log all the same.
                env=os.environ | {"SWIFT_BACKTRACE": "enable=no"},
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.is_running:
            if ready.exists():
                return True
            time.sleep(0.05)
        if self.is_running:
            self._process.kill()
        self._process.wait()
        return False
