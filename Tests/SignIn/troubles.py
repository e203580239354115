"""What a person is told when something is wrong: a sentence and a hint, each time."""

import os
import re
import subprocess
import time
import urllib.parse
import urllib.request

import provider_side
from credential import signed_in
from gateway import Gateway
from person import BIN, KUBECTL, PORTS, Home

RESOURCE = os.environ["BYLINE_TEST_OIDC_RESOURCE"]


def refused(answer, *words):
    assert answer.code == 1 and answer.error.count("byline: ") >= 1 and answer.error.count("\nhint: ") == 1, answer
    for word in words:
        assert word in answer.error, answer
    return answer.error.strip().splitlines()[-2].removeprefix("byline: ")[:110]


def check_issuer_down(home):
    provider_side.stop()
    try:
        said = refused(home.login("--client-credentials", home.credentials_file()), "cannot be reached")
    finally:
        provider_side.start()
    return said


def check_issuer_down_while_a_sign_in_ends(home):
    signed_in(home)
    home.end_sign_in()
    provider_side.stop()
    try:
        answer = home.run(KUBECTL, "get", "pods")
        assert answer.code != 0 and "cannot be reached" in answer.error and "hint:" in answer.error, answer
    finally:
        provider_side.start()
    answer = home.run(KUBECTL, "get", "pods", "-n", "default")
    assert answer.code == 0, answer


def check_wrong_secret(home):
    return refused(home.login("--client-credentials", home.credentials_file(secret="wrong")), "secret")


def check_open_credentials_file(home):
    file = home.credentials_file()
    file.chmod(0o644)
    return refused(home.login("--client-credentials", file), "others can reach it")


def check_denied_in_the_browser(home):
    """The provider sends the browser back with access_denied, as RFC 6749 §4.1.2.1 has it."""
    def deny(said):
        question = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(re.search(r"^  (https://\S+)$", said, re.M)[1]).query))
        fields = {"error": "access_denied", "state": question["state"]}
        urllib.request.urlopen(f"{question['redirect_uri']}?{urllib.parse.urlencode(fields)}", timeout=5).read()

    answer = home.login("--browser", "--redirect-port", PORTS[2], answer=deny, BROWSER="true")
    return refused(answer, "denied")


def check_answer_of_another_issuer(home):
    def mix_up(said):
        question = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(re.search(r"^  (https://\S+)$", said, re.M)[1]).query))
        fields = {"code": "c", "state": question["state"], "iss": "https://evil.example"}
        urllib.request.urlopen(f"{question['redirect_uri']}?{urllib.parse.urlencode(fields)}", timeout=5).read()

    answer = home.login("--browser", "--redirect-port", PORTS[3], answer=mix_up, BROWSER="true")
    return refused(answer, "https://evil.example")


def check_redirect_port_in_use(home):
    port = home.gateway.url.rpartition(":")[2]
    return refused(home.login("--browser", "--redirect-port", port, BROWSER="true"), "in use", "--redirect-port")


def check_untrusted_gateway(home):
    return refused(home.login("--client-credentials", home.credentials_file(), BYLINE_CERTIFICATE_AUTHORITY=""),
                   "not trusted", "--certificate-authority")


def check_revoked_refresh_token(home):
    home.login("--resource", RESOURCE, answer=provider_side.approve)
    home.end_sign_in()
    for entry in home.folder.rglob("sign-ins/*/*.json"):
        entry.write_text(re.sub(r'"refreshToken":"[^"]*"', '"refreshToken":"revoked"', entry.read_text()))
    return refused(home.byline("whoami"), "has expired")


def check_a_kept_sign_in_that_is_none(home):
    """As after a disk that was full: told as such, and another sign-in mends it."""
    signed_in(home)
    home.drop_sessions()
    next(home.folder.rglob("sign-ins/*/*.json")).write_text("{")
    said = refused(home.byline("whoami"), "holds no sign-in", f"run: byline login {home.gateway.url}")
    doctor = home.byline("doctor")
    assert doctor.code == 1 and "holds no sign-in" in doctor.output and "none is known" not in doctor.output, doctor
    signed_in(home)
    return said


def check_own_clock_ten_minutes_ahead(home):
    """The sign-in works, its life is reckoned from here, and the person is told."""
    early = ("faketime", "-f", "+10m", BIN / "byline")
    answer = home.run(*early, "login", home.gateway.url, *home.way, "--client-credentials", home.credentials_file())
    assert answer.code == 0 and "10 min ahead of" in answer.error and "hint: set it" in answer.error, answer
    answer = home.run(*early, "credential")
    assert answer.code == 0, answer


def check_own_clock_ten_minutes_behind(home):
    """The certificates of a few minutes ago are not valid yet."""
    return refused(home.run("faketime", "-f", "-10m", BIN / "byline", "login", home.gateway.url, *home.way,
                            "--client-credentials", home.credentials_file()), "not yet valid", "clock")


def check_gateways_clock_ten_minutes_off(home):
    gateway = Gateway(home.folder / "late", clock="-10m")
    try:
        other = Home(home.folder / "home", gateway)
        return refused(other.login("--client-credentials", other.credentials_file()), "clock")
    finally:
        gateway.stop()


def check_the_session_ends_in_the_middle_of_a_watch(home):
    """Session tokens of four seconds: a watch outlives several of them, and every later request is made with a new one."""
    gateway = Gateway(home.folder / "brief", lifetime="4s")
    try:
        other = signed_in(Home(home.folder / "home", gateway))
        name = f"watched-{os.getpid()}"
        watch = subprocess.Popen([KUBECTL, "get", "configmaps", "-n", "default", "--watch", "-o", "name"],
                                 env=other.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(9)
        assert watch.poll() is None, watch.stderr.read()
        answer = other.run(KUBECTL, "create", "configmap", name, "-n", "default")
        assert answer.code == 0, answer
        time.sleep(1)
        watch.terminate()
        output, error = watch.communicate(timeout=10)
        assert f"configmap/{name}" in output, (output, error)
        assert other.run(KUBECTL, "delete", "configmap", name, "-n", "default").code == 0
    finally:
        gateway.stop()
