# run.sh - where one provider's state lies and how to tell that it runs. Sourced by up.sh, down.sh, rotate.sh, check.sh.
#
#   RUN=DIR   the state of one provider; two with different folders live side by side

CACHE=${BYLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/byline}
RUN=$(realpath -m -- "${RUN:-$CACHE/oidc/run}")
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Test code must not leave __pycache__ in the checkout.
export PYTHONDONTWRITEBYTECODE=1

fail() {
    echo "oidc: $1" >&2
    exit 1
}

# The provider's pid, or failure when it does not run. A pid file outlives a crash and pids are reused, so the process
# must also be one that was started with this folder's configuration.
provider_pid() {
    local pid
    pid=$(cat "$RUN/pid" 2>/dev/null) || return 1
    [ -r "/proc/$pid/cmdline" ] || return 1
    tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF -- "--config-file=$RUN/glewlwyd.conf" || return 1
    echo "$pid"
}

# Stops the provider and waits until it is gone: SIGTERM first, SIGKILL after five seconds.
stop_provider() {
    local pid i
    if pid=$(provider_pid); then
        kill "$pid"
        for i in $(seq 50); do
            provider_pid >/dev/null || break
            [ "$i" -lt 50 ] || kill -KILL "$pid" 2>/dev/null || true
            sleep 0.1
        done
    fi
    rm -f "$RUN/pid"
}
