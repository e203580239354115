#!/bin/bash
# down.sh - stops the gateway that up.sh started.
#
#   RUN=DIR   as for up.sh
#   KEEP=1    keeps its state folder
set -euo pipefail
PART=gateway
source "$(dirname "$0")/../lib.sh"
: "${RUN:?names the folder of this gateway}"
pid=$(cat "$RUN/pid" 2>/dev/null) || exit 0
# A pid file outlives a crash and pids are reused: the process must be one of this folder's.
if tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$RUN/gateway.yaml"; then
    kill "$pid"
    ended() { ! kill -0 "$pid" 2>/dev/null; }
    wait_until 20 ended || kill -KILL "$pid"
fi
if [ -z "${KEEP:-}" ] && [ -e "$RUN/gateway.yaml" ]; then rm -rf -- "$RUN"; fi
say "down"
