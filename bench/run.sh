#!/usr/bin/env bash
# Compares speed, memory and result with Python's tools: the same inputs, one process for each run, ours and theirs in
# turn. Prints a table and writes build/bench.json. Arguments choose workloads: bench/run.sh -rounds 3 kmeans_default.
# bench/run.sh -growth times our side alone as customers and segments grow.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.tools/bench
stamp="$("${PYTHON:-python3}" --version) $PWD $(cat bench/requirements.txt tools/python_env.py | cksum)"
if [ "$(cat $venv/stamp 2>/dev/null)" != "$stamp" ]; then
	echo "bench: installing the peers into $venv (about a minute, once)"
	"${PYTHON:-python3}" tools/python_env.py $venv bench/requirements.txt
	echo "$stamp" >$venv/stamp
fi
mkdir -p build/bench
go build -o build/bench/bench ./bench
exec build/bench/bench -python $venv/bin/python "$@"
