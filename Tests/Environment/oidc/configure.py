#!/usr/bin/env python3
"""configure.py RUN PORT... - turns a fresh glewlwyd into the provider that the tests expect, through its admin API.

Two issuers that differ in the signature only, two people, two clients:

    issuer  .../api/rs256, .../api/es256
    alice   groups: developers; "ops, night" (one group, with a comma in its name)
    bob     groups: auditors
    byline      public client; code + PKCE with a redirect to 127.0.0.1 on one of the PORTs, device grant, refresh
    byline-ci   confidential client; client credentials

What came out is written to RUN/env. Everything in RUN/secrets is random for this run.
"""

import json
import os
import pathlib
import secrets
import shlex
import sys

import keys
from provider import Provider

ISSUERS = {"rs256": "RS256", "es256": "ES256"}
PEOPLE = {"alice": ["developers", "ops, night"], "bob": ["auditors"]}
SCOPES = ["openid", "profile", "email", "groups", "offline_access"]
# The `resource` (RFC 8707) that a client may ask an access token to be for.
RESOURCE = "https://byline.test/"


def new_secret(run, name):
    value = secrets.token_urlsafe(24)
    write_private(run / "secrets" / name, value + "\n")
    return value


def write_private(path, text):
    """Whole or not at all, and readable for this account only."""
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def take_over(provider):
    """Replaces the password that Debian's schema gives the administrator, and makes an API key for later calls."""
    provider.sign_in("admin", "password")
    password = new_secret(provider.run, "admin")
    provider.api("PUT", "profile/password", {"old_password": "password", "password": password})
    provider.sign_in("admin", password)
    key = json.loads(provider.api("POST", "key/"))["key"]
    write_private(provider.run / "secrets" / "admin-api-key", key + "\n")


def allow_property(provider, module, name):
    """Lets the user or client database hold a property of several values; a group's name is one value, commas and all."""
    instance = json.loads(provider.api("GET", f"mod/{module}/database"))
    instance["parameters"]["data-format"][name] = {
        "multiple": True, "read": True, "write": True, "profile-read": True, "profile-write": False}
    provider.api("PUT", f"mod/{module}/database", instance)
    provider.api("PUT", f"mod/{module}/database/reset")


def issuer_parameters(issuer, algorithm, key_set):
    """The settings of one OpenID Connect plugin."""
    return {
        "iss": issuer,
        "jwt-type": "rsa" if algorithm.startswith("RS") else "ecdsa",
        "jwt-key-size": "256",
        "jwks-private": json.dumps(key_set),
        "default-kid": key_set["keys"][0]["kid"],
        "jwks-show": True,
        "subject-type": "public",
        "allowed-scope": SCOPES,
        # Short codes and long tokens: a slow test machine must not expire what a test holds.
        "code-duration": 120,
        "access-token-duration": 3600,
        "refresh-token-duration": 86400,
        "refresh-token-rolling": True,
        "refresh-token-one-use": "never",
        "auth-type-code-enabled": True,
        "auth-type-code-revoke-replayed": True,
        "auth-type-token-enabled": False,
        "auth-type-password-enabled": False,
        "auth-type-client-enabled": True,
        "auth-type-device-enabled": True,
        "auth-type-refresh-enabled": True,
        # Client credentials are OAuth 2, not OpenID Connect.
        "allow-non-oidc": True,
        "pkce-allowed": True,
        "pkce-method-plain-allowed": False,
        "pkce-required-public-client": True,
        "device-authorization-expiration": 300,
        "device-authorization-interval": 1,
        "introspection-revocation-allowed": True,
        "introspection-revocation-allow-target-client": True,
        "resource-allowed": True,
        "resource-client-property": "resource",
        "request-parameter-allow": False,
        "name-claim": "mandatory",
        "email-claim": "mandatory",
        "scope-claim": "no",
        # In an id_token an array of strings.
        "claims": [
            {"name": "groups", "user-property": "groups", "type": "string", "mandatory": True, "on-demand": False,
             "scope": []},
            {"name": "preferred_username", "user-property": "username", "type": "string", "mandatory": True,
             "on-demand": False, "scope": []},
        ],
        # In an access token glewlwyd joins the values with commas into one string, so "developers,ops, night" cannot
        # be taken apart again. Real providers do such things; a gateway must read it as one name or not at all.
        "additional-parameters": [
            {"user-parameter": "groups", "token-parameter": "groups"},
            {"user-parameter": "username", "token-parameter": "username"},
        ],
    }


