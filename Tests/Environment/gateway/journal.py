"""Reads a journal of format version 1 (see Sources/Recording/JournalFormat.swift), sealed or not, without any code of the gateway."""

import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import sealed  # noqa: E402

KINDS = {1: "session", 2: "open", 3: "chunk", 4: "close", 5: "decision", 6: "gateway"}
# The length of a segment's header, in bytes.
HEADER = 48


def frames(folder):
    """Each whole frame of the journal as (kind, payload), a chunk's payload as bytes, any other's as parsed JSON."""
    for number in segments(folder):
        data = content(folder, number)
        if data and data[:8] != b"BYLINEJ\n":
            raise ValueError(f"segment {number} is none")
        for name, payload, _ in _whole_frames(data, HEADER):
            yield name, payload


def segments(folder):
    """The numbers of the segments, sealed or not, ascending."""
    return sorted({int(path.stem) for path in pathlib.Path(folder).glob("*.by[lz]")})


def content(folder, number):
    """A segment's bytes as they were written. One may be sealed at any moment; its plain form goes last."""
    path = pathlib.Path(folder) / f"{number:010}.byl"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return sealed.decode(path.with_suffix(".byz"))


def _whole_frames(data, offset):
    """Each whole frame from an offset on, as (kind, payload, where the next one begins)."""
    while offset + 9 <= len(data):
        length, _, kind = struct.unpack_from("<IIB", data, offset)
        if offset + 9 + length > len(data):
            return
        payload = data[offset + 9 : offset + 9 + length]
        offset += 9 + length
        name = KINDS[kind]
        yield name, payload if name == "chunk" else json.loads(payload), offset


class Tail:
    """Follows a journal that is being written."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._read = {}
        self._done = set()

    def new(self):
        """The whole frames since the last call."""
        found = []
        for number in segments(self._folder):
            start = end = self._read.get(number, HEADER)
            # What is sealed does not grow any more; it is read once more, for what was written since the last call.
            if number in self._done:
                continue
            if not (self._folder / f"{number:010}.byl").exists():
                self._done.add(number)
            for name, payload, end in _whole_frames(content(self._folder, number), start):
                found.append((name, payload))
            self._read[number] = end
        return found


def exchanges(folder):
    """The exchanges by id: {"open": …, "close": … or None}."""
    found = {}
    for kind, payload in frames(folder):
        if kind == "open":
            found[payload["exchange"]] = {"open": payload, "close": None}
        elif kind == "close":
            found.setdefault(payload["exchange"], {"open": None, "close": None})["close"] = payload
    return found
