"""streams.py PART - streams into the pod `web` through the Python client, which speaks v4 of the WebSocket protocol."""

import hashlib
import os
import sys
import time

from kubernetes import client, config
from kubernetes.stream import portforward, stream

NAMESPACE = os.environ["NS"]
config.load_kube_config()
core = client.CoreV1Api()


def open_exec(*command, **options):
    options = {"stdin": False, "stdout": True, "stderr": True, "tty": False, **options}
    return stream(core.connect_get_namespaced_pod_exec, "web", NAMESPACE, container="writer", command=list(command),
                  _preload_content=False, **options)


def finish(opened):
    opened.run_forever(timeout=60)
    print("stdout", repr(opened.read_stdout(timeout=1)), "stderr", repr(opened.read_stderr(timeout=1)), "exit", opened.returncode)


def execute():
    finish(open_exec("hostname"))
    finish(open_exec("sh", "-c", "echo out; echo err >&2; exit 7"))


def stdin():
    opened = open_exec("sh", "-c", "head -c 2000000 | sha256sum", stdin=True)
    for _ in range(40):
        opened.write_stdin("0123456789" * 5000)
    finish(opened)
    opened = open_exec("seq", "1", "200000")
    opened.run_forever(timeout=60)
    print(hashlib.sha256(opened.read_all().encode()).hexdigest())


def terminal():
    # The shell starts when the size is there: it would draw its prompt anew.
    opened = open_exec(
        "sh", "-c", 'until [ "$(stty size 2>/dev/null)" = "33 99" ]; do sleep 0.1; done; exec sh', stdin=True, tty=True)
    opened.write_channel(4, '{"Height":33,"Width":99}')
    time.sleep(1)
    opened.write_stdin("stty size; exit 2\n")
    opened.run_forever(timeout=60)
    # Reading empties the channel of the exit code too.
    print(opened.returncode, repr(opened.read_all()))


def log():
    print(core.read_namespaced_pod_log("web", NAMESPACE, container="writer"))
    for line in core.read_namespaced_pod_log("web", NAMESPACE, container="writer", follow=True, _preload_content=False):
        print(line)
        if b"second" in line:
            break


def forward():
    opened = portforward(core.connect_get_namespaced_pod_portforward, "web", NAMESPACE, ports="8080")
    http = opened.socket(8080)
    http.setblocking(True)
    http.sendall(b"GET /long.txt HTTP/1.0\r\n\r\n")
    received = b""
    while piece := http.recv(65536):
        received += piece
    http.close()
    head, _, body = received.partition(b"\r\n\r\n")
    print(head.split(b"\r\n")[0], hashlib.sha256(body).hexdigest(), opened.error(8080))


PARTS = {"exec": execute, "stdin": stdin, "terminal": terminal, "log": log, "forward": forward}
PARTS[sys.argv[1]]()
