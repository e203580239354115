#!/bin/bash
# lint.sh - checks what git tracks: Swift by swift format, shell scripts by bash and shellcheck, and that scripts are executable.
set -euo pipefail
PART=lint
source "$(dirname "$0")/lib.sh"
cd "$CHECKOUT"

FAILED=()

check() {
    local what=$1
    shift
    if "$@"; then
        say "ok: $what"
    else
        FAILED+=("$what")
    fi
}

swift_format() {
    local paths=() path
    for path in Package.swift Sources Tests; do
        [ ! -e "$path" ] || paths+=("$path")
    done
    swift format lint --strict --recursive --parallel --configuration .swift-format "${paths[@]}"
}

# The tracked files of which git says `MODE SHA STAGE<TAB>PATH` and the first line names a shell; those that a program
# has written are not ours to style.
scripts_with_modes() {
    local about path
    while IFS=$'\t' read -r about path; do
        [ -f "$path" ] || continue
        if head -n 1 "$path" | grep -qE '^#!.*\b(ba)?sh$'; then
            printf '%s %s\n' "${about%% *}" "$path"
        fi
    done < <(git ls-files --stage -- . ':!completions')
}

scripts() {
    scripts_with_modes | cut -d' ' -f2-
    # Sourced by the others, so without a first line of that kind.
    git ls-files '*.sh' | while read -r path; do
        [ -f "$path" ] && ! head -n 1 "$path" | grep -q '^#!' && echo "$path"
    done || true
}

parses() {
    local path status=0
    while read -r path; do
        bash -n "$path" || status=1
    done < <(scripts)
    return $status
}

# Left out: variables that a sourced file sets or reads (SC2034), and files that are sourced by a computed name (SC1090, 1091).
shellcheck_is_content() {
    scripts | sort -u | xargs -d '\n' shellcheck --shell=bash --severity=warning --exclude=SC2034,SC1090,SC1091
}

scripts_are_executable() {
    local not
    not=$(scripts_with_modes | sed -n 's/^100644 //p')
    [ -n "$not" ] || return 0
    complain "not executable (chmod +x FILE; git add FILE): ${not//$'\n'/ }"
    return 1
}

check "Swift files are in the house style" swift_format
check "shell scripts parse" parses
check "shell scripts pass shellcheck" shellcheck_is_content
check "shell scripts are executable" scripts_are_executable
[ ${#FAILED[@]} = 0 ] || fail "$(printf "failed: %s; " "${FAILED[@]}")make format puts Swift files right"
