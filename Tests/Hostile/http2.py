"""HTTP/2 frames made by hand (RFC 9113), with header blocks that no library would write (RFC 7541, literals only)."""

import struct

from answer import Answer

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, CONTINUATION = 0, 1, 3, 4, 7, 9
ACKNOWLEDGED, END_STREAM, END_HEADERS = 1, 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def integer(value, prefix, first=0):
    limit = (1 << prefix) - 1
    if value < limit:
        return bytes([first | value])
    encoded = bytes([first | limit])
    value -= limit
    while value >= 128:
        encoded += bytes([value & 127 | 128])
        value >>= 7
    return encoded + bytes([value])


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return integer(len(value), 7) + value


def block(fields):
    """Each field as a literal that is never indexed, neither name nor value compressed."""
    return b"".join(b"\x10" + text(name) + text(value) for name, value in fields)


def opening():
    """What a connection begins with; a client has not read the server's settings when it sends its first request."""
    return PREFACE + frame(SETTINGS, 0, 0)


def request(fields, body=None, piece=16384):
    """A connection's beginning and one request on stream 1, its header block in as many frames as it needs."""
    data = block(fields)
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    frames = opening()
    for index, part in enumerate(pieces):
        flags = END_HEADERS if index == len(pieces) - 1 else 0
        flags |= END_STREAM if index == 0 and body is None else 0
        frames += frame(CONTINUATION if index else HEADERS, flags, 1, part)
    frames += b"" if body is None else frame(DATA, END_STREAM, 1, body)
    return frames + frame(SETTINGS, ACKNOWLEDGED, 0)


class Reader:
    """The answer on stream 1: its status, which always stands first in the block, and its body."""

    _INDEXED = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}

    def __init__(self):
        self._data = b""
        self._answer = None
        self._body = b""
        self._answers = []
        self._end = ""
        self._is_given_up = False

    def feed(self, data):
        self._data += data
        while len(self._data) >= 9:
            length = int.from_bytes(self._data[:3], "big")
            if len(self._data) < 9 + length:
                return
            kind, flags = self._data[3], self._data[4]
            payload, self._data = self._data[9 : 9 + length], self._data[9 + length :]
            self._take(kind, flags, payload)

    def _take(self, kind, flags, payload):
        if kind == HEADERS and self._answer is None:
            self._answer = Answer(status=self._status(payload))
        elif kind == DATA:
            self._body += payload
        elif kind == RST_STREAM:
            self._end = f"RST_STREAM {int.from_bytes(payload, 'big')}"
        elif kind == GOAWAY and payload[4:8] != b"\0\0\0\0":
            self._is_given_up = True
            self._end = f"GOAWAY {int.from_bytes(payload[4:8], 'big')} {payload[8:]!r}"
        if kind in (HEADERS, DATA) and flags & END_STREAM and self._answer:
            self._answer.body = self._body
            self._answers.append(self._answer)

    def has(self, _):
        """True where the stream has its answer or was ended; a connection that was given up is to be closed."""
        return bool(self._answers or self._end) and not self._is_given_up

    def finish(self, end):
        if self._is_given_up and end.startswith("nothing came"):
            return [Answer(status=-1, end=f"{self._end}, but the connection stays open")]
        return self._answers or [Answer(end=self._end or end)]

    def _status(self, payload):
        # A change of the table's size may stand in front.
        while payload[0] & 0xE0 == 0x20:
            payload = payload[1:]
        if payload[0] & 0x80:
            return self._INDEXED[payload[0] & 0x7F]
        # A literal with the name's index, which takes one byte; then three digits, perhaps compressed.
        length, value = payload[1], payload[2:]
        if not length & 0x80:
            return int(value[:length])
        bits = "".join(f"{byte:08b}" for byte in value[: length & 0x7F])
        digits = ""
        while len(digits) < 3:
            # RFC 7541 Appendix B: 0, 1, 2 have five bits, the other digits six.
            short = int(bits[:5], 2)
            digits += str(short) if short < 3 else str(int(bits[:6], 2) - 0x16)
            bits = bits[5:] if short < 3 else bits[6:]
        return int(digits)
