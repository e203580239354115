"""The ways to the cluster that are held against the direct one. Only this file knows how a gateway is started and entered.

Each has a name, a letter that its namespaces begin with, and `kubeconfig(label)`, a context whose value is the path of a
kubeconfig that leads this way as long as it lasts; by the label the record of the gateway knows the requests.
`leaves_out(case, step)` is true for a command that cannot go this way. `stop()` ends it and returns the folder of its
journal, or None where nothing is recorded.
"""

import contextlib
import json
import os
import pathlib
import re
import ssl
import subprocess
import urllib.parse
import urllib.request

import yaml

ENVIRONMENT = pathlib.Path(__file__).resolve().parent.parent / "Environment"


class Direct:
    """Past every gateway. Held against itself, it shows what is noise of the cluster."""

    def __init__(self, kubeconfig, name="directly", letter="d"):
        self._kubeconfig = kubeconfig
        self.name, self.letter = name, letter

    @contextlib.contextmanager
    def kubeconfig(self, _):
        yield self._kubeconfig

    def leaves_out(self, case, step):
        return False

    def stop(self):
        return None


class Served:
    """`byline-gateway serve`, with nothing masked: what is masked differs by design, and is held to by Tests/Masking."""

    def __init__(self, programs, folder, **settings):
        self._folder = folder
        self._environment = {
            **os.environ, "RUN": str(folder), "BYLINE_TEST_BIN": str(programs), "KEEP": "1",
            "MASKING": '{exceptions: [{rules: ["*"]}]}', **settings}
        _run([ENVIRONMENT / "gateway" / "up.sh"], self._environment)
        signed_in = yaml.safe_load((folder / "kubeconfig").read_text())
        self._signed_in = signed_in
        self._server = signed_in["clusters"][0]["cluster"]
        self._url = urllib.parse.urljoin(self._server["server"], "/")[:-1]
        self._token = signed_in["users"][0]["user"]["tokenFile"]

    def stop(self):
        _run([ENVIRONMENT / "gateway" / "down.sh"], self._environment)
        return self._folder / "state" / "journal"


class Run(Served):
    """`byline run`: each request is tagged on its way, and the cluster sees its administrator."""

    name, letter = "byline run", "r"

    def __init__(self, programs, kubeconfig, folder):
        super().__init__(programs, folder, IMPERSONATE="none", BYLINE_TEST_GATEWAY_KUBECONFIG=str(kubeconfig))
        self._byline = programs / "byline"
        self._client = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "BYLINE_STATE": str(folder / "client")}
        _run([self._byline, "login", self._url, "--token-file", self._token, "--certificate-authority",
              self._server["certificate-authority"]], self._client)

    @contextlib.contextmanager
    def kubeconfig(self, label):
        holder = subprocess.Popen(
            [self._byline, "run", "--prompt-id", label, "--", "sh", "-c", 'echo "$KUBECONFIG"; read -r end'],
            env=self._client, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            path = holder.stdout.readline().strip()
            if not path:
                raise RuntimeError(f"byline run: {holder.stderr.read()}")
            yield pathlib.Path(path)
        finally:
            _, words = holder.communicate("end\n")
        if holder.returncode != 0:
            raise RuntimeError(f"byline run ended with {holder.returncode}: {words}")

    def leaves_out(self, case, step):
        return False


class Serve(Served):
    """A session token in a kubeconfig: no program of ours on the way there, and the cluster's own rules judge the person who
    signed in, whom the gateway impersonates.
    """

    name, letter = "byline-gateway serve", "s"

    def __init__(self, programs, folder, cluster, binding):
        self._cluster, self._binding = cluster, binding
        cluster.allow_everything(binding, "alice")
        super().__init__(programs, folder)

    @contextlib.contextmanager
    def kubeconfig(self, label):
        own = self._folder / f"kubeconfig-{label}"
        fields = {"users": [{"name": "alice", "user": {"token": self._session_token(label)}}]}
        own.touch(mode=0o600)
        own.write_text(yaml.safe_dump({**self._signed_in, **fields}))
        yield own

    def _session_token(self, label):
        """Exchanged for the token of the sign-in (RFC 8693), with the label as the prompt's id."""
        fields = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "prompt.id": label,
            "subject_token": pathlib.Path(self._token).read_text(),
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token"}
        trust = ssl.create_default_context(cafile=self._server["certificate-authority"])
        with urllib.request.urlopen(f"{self._url}/byline/v1/token", urllib.parse.urlencode(fields).encode(), timeout=30, context=trust) as answer:
            return json.load(answer)["access_token"]

    def leaves_out(self, case, step):
        # kubectl 1.22 drops the path of the kubeconfig's server there, /clusters/NAME here, whatever server it is.
        return case.kubectl == "kubectl-older" and bool(re.search(r"\bkubectl\b.* --raw\b|\bkubectl proxy\b", step.command))

    def stop(self):
        self._cluster.allow_no_more(self._binding)
        return super().stop()


def _run(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0].name} {done.returncode}: {done.stderr or done.stdout}")
