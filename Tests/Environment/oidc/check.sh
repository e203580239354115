#!/bin/bash
# check.sh - proves that the test provider does what the tests rely on: brings up two side by side, signs in by every
# grant, rotates keys, stops and starts one, tears both down. Prints one line a fact; exit 1 at the first that fails.
set -euo pipefail
source "$(dirname "$0")/run.sh"

SCRATCH=$(mktemp -d)
first=$SCRATCH/first
second=$SCRATCH/second

clean_up() {
    RUN=$first "$HERE/down.sh" >/dev/null || true
    RUN=$second "$HERE/down.sh" >/dev/null || true
    rm -rf -- "$SCRATCH"
}
trap clean_up EXIT

proved() {
    echo "ok  $1"
}

RUN=$first "$HERE/up.sh" >/dev/null &
RUN=$second "$HERE/up.sh" >/dev/null
wait $!
[ "$(cat "$first/port")" != "$(cat "$second/port")" ] || fail "both providers are on one port"
proved "two providers came up at once"

[ -z "$(find "$first" "$second" -perm /077)" ] || fail "readable for others: $(find "$first" "$second" -perm /077)"
proved "nothing in their folders is readable for another account"

python3 "$HERE/check.py" "$first"

python3 "$HERE/sign_in.py" code --run "$first" >"$SCRATCH/tokens"
RUN=$first KEEP=1 "$HERE/down.sh" >/dev/null
if python3 "$HERE/sign_in.py" code --run "$first" >/dev/null 2>&1; then
    fail "the first provider still answers after down.sh"
fi
python3 "$HERE/sign_in.py" code --run "$second" >/dev/null
proved "one stops, the other goes on"

RUN=$first "$HERE/up.sh" >/dev/null
python3 "$HERE/sign_in.py" refresh --run "$first" <"$SCRATCH/tokens" >/dev/null
proved "started again, it honours a refresh token from before"

pid=$(RUN=$first; provider_pid)
for name in admin admin-api-key alice bob byline-ci; do
    # Read from the file, so that the secret is not in grep's command line either.
    ! tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qFf "$first/secrets/$name" || fail "$name is in a command line"
    ! tr '\0' '\n' <"/proc/$pid/environ" | grep -qFf "$first/secrets/$name" || fail "$name is in the environment"
    ! grep -qFf "$first/secrets/$name" "$first/glewlwyd.log" || fail "$name is in the log"
done
proved "no secret is in the provider's command line, environment or log"

RUN=$first "$HERE/down.sh" >/dev/null
RUN=$second "$HERE/down.sh" >/dev/null
[ ! -e "$first" ] || fail "$first is left behind"
[ ! -e "$second" ] || fail "$second is left behind"
# A process that has ended but was not yet waited for still has a folder in /proc, with no command line in it.
[ -z "$(tr -d '\0' 2>/dev/null <"/proc/$pid/cmdline")" ] || fail "process $pid is left behind"
proved "both are gone, processes and folders"
