"""bench.py SCRATCH … - see bench.sh, which calls it.

A round takes the cases one after the other; within a case the peers take turns, in an order that changes with the
round, so that a slow minute of the machine does not fall on one of them alone. CPU is read from /proc of the peer's
processes before and after a load, so it is the peer's alone, whatever else the machine does.
"""

import argparse
import os
import pathlib
import signal
import ssl
import sys
import urllib.request

import bodies
import load
import peers
import report
from processes import Failed


class Case:
    def __init__(self, key, title, path, body, http2=False, requests=None, paced=True):
        self.key = key
        self.title = title
        self.path = path
        self.body = body
        self.http2 = http2
        # A fixed count instead of a time, where each request would put much on the recorders' disk.
        self.requests = requests
        self.paced = paced


CASES = [
    Case("small-http1", "GET of 1 KiB, HTTP/1.1", bodies.SMALL_PATH, "small.json"),
    Case("small-http2", "GET of 1 KiB, HTTP/2 to the peer, HTTP/1.1 to the upstream", bodies.SMALL_PATH, "small.json",
         http2=True),
    Case("large-http1", "GET of 1 MiB, HTTP/1.1", bodies.LARGE_PATH, "large.json", requests=300, paced=False),
]
# mitmdump's figures are so far from the others' that a third of the time tells enough.
SLOW = {"mitmdump": 3}


def say(text):
    print(text, flush=True)


def prove_same_bytes(peer, case, scratch):
    """Raises Failed unless the peer, over verified TLS, answers with the upstream's body."""
    headers = {"Authorization": f"Bearer {peer.token}"} if peer.token else {}
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(peer.ca))))
    try:
        with opener.open(urllib.request.Request(peer.base + case.path, headers=headers), timeout=30) as answer:
            body = answer.read()
    except OSError as error:
        raise Failed(f"{peer.name} does not answer {case.path}: {error}") from error
    if body != (scratch / case.body).read_bytes():
        raise Failed(f"{peer.name} answers {case.path} with other bytes than the upstream's")


def start_peers(options, started):
    """Starts the upstream and whom it can; returns the contenders and {name: why it is left out}."""
    direct, port = peers.start_upstream(options.scratch)
    started.append(direct)
    contenders, left_out = [direct], {}
    for name, start in peers.STARTERS.items():
        if name not in options.only:
            left_out[name] = "not asked for"
            continue
        try:
            peer = start(options.scratch, port, options)
            started.append(peer)
            contenders.append(peer)
        except Failed as failed:
            leave_out(left_out, name, failed)
    return contenders, left_out


def leave_out(left_out, what, why):
    left_out[what] = str(why)
    say(f"bench: WITHOUT {what}: {why}")


def drive(peer, case, options, **how):
    done = load.drive(peer.base + case.path, options.scratch, case.http2, peer.token, **how)
    # The upstream speaks HTTP/1.1 only, as every peer is to use it; so the direct way does in each case.
    if case.http2 and peer.name != "direct" and done.protocol != "h2":
        raise Failed(f"{peer.name}, {case.title}: it spoke {done.protocol}")
    if done.failures:
        raise Failed(f"{peer.name}, {case.title}: {done.failures} of {done.failures + done.requests} requests failed")
    return done


def warm_up(contenders, case, options):
    """Drives each peer for a second; returns the rates for the paced loads.

    That is half of what the slowest of them reached, one rate for all, so that the same load is asked of each. mitmdump
    would pull it down to nothing, so it is asked for half of its own.
    """
    reached = {peer.name: (lambda done: done.requests / done.seconds)(drive(peer, case, options, seconds=1))
               for peer in contenders}
    common = min(rate for name, rate in reached.items() if name not in SLOW) / 2
    return {name: rate / 2 if name in SLOW else common for name, rate in reached.items()}


