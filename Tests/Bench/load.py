"""Drives one URL with h2load and reads what it measured of each request.

h2load does not verify certificates; it is a load generator on loopback. That every peer's TLS is right is proved by
bench.py, with verification, before the first figure is taken.
"""

import re
import subprocess

CONNECTIONS = 8
# Seconds that a load may take beyond its time before it counts as stuck.
PATIENCE = 60


class Load:
    """One run: over which protocol, how many requests succeeded in how long, each one's latency in seconds, sorted."""

    def __init__(self, protocol, latencies, failures, seconds):
        self.protocol = protocol  # h2 or http/1.1
        self.latencies = sorted(latencies)
        self.failures = failures
        self.seconds = seconds

    @property
    def requests(self):
        return len(self.latencies)

    def percentile(self, share):
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def drive(url, folder, http2, token=None, seconds=None, requests=None, rate=None, clients=CONNECTIONS, body=None):
    """So many requests in flight, each on a connection of its own: GET, or POST of a file.

    For `seconds`, or until `requests` are answered. Without `rate` the next request follows an answer at once; with it,
    all connections together send that many a second.

    `token` ends up in h2load's command line, for it reads headers from nowhere else; it is a session of a gateway that
    lives as long as this run and whose upstream is a file.
    """
    log = folder / "h2load.log"
    log.unlink(missing_ok=True)
    command = ["h2load", "--clients", str(clients), "--threads", "1", "--log-file", str(log)]
    command += [] if http2 else ["--h1"]
    command += ["--duration", f"{seconds * 1000:.0f}ms"] if seconds else ["--requests", str(requests)]
    command += ["--rps", f"{rate / clients:.3f}"] if rate else []
    command += ["--data", str(body)] if body else []
    command += ["--header", f"Authorization: Bearer {token}"] if token else []
    try:
        done = subprocess.run([*command, url], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=(seconds or 0) + PATIENCE)
    except subprocess.TimeoutExpired:
        # h2load waits for ever for an answer that does not come.
        raise RuntimeError(f"h2load did not end: a request to {url} is not answered") from None
    if done.returncode != 0:
        raise RuntimeError(f"h2load failed: {done.stderr.strip() or done.stdout.strip()}")
    protocol = re.search(r"^Application protocol: (\S+)", done.stdout, re.MULTILINE)
    return _read(log, protocol.group(1) if protocol else "unknown")


def _read(log, protocol):
    latencies, failures, first, last = [], 0, None, None
    with open(log) as rows:
        for row in rows:
            start, status, duration = (int(column) for column in row.split("\t")[:3])
            first = start if first is None else min(first, start)
            last = max(last or 0, start + duration)
            if status == 200:
                latencies.append(duration / 1e6)
            else:
                failures += 1
    if not latencies:
        raise RuntimeError(f"no request succeeded, {failures} failed")
    return Load(protocol, latencies, failures, (last - first) / 1e6)
