#!/bin/bash
# demo.sh - the main job from end to end: a cluster, a development gateway, a short task as an agent would play it, and the
# replay of exactly that session. Leaves nothing running.
#
#   BYLINE_TEST_BIN=DIR   where byline and byline-gateway were built (set by the Makefile)
#   DEMO_KUBECONFIG=FILE  a cluster of yours instead of one of its own; a namespace byline-demo is made and removed there
#   DEMO_IMAGE=IMAGE      an image with a shell that cluster can pull (default: busybox:1.36)
#   KEEP=1                leaves cluster and gateway running, and says how to go on
set -euo pipefail
PART=demo
source "$(dirname "$0")/../Environment/lib.sh"

: "${BYLINE_TEST_BIN:?is set by the Makefile; run make demo}"
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/byline-demo.XXXXXX")
KUBECTL=$TOOLS/bin/kubectl
PATH=$BYLINE_TEST_BIN:$PATH
# Sign-ins of the demo stay in the demo.
export BYLINE_STATE=$FOLDER/state
GATEWAY_PID=
OWN_CLUSTER=
FINISHED=

at_exit() {
    if [ -n "$FINISHED" ] && [ "${KEEP:-0}" = 1 ]; then
        return
    fi
    if [ -n "$GATEWAY_PID" ] && kill -INT "$GATEWAY_PID" 2>/dev/null; then
        wait "$GATEWAY_PID" || true
    fi
    [ -z "$OWN_CLUSTER" ] || RUN=$FOLDER/cluster "$ENVIRONMENT/cluster/down.sh" >/dev/null
    [ -n "$FINISHED" ] || { [ ! -s "$FOLDER/gateway.log" ] || sed 's/^/    /' "$FOLDER/gateway.log" >&2; }
    rm -rf -- "$FOLDER"
    say "nothing is left running"
}

bring_up_cluster() {
    if [ -n "${DEMO_KUBECONFIG:-}" ]; then
        CLUSTER_KUBECONFIG=$DEMO_KUBECONFIG
        IMAGE=${DEMO_IMAGE:-busybox:1.36}
        HAS_NODE=1
        return
    fi
    OWN_CLUSTER=1
    RUN=$FOLDER/cluster "$ENVIRONMENT/cluster/up.sh"
    # shellcheck source=/dev/null
    source "$FOLDER/cluster/env"
    CLUSTER_KUBECONFIG=$KUBECONFIG
    IMAGE=docker.io/local/busybox:1
    HAS_NODE=${BYLINE_TEST_NODE:-}
}

start_gateway() {
    byline-gateway dev --kubeconfig "$CLUSTER_KUBECONFIG" --cluster demo --listen 127.0.0.1:0 \
        --state "$BYLINE_STATE/dev-gateway" --ready-file "$FOLDER/ready.json" >"$FOLDER/gateway.log" 2>&1 &
    GATEWAY_PID=$!
    wait_until 20 gateway_is_ready_or_gone
    [ -s "$FOLDER/ready.json" ] || fail "byline-gateway did not start"
    GATEWAY=$(ready gateway)
    say "byline-gateway serves $GATEWAY/clusters/demo/"
    byline login "$GATEWAY" --client-credentials "$(ready clientCredentials)"
}

gateway_is_ready_or_gone() {
    [ -s "$FOLDER/ready.json" ] || ! kill -0 "$GATEWAY_PID" 2>/dev/null
}

# ready NAME - a member of what the gateway wrote when it was ready.
ready() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$FOLDER/ready.json" "$1"
}

# agent PROMPT-ID COMMAND... - one command of the task, as an agent sends it.
agent() {
    local prompt=$1
    shift
    printf '\n\033[2m[%s]\033[0m $ %s\n' "$prompt" "$*"
    byline run --model claude-opus-4 --provider anthropic --agent demo-agent --conversation demo --prompt-id "$prompt" \
        -- "$KUBECTL" --cache-dir "$FOLDER/kubectl-cache" --namespace byline-demo "${@:2}"
}

play_task() {
    cat >"$FOLDER/web.yaml" <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: web
    image: $IMAGE
    imagePullPolicy: IfNotPresent
    command: [sleep, "3600"]
YAML
    agent prompt-1 kubectl create namespace byline-demo
    wait_until 20 has_service_account
    agent prompt-1 kubectl apply -f "$FOLDER/web.yaml"
    if [ -n "$HAS_NODE" ]; then
        agent prompt-1 kubectl wait --for=condition=Ready pod/web --timeout=120s
        agent prompt-2 kubectl get pods
        agent prompt-2 kubectl exec web -- sh -c 'echo "hello from $(hostname)"; id -un'
    else
        say "without root there is no node, so the pod does not run: exec is left out"
        agent prompt-2 kubectl get pods --watch --request-timeout=1s || true
    fi
    say "a call that fails:"
    agent prompt-3 kubectl delete deployment not-there || say "… failed, as it should; the record says so too"
    agent prompt-3 kubectl delete namespace byline-demo --wait=false
}

# A pod needs its namespace's service account, which a controller makes.
has_service_account() {
    "$KUBECTL" --kubeconfig "$CLUSTER_KUBECONFIG" --namespace byline-demo get serviceaccount default >/dev/null 2>&1
}

show_replay() {
    printf '\n'
    say "what the gateway recorded of it:"
    SESSION=$(byline sessions -o json | python3 -c 'import json, sys; print(json.load(sys.stdin)["sessions"][0]["session"])')
    byline replay "$SESSION"
}

# The cluster's own audit log must know every exchange of the session by the id that the gateway minted.
compare_with_audit_log() {
    [ -n "$OWN_CLUSTER" ] || return 0
    byline show "$SESSION" -o json >"$FOLDER/session.json"
    python3 "$(dirname "$0")/compare_audit.py" "$FOLDER/session.json" "$BYLINE_TEST_AUDIT_LOG"
}

say_what_next() {
    printf '\n'
    if [ "${KEEP:-0}" != 1 ]; then
        say "to look around in it yourself: make demo KEEP=1"
        return
    fi
    say "cluster and gateway are still running. Go on by hand:"
    cat <<TEXT
  export PATH=$BYLINE_TEST_BIN:$TOOLS/bin:\$PATH BYLINE_STATE=$BYLINE_STATE
  byline replay $SESSION --bodies
  byline run --model MODEL --prompt-id ID -- kubectl get pods -A
  byline sessions
and end it with:
  kill -INT $GATEWAY_PID; RUN=$FOLDER/cluster Tests/Environment/cluster/down.sh; rm -r $FOLDER
TEXT
}

bring_up_cluster
start_gateway
play_task
show_replay
compare_with_audit_log
FINISHED=1
say_what_next
