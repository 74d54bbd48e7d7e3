#!/usr/bin/env bash
# Measures what a warm notebook cell with a chart or a table costs, against a bare one. Argument: rounds (3).
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh
mkdir -p build/bench
JUPYTER_PATH=$PWD/.tools/share/jupyter GOPROXY=off exec .tools/venv/bin/python bench/notebook.py "$PWD/build/bench" "$@"
