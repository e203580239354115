#!/bin/bash
# build.sh - kube-apiserver, kube-controller-manager, kube-scheduler and kubelet from Debian's source package.
#
# Everything is taken from Debian 12 through apt, without touching /etc/apt and without root: the source of Kubernetes
# 1.20.2, the Go that compiles it and one library, unpacked below the cache folder. So a newer Debian, which no longer has
# them, builds the same. Four to ten minutes on two cores, once; an interrupted run goes on where it stopped; two at once
# wait for each other. The result is $BYLINE_CACHE/cluster/bin; what was needed to build it (2 GiB) is removed at the end.
set -euo pipefail
PART=cluster
source "$(dirname "$0")/../lib.sh"

K8S_VERSION=1.20.2
K8S_COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56
K8S_DATE=2021-01-13T13:20:00Z
DEBIAN_SUITE=bookworm
GO_PACKAGES=(golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev)
PROGRAMS=(kube-apiserver kube-controller-manager kube-scheduler kubelet)
# Changed whenever the recipe below gives other programs, so that old ones are built anew.
RECIPE="$K8S_VERSION recipe 1"

BIN=$BYLINE_CACHE/cluster/bin
WORK=$BYLINE_CACHE/cluster/build
UNPACKED=$WORK/debian
SOURCE=$WORK/gopath/src/k8s.io/kubernetes

is_built() {
    [ "$(cat "$BIN/recipe" 2>/dev/null)" = "$RECIPE" ]
}

# Holds the lock until this script ends, however it ends.
take_turn() {
    mkdir -p "$BYLINE_CACHE/cluster"
    exec 9>"$BYLINE_CACHE/cluster/build.lock"
    if ! flock --nonblock 9; then
        say "another build is under way; waiting for it"
        flock 9
    fi
}

at_exit() {
    end_children
}

# --- 1. source and compiler, through apt with folders of its own

# The mirror this machine already uses for Debian, and its keyring where the entry names one.
debian_entry() {
    python3 - "$DEBIAN_SUITE" <<'PYTHON'
import glob, re, sys
suite = sys.argv[1]

def stanzas():
    """(kinds, URIs, components, keyring) of every source that apt knows, in both formats."""
    for path in glob.glob("/etc/apt/sources.list.d/*.sources"):
        for text in re.split(r"\n\s*\n", open(path).read()):
            text = re.sub(r"(?m)^#.*\n?", "", text)
            fields = {name.lower(): value.split() for name, value in re.findall(r"(?m)^([\w-]+):[ \t]*(.*(?:\n[ \t]+.*)*)", text)}
            if fields.get("enabled") == ["no"] or any("BEGIN" in word for word in fields.get("signed-by", [])):
                continue
            yield fields.get("types", []), fields.get("uris", []), fields.get("components", []), fields.get("signed-by", [])
    for path in ["/etc/apt/sources.list", *glob.glob("/etc/apt/sources.list.d/*.list")]:
        try:
            lines = open(path).read().splitlines()
        except FileNotFoundError:
            continue
        for line in lines:
            entry = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+\S+\s+(.*)", line)
            if entry:
                keyring = re.findall(r"signed-by=(\S+)", entry[1] or "")
                yield ["deb"], [entry[2]], entry[3].split(), keyring

for kinds, uris, components, keyring in stanzas():
    for uri in uris:
        if "deb" in kinds and "main" in components and re.search(r"/debian/?$", uri):
            print(f"Types: deb deb-src\nURIs: {uri}\nSuites: {suite}\nComponents: main")
            if keyring:
                print("Signed-By:", *keyring)
            sys.exit()
sys.exit("no Debian mirror in /etc/apt/sources.list or /etc/apt/sources.list.d")
PYTHON
}

private_apt() {
    apt-get -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$WORK/apt/sources.list.d" \
        -o Dir::State::Lists="$WORK/apt/lists" -o Dir::Cache="$WORK/apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false -q "$@"
}

download() {
    mkdir -p "$WORK/apt"/{sources.list.d,lists/partial,cache/archives/partial,files}
    debian_entry >"$WORK/apt/sources.list.d/debian.sources"
    private_apt update
    cd "$WORK/apt/files"
    private_apt download "${GO_PACKAGES[@]}"
    private_apt source --download-only kubernetes
}

