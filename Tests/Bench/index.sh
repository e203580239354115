#!/bin/bash
# index.sh - how fast the record's index follows a journal, how large it is, and how long the first page of each question
# to it takes, over a journal made for the purpose.
#
#   BENCH_EXCHANGES=200000   exchanges in the journal; 10000000 needs 16 GB below TMPDIR and half an hour
#   BYLINE_TEST_BIN          where index-bench is (default: .build/release)
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/../.." && pwd)
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/byline-index.XXXXXX")
trap 'rm -rf -- "$SCRATCH"' EXIT

"${BYLINE_TEST_BIN:-$ROOT/.build/release}/index-bench" "${BENCH_EXCHANGES:-200000}" "$SCRATCH"
