#!/usr/bin/env python3
"""Measures the masking rules over answers of 50 MB, and masking and recording together: bytes per second of CPU, and the most
memory that was held.

    masking.py FOLDER [ROUNDS]

FOLDER has masking-runner and recorder-bench, built for release. CPU is of all threads, without the reading of the body, and
without the sealing of segments, which comes later and in the background. TMPDIR lies on the disk that is recorded to.
"""

import base64
import json
import os
import random
import statistics
import string
import subprocess
import sys
import tempfile

SIZE = 50_000_000
random.seed(1)


def text(length, letters=string.ascii_letters + string.digits):
    return "".join(random.choices(letters, k=length))


def pod(number):
    name = "front-end-%d-%s" % (number, text(5, string.ascii_lowercase))
    return {
        "metadata": {"name": name, "namespace": "shop", "uid": text(36, "0123456789abcdef-"),
                     "resourceVersion": str(100_000 + number), "creationTimestamp": "2026-05-04T10:11:12Z",
                     "labels": {"app": "front-end", "pod-template-hash": text(10, "0123456789abcdef")},
                     "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "front-end",
                                          "uid": text(36, "0123456789abcdef-"), "controller": True}],
                     "managedFields": [{"manager": "kubelet", "operation": "Update", "apiVersion": "v1",
                                        "fieldsType": "FieldsV1", "subresource": "status", "fieldsV1": {
                                            "f:status": {"f:conditions": {'k:{"type":"Ready"}': {
                                                ".": {}, "f:lastProbeTime": {}, "f:status": {}, "f:type": {}}},
                                                "f:hostIP": {}, "f:phase": {}, "f:podIP": {}, "f:startTime": {}}}}]},
        "spec": {"containers": [{"name": "server", "image": "registry.example/shop/front-end:1.4.2",
                                 "args": ["--listen", ":8080", "--log-level=info"],
                                 "env": [{"name": "LOG_LEVEL", "value": "info"},
                                         {"name": "ZONE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                                 "resources": {"limits": {"cpu": "500m", "memory": "128Mi"}},
                                 "volumeMounts": [{"name": "kube-api-access", "readOnly": True,
                                                   "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]}],
                 "nodeName": "node-%d" % (number % 50), "restartPolicy": "Always",
                 "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}]},
        "status": {"phase": "Running", "podIP": "10.0.%d.%d" % (number % 250, number % 200),
                   "conditions": [{"type": kind, "status": "True", "lastProbeTime": None,
                                   "lastTransitionTime": "2026-05-04T10:11:14Z"}
                                  for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")]}}


def secret(number):
    return {"metadata": {"name": "secret-%d" % number, "namespace": "shop", "uid": text(36, "0123456789abcdef-"),
                         "resourceVersion": str(number), "creationTimestamp": "2026-05-04T10:11:12Z"},
            "data": {name: base64.b64encode(text(length).encode()).decode()
                     for name, length in (("user", 12), ("password", 32), ("tls.key", 1_700), ("url", 60))},
            "type": "Opaque"}


def listed(kind, item):
    """A list as the API server writes it, of as many items as it takes."""
    items = [json.dumps(item(number), separators=(",", ":")) for number in range(500)]
    count = SIZE // (sum(map(len, items)) // len(items))
    body = ",".join(items[number % len(items)] for number in range(count))
    return '{"kind":"%s","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[%s]}\n' % (kind, body)


def log():
    lines = ['2026-05-04T10:11:%02d.%06dZ INFO  request served method=GET path=/items/%d status=200 bytes=%d took=%dms '
             'client=10.0.3.7 agent="Mozilla/5.0 (X11; Linux x86_64)"\n'
             % (n % 60, n * 7919 % 1_000_000, n * 31 % 9_999, n * 17 % 70_000, n % 300) for n in range(5_000)]
    whole = "".join(lines)
    return whole * (SIZE // len(whole))


BODIES = {
    "a list of pods": ("/api/v1/pods", "application/json", lambda: listed("PodList", pod)),
    "a list of Secrets": ("/api/v1/secrets", "application/json", lambda: listed("SecretList", secret)),
    "a log": ("/api/v1/namespaces/n/pods/p/log", "text/plain", log),
}


def measure(runner, path, kind, file):
    """The rules' CPU seconds and the peak of memory in bytes."""
    with open(file, "rb") as body:
        process = subprocess.Popen([runner, path, kind], stdin=body, stdout=subprocess.PIPE)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"masking: {runner} ended with status {status}")
    return float(said.split()[2]), usage.ru_maxrss * 1024


def measure_recorded(bench, path, file):
    """The same through masking and recording, by the passes of one process: its first ones get memory for the first time, and
    count for memory alone. Of memory what it grew by."""
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run([bench, folder, file, path], stdout=subprocess.PIPE, text=True, check=True).stdout
    passes = [line.split() for line in said.splitlines()]
    return [(float(seconds), int(grown)) for _, seconds, grown in passes][2:]


def row(title, size, samples):
    rates = sorted(size / seconds / 1e6 for seconds, _ in samples)
    memory = max(held for _, held in samples) / 2**20
    print(f"  {title:24} {statistics.median(rates):6.1f} ({rates[0]:.1f}-{rates[-1]:.1f}) MB/s  {memory:6.0f} MiB",
          flush=True)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 5
    runner, bench = os.path.join(folder, "masking-runner"), os.path.join(folder, "recorder-bench")
    print("masking answers: MB per second of CPU, median (lowest-highest); peak of memory")
    for title, (path, kind, body) in BODIES.items():
        with tempfile.NamedTemporaryFile() as file:
            # In a process of its own: what it held would count as the runner's, which is forked from this one.
            if os.fork() == 0:
                file.write(body().encode())
                file.flush()
                os._exit(0)
            os.wait()
            size = os.path.getsize(file.name)
            row(title, size, [measure(runner, path, kind, file.name) for _ in range(rounds)])
            if kind == "application/json":
                samples = [sample for _ in range(rounds) for sample in measure_recorded(bench, path, file.name)]
                row("  and recording", size, samples)


if __name__ == "__main__":
    main()
