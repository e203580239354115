#!/usr/bin/env python3
"""Measures the annotator over streams of 50 MB: bytes per second of CPU, and the most memory that it held.

    annotator.py RUNNER [ROUNDS]

RUNNER is the program of Tests/ManifestEditingRunner, built for release. CPU is the process' own, so other load on the machine
counts little; the start of the process is in it, and counts nothing at this size.
"""

import os
import statistics
import subprocess
import sys
import tempfile

SIZE = 50_000_000

DEPLOYMENT = """---
# The front end.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: front-end
  labels:
    app: front-end
spec:
  replicas: 3
  selector:
    matchLabels:
      app: front-end
  template:
    metadata:
      labels:
        app: front-end
    spec:
      containers:
      - name: server
        image: registry.example/front-end:1.4.2
        args: ["--listen", ":8080"]
        env:
        - name: LOG_LEVEL
          value: "info"
        resources:
          limits: {cpu: 500m, memory: 128Mi}
"""
SCRIPT = "  run.sh: |\n" + "    exec front-end --configuration /etc/front-end.yaml  # and nothing else\n" * 100
CONFIG_MAP = f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: scripts\ndata:\n{SCRIPT}"
ITEM = """- apiVersion: v1
  kind: Service
  metadata:
    name: front-end
  spec:
    selector: {app: front-end}
    ports:
    - port: 80
      targetPort: 8080
"""
JSON = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"key": "value", "other": "text"}}\n'

STREAMS = {
    "Deployments": ("", DEPLOYMENT),
    "ConfigMaps of 7 KiB": ("", CONFIG_MAP),
    "one List": ("apiVersion: v1\nkind: List\nitems:\n", ITEM),
    "JSON, one value a line": ("", JSON),
}


def measure(runner, path):
    """CPU seconds and the peak of memory in bytes."""
    command = [runner, "--annotation", "byline.dev/model=claude-opus-4", "--annotation", "byline.dev/prompt-id=p-1", "-"]
    with open(path, "rb") as stream:
        process = subprocess.Popen(command, stdin=stream, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"annotator: {runner} ended with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    runner, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 5
    print("annotating manifests: MB per second of CPU, median (lowest-highest); peak of memory")
    for title, (head, unit) in STREAMS.items():
        with tempfile.NamedTemporaryFile() as file:
            file.write((head + unit * (SIZE // len(unit))).encode())
            file.flush()
            size = os.path.getsize(file.name)
            samples = [measure(runner, file.name) for _ in range(rounds)]
        rates = sorted(size / seconds / 1e6 for seconds, _ in samples)
        memory = max(held for _, held in samples) / 2**20
        print(f"  {title:24} {statistics.median(rates):6.1f} ({rates[0]:.1f}-{rates[-1]:.1f}) MB/s  {memory:6.0f} MiB",
              flush=True)


if __name__ == "__main__":
    main()
