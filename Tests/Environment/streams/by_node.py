#!/usr/bin/env python3
"""by_node.py NODE KUBECTL ARGUMENT... - runs kubectl so that its port-forward of a pod goes through `nodes/proxy` to
kubelet, as an agent's could that was refused the pod's own subresource. $PORT is plain HTTP on this machine (see
proxied.sh).
"""

import os
import re
import socket
import sys
import threading
import time

FORWARD = re.compile(rb"^POST /api/v1/namespaces/([^/]+)/pods/([^/]+)/portforward HTTP/1.1\r\n")


def pass_on(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client, port, node):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data:
            return
        head += data
    path = rb"POST /api/v1/nodes/%s/proxy/portForward/\1/\2 HTTP/1.1\r\n" % node.encode()
    server = socket.create_connection(("127.0.0.1", port))
    server.sendall(FORWARD.sub(path, head))
    threading.Thread(target=pass_on, args=(client, server), daemon=True).start()
    pass_on(server, client)


def accept(listener, port, node):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, port, node), daemon=True).start()


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(0)


def main():
    node, kubectl, *arguments = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", 0))
    parent = os.getpid()
    if os.fork() == 0:
        threading.Thread(target=accept, args=(listener, int(os.environ["PORT"]), node), daemon=True).start()
        end_with(parent)
    server = f"http://127.0.0.1:{listener.getsockname()[1]}"
    os.execvp(kubectl, [kubectl, "--server", server, *arguments])


if __name__ == "__main__":
    main()
