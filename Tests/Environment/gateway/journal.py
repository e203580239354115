"""Reads a journal of format version 1 (see Sources/Recording/JournalFormat.swift), without any code of the gateway."""

import json
import pathlib
import struct

KINDS = {1: "session", 2: "open", 3: "chunk", 4: "close", 5: "decision", 6: "gateway"}
# The length of a segment's header, in bytes.
HEADER = 48


def frames(folder):
    """Each whole frame of the journal as (kind, payload), a chunk's payload as bytes, any other's as parsed JSON."""
    for segment in sorted(pathlib.Path(folder).glob("*.byl")):
        data = segment.read_bytes()
        if data[:8] != b"BYLINEJ\n":
            raise ValueError(f"{segment} is no segment")
        for name, payload, _ in _whole_frames(data, HEADER):
            yield name, payload


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

    def new(self):
        """The whole frames since the last call."""
        found = []
        for segment in sorted(self._folder.glob("*.byl")):
            start = self._read.get(segment, HEADER)
            with open(segment, "rb") as file:
                file.seek(start)
                data = file.read()
            end = 0
            for name, payload, end in _whole_frames(data, 0):
                found.append((name, payload))
            self._read[segment] = start + end
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
