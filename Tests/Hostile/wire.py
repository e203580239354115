"""Sends bytes over TLS as they are, and reads what comes back: no library in between that would mend either."""

import socket
import ssl

import http2
from answer import Answer

# How long an answer is waited for, and how long it is listened whether another one follows, in seconds.
PATIENCE = 5
QUIET = 0.01


class Wire:
    def __init__(self, host, authority):
        name, _, port = host.partition(":")
        self._address = (name, int(port))
        self._authority = authority

    def send(self, raw, protocol, expected=1):
        """All the answers to these bytes on a connection of their own; at least one, be it that there was none."""
        context = ssl.create_default_context(cafile=self._authority)
        context.set_alpn_protocols([protocol])
        with socket.create_connection(self._address, timeout=PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname=self._address[0]) as connection:
                if connection.selected_alpn_protocol() not in (protocol, None):
                    raise OSError(f"the gateway does not speak {protocol}")
                try:
                    connection.sendall(raw)
                except OSError:
                    pass  # It refused before it had read everything; its answer may be there.
                reader = http2.Reader() if protocol == "h2" else Reader(is_head=raw.startswith(b"HEAD "))
                return self._read(connection, reader, expected)

    @staticmethod
    def _read(connection, reader, expected):
        connection.settimeout(PATIENCE)
        while True:
            try:
                data = connection.recv(65536)
            except TimeoutError:
                return reader.finish(f"nothing came for {connection.gettimeout()} s")
            except OSError as error:
                return reader.finish(f"closed: {error}")
            if not data:
                return reader.finish("closed")
            reader.feed(data)
            if reader.has(expected):
                connection.settimeout(QUIET)


class Reader:
    """HTTP/1.1 responses, one behind the other."""

    def __init__(self, is_head=False):
        self._data = b""
        self._is_head = is_head
        self._answers = []

    def feed(self, data):
        self._data += data
        while self._take():
            pass

    def has(self, expected):
        """True where so many answers are whole, and no other has begun."""
        return len(self._answers) >= expected and not self._data

    def finish(self, end):
        if not self._answers or self._data:
            self._answers.append(Answer(end=f"{end}; read {self._data[:100]!r}" if self._data else end))
        return self._answers

    def _take(self):
        head, mark, rest = self._data.partition(b"\r\n\r\n")
        if not mark:
            return False
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        status = int(lines[0].split()[1])
        if 100 <= status < 200 and status != 101:
            self._data = rest
            return True
        taken = self._body(rest, headers, status)
        if taken is None:
            return False
        body, self._data = taken
        self._answers.append(Answer(status, headers, body))
        return True

    def _body(self, rest, headers, status):
        if self._is_head or status in (101, 204, 304):
            return b"", rest
        if "content-length" in headers:
            length = int(headers["content-length"])
            return (rest[:length], rest[length:]) if len(rest) >= length else None
        body = b""
        while True:
            line, mark, rest = rest.partition(b"\r\n")
            if not mark:
                return None
            size = int(line.split(b";")[0], 16)
            if len(rest) < size + 2:
                return None
            body, rest = body + rest[:size], rest[size + 2 :]
            if size == 0:
                return body, rest
