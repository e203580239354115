"""Starts `byline-gateway dev` in front of the upstream and signs in to it as any client does."""

import base64
import json
import ssl
import urllib.parse
import urllib.request

from processes import Process, free_port

CLUSTER = "bench"


def kubeconfig(scratch, upstream_port):
    """The upstream as a cluster."""
    return {
        "apiVersion": "v1", "kind": "Config", "current-context": CLUSTER,
        "clusters": [{"name": CLUSTER, "cluster": {
            "server": f"https://127.0.0.1:{upstream_port}", "certificate-authority": str(scratch / "ca.crt")}}],
        "users": [{"name": CLUSTER, "user": {"token": "the-upstream-of-the-bench-asks-for-none"}}],
        "contexts": [{"name": CLUSTER, "context": {"cluster": CLUSTER, "user": CLUSTER}}]}


def start(program, scratch, upstream_port, name="gateway"):
    """Returns the running gateway and its ready file's content."""
    folder = scratch / name
    folder.mkdir()
    file, ready = folder / "kubeconfig", folder / "ready.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(kubeconfig(scratch, upstream_port)))  # JSON is YAML
    process = Process("byline-gateway", [
        program, "dev", "--kubeconfig", file, "--cluster", CLUSTER, "--state", folder / "state",
        "--listen", f"127.0.0.1:{free_port()}", "--ready-file", ready], folder / "log")
    try:
        process.wait_until(ready.exists, 30)
        return process, json.loads(ready.read_text())
    except BaseException:
        process.stop()
        raise


def session_token(ready):
    """Client credentials at the embedded issuer, then the token exchange (RFC 8693) for a session token."""
    client = json.loads(open(ready["clientCredentials"]).read())
    context = ssl.create_default_context(cafile=ready["ca"])

    def call(url, fields=None, basic=None):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        headers = {"Authorization": "Basic " + base64.b64encode(basic.encode()).decode()} if basic else {}
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        with opener.open(urllib.request.Request(url, data, headers), timeout=10) as answer:
            return json.load(answer)

    issuer = call(ready["gateway"] + "/.well-known/byline")["issuers"][0]["issuer"]
    token_endpoint = call(issuer.rstrip("/") + "/.well-known/openid-configuration")["token_endpoint"]
    signed_in = call(token_endpoint, {"grant_type": "client_credentials"},
                     basic=":".join(urllib.parse.quote(client[key], safe="") for key in ("clientID", "clientSecret")))
    return call(ready["gateway"] + "/byline/v1/token", {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": signed_in["access_token"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token"})["access_token"]
