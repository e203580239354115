"""Each grant, from `byline login` to `byline logout`."""

import json
import os
import re
import time
import urllib.error
import urllib.request

import provider_side
from person import PORTS

RESOURCE = os.environ["BYLINE_TEST_OIDC_RESOURCE"]


def who(home):
    answer = home.byline("whoami", "-o", "json")
    assert answer.code == 0, answer
    return json.loads(answer.output)


def check_authorization_code_with_pkce(home):
    answer = home.login("--browser", "--redirect-port", PORTS[0], answer=provider_side.visit, BROWSER="true")
    assert answer.code == 0 and "signed in at" in answer.output, answer
    page = re.search(r"^  (https://\S+)$", answer.error, re.M)[1]
    assert "code_challenge_method=S256" in page and "nonce=" in page and "state=" in page, page
    assert "developers" in who(home)["groups"], who(home)


def check_the_redirect_takes_no_answer_but_its_own(home):
    """Wrong state, wrong Host, wrong path, another method: none of them ends the wait."""
    refused = []

    def attack_then_visit(said):
        base = f"http://127.0.0.1:{PORTS[1]}"
        for url, headers, method in [
                (base + "/callback?code=stolen&state=guessed", {}, "GET"),
                (base + "/callback?code=stolen", {}, "GET"), (base + "/", {}, "GET"),
                (base + "/callback", {"Host": "evil.example"}, "GET"), (base + "/callback", {}, "POST")]:
            try:
                urllib.request.urlopen(urllib.request.Request(url, headers=headers, method=method), timeout=5)
            except urllib.error.HTTPError as answer:
                refused.append(answer.code)
        provider_side.visit(said)

    answer = home.login("--browser", "--redirect-port", PORTS[1], answer=attack_then_visit, BROWSER="true")
    assert answer.code == 0 and len(refused) == 5, (str(answer), refused)
    return f"refused with {refused}"


def check_device_grant_is_chosen_without_a_display(home):
    answer = home.login(answer=provider_side.approve)
    assert answer.code == 0 and "code  " in answer.error, answer
    assert who(home)["username"], answer


def check_client_credentials_from_a_file(home):
    file = home.credentials_file()
    answer = home.login("--client-credentials", file)
    assert answer.code == 0 and who(home)["username"] == "byline-ci", answer
    kept = "".join(path.read_text() for path in home.folder.rglob("sign-ins/*/*.json"))
    assert json.loads(file.read_text())["clientSecret"] not in kept, "the secret is kept"


def check_client_credentials_from_a_descriptor(home):
    with open(home.credentials_file(), encoding="utf-8") as file:
        text = file.read()
    script = f'exec 3< <(printf %s "$SECRET"); exec byline login {home.gateway.url} --client-credentials /dev/fd/3 '
    answer = home.run("bash", "-c", script + " ".join(home.way), SECRET=text)
    assert answer.code == 0 and "as byline-ci" in answer.output, answer


def check_a_token_file_is_read_anew(home):
    home.login("--resource", RESOURCE, answer=provider_side.approve)
    entry = json.loads(next(home.folder.rglob("sign-ins/*/*.json")).read_text())
    token = home.folder / "token"
    token.write_text(entry["subjectToken"] + "\n")
    answer = home.byline("logout")
    assert answer.code == 0, answer
    answer = home.login("--token-file", token)
    assert answer.code == 0, answer
    token.write_text("nonsense")
    answer = home.byline("whoami")
    assert answer.code == 1 and "holds no signed token" in answer.error, answer
    token.write_text(entry["subjectToken"])
    assert who(home)["username"], "the file is read anew"


def check_an_ended_sign_in_is_refreshed(home):
    home.login("--resource", RESOURCE, answer=provider_side.approve)
    path = next(home.folder.rglob("sign-ins/*/*.json"))
    tokens = [json.loads(path.read_text())["subjectToken"]]
    for _ in range(2):
        home.end_sign_in()
        answer = home.byline("whoami")
        assert answer.code == 0, answer
        tokens.append(json.loads(path.read_text())["subjectToken"])
    assert len(set(tokens)) == 3, "a token was not renewed"


def check_logout_forgets(home):
    home.login(answer=provider_side.approve)
    assert home.byline("credential").code == 0
    answer = home.byline("logout")
    assert answer.code == 0 and not answer.error, answer
    left = [path.name for path in home.folder.rglob("sign-ins/**/*") if path.is_file() and path.suffix != ".lock"]
    assert not left, left
    answer = home.byline("whoami")
    assert answer.code == 1 and "hint: run: byline login" in answer.error, answer


def check_tokens_lie_in_the_keyring_alone(home):
    def kept():
        return "".join(path.read_text() for path in home.folder.rglob("sign-ins/*/*.json"))

    def keys():
        return [line for line in open("/proc/keys", encoding="utf-8") if f"byline:{home.folder}"[:60] in line]

    answer = home.login("--resource", RESOURCE, "--storage", "keyring", answer=provider_side.approve)
    if answer.code != 0:
        assert "the kernel's keyring does not take the sign-in" in answer.error and "--storage file" in answer.error, answer
        assert not kept()
        return "there is no keyring here"
    assert "subjectToken" not in kept() and "refreshToken" not in kept() and keys(), (kept(), keys())
    assert who(home)["username"]
    home.end_sign_in()
    assert home.byline("whoami").code == 0
    assert "subjectToken" not in kept() and "refreshToken" not in kept(), kept()
    assert home.byline("logout").code == 0 and home.byline("whoami").code == 1
    # The kernel clears away what nobody holds a moment later.
    deadline = time.monotonic() + 10
    while keys() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not keys(), keys()
    return None
