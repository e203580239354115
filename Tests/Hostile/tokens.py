"""Credentials that prove nothing: forged, expired, for somebody else, of the wrong kind, in the wrong place."""

import base64
import hashlib
import hmac
import json

import scene as names
import signing
from case import refused
from scene import LIST

# 401 only where a fresh credential can help; where the gateway may see it either way, both are right.
FRESH = (401,)
NEVER = (403,)
EITHER = (401, 403)
# Where a browser cannot set a header, an API server takes a bearer token as one of the protocols that are offered.
BEARER_PROTOCOL = "base64url.bearer.authorization.k8s.io"


def table(scene):
    yield from placed(scene)
    yield from timed(scene)
    yield from addressed(scene)
    yield from signed(scene)
    yield from headed(scene)
    yield from altered(scene)
    yield from mistaken(scene)


def placed(scene):
    """A good token where none is read, or not alone."""

    def one():
        return f"Authorization: Bearer {scene.alice}"

    def without(path, *headers):
        return scene.request(path, *headers, token=None)

    yield refused("no credential", without(LIST), *FRESH)
    yield refused("a token in ?token=", without(f"{LIST}?token={scene.alice}"), *FRESH)
    yield refused("a token in ?access_token=", without(f"{LIST}?access_token={scene.alice}"), *FRESH)
    yield refused("a token in a query whose name is encoded", without(f"{LIST}?%74oken={scene.alice}"), *FRESH)
    yield refused(
        "a token in a WebSocket protocol",
        without(
            LIST,
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Sec-WebSocket-Protocol: {BEARER_PROTOCOL}.{signing.encode(scene.alice.encode())}, v4.channel.k8s.io",
        ),
        *FRESH,
    )
    yield refused("a token in Proxy-Authorization", without(LIST, f"Proxy-Authorization: Bearer {scene.alice}"), *FRESH)
    yield refused("a token in a cookie", without(LIST, f"Cookie: token={scene.alice}"), *FRESH)
    yield refused("a token in an attestation", without(LIST, f"Byline-Attestation: {scene.alice}"), *EITHER)
    yield refused("Basic", without(LIST, "Authorization: Basic " + base64.b64encode(b"alice:x").decode()), *FRESH)
    yield refused("another scheme", without(LIST, f"Authorization: Token {scene.alice}"), *FRESH)
    yield refused("no scheme", without(LIST, f"Authorization: {scene.alice}"), *FRESH)
    yield refused("an empty Authorization", without(LIST, "Authorization:"), *FRESH)
    yield refused("Bearer and nothing", without(LIST, "Authorization: Bearer "), *FRESH)
    yield refused("two Authorization headers", without(LIST, one(), one()), *EITHER, 400)
    yield refused(
        "two Authorization headers, one of them Basic", without(LIST, one(), "authorization: Basic eDp5"), *EITHER, 400
    )
    yield refused("two tokens in one header", without(LIST, f"{one()}, Bearer {scene.alice}"), *EITHER)
    yield refused("something behind the token", without(LIST, f"{one()} x"), *EITHER)
    yield refused("a folded Authorization", without(LIST, f"Authorization: Bearer\r\n {scene.alice}"), 400)
    yield refused(
        "a client certificate's name in a header",
        without(LIST, "X-Client-Cert: CN=admin", "X-SSL-Client-S-DN: CN=admin"),
        *FRESH,
    )


def timed(scene):
    def dated(**changes):
        return scene.request(token=scene.rsa.token(scene.claims(**changes)))

    now = scene.claims()["iat"]
    raw = json.dumps(scene.claims(exp=4711)).encode()
    yield refused("expired an hour ago", dated(exp=now - 3600), *FRESH)
    yield refused("expired beyond the leeway", dated(exp=now - 31), *FRESH)
    yield refused("no exp", dated(exp=None), *NEVER)
    yield refused("exp as text", dated(exp=str(now + 900)), *EITHER)
    yield refused("exp as an array", dated(exp=[now + 900]), *EITHER)
    yield refused("exp true", dated(exp=True), *EITHER)
    yield refused("exp negative", dated(exp=-1), *EITHER)
    yield refused("exp that is infinite", scene.request(token=scene.rsa.token(raw.replace(b"4711", b"1e999"))), *EITHER)
    yield refused("exp NaN", scene.request(token=scene.rsa.token(raw.replace(b"4711", b"NaN"))), *EITHER)
    yield refused("nbf in the future", dated(nbf=now + 600), *NEVER)
    yield refused("nbf as text", dated(nbf="0"), *EITHER)
    yield refused("iat in the future", dated(iat=now + 600), *NEVER)
    yield refused("a session token that expired", scene.request(token=scene.session_token(exp=now - 60)), *FRESH)
    yield refused("a session token from the future", scene.request(token=scene.session_token(nbf=now + 600)), *NEVER)


