"""`byline setup`: what it does to a kubeconfig, and what it leaves alone."""

import os

import provider_side  # noqa: F401
from person import KUBECTL

COMMENTED = """\
# mine
apiVersion: v1
kind: Config
current-context: mine   # the one at home
clusters:
# the old cluster
- cluster:
    server: https://10.0.0.1:6443   # by its address
  name: mine

# people
users:
- name: me
  user: {token: "not-a-real-one"}
contexts:
- context:
    cluster: mine
    user: me
  name: mine
# the end
"""
FLOW = ('apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: "https://a.example"}}]\n'
        "users: [{name: u, user: {}}]\ncontexts: [{name: a, context: {cluster: a, user: u}}]\n")
JSON = ('{"kind": "Config", "apiVersion": "v1", "clusters": [], "users": [{"name": "u", "user": {}}], "contexts": [],'
        ' "current-context": ""}\n')


def check_every_other_byte_survives(home):
    kubeconfig = home.folder / "config"
    for text in (COMMENTED, COMMENTED.replace("\n", "\r\n"), FLOW, JSON, ""):
        kubeconfig.write_bytes(text.encode())
        answer = home.byline("setup", "--kubeconfig", kubeconfig)
        assert answer.code == 0, answer
        new = kubeconfig.read_bytes().decode()
        place = 0
        for byte in text:  # the old bytes stand in the new ones, in their order
            if text in (JSON, FLOW):
                break
            place = new.index(byte, place) + 1
        assert "insecure-skip-tls-verify" not in new and "certificate-authority-data" in new
        names = home.run(KUBECTL, "--kubeconfig", kubeconfig, "config", "get-contexts", "-o", "name").output.split()
        assert "byline-test" in names, (new, names)
        again = home.byline("setup", "--kubeconfig", kubeconfig)
        assert again.code == 0 and kubeconfig.read_bytes().decode() == new, "a second time changes nothing"
        answer = home.byline("setup", "--remove", "--kubeconfig", kubeconfig)
        assert answer.code == 0, answer
        left = kubeconfig.read_bytes().decode() if kubeconfig.exists() else ""
        assert left == text, f"after --remove:\n{left}\nbefore:\n{text}"


def check_a_file_that_kubectl_wrote_again_is_cleaned_as_well(home):
    kubeconfig = home.folder / "config"
    kubeconfig.write_text(COMMENTED)
    assert home.byline("setup", "--kubeconfig", kubeconfig).code == 0
    for words in (["set-context", "byline-test", "--namespace", "n"], ["use-context", "byline-test"]):
        assert home.run(KUBECTL, "--kubeconfig", kubeconfig, "config", *words).code == 0
    answer = home.byline("setup", "--kubeconfig", kubeconfig)
    assert answer.code == 0 and "namespace: n" in kubeconfig.read_text(), answer
    answer = home.byline("setup", "--remove", "--kubeconfig", kubeconfig)
    assert answer.code == 0 and "byline" not in kubeconfig.read_text(), kubeconfig.read_text()
    assert "server: https://10.0.0.1:6443" in kubeconfig.read_text()


def check_print_writes_nothing(home):
    answer = home.byline("setup", "--print")
    assert answer.code == 0 and "byline-credential" in answer.output, answer
    assert not (home.folder / ".kube").exists()


def check_what_cannot_be_changed_is_left_as_it_was(home):
    kubeconfig = home.folder / "config"
    for text, sentence in (("clusters: [", "config:"), ("- a\n", "is no kubeconfig"),
                           ("contexts:\n- name: byline-test\n  context: {cluster: c, user: u}\n", "did not make")):
        kubeconfig.write_text(text)
        answer = home.byline("setup", "--kubeconfig", kubeconfig)
        assert answer.code == 1 and sentence in answer.error and "hint:" in answer.error, answer
        assert kubeconfig.read_text() == text
    kubeconfig.write_text("")
    (home.folder / "config.lock").touch()
    answer = home.byline("setup", "--kubeconfig", kubeconfig)
    assert answer.code == 1 and "another program is changing" in answer.error, answer
    (home.folder / "config.lock").unlink()
    answer = home.byline("setup", "--kubeconfig", kubeconfig, "--cluster", "nowhere")
    assert answer.code == 1 and "it serves: test" in answer.error, answer
    answer = home.byline("setup", "--remove", "--kubeconfig", kubeconfig)
    assert answer.code == 1 and "has written nothing" in answer.error, answer


def check_a_link_leads_to_the_file_that_is_changed(home):
    real = home.folder / "real"
    real.write_text(COMMENTED)
    real.chmod(0o640)
    os.symlink("real", home.folder / "config")
    assert home.byline("setup", "--kubeconfig", home.folder / "config").code == 0
    assert (home.folder / "config").is_symlink() and "byline-test" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def check_in_a_pod_nobody_signs_in(home):
    """From nothing: setup with a credentials file, then kubectl."""
    answer = home.byline("setup", "--client-credentials", home.credentials_file(), "--certificate-authority",
                         home.gateway.authority, BYLINE_CERTIFICATE_AUTHORITY="")
    assert answer.code == 0, answer
    trust = f"{home.folder}/both.crt"
    with open(trust, "w", encoding="utf-8") as file:
        file.write(home.gateway.authority.read_text() + open(os.environ["BYLINE_TEST_OIDC_CA"]).read())
    answer = home.byline("setup", "--client-credentials", home.folder / "client.json", "--certificate-authority", trust)
    assert answer.code == 0, answer
    variables = {"BYLINE_CERTIFICATE_AUTHORITY": "", "BYLINE_GATEWAY": ""}
    answer = home.run(KUBECTL, "--context", "byline-test", "get", "pods", "-n", "default", **variables)
    assert answer.code == 0, answer
