"""An API server that knows every kind and keeps nothing: enough for `kubectl create --dry-run=client`."""

import http.server
import json
import re
import threading

API_VERSION = re.compile(rb"""apiVersion["']?\s*:\s*["']?([A-Za-z0-9./-]+)""")
KIND = re.compile(rb"""kind["']?\s*:\s*["']?([A-Za-z][A-Za-z0-9]*)""")
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Discovery:
    """Answers on a port of 127.0.0.1; every kind is served in the API versions that stand in a text with it."""

    def __init__(self, texts):
        kinds = {"v1": {"List"}}
        for text in texts:
            here = {found.decode() for found in KIND.findall(text)}
            for version in API_VERSION.findall(text):
                kinds.setdefault(version.decode(), set()).update(here)
        core = {version: found for version, found in kinds.items() if "/" not in version}
        named = {version: found for version, found in kinds.items() if "/" in version}
        whole = {"/api": aggregated(core), "/apis": aggregated(named)}
        pieces = piecewise(core, named)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                # kubectl before 1.26 asks for each API version by itself.
                asked_for_all = "APIGroupDiscoveryList" in self.headers.get("Accept", "")
                answer = (whole if asked_for_all else pieces).get(self.path.split("?")[0])
                body = json.dumps(answer or {}).encode()
                self.send_response(200 if answer else 404)
                self.send_header("Content-Type", AGGREGATED if asked_for_all else "application/json")
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


def aggregated(kinds):
    groups = {}
    for version in sorted(kinds):
        group, _, name = version.rpartition("/")
        resources = [resource(group, name, kind) for kind in sorted(kinds[version])]
        groups.setdefault(group, []).append({"version": name, "resources": resources})
    items = [{"metadata": {"name": group}, "versions": versions} for group, versions in groups.items()]
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def piecewise(core, named):
    groups = {}
    for version in sorted(named):
        group, name = version.rsplit("/", 1)
        groups.setdefault(group, []).append({"groupVersion": version, "version": name})
    items = [
        {"name": name, "versions": versions, "preferredVersion": versions[0]} for name, versions in groups.items()
    ]
    answers = {
        "/api": {"kind": "APIVersions", "versions": sorted(core)},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": items},
    }
    for prefix, kinds in (("/api/", core), ("/apis/", named)):
        for version in kinds:
            resources = [
                {"name": kind.lower() + "s", "singularName": "", "namespaced": True, "kind": kind, "verbs": ["create"]}
                for kind in sorted(kinds[version])
            ]
            answers[prefix + version] = {
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources,
            }
    return answers


def resource(group, version, kind):
    return {
        "resource": kind.lower() + "s",
        "responseKind": {"group": group, "version": version, "kind": kind},
        "scope": "Namespaced",
        "singularResource": kind.lower(),
        "verbs": ["create", "get"],
    }