def addressed(scene):
    def of(key, **changes):
        return scene.request(token=key.token(scene.claims(**changes)))

    main = scene.rsa
    yield refused("another audience", of(main, aud="elsewhere"), *NEVER)
    yield refused("no audience", of(main, aud=None), *NEVER)
    yield refused("audiences without ours", of(main, aud=["a", "b", "byline.example"]), *NEVER)
    yield refused("an audience that begins like ours", of(main, aud="byline-admin"), *NEVER)
    yield refused("an audience that is an object", of(main, aud={"byline": "byline"}), *NEVER)
    yield refused("the gateway as audience of an issuer's token", of(main, aud=scene.url), *NEVER)
    yield refused("an unknown issuer", of(main, iss="https://issuer.example"), *EITHER)
    yield refused("no issuer", of(main, iss=None), *EITHER)
    yield refused("an issuer with a slash more", of(main, iss=f"{names.ISSUER}/"), *EITHER)
    yield refused("an issuer in upper case", of(main, iss=names.ISSUER.upper()), *EITHER)
    yield refused("issuers in an array", of(main, iss=[names.ISSUER]), *EITHER)
    yield refused("another issuer's key under a key id that both have", of(scene.other), *FRESH)
    yield refused("our issuer's key for another issuer", of(main, iss=names.OTHER_ISSUER, aud="elsewhere"), *FRESH)
    yield refused("another issuer's token with this one's audience", of(scene.other, iss=names.OTHER_ISSUER), *NEVER)
    yield refused(
        "another issuer's groups are not this one's", of(scene.other, iss=names.OTHER_ISSUER, aud="elsewhere"), 403
    )
    yield refused("a party that may not", of(main, azp="another-app"), *NEVER)
    yield refused("parties in an array", of(main, azp=["byline-cli"]), *NEVER)
    yield refused("a stranger's key under a known id", of(scene.stranger), *FRESH)
    attested = scene.orchestrator.token(scene.claims(iss=names.ORCHESTRATOR))
    yield refused("the attesting key as an issuer's", scene.request(token=attested), *EITHER)


def signed(scene):
    claims = scene.claims()

    def by(header, sign, body=claims):
        return scene.request(token=signing.compact({"typ": "JWT", **header}, body, sign))

    def secret(key):
        return lambda data: hmac.digest(key, data, "sha256")

    jwk = json.dumps(scene.rsa.jwk, separators=(",", ":")).encode()
    for alg in ("none", "None", "NONE", "nOnE", ""):
        yield refused(f"alg {alg or 'empty'}", by({"alg": alg, "kid": "key-1"}, lambda _: b""), *EITHER)
    yield refused("alg none with a good signature", by({"alg": "none", "kid": "key-1"}, scene.rsa.sign), *EITHER)
    yield refused("no alg", by({"kid": "key-1"}, scene.rsa.sign), *EITHER)
    yield refused("alg null", by({"alg": None, "kid": "key-1"}, scene.rsa.sign), *EITHER)
    yield refused("algs in an array", by({"alg": ["RS256"], "kid": "key-1"}, scene.rsa.sign), *EITHER)
    yield refused(
        "HS256 with the public RSA key in PEM",
        by({"alg": "HS256", "kid": "key-1"}, secret(scene.rsa.public_pem)),
        *EITHER,
    )
    yield refused("HS256 with the public RSA key as JWK", by({"alg": "HS256", "kid": "key-1"}, secret(jwk)), *EITHER)
    yield refused("HS256 with an empty secret", by({"alg": "HS256", "kid": "key-1"}, secret(b"")), *EITHER)
    yield refused("HS256 without a key id", by({"alg": "HS256"}, secret(scene.rsa.public_pem)), *EITHER)
    yield refused("an RSA key's id with ES256", by({"alg": "ES256", "kid": "key-1"}, scene.ec.sign), *EITHER)
    yield refused("an EC key's id with RS256", by({"alg": "RS256", "kid": "key-2"}, scene.rsa.sign), *EITHER)
    yield refused("RS256 with PSS padding", by({"alg": "RS256", "kid": "key-1"}, scene.rsa.sign_pss), *EITHER)
    yield refused(
        "a key published for RS256 with PS256", by({"alg": "PS256", "kid": "key-1"}, scene.rsa.sign_pss), *EITHER
    )
    yield refused("RS384 over a SHA-256 signature", by({"alg": "RS384", "kid": "key-1"}, scene.rsa.sign), *EITHER)
    yield refused("ES256 in DER", by({"alg": "ES256", "kid": "key-2"}, scene.ec.sign_der), *EITHER)
    yield refused("ES256 with r and s zero", by({"alg": "ES256", "kid": "key-2"}, lambda _: bytes(64)), *FRESH)
    yield refused("EdDSA of zeros", by({"alg": "EdDSA", "kid": "key-3"}, lambda _: bytes(64)), *FRESH)
    yield refused(
        "EdDSA by the gateway's own key", by({"alg": "EdDSA", "kid": scene.gateway.kid}, scene.gateway.sign), *EITHER
    )


