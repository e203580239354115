#!/usr/bin/env python3
"""allow_redirect.py URI - registers one more redirect URI of the public client, in the provider of $BYLINE_TEST_OIDC_RUN.

glewlwyd compares redirect URIs as a whole, so a test whose program listens on a port of its own choice registers it here.
"""

import json
import os
import sys

from provider import Provider


def main(uri):
    provider = Provider(os.environ["BYLINE_TEST_OIDC_RUN"])
    key = {"Authorization": "token " + provider.secret("admin-api-key")}
    client = json.loads(provider.api("GET", "client/byline", headers=key))
    if uri not in client["redirect_uri"]:
        client["redirect_uri"].append(uri)
        provider.api("PUT", "client/byline", client, headers=key)


if __name__ == "__main__":
    if len(sys.argv) != 2 or "BYLINE_TEST_OIDC_RUN" not in os.environ:
        sys.exit("usage: allow_redirect.py URI, after sourcing RUN/env")
    main(sys.argv[1])
