#!/bin/bash
# up.sh - a real Kubernetes on loopback: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, and a node with
# containerd and kubelet. Two with different RUN live side by side.
#
#   RUN=DIR                 this cluster's state (default: $BYLINE_CACHE/cluster/run)
#   PARTS="api controllers node"   what to start (default: all that this machine can)
#   KUBEBUILDER_ASSETS=DIR  etcd and kube-apiserver, and perhaps the other programs, instead of building them
#
# Writes $RUN/env, to be sourced: KUBECONFIG (the administrator's) and what the tests need to know. down.sh takes it all away.
set -euo pipefail
PART=cluster
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib/run.sh"
source "$(dirname "$0")/lib/control-plane.sh"

NODE_NAME=127.0.0.1
STARTED_AT=$(date +%s%N)
IS_STARTING=

elapsed() {
    awk -v from="$STARTED_AT" -v to="$(date +%s%N)" 'BEGIN { printf "%.1f s", (to - from) / 1e9 }'
}

at_exit() {
    [ -n "$IS_STARTING" ] || return 0
    "$ENVIRONMENT/cluster/down.sh" >/dev/null
    complain "not up; nothing is left running"
}

# --- what to start

choose_programs() {
    if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
        BIN=$KUBEBUILDER_ASSETS
        ETCD=$BIN/etcd
    else
        "$ENVIRONMENT/cluster/build.sh"
        BIN=$BYLINE_CACHE/cluster/bin
        ETCD=$(command -v etcd) || fail "etcd is missing; run Tests/Environment/setup.sh test"
    fi
    local program
    for program in "$ETCD" "$BIN/kube-apiserver"; do
        [ -x "$program" ] || fail "$program is missing or not executable"
    done
    # "Kubernetes v1.20.2" → 20. Some flags came or went with a version.
    MINOR=$("$BIN/kube-apiserver" --version | sed -n 's/^Kubernetes v1\.\([0-9]*\).*/\1/p')
    [ -n "$MINOR" ] || fail "$BIN/kube-apiserver --version does not name a version 1.x"
}

starts() {
    case " $PARTS " in *" $1 "*) return 0 ;; esac
    return 1
}

# The reason why this machine cannot have a node, or nothing.
no_node_because() {
    local tool
    is_root || { echo "it takes root"; return; }
    for tool in kubelet kube-controller-manager kube-scheduler; do
        [ -x "$BIN/$tool" ] || { echo "there is no $tool in $BIN"; return; }
    done
    for tool in containerd ctr runc unshare; do
        have "$tool" || { echo "$tool is missing"; return; }
    done
    [ -x /usr/lib/cni/ptp ] || { echo "the CNI plugins are missing in /usr/lib/cni"; return; }
    [ -x /bin/busybox ] || { echo "a static /bin/busybox is missing"; return; }
    unshare --mount --pid --fork true 2>/dev/null || echo "this container may not make namespaces"
}

choose_parts() {
    local reason=
    if [ -z "${PARTS:-}" ]; then
        PARTS=api
        [ ! -x "$BIN/kube-controller-manager" ] || [ ! -x "$BIN/kube-scheduler" ] || PARTS="$PARTS controllers"
        reason=$(no_node_because)
        [ -n "$reason" ] || PARTS="$PARTS node"
    elif starts node; then
        reason=$(no_node_because)
        [ -z "$reason" ] || fail "no node: $reason"
    else
        reason="PARTS leaves it out"
    fi
    starts node || complain "!!! NO NODE: $reason. Left out: every test named \"…NeedsNode\" (exec, attach, logs, cp, port-forward in real pods)"
}

# --- node

# Images hold nothing but busybox, so they are made once a cache. Its default command ends at once when it is told to.
make_images() {
    local folder=$BYLINE_CACHE/cluster/images name
    mkdir -p "$folder"
    for name in busybox pause; do
        [ ! -s "$folder/$name.tar" ] || continue
        python3 "$CLUSTER_LIB/make_image.py" "$folder/$name.tar.$$" "docker.io/local/$name:1" \
            /bin/sh -c 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'
        mv "$folder/$name.tar.$$" "$folder/$name.tar"
    done
}

