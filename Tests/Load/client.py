"""A caller that speaks HTTP/1.1 over verified TLS by hand, many connections at once."""

import asyncio
import os
import ssl
import urllib.parse

URL = urllib.parse.urlsplit(os.environ["BYLINE_TEST_SERVED_URL"])
CONTEXT = ssl.create_default_context(cafile=os.environ["BYLINE_TEST_SERVED_CA"])


def token(path=None):
    with open(path or os.environ["BYLINE_TEST_SERVED_TOKEN"]) as file:
        return file.read().strip()


async def connect(limit=1 << 16):
    return await asyncio.open_connection(URL.hostname, URL.port, ssl=CONTEXT, limit=limit)


def head(method, path, headers=(), bearer=None):
    lines = [
        f"{method} /clusters/test{path} HTTP/1.1", f"Host: {URL.netloc}", f"Authorization: Bearer {bearer or token()}",
        *headers, "", "",
    ]
    return "\r\n".join(lines).encode()


async def read_head(reader):
    """The status and the headers, names in lower case."""
    text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = text.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), headers


async def read_body(reader, headers):
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    body = b""
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        body += await reader.readexactly(size)
        await reader.readexactly(2)
        if size == 0:
            return body


async def get(connection, path, bearer=None, method="GET", body=None):
    """One exchange on an open connection: the status, the headers, the body."""
    reader, writer = connection
    headers = [] if body is None else ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    writer.write(head(method, path, headers, bearer) + (body or b""))
    await writer.drain()
    status, answered = await read_head(reader)
    return status, answered, await read_body(reader, answered)
