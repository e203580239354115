"""One pass over the tables: each request, its answer, its record, and at the end the API server's audit log."""

import json
import os
import re

import audit
from case import CLOSED, FORGED
from record import Record
from wire import Wire

# The groups that a caller has where a row does not say otherwise.
GROUPS = {"alice": {"readers"}, "walter": {"writers"}, "alice@hostile.test": {"readers"}}


class Run:
    def __init__(self, gateway, scene, authority):
        self._gateway = gateway
        self._wire = Wire(scene.host, authority)
        self._record = Record(gateway.journal)
        self._log = audit.AuditLog(os.environ["BYLINE_TEST_AUDIT_LOG"])
        # By marker: the row's name, the row, the bytes that were sent.
        self.sent = {}
        # By marker: the ids under which the journal has what was let through.
        self._passed = {}
        # In order: the marker and what did not hold, in a sentence.
        self.faults = []
        self.recorded = 0

    def play(self, table, case):
        marker, raw = case.marked(len(self.sent) + 1)
        self.sent[marker] = (f"{table}: {case.name}", case, raw)
        self._record.begin()
        answers = []
        try:
            answers = self._wire.send(raw, case.protocol, case.prelude + 1)
            self._judge(marker, case, answers)
        except OSError as error:
            self._fault(marker, f"it could not be sent: {error}")
        # A connection ends a moment before the process does.
        if self._gateway.has_died(wait=0.2 if not any(answer.status for answer in answers) else 0):
            self._fault(marker, "the gateway died of it")
            self._gateway.start_again()

    def _fault(self, marker, sentence):
        self.faults.append((marker, sentence))

    # --- the answer and the record

    def _judge(self, marker, case, answers):
        expected = case.prelude + 1
        # Of several the one that says no, which is the last but in a flood.
        answer = next((one for one in answers if not 200 <= one.status < 300), answers[-1])
        if len(answers) != expected:
            self._fault(marker, f"{len(answers)} answers instead of {expected}, the last: {answers[-1]}")
        if answer.status not in case.statuses:
            wanted = " or ".join(str(status or "no answer") for status in case.statuses)
            return self._fault(marker, f"expected {wanted}, got {answer}")
        if case.outcome != "passes" and answer.status != CLOSED and case.body != "none":
            self._judge_body(marker, case, answer)
        self._judge_record(marker, case, answer)

    def _judge_body(self, marker, case, answer):
        """A refusal says in its client's language what is wrong."""
        try:
            body = json.loads(answer.body)
        except ValueError:
            return self._fault(marker, f"the refusal is no JSON: {answer}")
        if case.body == "OAuth":
            holds = isinstance(body.get("error"), str)
        else:
            facts = [body.get(name) for name in ("kind", "apiVersion", "status", "code")]
            holds = facts == ["Status", "v1", "Failure", answer.status]
            # What is wrong only in its body, the API server may have refused.
            holds = holds and (case.outcome == "cut" or body["message"].startswith("byline: "))
        if not holds:
            self._fault(marker, f"the refusal is no {case.body}: {answer}")

    def _judge_record(self, marker, case, answer):
        if case.outcome == "passes":
            holds = self._record.wait(lambda record: len(record.passed(marker)) > case.prelude)
        elif case.outcome == "cut":
            holds = self._record.wait(lambda record: record.passed(marker) or record.is_refusal(CLOSED, marker))
        else:
            holds = self._record.wait(lambda record: record.is_refusal(answer.status, marker))
        self._passed[marker] = self._record.passed(marker)
        if holds:
            self.recorded += 1
        else:
            self._fault(marker, f"it is not in the journal as it should be; the answer was {answer}")

    # --- afterwards

    def compare_with_audit_log(self):
        """How many hostile requests the API server saw, and how many good ones as it should."""
        seen, passed, found = set(), set(), {}
        for entry in self._log.gateways_entries():
            number = audit.marker(entry)
            if number in self.sent:
                found.setdefault(number, []).append(entry)
            elif not entry.get("userAgent", "").startswith("prelude"):
                self._fault(number, f"the API server was asked for what no row stands for: {audit.brief(entry)}")
        for marker, (_, case, _) in self.sent.items():
            entries = found.get(marker, [])
            if case.outcome == "passes":
                fault = self._fault_of_good(marker, case, entries)
                passed.update([] if fault else [marker])
            else:
                fault = self._fault_of_hostile(case, entries)
                seen.update([marker] if fault else [])
            if fault:
                told = "".join(f"\n    {audit.brief(entry)}" for entry in entries[:3])
                self._fault(marker, f"{fault}{told}")
        return len(seen), len(passed)

    @staticmethod
    def _fault_of_hostile(case, entries):
        if case.outcome == "refused":
            return "the API server saw it" if entries else None
        if len(entries) > 1:
            return "the API server saw more than one request in it"
        return "the API server served it" if any(entry["responseStatus"]["code"] < 400 for entry in entries) else None

    def _fault_of_good(self, marker, case, entries):
        if len(entries) != case.prelude + 1:
            return f"the API server saw {len(entries)} requests instead of {case.prelude + 1}"
        for entry in entries:
            person = entry.get("impersonatedUser", {})
            groups = set(person.get("groups", [])) - {"system:authenticated"}
            if person.get("username") != case.caller or groups != set(case.groups or GROUPS[case.caller]):
                return "the API server knows it as somebody else's"
            if case.raw.startswith(b"GET ") and entry["verb"] not in ("get", "list"):
                return f"the API server took it for a {entry['verb']}"
            text = json.dumps({name: value for name, value in entry.items() if name not in audit.CALLERS_WORDS})
            forged = [word for word in FORGED if f'"{word}"' in text]
            if forged:
                return f"{', '.join(forged)} came through to the API server"
            wanted = case.target and case.target.replace("hostile-nnnn", marker).removeprefix("/clusters/test")
            if wanted and entry["requestURI"] != wanted:
                return f"the API server was asked for something else than {wanted}"
        if {entry["auditID"] for entry in entries} != self._passed.get(marker):
            return "the API server knows it under another id than the journal"
        return None

    def check_secrets(self):
        """Neither the journal nor the gateway's log holds a token of a head, nor the signature that makes it one."""
        kept = b"".join(path.read_bytes() for path in [*self._gateway.journal.glob("*.byl"), self._gateway.log])
        for marker, (_, _, raw) in self.sent.items():
            head = raw.split(b"\r\n\r\n")[0]
            signatures = re.findall(rb"eyJ[\w-]+\.[\w-]+\.([\w-]{40,})", head)
            if any(signature in kept for signature in signatures):
                self._fault(marker, "a token of its head stands in the journal or in the gateway's log")
