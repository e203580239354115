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

# give_up NAME SENTENCE - ends with the last lines of a daemon's log.
give_up() {
    tail -n 25 "$RUN/log/$1.log" 2>/dev/null | sed 's/^/    /' >&2 || true
    fail "$2"
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

# --- etcd and the API server

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

start_etcd() {
    local client peer durability=()
    read -r client peer < <(free_ports 2)
    ETCD_URL=https://127.0.0.1:$client
    # A test's cluster need not survive a power cut. etcd has the flag from 3.5 on.
    ! "$ETCD" --help 2>&1 | grep -q unsafe-no-fsync || durability=(--unsafe-no-fsync)
    rm -rf -- "$RUN/etcd"
    spawn etcd "$ETCD" --name byline --data-dir "$RUN/etcd" "${durability[@]}" \
        --listen-client-urls "$ETCD_URL" --advertise-client-urls "$ETCD_URL" \
        --cert-file "$RUN/pki/etcd.crt" --key-file "$RUN/pki/etcd.key" \
        --client-cert-auth --trusted-ca-file "$RUN/pki/etcd-ca.crt" \
        --listen-peer-urls "https://127.0.0.1:$peer" --initial-advertise-peer-urls "https://127.0.0.1:$peer" \
        --initial-cluster "byline=https://127.0.0.1:$peer" \
        --peer-cert-file "$RUN/pki/etcd.crt" --peer-key-file "$RUN/pki/etcd.key" \
        --peer-client-cert-auth --peer-trusted-ca-file "$RUN/pki/etcd-ca.crt"
}

etcd_is_ready() {
    request etcd-ca etcd "$ETCD_URL/health" >/dev/null
}

start_api_server() {
    local pki=$RUN/pki port
    port=$(free_ports 1)
    API=https://127.0.0.1:$port
    spawn kube-apiserver "$BIN/kube-apiserver" --bind-address=127.0.0.1 --secure-port="$port" --advertise-address=127.0.0.1 \
        --endpoint-reconciler-type=none --service-cluster-ip-range=10.96.0.0/24 --allow-privileged=true \
        --etcd-servers="$ETCD_URL" --etcd-cafile="$pki/etcd-ca.crt" --etcd-certfile="$pki/etcd.crt" --etcd-keyfile="$pki/etcd.key" \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
        --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
        --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/service-accounts.pub" \
        --service-account-signing-key-file="$pki/service-accounts.key" \
        --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
        --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
        --requestheader-extra-headers-prefix=X-Remote-Extra- \
        --proxy-client-cert-file="$pki/front-proxy.crt" --proxy-client-key-file="$pki/front-proxy.key" \
        --kubelet-client-certificate="$pki/apiserver-kubelet.crt" --kubelet-client-key="$pki/apiserver-kubelet.key" \
        --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
        --audit-policy-file="$CLUSTER_LIB/audit-policy.yaml" --audit-log-path="$RUN/audit.log" \
        --audit-log-mode=blocking --audit-log-maxsize=10240
}

# The namespace as well: it is made a moment after the server says that it is ready.
api_server_is_ready() {
    ask /readyz >/dev/null && ask /api/v1/namespaces/default >/dev/null
}

# request AUTHORITY CLIENT URL... - with TLS both ways, never through a proxy of the environment.
request() {
    local authority=$1 client=$2
    shift 2
    curl --silent --fail --max-time 5 --noproxy '*' --cacert "$RUN/pki/$authority.crt" \
        --cert "$RUN/pki/$client.crt" --key "$RUN/pki/$client.key" "$@" 2>/dev/null
}

# ask PATH [CURL OPTIONS] - asks the API server as the set-up, whose requests are not in the audit log.
ask() {
    request ca setup "$API$1" "${@:2}"
}

# kubeconfig FILE CLIENT
kubeconfig() (
    umask 077
    cat >"$1.partial" <<YAML
apiVersion: v1
kind: Config
clusters:
  - name: byline-test
    cluster:
      server: $API
      certificate-authority-data: $(base64 -w0 "$RUN/pki/ca.crt")
users:
  - name: $2
    user:
      client-certificate-data: $(base64 -w0 "$RUN/pki/$2.crt")
      client-key-data: $(base64 -w0 "$RUN/pki/$2.key")
contexts:
  - name: byline-test
    context:
      cluster: byline-test
      user: $2
current-context: byline-test
YAML
    mv "$1.partial" "$1"
)

# A gateway without impersonation does everything as itself, so its group may do everything.
grant_gateway() {
    ask /apis/rbac.authorization.k8s.io/v1/clusterrolebindings --header 'Content-Type: application/json' --data '{
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "gateways"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "gateways"}]}' >/dev/null
}

# --- controllers

# They serve nothing themselves, so they need no port; up to 1.23 a second, plain one has to be closed too.
start_controllers() {
    local pki=$RUN/pki no_port=(--secure-port=0)
    [ "$MINOR" -ge 24 ] || no_port+=(--port=0)
    kubeconfig "$RUN/controllers.kubeconfig" controllers
    kubeconfig "$RUN/scheduler.kubeconfig" scheduler
    spawn kube-controller-manager "$BIN/kube-controller-manager" --kubeconfig="$RUN/controllers.kubeconfig" "${no_port[@]}" \
        --leader-elect=false --use-service-account-credentials=true --root-ca-file="$pki/ca.crt" \
        --service-account-private-key-file="$pki/service-accounts.key" \
        --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
    spawn kube-scheduler "$BIN/kube-scheduler" --kubeconfig="$RUN/scheduler.kubeconfig" "${no_port[@]}" --leader-elect=false
}

# wait_for DAEMON SECONDS WHAT COMMAND... - waits for COMMAND to succeed while DAEMON runs.
wait_for() {
    local daemon=$1 deadline=$((SECONDS + $2)) what=$3
    shift 3
    until "$@"; do
        pid_of "$daemon" >/dev/null || give_up "$daemon" "$daemon ended"
        [ "$SECONDS" -lt "$deadline" ] || give_up "$daemon" "$what: not after waiting for it"
        sleep 0.1
    done
}

default_service_account_exists() {
    ask /api/v1/namespaces/default/serviceaccounts/default >/dev/null
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
    wait_for kube-apiserver 30 "binding the group gateways" grant_gateway
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