def headed(scene):
    claims, stranger = scene.claims(), scene.stranger

    def by(key, **header):
        return scene.request(token=key.token(claims, **header))

    def empty_secret(kid):
        return scene.request(
            token=signing.compact(
                {"alg": "HS256", "kid": kid}, claims, lambda data: hmac.new(b"", data, hashlib.sha256).digest()
            )
        )

    yield refused("a key id that is a path", empty_secret("../../../../../../dev/null"), *EITHER)
    yield refused("a key id that is SQL", empty_secret("x' UNION SELECT '' --"), *EITHER)
    yield refused("a key id that is a command", by(stranger, kid="key-1|/bin/true"), *EITHER)
    yield refused("a key id with NUL behind a known one", by(stranger, kid="key-1\0"), *EITHER)
    yield refused("a key id of 8 KiB", by(stranger, kid="k" * 8192), *EITHER)
    yield refused("a key id that is a number", by(stranger, kid=1), *EITHER)
    yield refused("an unknown key id", by(scene.rsa, kid="key-9"), *FRESH)
    yield refused("a stranger's key in jwk", by(stranger, jwk=stranger.jwk), *EITHER)
    yield refused("a stranger's key in jwk, without a key id", by(stranger, jwk=stranger.jwk, kid=None), *EITHER)
    yield refused("a stranger's keys at jku", by(stranger, jku="https://127.0.0.1:1/jwks"), *EITHER)
    yield refused("a stranger's certificate at x5u", by(stranger, x5u="https://127.0.0.1:1/crt"), *EITHER)
    yield refused("a stranger's certificate in x5c", by(stranger, x5c=["MIIB"]), *EITHER)
    yield refused("crit: an extension nobody knows", by(scene.rsa, crit=["hostile"], hostile=True), *NEVER)
    yield refused("crit: b64", by(scene.rsa, crit=["b64"], b64=False), *NEVER)
    yield refused("crit: empty", by(scene.rsa, crit=[]), *EITHER)


