"""The exec credential plugin, called as Kubernetes clients call it."""

import json
import os
import statistics
import subprocess
import time

import provider_side
from person import BIN, KUBECTL

BETA = json.dumps({"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential",
                   "spec": {"interactive": False}})


def signed_in(home):
    """Signed in with a file, and set up."""
    answer = home.login("--client-credentials", home.credentials_file())
    assert answer.code == 0, answer
    answer = home.byline("setup")
    assert answer.code == 0, answer
    return home


def knowing_the_cluster(home):
    """Signed in, and kubectl has asked once what the cluster serves."""
    answer = signed_in(home).run(KUBECTL, "get", "pods", "-n", "default")
    assert answer.code == 0, answer


def check_prints_an_exec_credential_of_the_version_asked_for(home):
    signed_in(home)
    for info, version in (("", "v1"), (BETA, "v1beta1")):
        for program in ([BIN / "byline", "credential"], [BIN / "byline-credential"]):
            answer = home.run(*program, KUBERNETES_EXEC_INFO=info)
            assert answer.code == 0 and not answer.error, answer
            credential = json.loads(answer.output)
            assert credential["apiVersion"] == f"client.authentication.k8s.io/{version}", answer
            assert credential["status"]["token"].count(".") == 2, answer
    answer = home.run(BIN / "byline-credential", KUBERNETES_EXEC_INFO='{"apiVersion":"client.authentication.k8s.io/v9"}')
    assert answer.code == 1 and not answer.output and "v9" in answer.error, answer


def check_each_byline_has_a_token_of_its_own(home):
    signed_in(home)

    def token(*options, **variables):
        answer = home.run(BIN / "byline-credential", *options, **variables)
        assert answer.code == 0, answer
        return json.loads(answer.output)["status"]["token"]

    first, second = token("--model", "m-1", "--prompt-id", "p-1"), token("--model", "m-1", "--prompt-id", "p-2")
    assert first != second and token("--prompt-id=p-1", "--model=m-1") == first
    assert token(BYLINE_MODEL="m-1", BYLINE_PROMPT_ID="p-2") == second
    answer = home.run(BIN / "byline-credential", "--prompt-id", "a\nb")
    assert answer.code == 1 and "hint:" in answer.error, answer


def check_kubectl_through_setup_is_tagged(home):
    signed_in(home)
    answer = home.run(KUBECTL, "get", "pods", "-n", "default", BYLINE_MODEL="m-1", BYLINE_PROMPT_ID="p-tagged")
    assert answer.code == 0, answer
    journal = b"".join(path.read_bytes() for path in home.gateway.folder.glob("state/journal/*.byl"))
    assert b"p-tagged" in journal, "the record does not name the prompt"


def check_forty_kubectls_on_a_cold_cache_sign_in_once(home):
    knowing_the_cluster(home)
    return forty(home)


def check_forty_kubectls_whose_lock_holder_is_killed_sign_in_once(home):
    """The provider is halted, so that the holder hangs with the lock in its hands; it is killed while the forty wait."""
    knowing_the_cluster(home)
    home.end_sign_in()
    with provider_side.halted() as go_on:
        holder = subprocess.Popen([BIN / "byline", "credential"], env=home.variables, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)
        assert holder.poll() is None, "the holder hangs"

        def kill_holder():
            time.sleep(5)
            holder.kill()
            holder.wait()
            go_on()

        return forty(home, meanwhile=kill_holder)


def forty(home, meanwhile=None):
    """Byline's cache is cold; kubectl's own, of what the cluster serves, is not what this is about."""
    home.end_sign_in()
    before = provider_side.given()
    started = time.monotonic()
    running = [subprocess.Popen([KUBECTL, "get", "pods", "-n", "default"], env=home.variables, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(40)]
    if meanwhile:
        meanwhile()
    waited = 0
    for process in running:
        _, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        waited += "waiting for another byline" in error
    count = provider_side.given() - before
    assert count == 1, f"{count} sign-ins"
    return f"1 sign-in, 0 errors, {waited} said that they wait, {time.monotonic() - started:.1f} s"


def check_a_cached_answer_needs_no_network_and_is_quick(home):
    signed_in(home)
    assert home.run(BIN / "byline-credential").code == 0
    provider_side.stop()
    try:
        def median(*command):
            times = []
            for _ in range(100):
                started = time.perf_counter()
                subprocess.run(list(map(str, command)), env=home.variables, stdout=subprocess.DEVNULL, check=True)
                times.append(time.perf_counter() - started)
            return statistics.median(times) * 1_000

        plugin, nothing = median(BIN / "byline-credential"), median("/bin/true")
        return f"{plugin:.2f} ms, /bin/true {nothing:.2f} ms (debug build)"
    finally:
        provider_side.start()


def check_files_are_closed_to_others(home):
    signed_in(home)
    home.run(BIN / "byline-credential")
    for path in home.folder.rglob(".local/state/byline/**/*"):
        mode = path.stat().st_mode & 0o777
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path} {mode:o}"
    session = next(home.folder.rglob("sessions/*"))
    os.chmod(session, 0o644)
    answer = home.run(BIN / "byline-credential")
    assert answer.code == 0, answer
    assert next(home.folder.rglob("sessions/*")).stat().st_mode & 0o777 == 0o600, "it was made anew"
