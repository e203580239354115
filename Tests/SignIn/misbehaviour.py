"""An issuer that does what it must not: each time a sentence, a hint and an exit code, and nothing is kept of it."""

import subprocess
import time
import urllib.parse
import urllib.request

from person import BIN
from stand_in import reply

HTML = "<!doctype html><title>Service unavailable</title><h1>Please come back later</h1>"
# A curl that waits for an answer in vain waits for 30 seconds.
PATIENCE = 45


def kept(home):
    return [path.name for path in home.folder.rglob("sign-ins/*/*.json")]


def refused(home, answer, *words):
    assert answer.code == 1 and answer.error.count("byline: ") == 1 and answer.error.count("\nhint: ") == 1, answer
    for word in words:
        assert word in answer.error, answer
    assert not kept(home), f"something is kept: {kept(home)}"
    return told(answer)


def told(answer):
    return answer.error[answer.error.index("byline: "):].strip().splitlines()[0].removeprefix("byline: ")[:120]


def fixed(status, body, **headers):
    return lambda handler, form: reply(handler, status, body, **headers)


def check_it_behaves_when_it_is_left_alone(home):
    answer = home.login()
    assert answer.code == 0 and "as carol" in answer.output, answer
    assert home.byline("whoami").code == 0


# --- its discovery


def check_discovery_of_another_issuer(home):
    issuer = home.gateway.issuer
    with issuer.misbehave("/.well-known/openid-configuration",
                          lambda handler, form: issuer.discovery(handler, form, issuer="https://evil.example")):
        return refused(home, home.login(), "https://evil.example")


def check_discovery_that_leads_elsewhere(home):
    with home.gateway.issuer.misbehave("/.well-known/openid-configuration", fixed(302, "", Location="http://127.0.0.1:1/")):
        return refused(home, home.login(), "not followed")


def check_discovery_that_names_an_address_without_tls(home):
    issuer = home.gateway.issuer
    with issuer.misbehave("/.well-known/openid-configuration",
                          lambda handler, form: issuer.discovery(handler, form, token_endpoint="http://127.0.0.1:1/token")):
        return refused(home, home.login(), "token_endpoint has no TLS")


def check_discovery_in_html(home):
    with home.gateway.issuer.misbehave("/.well-known/openid-configuration", fixed(200, HTML)):
        return refused(home, home.login(), "no JSON")


# --- its tokens


def check_tokens_in_html(home):
    with home.gateway.issuer.misbehave("/token", fixed(200, HTML, Content_Type="text/html")):
        return refused(home, home.login(), "/token answered", "no JSON")


def check_tokens_cut_short(home):
    with home.gateway.issuer.misbehave("/token", fixed(200, '{"access_token": "a", "id_tok')):
        return refused(home, home.login(), "no JSON")


def check_a_connection_cut_in_the_answer(home):
    def cut(handler, form):
        reply(handler, 200, '{"access_token": "a', Content_Length="400")
        handler.close_connection = True

    # Not in the answer to a poll: there a network that fails is asked again, until the code has expired.
    with home.gateway.issuer.misbehave("/device", cut):
        return refused(home, home.login())


def check_success_without_a_token(home):
    with home.gateway.issuer.misbehave("/token", fixed(200, {"token_type": "Bearer", "expires_in": 3600})):
        return refused(home, home.login(), "holds no access_token")


def check_tokens_that_lead_elsewhere(home):
    with home.gateway.issuer.misbehave("/token", fixed(307, "", Location="http://127.0.0.1:1/token")):
        return refused(home, home.login(), "not followed")


def check_an_answer_of_64_megabytes(home):
    def flood(handler, form):
        handler.send_response(200)
        handler.send_header("Content-Length", str(64 << 20))
        handler.end_headers()
        try:
            for _ in range(1024):
                handler.wfile.write(b" " * 65536)
        except OSError:
            pass  # it was hung up on

    with home.gateway.issuer.misbehave("/token", flood):
        return refused(home, home.login(), "more than 1048576 bytes")


def check_an_answer_that_never_ends(home):
    def drip(handler, form):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b" ")
                time.sleep(0.5)
        except OSError:
            pass

    started = time.monotonic()
    with home.gateway.issuer.misbehave("/.well-known/openid-configuration", drip):
        said = refused(home, home.login(), "no answer came in time")
    assert time.monotonic() - started < PATIENCE
    return said


def check_too_many_requests(home):
    with home.gateway.issuer.misbehave("/device", fixed(429, HTML, Retry_After="120")):
        return refused(home, home.login(), "HTTP 429", "wait 120 s", "asked too often")


# --- its ID tokens


def with_claims(home, **claims):
    issuer = home.gateway.issuer
    return issuer.misbehave("/token", lambda handler, form: reply(handler, 200, issuer.tokens(**claims)))


def check_an_id_token_of_another_issuer(home):
    with with_claims(home, iss="https://evil.example"):
        return refused(home, home.login())


def check_an_id_token_that_has_expired(home):
    now = int(time.time())
    with with_claims(home, iat=now - 7200, exp=now - 3600):
        answer = home.login()
    assert "clock" in answer.error, answer
    assert answer.code == 1 and "hint: " in answer.error and not kept(home), answer
    return told(answer)


