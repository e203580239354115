"""The contenders: each a program in front of the same upstream, with the URL that stands for the upstream's."""

import grp
import os
import pathlib
import pwd

import client
import gateway
from processes import Failed, Process, free_port

HERE = pathlib.Path(__file__).parent


class Peer:
    """`process` is None for the direct way; `ca` is the file that vouches for its certificate."""

    def __init__(self, name, base, ca, process=None, token=None, recording=None):
        self.name = name
        self.base = base
        self.ca = ca
        self.process = process
        self.token = token
        self.recording = recording

    def forget_recording(self):
        """Frees the disk that a recorder filled; it goes on writing at its offset, into a file with a hole."""
        if self.recording and self.recording.exists():
            os.truncate(self.recording, 0)


def start_upstream(scratch):
    """The upstream, as the direct way to it."""
    process, port = _start_nginx("upstream", scratch, {})
    return Peer("direct", f"https://127.0.0.1:{port}", scratch / "ca.crt", process), port


def start_nginx(scratch, upstream_port, _):
    process, port = _start_nginx("reverse-proxy", scratch, {"UPSTREAM": upstream_port})
    return Peer("nginx", f"https://127.0.0.1:{port}", scratch / "ca.crt", process)


def start_mitmdump(scratch, upstream_port, options):
    program = _program("mitmdump", options.mitmdump, "install mitmproxy, or name it with BENCH_MITMDUMP")
    folder = scratch / "mitmdump"
    folder.mkdir()
    both = folder / "server.pem"
    both.touch(mode=0o600)
    both.write_text((scratch / "server.key").read_text() + (scratch / "server.crt").read_text())
    port, recording = free_port(), folder / "flows"
    process = Process("mitmdump", [
        program, "--quiet", "--mode", f"reverse:https://127.0.0.1:{upstream_port}", "--listen-host", "127.0.0.1",
        "--listen-port", port,
        # By default it offers a client only what the upstream speaks, and that is HTTP/1.1.
        "--set", "connection_strategy=lazy", "--set", "upstream_cert=false",
        "--certs", f"*={both}", "--set", f"confdir={folder}",
        "--set", f"ssl_verify_upstream_trusted_ca={scratch / 'ca.crt'}", "-w", recording], folder / "log")
    process.wait_for_port(port)
    return Peer("mitmdump", f"https://127.0.0.1:{port}", scratch / "ca.crt", process, recording=recording)


def start_gateway(scratch, upstream_port, options):
    program = _program("byline-gateway", options.gateway, "`make bench` builds it, BYLINE_TEST_BIN says where it is")
    process, ready = gateway.start(program, scratch, upstream_port)
    try:
        token = gateway.session_token(ready)
    except Exception as error:
        process.stop()
        raise Failed(f"no session token from byline-gateway: {error}") from error
    return Peer("gateway", f"{ready['gateway']}/clusters/{gateway.CLUSTER}", ready["ca"], process, token)


def start_shim(scratch, upstream_port, options):
    beside = pathlib.Path(options.gateway).parent
    program = _program("byline", str(beside / "byline"), "`make bench` builds it, BYLINE_TEST_BIN says where it is")
    process, ready = gateway.start(options.gateway, scratch, upstream_port, name="gateway-of-shim")
    try:
        shim, base, bearer, authority = client.start_shim(program, process, ready, scratch)
    except BaseException:
        process.stop()
        raise
    return Peer("shim", base, authority, shim, bearer)


def start_kubectl_proxy(scratch, upstream_port, options):
    program = _program("kubectl", options.kubectl, "run Tests/Environment/tools.sh, or name it with BENCH_KUBECTL")
    process, base = client.start_kubectl_proxy(program, scratch, upstream_port)
    return Peer("kubectl-proxy", base, scratch / "ca.crt", process)


STARTERS = {"nginx": start_nginx, "mitmdump": start_mitmdump, "gateway": start_gateway, "shim": start_shim,
            "kubectl-proxy": start_kubectl_proxy}


def _program(name, path, hint):
    if not path or not os.access(path, os.X_OK):
        raise Failed(f"{name} is not {'at ' + path if path else 'there'}; {hint}")
    return path


def _start_nginx(kind, scratch, more):
    folder = scratch / kind
    folder.mkdir()
    port = free_port()
    user = f"{pwd.getpwuid(os.getuid()).pw_name} {grp.getgrgid(os.getgid()).gr_name}"
    values = {"DIR": folder, "SCRATCH": scratch, "PORT": port, "USER": user, **more}
    for template in (f"{kind}.conf", "temp-paths.conf"):
        text = (HERE / f"{template}.in").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (folder / template).write_text(text)
    process = Process(kind, ["nginx", "-p", folder, "-c", folder / f"{kind}.conf", "-e", folder / "error.log"],
                      folder / "log")
    process.wait_for_port(port)
    return process, port
