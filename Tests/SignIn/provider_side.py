"""The provider's side of the checks: what it has given out, by its own database, and the person at its pages."""

import os
import pathlib
import re
import sqlite3
import subprocess

import person  # noqa: F401  it makes the provider's modules importable
import sign_in
from provider import Provider

RUN = pathlib.Path(os.environ["BYLINE_TEST_OIDC_RUN"])
OIDC = pathlib.Path(__file__).resolve().parent.parent / "Environment" / "oidc"


def given():
    """How many access tokens the provider has given out since it was made."""
    with sqlite3.connect(f"file:{RUN}/glewlwyd.db?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM gpo_access_token").fetchone()[0]


def refresh_tokens():
    """How many refresh tokens are good."""
    with sqlite3.connect(f"file:{RUN}/glewlwyd.db?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM gpo_refresh_token WHERE gpor_enabled = 1").fetchone()[0]


def somebody(name="alice"):
    provider = Provider(RUN)
    return sign_in.Person(provider, name, provider.secret(name))


def visit(said):
    """Opens the page that byline names, signs in, consents, and goes where the provider sends the browser."""
    sign_in.visit(somebody(), re.search(r"^  (https://\S+)$", said, re.M)[1])


def approve(said):
    """Types the code that byline names at the provider's page."""
    scope = "openid profile email groups offline_access"
    somebody().approve(Provider(RUN).issuer("rs256"), re.search(r"^code  (\S+)$", said, re.M)[1], "byline", scope)


def stop():
    subprocess.run([OIDC / "down.sh"], env={**os.environ, "RUN": str(RUN), "KEEP": "1"}, check=True,
                   capture_output=True)


def start():
    subprocess.run([OIDC / "up.sh"], env={**os.environ, "RUN": str(RUN)}, check=True, capture_output=True)
