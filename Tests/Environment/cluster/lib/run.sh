# shellcheck shell=bash
# run.sh - one cluster's state: where it lies, which processes belong to it. Sourced by up.sh and down.sh after ../lib.sh.
#
#   RUN=DIR   the state of one cluster; clusters with different folders live side by side

RUN=$(realpath -m -- "${RUN:-$BYLINE_CACHE/cluster/run}")
CLUSTER_LIB=$ENVIRONMENT/cluster/lib
# Names what lies outside $RUN (a cgroup, a network's name), the same for up.sh and down.sh.
CLUSTER_ID=byline-$(printf '%s' "$RUN" | sha256sum | cut -c1-10)

# spawn NAME COMMAND... - starts a daemon of this cluster: own session, log in $RUN/log/NAME.log, noted in $RUN/processes.
spawn() {
    local name=$1
    shift
    # Descriptors from 3 up are closed: who waits for the end of a pipe of ours must not wait for the daemon.
    setsid "$@" >"$RUN/log/$name.log" 2>&1 </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    echo "$name $! $(started_at $!)" >>"$RUN/processes"
    # So that the shell does not comment on its end.
    disown
}

# When a process started, in clock ticks since boot. With the pid it names one process for ever, though pids are reused.
started_at() {
    # The second field, the name, may hold spaces and parentheses; the start is the 22nd, the 20th after the name.
    sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# The pid of the daemon last started under NAME, or failure when it does not run.
pid_of() {
    local name pid start last=()
    while read -r name pid start; do
        [ "$name" != "$1" ] || last=("$pid" "$start")
    done <"$RUN/processes"
    [ ${#last[@]} = 2 ] && is_running "${last[@]}" || return 1
    echo "${last[0]}"
}

# is_running PID START - says whether that process runs; one that has ended and was not yet waited for does not.
is_running() {
    [ "$(started_at "$1")" = "$2" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# --- waiting for daemons

# give_up NAME SENTENCE - ends with the last lines of a daemon's log.
give_up() {
    tail -n 25 "$RUN/log/$1.log" 2>/dev/null | sed 's/^/    /' >&2 || true
    fail "$2"
}

# on_a_free_port NAME START READY - waits until READY succeeds for the daemon NAME, which the function START starts on ports
# that it chooses, unless it runs already. Between the choice and the use another process may take a port: then again,
# with others.
on_a_free_port() {
    local attempt deadline
    for attempt in 1 2 3 4 5; do
        pid_of "$1" >/dev/null || "$2"
        deadline=$((SECONDS + 120))
        while pid_of "$1" >/dev/null; do
            ! "$3" || return 0
            [ "$SECONDS" -lt "$deadline" ] || give_up "$1" "$1 is not ready after 120 s"
            sleep 0.1
        done
        grep -q 'address already in use' "$RUN/log/$1.log" || give_up "$1" "$1 ended"
    done
    give_up "$1" "$1 found no free port in $attempt attempts"
}

# wait_for DAEMON SECONDS WHAT COMMAND... - waits for WHAT, until COMMAND succeeds, while DAEMON runs.
wait_for() {
    local daemon=$1 seconds=$2 deadline=$((SECONDS + $2)) what=$3
    shift 3
    until "$@"; do
        pid_of "$daemon" >/dev/null || give_up "$daemon" "$daemon ended"
        [ "$SECONDS" -lt "$deadline" ] || give_up "$daemon" "$what is still missing after $seconds s"
        sleep 0.1
    done
}

# --- the end

has_ended() {
    ! is_running "$@"
}

# Ends every process of this cluster at once; nothing of its state is needed afterwards.
kill_processes() {
    local name pid start
    [ -e "$RUN/processes" ] || return 0
    while read -r name pid start; do
        ! is_running "$pid" "$start" || kill -KILL "$pid" 2>/dev/null || true
    done <"$RUN/processes"
    while read -r name pid start; do
        wait_until 10 has_ended "$pid" "$start" || complain "$name, pid $pid, does not end"
    done <"$RUN/processes"
}
