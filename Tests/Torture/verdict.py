"""Holds the journal, the API server's audit log and what the clients saw against each other."""

import json
import os
import pathlib
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "Hostile"), str(TESTS / "Environment" / "gateway")]
import audit  # noqa: E402
import journal  # noqa: E402

CHANGES = ("create", "update", "patch", "delete", "deletecollection")


class Records:
    """What fsck says of a journal, and the outcome of each exchange, read without any code of the gateway."""

    def __init__(self, folder):
        gateway = pathlib.Path(os.environ["BYLINE_TEST_BIN"]) / "byline-gateway"
        checked = subprocess.run([gateway, "fsck", folder, "-o", "json"], capture_output=True, check=False)
        self.report = json.loads(checked.stdout or b"{}")
        self.is_clean = checked.returncode == 0
        self.outcomes = {}
        for name, payload in journal.frames(folder):
            if name == "open":
                self.outcomes.setdefault(payload["exchange"], "open")
            elif name == "close":
                self.outcomes[payload["exchange"]] = payload["outcome"]


def judge(folder, audit_log, namespace, load, away=0.0):
    """What is wrong, a sentence each, and a sentence with the figures; away is how long the gateway was, in seconds."""
    records = Records(folder)
    wrong = []
    changed = [
        entry["auditID"] for entry in audit_log.gateways_entries()
        if entry["verb"] in CHANGES and entry.get("objectRef", {}).get("namespace") == namespace]
    missing = [one for one in changed if one not in records.outcomes]
    if missing:
        wrong.append(f"{len(missing)} of {len(changed)} changes in the audit log have no opening, as {missing[0]}")
    lost = {one: answer for one, answer in load.changes.items() if records.outcomes.get(one) != "complete"}
    if lost:
        one = next(iter(lost))
        wrong.append(f"{len(lost)} answers to changes came whole and have no whole record, as {one} "
                     f"{lost[one]}: {records.outcomes.get(one)}")
    if not records.is_clean:
        wrong.append(f"fsck: {json.dumps(records.report.get('problems', [])[:3])}")
    reads = sum(1 for one in load.reads if records.outcomes.get(one) != "complete")
    exchanges = records.report.get("exchanges", {})
    figures = (
        f"{len(changed)} changes in the audit log, {len(changed) / (load.seconds - away):.0f} changes a second while the "
        f"gateway was up, {len(load.changes)} answered whole, {len(load.reads)} reads ({reads} without their end), "
        f"{load.refused} refused, {load.broken} broken; {exchanges.get('closed')} exchanges closed, "
        f"{exchanges.get('unknown')} unknown, {len(records.report.get('segments', []))} segments")
    return wrong, figures
