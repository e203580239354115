"""Too much of something. The gateway under test takes heads of 32 KiB, bodies of 256 KiB, tokens of 16 KiB."""

from case import CLOSED, cut, passes, refused
from scene import LIST, NAMESPACE


def table(scene):
    kib = 1024
    yield refused("a query of 40 KiB", scene.request(f"{LIST}?x={'x' * 40 * kib}"), 414, 431)
    yield refused("a query of 100 KiB", scene.request(f"{LIST}?x={'x' * 100 * kib}"), 414, 431)
    yield refused("a path of 40 KiB", scene.request(f"{LIST}/{'x' * 40 * kib}"), 414, 431)
    yield refused("a query of 1 MiB", scene.request(f"{LIST}?x={'x' * kib * kib}"), 414, 431)
    yield refused("a header of 40 KiB", scene.request(LIST, f"X-Hostile: {'x' * 40 * kib}"), 431)
    yield refused("a header of 100 KiB", scene.request(LIST, f"X-Hostile: {'x' * 100 * kib}"), 431)
    yield refused("a header's name of 40 KiB", scene.request(LIST, f"{'x' * 40 * kib}: y"), 431)
    yield refused(
        "2,000 headers", scene.request(LIST, *[f"X-Hostile-{index}: {'x' * 10}" for index in range(2000)]), 431
    )
    yield refused("10,000 short headers", scene.request(LIST, *["a: b"] * 10_000), 431)
    yield refused("a User-Agent of 40 KiB", scene.request(LIST, f"User-Agent: {'x' * 40 * kib}"), 431)
    yield refused("a token of 40 KiB", scene.request(token="x" * 40 * kib), 401, 403, 431)
    yield refused(
        "an address for a proxied service of 40 KiB",
        scene.request(f"{NAMESPACE}/services/web/proxy/{'x' * 40 * kib}"),
        414,
        431,
    )
    yield refused(
        "a body that says it is of 1 TiB", scene.create(f"Content-Length: {1 << 40}", body=b"{"), 413, caller="walter"
    )
    yield refused(
        "a body that says it is a byte too long",
        scene.create(f"Content-Length: {256 * kib + 1}", body=b"x" * (256 * kib + 1)),
        413,
        caller="walter",
    )
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    yield cut(
        "a chunked body of 512 KiB",
        scene.create("Transfer-Encoding: chunked", body=chunk * 8 + b"0\r\n\r\n"),
        413,
        CLOSED,
        caller="walter",
    )
    # Extensions end at the gateway.
    data = b'{"kind":"ConfigMap","apiVersion":"v1","metadata":{"generateName":"good-"}}'
    extension = b"%x;%s\r\n%s\r\n0\r\n\r\n" % (len(data), b"x" * 200 * kib, data)
    yield passes(
        "a chunk with an extension of 200 KiB",
        scene.create("Transfer-Encoding: chunked", body=extension),
        201,
        caller="walter",
    )
    trailers = b"%x\r\n%s\r\n0\r\n" % (len(data), data) + b"X-Hostile: " + b"x" * 200 * kib + b"\r\n\r\n"
    yield cut(
        "trailers of 200 KiB",
        scene.create("Transfer-Encoding: chunked", body=trailers),
        400,
        413,
        431,
        CLOSED,
        caller="walter",
    )
    yield refused("a sign-in of 100 KiB", scene.form(b"grant_type=" + b"x" * 100 * kib), 413)
    yield refused("a head that does not end", scene.request()[:-2], 408, CLOSED)
    yield refused("a request line that does not end", b"GET " + LIST.encode(), 408, CLOSED)
    flooder = scene.token_of("flooder", "readers")
    before = scene.request(LIST.replace("hostile-nnnn", "hostile-flood"), token=flooder)
    before = before.replace(b"User-Agent: hostile-nnnn", b"User-Agent: prelude")
    yield refused("more requests at once than an identity may send", before * 251, 429, prelude=250)
