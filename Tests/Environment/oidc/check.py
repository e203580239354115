"""check.py RUN - the facts about one running provider that check.sh proves, each by doing it."""

import ssl
import sys
import time
import urllib.error
import urllib.request

import keys
import sign_in
from configure import ISSUERS, PEOPLE, RESOURCE, SCOPES
from provider import Provider, Refused
from rotate import rotate

SCOPE = " ".join(SCOPES)


def proved(fact):
    print(f"ok  {fact}", flush=True)


def expect(condition, fact):
    if not condition:
        sys.exit(f"NOT ok  {fact}")
    proved(fact)


def expect_refusal(attempt, fact, status=None):
    try:
        attempt()
    except Refused as refused:
        expect(status is None or refused.status == status, f"{fact} ({refused.status})")
        return refused
    sys.exit(f"NOT ok  {fact}: it was accepted")


def expect_verified_tls(provider):
    try:
        urllib.request.urlopen(provider.base + "/config", context=ssl.create_default_context(), timeout=5)
    except urllib.error.URLError as error:
        expect(isinstance(error.reason, ssl.SSLCertVerificationError), "only its own CA vouches for it")
    else:
        sys.exit("NOT ok  only its own CA vouches for it")


def check_issuer(provider, name, algorithm):
    issuer = provider.issuer(name)
    metadata = provider.discovery(issuer)
    expect(metadata["issuer"] == issuer, f"{name}: discovery names {issuer}")
    key_set = provider.get_json(metadata["jwks_uri"])
    expect([key["alg"] for key in key_set["keys"]] == [algorithm], f"{name}: the key set holds one {algorithm} key")
    expect(not {"d", "p", "q"} & set(key_set["keys"][0]), f"{name}: and nothing private")

    tokens = sign_in.client_credentials(provider, issuer, "groups", RESOURCE)
    claims = keys.verify(tokens["access_token"], key_set)
    expect(claims["iss"] == issuer and claims["sub"] == sign_in.CI_CLIENT and claims["aud"] == RESOURCE,
           f"{name}: client credentials give a signed token for {claims['aud']}")

    for username, groups in PEOPLE.items():
        person = sign_in.Person(provider, username, provider.secret(username))
        tokens = sign_in.code(provider, issuer, person, SCOPE)
        claims = keys.verify(tokens["id_token"], key_set)
        expect(claims["groups"] == groups and claims["preferred_username"] == username and claims["aud"] == "byline",
               f"{name}: code + PKCE as {username}, groups {claims['groups']}")

    person = sign_in.Person(provider, "alice", provider.secret("alice"))
    tokens = sign_in.device(provider, issuer, person, SCOPE)
    expect(keys.verify(tokens["id_token"], key_set)["groups"] == PEOPLE["alice"], f"{name}: device grant as alice")
    time.sleep(1)
    renewed = sign_in.refresh(provider, issuer, tokens)
    expect(keys.verify(renewed["access_token"], key_set)["jti"] != keys.claims_of(tokens["access_token"])[1]["jti"],
           f"{name}: a refresh token gives another access token")

    forged = tokens["id_token"].rpartition(".")[0] + "." + renewed["access_token"].rpartition(".")[2]
    try:
        keys.verify(forged, key_set)
    except ValueError:
        proved(f"{name}: a token with another's signature does not verify")
    else:
        sys.exit(f"NOT ok  {name}: a forged token verified")


def check_refusals(provider):
    issuer = provider.issuer("rs256")
    expect_refusal(lambda: sign_in.Person(provider, "alice", "not-her-password"), "a wrong password is refused", 401)
    expect_refusal(lambda: sign_in.Person(provider, "admin", "password"), "so is Debian's password for admin", 401)
    token_endpoint = provider.discovery(issuer)["token_endpoint"]
    expect_refusal(lambda: provider.post_form(token_endpoint, {"grant_type": "client_credentials", "scope": "groups"},
                                              client=(sign_in.CI_CLIENT, "not-its-secret")), "a wrong client secret is refused")
    started = provider.post_form(provider.discovery(issuer)["device_authorization_endpoint"],
                                 {"client_id": sign_in.CLIENT, "scope": SCOPE})
    pending = expect_refusal(lambda: provider.post_form(token_endpoint, {
        "grant_type": sign_in.DEVICE_GRANT, "client_id": sign_in.CLIENT, "device_code": started["device_code"]}),
        "a device nobody approved gets no token", 400)
    expect("authorization_pending" in pending.body, "and is told authorization_pending")
    back = sign_in.Person(provider, "alice", provider.secret("alice")).authorize(
        provider.discovery(issuer)["authorization_endpoint"] + "?response_type=code&client_id=byline&scope=openid"
        "&state=s&redirect_uri=http%3A%2F%2F127.0.0.1%3A" + (provider.run / "redirect-ports").read_text().split()[0])
    expect("code=" not in back and "error=" in back, "the public client gets no code without PKCE")


def check_rotation(provider, name):
    issuer = provider.issuer(name)
    jwks = provider.discovery(issuer)["jwks_uri"]
    before = sign_in.client_credentials(provider, issuer, "groups")["access_token"]
    kid = rotate(provider, name, keep_earlier=True)
    after = sign_in.client_credentials(provider, issuer, "groups")["access_token"]
    expect(keys.claims_of(after)[0]["kid"] == kid, f"{name}: after a rotation the new key signs")
    key_set = provider.get_json(jwks)
    keys.verify(before, key_set)
    keys.verify(after, key_set)
    proved(f"{name}: and the key set verifies both")
    rotate(provider, name, keep_earlier=False)
    try:
        keys.verify(before, provider.get_json(jwks))
    except ValueError:
        proved(f"{name}: after an abrupt one the earlier tokens do not verify")
    else:
        sys.exit(f"NOT ok  {name}: an earlier key is still there")
    keys.verify(sign_in.client_credentials(provider, issuer, "groups")["access_token"], provider.get_json(jwks))


def main(run):
    provider = Provider(run)
    expect_verified_tls(provider)
    for name, algorithm in ISSUERS.items():
        check_issuer(provider, name, algorithm)
    check_refusals(provider)
    for name in ISSUERS:
        check_rotation(provider, name)


if __name__ == "__main__":
    main(sys.argv[1])
