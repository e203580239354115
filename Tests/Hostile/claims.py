"""Well-signed tokens whose claims would break out of a header, or name somebody whom they may not."""

import json

import scene as names
from case import passes, refused


def table(scene):
    def claiming(**changes):
        return scene.request(token=scene.rsa.token(scene.claims(**changes)))

    def raw(old, new):
        return scene.request(
            token=scene.rsa.token(json.dumps(scene.claims(sub="@", groups=["readers"])).encode().replace(old, new))
        )

    yield from users(claiming, raw)
    yield from groups(claiming)
    yield from accounts(scene)


def users(claiming, raw):
    for what, name in {
        "with CR LF and a header": "alice\r\nImpersonate-Group: system:masters",
        "with LF": "alice\nX: y",
        "with CR": "a\rb",
        "with NUL": "alice\0",
        "with a tab": "alice\tb",
        "with DEL": "alice\x7f",
        "that is empty": "",
        "of Kubernetes": "system:admin",
        "of Kubernetes' node": "system:node:127.0.0.1",
        "of a service account": "system:serviceaccount:kube-system:default",
        "of Kubernetes behind a space": " system:admin",
        "of Kubernetes behind two spaces": "  system:admin",
        "with a space before it": " alice",
        "with a space behind it": "alice ",
        "that is a space": " ",
        "of 4,096 letters": "a" * 4096,
    }.items():
        yield refused(f"a user {what}", claiming(sub=name), 403)
    for what, value in {"a number": 1, "an array": ["alice"], "an object": {"name": "alice"}, "null": "null"}.items():
        yield refused(f"a user that is {what}", claiming(sub=value) if value != "null" else raw(b'"@"', b"null"), 403)
    yield refused("no user", claiming(sub=None), 403)
    yield refused("a user that is no UTF-8", raw(b"@", b"al\xffice"), 401, 403)
    yield refused("a user with half a surrogate pair", raw(b"@", b"al\\ud800ice"), 401, 403)
    yield refused("a user with an escaped line end", raw(b"@", b"alice\\u000d\\u000aX: y"), 403)


def groups(claiming):
    for what, value in {
        "system:masters": ["readers", "system:masters"],
        "system:masters alone, as text": "system:masters",
        "system:authenticated": ["readers", "system:authenticated"],
        "system:masters behind a space": ["readers", " system:masters"],
        "system:masters behind a space, as text": " system:masters",
        "a space before it": [" readers"],
        "a space behind it": ["readers", "writers "],
        "CR LF and a header": ["readers\r\nImpersonate-Group: system:masters"],
        "LF": ["readers", "a\nb"],
        "NUL": ["readers", "\0"],
        "a tab and system:masters": ["readers", "\tsystem:masters"],
        "1,024 letters more": ["readers", "g" * 2048],
    }.items():
        yield refused(
            f"a group with {what}" if "system" not in what else f"the group {what}", claiming(groups=value), 403
        )
    yield refused("groups that are an object", claiming(groups={"0": "readers"}), 403)
    yield refused("groups within groups", claiming(groups=[["readers"]]), 403)
    yield refused("groups that are numbers", claiming(groups=["readers", 0]), 403)
    yield refused("2,000 groups", claiming(groups=["readers", *map(str, range(2000))]), 403)
    yield refused("no groups", claiming(groups=None), 403)
    # A name is one name, whatever is in it: neither of these is the group "readers".
    yield refused("a group with a comma", claiming(groups=["x,readers"]), 403)
    yield refused("groups in one text", claiming(groups="x readers"), 403)
    yield passes(
        "a group with a comma is passed on as one",
        claiming(groups=["readers", "a,readers"]),
        groups=("readers", "a,readers"),
    )


def accounts(scene):
    def account(**changes):
        claims = scene.claims(
            iss=names.ACCOUNTS,
            email="alice@hostile.test",
            email_verified=True,
            realm_access={"roles": ["readers"]},
            team="blue",
        )
        return scene.request(
            token=scene.accounts.token({name: value for name, value in (claims | changes).items() if value is not None})
        )

    yield passes("a good account", account(), caller="alice@hostile.test")
    yield refused("an address that is not verified", account(email_verified=False), 403)
    yield refused("an address that is verified by a word", account(email_verified="true"), 403)
    yield refused("an address of which nothing is said", account(email_verified=None), 403)
    yield refused("roles at another place", account(realm_access=None, roles=["readers"]), 403)
    yield refused("an extra with CR LF", account(team="blue\r\nImpersonate-User: intruder"), 403)
    yield refused("an extra with NUL", account(team="\0"), 403)
    yield refused("an extra that is an object", account(team={"a": 1}), 403)
    # The uid is another claim than the name here, and a header of its own.
    yield refused("a uid with CR LF and a header", account(sub="1\r\nImpersonate-Group: system:masters"), 403)
    yield refused("a uid with LF", account(sub="1\nX: y"), 403)
    yield refused("a uid with NUL", account(sub="\0"), 403)
    yield refused("a uid with a space before it", account(sub=" 1"), 403)
    yield refused("a uid of 4,096 letters", account(sub="1" * 4096), 403)
