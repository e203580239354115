"""Holds a side of a case against the direct one, and says what differs so that it can be run again by hand."""

import difflib


def faults(case, direct, other, way):
    """One text per command that did not do what the table says, or that differs. `way` is the other side's."""
    found = []

    def add(number, what, details=""):
        step = case.steps[number]
        found.append(f"{case.name}, {way.name}\n  {step.place}: {step.command}\n  {what}\n{_indented(details)}")

    for number, step in enumerate(case.steps):
        if number >= min(len(direct), len(other)):
            add(number, "was not run: a preparing command before it failed")
            break
        one, two = direct[number], other[number]
        if problem := one.problem(step):
            add(number, f"directly: {problem}", _printed(one))
        elif way.leaves_out(case, step):
            continue
        elif step.design:
            code, words = step.design
            if two.code != code or words not in two.stdout + two.stderr:
                add(number, f"by {way.name} it is to end with {code} and {words!r}, but ends with {two.code}", _printed(two))
        elif not step.is_compared:
            if problem := two.problem(step):
                add(number, f"for {way.name}: {problem}", _printed(two))
        elif one != two:
            add(number, "differs", _difference(one, two, way.name))
    return found


def _difference(one, other, way):
    parts = []
    if one.code != other.code:
        parts.append(f"exit code {one.code} directly, {other.code} by {way}")
    for stream in ("stdout", "stderr"):
        here, there = getattr(one, stream), getattr(other, stream)
        parts += difflib.unified_diff(
            here.splitlines(), there.splitlines(), f"{stream} directly", f"{stream} by {way}", lineterm="", n=2)
        if here.splitlines() == there.splitlines() and here != there:
            parts.append(f"{stream} differs in its line ends: {here!r:.300} {there!r:.300}")
    return "\n".join(line if len(line) <= 400 else f"{line[:400]}… ({len(line)} characters)" for line in parts[:80])


def _printed(outcome):
    return "\n".join((outcome.stdout + outcome.stderr).splitlines()[-20:])


def _indented(text):
    return "".join(f"    {line}\n" for line in text.splitlines())
