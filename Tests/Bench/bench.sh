#!/bin/bash
# bench.sh - what a request costs through the gateway, next to nginx as a plain TLS reverse proxy and mitmdump recording.
#
# All of them stand in front of the same upstream and take turns within one run, so read the ratios, not the absolutes.
# Builds nothing: `make bench` does, in release mode. A program that is missing is named and left out.
#
#   BENCH_ROUNDS=5     rounds; each figure is the median over them, with the lowest and highest
#   BENCH_SECONDS=3    seconds of load per peer, case and round
#   BENCH_ONLY=a,b     only these of nginx,mitmdump,gateway,shim,kubectl-proxy (the direct way is always measured)
#   BENCH_OUT=FILE     the same as JSON, with every round
#   BYLINE_TEST_BIN    where byline-gateway is (default: .build/release)
#   BENCH_KUBECTL      kubectl, whose proxy the shim is held against (default: the one in the cache folder, then PATH's)
#   BENCH_MITMDUMP     mitmdump (default: the one in the cache folder, then the one on PATH)
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${BYLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/byline}
# Debian keeps nginx where only root's PATH looks.
PATH=$PATH:/usr/sbin
export PATH PYTHONDONTWRITEBYTECODE=1

missing=()
for tool in nginx h2load openssl python3 setpriv; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "bench: missing: ${missing[*]}; on Debian:" \
        "apt-get install -y --no-install-recommends nginx-light nghttp2-client openssl python3 util-linux" >&2
    exit 1
fi

first_program() {
    local candidate
    for candidate in "$@"; do
        if [ -x "$candidate" ]; then
            echo "$candidate"
            return
        fi
    done
}

# Certificates, tokens, logs and what the recorders write: all in one folder that goes when the run ends. The recorders
# keep every byte, so it can take some GiB; TMPDIR says where.
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/byline-bench.XXXXXX")
bench=
# bench.py stops what it started, by pid; only then does the folder go.
stop() {
    trap '' INT TERM
    [ -z "$bench" ] || { kill "$bench" 2>/dev/null && wait "$bench"; } || true
    exit "$1"
}
trap 'rm -rf -- "$SCRATCH"' EXIT
trap 'stop 130' INT
trap 'stop 143' TERM

"$HERE/../Environment/oidc/certificates.sh" "$SCRATCH"

python3 "$HERE/bench.py" "$SCRATCH" \
    --rounds "${BENCH_ROUNDS:-5}" --seconds "${BENCH_SECONDS:-3}" \
    --only "${BENCH_ONLY:-nginx,mitmdump,gateway,shim,kubectl-proxy}" --out "${BENCH_OUT:-}" \
    --gateway "${BYLINE_TEST_BIN:-$ROOT/.build/release}/byline-gateway" \
    --kubectl "${BENCH_KUBECTL:-$(first_program "$CACHE/tools/bin/kubectl" "$(command -v kubectl || true)")}" \
    --mitmdump "${BENCH_MITMDUMP:-$(first_program "$CACHE"/tools/bin/mitmdump "$CACHE"/tools/mitmproxy/bin/mitmdump \
        "$(command -v mitmdump || true)")}" &
bench=$!
# A shell runs its traps while it waits, not while a program runs in front of it.
wait "$bench"
