"""capture_file.py - an upgraded connection as a text file, one read a line: `> HEX` from the caller, `< HEX` from the cluster.

Above them stand the request's first line and the headers of the answer that tell what was agreed. The test of the same
name in Tests/KubernetesWireTests appends what it reads out of it.
"""

AGREED = ("upgrade", "sec-websocket-protocol", "x-stream-protocol-version")


def split_head(passed, side):
    """The head of the first message of a side, and what follows it, as [(side, bytes)] of both sides."""
    head, rest = b"", []
    for one, data in passed:
        if one == side and b"\r\n\r\n" not in head:
            head += data
            if b"\r\n\r\n" in head:
                head, data = head.split(b"\r\n\r\n", 1)
                head += b"\r\n\r\n"
                if data:
                    rest.append((one, data))
        else:
            rest.append((one, data))
    return head.decode("latin-1"), rest


def text(passed):
    """The capture of a connection; None where it was not upgraded."""
    request, passed = split_head(passed, ">")
    answer, passed = split_head(passed, "<")
    lines = answer.split("\r\n")
    if not lines[0].startswith("HTTP/1.1 101"):
        return None
    written = [request.split("\r\n")[0].removesuffix(" HTTP/1.1")]
    written += [line for line in lines[1:] if line.split(":")[0].lower() in AGREED]
    written += [f"{side} {data.hex()}" for side, data in passed]
    return "\n".join(written) + "\n----------\n"
