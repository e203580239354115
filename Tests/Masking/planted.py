#!/usr/bin/env python3
"""planted.py - reads planted secrets through a gateway in every way, and fails where one of them is seen."""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.parse

import plants as planting
import reading

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Environment" / "gateway"))
import sealed  # noqa: E402

NAMESPACE = "masking-%d" % os.getpid()
MASK = "byline:masked:hmac-sha256:"


def kubectl(kubeconfig, *arguments, given=None, environment=None, check=False):
    done = subprocess.run(
        ["kubectl", "--kubeconfig", kubeconfig, "-n", NAMESPACE, *arguments], input=given, capture_output=True,
        env={**os.environ, **(environment or {})}, timeout=120, check=False)
    if check and done.returncode != 0:
        sys.exit("kubectl %s: %s" % (" ".join(arguments), done.stderr.decode()))
    return done


def readings():
    """kubectl's ways to read, each a list of arguments."""
    kinds = "secrets,configmaps,deployments"
    for form in ("yaml", "json", "wide", "name", "go-template={{range .items}}{{.data}}{{.spec}}{{end}}",
                 "jsonpath={.items[*].data}{.items[*].stringData}", "custom-columns=D:.data,E:.spec"):
        yield ["get", kinds, "-o", form]
        yield ["get", kinds, "--chunk-size=3", "-o", form]
    yield ["get", kinds]
    yield ["get", kinds, "--show-managed-fields", "-o", "yaml"]
    yield ["describe", kinds]
    for kind, name in (("secret", "opaque-0"), ("configmap", "texts-0"), ("deployment", "d0")):
        for form in ("yaml", "json", "jsonpath={.data}{.spec}{.metadata.annotations}"):
            yield ["get", kind, name, "-o", form]
        yield ["get", kind, name, "--watch", "--request-timeout=2s", "-o", "json"]
        yield ["apply", "view-last-applied", kind, name]
        yield ["patch", kind, name, "--type=merge", "-p", '{"metadata":{"labels":{"seen":"yes"}}}', "-o", "yaml"]
        yield ["label", kind, name, "again=yes", "-o", "json"]
        yield ["annotate", kind, name, "again=yes", "-o", "yaml"]
    for path in ("secrets", "secrets/opaque-1", "configmaps", "configmaps/texts-1"):
        yield ["get", "--raw", "/api/v1/namespaces/%s/%s" % (NAMESPACE, path)]
    yield ["get", "--raw", "/api/v1/namespaces/%s/secrets?watch=1&timeoutSeconds=2" % NAMESPACE]
    yield ["get", "--raw", "/apis/apps/v1/namespaces/%s/deployments?limit=2" % NAMESPACE]
    yield ["rollout", "history", "deployment/d1", "--revision=1"]
    yield ["create", "token", "default"]


