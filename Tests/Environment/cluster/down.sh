#!/bin/bash
# down.sh - takes away what up.sh brought: processes, containers, mounts, network namespaces, cgroups, files. Only this
# cluster's; another one beside it goes on.
#
#   RUN=DIR   as for up.sh
set -euo pipefail
PART=cluster
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib/run.sh"

# The kernel refuses to remove a cgroup until the last process in it has ended, which takes a moment after SIGKILL.
cgroups_are_gone() {
    find /sys/fs/cgroup -depth -type d -path "*/$CLUSTER_ID*" -exec rmdir {} + 2>/dev/null || true
    [ -z "$(find /sys/fs/cgroup -type d -name "$CLUSTER_ID" -print -quit 2>/dev/null)" ]
}

# Removing a folder detaches what other namespaces have mounted on it, so it stays while another node lives.
remove_cni_folder() {
    ! pgrep -f "$CLUSTER_LIB/node.sh" >/dev/null || return 0
    rmdir /var/lib/cni 2>/dev/null || true
}

if [ ! -e "$RUN/processes" ]; then
    say "nothing to take down in $RUN"
    exit 0
fi
kill_processes
# The node's mounts and network namespaces ended with its namespaces.
if [ -e "$RUN/node.conf" ]; then
    wait_until 10 cgroups_are_gone || complain "cgroups named $CLUSTER_ID are left in /sys/fs/cgroup"
    remove_cni_folder
fi
rm -rf --one-file-system -- "$RUN"
say "down"
