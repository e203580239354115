#!/usr/bin/env python3
"""terminal.py COLUMNSxROWS LINE COMMAND... - runs a command on a terminal, types a line once it has said something, or what
TYPE_AFTER holds, and exits as it did. What the terminal showed goes to standard output."""

import fcntl
import os
import pty
import struct
import sys
import termios


def main():
    columns, rows = (int(part) for part in sys.argv[1].split("x"))
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[3], sys.argv[3:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    is_typed = False
    sign, seen = os.environ.get("TYPE_AFTER", "").encode(), b""
    try:
        while shown := os.read(terminal, 4096):
            os.write(1, shown)
            seen += shown
            if not is_typed and sign in seen:
                os.write(terminal, sys.argv[2].encode() + b"\n")
                is_typed = True
    except OSError:
        pass
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
