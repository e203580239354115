"""The API server without the gateway between: for planting, and to know what there is."""

import base64
import http.client
import json
import os
import pathlib
import re
import ssl
import subprocess
import tempfile
import threading
import time

import plants

KUBECTL = pathlib.Path(os.environ.get("BYLINE_CACHE", "")) / "tools" / "bin" / "kubectl"


class Cluster:
    """Asks with the administrator's own certificate."""

    def __init__(self, kubeconfig):
        self.kubeconfig = kubeconfig
        text = pathlib.Path(kubeconfig).read_text()
        self._host = re.search(r"server: https://(\S+)", text).group(1)
        fields = {name: base64.b64decode(re.search(name + r": (\S+)", text).group(1)) for name in (
            "certificate-authority-data", "client-certificate-data", "client-key-data")}
        self._context = ssl.create_default_context(cadata=fields["certificate-authority-data"].decode())
        with tempfile.NamedTemporaryFile() as file:
            file.write(fields["client-certificate-data"] + b"\n" + fields["client-key-data"])
            file.flush()
            self._context.load_cert_chain(file.name)
        self._local = threading.local()

    def ask(self, path, method="GET", body=None, kind="application/json"):
        """An answer's status and body."""
        for attempt in range(2):
            if not hasattr(self._local, "connection"):
                self._local.connection = http.client.HTTPSConnection(self._host, context=self._context, timeout=30)
            try:
                self._local.connection.request(method, path, body, {"Content-Type": kind} if body else {})
                answer = self._local.connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                del self._local.connection
                if attempt:
                    raise
        return 0, b""

    def json(self, path):
        return json.loads(self.ask(path)[1])

    def kubectl(self, *arguments, given=None):
        done = subprocess.run([KUBECTL, "--kubeconfig", self.kubeconfig, *arguments], input=given, capture_output=True, check=False)
        if done.returncode != 0:
            raise SystemExit("adversary: kubectl %s: %s" % (" ".join(arguments), done.stderr.decode()))
        return done.stdout

    # --- planting

    def plant(self, planted):
        """Makes every object anew."""
        self.remove()
        self.kubectl("create", "namespace", plants.NAMESPACE)
        self.kubectl("apply", "-f", "-", given=json.dumps(planted.definition).encode())
        self._wait("/apis/%s/v1/widgets" % plants.GROUP)
        self._wait("/api/v1/namespaces/%s/serviceaccounts/default" % plants.NAMESPACE)
        given = json.dumps({"apiVersion": "v1", "kind": "List", "items": planted.manifests}).encode()
        self.kubectl("create", "--validate=false", "-f", "-", given=given)
        if has_node():
            self.kubectl("-n", plants.NAMESPACE, "wait", "--for=condition=Ready", "pod/talker", "pod/web", "--timeout=90s")
            self._wait("/api/v1/namespaces/%s/services/web/proxy/text.txt" % plants.NAMESPACE)

    def remove(self):
        self.kubectl("delete", "storageclass,priorityclass,persistentvolume", "adversary", "--ignore-not-found")
        self.kubectl("delete", "namespace", plants.NAMESPACE, "--ignore-not-found")
        self.kubectl("delete", "customresourcedefinition", "widgets." + plants.GROUP, "--ignore-not-found")

    def _wait(self, path):
        deadline = time.monotonic() + 30
        while self.ask(path)[0] != 200:
            if time.monotonic() > deadline:
                raise SystemExit("adversary: %s did not come" % path)
            time.sleep(0.1)

    # --- what there is

    def resources(self):
        """Every resource: its path's beginning, its name with its subresources, its kind, whether it has a namespace, and the
        names of some objects with their namespaces."""
        groups = ["/api/v1"] + ["/apis/" + version["groupVersion"] for group in self.json("/apis")["groups"]
                                for version in group["versions"]]
        found = {}
        for group in groups:
            for one in self.json(group)["resources"]:
                name, _, sub = one["name"].partition("/")
                entry = found.setdefault((group, name), {"group": group, "name": name, "subresources": [], "verbs": [], "objects": []})
                if sub:
                    entry["subresources"].append(sub)
                else:
                    entry |= {"kind": one["kind"], "namespaced": one["namespaced"], "verbs": one["verbs"]}
        for (group, name), entry in found.items():
            if "list" in entry["verbs"]:
                for item in self.json("%s/%s" % (group, name)).get("items") or []:
                    metadata = item["metadata"]
                    if metadata.get("namespace") in (None, plants.NAMESPACE):
                        entry["objects"].append((metadata.get("namespace"), metadata["name"]))
        # Planted ones, whose names do not change from run to run, are enough; a pod's of a controller would.
        for entry in found.values():
            entry["objects"] = sorted(entry["objects"])[:12]
        return [found[key] for key in sorted(found) if "kind" in found[key]]


def has_node():
    return os.environ.get("BYLINE_TEST_NODE") == "1"
