#!/usr/bin/env python3
"""seeds_from_captures.py CAPTURES STREAMS WEBSOCKET - turns the captured connections of Tests/KubernetesWireTests into seeds.

STREAMS gets each conversation as the target `streams` takes it, and one made by hand; WEBSOCKET each side of those over a
WebSocket.
"""

import sys
from pathlib import Path

# As StreamsTarget.swift numbers the protocols.
SPDY, SPDY_IN_WEBSOCKET, CHANNELS, BASE64, PORTS = 0, 1, 2, 3, 4
LONGEST_STEP = 127


def protocol(head):
    if "spdy" in head.lower():
        return SPDY
    if "base64" in head:
        return BASE64
    return PORTS if "portforward" in head else CHANNELS


def steps(lines):
    for line in lines:
        if line[:2] in ("> ", "< "):
            yield line[0] == "<", bytes.fromhex(line[2:])


def seed(number, conversation):
    """A byte for the protocol, then for each step a byte with side and length, and its bytes."""
    written = bytearray([number])
    for is_cluster, data in conversation:
        for start in range(0, len(data), LONGEST_STEP):
            part = data[start : start + LONGEST_STEP]
            written.append(len(part) << 1 | is_cluster)
            written += part
    return bytes(written)


def in_frames(conversation):
    """What port-forward sends when it tunnels SPDY: each write in a frame of its own."""
    for is_cluster, data in conversation:
        for start in range(0, len(data), 125):
            part = data[start : start + 125]
            head = bytes([0x82, len(part)]) if is_cluster else bytes([0x82, 0x80 | len(part), 0, 0, 0, 0])
            yield is_cluster, head + part


def opening(stream, headers, is_first):
    """A SYN_STREAM whose headers are deflated without being compressed, so that what is changed in them can still be read."""
    block = len(headers).to_bytes(4, "big")
    for word in (word for pair in headers for word in pair):
        block += len(word).to_bytes(4, "big") + word.encode()
    size = len(block).to_bytes(2, "little")
    zlib_head = bytes.fromhex("78f9e3c6a7c2") if is_first else b""
    body = stream.to_bytes(4, "big") + bytes(6) + zlib_head + b"\0" + size + bytes(255 - byte for byte in size) + block
    return bytes.fromhex("80030001") + b"\0" + len(body).to_bytes(3, "big") + body


def uncompressed():
    """Streams of a command and of a forwarded port, some data, an end and a reset."""
    kinds = ([("streamtype", "stdin")], [("streamtype", "data"), ("port", "80"), ("requestid", "7")],
             [("streamtype", "error"), ("port", "80")])
    for index, headers in enumerate(kinds):
        yield False, opening(index * 2 + 1, headers, index == 0)
    yield True, bytes.fromhex("0000000301000002") + b"hi"
    yield False, bytes.fromhex("80030003000000080000000100000005")


def main():
    captures, streams, websocket = (Path(argument) for argument in sys.argv[1:])
    for folder in (streams, websocket):
        folder.mkdir(parents=True, exist_ok=True)
    (streams / "uncompressed").write_bytes(seed(SPDY, uncompressed()))
    for capture in sorted(captures.glob("*.txt")):
        lines = capture.read_text().split("----------")[0].splitlines()
        number = protocol("\n".join(line for line in lines if line[:2] not in ("> ", "< ")))
        conversation = list(steps(lines))
        (streams / capture.stem).write_bytes(seed(number, conversation))
        if number == SPDY:
            (streams / f"{capture.stem}-tunnelled").write_bytes(seed(SPDY_IN_WEBSOCKET, in_frames(conversation)))
            continue
        for is_cluster in (False, True):
            side = b"".join(data for one, data in conversation if one == is_cluster)
            (websocket / f"{capture.stem}-{'cluster' if is_cluster else 'caller'}").write_bytes(side)


main()
