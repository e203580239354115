#!/bin/bash
# adversary.sh - makes up requests by a seeded grammar, sends them through a gateway to a real cluster that is full of planted
# secrets, and looks for these at the caller and in all that the gateway keeps. Called by `make adversary`.
#
#   BYLINE_TEST_BIN=DIR       where byline-gateway was built (set by the Makefile)
#   ADVERSARY_SECONDS=600     how long it attacks
#   ADVERSARY_SEED=TEXT       makes the same requests as a run that had it (default: another each time)
#   ADVERSARY_LIMIT=N         ends after so many requests
#   ADVERSARY_FIRST=1         ends with the first leak
#   CASE=FILE                 sends the one request of a file that an earlier run wrote (below Tests/Adversary/cases)
#   KEEP=1                    keeps the gateway's folder, with its log and journal, and says where it is
#
# Uses the cluster of the environment, where BYLINE_TEST_AUDIT_LOG and the rest of what cluster/up.sh writes is set, or
# brings up one of its own.
set -euo pipefail
PART=adversary
source "$(dirname "$0")/../Environment/lib.sh"
: "${BYLINE_TEST_BIN:?is set by the Makefile; run make adversary}"
cd "$CHECKOUT"
if [ -z "${BYLINE_TEST_API_SERVER:-}" ]; then
    exec "$ENVIRONMENT/cluster/with.sh" "$0"
fi
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-adversary.XXXXXX")

at_exit() {
    end_children
    if [ "${KEEP:-0}" = 1 ]; then
        say "the gateway's folder is $FOLDER"
    else
        rm -rf -- "$FOLDER"
    fi
}

"$ENVIRONMENT/tools.sh" hostile
"$ENVIRONMENT/oidc/certificates.sh" "$FOLDER"
"$TOOLS/hostile/bin/python" "$CHECKOUT/Tests/Adversary/adversary.py" "$FOLDER" &
wait $!
