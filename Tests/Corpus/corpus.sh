#!/bin/bash
# corpus.sh - annotates every manifest of Debian's kubernetes source package and of the annotator's own cases, and asks kubectl
# whether the annotations are all that changed. Called by `make corpus`. The package is downloaded once.
#
#   CORPUS_DIR=DIR         the manifests (default: below $BYLINE_CACHE)
#   BYLINE_TEST_BIN=DIR    the built programs
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
for kubectl in "$TOOLS/bin/kubectl" "$TOOLS/bin/kubectl-older"; do
    [ -x "$kubectl" ] || continue
    say "with ${kubectl##*/}"
    Tests/Corpus/corpus.py --runner "$BYLINE_TEST_BIN/manifest-editing-runner" --kubectl "$kubectl" \
        "$CORPUS_DIR" Tests/ManifestEditingTests/Cases
done
