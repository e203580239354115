#!/bin/bash
# setup.sh demo|test|torture|bench|fuzz|lint|fresh - makes this machine ready for `make` of the same name. Run again, it finds everything there.
#
# Installs what Debian has through apt (as root, or with sudo), and what it has not below $BYLINE_CACHE; nothing elsewhere.
# On another system it names what is missing.
#
#   BYLINE_CACHE            default: ~/.cache/byline
#   KUBEBUILDER_ASSETS=DIR  etcd and kube-apiserver to use instead of building them
#   DEMO_KUBECONFIG=FILE    for the demo: a cluster to use instead of bringing one up
set -euo pipefail
PART=setup
source "$(dirname "$0")/lib.sh"

SWIFT_NEEDED=6.3

# A package, or several of which one is enough (a|b): the first is installed when there is none.
PACKAGES_BUILD=(binutils ca-certificates curl git g++ libcurl4-openssl-dev libsqlite3-dev libyaml-dev libzstd-dev make openssl
    pkg-config python3 python3-venv zlib1g-dev)
PACKAGES_CLUSTER=(dpkg-dev etcd-server procps)
PACKAGES_NODE=(busybox-static conntrack containerd containernetworking-plugins iptables runc socat)
# glewlwyd keeps its users through dbconfig; its set-up fails with the assistant that does nothing (dbconfig-no-thanks).
PACKAGES_OIDC=(dbconfig-sqlite3 glewlwyd sqlite3 faketime)
PACKAGES_BROWSER=(chromium)
# The parser that judges the annotator.
PACKAGES_CORPUS=(libfyaml-utils)
PACKAGES_BENCH=(nghttp2-client nginx wrk)
PACKAGES_TORTURE=(strace)
PACKAGES_LINT=(git make shellcheck)
PACKAGES_FRESH=(mmdebstrap)

# For other systems: the commands that the same parts need, and the libraries by their pkg-config names.
COMMANDS_BUILD=(git make pkg-config c++ curl openssl python3)
LIBRARIES_BUILD=(libcurl yaml-0.1 libzstd sqlite3 zlib)
COMMANDS_NODE=(containerd ctr runc conntrack iptables socat unshare)
COMMANDS_OIDC=(glewlwyd faketime)
COMMANDS_BENCH=(nginx h2load wrk setpriv)
COMMANDS_TORTURE=(strace)
COMMANDS_LINT=(git make shellcheck)
COMMANDS_FRESH=(mmdebstrap)

needs_cluster() {
    case $PURPOSE in
        test | torture) return 0 ;;
        demo) [ -z "${DEMO_KUBECONFIG:-}" ] ;;
        *) return 1 ;;
    esac
}

# --- Debian

is_debian() {
    [ -r /etc/os-release ] || return 1
    (
        source /etc/os-release
        case " ${ID:-} ${ID_LIKE:-} " in *" debian "*) ;; *) exit 1 ;; esac
        # A derivative counts its own versions; that it has apt and these packages must do.
        [ "$ID" != debian ] || [ "${VERSION_ID:-99}" -ge 12 ]
    ) && have apt-get && have dpkg-query
}

wanted_packages() {
    case $PURPOSE in
        demo | test | torture | bench | fuzz) printf '%s\n' "${PACKAGES_BUILD[@]}" ;;
        lint) printf '%s\n' "${PACKAGES_LINT[@]}" ;;
        fresh) printf '%s\n' "${PACKAGES_FRESH[@]}" ;;
    esac
    if needs_cluster; then
        [ -n "${KUBEBUILDER_ASSETS:-}" ] || printf '%s\n' "${PACKAGES_CLUSTER[@]}"
        ! is_root || printf '%s\n' "${PACKAGES_NODE[@]}"
    fi
    case $PURPOSE in
        test) printf '%s\n' "${PACKAGES_OIDC[@]}" "${PACKAGES_BROWSER[@]}" "${PACKAGES_CORPUS[@]}" "${PACKAGES_TORTURE[@]}" ;;
        torture) printf '%s\n' "${PACKAGES_OIDC[@]}" "${PACKAGES_TORTURE[@]}" ;;
        bench) printf '%s\n' "${PACKAGES_BENCH[@]}" ;;
    esac
}

