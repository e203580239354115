"""Starts what stands on the client's side: `byline shim` in front of a gateway of its own, and kubectl's own proxy."""

import json
import os
import subprocess

import gateway
from processes import Failed, Process, free_port


def start_shim(program, gateway_process, ready, scratch):
    """Signs in at the gateway and serves; returns the process and the shim's address, bearer and authority's file."""
    folder = scratch / "shim"
    folder.mkdir()
    variables = {"PATH": os.environ["PATH"], "HOME": str(folder), "BYLINE_STATE": str(folder / "state")}
    signed_in = subprocess.run(
        [program, "login", ready["gateway"], "--client-credentials", ready["clientCredentials"],
         "--certificate-authority", ready["ca"]], env=variables, capture_output=True, text=True, timeout=30)
    if signed_in.returncode != 0:
        raise Failed(f"byline login: {signed_in.stderr.strip()}")
    kubeconfig = folder / "kubeconfig"
    process = Process("byline shim", [
        "env", "-i", *(f"{name}={value}" for name, value in variables.items()), program, "shim", "--model", "bench",
        "--kubeconfig", kubeconfig], folder / "log")
    try:
        process.wait_until(kubeconfig.exists, 20)
        address, bearer, authority = read(kubeconfig, folder)
        process.wait_for_port(int(address.rpartition(":")[2]))
    except BaseException:
        process.stop()
        raise
    process.helps.append(gateway_process)
    return process, address, bearer, authority


def read(kubeconfig, folder):
    """The shim's kubeconfig, taken apart; it writes each value on a line of its own."""
    values = {}
    for line in kubeconfig.read_text().splitlines():
        name, separator, value = line.strip().partition(": ")
        if separator:
            values.setdefault(name, value.strip('"'))
    authority = folder / "authority.crt"
    decoded = subprocess.run(["base64", "-d"], input=values["certificate-authority-data"].encode(),
                             capture_output=True, check=True)
    authority.write_bytes(decoded.stdout)
    return values["server"], values["token"], authority


def start_kubectl_proxy(program, scratch, upstream_port):
    """Returns the process and its URL."""
    folder = scratch / "kubectl-proxy"
    folder.mkdir()
    kubeconfig = folder / "kubeconfig"
    kubeconfig.write_text(json.dumps(gateway.kubeconfig(scratch, upstream_port)))
    port = free_port()
    process = Process("kubectl proxy", [
        program, "proxy", "--kubeconfig", kubeconfig, "--port", port], folder / "log")
    process.wait_for_port(port)
    return process, f"http://127.0.0.1:{port}"