def altered(scene):
    good = scene.alice
    header, payload, signature = good.split(".")
    other = scene.token_of("bob").split(".")[2]
    other_claims = signing.part(scene.claims(sub="intruder"))

    def by(token):
        return scene.request(token=token)

    twice = json.dumps(scene.claims())[:-1] + ',"sub":"intruder"}'
    header_twice = b'{"alg":"none","kid":"key-1","alg":"RS256"}'
    flipped = ("B" if signature[10] != "B" else "C").join([signature[:10], signature[11:]])
    yield refused("claims exchanged under the signature", by(f"{header}.{other_claims}.{signature}"), *FRESH)
    yield refused("one letter of the signature changed", by(f"{header}.{payload}.{flipped}"), *FRESH)
    yield refused("another token's signature", by(f"{header}.{payload}.{other}"), *FRESH)
    yield refused("an empty signature", by(f"{header}.{payload}."), *EITHER)
    yield refused("no signature", by(f"{header}.{payload}"), *EITHER)
    yield refused("half a signature", by(f"{header}.{payload}.{signature[:170]}"), *EITHER)
    yield refused("a fourth part", by(f"{good}.{signature}"), *EITHER)
    yield refused("five parts, as an encrypted token has", by(f"{good}.{signature}.{signature}"), *EITHER)
    yield refused("three empty parts", by(".."), *EITHER)
    yield refused("a signature with padding", by(f"{good}=="), *EITHER)
    yield refused("a signature with another end of the same bytes", by(good[:-1] + chr(ord(good[-1]) + 1)), *EITHER)
    yield refused("the other alphabet of base64", by(f"{header}.{payload}.{'+/' + signature[2:]}"), *EITHER)
    yield refused("percent-encoding in the token", by(good.replace(".", "%2E")), *EITHER)
    yield refused(
        "the JSON serialisation",
        by(json.dumps({"payload": payload, "protected": header, "signature": signature}, separators=(",", ":"))),
        *EITHER,
    )
    yield refused("a claim twice", by(scene.rsa.token(twice.encode())), *EITHER)
    yield refused("alg twice", by(signing.compact(header_twice, scene.claims(), scene.rsa.sign)), *EITHER)
    yield refused(
        "something behind the claims' JSON", by(scene.rsa.token(json.dumps(scene.claims()).encode() + b"{}")), *EITHER
    )
    yield refused("claims that are no object", by(scene.rsa.token([scene.claims()])), *EITHER)
    yield refused(
        "claims nested a thousand deep",
        by(scene.rsa.token(json.dumps(scene.claims())[:-1].encode() + b',"x":' + b"[" * 1000 + b"]" * 1000 + b"}")),
        *EITHER,
    )
    yield refused("a token of 17 KiB", by(scene.rsa.token(scene.claims(padding="x" * 12800))), *EITHER, 431)
    yield refused("a byte that is no text in the token", by(good).replace(b"Bearer ", b"Bearer \xff"), *EITHER, 400)


def mistaken(scene):
    """Good tokens of a kind that opens nothing here."""
    claims = scene.claims()

    def typed(typ):
        return scene.request(token=scene.rsa.token(claims, typ=typ))

    yield refused("a refresh token", typed("refresh+jwt"), *NEVER)
    yield refused("a logout token", typed("logout+jwt"), *NEVER)
    yield refused("a DPoP proof", typed("dpop+jwt"), *NEVER)
    yield refused("an attestation's type", typed("byline-attestation+jwt"), *NEVER)
    yield refused("an issuer's token that calls itself a session token", typed("byline-session+jwt"), *EITHER)
    yield refused(
        "an issuer's token with the claims of a session token",
        scene.request(token=scene.session_token(key=scene.rsa)),
        *EITHER,
    )
    yield refused(
        "a session token that calls itself an issuer's", scene.request(token=scene.session_token(typ="JWT")), *EITHER
    )
    yield refused("the gateway's key under an issuer's name", scene.request(token=scene.gateway.token(claims)), *EITHER)
    stranger = signing.Key("EdDSA", scene.gateway.kid)
    yield refused("another gateway's session token", scene.request(token=scene.session_token(key=stranger)), *EITHER)
    yield refused(
        "a session token for another gateway",
        scene.request(token=scene.session_token(iss="https://gateway.example", aud="https://gateway.example")),
        *NEVER,
    )
    yield refused(
        "a session token of another gateway with the same key",
        scene.request(token=scene.session_token(iss="https://gateway.example")),
        *EITHER,
    )
    bound = {"x5t#S256": "A" * 43}
    yield refused(
        "a session token for who shows a certificate", scene.request(token=scene.session_token(cnf=bound)), *NEVER
    )
    yield refused("a session token without a session", scene.request(token=scene.session_token(sid=None)), *NEVER)
    yield refused("a session token without a user", scene.request(token=scene.session_token(sub=None)), *NEVER)
    yield refused("an attestation as a token", scene.request(token=scene.attestation()), *EITHER)
