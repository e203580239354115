"""Objects full of secrets that nobody has seen before, and every secret in them."""

import base64
import json
import random
import string

LETTERS = string.ascii_letters + string.digits


def text(length, letters=LETTERS):
    """A random text that holds a digit and letters of both cases, where its letters have them."""
    made = "".join(random.choices(letters, k=length - 3))
    return made + "".join(kind for kind in "a7Z"[: 3] if kind in letters).ljust(3, random.choice(letters))


def encoded(value):
    return base64.b64encode(value.encode()).decode()


def private_key():
    """A PEM block that looks like a key, and the part of it that must not be seen."""
    body = text(64)
    begin, end = ("-----%s PRIVATE KEY-----" % word for word in ("BEGIN", "END"))
    return "\n".join([begin, body, text(64), end, ""]), body


class Plants:
    """Manifests to be applied, and the secrets in them."""

    def __init__(self):
        self.manifests = []
        self.secrets = []

    def new(self, length=24):
        value = text(length)
        self.secrets.append(value)
        return value

    def add(self, kind, name, body, version="v1", **metadata):
        self.manifests.append({"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, **body})

    def new_key(self):
        pem, body = private_key()
        self.secrets.append(body)
        return pem

    def shapes(self):
        """Texts as they stand in ConfigMaps and logs, each with a secret of another kind."""
        return {
            "github": "clone with " + "ghp" + "_" + self.new(36),
            "aws": "aws_secret_access_key = " + self.new(40),
            "url": "postgres://app:%s@db.example:5432/app" % self.new(),
            "properties": "a=1\ndb.password=%s\nb=2\n" % self.new(),
            "yaml": "db:\n  user: app\n  password: \"%s\"\n" % self.new(),
            "json": json.dumps({"auth": {"clientSecret": self.new(40), "n": 1}}),
            "pem": self.new_key(),
            "jwt": ".".join(["eyJ" + "hbGciOiJSUzI1NiJ9", "eyJz" + self.new(40), self.new(64)]),
            "slack": "xox" + "b-" + "-".join(["123456789012", self.new(24)]),
            "command": "kubeadm join --token=%s host" % self.new(),
        }


def make():
    plants = Plants()
    for number in range(25):
        data = {"user": encoded(plants.new()), "password": encoded(plants.new()), "long": encoded(plants.new(900))}
        plants.add("Secret", "opaque-%d" % number, {"type": "Opaque", "data": data, "stringData": {"s": plants.new()}})
    for number in range(5):
        plants.add("Secret", "tls-%d" % number, {
            "type": "kubernetes.io/tls",
            "data": {"tls.crt": encoded("certificate"), "tls.key": encoded(plants.new_key())}})
        auths = {"auths": {"registry.example": {"username": "u", "password": plants.new()}}}
        plants.add("Secret", "registry-%d" % number, {
            "type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": encoded(json.dumps(auths))}})
        plants.add("Secret", "sh.helm.release.v1.r%d.v1" % number, {
            "type": "helm.sh/release.v1", "data": {"release": encoded(encoded(plants.new(200)))}})
        plants.add("Secret", "kubeconfig-%d" % number, {
            "data": {"value": encoded("users:\n- user: {token: %s}\n" % plants.new(40))}})
    for number in range(8):
        plants.add("ConfigMap", "texts-%d" % number, {"data": plants.shapes()})
    for number in range(10):
        plants.add("ConfigMap", "noted-%d" % number, {"data": {"password": plants.new()}}, annotations={
            "example.com/note": "login with password=%s" % plants.new(),
            "example.com/json": json.dumps({"token": plants.new(40)})})
    for number in range(15):
        env = [{"name": "DB_PASSWORD", "value": plants.new()}, {"name": "API_TOKEN", "value": plants.new()},
               {"name": "DSN", "value": "mysql://u:%s@h/d" % plants.new()}]
        container = {"name": "c", "image": "none", "env": env,
                     "args": ["--token", plants.new(), "--api-key=" + plants.new(40)]}
        labels = {"app": "d%d" % number}
        plants.add("Deployment", "d%d" % number, {"spec": {
            "replicas": 0, "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}}}, version="apps/v1")
    env = [{"name": "APP_PASSWORD", "value": plants.new()}, {"name": "APP_TOKEN", "value": plants.new()},
           {"name": "GH", "value": "ghp" + "_" + plants.new(36)}]
    script = "while :; do echo working; echo login with password=$APP_PASSWORD; env; sleep 1; done"
    plants.add("Pod", "talker", {"spec": {
        "terminationGracePeriodSeconds": 0, "volumes": [{"name": "texts", "configMap": {"name": "texts-0"}}],
        "containers": [{"name": "c", "image": "docker.io/local/busybox:1", "imagePullPolicy": "Never", "env": env,
                        "command": ["sh", "-c", script], "volumeMounts": [{"name": "texts", "mountPath": "/texts"}]}]}})
    return plants
