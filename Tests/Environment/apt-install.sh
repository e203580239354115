#!/bin/bash
# apt-install.sh PACKAGE... - installs Debian packages, as root, without starting the services that some of them bring.
#
# etcd, nginx, glewlwyd and containerd would each start a daemon, now and at every boot. Ours are started by the tests, on
# ports of their own, so the packages' are not started and, where this run installed them, not enabled either.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
POLICY=/usr/sbin/policy-rc.d
ASIDE=$POLICY.byline-aside
SERVICES=(etcd nginx glewlwyd containerd)

# The file with which Debian asks whether a service may be started. An administrator's own is moved aside, and put back.
forbid_starting() {
    put_back
    if [ -e "$POLICY" ] || [ -L "$POLICY" ]; then
        mv "$POLICY" "$ASIDE"
    fi
    printf '#!/bin/sh\n# byline: there only while its packages are being installed\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
}

put_back() {
    ! grep -q '^# byline:' "$POLICY" 2>/dev/null || rm -f "$POLICY"
    [ ! -e "$ASIDE" ] || mv "$ASIDE" "$POLICY"
}

units() {
    local service
    for service in "${SERVICES[@]}"; do
        [ ! -e "/lib/systemd/system/$service.service" ] || echo "$service.service"
    done
}

disable_new_units() {
    command -v systemctl >/dev/null || return 0
    local unit
    for unit in $(units); do
        grep -qxF "$unit" <<<"$1" || systemctl disable --quiet "$unit" || true
    done
}

before=$(units)
trap put_back EXIT
forbid_starting
# Another apt may hold the locks for minutes: unattended-upgrades runs on every new cloud machine.
WAITING=(--option DPkg::Lock::Timeout=600)
for attempt in $(seq 60); do
    ! apt-get --quiet "${WAITING[@]}" update || break
    [ "$attempt" -lt 60 ] || exit 100
    echo "apt-get update failed; another apt may hold its lock: trying again in 5 seconds ($attempt of 60)"
    sleep 5
done
apt-get --quiet "${WAITING[@]}" --option Dpkg::Use-Pty=0 install --yes --no-install-recommends "$@"
disable_new_units "$before"
