"""Requests of which two readers could see two different things: one behind the other, or none."""

from case import CLOSED, passes, refused
from scene import LIST, NAMESPACE


def table(scene):
    yield from lengths(scene)
    yield from lines(scene)
    yield from targets(scene)
    yield from protocols(scene)
    yield from chunks(scene)


def inner(scene):
    """What is to be smuggled: good by itself, so that it would be served if anybody took it for a request."""
    return scene.request(f"{NAMESPACE}/pods")


def lengths(scene):
    hidden = inner(scene)
    length = f"Content-Length: {len(hidden)}"

    def framed(*headers, body=b"0\r\n\r\n" + hidden, method="POST"):
        return scene.request(LIST, *headers, method=method) + body

    two = ("Content-Length: 0", length)
    for what, headers in {
        "Content-Length and Transfer-Encoding": (length, "Transfer-Encoding: chunked"),
        "Transfer-Encoding and Content-Length": ("Transfer-Encoding: chunked", length),
        "Transfer-Encoding twice": ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        "Transfer-Encoding twice, one that nobody knows": ("Transfer-Encoding: chunked", "Transfer-Encoding: x"),
        "Transfer-Encoding: xchunked": ("Transfer-Encoding: xchunked",),
        "Transfer-Encoding: xchunked and a length": ("Transfer-Encoding: xchunked", length),
        "Transfer-Encoding: identity, chunked": ("Transfer-Encoding: identity, chunked",),
        "Transfer-Encoding: chunked, identity": ("Transfer-Encoding: chunked, identity", length),
        "Transfer-Encoding: chunked, chunked": ("Transfer-Encoding: chunked, chunked",),
        "Transfer-Encoding: gzip, chunked": ("Transfer-Encoding: gzip, chunked",),
        "Transfer-Encoding: gzip": ("Transfer-Encoding: gzip", length),
        "Transfer-Encoding: chunked in quotes": ('Transfer-Encoding: "chunked"', length),
        "Transfer-Encoding with a Kelvin sign for its k": ("Transfer-Encoding: chun\u212aed", length),
        "Transfer-Encoding behind a vertical tab": ("Transfer-Encoding: \x0bchunked", length),
        "Transfer-Encoding folded": ("Transfer-Encoding:\r\n chunked", length),
        "Transfer-Encoding with a space before its colon": ("Transfer-Encoding : chunked", length),
        "Transfer-Encoding that is empty": ("Transfer-Encoding:", length),
        "two lengths": two,
        "two lengths the other way": two[::-1],
        "the same length twice": (length, length),
        "two lengths in one header": (f"{length}, {len(hidden)}",),
        "a length with a plus": (f"Content-Length: +{len(hidden)}",),
        "a length with a minus": ("Content-Length: -1",),
        "a length in hexadecimal": (f"Content-Length: {len(hidden):#x}",),
        "a length with a space within": (f"Content-Length: 1 {len(hidden)}",),
        "a length with a vertical tab": (f"Content-Length: \x0b{len(hidden)}",),
        "a length that is empty": ("Content-Length:",),
        "a length beyond 64 bits": ("Content-Length: 18446744073709551621",),
        "a length with a space before its colon": (f"Content-Length : {len(hidden)}",),
        "a length in other digits": ("Content-Length: \u0665",),
    }.items():
        # llhttp, the gateway's parser, knows these before the gateway does; either may refuse.
        yield refused(what, framed(*headers), 400, 413, 501)
        yield refused(f"{what}, and a request at once", framed(*headers, body=hidden), 400, 413, 501)
    yield refused(
        "Transfer-Encoding in HTTP/1.0",
        scene.request(LIST, "Transfer-Encoding: chunked", method="POST", version="HTTP/1.0") + b"0\r\n\r\n" + hidden,
        400,
    )
    # Legal, and read in one way only: what hides in the body stays there.
    yield passes("a request in a GET's body", framed(length, body=hidden, method="GET"))
    yield passes(
        "a request in a body that Connection names",
        framed(length, "Connection: content-length", body=hidden, method="GET"),
    )
    yield passes(
        "a length in a header with an underscore", framed("Content_Length: 0", length, body=hidden, method="GET")
    )
    yield passes(
        "an encoding in a header with an underscore",
        framed("Transfer_Encoding: chunked", length, body=hidden, method="GET"),
    )
    yield passes(
        "an encoding that Connection names",
        framed("Transfer-Encoding: chunked", "Connection: transfer-encoding", body=b"0\r\n\r\n", method="GET"),
    )
    yield passes("Expect, and the body at once", framed(length, "Expect: 100-continue", body=hidden, method="GET"))


