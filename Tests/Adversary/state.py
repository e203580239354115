"""What the gateway keeps: its journal as it grows, its log, and at the end every file of its state folder, opened."""

import json
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Environment" / "gateway"))
import journal  # noqa: E402
import sealed  # noqa: E402

NUMBER = re.compile(rb"adversary/(\d+)")


class State:
    def __init__(self, gateway):
        self._gateway = gateway
        self._tail = journal.Tail(gateway.state / "journal")
        self._log_read = 0
        # By exchange: the number of its case, as its user agent says.
        self._numbers = {}

    def new(self):
        """What was written since the last call, in pieces: (what it is, the case's number or None, bytes). A channel's chunks
        are joined, since a value may be split between two."""
        channels = {}
        for kind, payload in self._tail.new():
            if kind == "chunk":
                key = (payload[:16].hex(), payload[16], payload[17])
                channels.setdefault(key, bytearray()).extend(payload[44 if payload[17] in (8, 9, 10) else 34:])
                continue
            text = json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
            exchange = str(payload.get("exchange", "")).replace("-", "")
            told = NUMBER.search(text)
            if told and exchange:
                self._numbers[exchange] = int(told.group(1))
            yield "%s frame" % kind, int(told.group(1)) if told else self._numbers.get(exchange), text
        for (exchange, direction, channel), content in channels.items():
            name = "%s %s" % ({1: "request", 2: "response"}.get(direction, direction), "body" if channel == 1 else "channel %d" % channel)
            yield "recorded " + name, self._numbers.get(exchange), bytes(content)
        with open(self._gateway.log, "rb") as log:
            log.seek(self._log_read)
            data = log.read()
        self._log_read += len(data)
        for line in data.splitlines():
            told = NUMBER.search(line)
            yield "log", int(told.group(1)) if told else None, line

    def files(self):
        """Every file as (name, bytes), decoded where it is compressed."""
        for path in sorted(self._gateway.state.rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            if data[:8] == sealed.MAGIC:
                data = sealed.decode(path)
            elif path.suffix == ".zst":
                data = sealed.decompress(data)
            yield str(path.relative_to(self._gateway.state)), data
