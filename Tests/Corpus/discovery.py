"""An API server that knows every kind and keeps nothing: enough for `kubectl create --dry-run=client`."""

import http.server
import json
import re
import threading

API_VERSION = re.compile(rb"""apiVersion["']?\s*:\s*["']?([A-Za-z0-9./-]+)""")
KIND = re.compile(rb"""kind["']?\s*:\s*["']?([A-Za-z][A-Za-z0-9]*)""")


class Discovery:
    """Answers on a port of 127.0.0.1; every kind is served in every API version that some text names."""

    def __init__(self, texts):
        versions, kinds = {"v1"}, set()
        for text in texts:
            versions.update(found.decode() for found in API_VERSION.findall(text))
            kinds.update(found.decode() for found in KIND.findall(text))
        self.answers = answers(versions, kinds)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = outer.answers.get(self.path.split("?")[0])
                body = json.dumps(answer or {"kind": "Status", "apiVersion": "v1", "code": 404}).encode()
                self.send_response(200 if answer else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"


def answers(versions, kinds):
    resources = [
        {"name": kind.lower() + "s", "singularName": "", "namespaced": True, "kind": kind, "verbs": ["create", "get"]}
        for kind in sorted(kinds)
    ]
    groups = {}
    for version in sorted(versions):
        group, _, name = version.rpartition("/")
        groups.setdefault(group, []).append({"groupVersion": version, "version": name})
    found = {
        "/api": {"kind": "APIVersions", "versions": [entry["version"] for entry in groups.pop("", [])]},
        "/apis": {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [
                {"name": name, "versions": entries, "preferredVersion": entries[0]}
                for name, entries in groups.items()
            ],
        },
    }
    for version in versions:
        path = f"/apis/{version}" if "/" in version else f"/api/{version}"
        found[path] = {
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources,
        }
    return found