def in_the_browser(home, change):
    """The code flow, with what changes the nonce of the question."""
    def visit(said):
        page = next(line.strip() for line in said.splitlines() if line.startswith("  https://"))
        question = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page).query))
        home.gateway.issuer.nonce = change(question["nonce"])
        fields = {"code": "c", "state": question["state"]}
        urllib.request.urlopen(f"{question['redirect_uri']}?{urllib.parse.urlencode(fields)}", timeout=5).read()

    return home.login("--browser", answer=visit, BROWSER="true")


def check_the_code_flow_when_it_behaves(home):
    answer = in_the_browser(home, lambda nonce: nonce)
    assert answer.code == 0, answer


def check_an_id_token_with_another_nonce(home):
    return refused(home, in_the_browser(home, lambda nonce: "another"), "does not answer this sign-in")


def check_an_id_token_without_a_nonce(home):
    return refused(home, in_the_browser(home, lambda nonce: None), "does not answer this sign-in")


def check_in_the_browser_an_id_token_of_another_issuer(home):
    with with_claims(home, iss="https://evil.example"):
        return refused(home, in_the_browser(home, lambda nonce: nonce), "does not answer this sign-in")


# --- its device grant


def check_a_device_that_is_asked_to_slow_down(home):
    home.gateway.issuer.pending = ["authorization_pending", "slow_down"]
    started = time.monotonic()
    answer = home.login()
    assert answer.code == 0 and not home.gateway.issuer.pending, answer
    took = time.monotonic() - started
    assert took > 7, f"it asked again after {took:.1f} s in all"


def check_a_device_whose_code_has_expired(home):
    home.gateway.issuer.pending = ["authorization_pending", "expired_token"]
    return refused(home, home.login(), "nobody signed in", "byline login again")


def check_a_device_that_is_denied(home):
    home.gateway.issuer.pending = ["access_denied"]
    return refused(home, home.login(), "denied")


def check_a_device_code_of_no_use(home):
    with home.gateway.issuer.misbehave("/device", fixed(200, {"user_code": "A"})):
        return refused(home, home.login(), "no device_code")


# --- refresh and logout


def signed_in(home):
    answer = home.login()
    assert answer.code == 0, answer
    return home


def check_two_at_once_use_a_refresh_token_once(home):
    signed_in(home).end_sign_in()
    before = len(home.gateway.issuer.given)
    running = [subprocess.Popen([BIN / "byline", *words], env=home.variables, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
               for words in (["whoami"], ["credential"], ["whoami"], ["credential"])]
    for process in running:
        _, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
    assert len(home.gateway.issuer.given) == before + 1, "one refresh"
    # What is kept is the new one: it is good once more.
    home.end_sign_in()
    assert home.byline("whoami").code == 0


def check_a_refresh_token_that_was_used_already(home):
    signed_in(home).end_sign_in()
    home.gateway.issuer.tokens()  # somebody else has used it
    answer = home.byline("whoami")
    assert answer.code == 1 and answer.error.count("\n") == 2, answer
    assert "has expired" in answer.error and "hint: run: byline login" in answer.error, answer
    # kubectl at a terminal lets the plugin ask: then it signs in again by itself.
    info = ('{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":true}}')
    answer = home.byline("credential", KUBERNETES_EXEC_INFO=info)
    assert answer.code == 0 and "TEST-CODE" in answer.error, answer
    assert home.byline("whoami").code == 0


def check_a_refresh_that_fails_keeps_the_sign_in(home):
    signed_in(home).end_sign_in()
    entry = next(home.folder.rglob("sign-ins/*/*.json"))
    before = entry.read_bytes()
    said = []
    for answer in (fixed(200, HTML), fixed(500, HTML), fixed(429, "", Retry_After="9"), fixed(503, {"error": "server_error"})):
        with home.gateway.issuer.misbehave("/token", answer):
            told_now = home.byline("whoami")
        assert told_now.code == 1 and told_now.error.count("\n") == 2 and "hint: " in told_now.error, told_now
        assert entry.read_bytes() == before, "the sign-in was changed"
        said.append(told(told_now)[:60])
    assert home.byline("whoami").code == 0, "afterwards it goes on"
    return "; ".join(said)


def check_a_refresh_without_a_new_refresh_token_keeps_the_old_one(home):
    issuer = signed_in(home).gateway.issuer
    kept_token = issuer.refresh

    def same(handler, form):
        tokens = issuer.tokens()
        issuer.refresh = kept_token
        del tokens["refresh_token"]
        reply(handler, 200, tokens)

    with issuer.misbehave("/token", same):
        home.end_sign_in()
        assert home.byline("whoami").code == 0
    home.end_sign_in()
    assert home.byline("whoami").code == 0


def check_logout_where_revoking_fails(home):
    def hang_up(handler, form):
        handler.close_connection = True
        handler.connection.close()

    def say_nothing(handler, form):
        time.sleep(PATIENCE)

    said = []
    for answer in (fixed(500, HTML), hang_up, say_nothing):
        signed_in(home)
        started = time.monotonic()
        with home.gateway.issuer.misbehave("/revoke", answer):
            told_now = home.byline("logout")
        assert told_now.code == 0 and "signed out" in told_now.output, told_now
        assert "has not revoked it" in told_now.error and "hint: " in told_now.error, told_now
        assert not kept(home) and time.monotonic() - started < 20
        assert "not signed in" in home.byline("whoami").error
        said.append(told(told_now)[34:90])
    return "; ".join(said)
