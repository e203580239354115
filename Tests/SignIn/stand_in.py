"""An OpenID Connect issuer made to misbehave: what no real provider does on demand.

Left alone it behaves: it has discovery, keys, the device, code and refresh grants, and revocation. Its refresh tokens are good
once; each use gives a new one. `misbehave(path)` gives a with-block in which something else answers at a path.
"""

import base64
import contextlib
import http.server
import json
import os
import pathlib
import secrets
import ssl
import subprocess
import threading
import time
import urllib.parse

ENVIRONMENT = pathlib.Path(__file__).resolve().parent.parent / "Environment"
CLIENT = os.environ["BYLINE_TEST_OIDC_CLIENT_ID"]


class Issuer:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o700)
        subprocess.run([ENVIRONMENT / "oidc" / "certificates.sh", self.folder], check=True, capture_output=True)
        self.key = self.folder / "signing.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                issuer.answer(self, {})

            def do_POST(self):
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                issuer.answer(self, dict(urllib.parse.parse_qsl(text)))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.crt", self.folder / "server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        self.authority = self.folder / "ca.crt"
        self.paths = {
            "/.well-known/openid-configuration": self.discovery, "/keys": self.keys, "/token": self.token,
            "/device": self.device, "/revoke": lambda handler, form: reply(handler, 200, {}),
        }
        self.given = []
        self.refresh = None
        self.nonce = None
        # What the person at the issuer's page does before the tokens are given: an OAuth error each time, then none.
        self.pending = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()

    def answer(self, handler, form):
        self.paths[handler.path](handler, form)

    @contextlib.contextmanager
    def misbehave(self, path, answer):
        kept, self.paths[path] = self.paths[path], answer
        try:
            yield
        finally:
            self.paths[path] = kept

    # --- how it behaves

    def discovery(self, handler, form, **other):
        reply(handler, 200, {
            "issuer": self.url, "jwks_uri": self.url + "/keys", "token_endpoint": self.url + "/token",
            "authorization_endpoint": self.url + "/authorize", "device_authorization_endpoint": self.url + "/device",
            "revocation_endpoint": self.url + "/revoke", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"], **other})

    def keys(self, handler, form):
        told = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True, capture_output=True)
        modulus = bytes.fromhex(told.stdout.decode().strip().partition("=")[2])
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "one", "n": encode(modulus), "e": "AQAB"}
        reply(handler, 200, {"keys": [key]})

    def device(self, handler, form):
        self.nonce = None
        reply(handler, 200, {"device_code": "d", "user_code": "TEST-CODE", "verification_uri": self.url + "/page",
                             "expires_in": 60, "interval": 1})

    def token(self, handler, form):
        if self.pending:
            error = self.pending.pop(0)
            return reply(handler, 400, {"error": error} if isinstance(error, str) else error)
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh:
            return reply(handler, 400, {"error": "invalid_grant"})
        return reply(handler, 200, self.tokens())

    def tokens(self, **claims):
        """What a grant gives; the old refresh token is worth nothing from here on."""
        self.refresh = "refresh-" + secrets.token_hex(8)
        now = int(time.time())
        held = {"iss": self.url, "sub": "carol", "aud": CLIENT, "iat": now, "exp": now + 3600, "groups": ["developers"],
                "jti": secrets.token_hex(8), **({"nonce": self.nonce} if self.nonce else {}), **claims}
        token = self.signed(held)
        self.given.append(token)
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 3600, "id_token": token,
                "refresh_token": self.refresh}

    def signed(self, claims):
        text = ".".join(encode(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT", "kid": "one"}, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), check=True,
                                   capture_output=True).stdout
        return f"{text}.{encode(signature)}"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def reply(handler, status, body, **headers):
    """Answers with JSON, or with text as it is."""
    body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
