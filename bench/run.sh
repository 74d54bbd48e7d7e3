#!/usr/bin/env bash
# Compares speed, memory and result with Python's tools: the same inputs, one process for each run, ours and theirs in
# turn. Prints a table and writes build/bench.json. Arguments choose workloads: bench/run.sh -rounds 3 kmeans_default.
# bench/run.sh -growth times our side alone as customers, columns and segments grow; bench/run.sh -large the long calls on large tables,
# or some: bench/run.sh -large judge.Segments.
set -euo pipefail
cd "$(dirname "$0")/.."
peers() { # FOLDER REQUIREMENTS
	local stamp
	stamp="$("${PYTHON:-python3}" --version) $PWD $(cat "$2" tools/python_env.py | cksum)"
	if [ "$(cat "$1/stamp" 2>/dev/null)" != "$stamp" ]; then
		echo "bench: installing the peers of $2 into $1 (about a minute, once)"
		"${PYTHON:-python3}" tools/python_env.py "$1" "$2"
		echo "$stamp" >"$1/stamp"
	fi
}
venv=.tools/bench
peers $venv bench/requirements.txt
peers $venv-lifetimes bench/requirements-lifetimes.txt
mkdir -p build/bench
go build -o build/bench/bench ./bench
exec build/bench/bench -python $venv/bin/python -lifetimes $venv-lifetimes/bin/python "$@"
