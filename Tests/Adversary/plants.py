"""Objects of every kind with secrets at the places where Byline promises to mask them."""

import base64
import json

from marks import deflated

NAMESPACE = "adversary"
GROUP = "adversary.example.com"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
IMAGE = "docker.io/local/busybox:1"


def encoded(value):
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()


class Plants:
    def __init__(self, marks):
        self._marks = marks
        self.manifests = []
        self.secrets()
        self.texts()
        self.workloads()
        self.others()
        self.custom()

    def new(self, carrier, length=24, middle=""):
        return self._marks.value(carrier, length, middle)

    def key(self, carrier):
        begin, end = ("-----%s PRIVATE KEY-----" % word for word in ("BEGIN", "END"))
        return "\n".join([begin, self.new(carrier, 64), self.new(carrier, 64), end, ""])

    def add(self, kind, name, body, version="v1", annotations=None, is_global=False, **metadata):
        """One object; its annotations hold secrets, and what was last applied holds the object once more."""
        carrier = "%s annotation" % kind
        notes = {
            "example.com/note": "login with password=%s" % self.new(carrier),
            "example.com/json": json.dumps({"token": self.new(carrier, 40), "n": 1}),
        } if annotations is None else dict(annotations)
        full = {"name": name, **metadata} if is_global else {"name": name, "namespace": NAMESPACE, **metadata}
        manifest = {"apiVersion": version, "kind": kind, "metadata": {**full, "annotations": notes}, **body}
        if kind in ("Secret", "ConfigMap", "Deployment", "Job"):
            notes[LAST_APPLIED] = json.dumps(manifest)
        self.manifests.append(manifest)

    def secrets(self):
        for number in range(3):
            data = {
                "password": encoded(self.new("Secret data")), "long": encoded(self.new("Secret data", 900)),
                "odd": encoded(self.new("Secret data", 32, middle="\"\\<&>\n\tä'")),
                "json": encoded(json.dumps({"a": [self.new("Secret data")]})),
            }
            self.add("Secret", "opaque-%d" % number, {"type": "Opaque", "data": data})
        self.add("Secret", "fixed", {"immutable": True, "data": {"value": encoded(self.new("Secret data"))}})
        self.add("Secret", "worded", {"stringData": {"words": self.new("Secret stringData"), "more": self.new("Secret stringData", 60)}})
        self.add("Secret", "tls", {"type": "kubernetes.io/tls", "data": {
            "tls.crt": encoded("certificate"), "tls.key": encoded(self.key("Secret data"))}})
        auths = {"auths": {"registry.example": {"username": "u", "password": self.new("Secret data")}}}
        self.add("Secret", "registry", {
            "type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": encoded(json.dumps(auths))}})
        release = json.dumps({"name": "r", "config": {"password": self.new("Helm release")}, "version": 1})
        self.add("Secret", "sh.helm.release.v1.r.v1", {
            "type": "helm.sh/release.v1", "data": {"release": encoded(encoded(deflated(release)))}})

    def texts(self):
        kind = "ConfigMap data"
        self.add("ConfigMap", "texts", {"data": {
            "github": "clone with " + "ghp" + "_" + self.new(kind, 36),
            "aws": "aws_secret_access_key = " + self.new(kind, 40),
            "url": "postgres://app:%s@db.example:5432/app" % self.new(kind),
            "properties": "a=1\ndb.password=%s\nb=2\n" % self.new(kind),
            "yaml": "db:\n  user: app\n  password: \"%s\"\n" % self.new(kind),
            "json": json.dumps({"auth": {"clientSecret": self.new(kind, 40), "n": 1}}),
            "pem": self.key(kind),
            "command": "kubeadm join --token=%s host" % self.new(kind),
        }})
        self.add("ConfigMap", "noted", {"data": {"password": self.new(kind), "apiKey": self.new(kind, 40)}})

    def pod(self, kind, command=None):
        carrier = "%s env and args" % kind
        env = [{"name": "DB_PASSWORD", "value": self.new(carrier)}, {"name": "API_TOKEN", "value": self.new(carrier)},
               {"name": "DSN", "value": "mysql://u:%s@h/d" % self.new(carrier)}]
        container = {"name": "c", "image": IMAGE, "imagePullPolicy": "Never", "env": env}
        if command:
            container["command"] = ["sh", "-c", command]
        else:
            container["args"] = ["--token", self.new(carrier), "--api-key=" + self.new(carrier, 40)]
        return {"terminationGracePeriodSeconds": 0, "containers": [container]}

    def workloads(self):
        labels = {"app": "planted"}

        def template(kind, **more):
            return {"metadata": {"labels": labels}, "spec": {**self.pod(kind), **more}}

        selector = {"matchLabels": labels}
        elsewhere = {"nodeSelector": {"nowhere": "yes"}}
        for kind, version, spec in (
                ("Deployment", "apps/v1", {"replicas": 0, "selector": selector, "template": template("Deployment")}),
                ("ReplicaSet", "apps/v1", {"replicas": 0, "selector": selector, "template": template("ReplicaSet")}),
                ("StatefulSet", "apps/v1", {"replicas": 0, "serviceName": "s", "selector": selector, "template": template("StatefulSet")}),
                ("DaemonSet", "apps/v1", {"selector": selector, "template": template("DaemonSet", **elsewhere)}),
                ("ReplicationController", "v1", {"replicas": 0, "selector": labels, "template": template("ReplicationController")}),
                ("Job", "batch/v1", {"parallelism": 0, "template": template("Job", restartPolicy="Never")}),
                ("CronJob", "batch/v1beta1", {"schedule": "0 0 1 1 *", "suspend": True, "jobTemplate": {
                    "spec": {"template": template("CronJob", restartPolicy="Never")}}})):
            self.add(kind, "planted", {"spec": spec}, version=version)
        self.add("PodTemplate", "planted", {"template": template("PodTemplate")})
        talks = "while :; do echo login with password=$DB_PASSWORD; echo \"{\\\"token\\\":\\\"$API_TOKEN\\\"}\"; env; sleep 1; done"
        spec = self.pod("Pod", talks)
        spec["volumes"] = [{"name": "texts", "configMap": {"name": "texts"}}]
        spec["containers"][0]["volumeMounts"] = [{"name": "texts", "mountPath": "/texts"}]
        self.add("Pod", "talker", {"spec": spec})
        spec = self.pod("Pod", SERVE)
        spec["containers"][0]["ports"] = [{"name": "http", "containerPort": 8080}]
        self.add("Pod", "web", {"spec": spec}, labels={"app": "web"})
        self.add("Service", "web", {"spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}})

    def others(self):
        for kind, version, body in (
                ("ServiceAccount", "v1", {}), ("LimitRange", "v1", {"spec": {"limits": []}}),
                ("ResourceQuota", "v1", {"spec": {"hard": {"pods": "1000"}}}),
                ("Ingress", "networking.k8s.io/v1", {"spec": {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}}}),
                ("NetworkPolicy", "networking.k8s.io/v1", {"spec": {"podSelector": {"matchLabels": {"none": "yes"}}}}),
                ("Lease", "coordination.k8s.io/v1", {"spec": {}}),
                ("Role", "rbac.authorization.k8s.io/v1", {"rules": []}),
                ("PodDisruptionBudget", "policy/v1beta1", {"spec": {"selector": {"matchLabels": {"none": "yes"}}}})):
            self.add(kind, "planted", body, version=version)
        about = {"kind": "Pod", "namespace": NAMESPACE, "name": "web", "apiVersion": "v1"}
        self.add("Event", "planted", {
            "involvedObject": about, "reason": "Said", "type": "Normal",
            "message": "login with password=%s" % self.new("Event message")})
        self.add("StorageClass", "adversary", {"provisioner": "example.com/none", "parameters": {
            "password": self.new("StorageClass parameters")}}, version="storage.k8s.io/v1", is_global=True)
        self.add("PriorityClass", "adversary", {"value": 1}, version="scheduling.k8s.io/v1", is_global=True)
        self.add("PersistentVolume", "adversary", {"spec": {
            "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "flexVolume": {
                "driver": "example.com/none", "options": {"password": self.new("PersistentVolume options")}}}}, is_global=True)

    def custom(self):
        words = {"type": "string"}
        schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {
            "pin": {**words, "format": "password"}, "note": words, "password": words,
            "users": {"type": "array", "items": {"type": "object", "properties": {"pin": {**words, "format": "password"}, "name": words}}},
            "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}}
        self.definition = {
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets." + GROUP},
            "spec": {"group": GROUP, "scope": "Namespaced", "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema},
                                   "subresources": {"status": {}}}]}}
        for number in range(2):
            self.add("Widget", "planted-%d" % number, {"spec": {
                "pin": self.new("custom resource, format password"), "note": "login with password=%s" % self.new("custom resource text"),
                "password": self.new("custom resource text"),
                "users": [{"name": "u", "pin": self.new("custom resource, format password")}],
                "any": {"apiToken": self.new("custom resource text", 40)}}}, version=GROUP + "/v1")


