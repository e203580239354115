"""Makes a failing case smaller: what is not needed for the failure goes."""

import copy
import urllib.parse


def candidates(case):
    """Cases that are a step smaller, the greatest steps first."""
    def with_(**changes):
        return copy.deepcopy(case) | changes

    path, _, query = case["target"].partition("?")
    # A dry run stays one: what is made smaller must not change what is planted.
    if query:
        pairs = query.split("&")
        kept = [pair for pair in pairs if pair.startswith("dryRun=")][:1]
        if len(kept) < len(pairs):
            yield with_(target=path + ("?" if kept else "") + "&".join(kept))
        for index in range(len(pairs)):
            if pairs[index].startswith("dryRun="):
                continue
            yield with_(target=path + ("?" if len(pairs) > 1 else "") + "&".join(pairs[:index] + pairs[index + 1:]))
    for index, (name, _) in enumerate(case["headers"]):
        if name != "User-Agent":
            yield with_(headers=[pair for at, pair in enumerate(case["headers"]) if at != index])
    if case["protocol"] != "http/1.1":
        yield with_(protocol="http/1.1")
    for caller in ("reader", "dry-runner", "admin"):
        if case["caller"] != caller and not (case["caller"] == "reader" and caller != "reader"):
            yield with_(caller=caller)
            break
    body = case.get("body")
    if body is not None:
        yield {name: value for name, value in copy.deepcopy(case).items() if name != "body"}
    if isinstance(body, dict):
        for name in body:
            if name == "dryRun":
                continue
            yield with_(body={other: value for other, value in body.items() if other != name})
    if isinstance(body, list):
        for index in range(len(body)):
            yield with_(body=body[:index] + body[index + 1:])
    if case.get("frames"):
        yield with_(frames=[])
    plain = urllib.parse.unquote(path)
    if plain != path and "%" in path:
        yield with_(target=plain + ("?" + query if query else ""))


def shrunk(case, fails, tries):
    """The smallest case found that fails alike."""
    best = copy.deepcopy(case)
    is_smaller = True
    while is_smaller and tries > 0:
        is_smaller = False
        for candidate in candidates(best):
            tries -= 1
            if tries < 0:
                break
            # A step that only changes something must not be taken back and forth.
            if candidate != best and fails(candidate):
                best, is_smaller = candidate, True
                break
    return best
