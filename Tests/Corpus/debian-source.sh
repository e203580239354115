#!/bin/bash
# debian-source.sh SUITE PACKAGE[=VERSION] DIR PATTERN...: puts those files of a Debian source package whose paths match into DIR.
# The system's own package lists are not touched.
set -euo pipefail

[ $# -ge 4 ] || { echo "usage: debian-source.sh SUITE PACKAGE[=VERSION] DIR PATTERN..." >&2; exit 2; }
suite=$1
package=$2
target=$(realpath -m -- "$3")
shift 3
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
mkdir -p "$target" "$work"/{sources,lists/partial,cache/archives/partial,files}
cat >"$work/sources/debian.sources" <<SOURCES
Types: deb-src
URIs: http://deb.debian.org/debian
Suites: $suite
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
private_apt source --download-only --tar-only "$package"
tar --extract --file ./*.orig.tar.* --directory "$target" --strip-components=1 --wildcards "$@"
