"""What the record costs: how long a change waits for its opening to be durable, and what an exchange takes on disk."""

import json
import subprocess
import urllib.parse

import bodies
import gateway
import load

WRITERS = (1, 10, 100, 1000)
# So many small reads are recorded to measure what one takes.
EXCHANGES = 5_000
# By count, not by time: many connections at once outlast h2load's time before they are made.
REQUESTS = 3_000


def table(options, upstream, started):
    """Runs a gateway of its own, and returns what it found as text."""
    port = urllib.parse.urlsplit(upstream.base).port
    journal, running = None, None
    lines = ["the record: a change is forwarded when its opening is durable, a read at once; ms"]
    lines.append(f"  {'in flight':>9}  {'read p50':>9}  {'read p99':>9}  {'change p50':>10}  {'change p99':>10}  {'changes/s':>9}")

    def start():
        process, ready = gateway.start(options.gateway, options.scratch, port, "record")
        started.append(_Started(process))
        return process, ready

    running, ready = start()
    journal = ready["journal"]
    token = gateway.session_token(ready)
    url = f"{ready['gateway']}/clusters/{gateway.CLUSTER}{bodies.SMALL_PATH}"

    def drive(**how):
        return load.drive(url, options.scratch, False, token, **how)

    drive(requests=EXCHANGES)
    written = _measured(options, journal)
    running.stop()
    # What is there is sealed at the next start; the load that follows goes to further segments.
    running, ready = start()
    token = gateway.session_token(ready)
    url = f"{ready['gateway']}/clusters/{gateway.CLUSTER}{bodies.SMALL_PATH}"
    for writers in WRITERS:
        reads = drive(requests=REQUESTS, clients=writers)
        changes = drive(requests=REQUESTS, clients=writers, body=options.scratch / "small.json")
        cells = [reads.percentile(0.5), reads.percentile(0.99), changes.percentile(0.5), changes.percentile(0.99)]
        texts = [f"{1e3 * cell:.2f}" for cell in cells] + [f"{changes.requests / changes.seconds:.0f}"]
        lines.append(f"  {writers:>9}  {texts[0]:>9}  {texts[1]:>9}  {texts[2]:>10}  {texts[3]:>10}  {texts[4]:>9}")
    sealed = _measured(options, journal, sealed_only=len(written["segments"]))
    running.stop()
    lines.append(
        f"  a read of 1 KiB takes {_bytes(written) / EXCHANGES:.0f} bytes of the journal as written, "
        f"{_bytes(sealed) / EXCHANGES:.0f} on disk once sealed")
    return "\n".join(lines)


def _measured(options, journal, sealed_only=None):
    """What fsck says of the journal, or of its first segments."""
    checked = subprocess.run([options.gateway, "fsck", journal, "-o", "json"], capture_output=True, check=False)
    report = json.loads(checked.stdout)
    if sealed_only:
        report["segments"] = report["segments"][:sealed_only]
        if not all(segment["isSealed"] for segment in report["segments"]):
            raise RuntimeError("the journal's first segments were not sealed")
    return report


def _bytes(report):
    return sum(segment["lengthOnDisk"] for segment in report["segments"])


class _Started:
    """What bench.py stops in the end; stopping twice does no harm."""

    def __init__(self, process):
        self.process = process
