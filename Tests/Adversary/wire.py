"""Sends one case as it stands over HTTP/1.1 or HTTP/2, and gives every byte that came back, and what is within."""

import base64
import json
import socket
import ssl
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from marks import inflated

# How long an answer may take, and how long a stream is listened to, in seconds.
PATIENCE = 10
LISTEN = 0.7


class Answer:
    """What came: the status, the head, the body as a client reads it, and all of it for the search."""

    def __init__(self, status=0, head=b"", body=b"", note=""):
        self.status, self.head, self.body, self.note = status, head, body, note

    @property
    def everything(self):
        parts = [self.head, self.body]
        if b"gzip" in self.head.lower():
            parts.append(inflated(self.body))
        if self.status == 101:
            parts += websocket_channels(self.body)
        return b"\n".join(parts)


class Wire:
    def __init__(self, url, authority):
        host, _, port = url.removeprefix("https://").partition(":")
        self.host = "%s:%s" % (host, port)
        self._address = (host, int(port))
        self._contexts = {}
        for protocol in ("http/1.1", "h2"):
            context = ssl.create_default_context(cafile=authority)
            context.set_alpn_protocols([protocol])
            self._contexts[protocol] = context

    def send(self, case, token):
        headers = [("Host", self.host)] + [tuple(pair) for pair in case["headers"]]
        if token:
            headers.insert(1, ("Authorization", "Bearer " + token))
        body = body_of(case)
        try:
            with socket.create_connection(self._address, timeout=PATIENCE) as plain:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                protocol = case["protocol"]
                with self._contexts[protocol].wrap_socket(plain, server_hostname=self._address[0]) as connection:
                    send = self._send2 if protocol == "h2" else self._send1
                    return send(connection, case, headers, body)
        except (OSError, UnicodeEncodeError, h2.exceptions.ProtocolError) as error:
            return Answer(note=str(error))

    # --- HTTP/1.1

    def _send1(self, connection, case, headers, body):
        lines = ["%s %s HTTP/1.1" % (case["method"], case["target"])] + ["%s: %s" % pair for pair in headers]
        if body is not None and not any(name.lower() == "transfer-encoding" for name, _ in headers):
            lines.append("Content-Length: %d" % len(body))
        elif body is not None:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        connection.sendall("\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + (body or b""))
        data, deadline = b"", time.monotonic() + PATIENCE
        told = False
        while time.monotonic() < deadline:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                piece = connection.recv(1 << 18)
            except OSError:
                break
            if not piece:
                break
            data += piece
            head, mark, rest = data.partition(b"\r\n\r\n")
            if mark and not told:
                if head.startswith(b"HTTP/1.1 100"):
                    data = rest
                    continue
                told = True
                if case.get("stream") or head.startswith(b"HTTP/1.1 101"):
                    deadline = time.monotonic() + LISTEN
                if head.startswith(b"HTTP/1.1 101"):
                    for text in case.get("frames", []):
                        connection.sendall(frame(base64.b64decode(text)))
            if mark and is_whole(head, rest, case["method"]):
                break
        return parsed(data, case["method"])

    # --- HTTP/2

    def _send2(self, connection, case, headers, body):
        config = h2.config.H2Configuration(
            header_encoding=None, validate_outbound_headers=False, normalize_outbound_headers=False, validate_inbound_headers=False)
        speaker = h2.connection.H2Connection(config)
        speaker.initiate_connection()
        speaker.increment_flow_control_window(1 << 28)
        fields = [(":method", case["method"]), (":scheme", "https"), (":authority", self.host), (":path", case["target"])]
        fields += [(name.lower(), value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        encode = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in fields]
        if body is not None:
            encode.append((b"content-length", str(len(body)).encode()))
        speaker.send_headers(1, encode, end_stream=not body)
        speaker.increment_flow_control_window(1 << 28, 1)
        rest = body or b""
        status, head, came = 0, b"", b""
        deadline = time.monotonic() + PATIENCE
        done = False
        while not done and time.monotonic() < deadline:
            while rest:
                room = min(speaker.local_flow_control_window(1), speaker.max_outbound_frame_size, len(rest))
                if room <= 0:
                    break
                speaker.send_data(1, rest[:room], end_stream=room == len(rest))
                rest = rest[room:]
            connection.sendall(speaker.data_to_send())
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                data = connection.recv(1 << 18)
            except OSError:
                break
            if not data:
                break
            for event in speaker.receive_data(data):
                if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                    for name, value in event.headers:
                        status = int(value) if name == b":status" else status
                        head += name + b": " + value + b"\r\n"
                    if case.get("stream"):
                        deadline = time.monotonic() + LISTEN
                elif isinstance(event, h2.events.DataReceived):
                    came += event.data
                elif isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    done = True
        return Answer(status, head, came)


# HTTP/2 forbids them; what becomes of them is for make hostile.
HOP_BY_HOP = {"host", "connection", "upgrade", "transfer-encoding", "keep-alive", "te"}


def body_of(case):
    if case.get("body64") is not None:
        return base64.b64decode(case["body64"])
    body = case.get("body")
    if body is None:
        return None
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def fields(head):
    return {name.strip().lower(): value.strip().lower() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])}


def is_whole(head, rest, method):
    status = head[9:12]
    if status == b"101":
        return False
    if method == "HEAD" or status in (b"204", b"304"):
        return True
    told = fields(head)
    if b"content-length" in told:
        return len(rest) >= int(told[b"content-length"])
    return told.get(b"transfer-encoding") == b"chunked" and rest.endswith(b"0\r\n\r\n")


def parsed(data, method):
    head, mark, rest = data.partition(b"\r\n\r\n")
    if not mark:
        return Answer(body=data, note="no head")
    status = int(head[9:12]) if head[9:12].isdigit() else 0
    if fields(head).get(b"transfer-encoding") == b"chunked" and status != 101:
        body = b""
        while rest:
            size, mark, rest = rest.partition(b"\r\n")
            try:
                length = int(size.split(b";")[0], 16)
            except ValueError:
                break
            body, rest = body + rest[:length], rest[length + 2:]
        rest = body
    return Answer(status, head, rest)


# --- WebSocket (RFC 6455)

def frame(payload):
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + length.to_bytes(2, "big")
    # A mask of zeros leaves the bytes as they are.
    return b"\x82" + size + b"\0\0\0\0" + payload


def websocket_channels(data):
    """What each channel said, joined over its frames; and the same decoded, where it is base64."""
    joined = {}
    at = 0
    while at + 2 <= len(data):
        length, head = data[at + 1] & 0x7F, 2
        if length == 126:
            length, head = int.from_bytes(data[at + 2: at + 4], "big"), 4
        elif length == 127:
            length, head = int.from_bytes(data[at + 2: at + 10], "big"), 10
        payload = data[at + head: at + head + length]
        at += head + length
        if payload:
            joined[payload[0]] = joined.get(payload[0], b"") + payload[1:]
            joined[-1] = joined.get(-1, b"") + payload
    for content in list(joined.values()):
        yield content
        try:
            yield base64.b64decode(content[: len(content) // 4 * 4], validate=True)
        except ValueError:
            pass
