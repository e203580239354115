# shellcheck shell=bash
# lib.sh - what every script of the test environment shares: where things lie, how it speaks, how it waits.
#
# Sourced, never run. A script that sources it sets PART first: the word its lines begin with. The EXIT trap belongs to
# this file; a script with something to clean up defines a function `at_exit`, which the trap calls with the status.
#
#   BYLINE_CACHE   everything that is downloaded or built (default: $XDG_CACHE_HOME/byline, ~/.cache/byline)

BYLINE_CACHE=$(realpath -m -- "${BYLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/byline}")
ENVIRONMENT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CHECKOUT=$(cd "$ENVIRONMENT/../.." && pwd)
TOOLS=$BYLINE_CACHE/tools
LOGS=$BYLINE_CACHE/log
# Debian keeps daemons where only root's PATH looks.
PATH=$PATH:/usr/sbin:/sbin
# Test code must not leave __pycache__ in the checkout.
export BYLINE_CACHE PATH PYTHONDONTWRITEBYTECODE=1

say() {
    printf '%s: %s\n' "$PART" "$*"
}

complain() {
    printf '%s: %s\n' "$PART" "$*" >&2
}

fail() {
    complain "$*"
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

is_root() {
    [ "$(id -u)" = 0 ]
}

# free_ports COUNT - prints ports of 127.0.0.1 that are free now. Another process may take one before it is used, so who
# uses them tries again with others when a program cannot bind.
free_ports() {
    python3 - "$1" <<'PYTHON'
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in held])
PYTHON
}

# wait_until SECONDS COMMAND... - tries COMMAND ten times a second; fails when SECONDS have passed.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# --- long steps

STEP_LABEL=
STEP_LOG=
STEP_TICKER=

# step LABEL LOG COMMAND... - runs COMMAND with its output in LOG and shows that it is alive: on a terminal by a line that
# ticks, elsewhere by a line every 15 seconds. When COMMAND fails, the script ends with the last lines of LOG. Not to be
# called in a condition, where `set -e` does not hold. PROGRESS may name a function that reads LOG ($1) and prints how
# far COMMAND has come; without one, the last line of LOG is shown.
step() {
    local started=$SECONDS
    STEP_LABEL=$1
    STEP_LOG=$2
    shift 2
    mkdir -p "$(dirname "$STEP_LOG")"
    : >"$STEP_LOG"
    say "$STEP_LABEL"
    heartbeat "$started" &
    STEP_TICKER=$!
    "$@" >>"$STEP_LOG" 2>&1 </dev/null
    stop_heartbeat
    STEP_LABEL=
    [ $((SECONDS - started)) -lt 2 ] || say "… done after $((SECONDS - started)) s"
}

heartbeat() {
    local every=15 waited=0 news
    [ -t 1 ] && every=1
    # $$ is the script's own pid here too: when it was killed, nobody stops this loop but itself.
    while sleep 1 && kill -0 $$ 2>/dev/null; do
        waited=$((waited + 1))
        [ $((waited % every)) = 0 ] || continue
        news=$("${PROGRESS:-last_line}" "$STEP_LOG" 2>/dev/null | tr -cd '[:print:]' | cut -c1-80)
        if [ -t 1 ]; then
            printf '\r\033[K%s: … %s s  %s' "$PART" $((SECONDS - $1)) "$news"
        else
            say "… $((SECONDS - $1)) s  $news"
        fi
    done
}

last_line() {
    tail -n 1 "$1"
}

stop_heartbeat() {
    [ -n "$STEP_TICKER" ] || return 0
    kill "$STEP_TICKER" 2>/dev/null || true
    wait "$STEP_TICKER" 2>/dev/null || true
    STEP_TICKER=
    [ ! -t 1 ] || printf '\r\033[K'
}

# --- the end of a script

# Runs however the script ends, also when a signal ends it. The status stays what it was: bash ends with it, or by the
# signal, once this returns.
leave() {
    local status=$?
    trap - EXIT
    set +e
    stop_heartbeat
    # A signal finds a status of 0 (SIGTERM) or above 128 (SIGINT); only a command that failed is worth its log.
    if [ -n "$STEP_LABEL" ] && [ "$status" -gt 0 ] && [ "$status" -le 128 ]; then
        complain "failed: $STEP_LABEL; the end of $STEP_LOG:"
        tail -n 25 "$STEP_LOG" | sed 's/^/    /' >&2
    elif [ -n "$STEP_LABEL" ]; then
        complain "stopped while: $STEP_LABEL"
    fi
    if declare -F at_exit >/dev/null; then
        at_exit "$status"
    fi
}
trap leave EXIT

# Ends what this script started and still waits for, and what that started: a signal sent to the script alone does not
# reach them. Daemons that are no longer anyone's child go on.
end_children() {
    local pids
    mapfile -t pids < <(descendants $$)
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait || true
}

# descendants PID - the processes below one.
descendants() {
    local child
    for child in $(cat "/proc/$1"/task/*/children 2>/dev/null); do
        echo "$child"
        descendants "$child"
    done
}
