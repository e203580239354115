#!/bin/bash
# recorder.sh - what recording adds to an exchange: CPU for each and for a megabyte, bytes on disk, and how long a change waits
# until its opening is durable, by how many write at once.
#
#   TMPDIR            lies on the disk that is measured; takes about 1 GB
#   BYLINE_TEST_BIN   where recorder-bench is (default: .build/release)
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/../.." && pwd)
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/byline-recorder.XXXXXX")
trap 'rm -rf -- "$SCRATCH"' EXIT

"${BYLINE_TEST_BIN:-$ROOT/.build/release}/recorder-bench" "$SCRATCH"
