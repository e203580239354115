"""One side of a case: its commands in their order, with what each printed and how it ended."""

import dataclasses
import os
import pathlib
import signal
import subprocess

import yaml

import cases
import masks

HERE = pathlib.Path(__file__).resolve().parent
# No command of a case takes nearly as long.
TIMEOUT = 120


@dataclasses.dataclass
class Outcome:
    code: int | None
    stdout: str
    stderr: str

    def problem(self, step):
        """Why it is not what the table says, or None. A case whose commands do not do what they are there for shows nothing."""
        expected = step.expected_exit or 0
        if self.code is None:
            return f"did not end within {TIMEOUT} s"
        if self.code != expected:
            return f"exit code {self.code}, expected {expected}"
        if step.is_compared and not self.stdout and not self.stderr:
            return "printed nothing, so that nothing is compared"
        return None


class Side:
    """Where the commands of one way run: a folder, a namespace and kubeconfigs of their own."""

    def __init__(self, folder, namespace, kubeconfig, admin_kubeconfig):
        self.folder = folder
        self.namespace = namespace
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        (folder / "tmp").mkdir()
        self.kubeconfig, self.server = self._with_namespace(kubeconfig, "kubeconfig")
        self.admin_kubeconfig, _ = self._with_namespace(admin_kubeconfig, "admin-kubeconfig")

    def _with_namespace(self, kubeconfig, name):
        """A copy that names the namespace, and the one server that it leads to."""
        content = yaml.safe_load(pathlib.Path(kubeconfig).read_text())
        servers = {entry["cluster"]["server"] for entry in content["clusters"]}
        if len(servers) != 1:
            raise RuntimeError(f"{kubeconfig} names {len(servers)} servers; there is to be one, so that no way leads past it")
        for entry in content["contexts"]:
            entry["context"]["namespace"] = self.namespace
        own = self.folder / name
        own.touch(mode=0o600)
        own.write_text(yaml.safe_dump(content))
        return own, servers.pop()

    def environment(self, case, tools, is_preparing=False):
        bin = self._bin(case, tools)
        return {
            "PATH": f"{bin}:{HERE / 'helpers'}:{os.environ['PATH']}",
            "KUBECONFIG": str(self.admin_kubeconfig if is_preparing else self.kubeconfig),
            "HOME": str(self.folder), "TMPDIR": str(self.folder / "tmp"), "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
            "NS": self.namespace, "IN": str(HERE / "inputs"), "CLIENTS": str(HERE / "clients"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **cases.STREAMS[case.streams],
        }

    def _bin(self, case, tools):
        bin = self.folder / "bin"
        if not bin.exists():
            bin.mkdir()
            (bin / "kubectl").symlink_to(tools / "bin" / case.kubectl)
            (bin / "helm").symlink_to(tools / "bin" / "helm")
            # Not a link: Python finds its packages beside the name it was called by.
            (bin / "python").write_text(f'#!/bin/sh\nexec {tools / "venv" / "bin" / "python"} "$@"\n')
            (bin / "python").chmod(0o755)
        return bin

    def run(self, case, tools):
        """Every step up to the first that fails while preparing, since what follows would mean nothing."""
        outcomes = []
        for step in case.steps:
            outcome = self._run_step(step, self.environment(case, tools, is_preparing=not step.is_compared))
            outcomes.append(outcome)
            if not step.is_compared and outcome.problem(step):
                break
        return outcomes

    def _run_step(self, step, environment):
        process = subprocess.Popen(
            ["bash", "-c", step.command], cwd=self.work, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            code = None
        return Outcome(code, self._masked(stdout), self._masked(stderr))

    def _masked(self, output):
        own = [
            (self.server, "<server>"), (self.server.removeprefix("https://"), "<server>"),
            (self.namespace, "<namespace>"), (str(self.folder), "<folder>"),
        ]
        return masks.apply(output.decode("utf-8", "backslashreplace"), own)
