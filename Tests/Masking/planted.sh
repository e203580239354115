#!/bin/bash
# planted.sh - plants more than 300 secrets in a cluster, reads them through the gateway in every way a client knows, and
# looks for each in what came and in the gateway's state folder; and compares every answer of the API with the cluster's own.
#
#   BYLINE_TEST_BIN=DIR   where byline and byline-gateway were built (set by the Makefile)
#   KEEP=1                leaves the folder of what the commands wrote
#
# With the environment of a test cluster and of a sign-in provider set, those are used; else they are brought up.
set -euo pipefail
PART=masking
source "$(dirname "$0")/../Environment/lib.sh"

: "${BYLINE_TEST_BIN:?is set by the Makefile; run make masking}"
if [ -z "${BYLINE_TEST_API_SERVER:-}" ]; then
    exec "$ENVIRONMENT/cluster/with.sh" "$0"
fi
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-masking.XXXXXX")

at_exit() {
    end_children
    RUN=$FOLDER/gateway "$ENVIRONMENT/gateway/down.sh"
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/down.sh" >/dev/null
    if [ "${KEEP:-0}" = 1 ]; then
        say "what the commands wrote lies in $FOLDER"
    else
        rm -rf -- "$FOLDER"
    fi
}

PATH=$TOOLS/bin:$PATH
if [ -z "${BYLINE_TEST_OIDC_RUN:-}" ]; then
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/up.sh"
    source "$FOLDER/oidc/env"
fi
RUN=$FOLDER/gateway IMPERSONATE=none "$ENVIRONMENT/gateway/up.sh"
source "$FOLDER/gateway/env"
python3 "$CHECKOUT/Tests/Masking/planted.py" --direct "$KUBECONFIG" \
    --upstream "$BYLINE_TEST_GATEWAY_KUBECONFIG" --gateway "$BYLINE_TEST_SERVED_KUBECONFIG" \
    --state "$FOLDER/gateway/state" --log "$FOLDER/gateway/log" --folder "$FOLDER" &
wait $!
