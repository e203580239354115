"""Requests that ask for more than a rule gives, in words that hide it.

Alice may get and list config maps and pods, and one secret by its name.
"""

from case import refused
from scene import LIST, NAMESPACE

API = "/clusters/test/api/v1"
WEBSOCKET = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Protocol: v4.channel.k8s.io",
)
SPDY = ("Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io")


def table(scene):
    yield from watching(scene)
    yield from naming(scene)
    yield from connecting(scene)
    yield from methods(scene)
    yield from paths(scene)


def watching(scene):
    """A watch where only a list may be. The API server takes the first of several fields; "false" and "0" are no."""
    for query in (
        "watch=1",
        "watch=true",
        "watch=True",
        "watch",
        "watch=",
        "watch=yes",
        "%77atch=1",
        "watch=%31",
        "watch=t%72ue",
        "watch=1&watch=0",
        "watch=true&watch=false",
        "watch=1&watch=false&watch=0",
        "watch=%ff",
        "watch=false%20",
        "watch=+0",
        "limit=x&watch=1",
        "a=%zz&watch=1",
        "&&watch=1",
        "watch=1&",
        "x=y?&watch=1",
        # To an API server that was built with Go before 1.17 a semicolon parts two fields.
        "x=y;watch=1",
    ):
        yield refused(f"a watch by ?{query}", scene.request(f"{LIST}?{query}&timeoutSeconds=1"), 403, 400)
    yield refused("a watch by the old path", scene.request(f"{API}/watch/namespaces/hostile-nnnn/configmaps"), 403)
    yield refused(
        "a watch of one by the old path", scene.request(f"{API}/watch/namespaces/hostile-nnnn/configmaps/x"), 403
    )
    yield refused("a watch by HEAD", scene.request(f"{LIST}?watch=1&timeoutSeconds=1", method="HEAD"), 403, body="none")


def naming(scene):
    secrets = f"{NAMESPACE}/secrets"
    allowed = "fieldSelector=metadata.name%3Dallowed"
    for what, path in {
        "all secrets": secrets,
        "another secret": f"{secrets}/other",
        "the name in another case": f"{secrets}/Allowed",
        "another by the selector": f"{secrets}?fieldSelector=metadata.name%3Dother",
        "another before the one": f"{secrets}?fieldSelector=metadata.name%3Dother&{allowed}",
        "all before the one": f"{secrets}?fieldSelector=&{allowed}",
        "all but one": f"{secrets}?fieldSelector=metadata.name%21%3Dallowed",
        "all but one, unencoded": f"{secrets}?fieldSelector=metadata.name!=allowed",
        "the one as another field": f"{secrets}?fieldSelector=type%3Dmetadata.name%3Dallowed",
        "the one by label": f"{secrets}?labelSelector=metadata.name%3Dallowed",
        "another, then the one": f"{secrets}?fieldSelector=metadata.name%3Dother%2Cmetadata.name%3Dallowed",
        # A field with a semicolon does not exist for Go since 1.17: nothing is selected.
        "all of them, by a selector of the one that is not read": f"{secrets}?{allowed}%2Cx;y",
        "the one in another namespace": f"{API}/namespaces/kube-system/secrets/allowed?hostile-nnnn",
        "the one in all namespaces": f"{API}/secrets?{allowed}&hostile-nnnn",
        "a namespace by a selector": f"{API}/configmaps?fieldSelector=metadata.namespace%3Dhostile-nnnn",
        "a namespace by a query": f"{API}/configmaps?namespace=hostile-nnnn",
        "all namespaces": f"{API}/configmaps?hostile-nnnn",
        "another namespace": f"{API}/namespaces/default/configmaps?hostile-nnnn",
        "the namespace itself": f"{NAMESPACE}",
        "another group's resource of the name": "/clusters/test/apis/apps/v1/namespaces/hostile-nnnn/configmaps",
    }.items():
        # 400 where a query can be read in two ways.
        yield refused(what, scene.request(path), 403, 400)
    yield refused(
        "the one secret, deleted with all the others",
        scene.request(f"{secrets}?{allowed}", method="DELETE"),
        403,
    )


