#!/usr/bin/env bash
# Turns each requirements.in into its requirements.txt: every package that is needed, with the hashes of its files.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools==7.6.2
for list in requirements supply_chain/requirements bench/peers/python/requirements; do
    PIP_FIND_LINKS='' "$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --no-header --allow-unsafe \
        --no-emit-index-url --no-emit-find-links --output-file "$list.txt" "$list.in"
done
