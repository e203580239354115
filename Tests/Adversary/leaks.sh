#!/bin/bash
# leaks.sh - plants leaks into the gateway's code, one after the other, and sees that the adversary finds each. Called by
# `make adversary-check`.
#
#   ADVERSARY_SECONDS=600   how long each may take to be found
#   ONLY=REGEX              only the leaks whose name matches
#
# The code is changed, built once with all the leaks switched off, and put back as it was; BYLINE_LEAK switches one on.
set -euo pipefail
PART=adversary-check
source "$(dirname "$0")/../Environment/lib.sh"
cd "$CHECKOUT"
: "${SWIFT_FLAGS:?is set by the Makefile; run make adversary-check}"
read -r -a BUILD <<<"$SWIFT_FLAGS"
if [ -z "${BYLINE_TEST_API_SERVER:-}" ]; then
    exec "$ENVIRONMENT/cluster/with.sh" "$0"
fi
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-leaks.XXXXXX")
LEAKS=Tests/Adversary/leaks.py

at_exit() {
    end_children
    python3 "$LEAKS" withdraw "$FOLDER/kept"
    rm -rf -- "$FOLDER"
}

python3 "$LEAKS" check
mkdir "$FOLDER/kept" "$FOLDER/bin"
python3 "$LEAKS" plant "$FOLDER/kept"
step "building the gateway with all leaks in it" "$LOGS/adversary-leaks.log" swift build "${BUILD[@]}" --product byline-gateway
cp "$(swift build "${BUILD[@]}" --show-bin-path)/byline-gateway" "$FOLDER/bin"
python3 "$LEAKS" withdraw "$FOLDER/kept"

export BYLINE_TEST_BIN=$FOLDER/bin ADVERSARY_SECONDS=${ADVERSARY_SECONDS:-600} ADVERSARY_FIRST=1 ADVERSARY_EXAMINED=2 ADVERSARY_CASES=$FOLDER/cases
# What leaks without any of them is no proof that one of them is found.
ADVERSARY_FIRST=0 ADVERSARY_SECONDS=${BASELINE_SECONDS:-120} ADVERSARY_KINDS=$FOLDER/known ADVERSARY_EXAMINED=1 \
    Tests/Adversary/adversary.sh >"$FOLDER/baseline.log" 2>&1 || true
[ -s "$FOLDER/known" ] || { tail -n 20 "$FOLDER/baseline.log" >&2 && fail "the adversary did not run"; }
say "without a planted leak: $(tail -n 1 "$FOLDER/baseline.log")"
[ "$(cat "$FOLDER/known")" = '[]' ] || say "!!! the code leaks as it is; what leaks alike is not counted below"
export ADVERSARY_IGNORE=$FOLDER/known
missed=()
found=0
for leak in $(python3 "$LEAKS" names | grep -E -- "${ONLY:-}"); do
    started=$SECONDS
    if BYLINE_LEAK=$leak Tests/Adversary/adversary.sh >"$FOLDER/$leak.log" 2>&1; then
        missed+=("$leak")
        say "MISSED in $((SECONDS - started)) s: $leak"
    elif ! grep -q 'LEAK [0-9i]' "$FOLDER/$leak.log"; then
        tail -n 5 "$FOLDER/$leak.log" >&2
        fail "$leak: the adversary did not run"
    else
        found=$((found + 1))
        say "found in $((SECONDS - started)) s: $leak: $(head -n 1 "Tests/Adversary/Leaks/$leak.leak")"
        grep -m 1 -A 1 'LEAK' "$FOLDER/$leak.log" | sed 's/^/    /' | cut -c1-200
    fi
done
[ ${#missed[@]} = 0 ] || fail "not found: ${missed[*]}"
say "all $found planted leaks were found"
