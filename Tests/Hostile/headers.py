"""Headers by which a front proxy or a client tells an API server who speaks.

The requests are legal; these headers must not come through.
"""

from case import passes, refused
from scene import LIST


def table(scene):
    def saying(*lines):
        return scene.request(LIST, *lines)

    yield from spellings(saying)
    yield from named(saying)
    for what, lines in {
        "X-Remote-User": ["X-Remote-User: intruder"],
        "X-Remote-Group": ["X-Remote-User: intruder", "X-Remote-Group: system:masters"],
        "X-Remote-Extra-": ["X-Remote-Extra-Scopes: intruder"],
        "x-remote-user in small letters": ["x-remote-user: intruder"],
        "X-Remote-Uid": ["X-Remote-Uid: intruder"],
        "X-Forwarded-For": ["X-Forwarded-For: 203.0.113.66"],
        "X-Forwarded-For twice": ["X-Forwarded-For: 203.0.113.66"] * 2,
        "X-Forwarded-Host, -Proto, -Uri, -Prefix": [
            "X-Forwarded-Host: intruder",
            "X-Forwarded-Proto: http",
            "X-Forwarded-Uri: /x",
            "X-Forwarded-Prefix: /x",
        ],
        "X-Forwarded-User and -Groups": ["X-Forwarded-User: intruder", "X-Forwarded-Groups: system:masters"],
        "X-Forwarded-Client-Cert": ['X-Forwarded-Client-Cert: Subject="CN=intruder,O=system:masters"'],
        "Forwarded": ["Forwarded: for=203.0.113.66;host=intruder"],
        "X-Real-Ip": ["X-Real-Ip: 203.0.113.66"],
        "X-Client-Ip and True-Client-Ip": ["X-Client-Ip: 203.0.113.66", "True-Client-Ip: 203.0.113.66"],
        "Via": ["Via: 1.1 intruder"],
        "Audit-ID": ["Audit-ID: intruder"],
        "two Audit-IDs": ["Audit-ID: intruder", "audit-id: intruder"],
        "another method by X-HTTP-Method-Override": [
            "X-HTTP-Method-Override: DELETE",
            "X-HTTP-Method: DELETE",
            "X-Method-Override: DELETE",
        ],
        "another path by X-Original-URL": ["X-Original-URL: /api/v1/secrets", "X-Rewrite-URL: /api/v1/secrets"],
        "a second bearer in a WebSocket protocol": [
            "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.aW50cnVkZXI"
        ],
        "a cookie": ["Cookie: user=intruder"],
        "Proxy-Authorization": ["Proxy-Authorization: Bearer intruder"],
        "a client certificate in headers": [
            "X-SSL-Client-Cert: intruder",
            "X-Client-Cert: intruder",
            "SSL_CLIENT_S_DN: intruder",
        ],
    }.items():
        yield passes(what, saying(*lines))


def spellings(saying):
    for name in ("Impersonate-User", "impersonate-user", "IMPERSONATE-USER", "iMpErSoNaTe-UsEr", "Impersonate-Uid"):
        yield passes(name, saying(f"{name}: intruder"))
    yield passes("Impersonate-Group", saying("Impersonate-Group: system:masters"))
    yield passes(
        "Impersonate-User and -Group", saying("Impersonate-User: intruder", "Impersonate-Group: system:masters")
    )
    yield passes("Impersonate-User twice", saying("Impersonate-User: intruder", "impersonate-user: intruder"))
    yield passes("Impersonate-User that is empty", saying("Impersonate-User:", "Impersonate-Group: system:masters"))
    yield passes("Impersonate-Extra-", saying("Impersonate-Extra-Scopes: intruder"))
    yield passes(
        "the byline as an extra",
        saying("Impersonate-Extra-byline.dev%2Fmodel: intruder", "Impersonate-Extra-byline.dev%2Fattested: prompt-id"),
    )
    yield passes("Impersonate-Anything", saying("Impersonate-Anything-At-All: intruder"))
    for name in (
        "Impersonate_User",
        "Impersonate-Extra_Scopes",
        "impersonate_group",
        "X_Remote_User",
        "X-Remote_Group",
        "X_Forwarded_For",
    ):
        yield refused(f"{name}, with an underscore", saying(f"{name}: intruder"), 400)
    yield passes("Impersonate-User encoded", saying("Impersonate%2DUser: x"))


def named(saying):
    """What Connection names is the hop's own; the gateway's own headers for the API server must not be among it."""
    for name in (
        "authorization",
        "impersonate-user",
        "impersonate-group",
        "host",
        "audit-id",
        "close, impersonate-user",
        "keep-alive, Authorization, Impersonate-User, Impersonate-Group",
        "connection",
        "user-agent-not",
        ",",
    ):
        yield passes(f"Connection: {name}", saying(f"Connection: {name}"))
    yield passes("Connection twice", saying("Connection: impersonate-user", "Connection: impersonate-group"))
    yield passes(
        "Keep-Alive and Proxy-Connection",
        saying(
            "Keep-Alive: timeout=600",
            "Proxy-Connection: keep-alive",
            "TE: trailers, chunked",
            "Trailer: Impersonate-User",
        ),
    )
