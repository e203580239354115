#!/bin/bash
# sign_in.sh - byline's sign-in and exec credential plugin against a real sign-in provider, a served gateway and a real
# cluster: each grant, refresh, logout, forty kubectls at once, and what a person is told when something is wrong.
#
#   BYLINE_TEST_BIN   where byline, byline-credential and byline-gateway are
#   ONLY=REGEX        only the checks whose name matches
#
# Needs what cluster/up.sh wrote in the environment. Brings up a provider of its own: it is stopped in between.
set -euo pipefail
PART='sign-in'
source "$(dirname "$0")/../Environment/lib.sh"
: "${BYLINE_TEST_BIN:?}" "${BYLINE_TEST_GATEWAY_KUBECONFIG:?run Tests/Environment/cluster/with.sh $0}"
have faketime || fail "faketime is missing; install it with: apt-get install -y --no-install-recommends faketime"
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-sign-in.XXXXXX")
export BYLINE_TEST_KUBECTL=${BYLINE_TEST_KUBECTL:-$TOOLS/bin/kubectl}

at_exit() {
    RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/down.sh" >/dev/null
    rm -rf -- "$FOLDER"
}

export BYLINE_TEST_BROWSER_PYTHON=$TOOLS/browser/bin/python
if [ -x "$BYLINE_TEST_BROWSER_PYTHON" ] && BYLINE_TEST_CHROMIUM=$(command -v chromium); then
    export BYLINE_TEST_CHROMIUM
else
    say "left out: the sign-in in a browser; setup.sh test installs chromium and playwright where it can"
fi
RUN=$FOLDER/oidc "$ENVIRONMENT/oidc/up.sh"
source "$FOLDER/oidc/env"
python3 "$(dirname "$0")/checks.py" "$FOLDER" ${ONLY:+--only "$ONLY"}
