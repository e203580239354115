#!/usr/bin/env python3
"""capture.py DIR [CASE...] - writes captures of real upgraded connections to a cluster into DIR, one file a case.

KUBECONFIG names the cluster (see ../cluster/up.sh), KUBECTL the kubectl. It makes a pod named `captured` and removes it.
"""

import base64
import fcntl
import json
import os
import pty
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from capture_file import text
from relay import Relay
from websocket_client import BINARY, CLOSE, PING, TEXT, WebSocketClient

KUBECTL = os.environ.get("KUBECTL", "kubectl")
POD = "captured"
POD_PATH = f"/api/v1/namespaces/default/pods/{POD}"
IMAGE = "docker.io/local/busybox:1"
TALK = ["sh", "-c", "echo to stdout; sleep 0.2; echo to stderr >&2; sleep 0.2; exit 3"]


def server_and_context():
    """The API server's address and a TLS context with the administrator's certificate."""
    view = json.loads(subprocess.check_output([KUBECTL, "config", "view", "--raw", "--minify", "-o", "json"]))
    cluster, user = view["clusters"][0]["cluster"], view["users"][0]["user"]
    context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    with tempfile.TemporaryDirectory() as folder:
        pair = Path(folder, "pair.pem")
        pair.touch(mode=0o600)
        pair.write_bytes(b"\n".join(base64.b64decode(user[f"client-{part}-data"]) for part in ("certificate", "key")))
        context.load_cert_chain(pair)
    url = urlsplit(cluster["server"])
    return (url.hostname, url.port), context


def kubectl(port, *arguments, **options):
    environment = dict(os.environ, KUBECONFIG="/dev/null")
    return subprocess.run([KUBECTL, "--server", f"http://127.0.0.1:{port}", *arguments], env=environment, **options)


def exec_without_tty(port):
    kubectl(port, "exec", POD, "--", *TALK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def exec_with_stdin(port):
    kubectl(port, "exec", "-i", POD, "--", "cat", input=b"a line\n" * 3, stdout=subprocess.DEVNULL)


def exec_with_tty(port):
    """Through a pseudo-terminal, so that kubectl sends its size."""
    terminal, far_end = pty.openpty()
    fcntl.ioctl(far_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen(
        [KUBECTL, "--server", f"http://127.0.0.1:{port}", "exec", "-it", POD, "--", "sh"],
        env=dict(os.environ, KUBECONFIG="/dev/null"), stdin=far_end, stdout=far_end, stderr=far_end,
        start_new_session=True)
    os.close(far_end)
    time.sleep(2)
    os.write(terminal, b"exit 7\n")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    child.wait()


def port_forward(port):
    """Two connections to a port that answers, one to a port that does not."""
    forward = subprocess.Popen(
        [KUBECTL, "--server", f"http://127.0.0.1:{port}", "port-forward", "--address=127.0.0.1",
         f"pod/{POD}", ":8080", ":9"],
        env=dict(os.environ, KUBECONFIG="/dev/null"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    lines = [forward.stdout.readline() for _ in range(2)]
    ports = [int(line.split("127.0.0.1:")[1].split()[0]) for line in lines]
    for local in (ports[0], ports[0], ports[1]):
        with socket.create_connection(("127.0.0.1", local)) as connection:
            connection.sendall(b"GET /hello HTTP/1.0\r\n\r\n")
            while connection.recv(4096):
                pass
        time.sleep(0.3)
    forward.terminate()
    forward.wait()


def exec_path(*command, stdin=False):
    options = [("stdout", "true"), ("stderr", "true")] + [("stdin", "true")] * stdin
    return f"{POD_PATH}/exec?" + urlencode(options + [("command", word) for word in command])


def attach(port):
    """To the pod's own command, which says nothing: ended after a while."""
    try:
        kubectl(port, "attach", POD, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                timeout=1.5)
    except subprocess.TimeoutExpired:
        pass


def web_socket_binary(port):
    client = WebSocketClient(port, exec_path("sh", "-c", "read a; echo got $a; exit 3", stdin=True), "v4.channel.k8s.io")
    client.send(PING, b"there?")
    client.send(BINARY, b"\x00hel")
    client.send(BINARY, b"\x00lo\n")
    client.read_to_end()


def web_socket_base64(port):
    client = WebSocketClient(port, exec_path("sh", "-c", "read a; echo got $a", stdin=True), "v4.base64.channel.k8s.io")
    client.send(TEXT, b"0" + base64.b64encode(b"hello\n"))
    client.read_to_end()


def web_socket_first_version(port):
    WebSocketClient(port, exec_path(*TALK), "channel.k8s.io").read_to_end()


def web_socket_without_word(port):
    WebSocketClient(port, exec_path(*TALK), "").read_to_end()


def web_socket_fragments(port):
    """What a message in two frames is to the server: it takes the second for a message of its own."""
    client = WebSocketClient(port, exec_path("sh", "-c", "head -c 8 | od -t x1", stdin=True), "v4.channel.k8s.io")
    client.send(BINARY, b"\x00one\n", final=False)
    client.send(0, b"\x00two\n")
    client.read_to_end()


def web_socket_port_forward(port):
    client = WebSocketClient(port, f"{POD_PATH}/portforward?ports=8080", "v4.channel.k8s.io")
    client.send(BINARY, b"\x00GET /hello HTTP/1.0\r\n\r\n")
    client.wait_for(b"hello over a port")
    client.send(CLOSE, b"\x03\xe8")
    client.read_to_end()


CASES = [
    exec_without_tty, exec_with_stdin, exec_with_tty, attach, port_forward, web_socket_binary, web_socket_base64,
    web_socket_first_version, web_socket_without_word, web_socket_fragments, web_socket_port_forward,
]


def make_pod():
    answer = "mkdir /www; echo hello over a port >/www/hello; exec httpd -f -p 8080 -h /www"
    overrides = {"spec": {"terminationGracePeriodSeconds": 0}}
    subprocess.check_call(
        [KUBECTL, "run", POD, f"--image={IMAGE}", "--image-pull-policy=Never", "--restart=Never",
         "--overrides", json.dumps(overrides), "--", "sh", "-c", answer])
    subprocess.check_call([KUBECTL, "wait", "--for=condition=Ready", f"pod/{POD}", "--timeout=60s"])


def capture(case, folder, address, context):
    relay = Relay(address, context)
    try:
        case(relay.port)
        time.sleep(0.3)
    finally:
        relay.close()
    captures = [one for one in (text(connection.passed) for connection in relay.connections) if one]
    if len(captures) != 1:
        sys.exit(f"{case.__name__}: {len(captures)} connections were upgraded, not one")
    Path(folder, case.__name__.replace("_", "-") + ".txt").write_text(captures[0])


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    address, context = server_and_context()
    make_pod()
    try:
        wanted = sys.argv[2:]
        for case in (one for one in CASES if not wanted or one.__name__ in wanted):
            capture(case, folder, address, context)
            print(f"captured: {case.__name__}")
    finally:
        subprocess.call([KUBECTL, "delete", "pod", POD, "--now"], stdout=subprocess.DEVNULL)


main()
