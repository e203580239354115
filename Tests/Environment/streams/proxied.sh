#!/bin/bash
# proxied.sh KUBECTL COMMAND... - runs a command while `kubectl proxy` serves plain HTTP on this machine, at $PORT.
set -euo pipefail
kubectl=$1
shift
said=$(mktemp)
"$kubectl" proxy --port=0 --disable-filter >"$said" 2>/dev/null &
proxy=$!
trap 'kill "$proxy" 2>/dev/null || true; rm -f -- "$said"' EXIT
for _ in $(seq 200); do
    PORT=$(sed -n 's/^Starting to serve on 127\.0\.0\.1://p' "$said")
    [ -z "$PORT" ] || break
    sleep 0.1
done
export PORT
"$@"
