"""Reads a cluster's API over plain HTTP, through kubectl's own proxy: as it comes, with the headers that are asked for."""

import http.client
import json
import re
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request


class Reader:
    """A `kubectl proxy` with somebody's kubeconfig."""

    def __init__(self, kubeconfig):
        self.process = subprocess.Popen(
            ["kubectl", "--kubeconfig", kubeconfig, "proxy", "--port=0", "--append-server-path"], stdout=subprocess.PIPE, text=True)
        self.base = "http://" + re.search(r"127\.0\.0\.1:\d+", self.process.stdout.readline()).group()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def get(self, path, **headers):
        """An answer's status, content type and body."""
        request = urllib.request.Request(
            self.base + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Content-Type", ""), error.read()

    def json(self, path):
        return json.loads(self.get(path)[2])


class Plain:
    """Asks the gateway itself, by the one context of a kubeconfig: no client between that would mend a header."""

    def __init__(self, kubeconfig):
        done = subprocess.run(
            ["kubectl", "--kubeconfig", kubeconfig, "config", "view", "--raw", "-o", "json"], capture_output=True, check=True)
        config = json.loads(done.stdout)
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self._server = urllib.parse.urlsplit(cluster["server"])
        self._context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        with open(user["tokenFile"], encoding="ascii") as token:
            self._token = token.read()

    def ask(self, method, path, body=None, **headers):
        """An answer's status and all that came of it."""
        connection = http.client.HTTPSConnection(self._server.netloc, context=self._context, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(
                method, self._server.path + path, body, {"Authorization": "Bearer " + self._token, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def resources(reader):
    """The paths of every list that the API serves."""
    groups = ["/api/v1"] + ["/apis/" + version["groupVersion"] for group in reader.json("/apis")["groups"]
                            for version in group["versions"]]
    for group in groups:
        for resource in reader.json(group)["resources"]:
            if "list" in resource["verbs"]:
                yield "%s/%s" % (group, resource["name"]), resource


def objects(path, resource, body):
    """The paths of a list's first objects."""
    if "get" not in resource["verbs"]:
        return
    group, name = path.rsplit("/", 1)
    for item in (json.loads(body).get("items") or [])[:3]:
        metadata = item["metadata"]
        where = "namespaces/%s/" % metadata["namespace"] if resource["namespaced"] else ""
        yield "%s/%s%s/%s" % (group, where, name, metadata["name"])


STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
MASK = rb"byline:masked:hmac-sha256:[0-9a-f]{32}"
ENCODED = rb"YnlsaW5lOm1hc2tlZDpobWFjLXNoYTI1Nj[A-Za-z0-9+/=]{46}"


def is_masked_form(given, came):
    """Whether two bodies differ in masked values only, byte for byte."""
    if given == came:
        return True
    one, other = STRING.split(given), STRING.split(came)
    if one != other:
        return False
    for before, after in zip(STRING.findall(given), STRING.findall(came)):
        if before == after:
            continue
        parts = re.split(MASK + rb"|" + ENCODED, after)
        if len(parts) == 1 or not re.fullmatch(rb"[\s\S]+?".join(re.escape(part) for part in parts), before):
            return False
    return True


def differences(direct, gateway):
    """Reads every resource, list and get, from both; gives how many answers were read, how many of them held masks, and the
    paths of those that differ in anything else."""
    read, masked, wrong = 0, 0, []
    for path, resource in resources(direct):
        for one in [path, *objects(path, resource, direct.get(path)[2])]:
            # What changed meanwhile, or comes in another order each time, is read again.
            for _ in range(8):
                given, came = direct.get(one), gateway.get(one)
                is_right = given[:2] == came[:2] and is_masked_form(given[2], came[2])
                if is_right:
                    break
            read += 1
            masked += is_right and given[2] != came[2]
            if not is_right:
                wrong.append(one)
    return read, masked, wrong
