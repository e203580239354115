#!/bin/bash
# fresh.sh [PURPOSE...] - makes an empty Debian 12 and sees that setup.sh succeeds there, for each purpose in a system of its own.
# Called by `make fresh` and .ci/run.
#
#   PURPOSES           default: lint fuzz bench torture demo test
#   KEEP_CACHE=0       fetches and builds everything anew, Kubernetes too
#
# Whatever this machine happens to have must not help: of it the systems see the Swift toolchain (read-only), this checkout
# (read-only), and how the package registries are reached: mirrors, proxies, certificates. What was downloaded before is
# shared: Debian's archives, pip's cache, and Kubernetes once it was built. Takes root, mmdebstrap (setup.sh fresh) and the
# right to make namespaces; where it cannot run it says what is missing and ends with 77.
set -euo pipefail
PART=fresh
source "$(dirname "$0")/lib.sh"

SUITE=bookworm
CACHE=$BYLINE_CACHE/fresh
# What swift.org's toolchain itself is linked to. What the package needs to be built is for setup.sh to install.
SWIFT_LIBRARIES=libncurses6,libsqlite3-0,libstdc++6,libxml2,libedit2,libcurl4
MIRROR=http://deb.debian.org/debian
SYSTEMS=

at_exit() {
    end_children
    [ -z "$SYSTEMS" ] || rm -rf --one-file-system -- "$SYSTEMS"
}

cannot() {
    complain "!!! left out: $*"
    exit 77
}

check_machine() {
    is_root || cannot "it takes root"
    have mmdebstrap || cannot "mmdebstrap is missing; run Tests/Environment/setup.sh fresh"
    unshare --mount --pid --fork true 2>/dev/null || cannot "this container may not make namespaces"
    have swift || cannot "swift is missing"
    TOOLCHAIN=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
    case $TOOLCHAIN in
        /usr | /usr/local) cannot "swift lies in $TOOLCHAIN among everything else; it has to have a folder of its own" ;;
    esac
}

# The mirrors of this machine for Debian, in one line each; third parties' are no part of an empty Debian.
sources() {
    local found
    found=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
        grep -oE 'https?://[^ ]*/debian(-security)?/?( |$)' | tr -d ' ' | sort -u || true)
    MIRROR=$(grep -m 1 -E '/debian/?$' <<<"$found" || echo "$MIRROR")
    echo "deb $MIRROR $SUITE main"
    echo "deb $MIRROR $SUITE-updates main"
    found=$(grep -m 1 -E '/debian-security/?$' <<<"$found" || true)
    [ -z "$found" ] || echo "deb $found $SUITE-security main"
}

# The empty system, made once a week: its packages and nothing else.
make_base() {
    BASE=$CACHE/$SUITE-$(sources | sha256sum | cut -c1-12)-$(date +%G-%V).tar
    [ "${KEEP_CACHE:-1}" = 1 ] || rm -f -- "$BASE"
    [ ! -s "$BASE" ] || return 0
    rm -f -- "$CACHE/$SUITE"-*.tar
    sources >"$CACHE/sources.list"
    step "making an empty Debian 12" "$LOGS/fresh-base.log" \
        mmdebstrap --variant=minbase --include="ca-certificates,$SWIFT_LIBRARIES" "$SUITE" "$BASE.partial.tar" "$CACHE/sources.list"
    mv "$BASE.partial.tar" "$BASE"
}

