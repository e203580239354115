#!/usr/bin/env python3
"""session.py PATH - runs a command in a container through a WebSocket and prints, as JSON, what came through each channel.

$PORT is plain HTTP on this machine (see proxied.sh). The server's side of every numbered channel is counted
and digested; what of it is short is printed as text.
"""

import argparse
import base64
import hashlib
import json
import os
import struct
import threading
from pathlib import Path

from websocket_client import BINARY, CLOSE, TEXT, WebSocketClient

NAMES = {0: "stdin", 1: "stdout", 2: "stderr", 3: "error", 4: "resize"}
PIECE = 32 << 10


def frames(client):
    """The server's frames, opcode and payload, until the connection ends. They are not masked."""
    buffer = bytearray(client.read.split(b"\r\n\r\n", 1)[1])
    client.read = b""

    def take(count):
        while len(buffer) < count:
            data = client.socket.recv(1 << 20)
            if not data:
                raise EOFError
            buffer.extend(data)
        taken = bytes(buffer[:count])
        del buffer[:count]
        return taken

    while True:
        try:
            first, second = take(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack("!H", take(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", take(8))[0]
            yield first & 0x0F, take(length)
        except (EOFError, ConnectionError):
            return


def send(client, path, is_base64):
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if is_base64:
                client.send(TEXT, b"0" + base64.b64encode(piece))
            else:
                client.send(BINARY, b"\x00" + piece)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--protocol", default="v4.channel.k8s.io")
    parser.add_argument("--header", action="append", default=[], help="a further header, NAME: VALUE")
    parser.add_argument("--stdin", type=Path, help="a file to send; the command must know where it ends")
    options = parser.parse_args()
    is_base64 = "base64" in options.protocol
    client = WebSocketClient(int(os.environ["PORT"]), options.path, options.protocol, options.header)
    if options.stdin:
        threading.Thread(target=send, args=(client, options.stdin, is_base64), daemon=True).start()
    channels = {}
    for opcode, payload in frames(client):
        if opcode == CLOSE:
            break
        if opcode not in (TEXT, BINARY) or not payload:
            continue
        number = payload[0] - (ord("0") if is_base64 else 0)
        data = base64.b64decode(payload[1:]) if is_base64 else payload[1:]
        channel = channels.setdefault(NAMES.get(number, str(number)), [0, hashlib.sha256(), b""])
        channel[0] += len(data)
        channel[1].update(data)
        channel[2] = (channel[2] + data)[:200]
    print(json.dumps({
        name: {"bytes": count, "sha256": digest.hexdigest(), "text": start.decode(errors="replace")}
        for name, (count, digest, start) in channels.items()}))


if __name__ == "__main__":
    main()
