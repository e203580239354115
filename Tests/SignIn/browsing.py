"""The code flow as a person has it: byline opens the browser, and the person is at the provider's own pages."""

import json
import os
import pathlib
import subprocess
import time

from grants import who
from person import BIN, PORTS

BROWSER = pathlib.Path(__file__).with_name("browser.py")


def sign_in(home, port, deeds, **variables):
    """Signs in, and what byline said and what stood on the browser's last page."""
    seen = home.folder / "seen"
    answer = home.login("--redirect-port", port, BROWSER_DEEDS=deeds, BROWSER_SEEN=str(seen),
                        **{name: os.environ[name] for name in ("BYLINE_TEST_OIDC_RUN", "BYLINE_TEST_CHROMIUM")},
                        **variables)
    deadline = time.monotonic() + 30
    while not seen.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer, seen.read_text()


def program(home, name):
    """The browser under that name, in a folder of the home."""
    folder = home.folder / "bin"
    folder.mkdir()
    path = folder / name
    path.write_text(f'#!/bin/sh\nexec "{os.environ["BYLINE_TEST_BROWSER_PYTHON"]}" "{BROWSER}" "$1"\n')
    path.chmod(0o755)
    return path


def check_a_person_signs_in_with_a_browser(home):
    """A display is there, so the browser is opened unasked; the password is right the second time."""
    path = program(home, "xdg-open")
    answer, seen = sign_in(home, PORTS[0], "mistype sign-in grant", DISPLAY=":0",
                           PATH=f"{path.parent}:{home.variables['PATH']}")
    assert answer.code == 0 and "signed in at" in answer.output, (str(answer), seen)
    assert "auditors" in who(home)["groups"] and seen.strip(), seen
    return seen.strip().replace("\n", " ")


def check_a_person_signs_in_at_a_gateway_of_their_own(home):
    """`byline-gateway dev` and its page, opened unasked."""
    path = program(home, "xdg-open")
    ready = home.folder / "ready"
    environment = {**home.variables, "BYLINE_STATE": str(home.folder / "state"),
                   "KUBECONFIG": os.environ["BYLINE_TEST_GATEWAY_KUBECONFIG"]}
    gateway = subprocess.Popen(
        [BIN / "byline-gateway", "dev", "--listen", "127.0.0.1:0", "--state", home.folder / "gateway", "--ready-file",
         ready], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        told = json.loads(ready.read_text())
        seen = home.folder / "seen"
        answer = home.run(
            BIN / "byline", "login", told["gateway"], "--certificate-authority", told["ca"], DISPLAY=":0",
            BROWSER_DEEDS="approve", BROWSER_SEEN=str(seen), PATH=f"{path.parent}:{home.variables['PATH']}",
            **{name: os.environ[name] for name in ("BYLINE_TEST_OIDC_RUN", "BYLINE_TEST_CHROMIUM")})
        assert answer.code == 0 and "signed in at" in answer.output, answer
    finally:
        gateway.terminate()
        gateway.wait(30)


def check_a_person_denies_in_the_browser(home):
    path = program(home, "browser")
    answer, seen = sign_in(home, PORTS[1], "sign-in deny", BROWSER=str(path))
    assert answer.code == 1 and "was denied" in answer.error and "\nhint: " in answer.error, (str(answer), seen)
    return seen.strip().replace("\n", " ")
