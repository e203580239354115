# shellcheck shell=bash
# control-plane.sh - starts etcd, kube-apiserver, kube-controller-manager and kube-scheduler, and asks whether they are ready.
# Sourced by up.sh after run.sh; reads BIN, ETCD and MINOR, sets ETCD_URL and API.

# --- etcd and the API server

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

default_service_account_exists() {
    ask /api/v1/namespaces/default/serviceaccounts/default >/dev/null
}
