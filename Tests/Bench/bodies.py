"""What the upstream serves: a pod of 1 KiB and a pod list of 1 MiB, as JSON that reads like Kubernetes'."""

import json

SMALL_PATH = "/api/v1/namespaces/default/pods/p"
LARGE_PATH = "/api/v1/namespaces/default/pods"


def pod(name, size):
    """A Pod whose JSON is exactly `size` bytes long."""
    def document(filling):
        return json.dumps({
            "kind": "Pod", "apiVersion": "v1",
            "metadata": {
                "name": name, "namespace": "default", "uid": "0b5f7d6e-2a41-4a3c-9d38-6a4c1f0e9b27",
                "resourceVersion": "48211", "creationTimestamp": "2026-01-01T00:00:00Z",
                "labels": {"app": "web", "pod-template-hash": "6d4b75cb6d"},
                "annotations": {"example.com/note": filling}},
            "spec": {
                "containers": [{
                    "name": "web", "image": "registry.example/web:1.27", "ports": [{"containerPort": 8080}],
                    "env": [{"name": "MODE", "value": "production"}],
                    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}}}],
                "nodeName": "node-1", "restartPolicy": "Always"},
            "status": {"phase": "Running", "podIP": "10.0.0.7", "qosClass": "Burstable"}}, separators=(",", ":"))
    return document("x" * (size - len(document(""))))


def pod_list(size):
    """A PodList of exactly `size` bytes."""
    head, tail = '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"48311"},"items":[', "]}"
    room = size - len(head) - len(tail)
    count = room // 1025
    pods = [pod(f"p-{number:05}", 1024) for number in range(count - 1)]
    # The last one takes up what is left, less the commas between them.
    pods.append(pod("p-last", room - (count - 1) * 1025))
    return head + ",".join(pods) + tail


def write(folder):
    (folder / "small.json").write_text(pod("p", 1024))
    (folder / "large.json").write_text(pod_list(1024 * 1024))
