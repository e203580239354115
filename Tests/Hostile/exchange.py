"""Abuses of the token exchange at POST /byline/v1/token. Refusals there are RFC 6749's, not Kubernetes'."""

import time
import urllib.parse

from case import refused

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"


def table(scene):
    now = int(time.time())

    def exchanging(also=(), **changes):
        fields = dict(grant_type=GRANT, subject_token=scene.alice, subject_token_type=ID_TOKEN) | changes
        pairs = [(name, value) for name, value in fields.items() if value is not None] + list(also)
        return scene.form(urllib.parse.urlencode(pairs))

    def subject(what, token):
        return refused(f"exchanging {what}", exchanging(subject_token=token), 400, 401, body="OAuth")

    yield subject("an expired token", scene.rsa.token(scene.claims(exp=now - 60)))
    yield subject("a stranger's token", scene.stranger.token(scene.claims()))
    yield subject("an unsigned token", scene.alice.rsplit(".", 1)[0] + ".")
    yield subject("a token for another audience", scene.rsa.token(scene.claims(aud="elsewhere")))
    yield subject("an expired session token", scene.session_token(exp=now - 60))
    yield subject("another gateway's session token", scene.session_token(key=scene.stranger))
    yield subject("an attestation", scene.attestation())
    yield subject("a refresh token", scene.rsa.token(scene.claims(), typ="refresh+jwt"))
    yield subject("a user of Kubernetes", scene.token_of("system:admin"))
    yield subject("a group of Kubernetes", scene.token_of("alice", " system:masters"))
    yield subject("no token", "")
    for what, request in {
        "no subject": exchanging(subject_token=None),
        "no type of the subject": exchanging(subject_token_type=None),
        "a SAML subject": exchanging(subject_token_type="urn:ietf:params:oauth:token-type:saml2"),
        "a refresh token as subject": exchanging(subject_token_type="urn:ietf:params:oauth:token-type:refresh_token"),
        "a refresh token as answer": exchanging(requested_token_type="urn:ietf:params:oauth:token-type:refresh_token"),
        "no grant": exchanging(grant_type=None),
        "a password grant": exchanging(grant_type="password", username="alice", password="x"),
        "client credentials": exchanging(grant_type="client_credentials"),
        "another gateway as audience": exchanging(audience="https://gateway.example"),
        "another resource": exchanging(resource="https://gateway.example/clusters/test"),
        "two subjects": exchanging(also=[("subject_token", scene.token_of("bob"))]),
        "two grants": exchanging(also=[("grant_type", "password")]),
        "two audiences": exchanging(audience=scene.url, also=[("audience", "https://gateway.example")]),
        "a prompt with CR LF": exchanging(**{"prompt.id": "p\r\nImpersonate-User: intruder"}),
        "a prompt of 2 KiB": exchanging(**{"prompt.id": "p" * 2048}),
        "a forged attestation": exchanging(byline_attestation=scene.attestation(key=scene.ed)),
        "an expired attestation": exchanging(byline_attestation=scene.attestation(exp=now - 60)),
        "an attestation for somebody else": exchanging(byline_attestation=scene.attestation(sub="bob")),
        "an attestation that the form contradicts": exchanging(
            byline_attestation=scene.attestation(), **{"prompt.id": "another"}
        ),
        "a form that is no text": scene.form(b"grant_type=%ff&subject_token=%zz"),
        "nothing": scene.form(b""),
        "JSON": scene.request(
            "/byline/v1/token?case=hostile-nnnn",
            "Content-Type: application/json",
            method="POST",
            token=None,
            body=b'{"grant_type":"x"}',
        ),
    }.items():
        yield refused(f"an exchange with {what}", request, 400, 401, body="OAuth")

    def query():
        fields = dict(grant_type=GRANT, subject_token=scene.alice, subject_token_type=ID_TOKEN)
        return f"/byline/v1/token?{urllib.parse.urlencode(fields)}"

    yield refused("an exchange by GET", scene.request(query(), token=None), 400, 401, 405)
    yield refused("an exchange with its fields in the query", scene.form(b"", path=query()), 400, 401, body="OAuth")
    yield refused("an exchange by PUT", scene.request("/byline/v1/token", method="PUT", body=b"x"), 400, 401, 403, 405)
