#!/bin/bash
# differential.sh - the same kubectl, helm and Python commands directly and through the gateway: no difference but times and ids.
#
#   BYLINE_TEST_BIN=DIR   where byline and byline-gateway were built (set by the Makefile)
#   FILTER=REGEX          only the cases whose name matches
#   WAYS="run serve"      what is held against the direct way: byline run with byline-gateway dev, byline-gateway serve with the
#                         exec plugin of byline setup, or control: directly once more, where what differs is noise of the cluster
#   KEEP=1                leaves the folder of what the commands wrote
#
# With the environment of a test cluster and of a sign-in provider set, those are used; else they are brought up.
set -euo pipefail
PART=differential
source "$(dirname "$0")/../Environment/lib.sh"

: "${BYLINE_TEST_BIN:?is set by the Makefile; run make differential}"
if [ -z "${BYLINE_TEST_API_SERVER:-}" ]; then
    exec "$ENVIRONMENT/cluster/with.sh" "$0"
fi
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-differential.XXXXXX")
read -r -a WAYS <<<"${WAYS:-run serve}"

at_exit() {
    end_children
    RUN=$FOLDER/serve KEEP=1 "$ENVIRONMENT/gateway/down.sh" >/dev/null
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/down.sh" >/dev/null
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
if [ -z "${BYLINE_TEST_OIDC_RUN:-}" ]; then
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/up.sh"
    source "$FOLDER/oidc/env"
fi

cd "$CHECKOUT/Tests/Differential"
python=$TOOLS/venv/bin/python
"$python" -m unittest --quiet
# In the background: a shell runs its traps while it waits, not while a program runs in front of it.
"$python" differential.py --kubeconfig "$KUBECONFIG" --tools "$TOOLS" --programs "$BYLINE_TEST_BIN" --folder "$FOLDER" \
    --filter "${FILTER:-}" --ways "${WAYS[@]}" &
wait $!
