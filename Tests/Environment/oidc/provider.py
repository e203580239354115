"""Talks to the provider of one run folder over verified TLS: discovery, its own API, and sign-ins without a browser.

Secrets are read from files and sent in bodies or headers; none is ever in a command line, a URL or an error message.
"""

import base64
import http.cookiejar
import json
import pathlib
import ssl
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """The provider's answer was not a success. Holds the status and the body's text, which say why."""

    def __init__(self, method, url, status, body):
        super().__init__(f"{method} {url.split('?')[0]}: {status} {body}")
        self.status = status
        self.body = body


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Redirects are what the flows are about: they are read, never followed."""

    def redirect_request(self, request, file, code, message, headers, url):
        return None


class Provider:
    """One HTTP client with its own cookies: one "browser". `anyone()` gives a fresh one."""

    def __init__(self, run):
        self.run = pathlib.Path(run)
        self.base = "https://127.0.0.1:" + (self.run / "port").read_text().strip()
        context = ssl.create_default_context(cafile=str(self.run / "ca.crt"))
        self._opener = urllib.request.build_opener(
            # No proxy of the environment stands between a test and loopback.
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            _StayHere(),
        )

    def anyone(self):
        return Provider(self.run)

    def issuer(self, name):
        """`rs256` or `es256`, the names of the provider's two OpenID Connect plugins."""
        return f"{self.base}/api/{name}"

    def secret(self, name):
        return (self.run / "secrets" / name).read_text().strip()

    # Requests

    def send(self, method, url, data=None, headers=None):
        """The answer's (status, headers, text); 2xx and 3xx only, anything else raises `Refused`."""
        request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
        try:
            with self._opener.open(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
            if 300 <= error.code < 400:
                return error.code, error.headers, body
            raise Refused(method, url, error.code, body) from None

    def get_json(self, url, headers=None):
        return json.loads(self.send("GET", url, headers=headers)[2])

    def api(self, method, path, document=None, headers=None):
        """Calls the provider's own API with a JSON body."""
        data = None if document is None else json.dumps(document).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        return self.send(method, f"{self.base}/api/{path}", data, headers)[2]

    def post_form(self, url, fields, client=None):
        """`client`: (id, secret) of a confidential client, sent as HTTP Basic (RFC 6749, 2.3.1)."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if client:
            pair = ":".join(urllib.parse.quote(part, safe="") for part in client)
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return json.loads(self.send("POST", url, urllib.parse.urlencode(fields).encode(), headers)[2])

    # What a browser would do

    def sign_in(self, username, password):
        self.api("POST", "auth", {"username": username, "password": password})

    def consent(self, client_id, scope):
        """Grants a client the scopes for the person who is signed in, as the consent page's button does."""
        self.api("PUT", f"auth/grant/{client_id}", {"scope": scope})

    def redirect_of(self, url):
        """Where the provider sends a browser that opens `url`."""
        status, headers, body = self.send("GET", url)
        if not 300 <= status < 400:
            raise Refused("GET", url, status, body or "no redirect")
        return headers["Location"]

    def discovery(self, issuer):
        return self.get_json(issuer + "/.well-known/openid-configuration")
