"""The loads that a gateway in front of production must bear. Each is a function that returns a sentence with its figures
or raises Failed."""

import asyncio
import base64
import concurrent.futures
import hashlib
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import time

import client
from watching import Memory, Stopwatch, mib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Environment" / "gateway"))
import journal  # noqa: E402

KUBECTL = os.environ["BYLINE_TEST_KUBECTL"]
RUN = pathlib.Path(os.environ["BYLINE_TEST_SERVED_RUN"])
ENVIRONMENT = pathlib.Path(__file__).resolve().parent.parent / "Environment"
NAMESPACE = "load"
POD = "load"


class Failed(Exception):
    """What did not hold, in a sentence."""


def pid():
    return int((RUN / "pid").read_text())


def kubectl(*arguments, direct=False, **options):
    kubeconfig = os.environ["KUBECONFIG"] if direct else os.environ["BYLINE_TEST_SERVED_KUBECONFIG"]
    environment = dict(os.environ, KUBECONFIG=kubeconfig)
    return subprocess.run([KUBECTL, "-n", NAMESPACE, *arguments], env=environment, capture_output=True, **options)


def must(result):
    if result.returncode != 0:
        raise Failed(f"{' '.join(map(str, result.args[3:]))[:200]}: {result.stderr.decode()[:500]}")
    return result.stdout


def prepare():
    kubectl("create", "clusterrolebinding", "load", "--clusterrole=cluster-admin", "--group=developers", direct=True)
    kubectl("create", "namespace", NAMESPACE, direct=True)
    kubectl("run", POD, "--image=docker.io/local/busybox:1", "--image-pull-policy=Never", "--restart=Never", "--",
            "sleep", "36000", direct=True)
    must(kubectl("wait", "--for=condition=Ready", f"pod/{POD}", "--timeout=60s", direct=True))


def many_kubectls(parallel=40, rounds=25):
    """As many kubectls at once, again and again."""
    memory = Memory(pid())
    before, watch = memory.now(), Stopwatch()

    def one(number):
        verb = [["get", "pods", "-o", "wide"], ["get", "nodes"], ["create", "configmap", f"c-{number}", "--from-literal=a=b"],
                ["get", "--raw", "/version"]][number % 4]
        return kubectl(*verb)

    with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
        failed = [result for result in pool.map(one, range(parallel * rounds)) if result.returncode != 0]
    peak = memory.stop()
    if failed:
        raise Failed(f"{len(failed)} of {parallel * rounds} failed, the first: {failed[0].stderr.decode()[:300]}")
    return f"{parallel * rounds} kubectls, {parallel} at once: no error, {watch.seconds:.0f} s; memory {mib(before)} before, {mib(peak)} at most"


def idle_watches(count=1000):
    """Watches on which nothing happens, each on a connection of its own."""

    async def run():
        async def one():
            reader, writer = await client.connect(limit=4096)
            writer.write(client.head("GET", "/api/v1/namespaces/default/secrets?watch=1&resourceVersion=0&fieldSelector=metadata.name%3Dnone"))
            status, _ = await client.read_head(reader)
            if status != 200:
                raise Failed(f"a watch was answered with {status}")
            return reader, writer

        # One connection warms up what is there once.
        first = await one()
        memory = Memory(pid())
        before = memory.now()
        opened = []
        for start in range(0, count, 50):
            opened += await asyncio.gather(*[one() for _ in range(min(50, count - start))])
        await asyncio.sleep(2)
        after = memory.now()
        alive = sum(1 for reader, _ in opened if not reader.at_eof())
        for _, writer in opened + [first]:
            writer.close()
        await asyncio.sleep(2)
        memory.stop()
        if alive != count:
            raise Failed(f"{count - alive} of {count} watches ended by themselves")
        return f"{count} idle watches: {(after - before) / count:.0f} KiB each ({mib(before)} before, {mib(after)} with them)"

    return asyncio.run(run())


