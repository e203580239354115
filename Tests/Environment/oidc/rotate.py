"""rotate.py RUN ISSUER overlap|abrupt - what rotate.sh does, once it has checked its words."""

import json
import sys

import keys
from configure import ISSUERS, write_private
from provider import Provider


def rotate(provider, name, keep_earlier):
    """Returns the new key's kid. The provider's other settings stay as they are."""
    file = provider.run / "keys" / f"{name}.jwks"
    earlier = json.loads(file.read_text())["keys"] if keep_earlier else []
    key_set = {"keys": [keys.generate(ISSUERS[name]), *earlier]}
    key = {"Authorization": "token " + provider.secret("admin-api-key")}
    plugin = json.loads(provider.api("GET", f"mod/plugin/{name}", headers=key))
    plugin["parameters"]["jwks-private"] = json.dumps(key_set)
    plugin["parameters"]["default-kid"] = key_set["keys"][0]["kid"]
    provider.api("PUT", f"mod/plugin/{name}", plugin, headers=key)
    # A plugin reads its keys when it starts.
    provider.api("PUT", f"mod/plugin/{name}/reset", headers=key)
    write_private(file, json.dumps(key_set) + "\n")
    return key_set["keys"][0]["kid"]


if __name__ == "__main__":
    _, run, issuer, manner = sys.argv
    print(rotate(Provider(run), issuer, keep_earlier=manner == "overlap"))
