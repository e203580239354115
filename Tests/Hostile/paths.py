"""Paths that could name one thing to the gateway and another to the API server, or leave their cluster."""

from case import refused
from scene import LIST, NAMESPACE


def table(scene):
    tail = LIST.removeprefix("/clusters/test")
    api = "/clusters/test/api/v1"
    changed = {
        "..": f"{NAMESPACE}/x/../configmaps",
        ".. at the end": f"{LIST}/..",
        ". within": f"{NAMESPACE}/./configmaps",
        ".. out of the namespace": f"{NAMESPACE}/../kube-system/secrets?hostile-nnnn",
        ".. out of the cluster": f"/clusters/test/../prod{tail}",
        ".. out of the clusters": f"/clusters/../clusters/test{tail}",
        ".. before the cluster": f"/x/../clusters/test{tail}",
        ".. as the cluster": f"/clusters/..{tail}",
        "//": f"{NAMESPACE}//configmaps",
        "// at the beginning": f"/{LIST}",
        "// behind the cluster": f"/clusters/test/{tail}",
        "// at the end": f"{LIST}//",
        "//namespace": f"{api}//namespaces/hostile-nnnn/configmaps",
        "%2e%2e": f"{NAMESPACE}/%2e%2e/kube-system/secrets",
        "%2E%2E": f"{NAMESPACE}/x/%2E%2E/configmaps",
        ".%2e": f"{NAMESPACE}/x/.%2e/configmaps",
        "%2f": f"{api}%2fnamespaces/hostile-nnnn/configmaps",
        "%2F": f"{NAMESPACE}%2Fconfigmaps",
        "%5c": f"{NAMESPACE}/x%5c..%5csecrets",
        "%00": f"{LIST}%00",
        "%00 behind a name": f"{LIST}/a%00b",
        "%0d%0a": f"{LIST}/a%0d%0aImpersonate-User:%20intruder",
        "%20": f"{LIST}/a%20b",
        "%25 (twice encoded)": f"{NAMESPACE}/%252e%252e/secrets",
        "%3f": f"{LIST}%3fwatch=1",
        "%23": f"{LIST}%23",
        "half an encoding": f"{LIST}/a%2",
        "an encoding that is none": f"{LIST}/a%zz",
        "an overlong encoding": f"{NAMESPACE}/%c0%ae%c0%ae/secrets",
        "an encoding of a letter": f"{NAMESPACE}/%63onfigmaps",
        "an encoding in the namespace": f"{api}/namespaces/%6bube-system/secrets?hostile-nnnn",
        "%u002e": f"{NAMESPACE}/%u002e%u002e/secrets",
        "a fragment": f"{LIST}#x",
        "a fragment before the query": f"{LIST}#?watch=1",
        ".. before a proxy's tail": f"{NAMESPACE}/x/../services/web/proxy/",
        "%2f before a proxy's tail": f"{NAMESPACE}/services/web%2fproxy/",
        ".. as a proxied service's name": f"{NAMESPACE}/services/../proxy/",
        "an empty name of a proxied service": f"{NAMESPACE}/services//proxy/",
        "the old proxy path with ..": f"{api}/proxy/namespaces/hostile-nnnn/services/web/../../secrets",
        "proxy of what cannot be proxied": f"{NAMESPACE}/configmaps/x/proxy/../../secrets",
    }
    for what, path in changed.items():
        yield refused(f"a path with {what}", scene.request(path), 400, 404)
    # Nothing is mended: what these name is something that no rule allows.
    for what, path in {
        "a parameter": f"{LIST};x=y",
        "a parameter of a segment": LIST.replace("namespaces", "namespaces;x"),
        "a backslash": f"{NAMESPACE}\\configmaps",
        "backslashes and dots": f"{NAMESPACE}/x\\..\\..\\secrets",
        "capitals": LIST.replace("configmaps", "ConfigMaps"),
        "/API/": LIST.replace("/api/", "/API/"),
        "a star": f"{NAMESPACE}/*",
        "a group where none is": LIST.replace("/api/v1", "/apis//v1"),
    }.items():
        yield refused(f"a path with {what}", scene.request(path), 400, 403, 404)
    # The API server resolves them before it asks the proxied server.
    for dots in ("/..", "/a/../b", "/./a", "/%2e%2e/a", "/.%2E", "/a%2f..%2fb", "//..//a", "/%2e"):
        yield refused(f"a proxied path with dots: {dots}", scene.request(f"{NAMESPACE}/services/web:8080/proxy{dots}"), 400)
    yield from clusters(scene, tail)
    yield from elsewhere(scene, tail)


def clusters(scene, tail):
    for what, name in {
        "that nobody knows": "prod",
        "in capitals": "TEST",
        "that begins with a hyphen": "-test",
        "with a dot": "test.",
        "encoded": "%74est",
        "with a slash encoded": "test%2f",
        "that is empty": "",
        "with NUL": "test%00",
        "with a space encoded": "test%20",
        "with a parameter": "test;x",
        "with a port": "test:443",
        "with a user": "x@test",
        "of 10,000 letters": "t" * 10_000,
        "that is no ASCII": "t\u00e9st",
    }.items():
        yield refused(f"a cluster {what}", scene.request(f"/clusters/{name}{tail}"), 400, 404)


def elsewhere(scene, tail):
    for what, path in {
        "without a cluster": tail,
        "below /cluster": f"/cluster/test{tail}",
        "below /Clusters": f"/Clusters/test{tail}",
        "below /clusters;x": f"/clusters;x/test{tail}",
        "of the API server's health": "/healthz/hostile-nnnn",
        "below a page of the gateway": "/livez/../clusters/test" + tail,
        "below the record": "/byline/v1/../../clusters/test" + tail,
    }.items():
        yield refused(f"a path {what}", scene.request(path), 400, 403, 404, 405)
    for what, path in {
        "the sessions": "/byline/v1/sessions?hostile-nnnn",
        "an exchange": "/byline/v1/exchanges/00000000-0000-0000-0000-000000000000",
        "an exchange with ..": "/byline/v1/exchanges/../sessions",
        "a file": "/byline/v1/sessions/..%2f..%2fgateway.pem",
    }.items():
        yield refused(f"the record, for who is no auditor: {what}", scene.request(path), 400, 403)
        yield refused(f"the record, for nobody: {what}", scene.request(path, token=None), 400, 401)
