"""Runs every case on every way at once, and holds each way against the direct one."""

import concurrent.futures
import secrets
import time

import comparison
import record
from cluster import Cluster
from side import Side
from ways import Direct, Run, Serve


# kubectl and the kubelet have races of their own: which end of a connection is told first, whether a slow reader gets the
# last of a stream. What is the gateway's doing comes again: a difference counts that is there in one of so many repetitions,
# with nothing else running. One that is not is told all the same.
REPETITIONS = 2


class Suite:
    """Each side of a case has a namespace of its own, `d-…`, `r-…`, `s-…`, equally long: so they all run at the same time,
    none waits for the objects of another to be gone, columns are as wide, and the names are masked.
    """

    def __init__(self, kubeconfig, tools, programs, folder, jobs):
        self.folder = folder
        self._tools = tools
        self._programs = programs
        self._jobs = jobs
        # Unlike any earlier run against the same cluster, of which something may still be on its way out.
        self._id = secrets.token_hex(2)
        self._cluster = Cluster(kubeconfig)
        self._direct = Direct(kubeconfig)
        self._others = []
        # The cases as they were run, by their numbers, each repetition with one of its own.
        self._runs = []
        # The names of cases that differed once and not again.
        self.passing = []

    def enter(self, ways):
        """Starts these ways: `control`, `run`, `serve`."""
        kubeconfig = self._cluster.kubeconfig
        for way in ways:
            if way == "control":
                self._others.append(Direct(kubeconfig, "directly again", "c"))
            elif way == "run":
                self._others.append(Run(self._programs, kubeconfig, self.folder / "run"))
            else:
                self._others.append(Serve(self._programs, self.folder / "serve", self._cluster, f"differential-{self._id}"))

    def run(self, chosen):
        """The faults of all cases, by case."""
        numbered = [(self._number(case), case) for case in chosen]
        faults = {case.name: self._run_case(index, case) for index, case in numbered if case.is_alone}
        with concurrent.futures.ThreadPoolExecutor(self._jobs) as pool:
            running = {pool.submit(self._run_case, index, case): case for index, case in numbered if not case.is_alone}
            for done in concurrent.futures.as_completed(running):
                faults[running[done].name] = done.result()
        for case in chosen:
            if faults[case.name]:
                faults[case.name] = self._repeat(case)
        return faults

    def _repeat(self, case):
        """The faults that come again."""
        faults = [fault for _ in range(REPETITIONS) for fault in self._run_case(self._number(case), case)]
        if not faults:
            self.passing.append(case.name)
        return faults

    def _number(self, case):
        """A number for one more run of a case, whose namespaces are there."""
        self._runs.append(case)
        index = len(self._runs) - 1
        self._cluster.make_namespaces(self._namespaces(index))
        return index

    def leave(self, chosen):
        """Stops the ways. What is missing in their records, by way."""
        labelled = {self._label(index): case for index, case in enumerate(self._runs)}
        missing = {}
        for way in self._others:
            journal = way.stop()
            if journal is not None:
                missing[way.name], count = record.faults(journal, labelled, way)
                left_out = sum(way.leaves_out(case, step) for case in chosen for step in case.steps if step.is_compared)
                print(f"differential: {way.name} recorded {count} exchanges; {left_out} commands cannot go this way",
                      flush=True)
        return missing

    def _namespaces(self, index):
        return [self._namespace(index, way) for way in (self._direct, *self._others)]

    def _namespace(self, index, way):
        return f"{way.letter}-{self._id}-{index:03}"

    def _label(self, index):
        return f"case-{self._id}-{index:03}"

    def _run_case(self, index, case):
        self._cluster.wait_for_accounts(self._namespaces(index))
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(1 if case.is_alone else 1 + len(self._others)) as pool:
            direct = pool.submit(self._run_side, index, case, self._direct)
            others = [pool.submit(self._run_side, index, case, way) for way in self._others]
        faults = [
            fault for way, other in zip(self._others, others)
            for fault in comparison.faults(case, direct.result(), other.result(), way)]
        self._cluster.delete_namespaces(self._namespaces(index))
        verdict = f"{len(faults)} FAULTS" if faults else "same"
        count, seconds = sum(case.count().values()), time.monotonic() - started
        print(f"  {verdict:<9} {count:3} commands {seconds:5.1f} s  {case.name}", flush=True)
        for fault in faults:
            print(f"\n--- {fault}", flush=True)
        return faults

    def _run_side(self, index, case, way):
        namespace = self._namespace(index, way)
        with way.kubeconfig(self._label(index)) as kubeconfig:
            return Side(self.folder / namespace, namespace, kubeconfig, self._cluster.kubeconfig).run(case, self._tools)
