"""Who is there: issuers with their keys, callers with their tokens, the gateway; and how a good request looks."""

import base64
import hashlib
import itertools
import json
import time

from signing import Key

ISSUER = "https://issuer.hostile.test"
# Trusted as well, for another audience, with a key of the same name: for confusions between the two.
OTHER_ISSUER = "https://other.hostile.test"
# Its user names are e-mail addresses, which must be verified.
ACCOUNTS = "https://accounts.hostile.test"
ORCHESTRATOR = "https://orchestrator.hostile.test"

NAMESPACE = "/clusters/test/api/v1/namespaces/hostile-nnnn"
LIST = f"{NAMESPACE}/configmaps"
# A namespace that exists, where what comes through can succeed.
THERE = LIST.replace("hostile-nnnn", "hostile-there")
ALICE = object()


class Scene:
    def __init__(self):
        self.url = None
        self._numbers = itertools.count(1)
        self.rsa, self.ec, self.ed = Key("RS256", "key-1"), Key("ES256", "key-2"), Key("EdDSA", "key-3")
        self.pss = Key("PS256", "key-4")
        self.other = Key("RS256", "key-1")
        self.accounts = Key("RS256", "accounts")
        self.orchestrator = Key("EdDSA", "orchestrator")
        # Nobody trusts it, whatever it calls itself.
        self.stranger = Key("RS256", "key-1")
        self.gateway = Key("EdDSA", "")
        self.gateway.kid = self._thumbprint(self.gateway.jwk)

    @staticmethod
    def _thumbprint(jwk):
        """RFC 7638: what the gateway calls its own key."""
        members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
        return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()

    @property
    def host(self):
        return self.url.removeprefix("https://")

    # --- tokens

    def claims(self, **changes):
        """Alice's, changed; a claim that is None is left away. No two are the same, nor their tokens."""
        now = int(time.time())
        claims = dict(
            iss=ISSUER,
            aud="byline",
            sub="alice",
            groups=["readers"],
            iat=now,
            exp=now + 900,
            jti=f"t-{next(self._numbers)}",
        )
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def session_claims(self, **changes):
        return self.claims(**(dict(iss=self.url, aud=self.url, idp=ISSUER, sid="s-hostile") | changes))

    def session_token(self, key=None, typ="byline-session+jwt", **changes):
        return (key or self.gateway).token(self.session_claims(**changes), typ=typ)

    def attestation(self, key=None, **changes):
        now = int(time.time())
        claims = {
            "iss": ORCHESTRATOR,
            "aud": self.url,
            "iat": now,
            "exp": now + 300,
            "sub": "alice",
            "prompt.id": "prompt-1",
            "gen_ai.request.model": "claude-hostile",
        } | changes
        return (key or self.orchestrator).token({name: value for name, value in claims.items() if value is not None})

    def token_of(self, user, *groups):
        return self.rsa.token(self.claims(sub=user, groups=list(groups)))

    @property
    def alice(self):
        return self.rsa.token(self.claims())

    @property
    def walter(self):
        """May create config maps."""
        return self.token_of("walter", "writers")

    # --- requests

    def request(self, path=LIST, *headers, method="GET", token=ALICE, body=b"", version="HTTP/1.1"):
        """The bytes of a request: these header lines as they stand, behind the usual ones."""
        lines = [f"{method} {path} {version}", f"Host: {self.host}", "User-Agent: hostile-nnnn"]
        if token is not None:
            lines.append(f"Authorization: Bearer {self.alice if token is ALICE else token}")
        lines += headers
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def create(self, *headers, body):
        """Walter creates a config map; the body is given as it stands, with headers of its own that frame it."""
        return self.request(THERE, "Content-Type: application/json", *headers, method="POST", token=self.walter) + body

    def form(self, body, *headers, path="/byline/v1/token?case=hostile-nnnn"):
        return self.request(
            path,
            "Content-Type: application/x-www-form-urlencoded",
            *headers,
            method="POST",
            token=None,
            body=body if isinstance(body, bytes) else body.encode(),
        )
