"""Makes up requests. A case is plain data, so that it can be written into a file, sent again, and made smaller.

Seeded by the run's seed and the case's number: the same two make the same case as long as the cluster holds the same.
"""

import base64
import json
import random
import urllib.parse

import bodies
import plants

CALLERS = [("admin", 8), ("reader", 4), ("dry-runner", 4), ("nobody", 1)]

ACCEPT = [
    None, "*/*", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/cbor", "text/plain",
    "application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch", "application/cbor-seq",
    "application/vnd.kubernetes.protobuf,application/json", "application/yaml,application/json;q=0.1", "text/html,*/*;q=0.8",
    "application/json;as=Table;v=v1;g=meta.k8s.io", "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json",
    "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io", "application/yaml;as=Table;v=v1;g=meta.k8s.io",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
    "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", "application/yaml;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    "APPLICATION/YAML", "application/yaml ; charset=utf-8", " application/yaml", "application/*", "application/json;q=0,application/yaml",
    "application/json;charset=utf-16", "application/x-yaml", "text/yaml", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
    "application/json;profile=nopeer;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList", "*", "", "application/json,,application/yaml",
]
USUAL = [None, "*/*", "application/json", ACCEPT[13], ACCEPT[14], "application/vnd.kubernetes.protobuf,application/json"]
ENCODINGS = [None, None, None, "gzip", "gzip;q=1.0, identity;q=0.5", "deflate", "br", "zstd", "identity", "*", "x-gzip", "GZIP"]
KINDS = [
    "application/json", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/cbor", "text/plain", None,
    "application/json;charset=utf-8", "APPLICATION/JSON", "application/octet-stream", "application/x-yaml", "text/yaml", "application/json;stream=watch",
    "multipart/form-data;boundary=x", "application/json, application/yaml", " application/json", "application/x-www-form-urlencoded",
]
PATCHES = {
    "application/merge-patch+json": "merge", "application/json-patch+json": "json", "application/strategic-merge-patch+json": "strategic",
    "application/apply-patch+yaml": "apply",
}
HANDSHAKE = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
             ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")]
SUBPROTOCOLS = [None, "v5.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io",
                "binary.k8s.io", "base64.binary.k8s.io", "SPDY/3.1+portforward.k8s.io", "v4.channel.k8s.io, base64.channel.k8s.io", ""]


class Grammar:
    def __init__(self, seed, resources, marks, node):
        self._seed, self._marks, self._node = seed, marks, node
        self._resources = resources
        self._by_name = {(one["group"], one["name"]): one for one in resources}
        self._weights = [self._weight(one) for one in resources]

    @staticmethod
    def _weight(resource):
        heavy = {"secrets": 30, "configmaps": 8, "pods": 12, "widgets": 8, "jobs": 5, "deployments": 5, "statefulsets": 4, "nodes": 3,
                 "services": 3, "serviceaccounts": 3, "events": 3}
        return heavy.get(resource["name"], 1) if resource["objects"] else 0.3

    def case(self, number):
        """The case of a number."""
        self._number = number
        self.random = random.Random("%s/%d" % (self._seed, number))
        choose = self.random
        caller = self._pick(CALLERS)
        case = {"seed": self._seed, "number": number, "caller": caller, "protocol": choose.choice(["http/1.1", "http/1.1", "h2"]),
                "method": "GET", "target": "/", "headers": [("User-Agent", "adversary/%d" % number)]}
        family = self._pick([
            (self.read, 24), (self.change, 26), (self.watch, 4), (self.connect, 5), (self.proxied, 8), (self.told, 8), (self.strange, 6),
            (self.reviewed, 3)])
        family(case)
        # A caller who may not do it at all says little; now and then it is asked all the same.
        is_reading = case["method"] in ("GET", "HEAD")
        if (caller == "reader" and not is_reading or caller == "dry-runner" and is_reading) and choose.random() < 0.85:
            case["caller"] = caller = {True: "reader", False: "dry-runner"}[is_reading]
        if caller == "dry-runner" and case["method"] not in ("GET", "HEAD"):
            case["target"] = with_query(case["target"], [("dryRun", "All")])
        self._encoding(case)
        self._upgrade(case)
        # Now and then another cluster than there is, or none.
        case["target"] = self._pick([("/clusters/test", 300), ("/clusters/none", 1), ("", 3)]) + case["target"]
        return case

    # --- families

    def read(self, case):
        """One object or a list, in any form."""
        resource, path = self._place()
        case["method"] = self._pick([("GET", 20), ("HEAD", 1)])
        case["target"] = with_query(path, self._query(resource))
        self._accept(case)

    def watch(self, case):
        resource, path = self._place()
        query = [("watch", self.random.choice(["1", "true", "True", ""])), ("timeoutSeconds", "1"), *self._query(resource)]
        if self.random.random() < 0.3:
            path, query = path.replace("/v1/", "/v1/watch/", 1), query[1:]
        case |= {"target": with_query(path, query), "stream": True}
        self._accept(case)

    def change(self, case):
        """A create, an update, a patch or a delete: dry, or refused, or of something that is planted for it."""
        choose = self.random
        resource = self._resource(lambda one: one["objects"] or "create" in one["verbs"])
        objects = resource["objects"]
        method = self._pick([("PATCH", 12), ("PUT", 4), ("POST", 4), ("DELETE", 2)])
        if not objects:
            method = "POST"
        case["method"] = method
        where, path, current = None, self._collection(resource, plants.NAMESPACE), {}
        if objects:
            where = choose.choice(objects)
            current = {"namespace": where[0], "name": where[1]}
            if method != "POST":
                path = self._object(resource, where)
        if method != "POST" and resource["subresources"] and choose.random() < 0.15:
            path += "/" + choose.choice(resource["subresources"])
        query = [("dryRun", "All")] if choose.random() < 0.85 or method == "DELETE" else []
        if method == "DELETE" and choose.random() < 0.2:
            path = self._collection(resource, plants.NAMESPACE)
        query += self._some([("fieldManager", "adversary"), ("force", "true"), ("fieldValidation", choose.choice(["Strict", "Warn", "Ignore"])),
                             ("pretty", "true"), ("propagationPolicy", "Background")])
        case["target"] = with_query(path, query)
        # A change that holds would take the plants away: only what cannot succeed goes without a dry run.
        maker = bodies.Maker(choose, self._sent, resource, current, is_dry=bool(query and query[0][0] == "dryRun"))
        if method == "PATCH":
            kind = choose.choice(list(PATCHES))
            case["body"] = maker.patch(PATCHES[kind])
            if choose.random() < 0.1:
                kind = choose.choice([*KINDS, kind + ";charset=utf-8", kind.upper(), "application/patch+json"])
        else:
            kind = choose.choice(KINDS)
            case["body"] = maker.whole(method)
            if kind and ("yaml" in kind) and choose.random() < 0.7:
                case["body"] = bodies.yaml(case["body"])
            if kind and "protobuf" in kind and choose.random() < 0.5:
                case["body64"] = base64.b64encode(b"k8s\0" + json.dumps(case.pop("body")).encode()).decode()
        if kind is not None:
            case["headers"].append(("Content-Type", kind))
        if choose.random() < 0.05:
            case["headers"].append(("Transfer-Encoding", "chunked"))
        if choose.random() < 0.04:
            case["headers"].append(("Content-Encoding", choose.choice(["gzip", "identity", "deflate"])))
        self._accept(case)

    def connect(self, case):
        """exec, attach, log, port-forward of a pod, by the API and by its node."""
        choose = self.random
        pod = "/api/v1/namespaces/%s/pods/%s" % (plants.NAMESPACE, choose.choice(["talker", "web"]))
        commands = [["env"], ["cat", "/texts/properties"], ["cat", "/texts/pem"], ["sh", "-c", "cat /texts/*"], ["cat", "/proc/1/environ"],
                    ["sh", "-c", "env >&2"], ["sh", "-c", "echo $DB_PASSWORD_NONE; env; exit 3"], ["cat", "/texts/json", "/texts/yaml", "/texts/url"],
                    ["sh", "-c", "for n in 1 2 3; do cat /texts/properties; sleep 0.1; done"], ["sh"]]
        command = choose.choice(commands)
        query = [("command", word) for word in command]
        if choose.random() < 0.4:
            query.append(("command", "--password=" + self._sent("exec command")))
        query += self._some([("container", "c"), ("stdin", "1"), ("tty", "1"), ("stderr", "1")]) + [("stdout", "1")]
        kind = self._pick([("exec", 6), ("attach", 2), ("log", 5), ("node exec", 2), ("node run", 1), ("node log", 2), ("node pods", 2), ("node other", 2)])
        node = "/api/v1/nodes/127.0.0.1/proxy"
        case["stream"] = True
        if kind in ("exec", "attach"):
            target = "%s/%s" % (pod, kind)
        elif kind == "log":
            target = pod + "/log"
            query = self._some([("follow", "1"), ("tailLines", "5"), ("timestamps", "1"), ("limitBytes", "4000"), ("container", "c"),
                                ("sinceSeconds", "9"), ("insecureSkipTLSVerifyBackend", "1"), ("previous", "0"), ("pretty", "1")])
        elif kind in ("node exec", "node run"):
            target = "%s/%s/%s/talker/c" % (node, kind[5:], plants.NAMESPACE)
            query = query + [("output", "1"), ("error", "1"), ("cmd", "env")]
        elif kind == "node log":
            target, query = "%s/containerLogs/%s/talker/c" % (node, plants.NAMESPACE), self._some([("tailLines", "5"), ("follow", "1")])
        elif kind == "node pods":
            target, query = node + choose.choice(["/pods", "/pods/", "/runningpods/", "//pods", "/./pods", "/x/../pods", "/%70ods"]), []
        else:
            target, query = node + choose.choice(["/configz", "/metrics", "/logs/", "/stats/summary", "/healthz", "/metrics/cadvisor", "/attach/%s/talker/c" % plants.NAMESPACE]), []
        case["target"] = with_query(target, query)
        if kind in ("exec", "attach", "node exec") or choose.random() < 0.35:
            case["protocol"] = "http/1.1"
            self._handshake(case, choose.choice(["v4.channel.k8s.io", "v4.channel.k8s.io", "v5.channel.k8s.io", *SUBPROTOCOLS]))
            if command == ["sh"]:
                case["frames"] = [base64.b64encode(b"\0" + line).decode() for line in (b"env\n", b"cat /texts/properties\n", b"exit\n")]
        if kind == "node run" or choose.random() < 0.08:
            case["method"] = "POST"
        self._accept(case)

    def proxied(self, case):
        """What a server in the cluster says, through pods/proxy, services/proxy and the node."""
        choose = self.random
        if not self._node:
            return self.read(case)
        base = "/api/v1/namespaces/%s/" % plants.NAMESPACE
        base += choose.choice(["pods/web:8080/proxy", "services/web/proxy", "services/web:80/proxy", "services/http:web:80/proxy", "pods/http:web:8080/proxy"])
        path = choose.choice(plants.SERVED)
        case["target"] = "%s/%s" % (base, choose.choice([path, path, path, "./" + path, "x/../" + path, "/" + path]))
        case["target"] = with_query(case["target"], self._some([("a", "b"), ("watch", "1")]))
        case["method"] = self._pick([("GET", 9), ("POST", 1), ("HEAD", 0.5)])
        if case["method"] == "POST":
            case["body"] = "password=" + self._sent("proxied request body")
            case["headers"].append(("Content-Type", choose.choice(["text/plain", "application/octet-stream", "application/x-www-form-urlencoded"])))
        if choose.random() < 0.2:
            case["headers"].append(("Range", "bytes=%d-" % choose.randrange(30)))
        case["stream"] = True
        self._accept(case)

    def told(self, case):
        """A caller that says secrets of its own: nothing of them may be kept in clear."""
        choose = self.random
        resource, path = self._place()
        carrier = choose.choice(["User-Agent", "Kubectl-Session", "Kubectl-Command", "query", "path", "Authorization", "Cookie", "X-Api-Key",
                                 "websocket bearer", "baggage", "traceparent", "Referer", "Origin", "X-Forwarded-For", "name", "selector", "Accept",
                                 "Content-Type", "Impersonate-User", "Byline-Attestation", "X-Request-Id", "Audit-ID", "method"])
        value = self._sent(carrier)
        said = choose.choice(["password=%s", "token: %s", "--api-key=%s", "Bearer %s", "https://u:%s@host/"]) % value
        quoted = urllib.parse.quote(said, safe="")
        if carrier == "query":
            path = with_query(path, [choose.choice([("token", value), ("access_token", value), ("password", value), ("note", said), ("command", "--password=" + value)])])
        elif carrier == "path":
            path = "/" + choose.choice(["x/", "", "api/v1/", "logs/"]) + quoted
        elif carrier == "name":
            path = self._collection(resource, plants.NAMESPACE) + "/" + quoted
        elif carrier == "selector":
            path = with_query(path, [(choose.choice(["labelSelector", "fieldSelector", "continue", "fieldManager"]), said)])
        elif carrier == "websocket bearer":
            token = base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
            space = choose.choice(["", " ", "\t", " \t "])
            case["protocol"] = "http/1.1"
            self._handshake(case, "v4.channel.k8s.io,%sbase64url.bearer.authorization.k8s.io.%s" % (space, token))
        elif carrier == "method":
            case["method"] = choose.choice(["TRACE", "OPTIONS", "PROPFIND", "CONNECT"])
        elif carrier == "baggage":
            case["headers"].append(("baggage", "%s=%s" % (choose.choice(["prompt.id", "gen_ai.request.model", "gen_ai.agent.name", "other"]), quoted)))
        elif carrier == "Cookie":
            case["headers"].append((carrier, "session=%s; password=%s" % (value, value)))
        elif carrier == "User-Agent":
            case["headers"] = [("User-Agent", "adversary/%d %s" % (case["number"], said))]
        else:
            case["headers"].append((carrier, said))
        case["target"] = path

    def strange(self, case):
        """Paths that two readers may read differently, and the API server's own."""
        choose = self.random
        secret = "/api/v1/namespaces/%s/secrets/opaque-0" % plants.NAMESPACE
        pod = "/api/v1/namespaces/%s/pods/talker" % plants.NAMESPACE
        case["target"] = choose.choice([
            "/metrics", "/logs/", "/logs/kube-apiserver.log", "/debug/pprof/", "/debug/pprof/cmdline", "/openapi/v2", "/version", "/swagger.json",
            "/debug/flags/v", "/configz", "/apis", "/api", "/healthz?verbose", "/.well-known/openid-configuration", "/openid/v1/jwks", "/index.html",
            secret + "/", secret + "//", "/" + secret, secret.replace("secrets", "%73ecrets"), secret.replace("/secrets", "/./secrets"),
            secret.replace("secrets", "x/../secrets"), secret.replace("secrets", "SECRETS"), secret.replace("/api/", "/API/"), secret + "/status",
            secret + "?export=true", secret + ";x=y", secret + "%2f", secret + "%00", secret.replace("opaque-0", "opaque%2d0"), secret + "/log", secret + "/proxy",
            secret.replace("/v1/", "/v1//"), secret.replace("/namespaces/", "/proxy/namespaces/"), "/api/v1/proxy" + secret[7:], "/api/v1/redirect" + secret[7:],
            pod + "/log/x", pod + "/proxy/log", pod + "/log?pretty=1", pod + "/status", pod + "/%6cog", pod + "/log/", pod + "//log",
            "/api/v1/namespaces/%s/secrets?limit=1&includeUninitialized=1" % plants.NAMESPACE, "/api/v1/secrets?fieldSelector=type%3DOpaque",
            "/api/v1/watch/secrets?timeoutSeconds=1", "/api/v1/watch" + secret[7:] + "?timeoutSeconds=1", "/api/v1/componentstatuses",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "/apis/%s/v1/widgets" % plants.GROUP, "/apis/events.k8s.io/v1/events",
            "/apis/extensions/v1beta1/ingresses", "/api/v1/namespaces/%s" % plants.NAMESPACE, "/api/v1/namespaces/%s/finalize" % plants.NAMESPACE])
        case["stream"] = "watch" in case["target"] or "log" in case["target"]
        case["method"] = self._pick([("GET", 10), ("HEAD", 1), ("POST", 1), ("OPTIONS", 0.5), ("PUT", 0.5), ("PATCH", 0.5), ("get", 0.3), ("QUERY", 0.3)])
        self._accept(case)

    def reviewed(self, case):
        """Reviews and token requests: bodies that hold credentials, and answers that mint them."""
        choose = self.random
        value = self._sent("review")
        path, body = choose.choice([
            ("/apis/authentication.k8s.io/v1/tokenreviews", {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": value}}),
            ("/api/v1/namespaces/%s/serviceaccounts/default/token" % plants.NAMESPACE, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"audiences": ["byline"]}}),
            ("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"nonResourceAttributes": {"path": "/password=" + value, "verb": "get"}}}),
            ("/apis/authentication.k8s.io/v1/tokenreviews", {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": value, "audiences": 5}}),
        ])
        case |= {"method": "POST", "target": with_query(path, self._some([("pretty", "1"), ("dryRun", "All")]))}
        kind = choose.choice(["application/json", "application/json", "application/yaml", None])
        case["body"] = bodies.yaml(body) if kind and "yaml" in kind else body
        if kind:
            case["headers"].append(("Content-Type", kind))
        self._accept(case)

    # --- pieces

    def _pick(self, weighted):
        return self.random.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def _some(self, pairs):
        return [pair for pair in pairs if self.random.random() < 0.25]

    def _sent(self, carrier):
        """A secret of the caller's own. Its name comes from the case, so that the case can be made again."""
        self._marks.reseed(self.random.random(), self._number)
        return self._marks.value("said in " + carrier, origin="sent")

    def _resource(self, holds=lambda one: True):
        fit = [(one, weight) for one, weight in zip(self._resources, self._weights) if holds(one)]
        return self._pick(fit)

    def _collection(self, resource, namespace):
        middle = "/namespaces/%s" % namespace if namespace and resource["namespaced"] else ""
        return "%s%s/%s" % (resource["group"], middle, resource["name"])

    def _object(self, resource, where):
        return "%s/%s" % (self._collection(resource, where[0]), where[1])

    def _place(self):
        """A resource and a path to one of its lists, objects or subresources."""
        resource = self._resource(lambda one: "list" in one["verbs"])
        kind = self._pick([("object", 6), ("list", 4), ("all", 2), ("sub", 1)])
        if kind == "all":
            return resource, self._collection(resource, None)
        if kind == "list" or not resource["objects"]:
            return resource, self._collection(resource, plants.NAMESPACE)
        path = self._object(resource, self.random.choice(resource["objects"]))
        if kind == "sub" and resource["subresources"]:
            path += "/" + self.random.choice(resource["subresources"])
        return resource, path

    def _query(self, resource):
        return self._some([
            ("pretty", self.random.choice(["true", "1"])), ("limit", self.random.choice(["1", "2", "500"])), ("resourceVersion", "0"),
            ("includeObject", self.random.choice(["Object", "Metadata", "None"])), ("export", "true"), ("exact", "true"),
            ("fieldSelector", "metadata.namespace=" + plants.NAMESPACE), ("labelSelector", "!none"), ("resourceVersion", "99999999999"),
            ("limit", "x"), ("continue", "x"), ("fieldSelector", "data.password=x"), ("timeoutSeconds", "1")])

    def _accept(self, case):
        value = self.random.choice(ACCEPT if self.random.random() < 0.6 else USUAL)
        if value is not None:
            case["headers"].append(("Accept", value))
            if self.random.random() < 0.05:
                case["headers"].append(("Accept", self.random.choice([one for one in ACCEPT if one])))

    def _encoding(self, case):
        value = self.random.choice(ENCODINGS)
        if value is not None:
            case["headers"].append(("Accept-Encoding", value))

    def _handshake(self, case, protocol):
        case["headers"] += HANDSHAKE
        if protocol is not None:
            case["headers"].append(("Sec-WebSocket-Protocol", protocol))

    def _upgrade(self, case):
        """An upgrade where none belongs, whole or in part."""
        choose = self.random
        if case["protocol"] == "h2" or any(name == "Upgrade" for name, _ in case["headers"]) or choose.random() < 0.75:
            return
        kind = choose.choice(["websocket", "lone", "SPDY", "h2c", "connection only", "list"])
        if kind == "websocket":
            self._handshake(case, choose.choice(SUBPROTOCOLS))
            case["stream"] = True
        elif kind == "SPDY":
            case["headers"] += [("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", "v4.channel.k8s.io")]
            case["stream"] = True
        elif kind == "lone":
            case["headers"].append(("Upgrade", choose.choice(["x", "websocket", "TLS/1.0", ""])))
        elif kind == "h2c":
            case["headers"] += [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQAAP__")]
        elif kind == "list":
            case["headers"] += [("Connection", "keep-alive, upgrade"), ("Upgrade", "foo, websocket"), *HANDSHAKE[2:]]
            case["stream"] = True
        else:
            case["headers"].append(("Connection", choose.choice(["upgrade", "Upgrade, close", "close"])))


def with_query(path, pairs):
    if not pairs:
        return path
    return path + ("&" if "?" in path else "?") + urllib.parse.urlencode(pairs)
