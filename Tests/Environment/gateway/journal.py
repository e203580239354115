"""Reads a journal of format version 1 (see Sources/Recording/JournalFormat.swift), without any code of the gateway."""

import json
import pathlib
import struct

KINDS = {1: "session", 2: "open", 3: "chunk", 4: "close", 5: "decision", 6: "gateway"}


def frames(folder):
    """Each whole frame of the journal as (kind, payload), a chunk's payload as bytes, any other's as parsed JSON."""
    for segment in sorted(pathlib.Path(folder).glob("*.byl")):
        data = segment.read_bytes()
        if data[:8] != b"BYLINEJ\n":
            raise ValueError(f"{segment} is no segment")
        offset = 48
        while offset + 9 <= len(data):
            length, _, kind = struct.unpack_from("<IIB", data, offset)
            if offset + 9 + length > len(data):
                break
            payload = data[offset + 9 : offset + 9 + length]
            name = KINDS[kind]
            yield name, payload if name == "chunk" else json.loads(payload)
            offset += 9 + length


def exchanges(folder):
    """The exchanges by id: {"open": …, "close": … or None}."""
    found = {}
    for kind, payload in frames(folder):
        if kind == "open":
            found[payload["exchange"]] = {"open": payload, "close": None}
        elif kind == "close":
            found.setdefault(payload["exchange"], {"open": None, "close": None})["close"] = payload
    return found