def lines(scene):
    good = scene.request()
    first, rest = good.split(b"\r\n", 1)

    def header(line):
        return first + b"\r\n" + line + b"\r\n" + rest

    yield refused("line ends without CR", good.replace(b"\r\n", b"\n"), 400)
    yield refused("one line end without CR", good.replace(b"\r\nUser-Agent", b"\nUser-Agent"), 400)
    yield refused("a bare LF that ends the head", good[:-4] + b"\r\n\n", 400)
    yield refused("line ends without LF", good.replace(b"\r\n", b"\r"), 400, CLOSED)
    for what, line in {
        "a bare CR in a header": b"X-Hostile: a\rImpersonate-User: intruder",
        "a bare LF in a header": b"X-Hostile: a\nImpersonate-User: intruder",
        "NUL in a header": b"X-Hostile: a\0b",
        "NUL in a header's name": b"X-Host\0ile: a",
        "a control character in a header": b"X-Hostile: a\x01b",
        "DEL in a header": b"X-Hostile: a\x7fb",
        "a folded header": b"X-Hostile: a\r\n b",
        "a header folded by a tab": b"X-Hostile: a\r\n\tb",
        "a header without a name": b": a",
        "a header without a colon": b"X-Hostile",
        "a space in a header's name": b"X Hostile: a",
        "a space before the colon": b"Impersonate-User : intruder",
        "a tab before the colon": b"Impersonate-User\t: intruder",
        "a space before the name": b" X-Hostile: a",
        "a header's name in quotes": b'"Host": a',
        "a header's name that is no ASCII": b"X-H\xc3\xb6stile: a",
        "a slash in a header's name": b"X/Hostile: a",
        "a long s in a header's name": b"Imper\xc5\xbfonate-User: intruder",
    }.items():
        yield refused(what, header(line), 400)
    yield refused("two Hosts", header(b"Host: elsewhere.example"), 400)
    yield refused("two Hosts that are the same", header(b"Host: " + scene.host.encode()), 400)
    for host in ("a b", "a/b", "intruder@elsewhere.example", "a?b", "[::1", "a:b:c"):
        yield refused(f"a Host that is none: {host}", good.replace(scene.host.encode(), host.encode()), 400)
    yield refused("no Host", good.replace(b"Host: " + scene.host.encode() + b"\r\n", b""), 400)


def targets(scene):
    def to(target, **more):
        return scene.request(target, **more)

    yield refused("the target of a proxy", to(f"https://elsewhere.example{LIST}"), 400)
    yield refused("the target of a proxy, for this gateway", to(f"{scene.url}{LIST}"), 400)
    yield refused("the target *", to("*", method="OPTIONS"), 400, 405)
    yield refused("CONNECT", to("127.0.0.1:6443", method="CONNECT"), 400, 405)
    yield refused("CONNECT to a path", to(LIST, method="CONNECT"), 400, 405)
    yield refused("TRACE", to(LIST, method="TRACE"), 400, 405)
    yield refused("a space in the target", to(LIST.replace("configmaps", "config maps")), 400)
    yield refused("a tab in the target", to(LIST + "\t"), 400)
    # RFC 9112 §3 lets a reader do so, and the API server gets one.
    yield passes("two spaces behind the method", to(" " + LIST))
    yield refused("no target", to("").replace(b"GET  ", b"GET "), 400)
    yield refused("an empty target", to(""), 400)
    yield refused("an empty method", to(LIST, method=""), 400)
    yield refused("a control character in the target", to(LIST + "\x01"), 400)
    yield refused("bytes in the target that are no ASCII", to(LIST + "\u00e9"), 400, 403)


