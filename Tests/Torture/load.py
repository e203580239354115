"""A mixed load of changes and reads on a gateway that may go away at any moment."""

import asyncio
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Load"))
import client  # noqa: E402

# For every change this many reads.
READS = 0.25


class Load:
    """Clients that create, patch, read and delete ConfigMaps, each on a connection of its own, which it makes anew when it
    breaks. Answers that came whole are kept by the Audit-ID that the API server gave them."""

    def __init__(self, namespace, clients, padding=0):
        self._base = f"/api/v1/namespaces/{namespace}/configmaps"
        self._clients = clients
        self._padding = "x" * padding
        self._over = False
        self.changes = {}
        self.reads = {}
        self.refused = 0
        self.broken = 0
        self._bearer = client.token()

    async def run(self, during):
        """Goes on while the coroutine does."""
        tasks = [asyncio.create_task(self._client(number)) for number in range(self._clients)]
        started = time.monotonic()
        try:
            await during
        finally:
            self._over = True
            await asyncio.gather(*tasks)
        self.seconds = time.monotonic() - started

    async def _client(self, number):
        connection, turn = None, 0
        while not self._over:
            turn += 1
            try:
                connection = connection or await asyncio.wait_for(client.connect(), 5)
                await asyncio.wait_for(self._exchange(connection, number, turn), 20)
            except (OSError, EOFError, ValueError, IndexError, asyncio.TimeoutError, asyncio.LimitOverrunError):
                self.broken += 1
                if connection:
                    connection[1].transport.abort()
                connection = None
                await asyncio.sleep(0.02)
        if connection:
            connection[1].close()

    async def _exchange(self, connection, number, turn):
        name = f"torture-{number}-{turn % 20}"
        if random.random() < READS:
            return await self._ask(connection, "GET", f"{self._base}/{name}", None, self.reads)
        if turn % 3 == 0:
            return await self._ask(connection, "DELETE", f"{self._base}/{name}", None, self.changes)
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name},
                "data": {"turn": str(turn), "padding": self._padding}}
        method, path = ("POST", self._base) if turn % 3 == 1 else ("PUT", f"{self._base}/{name}")
        await self._ask(connection, method, path, json.dumps(body).encode(), self.changes)

    async def _ask(self, connection, method, path, body, answers):
        status, headers, _ = await client.get(connection, path, self._bearer, method, body)
        if status == 503:
            self.refused += 1
            await asyncio.sleep(0.05)
        elif "audit-id" in headers:
            answers[headers["audit-id"]] = (method, status)
