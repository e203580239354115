#!/bin/bash
# up.sh - a byline-gateway that serves a configuration file, in front of the cluster and the sign-in provider of the
# environment, and a kubeconfig of somebody who is signed in at it.
#
#   RUN=DIR           its state: configuration, certificates, journal (must not exist)
#   BYLINE_TEST_BIN   where byline-gateway is
#   LIMITS=…          the configuration's "limits", as YAML in flow style
#   RECORDING=…       the configuration's "recording", likewise
#
# Needs what cluster/up.sh and oidc/up.sh wrote in the environment. Writes $RUN/env, to be sourced.
set -euo pipefail
PART=gateway
source "$(dirname "$0")/../lib.sh"
: "${RUN:?names the folder of this gateway}" "${BYLINE_TEST_BIN:?}" "${BYLINE_TEST_GATEWAY_KUBECONFIG:?}" "${BYLINE_TEST_OIDC_RUN:?}"
RUN=$(realpath -m -- "$RUN")
[ ! -e "$RUN" ] || fail "$RUN is there already; choose another with RUN=DIR"
umask 077
mkdir -p "$RUN"
"$ENVIRONMENT/oidc/certificates.sh" "$RUN"

sign_in() {
    python3 "$ENVIRONMENT/oidc/sign_in.py" code --run "$BYLINE_TEST_OIDC_RUN" --user "$1" --issuer "$2" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["id_token"], end="")' >"$RUN/$1-$2.token.new"
    mv "$RUN/$1-$2.token.new" "$RUN/$1-$2.token"
}

configure() {
    cat >"$RUN/gateway.yaml" <<YAML
apiVersion: byline.dev/v1
kind: Gateway
listen:
  address: 127.0.0.1:$1
  url: https://127.0.0.1:$1
  tls: {certificateFile: server.crt, keyFile: server.key, authorityFile: ca.crt}
monitoring: {address: "127.0.0.1:$2"}
state: state
issuers:
- url: $BYLINE_TEST_OIDC_ISSUER_RS256
  audiences: [$BYLINE_TEST_OIDC_CLIENT_ID]
  certificateAuthorityFile: $BYLINE_TEST_OIDC_CA
  claims: {username: {claim: preferred_username}, groups: {claim: groups}}
  signIn: {clientID: $BYLINE_TEST_OIDC_CLIENT_ID, scopes: [openid, profile, email, groups, offline_access]}
- url: $BYLINE_TEST_OIDC_ISSUER_ES256
  audiences: [$BYLINE_TEST_OIDC_CLIENT_ID]
  certificateAuthorityFile: $BYLINE_TEST_OIDC_CA
  claims: {username: {claim: preferred_username}, groups: {claim: groups}}
- url: https://kubernetes.default.svc
  audiences: [byline]
  reservedNames: serviceAccounts
  keys: {cluster: test}
clusters:
- name: test
  kubeconfig: {file: $BYLINE_TEST_GATEWAY_KUBECONFIG}
  impersonate: ${IMPERSONATE:-caller}
policy:
  rules:
  - {name: developers, effect: allow, subjects: {groups: [developers]}}
  - name: pods-with-byline
    effect: allow
    subjects: {groups: ["system:serviceaccounts:agents"]}
    resources: [pods]
    verbs: [get, list]
    byline: {require: [model, prompt.id]}
auditors: {users: [alice]}
recording: ${RECORDING:-"{}"}
masking: ${MASKING:-"{}"}
limits: ${LIMITS:-"{perIdentity: {requestsPerSecond: 100000, burst: 100000, concurrent: 100000, streams: 100000}}"}
shutdown: {grace: ${GRACE:-10s}, watchGrace: 2s}
log: {level: warning}
YAML
}

# Another process may take a port that was free: another one then.
started=
for _ in 1 2 3; do
    read -r port monitoring < <(free_ports 2)
    configure "$port" "$monitoring"
    "$BYLINE_TEST_BIN/byline-gateway" check --config "$RUN/gateway.yaml" >/dev/null
    setsid "$BYLINE_TEST_BIN/byline-gateway" serve --config "$RUN/gateway.yaml" --ready-file "$RUN/ready" \
        >>"$RUN/log" 2>&1 </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    pid=$!
    echo "$pid" >"$RUN/pid"
    gone_or_ready() { [ -e "$RUN/ready" ] || ! kill -0 "$pid" 2>/dev/null; }
    wait_until 30 gone_or_ready || true
    [ ! -e "$RUN/ready" ] || { started=1 && break; }
done
[ -n "$started" ] || { tail -n 20 "$RUN/log" >&2 && fail "byline-gateway did not start; its log is $RUN/log"; }

sign_in alice rs256
cat >"$RUN/kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: byline-test, cluster: {server: "https://127.0.0.1:$port/clusters/test", certificate-authority: "$RUN/ca.crt"}}]
users: [{name: alice, user: {tokenFile: "$RUN/alice-rs256.token"}}]
contexts: [{name: byline-test, context: {cluster: byline-test, user: alice}}]
current-context: byline-test
YAML
cat >"$RUN/env" <<ENV
export BYLINE_TEST_SERVED_RUN=$RUN
export BYLINE_TEST_SERVED_URL=https://127.0.0.1:$port
export BYLINE_TEST_SERVED_CA=$RUN/ca.crt
export BYLINE_TEST_SERVED_KUBECONFIG=$RUN/kubeconfig
export BYLINE_TEST_SERVED_TOKEN=$RUN/alice-rs256.token
export BYLINE_TEST_SERVED_JOURNAL=$RUN/state/journal
export BYLINE_TEST_SERVED_MONITORING=http://127.0.0.1:$monitoring
ENV
say "up, pid $(cat "$RUN/pid"), https://127.0.0.1:$port; source $RUN/env"
