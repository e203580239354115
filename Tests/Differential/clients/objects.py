"""objects.py PART - config maps through the typed Python client: what it got is printed as JSON."""

import json
import os
import sys

from kubernetes import client, config, watch

NAMESPACE = os.environ["NS"]
config.load_kube_config()
core = client.CoreV1Api()


def show(thing):
    print(json.dumps(client.ApiClient().sanitize_for_serialization(thing), indent=1, sort_keys=True))


def config_map(name, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels={"by": "python"}), data=data)


def create():
    for number in range(7):
        show(core.create_namespaced_config_map(NAMESPACE, config_map(f"item-{number}", value=str(number))))


def read():
    show(core.read_namespaced_config_map("item-1", NAMESPACE))
    show(core.list_namespaced_config_map(NAMESPACE, label_selector="by=python", field_selector="metadata.name=item-2"))
    show(client.VersionApi().get_code())


def patch():
    show(core.patch_namespaced_config_map("item-1", NAMESPACE, {"data": {"value": None, "more": "yes"}}))
    show(core.patch_namespaced_config_map("item-1", NAMESPACE, [{"op": "add", "path": "/data/json", "value": "1"}]))
    show(core.patch_namespaced_config_map("item-2", NAMESPACE, {"data": {"a": "b"}}, dry_run="All"))


def replace():
    found = core.read_namespaced_config_map("item-3", NAMESPACE)
    found.data = {"value": "thirty-three"}
    show(core.replace_namespaced_config_map("item-3", NAMESPACE, found))
    try:
        # Its version is an older one by now.
        core.replace_namespaced_config_map("item-3", NAMESPACE, found)
    except client.ApiException as error:
        print(error.status, error.reason, error.body)


def pages():
    onward, count = None, 0
    while True:
        page = core.list_namespaced_config_map(NAMESPACE, label_selector="by=python", limit=3, _continue=onward)
        count += 1
        print(count, [item.metadata.name for item in page.items], page.metadata.remaining_item_count)
        onward = page.metadata._continue
        if not onward:
            break


def errors():
    for attempt in (
            lambda: core.read_namespaced_config_map("none", NAMESPACE),
            lambda: core.create_namespaced_config_map(NAMESPACE, config_map("Bad_Name")),
            lambda: core.create_namespaced_config_map(NAMESPACE, config_map("item-1")),
            lambda: core.list_namespaced_config_map(NAMESPACE, field_selector="data.a=b"),
            lambda: core.delete_namespaced_pod("none", NAMESPACE)):
        try:
            attempt()
        except client.ApiException as error:
            print(error.status, error.reason, error.body)


def watch_changes():
    stream = watch.Watch()
    seen = 0
    for event in stream.stream(
            core.list_namespaced_config_map, NAMESPACE, field_selector="metadata.name=item-4", timeout_seconds=20):
        print(event["type"], event["object"].metadata.name, event["object"].data)
        seen += 1
        if seen == 1:
            core.patch_namespaced_config_map("item-4", NAMESPACE, {"data": {"value": "seen"}})
        elif seen == 2:
            core.delete_namespaced_config_map("item-4", NAMESPACE)
        else:
            stream.stop()


def delete():
    show(core.delete_namespaced_config_map("item-5", NAMESPACE, propagation_policy="Foreground"))
    show(core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="by=python"))
    left = core.list_namespaced_config_map(NAMESPACE, label_selector="by=python").items
    # That one is gone when the garbage collector has looked at it.
    print([item.metadata.name for item in left if item.metadata.name != "item-5"])


PARTS = {"create": create, "read": read, "patch": patch, "replace": replace, "pages": pages, "errors": errors,
         "watch": watch_changes, "delete": delete}
PARTS[sys.argv[1]]()