# lib/node.sh runs in namespaces of its own: its mounts are nobody else's, and when its first process is killed the kernel
# kills all the others, containers included.
start_node() {
    local port
    port=$(free_ports 1)
    {
        printf 'RUN=%q BIN=%q MINOR=%q NODE_NAME=%q\n' "$RUN" "$BIN" "$MINOR" "$NODE_NAME"
        printf 'CLUSTER_ID=%q POD_SUBNET=%q KUBELET_PORT=%q\n' "$CLUSTER_ID" "$(python3 "$CLUSTER_LIB/pod_subnet.py" "$RUN")" "$port"
        printf 'IMAGES=%q\n' "$BYLINE_CACHE/cluster/images"
    } >"$RUN/node.conf"
    spawn node unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$CLUSTER_LIB/node.sh" "$RUN"
}

node_is_ready() {
    ask "/api/v1/nodes/$NODE_NAME" | python3 -c '
import json, sys
conditions = json.load(sys.stdin)["status"]["conditions"]
sys.exit(not any(c["type"] == "Ready" and c["status"] == "True" for c in conditions))' 2>/dev/null
}

# --- all of it

write_env() {
    {
        printf 'export KUBECONFIG=%q\n' "$RUN/admin.kubeconfig"
        printf 'export BYLINE_TEST_GATEWAY_KUBECONFIG=%q\n' "$RUN/gateway.kubeconfig"
        printf 'export BYLINE_TEST_AUDIT_LOG=%q\n' "$RUN/audit.log"
        printf 'export BYLINE_TEST_API_SERVER=%q\n' "$API"
        if starts node; then
            echo 'export BYLINE_TEST_NODE=1'
        else
            echo 'unset BYLINE_TEST_NODE'
        fi
    } >"$RUN/env.partial"
    mv "$RUN/env.partial" "$RUN/env"
}

prepare_run() {
    if [ -e "$RUN/env" ] && pid_of kube-apiserver >/dev/null; then
        say "already up; source $RUN/env"
        exit 0
    fi
    if [ -e "$RUN" ] && [ -n "$(ls -A "$RUN")" ]; then
        # What a crash left goes; anything else is not ours to remove.
        [ -e "$RUN/processes" ] || fail "$RUN is not empty and not a cluster's folder; choose another with RUN=DIR"
        "$ENVIRONMENT/cluster/down.sh" >/dev/null
    fi
    case $RUN/ in
        /run/* | /var/log/*) fail "$RUN lies where the node hides the machine's files; choose another with RUN=DIR" ;;
    esac
    IS_STARTING=yes
    mkdir -p "$RUN/log"
    chmod 700 "$RUN"
    : >"$RUN/processes"
}

main() {
    prepare_run
    choose_programs
    choose_parts
    STARTED_AT=$(date +%s%N)
    "$CLUSTER_LIB/certificates.sh" "$RUN/pki" "$NODE_NAME"
    if starts node; then
        make_images
        # Early: containerd starts and takes the images in while the API server starts.
        start_node
    fi
    on_a_free_port etcd start_etcd etcd_is_ready
    on_a_free_port kube-apiserver start_api_server api_server_is_ready
    local client
    for client in admin gateway kubelet; do
        kubeconfig "$RUN/$client.kubeconfig" $client
    done
    wait_for kube-apiserver 30 "the binding of the group gateways" grant_gateway
    say "kube-apiserver 1.$MINOR ready after $(elapsed): $API"
    if starts controllers; then
        start_controllers
        wait_for kube-controller-manager 60 "the default service account" default_service_account_exists
        pid_of kube-scheduler >/dev/null || give_up kube-scheduler "kube-scheduler ended"
        say "kube-controller-manager and kube-scheduler ready after $(elapsed)"
    fi
    if starts node; then
        on_a_free_port node start_node node_is_ready
        say "node ready after $(elapsed)"
    fi
    write_env
    IS_STARTING=
    say "up after $(elapsed); source $RUN/env"
}

main
