"""A byline-gateway that serves a configuration for these checks, in front of the cluster and the provider."""

import os
import pathlib
import signal
import socket
import subprocess
import time

ENVIRONMENT = pathlib.Path(__file__).resolve().parent.parent / "Environment"

CONFIGURATION = """\
apiVersion: byline.dev/v1
kind: Gateway
listen:
  address: 127.0.0.1:{port}
  url: https://127.0.0.1:{port}
  tls: {{certificateFile: server.crt, keyFile: server.key, authorityFile: ca.crt}}
state: state
sessionTokens: {{lifetime: {lifetime}}}
issuers:
- url: {issuer}
  # ID tokens are for the client; access tokens for the resource that was asked for.
  audiences: [{client}, {resource}]
  certificateAuthorityFile: {authority}
  claims: {{username: {{claim: sub}}, groups: {{claim: groups}}}}
  signIn: {{clientID: {client}, scopes: [openid, profile, email, groups, offline_access]}}
clusters:
- name: test
  kubeconfig: {{file: {kubeconfig}}}
  impersonate: none
policy:
  rules: [{{name: all, effect: allow}}]
log: {{level: warning}}
"""


class Gateway:
    def __init__(self, folder, lifetime="1h", clock=None, issuer=None):
        """`clock`: what libfaketime is told, as "-10m"; None for the machine's own. `issuer`: a stand-in for the provider."""
        self.issuer = issuer
        issuer_url = issuer.url if issuer else os.environ["BYLINE_TEST_OIDC_ISSUER_RS256"]
        self.issuer_authority = issuer.authority if issuer else pathlib.Path(os.environ["BYLINE_TEST_OIDC_CA"])
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o700)
        subprocess.run([ENVIRONMENT / "oidc" / "certificates.sh", self.folder], check=True, capture_output=True)
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
        self.url = f"https://127.0.0.1:{port}"
        self.authority = self.folder / "ca.crt"
        configuration = self.folder / "gateway.yaml"
        configuration.write_text(CONFIGURATION.format(
            port=port, lifetime=lifetime, issuer=issuer_url,
            client=os.environ["BYLINE_TEST_OIDC_CLIENT_ID"], resource=os.environ["BYLINE_TEST_OIDC_RESOURCE"],
            authority=self.issuer_authority, kubeconfig=os.environ["BYLINE_TEST_GATEWAY_KUBECONFIG"]))
        configuration.chmod(0o600)
        ready = self.folder / "ready"
        command = [os.environ["BYLINE_TEST_BIN"] + "/byline-gateway", "serve", "--config", configuration,
                   "--ready-file", ready]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*(["faketime", "-f", clock] if clock else []), *map(str, command)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)  # faketime runs it as a child
        deadline = time.monotonic() + 30
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit((self.folder / "log").read_text())
            time.sleep(0.05)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)