def measure(peer, case, options, rate):
    """One peer's sample: a dictionary of seconds, bytes and counts."""
    share = SLOW.get(peer.name, 1)
    how = {"requests": case.requests // share} if case.requests else {"seconds": options.seconds / share}
    peer.process.forget_peak_memory()
    before = peer.process.cpu_seconds()
    full = drive(peer, case, options, **how)
    cpu = max(peer.process.cpu_seconds() - before, 0.01)  # one tick, so that nothing divides by zero
    sample = {
        "requests": full.requests, "requests_per_second": full.requests / full.seconds,
        "cpu_per_request": cpu / full.requests, "requests_per_cpu_second": full.requests / cpu,
        "p50": full.percentile(0.5), "p99": full.percentile(0.99)}
    if case.paced:
        paced = drive(peer, case, options, seconds=options.seconds / share, rate=rate)
        sample.update({"paced_rate": rate, "paced_p50": paced.percentile(0.5), "paced_p99": paced.percentile(0.99)})
    sample["peak_memory"] = peer.process.peak_memory()
    peer.forget_recording()
    return sample


def add_latency_over_direct(samples):
    """Within one round: what each peer's paced latency has over the direct way's."""
    direct = samples["direct"]
    for sample in samples.values():
        if "paced_p50" in sample:
            sample["added_p50"] = sample["paced_p50"] - direct["paced_p50"]
            sample["added_p99"] = sample["paced_p99"] - direct["paced_p99"]


def try_out(contenders, options, left_out):
    """{case's key: those who bear its load for half a second}; who cannot is left out of the case."""
    fit = {}
    for case in CASES:
        fit[case.key] = []
        for peer in contenders:
            try:
                prove_same_bytes(peer, case, options.scratch)
                drive(peer, case, options, seconds=0.5)
                fit[case.key].append(peer)
            except (Failed, RuntimeError) as failed:
                if peer.name == "direct":
                    raise
                leave_out(left_out, f"{peer.name} in {case.key}", failed)
    return fit


def run_rounds(fit, options):
    """{case's key: {peer's name: [sample of each round]}}"""
    rates = {case.key: warm_up(fit[case.key], case, options) for case in CASES}
    collected = {case.key: {peer.name: [] for peer in fit[case.key]} for case in CASES}
    for number in range(options.rounds):
        say(f"bench: round {number + 1} of {options.rounds}")
        for case in CASES:
            contenders = fit[case.key]
            turn = number % len(contenders)
            samples = {peer.name: measure(peer, case, options, rates[case.key][peer.name])
                       for peer in contenders[turn:] + contenders[:turn]}
            add_latency_over_direct(samples)
            for name, sample in samples.items():
                collected[case.key][name].append(sample)
    return collected


def show(results, options):
    say(f"\nmedian (lowest-highest) of {options.rounds} rounds; {load.CONNECTIONS} requests in flight, each on its own "
        "connection; TLS on both sides.\n\"added\" is over the direct way, at the paced rate: half of what the slowest "
        "but mitmdump can do (for mitmdump, half of its own).\n")
    for case in CASES:
        say(report.table(case, results[case.key]) + "\n")


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--only", type=lambda text: text.split(","), required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--mitmdump", required=True)
    parser.add_argument("--kubectl", required=True)
    options = parser.parse_args()
    unknown = set(options.only) - set(peers.STARTERS)
    if unknown:
        parser.error(f"BENCH_ONLY names {', '.join(sorted(unknown))}; there are {', '.join(peers.STARTERS)}")
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("BENCH_ROUNDS and BENCH_SECONDS must be above zero")
    return options


def main():
    options = parse_arguments()
    os.umask(0o077)
    # The way out of Ctrl-C too, see bench.sh: by `finally`, so that all that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bodies.write(options.scratch)
    started = []
    try:
        contenders, left_out = start_peers(options, started)
        say(f"bench: {', '.join(peer.name for peer in contenders)}; {options.rounds} rounds of {options.seconds:g} s")
        collected = run_rounds(try_out(contenders, options, left_out), options)
    except (Failed, RuntimeError) as error:
        sys.exit(f"bench: {error}")
    finally:
        for peer in reversed(started):
            peer.process.stop()
    results = {case: {name: report.figures(samples) for name, samples in of.items()} for case, of in collected.items()}
    show(results, options)
    if options.out:
        report.write(options.out, {"rounds": options.rounds, "seconds": options.seconds,
                                   "connections": load.CONNECTIONS}, results, left_out)
        say(f"bench: written to {options.out}")
    for name, why in left_out.items():
        say(f"bench: WITHOUT {name}: {why}")


if __name__ == "__main__":
    main()
