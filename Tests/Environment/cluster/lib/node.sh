#!/bin/bash
# node.sh RUN - one cluster's node: containerd and kubelet. Started by up.sh as the first process of a new PID namespace, in
# a mount namespace of its own; reads $RUN/node.conf. Ends when one of the two ends, and everything else here with it.
#
# Whatever these programs write outside $RUN is covered by folders below $RUN first, so that two nodes on one machine do not
# see each other's pods, and nothing of theirs stays on the machine.
set -euo pipefail
source "$1/node.conf"
HOME_OF_NODE=$RUN/node
SOCKET=$HOME_OF_NODE/containerd.sock

# cover FOLDER - what is below FOLDER of the machine is hidden by an empty folder of this node.
cover() {
    mkdir -p "$HOME_OF_NODE/cover$1"
    mount --bind "$HOME_OF_NODE/cover$1" "$1"
}

# The kubelet and the CNI plugin set these for the whole machine; here they set them in files that only look like them.
cover_sysctls() {
    local key copy
    for key in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys \
        kernel/keys/root_maxbytes net/ipv4/ip_forward; do
        [ -e "/proc/sys/$key" ] || continue
        copy=$HOME_OF_NODE/sysctl/$key
        mkdir -p "$(dirname "$copy")"
        cat "/proc/sys/$key" >"$copy"
        mount --bind "$copy" "/proc/sys/$key"
    done
}

# The kubelet deletes the logs of pods that it does not know, containerd keeps the shims' sockets and the pods' network
# namespaces in /run, and the CNI library notes its networks in /var/lib/cni.
cover_folders() {
    cover /run
    cover /var/log
    mkdir -p /run/netns /var/log/pods /var/log/containers
    # The one folder that may have to be made on the machine itself; down.sh removes it with the last node.
    mkdir -p /var/lib/cni
    cover /var/lib/cni
}

# The kubelet takes a parent for its pods' cgroups only if it is in every hierarchy.
make_cgroups() {
    local kind folder controller controllers
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        read -r -a controllers </sys/fs/cgroup/cgroup.controllers
        for controller in "${controllers[@]}"; do
            echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || true
        done
        mkdir -p "/sys/fs/cgroup/$CLUSTER_ID"
    else
        while read -r _ folder kind _; do
            [ "$kind" != cgroup ] || mkdir -p "$folder/$CLUSTER_ID"
        done </proc/mounts
    fi
}

# Where $RUN is itself on an overlay, as in a container, the kernel refuses another one: then whole copies.
snapshotter() {
    local trial=$HOME_OF_NODE/trial
    mkdir -p "$trial"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$trial/lower,upperdir=$trial/upper,workdir=$trial/work" "$trial/merged" 2>/dev/null; then
        umount "$trial/merged"
        echo overlayfs
    else
        echo native
    fi
}

configure_containerd() {
    cat >"$HOME_OF_NODE/containerd.toml" <<TOML
version = 2
root = "$HOME_OF_NODE/containerd"
state = "$HOME_OF_NODE/containerd-state"
disabled_plugins = [
    "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp",
]
[grpc]
  address = "$SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/local/pause:1"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  disable_apparmor = true
  tolerate_missing_hugetlb_controller = true
  disable_hugetlb_controller = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$HOME_OF_NODE/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(snapshotter)"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
TOML
    mkdir -p "$HOME_OF_NODE/cni"
    cat >"$HOME_OF_NODE/cni/10-ptp.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "$CLUSTER_ID", "plugins": [{"type": "ptp", "mtu": 1400,
  "ipam": {"type": "host-local", "dataDir": "$HOME_OF_NODE/cni-addresses", "ranges": [[{"subnet": "$POD_SUBNET"}]]}}]}
JSON
}

# Pods get no name server of the machine's: there is none in the cluster, and none outside it that a test may ask.
configure_kubelet() {
    local pki=$RUN/pki config=$HOME_OF_NODE/kubelet.yaml
    echo 'nameserver 127.0.0.1' >"$HOME_OF_NODE/resolv.conf"
    cat >"$config" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $KUBELET_PORT
readOnlyPort: 0
healthzPort: 0
tlsCertFile: $pki/kubelet-server.crt
tlsPrivateKeyFile: $pki/kubelet-server.key
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true, cacheTTL: 5s}
  x509: {clientCAFile: $pki/ca.crt}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: /$CLUSTER_ID
failSwapOn: false
makeIPTablesUtilChains: false
oomScoreAdj: 0
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
resolvConf: $HOME_OF_NODE/resolv.conf
volumePluginDir: $HOME_OF_NODE/volume-plugins
containerLogMaxSize: 20Mi
maxPods: 100
syncFrequency: 10s
nodeStatusUpdateFrequency: 5s
YAML
    KUBELET_FLAGS=(--config="$config" --kubeconfig="$RUN/kubelet.kubeconfig" --hostname-override="$NODE_NAME"
        --root-dir="$HOME_OF_NODE/kubelet" --cert-dir="$HOME_OF_NODE/kubelet-certificates")
    if [ "$MINOR" -lt 27 ]; then
        KUBELET_FLAGS+=(--container-runtime=remote --container-runtime-endpoint="unix://$SOCKET")
    else
        echo "containerRuntimeEndpoint: unix://$SOCKET" >>"$config"
    fi
    [ "$MINOR" -lt 31 ] || echo 'failCgroupV1: false' >>"$config"
}

import_images() {
    local image
    until ctr --address "$SOCKET" version >/dev/null 2>&1; do
        sleep 0.1
    done
    for image in "$IMAGES"/*.tar; do
        ctr --address "$SOCKET" --namespace k8s.io images import "$image"
    done
}

rm -rf --one-file-system -- "$HOME_OF_NODE"
mkdir -p "$HOME_OF_NODE"
cover_sysctls
cover_folders
make_cgroups
configure_containerd
configure_kubelet
containerd --config "$HOME_OF_NODE/containerd.toml" >"$RUN/log/containerd.log" 2>&1 &
import_images
# up.sh writes it when the API server answers.
until [ -e "$RUN/kubelet.kubeconfig" ]; do
    sleep 0.1
done
"$BIN/kubelet" "${KUBELET_FLAGS[@]}" >"$RUN/log/kubelet.log" 2>&1 &
wait -n || true
# For up.sh, which reads why: the errors alone, because a fatal one of the kubelet is followed by every goroutine's stack.
grep -hE '^[EF][0-9]{4} |level=(error|fatal)' "$RUN/log/containerd.log" "$RUN/log/kubelet.log" | tail -n 15
exit 1
