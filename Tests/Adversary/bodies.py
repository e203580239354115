"""Bodies of changes: patches of each kind, good ones and such as make the API server quote what it has."""

import base64
import json

import plants

# Values of a wrong type, each with another error of Go's decoders.
WRONG = [5, 1.5, True, None, "x", "", [], [1], {}, {"a": 1}, [{"a": 1}], "!!! no base64", -1, 1 << 70, [[]], {"": ""}]


class Maker:
    """Makes them for one object of a resource; `sent` gives a secret of the caller's own."""

    def __init__(self, choose, sent, resource, current, is_dry):
        self._random, self._sent, self._resource, self._current = choose, sent, resource, current
        self._is_dry = is_dry

    def _wrong(self):
        return self._random.choice(WRONG)

    def _telling(self, carrier):
        """A secret as it may stand in any object: as it is in a Secret, elsewhere behind a name that tells."""
        return self._sent(carrier) if self._resource["name"] == "secrets" else "password=" + self._sent(carrier)

    def patch(self, kind):
        if kind == "json":
            return self._operations()
        made = self._fragment()
        if kind == "apply":
            made = self._identity() | made
            return yaml(made) if self._random.random() < 0.5 else made
        if kind == "strategic" and self._random.random() < 0.3:
            made |= self._random.choice([
                {"$patch": "replace"}, {"$patch": "nonsense"}, {"$patch": 5}, {"$retainKeys": ["data"]}, {"$retainKeys": 5},
                {"$deleteFromPrimitiveList/x": [1]}, {"$setElementOrder/data": [1]}, {"data": {"$patch": "replace"}}])
        return made

    def _identity(self):
        group = self._resource["group"].removeprefix("/apis/").removeprefix("/api/")
        return {"apiVersion": group, "kind": self._resource["kind"], "metadata": {"name": self._current.get("name", "none")}}

    def _fragment(self):
        """Part of an object. What cannot be accepted stands here for runs that are not dry too; what can, for dry ones."""
        choose, wrong = self._random, self._wrong()
        refused = [
            {"data": {"zz": choose.choice([5, True, [1], {"a": 1}])}}, {"data": choose.choice([5, "x", [1]])}, {"stringData": {"zz": 5}},
            {"metadata": {"labels": {"a": choose.choice([5, {}, []])}}}, {"metadata": {"annotations": {"a": choose.choice([5, {}, []])}}},
            {"metadata": {"labels": {"not a label!": "x"}}}, {"metadata": {"name": "another"}}, {"metadata": {"uid": "another"}},
            {"metadata": 5}, {"kind": "Another"}, {"apiVersion": "v9"}, {"kind": 5}, {"type": "another"}, {"immutable": "yes"}, {"spec": 5},
            {"spec": {"template": 5}}, {"spec": {"containers": 5}}, {"spec": {"template": {"spec": {"containers": [{"name": 5}]}}}},
            {"spec": {"selector": {"matchLabels": {"app": "another"}}}}, {"spec": {"nodeName": "another"}}, {"spec": {"hostname": "another"}},
            {"spec": {"containers": [{"name": "c", "env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "x", "key": "y"}}}]}]}},
            {"spec": {"template": {"spec": {"hostname": "NOT a name"}}}}, {"spec": {"template": {"spec": {"restartPolicy": "Sometimes"}}}},
            {"spec": {"template": {"spec": {"containers": [{"name": "c", "env": [{"name": "DB_PASSWORD", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}]}]}}}},
            {"spec": {"template": {"metadata": {"labels": {"app": "another"}}}}}, {"metadata": {"resourceVersion": "1"}},
            {"metadata": {"finalizers": ["not a finalizer"]}}, {"metadata": {"ownerReferences": [{"name": "x"}]}}, {"spec": {"pin": 5}},
            {"spec": {"users": [{"pin": 5}]}}, {"spec": {"note": [1]}}, {"status": 5}, {"parameters": 5}, {"parameters": {"a": 5}},
            {"metadata": {"managedFields": 5}}, {"metadata": {"managedFields": [{"operation": "Another"}]}}, {"spec": {"capacity": {"storage": "x"}}},
            {"data": {"password": "not base64"}}, {"binaryData": {"x": "not base64"}}, {"data": {"a/b": "eA=="}}, {"value": 5, "provisioner": "another"},
        ]
        dry = [
            {"metadata": {"labels": {"seen": "yes"}}}, {"metadata": {"annotations": {"seen": "yes"}}}, {"data": {"more": "eA=="}},
            {"stringData": {"more": self._telling("stringData")}}, {"data": {"password": base64.b64encode(self._sent("data called password").encode()).decode()}},
            {"metadata": {"annotations": {plants.LAST_APPLIED: None}}}, {"metadata": {"annotations": None}}, {"data": None}, {}, {"unknown": "x"},
            {"spec": {"password": wrong, "pin": wrong}}, {"spec": {"template": {"metadata": {"annotations": {"a": "b"}}}}},
            {"metadata": {"annotations": {"note": "password=" + self._sent("an annotation")}}}, {"data": {"zz": wrong}}, {"spec": wrong}, {"metadata": wrong},
        ]
        return dict(choose.choice(refused + dry if self._is_dry else refused))

    def _operations(self):
        """A JSON patch. copy, move and test are such as tell what a masked path holds."""
        choose = self._random
        masked = choose.choice([
            "/data", "/data/password", "/data/value", "/data/odd", "/data/words", "/spec/template/spec/containers/0/env/0/value", "/spec/containers/0/env/0/value",
            "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration", "/metadata/annotations/example.com~1note", "/spec/pin",
            "/spec/users/0/pin", "/spec/users/0", "/parameters/password", "/spec", "/data/tls.key", "/data/.dockerconfigjson", "/spec/containers/0/env"])
        target = choose.choice([
            "/metadata/annotations/leak", "/metadata/labels/leak", "/metadata/name", "/type", "/metadata/annotations/kubectl.kubernetes.io~1leak", "/data/leak",
            "/spec/note", "/metadata/generateName", "/kind", "/apiVersion", "/spec/hostname", "/message", "/immutable", "/metadata/finalizers/0"])
        some = [
            [{"op": "copy", "from": masked, "path": target}], [{"op": "move", "from": masked, "path": target}],
            [{"op": "add", "path": "/metadata/annotations/a", "value": 5}], [{"op": "add", "path": "/data/zz", "value": self._wrong()}],
            [{"op": "replace", "path": masked, "value": self._wrong()}], [{"op": "test", "path": masked, "value": self._wrong()}],
            [{"op": "remove", "path": "/metadata/none"}], [{"op": "nonsense", "path": masked}], [{"op": "add", "path": "no pointer", "value": 1}],
            [{"op": "replace", "path": "", "value": self._wrong()}], [{"op": "copy", "from": "", "path": target}], [{"op": "replace", "path": "/kind", "value": 5}],
            [{"op": "copy", "from": masked, "path": "/metadata/annotations/a"}, {"op": "move", "from": "/metadata/annotations/a", "path": target}],
            [{"op": "move", "from": "/data", "path": "/metadata/annotations"}], [{"op": "copy", "from": "/data", "path": "/metadata/labels"}],
            [{"op": "add", "path": "/data/zz", "value": self._telling("a JSON patch's value")}, {"op": "add", "path": "/data/yy", "value": 5}],
            [{"op": "copy", "from": masked.replace("data", "%64ata"), "path": target}], [{"op": "copy", "from": masked + "/", "path": target}],
        ]
        made = choose.choice(some)
        if not self._is_dry:
            # Ends in a refusal whatever came before.
            made = made + [{"op": "test", "path": "/kind", "value": "none"}] if choose.random() < 0.5 else [*made, {"op": "replace", "path": "/metadata", "value": 5}]
        return made

    def whole(self, method):
        """An object as it is created or put, or what a delete is told."""
        choose = self._random
        if method == "DELETE":
# Where there is a body, the API server takes the options from it alone: dryRun in the query would not count.
            options = choose.choice([{}, {"kind": "DeleteOptions", "apiVersion": "v1"}, {"preconditions": {"uid": "x"}}, {"propagationPolicy": 5}])
            return choose.choice([None, {**options, "dryRun": ["All"]}, {**options, "dryRun": ["All"]}, "no JSON"])
        made = self._identity()
        if method == "POST":
            made["metadata"] = {"generateName": "made-"}
        else:
            made["metadata"]["namespace"] = self._current.get("namespace") or plants.NAMESPACE
        name = self._resource["name"]
        secret = self._sent("a created " + self._resource["kind"])
        if name == "secrets":
            made |= choose.choice([{"stringData": {"password": secret}}, {"data": {"password": base64.b64encode(secret.encode()).decode()}}])
        elif name == "configmaps":
            made |= {"data": choose.choice([{"password": secret}, {"text": "db.password=" + secret}])}
        elif name == "widgets":
            made |= {"spec": {"pin": secret}}
        elif name == "pods":
            made |= {"spec": {"containers": [{"name": "c", "image": "none", "env": [{"name": "DB_PASSWORD", "value": secret}]}]}}
        else:
            made["metadata"]["annotations"] = {"note": "password=" + secret}
        if not self._is_dry or choose.random() < 0.4:
            # Refused: so nothing is made.
            made |= choose.choice([{"metadata": 5}, {"metadata": {"name": 5}}, {"data": {"zz": 5}, "spec": 5}, {"kind": "Another"}, {"apiVersion": "v9"},
                                   {"metadata": made["metadata"] | {"labels": {"a": 5}}}, {"metadata": made["metadata"] | {"name": "NOT a name"}}])
            if not self._is_dry:
                made["metadata"] = choose.choice([5, {"name": 5}, {"name": "NOT a name", "labels": {"a": 5}}])
        if choose.random() < 0.05:
            return json.dumps(made)[: choose.randrange(5, 60)]
        return made


def yaml(value, indent=0):
    """A value as YAML in block style, its strings quoted as JSON has them."""
    if isinstance(value, str) and indent == 0:
        return value
    space = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for name, inner in value.items():
            if isinstance(inner, (dict, list)) and inner:
                lines.append("%s%s:\n%s" % (space, json.dumps(name), yaml(inner, indent + 1)))
            else:
                lines.append("%s%s: %s\n" % (space, json.dumps(name), json.dumps(inner)))
        return "".join(lines)
    if isinstance(value, list) and value:
        return "".join("%s- %s\n" % (space, json.dumps(inner)) for inner in value)
    return space + json.dumps(value) + "\n"
