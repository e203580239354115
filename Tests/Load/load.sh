#!/bin/bash
# load.sh [SCENARIO...] - the loads that a gateway in front of production must bear, against a real cluster and a real
# sign-in provider: many kubectls, idle watches, execs, large streams, slow readers, key rotation, SIGTERM.
#
#   BYLINE_TEST_BIN   where byline-gateway is (make load: the release build)
set -euo pipefail
PART=load
source "$(dirname "$0")/../Environment/lib.sh"
: "${BYLINE_TEST_BIN:?where byline-gateway is}"
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-load.XXXXXX")

at_exit() {
    end_children
    RUN=$FOLDER/gateway "$ENVIRONMENT/gateway/down.sh" || true
    RUN=$FOLDER/cluster "$ENVIRONMENT/cluster/down.sh"
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/down.sh"
    rm -rf -- "$FOLDER"
}

RUN=$FOLDER/cluster "$ENVIRONMENT/cluster/up.sh"
RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/up.sh"
source "$FOLDER/cluster/env"
source "$FOLDER/oidc/env"
RUN=$FOLDER/gateway "$ENVIRONMENT/gateway/up.sh"
source "$FOLDER/gateway/env"
export BYLINE_TEST_KUBECTL=${BYLINE_TEST_KUBECTL:-$TOOLS/bin/kubectl}
python3 "$(dirname "$0")/load.py" "$@"
