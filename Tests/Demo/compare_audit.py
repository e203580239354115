#!/usr/bin/env python3
"""compare_audit.py SESSION.json AUDIT.log: holds a recorded session against the API server's own audit log.

Every exchange of the session must stand in the log under the Audit-ID that the gateway minted. Prints how many do;
exits 1 and names the missing ones where some do not.
"""
import json
import sys

session, log = sys.argv[1:]
with open(session, encoding="utf-8") as file:
    recorded = [exchange["open"] for exchange in json.load(file)["exchanges"]]
with open(log, encoding="utf-8") as file:
    seen = {json.loads(line)["auditID"] for line in file if line.strip()}
missing = [one for one in recorded if one["exchange"] not in seen]
for one in missing:
    print(f"not in the API server's audit log: {one['exchange']} {one['method']} {one['target']}", file=sys.stderr)
print(f"demo: the API server's own audit log holds {len(recorded) - len(missing)} of {len(recorded)} exchanges by the same id")
sys.exit(1 if missing else 0)
