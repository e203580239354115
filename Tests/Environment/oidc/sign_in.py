#!/usr/bin/env python3
"""sign_in.py - signs in at the test provider without a browser, by its own API. Tokens are printed as JSON on stdout.

    sign_in.py code    [--user alice]              authorization code + PKCE, from the first redirect to the tokens
    sign_in.py device  [--user alice]              device grant (RFC 8628), code and approval both
    sign_in.py client-credentials                  as byline-ci
    sign_in.py refresh < TOKENS                    the refresh token of an earlier answer, read from stdin

and, for a program under test that runs its own flow, the person's part of it:

    sign_in.py visit URL   [--user alice]          stands in for the browser: signs in, consents, follows to 127.0.0.1
    sign_in.py approve CODE [--user alice]         approves the user code of a device grant

Options: --run RUN (default $BYLINE_TEST_OIDC_RUN), --issuer rs256|es256, --password-file FILE, --scope "openid …",
--resource URI (RFC 8707). Exit 1 with the provider's words when it refuses.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import sys
import time
import urllib.parse
import urllib.request

from provider import Provider, Refused

CLIENT = "byline"
CI_CLIENT = "byline-ci"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Person:
    """Somebody at a browser of their own, signed in."""

    def __init__(self, provider, username, password):
        self.browser = provider.anyone()
        self.browser.sign_in(username, password)

    def authorize(self, url):
        """Signs in to the client that `url` names; the redirect that carries the code (or the error) back to it."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.browser.consent(query["client_id"], query["scope"])
        # Without g_continue the provider asks "continue as alice?" first.
        return self.browser.redirect_of(url + "&g_continue")

    def approve(self, issuer, user_code, client_id, scope):
        """Types a device grant's code at the verification page."""
        self.browser.consent(client_id, scope)
        page = self.browser.redirect_of(f"{issuer}/device?code={urllib.parse.quote(user_code)}&g_continue")
        if "prompt=deviceComplete" not in page:
            raise Refused("GET", f"{issuer}/device", 302, page)


def code(provider, issuer, person, scope, resource=None):
    metadata = provider.discovery(issuer)
    port = (provider.run / "redirect-ports").read_text().split()[0]
    redirect = f"http://127.0.0.1:{port}/callback"
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    state = secrets.token_urlsafe(16)
    question = {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": redirect, "scope": scope, "state": state,
        "nonce": secrets.token_urlsafe(16), "code_challenge": challenge, "code_challenge_method": "S256"}
    question.update({"resource": resource} if resource else {})
    back = person.authorize(metadata["authorization_endpoint"] + "?" + urllib.parse.urlencode(question))
    answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    if not back.startswith(redirect) or answer.get("state") != state or "code" not in answer:
        raise Refused("GET", metadata["authorization_endpoint"], 302, back)
    return provider.post_form(metadata["token_endpoint"], {
        "grant_type": "authorization_code", "client_id": CLIENT, "code": answer["code"], "redirect_uri": redirect,
        "code_verifier": verifier})


def device(provider, issuer, person, scope, resource=None):
    metadata = provider.discovery(issuer)
    question = {"client_id": CLIENT, "scope": scope}
    question.update({"resource": resource} if resource else {})
    started = provider.post_form(metadata["device_authorization_endpoint"], question)
    person.approve(issuer, started["user_code"], CLIENT, scope)
    time.sleep(started["interval"])
    return provider.post_form(metadata["token_endpoint"], {
        "grant_type": DEVICE_GRANT, "client_id": CLIENT, "device_code": started["device_code"]})


def client_credentials(provider, issuer, scope, resource=None):
    question = {"grant_type": "client_credentials", "scope": scope}
    question.update({"resource": resource} if resource else {})
    return provider.post_form(provider.discovery(issuer)["token_endpoint"], question,
                              client=(CI_CLIENT, provider.secret(CI_CLIENT)))


def refresh(provider, issuer, tokens):
    return provider.post_form(provider.discovery(issuer)["token_endpoint"], {
        "grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": tokens["refresh_token"]})


def visit(person, url):
    """Opens an authorization URL that another program made, and delivers the redirect to that program."""
    back = person.authorize(url)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(back, timeout=10) as page:
        page.read()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["code", "device", "client-credentials", "refresh", "visit", "approve"])
    parser.add_argument("value", nargs="?", help="the URL to visit, or the user code to approve")
    parser.add_argument("--run", default=os.environ.get("BYLINE_TEST_OIDC_RUN"))
    parser.add_argument("--issuer", choices=["rs256", "es256"], default="rs256")
    parser.add_argument("--user", default="alice")
    parser.add_argument("--password-file")
    parser.add_argument("--scope")
    parser.add_argument("--resource")
    options = parser.parse_args()
    if not options.run:
        parser.error("no provider: source RUN/env first, or give --run")
    if options.what in ("visit", "approve") and not options.value:
        parser.error(f"{options.what} needs one more word, see --help")
    return options


def main():
    options = arguments()
    provider = Provider(options.run)
    issuer = provider.issuer(options.issuer)
    scope = options.scope or "openid profile email groups offline_access"

    def person():
        password = open(options.password_file).read().strip() if options.password_file else provider.secret(options.user)
        return Person(provider, options.user, password)

    if options.what == "code":
        answer = code(provider, issuer, person(), scope, options.resource)
    elif options.what == "device":
        answer = device(provider, issuer, person(), scope, options.resource)
    elif options.what == "client-credentials":
        answer = client_credentials(provider, issuer, options.scope or "groups", options.resource)
    elif options.what == "refresh":
        answer = refresh(provider, issuer, json.load(sys.stdin))
    elif options.what == "visit":
        answer = visit(person(), options.value)
    else:
        answer = person().approve(issuer, options.value, CLIENT, scope)
    if answer is not None:
        print(json.dumps(answer))


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"oidc: {refused}")