def protocols(scene):
    for version in (
        "HTTP/0.9",
        "HTTP/1.2",
        "HTTP/2.0",
        "HTTP/9.9",
        "HTTP/11",
        "http/1.1",
        "HTTPS/1.1",
        "HTTP/1.1x",
        "HTTP/1.1 HTTP/1.1",
        "ICE/1.0",
    ):
        yield refused(f"the version {version}", scene.request(version=version), 400, 505)
    yield refused("HTTP/0.9 without a version", f"GET {LIST}\r\n\r\n".encode(), 400)
    yield refused(
        "HTTP/2's preface on an HTTP/1.1 connection", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), 400, 405, 505
    )
    yield refused("a TLS record inside TLS", bytes.fromhex("160301") + b"\0\x05hello" + b"\r\n\r\n", 400)
    yield refused("an answer instead of a request", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400)
    yield refused("bytes that are nothing", b"\x00\xff\x00\xff\r\n\r\n", 400)
    h2c = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
    yield passes("an upgrade to HTTP/2 that does not happen", scene.request(LIST, *h2c))
    yield passes("a request behind one that closes", scene.request(LIST, "Connection: close") + inner(scene))
    yield refused(
        "a request behind one that is refused and closes",
        scene.request(LIST, "Connection: close", token=None) + inner(scene),
        401,
    )
    yield passes(
        "a request behind an upgrade that does not happen",
        scene.request(
            LIST,
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        )
        + inner(scene),
    )


def chunks(scene):
    hidden = inner(scene)

    def chunked(body):
        return scene.create("Transfer-Encoding: chunked", body=body)

    data = b'{"kind":"ConfigMap","apiVersion":"v1","metadata":{"generateName":"smuggled-"}}'
    size = b"%x" % len(data)
    whole = size + b"\r\n" + data + b"\r\n0\r\n"
    for what, body in {
        "a chunk's size with 0x": b"0x" + size + b"\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's size with a plus": b"+" + size + b"\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's size with a minus": b"-1\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's size with a space before it": b" " + size + b"\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's size beyond 64 bits": b"1" + b"0" * 16 + size + b"\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's size that is empty": b"\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's size with a bare LF": size + b"\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's extension with a bare LF": size + b";a=b\n" + data + b"\r\n0\r\n\r\n",
        "a chunk's extension with a bare CR": size + b";a\rb\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk that is longer than it says": b"5\r\n" + data + b"\r\n0\r\n\r\n",
        "a chunk without its line end": size + b"\r\n" + data + b"0\r\n\r\n",
        "a chunk with a bare LF behind it": size + b"\r\n" + data + b"\n0\r\n\r\n",
        "a last chunk with bare LFs": size + b"\r\n" + data + b"\r\n0\n\n" + hidden,
        "no chunk but a request": hidden,
        "a trailer without a colon": whole + b"hostile\r\n\r\n",
        "a trailer with a bare CR": whole + b"X: a\rImpersonate-User: intruder\r\n\r\n",
        "a length in a trailer": whole + b"Content-Length: 5\r\n\r\n" + hidden,
        "an encoding in a trailer": whole + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
    }.items():
        yield refused(what, chunked(body), 400, CLOSED)
    forged = b"Impersonate-User: intruder\r\nImpersonate-Group: system:masters\r\nX-Remote-User: intruder\r\n"
    yield passes("impersonation in trailers", chunked(whole + forged + b"\r\n"), 201, caller="walter")
