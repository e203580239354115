#!/bin/bash
# differential.sh - the same kubectl, helm and Python commands directly and through the gateway: no difference but times and ids.
#
#   BYLINE_TEST_BIN=DIR   where byline and byline-gateway were built (set by the Makefile)
#   FILTER=REGEX          only the cases whose name matches
#   CONTROL=1             both sides directly, without a gateway: what differs then is noise of the cluster, or a mask is missing
#   KEEP=1                leaves the folder of what the commands wrote
#
# With BYLINE_TEST_NODE and KUBECONFIG of a test cluster set (source its env), that cluster is used; else one is brought up.
set -euo pipefail
PART=differential
source "$(dirname "$0")/../Environment/lib.sh"

: "${BYLINE_TEST_BIN:?is set by the Makefile; run make differential}"
if [ -z "${BYLINE_TEST_API_SERVER:-}" ]; then
    exec "$ENVIRONMENT/cluster/with.sh" "$0"
fi
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-differential.XXXXXX")

at_exit() {
    end_children
    if [ "${KEEP:-0}" = 1 ]; then
        say "what the commands wrote lies in $FOLDER"
    else
        rm -rf -- "$FOLDER"
    fi
}

for program in kubectl kubectl-older helm; do
    [ -x "$TOOLS/bin/$program" ] || fail "$program is missing in $TOOLS/bin; PyPI has it for x86_64 only"
done
[ -n "${BYLINE_TEST_NODE:-}" ] || fail "the cluster has no node; the cases need pods that run"

PATH=$TOOLS/bin:$PATH
cd "$CHECKOUT"
python3 Tests/Differential/test_masks.py --quiet
arguments=(--kubeconfig "$KUBECONFIG" --tools "$TOOLS" --programs "$BYLINE_TEST_BIN" --folder "$FOLDER" --filter "${FILTER:-}")
[ "${CONTROL:-0}" != 1 ] || arguments+=(--control)
# In the background: a shell runs its traps while it waits, not while a program runs in front of it.
python3 Tests/Differential/differential.py "${arguments[@]}" &
wait $!
