"""An API server that knows every kind and keeps nothing: enough for `kubectl create --dry-run=client`."""

import http.server
import json
import re
import threading

API_VERSION = re.compile(rb"""apiVersion["']?\s*:\s*["']?([A-Za-z0-9./-]+)""")
KIND = re.compile(rb"""kind["']?\s*:\s*["']?([A-Za-z][A-Za-z0-9]*)""")
CONTENT_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Discovery:
    """Answers on a port of 127.0.0.1; every kind is served in the API versions that stand in a text with it."""

    def __init__(self, texts):
        kinds = {"v1": {"List"}}
        for text in texts:
            here = {found.decode() for found in KIND.findall(text)}
            for version in API_VERSION.findall(text):
                kinds.setdefault(version.decode(), set()).update(here)
        bodies = {
            "/api": aggregated({version: found for version, found in kinds.items() if "/" not in version}),
            "/apis": aggregated({version: found for version, found in kinds.items() if "/" in version}),
        }

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = bodies.get(self.path.split("?")[0])
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"


def aggregated(kinds):
    groups = {}
    for version in sorted(kinds):
        group, _, name = version.rpartition("/")
        resources = [resource(group, name, kind) for kind in sorted(kinds[version])]
        groups.setdefault(group, []).append({"version": name, "resources": resources})
    items = [{"metadata": {"name": group}, "versions": versions} for group, versions in groups.items()]
    return json.dumps(
        {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}
    ).encode()


def resource(group, version, kind):
    return {
        "resource": kind.lower() + "s",
        "responseKind": {"group": group, "version": version, "kind": kind},
        "scope": "Namespaced",
        "singularResource": kind.lower(),
        "verbs": ["create", "get"],
    }
