#!/usr/bin/env bash
# Builds the functions of the last commit twice, as two people would: in two folders, each with a Cargo home of its own,
# from nothing. Then compares the digests of what Lambda would run.
#
# Usage: reproducible.sh [PROFILE] [--json]     PROFILE is release, or local, which is quicker and says less.
#        FUNCTIONS=mapping-auditor reproducible.sh    compares one function only.
# Exit status: 0 the same, 1 different.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-release}" in
release | local) profile=${1:-release} ;;
*) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; [ "$1" = --help ]; exit ;;
esac
functions=${FUNCTIONS:-authorizer credentials mapping-auditor}
cargo_home=${CARGO_HOME:-$HOME/.cargo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The second path is longer than the first, and so are all strings that are made of it.
folders=("$work/one" "$work/the-folder-of-somebody-else/brevet")
for folder in "${folders[@]}"; do
    echo "building $functions ($profile) in $folder" >&2
    mkdir -p "$folder" "$folder.cargo"
    git archive HEAD | tar -x -C "$folder"
    # What was downloaded is the same for everybody; where it lies is not.
    ln -s "$cargo_home/registry" "$folder.cargo/registry"
    ln -s "$PWD/.venv" "$folder/.venv"
    env -u CARGO_TARGET_DIR CARGO_HOME="$folder.cargo" \
        make -C "$folder" --old-file=.venv/.installed build PROFILE="$profile" FUNCTIONS="$functions" REMAPPED="$profile" >&2
    mv "$folder/target/lambda" "$folder.built"
    rm -rf "$folder/target"
done

different=0
separator='{'
for function in $functions; do
    digests=()
    for folder in "${folders[@]}"; do
        digests+=("$(openssl dgst -sha256 -r "$folder.built/$function/bootstrap" | cut -d' ' -f1)")
    done
    verdict="the same  ${digests[0]}"
    if [ "${digests[0]}" != "${digests[1]}" ]; then
        verdict="DIFFERS   ${digests[*]}"
        different=1
    fi
    if [ "${2:-}" = --json ]; then
        printf '%s"%s": ["%s", "%s"]' "$separator" "$function" "${digests[@]}"
        separator=', '
    else
        printf '%-16s  %s\n' "$function" "$verdict"
    fi
done
[ "${2:-}" != --json ] || echo '}'
exit "$different"