# Into a name that the next step does not look at, so that a half-unpacked tree is never taken for a whole one.
unpack() {
    rm -rf -- "$UNPACKED" "$UNPACKED.partial" "$WORK/gopath"
    mkdir -p "$UNPACKED.partial" "$(dirname "$SOURCE")"
    local package
    for package in "$WORK"/apt/files/*.deb; do
        dpkg-deb --extract "$package" "$UNPACKED.partial"
    done
    # No signature check here: apt has just verified the package's digests against the signed index.
    dpkg-source --no-check --extract "$WORK"/apt/files/kubernetes_*.dsc "$SOURCE"
    # The vendored reflect2 1.0.1 panics when it decodes maps with Go 1.18 or newer; Debian's is 1.0.2.
    rm -rf -- "$SOURCE/vendor/github.com/modern-go/reflect2"
    cp -rL "$UNPACKED.partial/usr/share/gocode/src/github.com/modern-go/reflect2" "$SOURCE/vendor/github.com/modern-go/"
    mv "$UNPACKED.partial" "$UNPACKED"
}

# --- 2. compile

# Debian's Go knows its own folder as /usr/lib/go-1.19; here it lies elsewhere. A GOPATH build: module mode stops with
# "updates to go.mod needed" on Debian's tarball.
go_environment() {
    export GOROOT=$UNPACKED/usr/lib/go-1.19 GOPATH=$WORK/gopath GOCACHE=$WORK/gocache
    # Whatever a person has set for Go does not count here.
    export GOENV=off GO111MODULE=off GOFLAGS='' CGO_ENABLED=0
    export PATH=$GOROOT/bin:$PATH
}

# The one generated file that the tarball lacks: pkg/generated/openapi/zz_generated.openapi.go.
generate_openapi() {
    cd "$SOURCE"
    go build -o "$WORK/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    local packages
    # The slash makes grep follow the links in vendor/k8s.io, which lead to staging.
    packages=$(grep -rl --include='*.go' '^// *+k8s:openapi-gen=' cmd pkg plugin vendor/k8s.io/*/ |
        xargs -n1 dirname | sort -u |
        grep -vE '/testdata|/test/|^vendor/k8s.io/(code-generator|sample-apiserver)(/|$)' |
        sed 's|//|/|; s|^|k8s.io/kubernetes/|' | paste -sd,)
    "$WORK/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt --input-dirs "$packages" \
        --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi \
        --report-filename /dev/null --output-base "$GOPATH/src"
    # Without a package the API server builds all the same, and ends when it starts.
    grep -q apiextensions/v1.CustomResourceDefinition pkg/generated/openapi/zz_generated.openapi.go
}

version_flags() {
    local package fact
    for package in component-base/version client-go/pkg/version; do
        for fact in gitVersion=v$K8S_VERSION gitMajor=1 gitMinor=20 gitTreeState=archive \
            gitCommit=$K8S_COMMIT buildDate=$K8S_DATE; do
            printf -- '-X k8s.io/kubernetes/vendor/k8s.io/%s.%s ' "$package" "$fact"
        done
    done
}

compile() {
    cd "$SOURCE"
    go list -deps "${PROGRAMS[@]/#/./cmd/}" | wc -l >"$WORK/package-count"
    mkdir -p "$WORK/out"
    go build -v -trimpath -ldflags "-s -w $(version_flags)" -o "$WORK/out/" "${PROGRAMS[@]/#/./cmd/}"
}

# Go names each package as it compiles it. Linking at the end is silent.
packages_compiled() {
    echo "$(grep -c / "$1") of $(cat "$WORK/package-count" 2>/dev/null) packages compiled"
}

# A program appears under its name only when it is whole; the recipe, written last, says that all of them are there.
install_programs() {
    mkdir -p "$BIN"
    rm -f "$BIN/recipe"
    local program
    for program in "${PROGRAMS[@]}"; do
        mv "$WORK/out/$program" "$BIN/$program"
    done
    echo "$RECIPE" >"$BIN/recipe.partial"
    mv "$BIN/recipe.partial" "$BIN/recipe"
}

main() {
    ! is_built || return 0
    local tool
    for tool in apt-get dpkg-deb dpkg-source flock python3; do
        have "$tool" || fail "$tool is missing. To build Kubernetes here takes Debian; or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver"
    done
    take_turn
    ! is_built || return 0
    say "building Kubernetes $K8S_VERSION from Debian's source, once: 4 to 10 minutes, 2 GiB below $WORK until it is done"
    if [ ! -d "$UNPACKED" ]; then
        step "downloading source and compiler from Debian" "$LOGS/cluster-download.log" download
        step "unpacking them" "$LOGS/cluster-unpack.log" unpack
    fi
    go_environment
    step "generating the API's description" "$LOGS/cluster-openapi.log" generate_openapi
    PROGRESS=packages_compiled step "compiling ${PROGRAMS[*]}" "$LOGS/cluster-compile.log" compile
    install_programs
    rm -rf -- "$WORK"
    say "built: $BIN"
}

main
