"""What a gateway's journal has to say of the cases that went through it: else a case compared the cluster with itself."""

import sys

from ways import ENVIRONMENT

sys.path.insert(0, str(ENVIRONMENT / "gateway"))
import journal  # noqa: E402

# How each client names itself.
USER_AGENTS = {
    "kubectl": ("kubectl/",), "kubectl-older": ("kubectl/",), "helm": ("Helm/",),
    "python": ("OpenAPI-Generator/", "answers")}


def faults(folder, labelled):
    """One text for each thing that is missing. `labelled` are the cases by their labels; the gateway has stopped."""
    exchanges = journal.exchanges(folder)
    agents = {}
    found = []
    for id, exchange in exchanges.items():
        opened, closed = exchange["open"], exchange["close"]
        if closed is None or closed["outcome"] == "unknown":
            found.append(f"exchange {id} has no end: {opened['method']} {opened['target']}")
        label = opened["byline"].get("prompt.id", {}).get("value")
        agents.setdefault(label, set()).add(opened.get("userAgent", ""))
    for label, case in labelled.items():
        for client in case.count():
            if not any(agent.startswith(USER_AGENTS[client]) for agent in agents.get(label, ())):
                found.append(f"{case.name}: nothing that {client} asked is in the record")
    events = [payload["event"] for kind, payload in journal.frames(folder) if kind == "gateway"]
    if events[-1:] != ["stopped"]:
        found.append(f"the record does not end with the gateway's end, but with {events[-1:]}")
    return found, len(exchanges)
