#!/usr/bin/env bash
# Times order lines to segments on SQL engines and by other ways; bench/engines.py says how, and takes the arguments.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.tools/bench-engines
stamp="$("${PYTHON:-python3}" --version) $PWD $(cat bench/requirements-engines.txt tools/python_env.py | cksum)"
if [ "$(cat $venv/stamp 2>/dev/null)" != "$stamp" ]; then
	echo "bench: installing pandas, scikit-learn and Spark into $venv (some minutes, once)"
	"${PYTHON:-python3}" tools/python_env.py $venv bench/requirements-engines.txt
	echo "$stamp" >$venv/stamp
fi
mkdir -p build/bench
go build -o build/bench/orders ./bench/orders
exec $venv/bin/python bench/engines.py "$@"
