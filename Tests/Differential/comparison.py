"""Holds the two sides of a case against each other, and says what differs so that it can be run again by hand."""

import difflib


def faults(case, direct, gateway):
    """One text per command that did not do what the table says, or that differs."""
    found = []
    for number, step in enumerate(case.steps):
        one = direct[number] if number < len(direct) else None
        other = gateway[number] if number < len(gateway) else None
        if one is None or other is None:
            found.append(_fault(case, number, "was not run: a preparing command before it failed"))
            break
        problem = one.problem(step)
        if problem:
            found.append(_fault(case, number, f"directly: {problem}", _printed(one)))
        elif not step.is_compared:
            if other.problem(step):
                found.append(_fault(case, number, f"for the gateway's side: {other.problem(step)}", _printed(other)))
        elif one != other:
            found.append(_fault(case, number, "differs", _difference(one, other)))
    return found


def _fault(case, number, what, details=""):
    step = case.steps[number]
    return f"{case.name}\n  {step.place}: {step.command}\n  {what}\n{_indented(details)}"


def _difference(one, other):
    parts = []
    if one.code != other.code:
        parts.append(f"exit code {one.code} directly, {other.code} through the gateway")
    for stream in ("stdout", "stderr"):
        parts += difflib.unified_diff(
            getattr(one, stream).splitlines(), getattr(other, stream).splitlines(),
            f"{stream} directly", f"{stream} through the gateway", lineterm="", n=2)
        if getattr(one, stream).splitlines() == getattr(other, stream).splitlines() and \
                getattr(one, stream) != getattr(other, stream):
            parts.append(f"{stream} differs in its line ends: {getattr(one, stream)!r:.300} {getattr(other, stream)!r:.300}")
    return "\n".join(line if len(line) <= 400 else f"{line[:400]}… ({len(line)} characters)" for line in parts[:80])


def _printed(outcome):
    return "\n".join((outcome.stdout + outcome.stderr).splitlines()[-20:])


def _indented(text):
    return "".join(f"    {line}\n" for line in text.splitlines())