def add_issuer(provider, name, algorithm):
    key_set = {"keys": [keys.generate(algorithm)]}
    write_private(provider.run / "keys" / f"{name}.jwks", json.dumps(key_set) + "\n")
    provider.api("POST", "mod/plugin/", {
        "module": "oidc", "name": name, "display_name": f"OpenID Connect, {algorithm}", "enabled": True,
        "parameters": issuer_parameters(provider.issuer(name), algorithm, key_set)})


def add_scope(provider, name):
    if name != "openid":  # Debian's schema has this one
        provider.api("POST", "scope/", {"name": name, "display_name": name, "description": name,
                                        "password_required": False, "scheme": {}})


def add_person(provider, name, groups):
    provider.api("POST", "user/", {
        "username": name, "password": new_secret(provider.run, name), "name": name.capitalize(),
        "email": f"{name}@example.com", "enabled": True, "groups": groups, "scope": [*SCOPES, "g_profile"]})


def add_clients(provider, ports):
    # glewlwyd compares redirect URIs as a whole: no free choice of the port (RFC 8252, 7.3), so some are registered.
    # A test that needs another one calls allow_redirect.py.
    provider.api("POST", "client/", {
        "client_id": "byline", "name": "byline", "confidential": False, "enabled": True, "scope": [],
        "authorization_type": ["code", "device_authorization", "refresh_token"], "resource": [RESOURCE],
        "token_endpoint_auth_method": ["none"],
        "redirect_uri": [f"http://127.0.0.1:{port}{path}" for port in ports for path in ("", "/", "/callback")]})
    provider.api("POST", "client/", {
        "client_id": "byline-ci", "name": "byline-ci", "confidential": True, "enabled": True,
        "client_secret": new_secret(provider.run, "byline-ci"), "scope": ["openid", "groups"],
        "authorization_type": ["client_credentials"], "resource": [RESOURCE],
        "token_endpoint_auth_method": ["client_secret_basic", "client_secret_post"], "redirect_uri": []})


def write_environment(provider, ports):
    run = provider.run
    values = {
        "BYLINE_TEST_OIDC_RUN": run,
        "BYLINE_TEST_OIDC_CA": run / "ca.crt",
        "BYLINE_TEST_OIDC_ISSUER_RS256": provider.issuer("rs256"),
        "BYLINE_TEST_OIDC_ISSUER_ES256": provider.issuer("es256"),
        "BYLINE_TEST_OIDC_CLIENT_ID": "byline",
        "BYLINE_TEST_OIDC_REDIRECT_PORTS": " ".join(ports),
        "BYLINE_TEST_OIDC_RESOURCE": RESOURCE,
        "BYLINE_TEST_OIDC_CI_CLIENT_ID": "byline-ci",
        "BYLINE_TEST_OIDC_CI_SECRET_FILE": run / "secrets" / "byline-ci",
        "BYLINE_TEST_OIDC_ALICE_PASSWORD_FILE": run / "secrets" / "alice",
        "BYLINE_TEST_OIDC_BOB_PASSWORD_FILE": run / "secrets" / "bob",
    }
    write_private(run / "redirect-ports", " ".join(ports) + "\n")
    write_private(run / "env", "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in values.items()))


def main(run, *ports):
    provider = Provider(pathlib.Path(run))
    take_over(provider)
    allow_property(provider, "user", "groups")
    for scope in SCOPES:
        add_scope(provider, scope)
    for name, algorithm in ISSUERS.items():
        add_issuer(provider, name, algorithm)
    for name, groups in PEOPLE.items():
        add_person(provider, name, groups)
    add_clients(provider, ports)
    # Last: the file says that all of the above is there.
    write_environment(provider, ports)


if __name__ == "__main__":
    main(*sys.argv[1:])
