#!/bin/bash
# down.sh - stops the provider that up.sh started.
#
#   RUN=DIR   as for up.sh
#   KEEP=1    keeps its state: up.sh then starts the same issuers again, same port, keys, people and refresh tokens
set -euo pipefail
source "$(dirname "$0")/run.sh"

stop_provider
[ -z "${KEEP:-}" ] || { echo "oidc: stopped, state kept in $RUN"; exit 0; }
# Only a folder that holds what up.sh made is removed, so that a mistyped RUN costs nothing.
if [ -e "$RUN/glewlwyd.db" ] && [ -e "$RUN/glewlwyd.conf" ]; then
    rm -rf -- "$RUN"
fi
echo "oidc: down"