missing_packages() {
    local installed choice name
    installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    while read -r choice; do
        for name in ${choice//|/ }; do
            ! grep -qxF -- "$name" <<<"$installed" || continue 2
        done
        echo "${choice%%|*}"
    done < <(wanted_packages)
}

install_packages() {
    local missing as_root=()
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! is_root; then
        if have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            say "sudo is asked for the rights to install: ${missing[*]}"
            sudo -v
            as_root=(sudo -n)
        else
            fail "Debian packages are missing, and there are no rights to install them; run as root:" \
                "apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
        fi
    fi
    step "installing from Debian: ${missing[*]}" "$LOGS/setup-apt.log" \
        "${as_root[@]}" "$ENVIRONMENT/apt-install.sh" "${missing[@]}"
}

# --- other systems

wanted_commands() {
    case $PURPOSE in
        demo | test | torture | bench | fuzz) printf '%s\n' "${COMMANDS_BUILD[@]}" ;;
        lint) printf '%s\n' "${COMMANDS_LINT[@]}" ;;
        fresh) printf '%s\n' "${COMMANDS_FRESH[@]}" ;;
    esac
    ! needs_cluster || ! is_root || printf '%s\n' "${COMMANDS_NODE[@]}"
    case $PURPOSE in
        test | torture) printf '%s\n' "${COMMANDS_OIDC[@]}" "${COMMANDS_TORTURE[@]}" ;;
        bench) printf '%s\n' "${COMMANDS_BENCH[@]}" ;;
    esac
}

check_by_hand() {
    local name missing=()
    for name in $(wanted_commands); do
        have "$name" || missing+=("the command $name")
    done
    if [ "$PURPOSE" != lint ] && [ "$PURPOSE" != fresh ]; then
        for name in "${LIBRARIES_BUILD[@]}"; do
            pkg-config --exists "$name" 2>/dev/null || missing+=("the library $name with its headers (pkg-config --exists $name)")
        done
    fi
    if needs_cluster && [ -z "${KUBEBUILDER_ASSETS:-}" ]; then
        missing+=("KUBEBUILDER_ASSETS, naming a folder with etcd and kube-apiserver (setup-envtest makes one)")
    fi
    [ ${#missing[@]} -gt 0 ] || return 0
    complain "this is not Debian 12 or newer, so nothing is installed here. Install by hand, then run this again:"
    printf '    - %s\n' "${missing[@]}" >&2
    exit 1
}

# --- Swift

check_swift() {
    local found
    have swift ||
        fail "swift is missing: install Swift $SWIFT_NEEDED or newer from https://www.swift.org/install and put it on PATH"
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    [ "$(printf '%s\n' "$SWIFT_NEEDED" "${found:-0}" | sort -V | head -n 1)" = "$SWIFT_NEEDED" ] ||
        fail "swift is ${found:-of an unknown version}, at $(command -v swift):" \
            "Swift $SWIFT_NEEDED or newer is needed, from https://www.swift.org/install"
}

next_step() {
    case $PURPOSE in
        demo) echo "ready for the demo: make demo" ;;
        test) echo "ready for the tests: make test" ;;
        torture) echo "ready for the torture: make torture" ;;
        bench) echo "ready to measure: make bench" ;;
        fuzz) echo "ready to fuzz: make fuzz" ;;
        lint) echo "ready to check the style: make lint" ;;
        fresh) echo "ready to try an empty machine: make fresh" ;;
    esac
}

PURPOSE=${1:-}
case $PURPOSE in
    demo | test | torture | bench | fuzz | lint | fresh) ;;
    *) fail "usage: setup.sh demo|test|torture|bench|fuzz|lint|fresh" ;;
esac
if is_debian; then
    install_packages
else
    check_by_hand
fi
check_swift
case $PURPOSE in
    demo | test | torture) "$ENVIRONMENT/tools.sh" clients ;;
    bench) "$ENVIRONMENT/tools.sh" recorder ;;
esac
case $PURPOSE in
    test) ! have chromium || "$ENVIRONMENT/tools.sh" browser ;;
esac
if needs_cluster && [ -z "${KUBEBUILDER_ASSETS:-}" ]; then
    "$ENVIRONMENT/cluster/build.sh"
fi
# Inside make the next thing follows by itself.
say "$(next_step)"
