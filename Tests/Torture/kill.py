#!/usr/bin/env python3
"""Kills the gateway with SIGKILL at random moments of a mixed load, and starts it again."""

import asyncio
import os
import random
import sys

import gateway
import verdict
from load import Load

ROUNDS = int(os.environ.get("ROUNDS", "200"))
CLIENTS = int(os.environ.get("CLIENTS", "24"))


async def rounds(served):
    for number in range(ROUNDS):
        await asyncio.sleep(random.uniform(0.2, 2.0))
        served.kill()
        await served.start()
        if (number + 1) % 20 == 0:
            print(f"torture: killed {number + 1} times", flush=True)
    await asyncio.sleep(1)


def main():
    name = gateway.namespace(f"torture-{os.getpid()}")
    log = verdict.audit.AuditLog(os.environ["BYLINE_TEST_AUDIT_LOG"])
    served, load = gateway.Gateway(), Load(name, CLIENTS)
    asyncio.run(load.run(rounds(served)))
    asyncio.run(served.stop())
    wrong, figures = verdict.judge(gateway.JOURNAL, log, name, load, served.away)
    print(f"torture: killed {ROUNDS} times under load of {CLIENTS} clients, away for "
          f"{served.away / ROUNDS:.2f} s each time: {figures}")
    for sentence in wrong:
        print(f"torture: FAILED: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
