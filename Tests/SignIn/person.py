"""Somebody with a home folder of their own, who types byline's commands and answers the provider's pages."""

import os
import pathlib
import re
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Environment" / "oidc"))

BIN = pathlib.Path(os.environ["BYLINE_TEST_BIN"])
KUBECTL = os.environ["BYLINE_TEST_KUBECTL"]
PORTS = os.environ["BYLINE_TEST_OIDC_REDIRECT_PORTS"].split()


class Answer:
    """What a command did."""

    def __init__(self, code, output, error):
        self.code, self.output, self.error = code, output, error

    def __str__(self):
        return f"code {self.code}\nstdout: {self.output[:600]}\nstderr: {self.error[:900]}"


class Home:
    def __init__(self, folder, gateway):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o700)
        self.gateway = gateway
        self.variables = {
            "HOME": str(self.folder), "PATH": f"{BIN}:/usr/bin:/bin", "BYLINE_GATEWAY": gateway.url,
            "BYLINE_CERTIFICATE_AUTHORITY": str(gateway.authority), "NO_COLOR": "1"}
        self.way = ["--issuer-certificate-authority", str(gateway.issuer_authority)]

    def run(self, *command, **variables):
        """Runs a command to its end; each of the keywords is one more variable."""
        done = subprocess.run(
            list(map(str, command)), env={**self.variables, **variables}, capture_output=True, text=True, timeout=120,
            stdin=subprocess.DEVNULL)
        return Answer(done.returncode, done.stdout, done.stderr)

    def byline(self, *arguments, **variables):
        return self.run(BIN / "byline", *arguments, **variables)

    def login(self, *options, answer=None, **variables):
        """Signs in; `answer` is called with byline's standard error as soon as it names a page."""
        process = subprocess.Popen(
            [str(BIN / "byline"), "login", self.gateway.url, *self.way, *map(str, options)],
            env={**self.variables, **variables}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        timer = threading.Timer(60, process.kill)
        timer.start()
        said = ""
        faults = []
        for line in process.stderr:
            said += line
            if answer and re.search(r"^(code  \S+|  https://\S+)$", line.rstrip()):
                chosen, answer = answer, None
                try:
                    chosen(said)
                except Exception as fault:  # told after byline has had its say
                    faults.append(repr(fault))
        output = process.stdout.read()
        process.wait()
        timer.cancel()
        return Answer(process.returncode, output, said + "".join(faults))

    def credentials_file(self, secret=None):
        """A program's id and secret, as byline reads them."""
        path = self.folder / "client.json"
        secret = secret or pathlib.Path(os.environ["BYLINE_TEST_OIDC_CI_SECRET_FILE"]).read_text().strip()
        resource = os.environ["BYLINE_TEST_OIDC_RESOURCE"]
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f'{{"clientID": "byline-ci", "clientSecret": "{secret}", "scope": "groups", '
                       f'"resource": "{resource}"}}')
        return path

    def end_sign_in(self):
        """Makes the kept sign-in one that has ended, as it is after an hour, and drops its session tokens."""
        for entry in self.folder.glob(".local/state/byline/sign-ins/*/*.json"):
            text = re.sub(r'"expiration":"\d+', '"expiration":"2001', entry.read_text())
            entry.write_text(text)
        self.drop_sessions()

    def drop_sessions(self):
        for session in self.folder.glob(".local/state/byline/sign-ins/*/sessions/*"):
            session.unlink()
