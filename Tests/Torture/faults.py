#!/usr/bin/env python3
"""Makes the system calls with which the journal is written fail, each with EIO and ENOSPC, under a mixed load, by strace."""

import asyncio
import os
import signal
import subprocess
import sys

import gateway
import verdict
from load import Load

ROUNDS = int(os.environ.get("ROUNDS", "3"))
CLIENTS = int(os.environ.get("CLIENTS", "12"))
# What is made to fail, how long in seconds, and how many of its calls: one of so many.
CALLS = {"pwrite64": 20, "fdatasync": 5, "fsync": 2, "rename": 1, "openat": 1}
ERRORS = ("EIO", "ENOSPC")
SECONDS = float(os.environ.get("FAULT_SECONDS", "5"))
# So large are the objects that segments are rotated and sealed all the time.
PADDING = 40_000


async def inject(served, call, error, step):
    """Lets calls on the journal's files fail for a while."""
    # Only what has to do with the journal: a gateway that cannot accept a connection would prove nothing.
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(served.pid), "-e", f"trace={call}", *journal_only(),
         "-e", f"inject={call}:error={error}:when=1+{step}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await asyncio.sleep(SECONDS)
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)


def journal_only():
    """The paths of which strace sees a call; segments come and go, so the next ones are named too."""
    numbers = [int(path.name[:10]) for path in gateway.JOURNAL.glob("*.by?")]
    last = max(numbers, default=0)
    names = [f"{number:010}.{ending}" for number in range(max(1, last - 2), last + 400) for ending in ("byl", "byz", "byz.new")]
    paths = [gateway.JOURNAL] + [gateway.JOURNAL / name for name in names]
    return [part for path in paths for part in ("-P", str(path))]


async def rounds(served, load):
    await asyncio.sleep(1)
    for _ in range(ROUNDS):
        for call, step in CALLS.items():
            for error in ERRORS:
                refused = load.refused
                await inject(served, call, error, step)
                before = len(load.changes)
                deadline = asyncio.get_event_loop().time() + 30
                while len(load.changes) < before + 20:
                    if asyncio.get_event_loop().time() > deadline:
                        raise SystemExit(f"torture: FAILED: no change passed within 30 s after {call} failed with {error}")
                    await asyncio.sleep(0.05)
                print(f"torture: {call} {error}: {load.refused - refused} refused, then it goes on", flush=True)


def main():
    name = gateway.namespace(f"torture-{os.getpid()}")
    log = verdict.audit.AuditLog(os.environ["BYLINE_TEST_AUDIT_LOG"])
    served, load = gateway.Gateway(), Load(name, CLIENTS, PADDING)
    asyncio.run(load.run(rounds(served, load)))
    asyncio.run(served.stop())
    wrong, figures = verdict.judge(gateway.JOURNAL, log, name, load)
    print(f"torture: faults of {', '.join(CALLS)}: {figures}")
    for sentence in wrong:
        print(f"torture: FAILED: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
