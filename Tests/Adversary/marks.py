"""The planted values and how they are found again, however they are spelt.

A value begins with one mark and ends with another, so that a half that is left in clear is seen too. Between the two stand
eight letters that say which plant it is. Marks are letters and digits: no escaping changes them.
"""

import base64
import gzip
import random
import re
import string
import zlib

LETTERS = string.ascii_letters + string.digits
MARK = 8


class Marks:
    """The marks of one seed. `stored` stand in the cluster: nobody may see them. `sent` come from the caller: they must not be
    kept by the gateway."""

    def __init__(self, seed):
        self._random = random.Random("marks of %s" % seed)
        self.stored = self._pair()
        self.sent = self._pair()
        self.names = {}
        # By a sent value's name: the number of its case.
        self.owners = {}
        self._owner = None
        self._found = re.compile(rb"(?:%s|%s)(\w{8})" % (self.stored[0].encode(), self.sent[0].encode()))
        self._needles = {
            origin: {spelling: needle for mark in pair for spelling, needle in spellings(mark)}
            for origin, pair in (("stored", self.stored), ("sent", self.sent))
        }

    def _text(self, length):
        return "".join(self._random.choices(LETTERS, k=length))

    def _pair(self):
        """Two marks, each with letters of both cases and a digit."""
        return tuple(self._text(MARK - 3) + "q" + "X" + str(self._random.randrange(10)) for _ in range(2))

    def reseed(self, seed, owner):
        """The next values follow from this alone: those of a case do not depend on the cases before it."""
        self._random, self._owner = random.Random(seed), owner

    def owner(self, data):
        """The number of the case that said the first sent value in the bytes; None where none can be read."""
        for match in self._found.finditer(data):
            if match.group(1).decode() in self.owners:
                return self.owners[match.group(1).decode()]
        return None

    def value(self, carrier, length=24, middle="", origin="stored"):
        """A new value. `carrier` says where it is planted; `middle` is put into it as it is."""
        head, tail = self.stored if origin == "stored" else self.sent
        name = self._text(8)
        self.names[name] = carrier
        if self._owner is not None:
            self.owners[name] = self._owner
        return head + name + middle + self._text(max(0, length - 2 * MARK - 8)) + tail

    def find(self, data, origin, depth=3):
        """The plants that are seen in bytes: pairs of spelling and carrier, each once."""
        return sorted(set(self._find(data, origin, depth, "")))

    def _find(self, data, origin, depth, within):
        for spelling, needle in self._needles[origin].items():
            if needle in data:
                yield within + spelling.split("/")[0], self._carrier(data, origin, needle)
        lower = data.lower()
        if lower != data:
            for mark in self.stored if origin == "stored" else self.sent:
                if mark.lower().encode() in lower and mark.encode() not in data:
                    yield within + "other case", "?"
        if depth:
            for how, inner in unwrapped(data):
                yield from self._find(inner, origin, depth - 1, "%s%s of " % (within, how))

    def _carrier(self, data, origin, needle):
        """Where the value was planted, as far as its name can be read beside the mark."""
        head = (self.stored if origin == "stored" else self.sent)[0].encode()
        for match in self._found.finditer(data):
            if match.group().startswith(head) and match.group(1).decode() in self.names:
                return self.names[match.group(1).decode()]
        return "?"


def spellings(mark):
    """The ways in which a mark may be written, as ("name/which", bytes)."""
    plain = mark.encode()
    yield "plain/" + mark, plain
    yield "reversed/" + mark, plain[::-1]
    yield "hex/" + mark, plain.hex().encode()
    yield "HEX/" + mark, plain.hex().upper().encode()
    yield "percent/" + mark, "".join("%%%02x" % byte for byte in plain).encode()
    yield "PERCENT/" + mark, "".join("%%%02X" % byte for byte in plain).encode()
    yield "octal escapes/" + mark, "".join("\\%03o" % byte for byte in plain).encode()
    yield "unicode escapes/" + mark, "".join("\\u%04x" % byte for byte in plain).encode()
    yield "UTF-16LE/" + mark, mark.encode("utf-16-le")
    yield "UTF-16BE/" + mark, mark.encode("utf-16-be")
    # Go's %v and %#v of a []byte, and a JSON array of numbers.
    yield "Go %v/" + mark, " ".join(str(byte) for byte in plain).encode()
    yield "Go %#v/" + mark, ", ".join("0x%x" % byte for byte in plain).encode()
    yield "numbers/" + mark, ",".join(str(byte) for byte in plain).encode()
    for phase in range(3):
        encoded = base64.b64encode(b"\0" * phase + plain)
        first = (0, 2, 3)[phase]
        last = len(encoded) - {0: 0, 1: 3, 2: 2}[(phase + len(plain)) % 3]
        yield "base64/%d %s" % (phase, mark), encoded[first:last]


BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
GZIP = b"\x1f\x8b\x08"


def unwrapped(data):
    """What is inside of bytes: what base64 decodes to, and what gzip holds."""
    at = data.find(GZIP)
    while at >= 0:
        inner = inflated(data[at:])
        if inner:
            yield "gzip", inner
        at = data.find(GZIP, at + 3)
    for match in BASE64.finditer(data):
        text = match.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        if len(text) > 1 << 20:
            continue
        for start in range(4):
            part = text[start:]
            part = part[: len(part) // 4 * 4]
            inner = base64.b64decode(part) if part else b""
            # Text that was encoded, or what gzip made: the rest is chance.
            if inner.startswith(GZIP) or inner[:64].isascii():
                yield "base64", inner


def inflated(data):
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 16 << 20)
    except zlib.error:
        return b""


def deflated(text):
    return gzip.compress(text.encode(), mtime=0)
