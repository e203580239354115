"""The ways to the cluster that are held against the direct one. Only this file knows how a gateway is started and entered.

Each has a name, a letter that its namespaces begin with, and `kubeconfig(label)`, a context whose value is the path of a
kubeconfig that leads this way as long as it lasts; by the label the record of the gateway knows the requests.
`leaves_out(case, step)` is true for a command that cannot go this way. `stop()` ends it and returns the folder of its
journal, or None where nothing is recorded.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import urllib.parse

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
        self._byline = programs / "byline"
        self._client = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "BYLINE_STATE": str(folder / "client")}
        _run([self._byline, "login", self._url, "--token-file", signed_in["users"][0]["user"]["tokenFile"],
              "--certificate-authority", self._server["certificate-authority"]], self._client)

    def stop(self):
        _run([ENVIRONMENT / "gateway" / "down.sh"], self._environment)
        return self._folder / "state" / "journal"


class Run(Served):
    """`byline run`: each request is tagged on its way, and the cluster sees its administrator."""

    name, letter = "byline run", "r"

    def __init__(self, programs, kubeconfig, folder):
        super().__init__(programs, folder, IMPERSONATE="none", BYLINE_TEST_GATEWAY_KUBECONFIG=str(kubeconfig))

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
    """`byline setup`: the exec plugin gives the client a session token, and nothing of ours stands on the way. The cluster's
    own rules judge the person who signed in, whom the gateway impersonates.
    """

    name, letter = "byline-gateway serve", "s"

    def __init__(self, programs, folder, cluster, binding):
        self._cluster, self._binding = cluster, binding
        cluster.allow_everything(binding, "alice")
        super().__init__(programs, folder)

    @contextlib.contextmanager
    def kubeconfig(self, label):
        own = self._folder / f"kubeconfig-{label}"
        _run([self._byline, "setup", "--kubeconfig", own], self._client)
        config = yaml.safe_load(own.read_text())
        config["current-context"] = config["contexts"][0]["name"]
        plugin = config["users"][0]["user"]["exec"]
        plugin["env"] = [*(plugin.get("env") or []), {"name": "BYLINE_STATE", "value": self._client["BYLINE_STATE"]},
                         {"name": "BYLINE_PROMPT_ID", "value": label}]
        own.write_text(yaml.safe_dump(config))
        yield own

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
