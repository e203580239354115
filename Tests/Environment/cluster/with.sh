#!/bin/bash
# with.sh COMMAND... - runs COMMAND with a fresh cluster in its environment, and takes the cluster away however it ends.
#
# What up.sh honours, except RUN. Exits as COMMAND does.
set -euo pipefail
PART=cluster
source "$(dirname "$0")/../lib.sh"

[ $# -gt 0 ] || fail "usage: with.sh COMMAND..."
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-cluster.XXXXXX")
export RUN=$FOLDER/run

at_exit() {
    end_children
    "$ENVIRONMENT/cluster/down.sh"
    rm -rf -- "$FOLDER"
}

"$ENVIRONMENT/cluster/up.sh"
source "$RUN/env"
"$@"
