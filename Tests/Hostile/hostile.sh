#!/bin/bash
# hostile.sh - sends hostile requests to a gateway and shows that each is refused, recorded, and not seen by the API
# server behind it, and that good ones beside them pass.
#
#   BYLINE_TEST_BIN=DIR   where byline-gateway was built (set by the Makefile)
#   ONLY=REGEX            only the rows whose "TABLE: NAME" matches; the good requests run always
#   KEEP=1                keeps the gateway's folder, with its log and journal, and says where it is
#
# Uses the cluster of the environment, where BYLINE_TEST_AUDIT_LOG and the rest of what cluster/up.sh writes is set, or
# brings up one of its own.
set -euo pipefail
PART=hostile
source "$(dirname "$0")/../Environment/lib.sh"
: "${BYLINE_TEST_BIN:?is set by the Makefile; run make hostile}"
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-hostile.XXXXXX")
HERE=$(cd "$(dirname "$0")" && pwd)
OWN_CLUSTER=

at_exit() {
    end_children
    if [ -n "$OWN_CLUSTER" ]; then
        RUN=$FOLDER/cluster "$ENVIRONMENT/cluster/down.sh" >/dev/null
    else
        in_cluster delete --ignore-not-found --timeout=20s >/dev/null
    fi
    if [ "${KEEP:-0}" = 1 ]; then
        say "the gateway's folder is $FOLDER/gateway"
    else
        rm -rf -- "$FOLDER"
    fi
}

# The cluster itself allows everything to whom the tables speak as: what stops them can only be the gateway. And it has
# a namespace where what comes through can succeed.
in_cluster() {
    "$TOOLS/bin/kubectl" "$@" --filename - <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: hostile}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:authenticated"}
---
apiVersion: v1
kind: Namespace
metadata: {name: hostile-there}
YAML
}

if [ -z "${BYLINE_TEST_AUDIT_LOG:-}" ]; then
    OWN_CLUSTER=1
    RUN=$FOLDER/cluster PARTS=api "$ENVIRONMENT/cluster/up.sh"
    source "$FOLDER/cluster/env"
fi
"$ENVIRONMENT/tools.sh" hostile
mkdir -m 700 "$FOLDER/gateway"
"$ENVIRONMENT/oidc/certificates.sh" "$FOLDER/gateway"
in_cluster apply >/dev/null
"$TOOLS/hostile/bin/python" "$HERE/hostile.py" "$FOLDER/gateway" "$FOLDER/gateway/ca.crt" "${ONLY:-}"
