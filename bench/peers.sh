#!/usr/bin/env bash
# Installs peers into an environment of their own, unless they are there: peers.sh FOLDER REQUIREMENTS.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp="$("${PYTHON:-python3}" --version) $PWD $(cat "$2" tools/python_env.py | cksum)"
[ "$(cat "$1/stamp" 2>/dev/null)" = "$stamp" ] && exit
echo "bench: installing the peers of $2 into $1 (about a minute, once)"
PIP_BUILD_CONSTRAINT=$2 "${PYTHON:-python3}" tools/python_env.py "$1" "$2"
echo "$stamp" >"$1/stamp"
