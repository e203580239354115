"""What is claimed of the author: baggage that breaks out or contradicts, attestations that nobody signed."""

import time

import scene as names
import signing
from case import INTRUDER, refused
from scene import LIST


def table(scene):
    yield from baggage(scene)
    yield from attestations(scene)


def baggage(scene):
    def saying(*lines):
        return scene.request(LIST, *[f"Baggage: {line}" for line in lines])

    for what, line in {
        "CR LF, encoded": "prompt.id=a%0D%0AImpersonate-User:%20intruder",
        "LF, encoded": "prompt.id=a%0Ab",
        "NUL, encoded": "gen_ai.request.model=a%00",
        "a tab, encoded": "prompt.id=%09",
        "DEL, encoded": "prompt.id=%7F",
        "half an encoding": "prompt.id=a%2",
        "an encoding that is none": "prompt.id=a%zz",
        "bytes that are no text": "prompt.id=%ff%fe",
        "an overlong encoding of a slash": "prompt.id=%c0%af",
        "a value of 2 KiB": "prompt.id=" + "x" * 2048,
        "a value of 2 KiB, encoded": "prompt.id=" + "%41" * 2048,
        "9 KiB in all": ",".join(f"other{index}={'x' * 900}" for index in range(10)),
        "two models": "gen_ai.request.model=a,gen_ai.request.model=b",
        "two prompts, one with a property": "prompt.id=a;x=y,prompt.id=b",
    }.items():
        yield refused(f"baggage with {what}", saying(line), 400)
    yield refused("two baggage headers that contradict", saying("prompt.id=a", "prompt.id=b"), 400)
    yield refused("two baggage headers that are too long together", saying("a=" + "x" * 5000, "b=" + "x" * 5000), 400)


def attestations(scene):
    def showing(*lines, also=()):
        return scene.request(f"{LIST}/none", *[f"Byline-Attestation: {line}" for line in lines], *also, method="DELETE")

    good = scene.attestation()
    now = int(time.time())
    header, claims, signature = good.split(".")
    unsigned = signing.compact(
        {"alg": "none"},
        {
            "iss": names.ORCHESTRATOR,
            "aud": scene.url,
            "iat": now,
            "exp": now + 300,
            "prompt.id": "p",
            "gen_ai.request.model": "claude-x",
        },
        lambda _: b"",
    )
    yield refused(
        "no attestation where one is needed", showing(also=["Baggage: gen_ai.request.model=claude-x,prompt.id=p"]), 403
    )
    yield refused(
        "an attestation in a header with underscores",
        scene.request(f"{LIST}/none", f"Byline_Attestation: {good}", method="DELETE"),
        400,
        403,
    )
    for what, token in {
        "by a stranger's key": scene.attestation(key=signing.Key("EdDSA", "orchestrator")),
        "by an issuer's key": scene.attestation(key=scene.ed),
        "by the gateway's key": scene.attestation(key=scene.gateway),
        "that is an issuer's token": scene.alice,
        "that is a session token": scene.session_token(),
        "without a signature": unsigned,
        "that is expired": scene.attestation(exp=now - 60),
        "that does not expire": scene.attestation(exp=None),
        "without a date": scene.attestation(iat=None),
        "without a subject": scene.attestation(sub=None),
        "of last year, for ten years": scene.attestation(iat=now - 300 * 86400, exp=now + 315360000),
        "from the future": scene.attestation(iat=now + 600),
        "for another gateway": scene.attestation(aud="https://gateway.example"),
        "of an issuer": scene.attestation(iss=names.ISSUER),
        "for somebody else": scene.attestation(sub="bob"),
        "with another token's claims": f"{header}.{scene.attestation(sub='bob').split('.')[1]}.{signature}",
        "with CR LF": scene.attestation(**{"prompt.id": "p\r\nImpersonate-User: " + INTRUDER}),
        "with a prompt that is a number": scene.attestation(**{"prompt.id": 1}),
        "with an empty prompt": scene.attestation(**{"prompt.id": ""}),
        "of a kind of its own": scene.orchestrator.token(
            dict(iss=names.ORCHESTRATOR, aud=scene.url, iat=now, exp=now + 300), typ="at+jwt"
        ),
        "that is empty": "",
        "that is no token": "attested",
        "of 20 KiB": scene.attestation(padding="x" * 15000),
    }.items():
        yield refused(f"an attestation {what}", showing(token), 400)
    yield refused(
        "an attestation for one, to delete all",
        scene.request(LIST, f"Byline-Attestation: {scene.attestation()}", method="DELETE"),
        403,
    )
    yield refused("two attestations", showing(good, good), 400)
    yield refused("an attestation that baggage contradicts", showing(good, also=["Baggage: prompt.id=another"]), 400)
    yield refused(
        "an attestation of another model than may", showing(scene.attestation(**{"gen_ai.request.model": "gpt-x"})), 403
    )
    yield refused(
        "an attestation that says nothing of the prompt",
        showing(scene.attestation(**{"prompt.id": None}), also=["Baggage: prompt.id=p"]),
        403,
    )
    bound = scene.session_token(
        **{"gen_ai.request.model": "claude-x", "prompt.id": "p", "attested": ["prompt.id"]}, key=scene.rsa
    )
    yield refused(
        "a session token that calls itself attested, by another key",
        scene.request(f"{LIST}/none", method="DELETE", token=bound),
        401,
        403,
    )
