#!/usr/bin/env bash
# Measures a lesson against the same analysis as a Python notebook, and what a warm cell with a chart or a table costs against
# a bare one. Argument: rounds (3).
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh
bash bench/peers.sh .tools/bench bench/requirements.txt
mkdir -p build/bench
JUPYTER_PATH=$PWD/.tools/share/jupyter GOPROXY=off exec .tools/venv/bin/python bench/notebook.py "$PWD/build/bench" .tools/bench/bin/python "$@"
