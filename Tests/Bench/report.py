"""Figures to a table for people and to JSON for programs."""

import json
import statistics


class Figure:
    """One number, measured once a round."""

    def __init__(self, rounds):
        self.rounds = rounds
        self.median = statistics.median(rounds)

    def text(self, scale=1, digits=1):
        low, high = min(self.rounds) * scale, max(self.rounds) * scale
        return f"{self.median * scale:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"

    def document(self):
        return {"median": self.median, "min": min(self.rounds), "max": max(self.rounds), "rounds": self.rounds}


def figures(samples):
    """{name: Figure} of one peer in one case, from its rounds' samples."""
    return {name: Figure([sample[name] for sample in samples]) for name in samples[0]}


def table(case, measured):
    """`measured`: {peer's name: {figure's name: Figure}}."""
    heads = ["", "CPU us/req", "x nginx", "req/CPU-s", "req/s", "p50 ms", "p99 ms", "peak MiB"]
    if case.paced:
        heads[6:7] = ["p99 ms", "paced req/s", "added p50 ms", "x nginx", "added p99 ms"]
    lines = [heads]
    for name, of in measured.items():
        proxy = name != "direct"
        line = [name]
        if proxy:
            line += [of["cpu_per_request"].text(1e6), _ratio(measured, name, "cpu_per_request"),
                     f"{of['requests_per_cpu_second'].median:.0f}"]
        else:
            line += ["", "", ""]
        line += [f"{of['requests_per_second'].median:.0f}", of["p50"].text(1e3, 2), of["p99"].text(1e3, 2)]
        if case.paced:
            line += [f"{of['paced_rate'].median:.0f}"]
            line += [of["added_p50"].text(1e3, 2), _ratio(measured, name, "added_p50"),
                     of["added_p99"].text(1e3, 2)] if proxy else ["", "", ""]
        line += [f"{of['peak_memory'].median / 2**20:.0f}"] if proxy else [""]
        lines.append(line)
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    rows = ["  ".join(cell.ljust(width) if not column else cell.rjust(width)
                      for column, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines]
    return "\n".join([case.title, *("  " + row for row in rows), *_verdict(measured)])


def _verdict(measured):
    """The gateway's CPU against that of other proxies, and the shim's against kubectl's, in a line each."""
    lines = []
    for ours, rivals in (("gateway", ("nginx", "mitmdump")), ("shim", ("kubectl-proxy",))):
        if ours in measured:
            own = measured[ours]["cpu_per_request"].median
            others = [f"{own / measured[name]['cpu_per_request'].median:.3g} x {name}'s" for name in rivals
                      if name in measured]
            lines += [f"  the {ours}'s CPU per request is {' and '.join(others)}"] if others else []
    return lines


def _ratio(measured, name, figure):
    base = measured.get("nginx")
    if base is None or base[figure].median <= 0:
        return "-"
    return f"{measured[name][figure].median / base[figure].median:.2f}"


def write(path, settings, results, left_out):
    """`results`: {case's key: {peer's name: {figure's name: Figure}}}. Seconds, bytes and counts, no other units."""
    document = {
        "settings": settings, "leftOut": left_out,
        "cases": {case: {peer: {name: figure.document() for name, figure in of.items()} for peer, of in measured.items()}
                  for case, measured in results.items()}}
    with open(path, "w") as file:
        json.dump(document, file, indent=2)
        file.write("\n")