def connecting(scene):
    """What runs inside a pod or a node, by any road."""
    pod, command = f"{NAMESPACE}/pods/web", "command=id&stdout=true"
    node = f"{API}/nodes/https:127.0.0.1:10250"
    for what, path in {
        "exec": f"{pod}/exec?{command}",
        "exec with a slash behind it": f"{pod}/exec/?{command}",
        "attach": f"{pod}/attach?stdout=true",
        "port-forward": f"{pod}/portforward?ports=80",
        "exec through nodes/proxy": f"{API}/nodes/127.0.0.1/proxy/exec/hostile-nnnn/web/web?{command}",
        "run through nodes/proxy": f"{API}/nodes/127.0.0.1/proxy/run/hostile-nnnn/web/web?cmd=id",
        "exec through nodes/proxy with a port": f"{node}/proxy/exec/hostile-nnnn/web/web?{command}",
        "a pod's proxy": f"{pod}:80/proxy/",
        "a log of it": f"{pod}/log",
    }.items():
        yield refused(f"{what} by GET", scene.request(path), 403)
        yield refused(f"{what} by POST", scene.request(path, method="POST"), 403)
    yield refused("exec by WebSocket", scene.request(f"{pod}/exec?{command}", *WEBSOCKET), 403)
    yield refused("exec by SPDY", scene.request(f"{pod}/exec?{command}", *SPDY, method="POST"), 403)
    yield refused(
        "exec by WebSocket, frames at once",
        scene.request(f"{pod}/exec?{command}", *WEBSOCKET) + b"\x81\x85\0\0\0\0\0id\r\n",
        403,
    )
    yield refused("exec by PUT", scene.request(f"{pod}/exec?{command}", method="PUT"), 403)
    yield refused(
        "an ephemeral container",
        scene.request(
            f"{pod}/ephemeralcontainers",
            "Content-Type: application/strategic-merge-patch+json",
            method="PATCH",
            body=b"{}",
        ),
        403,
    )
    yield refused(
        "a token of a service account",
        scene.request(
            f"{NAMESPACE}/serviceaccounts/default/token", "Content-Type: application/json", method="POST", body=b"{}"
        ),
        403,
    )
    yield refused(
        "the old proxy path to a node", scene.request(f"{API}/proxy/nodes/127.0.0.1/exec/hostile-nnnn/web/web"), 403
    )


def methods(scene):
    one = f"{LIST}/none"
    for method in ("DELETE", "PUT", "PATCH", "POST", "OPTIONS"):
        yield refused(
            f"{method} by who may only read",
            scene.request(one, "Content-Type: application/json", method=method, body=b"{}"),
            403,
        )
    for method in ("PROPFIND", "MKCOL", "LINK", "PURGE", "SEARCH", "REPORT", "M-SEARCH", "SOURCE"):
        yield refused(f"the method {method}", scene.request(one, method=method), 400, 403, 405)
    for method in ("delete", "Get", "GETX", "G\tET", "DELETE\0", "QUERY", "X" * 5000):
        yield refused(f"the method {method[:20]!r}", scene.request(one, method=method), 400, 403, 405, 431)
    yield refused(
        "a dry run",
        scene.request(f"{LIST}?dryRun=All", "Content-Type: application/json", method="POST", body=b"{}"),
        403,
    )
    yield refused("deletion of all", scene.request(LIST, method="DELETE"), 403)
    yield refused("HEAD of a secret", scene.request(f"{NAMESPACE}/secrets/other", method="HEAD"), 403, body="none")
    yield refused(
        "a SelfSubjectAccessReview",
        scene.request(
            "/clusters/test/apis/authorization.k8s.io/v1/selfsubjectaccessreviews?hostile-nnnn",
            "Content-Type: application/json",
            method="POST",
            body=b"{}",
        ),
        403,
    )


def paths(scene):
    for path in (
        "/",
        "/metrics",
        "/debug/pprof/",
        "/logs/",
        "/healthz",
        "/version/",
        "/version;x",
        "/versions",
        "/api",
        "/apis",
        "/openapi/v2",
        "/api/v1",
        "/.well-known/openid-configuration",
        "/swagger.json",
        "/ui",
    ):
        yield refused(f"the path {path}", scene.request(f"/clusters/test{path}?hostile-nnnn"), 403)
    yield refused(
        "a rule for a path, by POST", scene.request("/clusters/test/version?hostile-nnnn", method="POST"), 403
    )
    yield refused(
        "more than the connection is good for", scene.request("/clusters/test/metrics?hostile-nnnn") * 3, 403, prelude=2
    )
