#!/usr/bin/env python3
"""keystrokes.py LINE COMMAND... - runs a command on a terminal and types a line key by key, each only once the terminal has
shown the one before; then Ctrl-D. How long the echoes took goes to standard error, what was shown to standard output."""

import os
import pty
import select
import sys
import time


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown = b""

    def read():
        nonlocal shown
        if not select.select([terminal], [], [], 20)[0]:
            sys.exit("no echo within 20 s behind %r" % shown[-40:])
        shown += os.read(terminal, 65536)

    while b"ready" not in shown:
        read()
    delays = []
    for key in sys.argv[1].encode():
        time.sleep(0.02)
        before, began = len(shown), time.monotonic()
        os.write(terminal, bytes([key]))
        while len(shown) == before:
            read()
        delays.append(time.monotonic() - began)
    os.write(terminal, b"\n\x04")
    try:
        while more := os.read(terminal, 65536):
            shown += more
    except OSError:
        pass
    delays.sort()
    os.write(2, ("echo after %.1f ms in the middle, %.1f ms at most\n"
                 % (delays[len(delays) // 2] * 1000, delays[-1] * 1000)).encode())
    os.write(1, shown)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