def by_header(gateway):
    """The same as other clients ask for it: client-go with protobuf and CBOR, Python's client, and compressed. Gives names and
    what came; an answer in another form than JSON that came nevertheless is a fault."""
    path = "/api/v1/namespaces/%s/" % NAMESPACE
    with reading.Reader(gateway) as reader:
        for accept, expected in (
                ("application/vnd.kubernetes.protobuf,application/json", 200), ("application/json, */*", 200),
                ("application/cbor,application/json", 200), ("application/vnd.kubernetes.protobuf", 406),
                ("application/cbor", 406),
                ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", 200),
                ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json", 200)):
            for kind in ("secrets", "configmaps", "pods") + (() if "List" in accept else ("secrets/opaque-1",)):
                for encoding in ("gzip", "identity"):
                    status, form, body = reader.get(path + kind, Accept=accept, Accept_Encoding=encoding)
                    yield "%s of %s" % (accept, kind), body
                    if status != expected or not form.startswith("application/json"):
                        yield "fault", ("%s of %s: %d %s" % (accept, kind, status, form)).encode()


HANDSHAKE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
             "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def by_form(gateway, planted):
    """What a header, an upgrade, a patch or a body's form must not change. Gives names and what came, and faults."""
    plain = reading.Plain(gateway)
    path = "/api/v1/namespaces/%s/" % NAMESPACE
    secret = path + "secrets/opaque-1"

    def patch(*operations):
        return json.dumps(operations).encode(), {"Content_Type": "application/json-patch+json"}

    told = {"op": "test", "path": "/data/password", "value": "eA=="}
    note = "/metadata/annotations/example.com~1copied"
    steps = [
        ("GET", secret, None, {"Accept": "application/yaml", "Upgrade": "x"}, 406),
        ("GET", secret, None, {"Accept": "application/yaml", **HANDSHAKE}, 406),
        ("GET", secret, None, {"Upgrade": "x"}, 200), ("GET", secret, None, HANDSHAKE, 200),
        ("GET", path + "secrets?watch=1&timeoutSeconds=2", None, HANDSHAKE, 200),
        ("GET", path + "configmaps?watch=1&timeoutSeconds=2", None, HANDSHAKE, 200),
        ("GET", secret, None, {"Range": "bytes=100-", "Accept_Charset": "utf-16"}, 200),
        ("PATCH", secret, *patch({"op": "copy", "from": "/data/password", "path": note}), 403),
        ("PATCH", secret + "?dryRun=All", *patch({"op": "move", "from": "/data/password", "path": note}), 403),
        ("PATCH", secret, *patch(told), 403), ("PATCH", path + "configmaps/noted-1", *patch(told), 403),
        ("PATCH", path + "configmaps/noted-1?dryRun=All", *patch(
            {"op": "copy", "from": "/data/password", "path": note}), 403),
    ]
    # What a caller writes stands in the record masked, whatever its form says of it.
    text = planted.new()
    yaml = "apiVersion: v1\nkind: Secret\nmetadata: {name: written}\nstringData: {pin: %s}\n# password: %s\n" % (text, text)
    written = json.dumps({"kind": "Secret", "metadata": {"name": "written"}, "stringData": {"pin": text}}).encode()
    steps += [("POST", path + "secrets?dryRun=All", yaml.encode(), {"Content_Type": "application/yaml"}, 201),
              ("POST", path + "secrets?dryRun=All", written, {"Content_Type": "text/plain"}, 415),
              ("POST", path + "secrets?dryRun=All", written, {"Content_Type": "application/x-www-form-urlencoded"}, 415),
              ("POST", path + "secrets?dryRun=All", text.encode(), {"Content_Type": "application/yaml"}, 415)]
    for method, target, body, headers, expected in steps:
        status, came = plain.ask(method, target, body, **headers)
        yield "%s %s %s" % (method, target, headers), came
        if status != expected:
            yield "fault", ("%s %s with %s: %d, not %d: %r" % (method, target, headers, status, expected, came[:200])).encode()
    if os.environ.get("BYLINE_TEST_NODE") == "1":
        yield from proxied(plain, planted)


def proxied(plain, planted):
    """What a pod serves under names of its own choosing."""
    secret = planted.new()
    wide = "".join(letter + "\\000" for letter in "password=%s" % secret)
    bodies = {"/zero": "\\000\\000password=%s\\n" % secret, "/wide": wide + "\\n", "/text": "password=%s\\n" % secret}
    for port, (name, body) in enumerate(bodies.items(), 9001):
        answer = "HTTP/1.1 200 OK\\r\\nContent-Type: application/octet-stream\\r\\nConnection: close\\r\\n\\r\\n"
        kubectl(os.environ["KUBECONFIG"], "exec", "talker", "--", "sh", "-c",
                "(printf '%s'; sleep 1) | nc -l -p %d >/dev/null 2>&1 &" % (answer + body, port), check=True)
        time.sleep(0.5)
        status, came = plain.ask("GET", "/api/v1/namespaces/%s/pods/talker:%d/proxy%s" % (NAMESPACE, port, name))
        yield "proxied " + name, came.replace(b"\0", b"")
        if status != 200 or MASK.encode() not in came:
            yield "fault", ("proxied %s: %d shows no mask: %r" % (name, status, came[:200])).encode()


def streams(gateway):
    """What a pod prints, by exec, attach and its log, each over WebSocket and SPDY."""
    if os.environ.get("BYLINE_TEST_NODE") != "1":
        print("left out: exec, attach and logs, since the cluster has no node")
        return
    terminal = str(pathlib.Path(__file__).resolve().parent.parent / "Environment" / "streams" / "terminal.py")
    everything = ["--", "sh", "-c", "env; cat /texts/*; sleep 0.1; tr '\\0' '\\n' < /proc/1/environ; cat /proc/1/environ"]
    for sockets in ("true", "false"):
        environment = {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": sockets}
        done = kubectl(gateway, "exec", "talker", *everything, environment=environment)
        yield "exec", done.stdout + done.stderr
        done = subprocess.run(
            ["python3", terminal, "200x50", "exit", "kubectl", "--kubeconfig", gateway, "-n", NAMESPACE, "exec", "-it",
             "talker", *everything], capture_output=True, env={**os.environ, **environment}, timeout=60, check=False)
        yield "exec -it", done.stdout + done.stderr
        done = subprocess.run(
            ["timeout", "4", "kubectl", "--kubeconfig", gateway, "-n", NAMESPACE, "attach", "talker"],
            capture_output=True, env={**os.environ, **environment}, check=False)
        yield "attach", done.stdout + done.stderr
    done = kubectl(gateway, "logs", "talker")
    yield "logs", done.stdout + done.stderr


def stored(path):
    """A file's bytes, decoded where they are compressed."""
    data = path.read_bytes()
    if data[:8] == sealed.MAGIC:
        return sealed.decode(path)
    return sealed.decompress(data) if path.suffix == ".zst" else data


def spellings(secret):
    once = base64.b64encode(secret.encode())
    return {secret.encode(), once, base64.b64encode(once), json.dumps(secret)[1:-1].encode(),
            urllib.parse.quote(secret, safe="").encode()}


def leaks(secrets, sources):
    """Where a secret is seen: names of sources, and the secret's number."""
    for number, secret in enumerate(secrets):
        for spelling in spellings(secret):
            for name, content in sources:
                if spelling in content:
                    yield name, number


def writes(gateway, direct, folder):
    """Writes that hold a mask: each must be refused, and the Secret stay as it is. Gives what went wrong."""
    masked = kubectl(gateway, "get", "secret", "opaque-2", "-o", "json", check=True).stdout
    before = kubectl(direct, "get", "secret", "opaque-2", "-o", "json", check=True).stdout
    manifest = json.loads(masked)
    manifest["metadata"] = {"name": "opaque-2"}
    plain = json.dumps(manifest).encode()
    mask = manifest["data"]["password"]
    editor = folder / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/  password: /  renamed: /' \"$1\"\n")
    editor.chmod(0o700)
    merge = json.dumps({"data": {"password": mask}})
    steps = [
        (["apply", "-f", "-"], plain), (["apply", "--server-side", "--force-conflicts", "-f", "-"], plain),
        (["replace", "-f", "-"], plain), (["edit", "secret", "opaque-2"], None),
        (["patch", "secret", "opaque-2", "--type=merge", "-p", merge], None),
        (["patch", "secret", "opaque-2", "--type=strategic", "-p", merge], None),
        (["patch", "secret", "opaque-2", "--type=json", "-p",
          json.dumps([{"op": "replace", "path": "/data/password", "value": mask}])], None),
        (["create", "secret", "generic", "copied", "--from-literal=p=" + base64.b64decode(mask).decode()], None),
        (["create", "configmap", "copied", "--from-literal=p=" + base64.b64decode(mask).decode()], None),
    ]
    for arguments, given in steps:
        done = kubectl(gateway, *arguments, given=given, environment={"KUBE_EDITOR": str(editor)})
        said = done.stdout + done.stderr
        if done.returncode == 0 or not (b"masked value" in said or b"is invalid" in said):
            yield "%s was not refused: %s" % (" ".join(arguments[:3]), said.decode()[:300])
    after = kubectl(direct, "get", "secret", "opaque-2", "-o", "json", check=True).stdout
    if json.loads(before)["data"] != json.loads(after)["data"]:
        yield "the Secret was changed"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("direct", "upstream", "gateway", "state", "log", "folder"):
        parser.add_argument("--" + name, required=True, type=pathlib.Path)
    asked = parser.parse_args()
    direct, gateway = str(asked.direct), str(asked.gateway)
    planted = planting.make()
    kubectl(direct, "create", "namespace", NAMESPACE, check=True)
    try:
        given = "\n---\n".join(json.dumps(one) for one in planted.manifests).encode()
        kubectl(direct, "apply", "-f", "-", given=given, check=True)
        if os.environ.get("BYLINE_TEST_NODE") == "1":
            kubectl(direct, "wait", "--for=condition=Ready", "pod/talker", "--timeout=90s", check=True)
        sources = []
        for number, arguments in enumerate(readings()):
            done = kubectl(gateway, *arguments)
            sources.append((" ".join(arguments), done.stdout + done.stderr))
            if done.returncode != 0 and "--watch" not in arguments and "token" not in arguments:
                print("note: %s: %s" % (" ".join(arguments), done.stderr.decode().strip()[:160]))
        applied = kubectl(gateway, "apply", "-f", "-", "-o", "yaml", given=given)
        sources.append(("apply", applied.stdout + applied.stderr))
        shown = kubectl(gateway, "diff", "-f", "-", given=given)
        # diff shows the file's own values beside the cluster's masked ones: only what the cluster says is looked at.
        sources.append(("diff", b"\n".join(line for line in shown.stdout.splitlines() if line.startswith(b"-"))))
        faults = list(writes(gateway, direct, asked.folder))
        for name, content in by_header(gateway):
            if name == "fault":
                faults.append(content.decode())
            else:
                sources.append((name, content))
        for name, content in by_form(gateway, planted):
            if name == "fault":
                faults.append(content.decode())
            else:
                sources.append((name, content))
        printed = list(streams(gateway))
        faults += ["%s shows no mask" % name for name, content in printed if MASK.encode() not in content]
        sources += printed
        with reading.Reader(asked.upstream) as plain, reading.Reader(gateway) as through:
            read, masked, wrong = reading.differences(plain, through)
        faults += ["differs in more than masks: " + path for path in wrong]
        masks = sum(content.count(MASK.encode()) for _, content in sources)
    finally:
        kubectl(direct, "delete", "namespace", NAMESPACE, "--wait=false")
    for path in [asked.log, *asked.state.rglob("*")]:
        if path.is_file():
            sources.append((str(path), stored(path)))
    seen = list(leaks(planted.secrets, sources))
    for name, number in seen[:40]:
        print("leak: secret %d in %s" % (number, name))
    for fault in faults:
        print("fault: " + fault)
    print("%d answers of the whole API, list and get, are what the cluster says, but for the masks in %d of them"
          % (read - len(wrong), masked))
    print("%d secrets planted, %d readings and files looked at, %d masks seen, %d leaks, %d faults"
          % (len(planted.secrets), len(sources), masks, len(seen), len(faults)))
    sys.exit(1 if seen or faults or len(planted.secrets) < 300 or masks == 0 else 0)


if __name__ == "__main__":
    main()
