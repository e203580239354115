#!/bin/bash
# corpus.sh - annotates every manifest of Debian's kubernetes source package and of the annotator's own cases, and asks kubectl
# whether the annotations are all that changed. Called by `make corpus`. The package is downloaded once.
#
#   CORPUS_DIR=DIR         the manifests (default: below $BYLINE_CACHE)
#   BYLINE_TEST_BIN=DIR    the built programs
#   BRIEF=1                with the newest kubectl only, and without the list of what is refused and why
set -euo pipefail
PART='corpus'
source "$(dirname "$0")/../Environment/lib.sh"
cd "$CHECKOUT"

: "${BYLINE_TEST_BIN:?is set by the Makefile; run make corpus}"
CORPUS_DIR=${CORPUS_DIR:-$BYLINE_CACHE/corpus/kubernetes}
if [ ! -d "$CORPUS_DIR" ]; then
    say "downloading Debian's kubernetes source package"
    rm -rf -- "$CORPUS_DIR.part"
    Tests/Corpus/kubernetes-source.sh "$CORPUS_DIR.part"
    mv -- "$CORPUS_DIR.part" "$CORPUS_DIR"
fi
# The annotator's cases hold their input above the line of dashes. Some are made to be refused, and count as refusals here.
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-corpus.XXXXXX")
at_exit() {
    rm -rf -- "$FOLDER"
}
mkdir "$FOLDER/Cases"
for name in Tests/ManifestEditingTests/Cases/*; do
    sed '/^----------$/,$d' "$name" >"$FOLDER/Cases/${name##*/}"
done
KUBECTLS=("$TOOLS/bin/kubectl")
if [ -z "${BRIEF:-}" ] && [ -x "$TOOLS/bin/kubectl-older" ]; then
    KUBECTLS+=("$TOOLS/bin/kubectl-older")
fi
for kubectl in "${KUBECTLS[@]}"; do
    say "with ${kubectl##*/}"
    Tests/Corpus/corpus.py --runner "$BYLINE_TEST_BIN/manifest-editing-runner" --kubectl "$kubectl" \
        ${BRIEF:+--brief} "$CORPUS_DIR" "$FOLDER/Cases"
done