async def websocket_exec(command, size, seed):
    """Sends bytes through `cat` in the pod by WebSocket v4 and reads them back; true where they are the same."""
    query = "&".join(f"command={part}" for part in command)
    path = f"/api/v1/namespaces/{NAMESPACE}/pods/{POD}/exec?{query}&stdin=true&stdout=true&stderr=true"
    key = base64.b64encode(os.urandom(16)).decode()
    reader, writer = await client.connect()
    writer.write(client.head("GET", path, [
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Protocol: v4.channel.k8s.io"]))
    status, _ = await client.read_head(reader)
    if status != 101:
        return f"status {status}"
    sent = hashlib.sha256(seed).digest() * (size // 32)
    got = bytearray()

    def frame(payload):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        length = len(payload)
        header = bytes([0x82, 0x80 | length]) if length < 126 else bytes([0x82, 0xFE]) + length.to_bytes(2, "big")
        return header + mask + masked

    for start in range(0, len(sent), 4096):
        writer.write(frame(b"\x00" + sent[start : start + 4096]))
    await writer.drain()
    while len(got) < len(sent):
        header = await asyncio.wait_for(reader.readexactly(2), 60)
        length = header[1] & 0x7F
        if length == 126:
            length = int.from_bytes(await reader.readexactly(2), "big")
        elif length == 127:
            length = int.from_bytes(await reader.readexactly(8), "big")
        payload = await reader.readexactly(length)
        if header[0] & 0x0F == 8:
            break
        if payload[:1] == b"\x01":
            got += payload[1:]
    writer.close()
    return True if bytes(got) == sent else f"{len(got)} of {len(sent)} bytes came back"


def concurrent_execs(count=200, size=8192):
    """Upgraded connections at once, each with bytes of its own both ways."""

    async def run():
        memory = Memory(pid())
        before, watch = memory.now(), Stopwatch()
        gate = asyncio.Semaphore(20)

        async def one(number):
            # The node starts no more processes at once; the connections are all open in the end.
            async with gate:
                return await websocket_exec(["cat"], size, number.to_bytes(4, "big"))

        results = await asyncio.gather(*[one(number) for number in range(count)], return_exceptions=True)
        peak = memory.stop()
        failed = [result for result in results if result is not True]
        if failed:
            raise Failed(f"{len(failed)} of {count} execs failed, the first: {failed[0]!r}")
        return f"{count} execs: bytes unharmed both ways, {watch.seconds:.0f} s; memory {mib(before)} before, {mib(peak)} at most"

    return asyncio.run(run())


def held_execs(count=200):
    """Upgraded connections that are all open at the same time."""

    async def run():
        memory = Memory(pid())
        before = memory.now()

        async def one():
            reader, writer = await client.connect()
            path = f"/api/v1/namespaces/{NAMESPACE}/pods/{POD}/exec?command=sleep&command=30&stdout=true&stderr=true"
            writer.write(client.head("GET", path, [
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Protocol: v4.channel.k8s.io"]))
            status, _ = await client.read_head(reader)
            return status, writer

        opened = []
        for _ in range(0, count, 20):
            opened += await asyncio.gather(*[one() for _ in range(20)])
        wrong = [status for status, _ in opened if status != 101]
        after = memory.now()
        for _, writer in opened:
            writer.close()
        memory.stop()
        if wrong:
            raise Failed(f"{len(wrong)} of {count} were not upgraded but answered with {wrong[0]}")
        return f"{count} execs open at once: {(after - before) / count:.0f} KiB each"

    return asyncio.run(run())


def gibibyte_exec(size=1 << 30):
    """A large upload to, and a large download from, an exec."""
    environment = dict(os.environ, KUBECONFIG=os.environ["BYLINE_TEST_SERVED_KUBECONFIG"])
    command = [KUBECTL, "-n", NAMESPACE, "exec", "-i", POD, "--"]
    sentences = []
    memory = Memory(pid())
    before, watch = memory.now(), Stopwatch()
    block = os.urandom(1 << 20)
    digest = hashlib.sha256()
    up = subprocess.Popen([*command, "sha256sum"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for _ in range(size >> 20):
        up.stdin.write(block)
        digest.update(block)
    up.stdin.close()
    answered = up.stdout.read().decode().split()[:1]
    if up.wait() != 0 or answered != [digest.hexdigest()]:
        raise Failed(f"the upload's digest in the pod is {answered}, not {digest.hexdigest()}")
    sentences.append(f"up {size >> 20} MiB in {watch.seconds:.0f} s, memory {mib(before)} before, {mib(memory.stop())} at most")
    memory = Memory(pid())
    before, watch = memory.now(), Stopwatch()
    down = subprocess.Popen([*command, "head", "-c", str(size), "/dev/zero"], env=environment, stdout=subprocess.PIPE)
    count = 0
    while chunk := down.stdout.read(1 << 20):
        count += len(chunk)
    if down.wait() != 0 or count != size:
        raise Failed(f"the download brought {count} of {size} bytes")
    sentences.append(f"down in {watch.seconds:.0f} s, memory {mib(before)} before, {mib(memory.stop())} at most")
    return "; ".join(sentences)


def slow_reader(megabytes=100, seconds=30):
    """A list of a hundred megabytes, read fast and read at a KiB a second."""
    for number in range(megabytes):
        manifest = json.dumps({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"large-{number}", "namespace": "load-large"},
            "data": {"text": "x" * 1_000_000}}).encode()
        if number == 0:
            kubectl("create", "namespace", "load-large", direct=True)
        must(kubectl("-n", "load-large", "create", "--validate=false", "-f", "-", direct=True, input=manifest))
    path = "/api/v1/namespaces/load-large/configmaps"

    async def fast():
        memory = Memory(pid())
        reader, writer = await client.connect()
        writer.write(client.head("GET", path, ["Connection: close"]))
        count = 0
        while chunk := await reader.read(1 << 16):
            count += len(chunk)
        writer.close()
        return count, memory.stop()

    async def slow():
        memory = Memory(pid())
        reader, writer = await client.connect(limit=1024)
        writer.write(client.head("GET", path, ["Connection: close"]))
        for _ in range(seconds):
            await reader.read(1024)
            await asyncio.sleep(1)
        writer.close()
        return memory.stop()

    idle = Memory(pid()).stop()
    peak_slow = asyncio.run(slow())
    count, peak_fast = asyncio.run(fast())
    if count < megabytes * 1_000_000:
        raise Failed(f"the list brought {count} bytes")
    return f"{count / 1e6:.0f} MB list: {mib(idle)} idle, {mib(peak_fast)} read fast, {mib(peak_slow)} read at 1 KiB/s"


class Requests:
    """Requests without end, each checked; how many were answered, and what was wrong."""

    def __init__(self, connections=8, paths=("/api/v1/namespaces/default/pods",), fresh=None):
        self.answered, self.wrong, self._stopping = 0, [], False
        self._connections, self._paths, self._fresh = connections, paths, fresh

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._one(number)) for number in range(self._connections)]
        return self

    async def __aexit__(self, *_):
        self._stopping = True
        await asyncio.gather(*self._tasks)

    async def _one(self, number):
        connection = None
        while not self._stopping:
            try:
                connection = connection or await client.connect()
                status, headers, _ = await client.get(connection, self._paths[number % len(self._paths)])
                if status != 200:
                    self.wrong.append(status)
                self.answered += 1
                if headers.get("connection") == "close":
                    connection[1].close()
                    connection = None
            except (OSError, asyncio.IncompleteReadError, ssl.SSLError) as error:
                self.wrong.append(repr(error))
                connection = None
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.005)


def sign_in():
    """A fresh token of alice in place of the one that is there."""
    answer = subprocess.run(
        [sys.executable, str(ENVIRONMENT / "oidc" / "sign_in.py"), "code", "--run", os.environ["BYLINE_TEST_OIDC_RUN"]],
        capture_output=True, check=True)
    path = pathlib.Path(os.environ["BYLINE_TEST_SERVED_TOKEN"])
    new = path.with_suffix(".new")
    new.write_text(json.loads(answer.stdout)["id_token"])
    new.chmod(0o600)
    new.rename(path)


def rotated_keys(rotations=4):
    """The issuer gets new keys, and callers new tokens of them, under load."""

    async def run():
        oidc = ENVIRONMENT / "oidc" / "rotate.sh"
        environment = dict(os.environ, RUN=os.environ["BYLINE_TEST_OIDC_RUN"])
        async with Requests() as requests:
            for _ in range(rotations):
                await asyncio.sleep(2)
                await asyncio.to_thread(
                    subprocess.run, [str(oidc), "rs256", "overlap"], env=environment, check=True, capture_output=True)
                await asyncio.to_thread(sign_in)
            await asyncio.sleep(2)
        if requests.wrong:
            raise Failed(f"{len(requests.wrong)} of {requests.answered} requests failed, the first: {requests.wrong[0]}")
        return f"{rotations} rotations, {requests.answered} requests: none failed"

    return asyncio.run(run())


def stopped_issuer(seconds=60):
    """The issuer is gone for a while; who is signed in goes on."""

    async def run():
        oidc = ENVIRONMENT / "oidc"
        environment = dict(os.environ, RUN=os.environ["BYLINE_TEST_OIDC_RUN"], KEEP="1")
        async with Requests() as requests:
            await asyncio.sleep(1)
            await asyncio.to_thread(subprocess.run, [str(oidc / "down.sh")], env=environment, check=True, capture_output=True)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(subprocess.run, [str(oidc / "up.sh")], env=environment, check=True, capture_output=True)
            await asyncio.sleep(1)
        if requests.wrong:
            raise Failed(f"{len(requests.wrong)} of {requests.answered} requests failed, the first: {requests.wrong[0]}")
        return f"issuer down for {seconds} s, {requests.answered} requests: none failed"

    return asyncio.run(run())


def terminated():
    """SIGTERM while reads, writes, watches and execs are under way: everything accepted has its close record."""

    async def run():
        writes, stop = [], False

        async def write(number):
            connection, count = None, 0
            while not stop:
                name = f"t-{number}-{count}"
                count += 1
                body = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}).encode()
                try:
                    connection = connection or await client.connect()
                    status, headers, _ = await client.get(
                        connection, f"/api/v1/namespaces/{NAMESPACE}/configmaps", method="POST", body=body)
                    writes.append((name, status))
                    if headers.get("connection") == "close":
                        connection = None
                except (OSError, asyncio.IncompleteReadError, ssl.SSLError):
                    connection = None
                    await asyncio.sleep(0.02)

        async def watch():
            reader, writer = await client.connect()
            writer.write(client.head("GET", f"/api/v1/namespaces/{NAMESPACE}/configmaps?watch=1&resourceVersion=0"))
            await client.read_head(reader)
            rest = b""
            while chunk := await reader.read(1 << 16):
                rest = (rest + chunk)[-5:]
            return rest == b"0\r\n\r\n"

        async with Requests(connections=4):
            tasks = [asyncio.create_task(write(number)) for number in range(8)]
            watches = [asyncio.create_task(watch()) for _ in range(10)]
            execs = [asyncio.create_task(websocket_exec(["cat"], 4096, bytes([number]))) for number in range(5)]
            await asyncio.sleep(3)
            gateway = pid()
            os.kill(gateway, signal.SIGTERM)
            for _ in range(300):
                await asyncio.sleep(0.1)
                if not os.path.exists(f"/proc/{gateway}/stat") or " Z " in open(f"/proc/{gateway}/stat").read():
                    break
            else:
                raise Failed("it did not end within 30 s")
            stop = True
            await asyncio.gather(*tasks)
            ended = await asyncio.gather(*watches, return_exceptions=True)
            await asyncio.gather(*execs, return_exceptions=True)
        return writes, ended

    writes, ended = asyncio.run(run())
    found = journal.exchanges(os.environ["BYLINE_TEST_SERVED_JOURNAL"])
    unclosed = [key for key, one in found.items() if one["close"] is None]
    if unclosed:
        raise Failed(f"{len(unclosed)} of {len(found)} exchanges have no close, one is {unclosed[0]}")
    created = {one["open"]["target"] for one in found.values() if one["open"]}
    kept = sum(1 for one in found.values() if one["close"]["status"] == 201)
    answered = sum(1 for _, status in writes if status == 201)
    if kept < answered or not created:
        raise Failed(f"{answered} creations were answered, {kept} recorded")
    clean = sum(1 for one in ended if one is True)
    if clean != len(ended):
        raise Failed(f"{len(ended) - clean} of {len(ended)} watches did not end cleanly")
    audited = audit_ids()
    unknown = [line for line in audited if line not in found]
    if unknown:
        raise Failed(f"{len(unknown)} requests in the API server's audit log are in no record, one is {unknown[0]}")
    log = (RUN / "log").read_text().splitlines()[-1]
    return f"SIGTERM under load: {len(found)} exchanges, each closed; {answered} creations answered, {kept} recorded as such; {clean} watches ended cleanly; {log!r}"


def audit_ids():
    """The exchange ids of requests of the gateway's callers in the API server's audit log."""
    ids = []
    with open(os.environ["BYLINE_TEST_AUDIT_LOG"]) as log:
        for line in log:
            event = json.loads(line)
            if "impersonatedUser" in event and event["impersonatedUser"].get("username") == "alice":
                session = event["impersonatedUser"].get("extra", {}).get("byline.dev/session-id")
                if session:
                    ids.append(event["auditID"])
    return ids


ALL = {
    "kubectls": many_kubectls, "watches": idle_watches, "execs": concurrent_execs, "held-execs": held_execs,
    "rotation": rotated_keys, "slow-reader": slow_reader, "gibibyte": gibibyte_exec, "issuer": stopped_issuer,
    "sigterm": terminated,
}
