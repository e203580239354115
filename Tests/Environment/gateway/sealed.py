"""Decodes a sealed segment of format version 1 (see Sources/Recording/Sealed/SealedFormat.swift), without any code of the
gateway: by libzstd alone."""

import ctypes
import ctypes.util
import hashlib
import struct

MAGIC = b"BYLINEZ\n"
HEADER = 48
FOOTER = 24
BLOCK = 1 << 20

_zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
_zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
_zstd.ZSTD_decompress.restype = ctypes.c_size_t


def decompress(data):
    size = _zstd.ZSTD_getFrameContentSize(data, ctypes.c_size_t(len(data)))
    if size > 1 << 30:
        raise ValueError("no Zstandard frame")
    content = ctypes.create_string_buffer(max(size, 1))
    written = _zstd.ZSTD_decompress(content, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data)))
    if written != size:
        raise ValueError("a damaged Zstandard frame")
    return content.raw[:size]


def decode(path):
    """The segment's bytes as they were written."""
    data = path.read_bytes()
    if data[:8] != MAGIC or data[-8:] != MAGIC:
        raise ValueError(f"{path} is no sealed segment")
    offset, length, _ = struct.unpack_from("<QII", data, len(data) - FOOTER)
    table = _Cursor(decompress(data[offset : offset + length]))
    (plain_length,), digest = table.take("<Q"), table.bytes(32)
    blocks = [table.take("<II") for _ in range(table.take("<I")[0])]
    pieces = [(table.bytes(32), table.take("<I")[0]) for _ in range(table.take("<I")[0])]
    references = [table.take("<QIII") for _ in range(table.take("<I")[0])]
    plain, place = bytearray(plain_length), HEADER
    free = _gaps(references, plain_length)
    literal = bytearray()
    for length, _ in blocks:
        literal += decompress(data[place : place + length])
        place += length
    for start, end in free:
        plain[start:end], literal = literal[: end - start], literal[end - start :]
    for start, length, number, within in references:
        name = pieces[number][0].hex()
        piece = decompress((path.parent / "bodies" / name[:2] / f"{name}.zst").read_bytes())
        plain[start : start + length] = piece[within : within + length]
    if hashlib.sha256(plain).digest() != digest:
        raise ValueError(f"{path} does not decode to what was sealed")
    return bytes(plain)


def _gaps(references, length):
    """The ranges between the references."""
    end, found = 0, []
    for start, count, _, _ in references:
        found.append((end, start))
        end = start + count
    return found + [(end, length)]


class _Cursor:
    def __init__(self, data):
        self._data, self._place = data, 0

    def take(self, form):
        self._place += struct.calcsize(form)
        return struct.unpack_from(form, self._data, self._place - struct.calcsize(form))

    def bytes(self, count):
        self._place += count
        return self._data[self._place - count : self._place]
