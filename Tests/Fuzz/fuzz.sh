#!/bin/bash
# fuzz.sh - builds the fuzz targets and runs each for a while. Called by `make fuzz`.
#
#   FUZZ_SECONDS=120     how long each target runs
#   FUZZ_TARGETS="…"     which (default: all)
#   FUZZ_BRIEF=1         15 seconds for a target whose sources are those that were fuzzed at length last (fuzzed.txt)
#   FUZZ_JOBS=N          how many at a time (default: one for each processor)
#
# A finding is an input that crashes, takes over ten seconds or over a gigabyte, or breaks what the target claims. It is kept
# in Tests/Fuzz/findings-TARGET, and to see it again: .build-fuzz/debug/fuzz-TARGET FILE. Any finding makes this fail. The
# inputs that reached new code lie in .build-fuzz/corpus-TARGET, where the next run goes on from.
set -euo pipefail
PART='fuzz'
source "$(dirname "$0")/../Environment/lib.sh"
cd "$CHECKOUT"

: "${SWIFT_FLAGS:?is set by the Makefile; run make fuzz}"
read -r -a BUILD <<<"$SWIFT_FLAGS"
BUILD+=(--scratch-path .build-fuzz)
FUZZ_SECONDS=${FUZZ_SECONDS:-120}
read -r -a TARGETS <<<"${FUZZ_TARGETS:-path token baggage json yaml manifest websocket streams mask output encodings}"
SEEDS=$CHECKOUT/.build-fuzz/seeds
FUZZED=Tests/Fuzz/fuzzed.txt
# What counts as being fuzzed at length, and what is enough for a target that was.
AT_LENGTH=120
BRIEFLY=15
# Package.swift has the targets only where this is set.
export BYLINE_FUZZ=1

at_exit() {
    end_children
}

build() {
    local target
    for target in "${TARGETS[@]}"; do
        swift build "${BUILD[@]}" --product "fuzz-$target" || fail "fuzz-$target does not build"
    done
    BIN=$(swift build "${BUILD[@]}" --show-bin-path)
}

gather_seeds() {
    rm -rf -- "$SEEDS"
    mkdir -p "$SEEDS"
    cp -R Tests/Fuzz/seeds/. "$SEEDS"
    # The annotator's cases hold their input above the line of dashes.
    local name
    mkdir -p "$SEEDS/manifest"
    for name in Tests/ManifestEditingTests/Cases/*; do
        sed '/^----------$/,$d' "$name" >"$SEEDS/manifest/${name##*/}"
    done
    python3 Tests/Fuzz/seeds_from_captures.py Tests/KubernetesWireTests/Streams/Captures "$SEEDS/streams" "$SEEDS/websocket"
}

# seconds_for TARGET - how long it runs.
seconds_for() {
    if [ "${FUZZ_BRIEF:-0}" = 1 ] && [ "$FUZZ_SECONDS" -gt "$BRIEFLY" ] && grep -qxF "$(Tests/Fuzz/digests.py "$1")" "$FUZZED"; then
        echo "$BRIEFLY"
    else
        echo "$FUZZ_SECONDS"
    fi
}

# Notes what was fuzzed at length.
note_fuzzed() {
    [ "${FUZZ_BRIEF:-0}" != 1 ] && [ -z "${FUZZ_TARGETS:-}" ] && [ "$FUZZ_SECONDS" -ge "$AT_LENGTH" ] || return 0
    { grep '^#' "$FUZZED"; Tests/Fuzz/digests.py "${TARGETS[@]}"; } >"$FUZZED.partial"
    mv "$FUZZED.partial" "$FUZZED"
}

# run TARGET - runs one target to its end. Its words are kept beside its corpus; the last of them are said.
run() {
    local target=$1 corpus=$CHECKOUT/.build-fuzz/corpus-$1 findings=$CHECKOUT/Tests/Fuzz/findings-$1
    local log=$CHECKOUT/.build-fuzz/$1.log status=0 seconds
    seconds=$(seconds_for "$target")
    mkdir -p "$corpus" "$findings"
    # Leaks are not looked for: what a constant holds by a pointer with bits of an enum in it looks like one. What was freed and
    # is kept aside counts as memory in use, so it is little. Swift's own backtraces take minutes beside the sanitizer's.
    SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=64 "$BIN/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="$findings/" "$corpus" "$SEEDS/$target" >"$log" 2>&1 || status=$?
    local runs edges
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 || true)
    if [ "$status" = 0 ]; then
        rmdir -- "$findings" 2>/dev/null || true
        say "$target: no finding in $seconds s (${runs:-0} inputs, ${edges:-cov: 0})"
    else
        grep -E 'Fatal error|ERROR: |SUMMARY: |^Base64: ' "$log" >&2 || tail -n 20 "$log" >&2
        complain "$target: a finding; it lies in ${findings#"$CHECKOUT"/}, libFuzzer's words in ${log#"$CHECKOUT"/}"
    fi
    return "$status"
}

run_all() {
    local limit=${FUZZ_JOBS:-$(nproc)} target failed=0
    for target in "${TARGETS[@]}"; do
        while [ "$(jobs -rp | wc -l)" -ge "$limit" ]; do wait -n || failed=1; done
        run "$target" &
    done
    while [ -n "$(jobs -rp)" ]; do wait -n || failed=1; done
    return "$failed"
}

build
gather_seeds
run_all || fail "there are findings"
note_fuzzed
