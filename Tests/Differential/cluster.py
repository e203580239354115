"""The cluster as its administrator reaches it: makes what the cases need there beforehand, and takes it away."""

import time

from kubernetes import client, config


class Cluster:
    def __init__(self, kubeconfig):
        self.kubeconfig = kubeconfig
        api = config.new_client_from_config(str(kubeconfig))
        self._core = client.CoreV1Api(api)
        self._rules = client.RbacAuthorizationV1Api(api)

    def make_namespaces(self, names):
        for name in names:
            self._core.create_namespace({"metadata": {"name": name}})

    def wait_for_accounts(self, names):
        """A pod needs its namespace's service account, which a controller makes, with its token."""
        deadline = time.monotonic() + 60
        while not all(self._has_account(name) for name in names):
            if time.monotonic() > deadline:
                raise RuntimeError(f"one of {', '.join(names)} has no default service account after 60 s")
            time.sleep(0.2)

    def _has_account(self, namespace):
        accounts = self._core.list_namespaced_service_account(namespace, field_selector="metadata.name=default").items
        return any(account.secrets for account in accounts)

    def delete_namespaces(self, names):
        """Its pods go at once: the node has room for a hundred, and the controller of namespaces comes to them late."""
        for name in names:
            self._core.delete_collection_namespaced_pod(name, grace_period_seconds=0)
            self._core.delete_namespace(name)

    def allow_everything(self, binding, username):
        self._rules.create_cluster_role_binding({
            "metadata": {"name": binding},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": username}]})

    def allow_no_more(self, binding):
        self._rules.delete_cluster_role_binding(binding)
