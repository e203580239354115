"""websocket_client.py - a WebSocket client as small as the captures need: masked frames as it is told, and reading to the end."""

import base64
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9


class WebSocketClient:
    def __init__(self, port, path, protocol, headers=()):
        self.socket = socket.create_connection(("127.0.0.1", port))
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: Upgrade", "Upgrade: websocket",
                 f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13"]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        lines.extend(headers)
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.read = b""
        while b"\r\n\r\n" not in self.read:
            self._receive()

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError(self.read)
        self.read += data

    def send(self, opcode, payload, final=True):
        """Sends one masked frame."""
        length = len(payload)
        size = struct.pack("!B", 0x80 | length) if length < 126 else struct.pack("!BH", 0x80 | 126, length)
        key = os.urandom(4)
        mask = int.from_bytes((key * (length // 4 + 1))[:length], "big")
        masked = (int.from_bytes(payload, "big") ^ mask).to_bytes(length, "big")
        self.socket.sendall(bytes([(0x80 if final else 0) | opcode]) + size + key + masked)

    def wait_for(self, sign):
        """Reads until the server has sent these bytes."""
        while sign not in self.read:
            self._receive()

    def read_to_end(self):
        try:
            while True:
                self._receive()
        except (EOFError, OSError):
            self.socket.close()
