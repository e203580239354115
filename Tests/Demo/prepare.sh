#!/bin/bash
# prepare.sh - all that the demo needs, and no more: packages, the cluster's programs, and the three products, one behind the
# other. Says first how long it takes, and then how far it has come. Called by `make demo`.
#
#   SWIFT_FLAGS, CONFIGURATION   set by the Makefile, so that every build is made alike
#   DEMO_KUBECONFIG=FILE         a cluster of yours: none is built
set -euo pipefail
PART=demo
source "$(dirname "$0")/../Environment/lib.sh"
cd "$CHECKOUT"
: "${SWIFT_FLAGS:?is set by the Makefile; run make demo}"
read -r -a BUILD <<<"$SWIFT_FLAGS"
BUILD+=(--configuration "${CONFIGURATION:-debug}")
PRODUCTS=(byline byline-credential byline-gateway)
# Minutes on two quiet cores, from nothing.
MINUTES_PACKAGES=1
MINUTES_CLUSTER=6
MINUTES_PROGRAMS=6

at_exit() {
    end_children
}

needs_cluster() {
    [ -z "${DEMO_KUBECONFIG:-}" ] && [ -z "${KUBEBUILDER_ASSETS:-}" ] && [ ! -e "$BYLINE_CACHE/cluster/bin/recipe" ]
}

has_programs() {
    local product
    for product in "${PRODUCTS[@]}"; do
        [ -x ".build/${CONFIGURATION:-debug}/$product" ] || return 1
    done
}

say_how_long() {
    local minutes=1 parts=()
    [ -x "$TOOLS/bin/kubectl" ] || { minutes=$((minutes + MINUTES_PACKAGES)) && parts+=("packages"); }
    ! needs_cluster || { minutes=$((minutes + MINUTES_CLUSTER)) && parts+=("a Kubernetes, $MINUTES_CLUSTER minutes"); }
    has_programs || { minutes=$((minutes + MINUTES_PROGRAMS)) && parts+=("byline, $MINUTES_PROGRAMS minutes"); }
    if [ ${#parts[@]} = 0 ]; then
        say "everything is here; what changed is built, then the demo takes about a minute"
    else
        say "this takes about $minutes minutes on two quiet cores, once; to be made: $(printf '%s; ' "${parts[@]}")then the demo itself, a minute"
    fi
}

# steps_done LOG - "[312/871] Compiling …", and by what has passed an estimate of what is left.
steps_done() {
    local last made all passed
    last=$(tr '\r' '\n' <"$1" | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1)
    [ -n "$last" ] || { tail -n 1 "$1"; return; }
    IFS=/ read -r made all <<<"$(tr -d '[]' <<<"$last")"
    passed=$((SECONDS - STARTED))
    if [ "$made" -gt 20 ]; then
        echo "$made of $all steps; about $(((passed * (all - made) / made + 59) / 60)) min left for this part"
    else
        echo "$made of $all steps"
    fi
}

build_programs() {
    local product
    for product in "${PRODUCTS[@]}"; do
        swift build "${BUILD[@]}" --product "$product"
    done
}

say_how_long
"$ENVIRONMENT/setup.sh" demo
STARTED=$SECONDS
PROGRESS=steps_done step "building ${PRODUCTS[*]}" "$LOGS/demo-build.log" build_programs
