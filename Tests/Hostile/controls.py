"""Good requests that must pass, before and after all the others: a check that cannot fail is worth nothing."""

from case import passes
from scene import LIST, NAMESPACE

CHUNKED = b'12\r\n{"kind":"ConfigMap\r\n26;x=y\r\n","metadata":{"generateName":"good-"}}\r\n0\r\n\r\n'


def table(scene):
    secret = f"{NAMESPACE}/secrets"
    proxied = f"{NAMESPACE}/services/web:8080/proxy"
    yield passes("a good request", scene.request())
    yield passes("a token signed ES256", scene.request(token=scene.ec.token(scene.claims())))
    yield passes("a token signed EdDSA", scene.request(token=scene.ed.token(scene.claims())))
    yield passes("a token signed PS256", scene.request(token=scene.pss.token(scene.claims())))
    yield passes("a session token", scene.request(token=scene.session_token()))
    yield passes(
        "several audiences, ours among them", scene.request(token=scene.rsa.token(scene.claims(aud=["x", "byline"])))
    )
    yield passes("the one party that may", scene.request(token=scene.rsa.token(scene.claims(azp="byline-cli"))))
    yield passes(
        "clocks that differ by ten seconds",
        scene.request(token=scene.rsa.token(scene.claims(nbf=scene.claims()["iat"] + 10))),
    )
    yield passes("a name with a colon", scene.request(f"{NAMESPACE}/pods/web:8080"), 404)
    yield passes("the one secret by its name", scene.request(f"{secret}/allowed"), 404)
    yield passes("the one secret by a field selector", scene.request(f"{secret}?fieldSelector=metadata.name%3Dallowed"))
    yield passes("watch=false is a list", scene.request(f"{LIST}?watch=false"))
    yield passes("a path that ends with a slash", scene.request(f"{LIST}/"))
    for tail in ("/", "/a/.b", "//a//b", "/%2e%2e.x/%2f", "/a;b=c", "/?watch=1"):
        yield passes(
            f"a proxy subresource's tail as it is: {tail}", scene.request(proxied + tail), 404, target=proxied + tail
        )
    yield passes("a chunked body", scene.create("Transfer-Encoding: chunked", body=CHUNKED), 201, caller="walter")
    yield passes(
        "what an attested byline may",
        scene.request(f"{LIST}/none", f"Byline-Attestation: {scene.attestation()}", method="DELETE"),
        404,
    )
    yield passes("baggage", scene.request(LIST, "Baggage: gen_ai.request.model=claude-hostile,prompt.id=p%20%C3%A9"))
    yield passes("two requests on one connection", scene.request() * 2, prelude=1)
