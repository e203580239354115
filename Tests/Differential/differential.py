#!/usr/bin/env python3
"""Runs the same commands directly and through the gateway, and exits 1 if anything but times and ids differs.

Each side of a case has a namespace of its own, `d-…` and `g-…`, equally long: so both run at the same time, no side waits for
the other's objects to be gone, columns are as wide, and the two names are masked.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import time

import cases
import comparison
from gateway import Gateway
from side import HERE, Side


class Suite:
    def __init__(self, arguments):
        self.folder = arguments.folder
        self.tools = arguments.tools
        self.programs = arguments.programs
        self.admin_kubeconfig = arguments.kubeconfig
        self.is_control = arguments.control
        self.jobs = arguments.jobs
        # Unlike any earlier run against the same cluster, of which something may still be on its way out.
        self.run_id = secrets.token_hex(2)
        self.direct_server = self._server(arguments.kubeconfig)

    def _kubectl(self, *arguments, kubeconfig=None, **options):
        done = subprocess.run(
            ["kubectl", "--kubeconfig", kubeconfig or self.admin_kubeconfig, *arguments],
            capture_output=True, text=True, check=False, **options)
        if done.returncode != 0:
            raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def _server(self, kubeconfig):
        clusters = json.loads(self._kubectl("config", "view", "-o", "json", kubeconfig=kubeconfig))["clusters"]
        if len(clusters) != 1:
            raise RuntimeError(f"{kubeconfig} names {len(clusters)} servers; there is to be one, so that no way leads past it")
        return clusters[0]["cluster"]["server"]

    def namespaces(self, index):
        return f"d-{self.run_id}-{index:03}", f"g-{self.run_id}-{index:03}"

    def make_namespaces(self, count):
        names = [name for index in range(count) for name in self.namespaces(index)]
        self._kubectl("create", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in names]}))
        # A pod needs its namespace's service account, which a controller makes, with its token.
        deadline = time.monotonic() + 60
        jsonpath = "jsonpath={range .items[?(@.secrets)]}{.metadata.namespace}{'\\n'}{end}"
        while not set(names) <= set(self._kubectl("get", "serviceaccounts", "-A", "-o", jsonpath).split()):
            if time.monotonic() > deadline:
                raise RuntimeError("a namespace has no default service account after 60 s")
            time.sleep(0.3)

    def run(self, chosen):
        """The faults of all cases, by case."""
        self.make_namespaces(len(chosen))
        gateway = None if self.is_control else Gateway(self.programs, self.admin_kubeconfig, self.folder / "gateway")
        try:
            faults = self._run_all(chosen, gateway)
            if gateway:
                self._check_way(chosen, gateway, faults)
        finally:
            status = gateway.stop() if gateway else 0
        if status != 0:
            print(f"differential: byline-gateway ended with {status}:\n{gateway.log.read_text()}", file=sys.stderr)
            faults["the gateway's end"] = [f"exit code {status}"]
        return faults

    def _run_all(self, chosen, gateway):
        faults = {}
        numbered = list(enumerate(chosen))
        for index, case in numbered:
            if case.is_alone:
                faults[case.name] = self._run_case(index, case, gateway)
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            running = {
                pool.submit(self._run_case, index, case, gateway): case for index, case in numbered if not case.is_alone}
            for done in concurrent.futures.as_completed(running):
                faults[running[done].name] = done.result()
        return faults

    def _run_case(self, index, case, gateway):
        started = time.monotonic()
        namespaces = self.namespaces(index)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            direct = pool.submit(self._run_side, index, case, namespaces[0], None)
            other = pool.submit(self._run_side, index, case, namespaces[1], gateway)
        faults = comparison.faults(case, direct.result(), other.result())
        self._kubectl("delete", "namespace", *namespaces, "--wait=false")
        verdict = f"{len(faults)} FAULTS" if faults else "same"
        print(f"  {verdict:<9} {sum(case.count().values()):3} commands {time.monotonic() - started:5.1f} s  {case.name}", flush=True)
        for fault in faults:
            print(f"\n--- {fault}", flush=True)
        return faults

    def _run_side(self, index, case, namespace, gateway):
        folder = self.folder / namespace
        if gateway is None:
            return Side(folder, namespace, self.admin_kubeconfig, self.admin_kubeconfig, self.direct_server) \
                .run(case, self.tools)
        with gateway.kubeconfig(self.label(index)) as kubeconfig:
            server = self._server(kubeconfig)
            if server == self.direct_server:
                raise RuntimeError("the gateway's kubeconfig leads past the gateway")
            return Side(folder, namespace, kubeconfig, self.admin_kubeconfig, server).run(case, self.tools)

    def label(self, index):
        return f"case-{self.run_id}-{index:03}"

    def _check_way(self, chosen, gateway, faults):
        """Every case must stand in the gateway's record: else it compared the cluster with itself."""
        recorded = gateway.recorded()
        for index, case in enumerate(chosen):
            if not recorded.get(self.label(index)):
                faults[case.name].append("nothing of it is in the gateway's record")
                print(f"\n--- {case.name}\n  {faults[case.name][-1]}")
        print(f"differential: the gateway recorded {sum(recorded.values())} exchanges in {len(recorded)} sessions")


def report(chosen, faults, seconds):
    counts = {}
    for case in chosen:
        for client, count in case.count().items():
            counts[client] = counts.get(client, 0) + count
    by_client = ", ".join(f"{client} {count}" for client, count in sorted(counts.items()))
    wrong = [name for name, texts in faults.items() if texts]
    print(f"\ndifferential: {sum(counts.values())} commands in {len(chosen)} cases ({by_client}), {seconds:.0f} s")
    print(f"differential: {sum(map(len, faults.values()))} differences or failures")
    for name in wrong:
        print(f"  again: FILTER='^{name}$' make differential")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", type=pathlib.Path, required=True, help="the cluster's administrator")
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="the folder of bin/kubectl, bin/helm, venv")
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="the folder of byline and byline-gateway")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="an empty folder for everything that is written")
    parser.add_argument("--filter", default="", help="only cases whose name matches this regular expression")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() + 1, help="cases at the same time")
    parser.add_argument("--control", action="store_true", help="both sides directly: what differs then is noise")
    arguments = parser.parse_args()
    chosen = [case for case in cases.read(sorted((HERE / "cases").glob("*.cases"))) if re.search(arguments.filter, case.name)]
    if not chosen:
        sys.exit(f"differential: no case matches {arguments.filter!r}")
    started = time.monotonic()
    faults = Suite(arguments).run(chosen)
    sys.exit(report(chosen, faults, time.monotonic() - started))


if __name__ == "__main__":
    main()