# A server behind the proxy subresources: files of several kinds, and programs that choose their own headers.
SERVE = r"""
mkdir -p /www/cgi-bin
printf 'login with password=%s\n' "$DB_PASSWORD" >/www/text.txt
printf '{"password":"%s","n":1}' "$DB_PASSWORD" >/www/app.json
printf '<p>password=%s</p>\n' "$DB_PASSWORD" >/www/index.html
printf '\0\001\002password=%s\n' "$DB_PASSWORD" >/www/nul.bin
printf 'password=%s\n' "$DB_PASSWORD" >/www/plain.bin
printf '\0password=%s\n' "$DB_PASSWORD" >/www/nul.txt
for kind in application/octet-stream image/png application/x-tar application/gzip video/mp4 font/woff application/vnd.x multipart/mixed application/grpc application/json text/event-stream 'text/plain;charset=utf-16' none; do
    name=$(echo "$kind" | tr -c 'a-z0-9\n' '-')
    { echo '#!/bin/sh'; [ "$kind" = none ] || echo "printf 'Content-Type: $kind\r\n'"
      echo "printf '\r\npassword=%s\n' \"$DB_PASSWORD\""; } >/www/cgi-bin/$name
done
cat >/www/cgi-bin/gzipped <<END
#!/bin/sh
printf 'Content-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n'
echo "password=$DB_PASSWORD" | gzip -c
END
cat >/www/cgi-bin/lied <<END
#!/bin/sh
printf 'Content-Type: text/plain\r\nContent-Encoding: br\r\n\r\npassword=%s\n' "$DB_PASSWORD"
END
cat >/www/cgi-bin/failed <<END
#!/bin/sh
printf 'Status: 500 Failed\r\nContent-Type: application/json\r\n\r\n{"password":"%s"}' "$DB_PASSWORD"
END
cat >/www/cgi-bin/slow <<END
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\npass'; sleep 0.1; printf 'word=%.6s' "$DB_PASSWORD"; sleep 0.4
printf '%s\n' "$DB_PASSWORD" | cut -c7-
END
chmod 755 /www/cgi-bin/*
exec httpd -f -p 8080 -h /www
"""
SERVED = ["text.txt", "app.json", "index.html", "nul.bin", "plain.bin", "nul.txt", "", *("cgi-bin/" + name for name in (
    "application-octet-stream", "image-png", "application-x-tar", "application-gzip", "video-mp4", "font-woff", "application-vnd-x",
    "multipart-mixed", "application-grpc", "application-json", "text-event-stream", "text-plain-charset-utf-16", "none", "gzipped",
    "lied", "failed", "slow"))]
