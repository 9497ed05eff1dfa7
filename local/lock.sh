#!/usr/bin/env bash
# Turns requirements.in into requirements.txt: every package that is needed, with the hashes of its files.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools==7.6.2
PIP_FIND_LINKS='' "$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --no-header \
    --no-emit-index-url --no-emit-find-links --output-file requirements.txt requirements.in
