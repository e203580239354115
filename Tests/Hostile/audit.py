"""What the API server wrote down of the gateway's requests."""

import json

# The user as whom the gateway itself is known to the cluster (Tests/Environment/cluster/lib/certificates.sh).
GATEWAY = "gateway"
# The parts of an entry in which the caller may say what they like.
CALLERS_WORDS = ("requestURI", "requestObject", "responseObject", "responseStatus")


class AuditLog:
    """The entries since it was made."""

    def __init__(self, path):
        self._path = path
        with open(path, "rb") as file:
            file.seek(0, 2)
            self._start = file.tell()

    def gateways_entries(self):
        """What the gateway asked for somebody, each request once; not its own probes, for nobody."""
        with open(self._path, "rb") as file:
            file.seek(self._start)
            entries = [json.loads(line) for line in file if line.endswith(b"\n")]
        # What lasts has an entry when it starts and one when it ends.
        requests = {entry["auditID"]: entry for entry in entries if is_gateways(entry) and not is_probe(entry)}
        return list(requests.values())


def is_gateways(entry):
    return entry["user"].get("username") == GATEWAY


def is_probe(entry):
    return "impersonatedUser" not in entry and entry["requestURI"] in ("/version", "/readyz", "/livez")


def brief(entry):
    """An entry in a line."""
    person = entry.get("impersonatedUser", {})
    asked = f"{entry['verb']} {entry['requestURI'][:150]} as {person.get('username')} {person.get('groups')}"
    return f"{asked} from {entry.get('sourceIPs')}: {entry['responseStatus']['code']}"


def marker(entry):
    """The marker that the request carried, in its path or in its User-Agent; None for one without."""
    for text in (entry.get("userAgent", ""), entry["requestURI"]):
        _, found, rest = text.partition("hostile-")
        if found and rest[:4].isdigit():
            return f"hostile-{rest[:4]}"
    return None
