#!/usr/bin/env bash
# Compares speed, memory and result with Python's tools: the same inputs, one process for each run, ours and theirs in
# turn. Prints a table and writes build/bench.json. Arguments choose workloads: bench/run.sh -rounds 3 kmeans_default.
# bench/run.sh -growth times our side alone as customers, columns and segments grow; bench/run.sh -large the long calls on large tables,
# or some: bench/run.sh -large judge.Segments. bench/notebook.sh compares notebooks.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.tools/bench
bash bench/peers.sh $venv bench/requirements.txt
bash bench/peers.sh $venv-lifetimes bench/requirements-lifetimes.txt
# This peer has no wheel: it is compiled, which takes cargo, crates from the network, and some minutes. Its rows are left out where that fails.
command -v cargo >/dev/null && bash bench/peers.sh $venv-cak bench/requirements-cak.txt || echo "bench: clusteraudiencekit is left out: it could not be compiled (it needs cargo, https://rustup.rs)"
mkdir -p build/bench
go build -o build/bench/bench ./bench
exec build/bench/bench -python $venv/bin/python -lifetimes $venv-lifetimes/bin/python -cak $venv-cak/bin/python "$@"
