#!/bin/bash
# torture.sh kill|faults - a served gateway under a mixed load of changes and reads that is killed again and again
# (kill), or whose disk fails again and again (faults). Afterwards: every change of which the API server's audit log knows
# has its opening in the journal, whoever had a whole answer to a change finds its whole record, and fsck is clean.
#
#   BYLINE_TEST_BIN   where byline-gateway is
#   ROUNDS=200        how often it is killed; for faults, how many faults of each kind
#   CLIENTS=24        how many clients ask at once
#   FAULT_SECONDS=5   how long each fault lasts
#   KEEP=1            keeps the gateway's folder
#
# Brings up a cluster and a sign-in provider, unless the environment has them already.
set -euo pipefail
PART=torture
source "$(dirname "$0")/../Environment/lib.sh"
: "${BYLINE_TEST_BIN:?where byline-gateway is}"
TEST=${1:?kill or faults}
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-torture.XXXXXX")

at_exit() {
    end_children
    RUN=$FOLDER/gateway "$ENVIRONMENT/gateway/down.sh" || true
    [ ! -e "$FOLDER/cluster" ] || RUN=$FOLDER/cluster "$ENVIRONMENT/cluster/down.sh"
    [ ! -e "$FOLDER/oidc" ] || RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/down.sh"
    [ -n "${KEEP:-}" ] || rm -rf -- "$FOLDER"
}

if [ -z "${BYLINE_TEST_AUDIT_LOG:-}" ]; then
    RUN=$FOLDER/cluster PARTS=api "$ENVIRONMENT/cluster/up.sh"
    source "$FOLDER/cluster/env"
fi
if [ -z "${BYLINE_TEST_OIDC_RUN:-}" ]; then
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/up.sh"
    source "$FOLDER/oidc/env"
fi
RECORDING='{segments: {bytes: 1MiB, age: 1m}}' RUN=$FOLDER/gateway "$ENVIRONMENT/gateway/up.sh"
source "$FOLDER/gateway/env"
export BYLINE_TEST_KUBECTL=${BYLINE_TEST_KUBECTL:-$TOOLS/bin/kubectl}
python3 "$(dirname "$0")/$TEST.py"
