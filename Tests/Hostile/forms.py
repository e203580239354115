"""Requests whose form would decide what is looked through, or recorded: content types, upgrades, patches, bodies."""

from case import passes, refused
from scene import LIST, NAMESPACE, THERE

HANDSHAKE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: v5.channel.k8s.io",
)
UNREADABLE = {
    "half an object": b'{"kind":"ConfigMap"',
    "two documents": b"kind: ConfigMap\n---\nkind: ConfigMap\n",
    "a merge key": b"x: &x {data: {a: b}}\n<<: *x\n",
    "no object": b"hunter2",
    "UTF-16": b"\xff\xfe{\0}\0",
    "a key twice": b"data: {a: b}\ndata: {a: c}\n",
}


def table(scene):
    secret = f"{NAMESPACE}/secrets/allowed"
    for accept in ("application/yaml", "application/vnd.kubernetes.protobuf", "application/cbor", "text/plain"):
        yield refused(f"a secret as {accept}", scene.request(secret, f"Accept: {accept}"), 406)
        yield refused(
            f"a secret as {accept}, with a lone Upgrade", scene.request(secret, f"Accept: {accept}", "Upgrade: x"), 406
        )
        yield refused(
            f"a secret as {accept}, with a handshake", scene.request(secret, f"Accept: {accept}", *HANDSHAKE), 406
        )
    # Where nothing connects, a handshake is a plain request.
    yield passes("a handshake for a list", scene.request(LIST, *HANDSHAKE))
    yield passes("a handshake for a secret", scene.request(secret, *HANDSHAKE), 404)
    yield passes("SPDY for a list", scene.request(LIST, "Connection: Upgrade", "Upgrade: SPDY/3.1"))
    yield passes("h2c for a list", scene.request(LIST, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"))
    yield passes("a range of a secret", scene.request(secret, "Range: bytes=10-20"), 404)
    yield from bodies(scene)


def bodies(scene):
    def create(*headers, body, path=THERE):
        return scene.request(path, *headers, method="POST", token=scene.walter, body=body)

    good = b'{"kind":"ConfigMap","metadata":{"generateName":"form-"}}'
    yield refused(
        "two content types", create("Content-Type: application/json", "Content-Type: text/plain", body=good), 400
    )
    yield refused(
        "a compressed body", create("Content-Type: application/json", "Content-Encoding: gzip", body=good), 400
    )
    for what, body in UNREADABLE.items():
        if what != "half an object":
            yield refused(f"YAML of {what}", there_secret(scene, "application/yaml", body), 415)
        yield refused(f"text of {what}", there_secret(scene, "text/plain", body), 415)
    yield refused("what is no JSON, as JSON", create("Content-Type: application/json", body=b'{"kind":}'), 400)
    yield refused("half an object as text", create("Content-Type: text/plain", body=b'{"kind":'), 415)
    yield passes(
        "a config map in YAML",
        create("Content-Type: application/yaml", body=b"kind: ConfigMap\nmetadata: {generateName: form-}\n"),
        201,
        caller="walter",
    )
    for operation in (
        b'{"op":"copy","from":"/data/a","path":"/metadata/annotations/a"}',
        b'{"op":"move","from":"/data","path":"/metadata/annotations"}',
        b'{"op":"test","path":"/data/a","value":"guess"}',
        b'{"op":"test","path":"","value":{}}',
        b'{"op":"copy","from":"x/stringData/a~1b","path":"/metadata/annotations/a"}',
    ):
        for content_type in ("application/json-patch+json", "application/json-patch+json; charset=utf-8"):
            yield refused(
                f"a JSON patch of a secret, {operation.decode()[:40]}, as {content_type}",
                there_secret(scene, content_type, b"[" + operation + b"]", "PATCH"),
                403,
            )
    yield refused(
        "a JSON patch that names its operation twice",
        there_secret(scene, "application/json-patch+json", b'[{"op":"add","op":"copy","path":"/a","from":"/data"}]', "PATCH"),
        400,
    )


def there_secret(scene, content_type, body, method="POST"):
    """Walter may create secrets and patch them; what the gateway refuses nobody sees."""
    name = "" if method == "POST" else "/hostile"
    path = THERE.replace("configmaps", f"secrets{name}")
    return scene.request(path, f"Content-Type: {content_type}", method=method, token=scene.walter, body=body)
