#!/bin/bash
# kubernetes-source.sh DIR: puts the manifests of Debian's kubernetes source package into DIR, about 1,500 files.
# The system's own package lists are not touched.
set -euo pipefail

target=$(realpath -m -- "${1:?usage: kubernetes-source.sh DIR}")
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
mkdir -p "$target" "$work"/{sources,lists/partial,cache/archives/partial,files}
cat >"$work/sources/debian.sources" <<SOURCES
Types: deb-src
URIs: http://deb.debian.org/debian
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES

private_apt() {
    apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources" \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none "$@"
}

private_apt update
cd "$work/files"
private_apt source --download-only kubernetes
tar --extract --file kubernetes_*.orig.tar.* --directory "$target" --strip-components=1 --wildcards '*.yaml' '*.yml' '*.json'
