#!/usr/bin/env python3
"""credential.py BIN KUBECTL - the whole process of a cached `byline-credential`, beside `kubectl version --client` and
/bin/true, which take turns. Wall and CPU time, median of 200 rounds; budgets: 2 x /bin/true, 1/20 of kubectl. The processor's
own time counts where other programs run beside.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 200
GATEWAY = "https://gateway.example"


def file_name(text):
    """Names a file as the cache does: FNV-1a, 64 bits."""
    digest = 0xCBF29CE484222325
    for byte in text.encode():
        digest = ((digest ^ byte) * 0x100000001B3) % (1 << 64)
    return f"{digest:016x}"


def fill_cache(state):
    """A session token as `byline credential` keeps it, of a gateway that need not be there."""
    key = f"{GATEWAY}\nsign-in entry\ngen_ai.request.model=m-1,prompt.id=p-1\n"
    folder = state / "sign-ins" / file_name(GATEWAY)
    sessions = folder / "sessions"
    for path in (state, folder.parent, folder, sessions):
        path.mkdir(mode=0o700, exist_ok=True)
    write(folder / "last", "entry")
    write(sessions / file_name(key), f"byline-session/1\n{key}2099-01-01T00:00:00Z\n{'t' * 900}\n")


def write(path, text):
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def measure(command, variables):
    """Milliseconds of the clock and of the processor, the start of the process among them."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    ended = time.perf_counter()
    process.returncode = status
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    return (ended - started) * 1_000, (usage.ru_utime + usage.ru_stime) * 1_000


def main(programs, kubectl):
    with tempfile.TemporaryDirectory() as folder:
        state = pathlib.Path(folder)
        fill_cache(state)
        variables = {"PATH": "/usr/bin:/bin", "HOME": folder, "BYLINE_STATE": folder, "BYLINE_MODEL": "m-1",
                     "BYLINE_PROMPT_ID": "p-1"}
        # Not the launcher of a Python package, but the program itself.
        commands = {
            "byline-credential": [os.path.join(programs, "byline-credential"), "--gateway", GATEWAY],
            "/bin/true": ["/bin/true"], "kubectl version --client": [kubectl, "version", "--client"]}
        answer = subprocess.run(commands["byline-credential"], env=variables, capture_output=True, check=False)
        if answer.returncode or b"t" * 900 not in answer.stdout:
            sys.exit(f"byline-credential did not answer from the cache: {answer.stderr.decode()}")
        times = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(measure(command, variables))
    median = {name: [statistics.median(column) for column in zip(*values)] for name, values in times.items()}
    ours = median["byline-credential"]
    for name, (wall, processor) in median.items():
        print(f"{name:26} {wall:8.2f} ms {wall / ours[0]:6.2f} x   CPU {processor:8.2f} ms {processor / ours[1]:6.2f} x"
              " byline-credential")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
