#!/bin/bash
# up.sh - a real OpenID Connect provider on loopback: Debian's glewlwyd, not root, SQLite, TLS by a CA of its own.
#
#   RUN=DIR   the provider's state (default: see run.sh); what `KEEP=1 down.sh` left there is started again, on the same port
#
# Writes $RUN/env, to be sourced: the issuers, the CA, the clients and the files with their secrets.
set -euo pipefail
source "$(dirname "$0")/run.sh"
# Everything below $RUN is for this account only: keys, passwords, the database.
umask 077

PAGES=/usr/share/glewlwyd/webapp
SCHEMA=${GLEWLWYD_SCHEMA:-/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3}

require_tools() {
    local tool
    for tool in glewlwyd curl openssl python3; do
        command -v "$tool" >/dev/null || fail "$tool is missing; install it with: apt-get install -y --no-install-recommends glewlwyd curl openssl python3"
    done
    [ -r "$SCHEMA" ] || fail "Debian's schema for glewlwyd is missing: $SCHEMA"
}

free_ports() {
    python3 - "$1" <<'PYTHON'
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in held])
PYTHON
}

create_database() {
    python3 - "$RUN/glewlwyd.db" "$SCHEMA" <<'PYTHON'
import pathlib, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.executescript(pathlib.Path(sys.argv[2]).read_text())
PYTHON
}

# The login page, for a browser. Where its config.json ought to be, Debian 12 has a folder that holds it.
copy_pages() {
    mkdir "$RUN/webapp"
    cp -rL "$PAGES/." "$RUN/webapp/"
    if [ -d "$RUN/webapp/config.json" ]; then
        mv "$RUN/webapp/config.json" "$RUN/webapp/config.folder"
        mv "$RUN/webapp/config.folder/config.json" "$RUN/webapp/config.json"
    fi
}

write_configuration() {
    sed -e "s|@PORT@|$1|g" -e "s|@RUN@|$RUN|g" "$HERE/glewlwyd.conf.in" >"$RUN/glewlwyd.conf"
    echo "$1" >"$RUN/port"
}

# Starts glewlwyd and waits until it answers over TLS. Fails when the process ends first, as it does when the port is taken.
start_provider() {
    local port pid i
    port=$(cat "$RUN/port")
    # Descriptors from 3 up are closed: a test that waits for the end of up.sh's pipes must not wait for the provider.
    setsid glewlwyd "--config-file=$RUN/glewlwyd.conf" >>"$RUN/glewlwyd.log" 2>&1 </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    pid=$!
    echo "$pid" >"$RUN/pid"
    for i in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || return 1
        # Another process on the port would not have a certificate of this CA, so an answer is our provider's.
        curl --silent --fail --max-time 2 --cacert "$RUN/ca.crt" "https://127.0.0.1:$port/config" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}

give_up() {
    tail -n 20 "$RUN/glewlwyd.log" >&2 || true
    stop_provider
    fail "$1; its log is $RUN/glewlwyd.log"
}

create() {
    local attempt
    mkdir -p "$RUN/secrets" "$RUN/keys"
    "$HERE/certificates.sh" "$RUN"
    create_database
    copy_pages
    # A port that was free a moment ago may be taken by now: another one then.
    for attempt in 1 2 3 4 5; do
        write_configuration "$(free_ports 1)"
        if start_provider; then
            read -r -a ports < <(free_ports 4)
            python3 "$HERE/configure.py" "$RUN" "${ports[@]}" || give_up "the provider could not be configured"
            return
        fi
        stop_provider
    done
    give_up "glewlwyd did not start"
}

resume() {
    start_provider || give_up "glewlwyd did not start again on port $(cat "$RUN/port"); run down.sh for a fresh one"
}

require_tools
if pid=$(provider_pid); then
    echo "oidc: already up, pid $pid; source $RUN/env"
    exit 0
fi
if [ -e "$RUN/env" ]; then
    resume
else
    # The rest of an attempt that failed is of no use; anything else is not ours to remove.
    if [ -e "$RUN" ] && [ -n "$(ls -A "$RUN")" ]; then
        [ -e "$RUN/glewlwyd.db" ] || fail "$RUN is not empty and not a provider's folder; choose another with RUN=DIR"
        rm -rf -- "$RUN"
    fi
    create
fi
echo "oidc: up, pid $(cat "$RUN/pid"), https://127.0.0.1:$(cat "$RUN/port"); source $RUN/env"
