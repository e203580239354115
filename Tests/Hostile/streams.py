"""The same over HTTP/2: heads that HTTP/2 forbids, and what HTTP/1.1 would make of them behind the gateway."""

import http2
from case import CLOSED, passes, refused
from scene import LIST, NAMESPACE


def table(scene):
    usual = [
        (":method", "GET"),
        (":scheme", "https"),
        (":authority", scene.host),
        (":path", LIST),
        ("user-agent", "hostile-nnnn"),
        ("authorization", f"Bearer {scene.alice}"),
    ]

    def changed(*more, **pseudo):
        """The usual head with pseudo-headers changed, or taken away by None, and with more fields behind it."""
        fields = [(name, pseudo.get(name[1:], value)) for name, value in usual]
        return http2.request([field for field in fields if field[1] is not None] + list(more))

    def h2(name, raw, *statuses, **more):
        return refused(name, raw, *(statuses or (400, CLOSED)), protocol="h2", **more)

    yield passes("a good request", changed(), protocol="h2")
    yield passes(
        "impersonation",
        changed(
            ("impersonate-user", "intruder"), ("impersonate-group", "system:masters"), ("x-remote-user", "intruder")
        ),
        protocol="h2",
    )
    yield passes("a length that is right", http2.request([*usual, ("content-length", "2")], body=b"{}"), protocol="h2")
    # Longer than NIOHTTP2 takes by itself as long as the settings are not acknowledged.
    long = ",".join(map(str, range(4_500)))
    yield passes("a URL of 21 KiB", changed(path=f"{LIST}?labelSelector=a+in+({long})"), protocol="h2")
    # The API server gets a Host of the gateway's own, whatever the caller calls it.
    yield passes("another host", changed(("host", "elsewhere.example")), protocol="h2")
    for what, field in {
        "connection": ("connection", "close"),
        "connection: impersonate-user": ("connection", "impersonate-user"),
        "transfer-encoding": ("transfer-encoding", "chunked"),
        "keep-alive": ("keep-alive", "timeout=5"),
        "proxy-connection": ("proxy-connection", "keep-alive"),
        "upgrade": ("upgrade", "websocket"),
        "te: gzip": ("te", "gzip"),
        "a name in capitals": ("Impersonate-User", "intruder"),
        "an empty name": ("", "x"),
        "a space in a name": ("x hostile", "x"),
        "a colon in a name": ("x:hostile", "x"),
        "CR LF in a name": ("x\r\nimpersonate-user", "intruder"),
        "CR LF in a value": ("x-hostile", "a\r\nimpersonate-user: intruder"),
        "LF in a value": ("x-hostile", "a\nb"),
        "CR in a value": ("x-hostile", "a\rb"),
        "NUL in a value": ("x-hostile", "a\0b"),
        "NUL in a name": ("x\0", "a"),
        "a space before a value": ("x-hostile", " a"),
        "a length that is no number": ("content-length", "x"),
        "a length with a plus": ("content-length", "+0"),
        "a pseudo-header behind the others": (":path", f"{NAMESPACE}/pods"),
        "a pseudo-header that nobody knows": (":hostile", "x"),
        "a status": (":status", "200"),
        "underscores for hyphens": ("impersonate_user", "intruder"),
    }.items():
        yield h2(what, changed(field))
    for what, path in {
        "no path": None,
        "an empty path": "",
        "a path without a slash": LIST[1:],
        "the path *": "*",
        "a whole URL as path": f"https://elsewhere.example{LIST}",
        "a path with ..": f"{NAMESPACE}/x/../configmaps",
        "a path with CR LF and a request": f"{LIST} HTTP/1.1\r\nImpersonate-User: intruder\r\nX: y",
        "a path with LF": f"{LIST}\n",
        "a path with a space": f"{LIST} x",
        "a path with NUL": f"{LIST}\0",
        "a path with a fragment": f"{LIST}#x",
        "a path with //": f"{LIST}//",
    }.items():
        yield h2(what, changed(path=path))
    yield h2("two paths", http2.request([*usual[:4], (":path", f"{NAMESPACE}/pods"), *usual[4:]]))
    yield h2("two methods", http2.request([(":method", "DELETE"), *usual]))
    yield h2("two authorities", http2.request([(":authority", "elsewhere.example"), *usual]))
    yield h2("a user in the authority", changed(authority=f"intruder@{scene.host}"))
    yield h2("no authority and no host", changed(authority=None))
    yield h2("two hosts", changed(("host", scene.host), ("host", scene.host), authority=None))
    yield h2("CR LF in the authority", changed(authority="x\r\nimpersonate-user: intruder"))
    yield h2("no method", changed(method=None))
    yield h2("an empty method", changed(method=""), 400, 405, CLOSED)
    yield h2("a method with a request in it", changed(method="GET /x HTTP/1.1\r\nX: y\r\n\r\nGET"), 400, 405, CLOSED)
    yield h2("a method in small letters", changed(method="delete"), 400, 403, 405, CLOSED)
    yield h2("CONNECT", changed(method="CONNECT"), 400, 405, CLOSED)
    yield h2(
        "CONNECT to another host",
        http2.request([(":method", "CONNECT"), (":authority", "127.0.0.1:6443"), *usual[4:]]),
        400,
        405,
        CLOSED,
    )
    yield h2("TRACE", changed(method="TRACE"), 400, 405, CLOSED)
    yield h2("no scheme", changed(scheme=None))
    yield h2("two Authorization fields", changed(usual[-1]), 400, 401, 403, CLOSED)
    yield h2("no credential", http2.request(usual[:-1]), 401)
    yield h2("what no rule allows", changed(path=f"{NAMESPACE}/secrets"), 403)
    yield h2("a body longer than its length", http2.request([*usual, ("content-length", "1")], body=b"{} and more"))
    yield h2("a body shorter than its length", http2.request([*usual, ("content-length", "100")], body=b"{}"))
    yield h2(
        "a body that says it is too long",
        http2.request([*usual, ("content-length", str(1 << 30))], body=b"{}"),
        413,
        CLOSED,
    )
    yield h2("two lengths", http2.request([*usual, ("content-length", "2"), ("content-length", "3")], body=b"{}"))
    yield h2("fields of 300 KiB", changed(*[(f"x-hostile-{index}", "x" * 1000) for index in range(300)]), 431, CLOSED)
    yield h2("a field of 40 KiB", changed(("x-hostile", "x" * 40 * 1024)), 431, CLOSED)
    yield h2("HTTP/1.1 after agreeing on HTTP/2", scene.request(), CLOSED)
