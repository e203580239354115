#!/bin/bash
# rotate.sh rs256|es256 [overlap|abrupt] - gives an issuer a new signing key through the admin API, while it runs.
#
#   overlap   (default) the earlier keys stay in the key set: tokens that they signed still verify
#   abrupt    the earlier keys are gone, as after a theft: their tokens no longer verify
set -euo pipefail
source "$(dirname "$0")/run.sh"

case "${1:-}" in rs256 | es256) ;; *) fail "say which issuer: rotate.sh rs256|es256 [overlap|abrupt]" ;; esac
case "${2:-overlap}" in overlap | abrupt) ;; *) fail "a rotation is overlap or abrupt, not $2" ;; esac
provider_pid >/dev/null || fail "no provider runs in $RUN; start it with up.sh"
exec python3 "$HERE/rotate.py" "$RUN" "$1" "${2:-overlap}"
