#!/usr/bin/env python3
"""browser.py URL - the person's browser: chromium, without a window, at the provider's own pages.

The person is bob, who grants nothing elsewhere. What he does stands in BROWSER_DEEDS, words in a row: `mistype` the password,
`sign-in`, `grant` or `approve` what is asked for, `deny` it. The last page's text goes into BROWSER_SEEN. Byline starts this program as it starts any browser.
"""

import base64
import hashlib
import os
import pathlib
import ssl
import subprocess
import sys
import urllib.parse

from playwright.sync_api import sync_playwright

RUN = pathlib.Path(os.environ["BYLINE_TEST_OIDC_RUN"])
CHROMIUM = os.environ["BYLINE_TEST_CHROMIUM"]


def trusted_key(url):
    """The hash of the server's key: the one certificate that the browser takes without knowing its authority."""
    address = urllib.parse.urlsplit(url)
    certificate = ssl.get_server_certificate((address.hostname, address.port))
    text = subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=certificate, check=True,
                          capture_output=True, text=True).stdout
    key = base64.b64decode("".join(text.splitlines()[1:-1]))
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


class Person:
    def __init__(self, page, question):
        self.page, self.question = page, question

    def mistype(self):
        self.type("not-the-password")
        self.page.get_by_text("Authentication error").first.wait_for()

    def sign_in(self):
        self.type((RUN / "secrets" / "bob").read_text().strip())
        self.page.get_by_text("Hello Bob").wait_for()

    def type(self, password):
        self.page.fill("#username", "bob")
        self.page.fill("#password", password)
        self.page.click("#loginbut")

    def grant(self):
        self.page.get_by_role("button", name="Grant access").click()
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url("http://127.0.0.1:*/**")

    def approve(self):
        """The page of `byline-gateway dev`: no password, but the person's word."""
        self.page.get_by_role("button", name="Approve").click()
        self.page.wait_for_load_state()

    def deny(self):
        """The provider's page has no button for it: sent back as a provider sends (RFC 6749 §4.1.2.1)."""
        fields = {"error": "access_denied", "state": self.question["state"]}
        self.page.goto(f"{self.question['redirect_uri']}?{urllib.parse.urlencode(fields)}")


def main(url):
    question = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    arguments = [f"--ignore-certificate-errors-spki-list={trusted_key(url)}"]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")  # chromium has none for root
    seen = ""
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments).new_page()
        try:
            page.goto(url)
            person = Person(page, question)
            for deed in os.environ["BROWSER_DEEDS"].split():
                getattr(person, deed.replace("-", "_"))()
        except Exception as fault:
            seen = f"{fault}\n"
        pathlib.Path(os.environ["BROWSER_SEEN"]).write_text(seen + page.inner_text("body"))


if __name__ == "__main__":
    main(sys.argv[1])
