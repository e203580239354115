#!/bin/bash
# install.sh BIN PREFIX - installs the programs built in BIN, their man pages and completions below PREFIX. Called by
# `make install`. A file that is in use is replaced, not written over.
# install.sh --remove PREFIX - removes them again.
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/.." && pwd)
PROGRAMS=(byline byline-gateway byline-credential)

remove() {
    local prefix=$1 name
    for name in "${PROGRAMS[@]}" kubectl-byline kubectl_complete-byline; do
        rm -f -- "$prefix/bin/$name"
    done
    rm -f -- "$prefix"/share/man/man1/byline.1 "$prefix"/share/man/man1/byline-*.1 \
        "$prefix/share/bash-completion/completions/byline" "$prefix/share/zsh/site-functions/_byline" \
        "$prefix/share/fish/vendor_completions.d/byline.fish"
}

# put MODE FILE TARGET - by way of a name of its own, so that a running program keeps its file.
put() {
    install -D -m "$1" -- "$2" "$3.new"
    mv -f -- "$3.new" "$3"
}

add() {
    local bin=$1 prefix=$2 name pages
    [ -x "$bin/byline" ] || { echo "install: $bin/byline is not there; run: make build RELEASE=1" >&2; exit 1; }
    for name in "${PROGRAMS[@]}"; do
        [ ! -x "$bin/$name" ] || put 755 "$bin/$name" "$prefix/bin/$name"
    done
    ln -sfn byline "$prefix/bin/kubectl-byline"
    # kubectl asks a program of this name what may follow `kubectl byline`.
    [ ! -e "$ROOT/plugins/kubectl_complete-byline" ] ||
        put 755 "$ROOT/plugins/kubectl_complete-byline" "$prefix/bin/kubectl_complete-byline"
    put 644 "$ROOT/completions/byline.bash" "$prefix/share/bash-completion/completions/byline"
    put 644 "$ROOT/completions/_byline" "$prefix/share/zsh/site-functions/_byline"
    put 644 "$ROOT/completions/byline.fish" "$prefix/share/fish/vendor_completions.d/byline.fish"
    pages=$(mktemp -d)
    trap 'rm -rf -- "$pages"' EXIT
    "$bin/byline" manual "$pages"
    "$bin/byline" manual --of "$bin/byline-gateway" "$pages"
    for name in "$pages"/*.1; do
        put 644 "$name" "$prefix/share/man/man1/${name##*/}"
    done
    echo "installed below $prefix: ${PROGRAMS[*]}, kubectl-byline, man pages, completions"
}

case ${1:-} in
--remove) remove "${2:?the prefix is missing}" ;;
'' | -*) echo "usage: install.sh BIN PREFIX | install.sh --remove PREFIX" >&2 && exit 2 ;;
*) add "$1" "${2:?the prefix is missing}" ;;
esac