# How the registries are reached goes in: proxies, certificates of this network, pip's index. Folders of wheels do not.
carry_registries() {
    local system=$1 file
    cp /etc/resolv.conf /etc/hosts "$system/etc/" 2>/dev/null || true
    for file in /etc/apt/apt.conf.d/*; do
        ! grep -qE '^ *Acquire' "$file" 2>/dev/null || cp "$file" "$system/etc/apt/apt.conf.d/"
    done
    for file in /usr/local/share/ca-certificates/*.crt; do
        [ ! -e "$file" ] || cp "$file" "$system/usr/local/share/ca-certificates/"
    done
    mkdir -p "$system/root/.config/pip"
    [ ! -r /etc/pip.conf ] || sed '/^ *find-links/d' /etc/pip.conf >"$system/etc/pip.conf"
    [ ! -r "$HOME/.config/pip/pip.conf" ] || sed '/^ *find-links/d' "$HOME/.config/pip/pip.conf" >"$system/root/.config/pip/pip.conf"
    env | grep -iE '^(https?_proxy|no_proxy|PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|PIP_TRUSTED_HOST|PIP_CERT|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)=' \
        >"$system/root/registries" || true
}

# enter SYSTEM PURPOSE - in namespaces of its own: mounts what the system may see, and runs setup.sh in it.
enter() {
    local system=$1 purpose=$2 shared
    mkdir -p "$system/proc" "$system/dev" "$system/sys" "$system$TOOLCHAIN" "$system$CHECKOUT" "$system/root/.cache/pip" \
        "$system/root/.cache/byline/cluster/bin" "$CACHE/archives/partial" "$CACHE/pip" "$BYLINE_CACHE/cluster/bin"
    mount -t proc proc "$system/proc"
    mount --rbind /dev "$system/dev"
    mount --bind --make-private "$TOOLCHAIN" "$system$TOOLCHAIN"
    mount -o remount,bind,ro "$system$TOOLCHAIN"
    mount --bind "$CHECKOUT" "$system$CHECKOUT"
    mount -o remount,bind,ro "$system$CHECKOUT"
    mount --bind "$CACHE/archives" "$system/var/cache/apt/archives"
    mount --bind "$CACHE/pip" "$system/root/.cache/pip"
    shared=$BYLINE_CACHE/cluster/bin
    if [ "${KEEP_CACHE:-1}" = 1 ] && [ -e "$shared/recipe" ]; then
        mount --bind "$shared" "$system/root/.cache/byline/cluster/bin"
    fi
    local settings=()
    mapfile -t settings <"$system/root/registries"
    # shellcheck disable=SC2016
    env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 "${settings[@]}" \
        PATH="$TOOLCHAIN/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
        chroot "$system" /bin/bash -c 'update-ca-certificates >/dev/null 2>&1; cd "$1" && Tests/Environment/setup.sh "$2"' enter "$CHECKOUT" "$purpose"
}

one() {
    local purpose=$1 system=$SYSTEMS/$1 started=$SECONDS
    mkdir -p "$system" "$LOGS"
    tar -C "$system" --extract --file "$BASE" --exclude=./dev/*
    carry_registries "$system"
    export -f enter
    export CACHE TOOLCHAIN CHECKOUT BYLINE_CACHE KEEP_CACHE=${KEEP_CACHE:-1}
    # The archives are kept for the next purpose, and the next time.
    echo 'Binary::apt-get::APT::Keep-Downloaded-Packages "true";' >"$system/etc/apt/apt.conf.d/01keep"
    step "setup.sh $purpose in an empty Debian 12" "$LOGS/fresh-$purpose.log" \
        unshare --mount --pid --fork --kill-child bash -euo pipefail -c 'mount --make-rprivate / && enter "$@"' enter "$system" "$purpose"
    rm -rf --one-file-system -- "$system"
    say "ok: setup.sh $purpose ($((SECONDS - started)) s)"
}

check_machine
mkdir -p "$CACHE"
make_base
SYSTEMS=$(mktemp -d "${TMPDIR:-/tmp}/byline-fresh.XXXXXX")
read -r -a PURPOSES <<<"${*:-${PURPOSES:-lint fuzz bench torture demo test}}"
for purpose in "${PURPOSES[@]}"; do
    one "$purpose"
done
say "on an empty machine setup.sh succeeds for: ${PURPOSES[*]}"
