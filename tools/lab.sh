#!/usr/bin/env bash
# Opens JupyterLab at the first notebook, or in the folder LAB_ROOT at LAB_PAGE. Arguments go to JupyterLab.
set -euo pipefail
cd "$(dirname "$0")/.."
export JUPYTER_PATH=$PWD/.tools/share/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}
# Asks nobody about news at the first start; the answer would also need the network.
export JUPYTER_CONFIG_PATH=$PWD/tools/jupyter${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}
# In a container one is often root, which Jupyter refuses by default; it listens to this machine only, and wants a token.
[ "$(id -u)" -ne 0 ] || set -- --allow-root "$@"
# As the default address, not as an argument: so the address printed for another machine's browser opens it, too.
set -- --ServerApp.root_dir="${LAB_ROOT:-$PWD}" --LabApp.default_url="/lab/tree/${LAB_PAGE:-notebooks/00_start_here.ipynb}" "$@"
if [ -n "${JUPYTER:-}" ]; then
	exec "$JUPYTER" lab "$@"
fi
# Settings of its own: neither the user's JupyterLab changes this one nor the other way round.
export JUPYTER_CONFIG_DIR=$PWD/.tools/jupyter
export JUPYTERLAB_SETTINGS_DIR=$JUPYTER_CONFIG_DIR/lab/user-settings JUPYTERLAB_WORKSPACES_DIR=$JUPYTER_CONFIG_DIR/lab/workspaces
exec .tools/venv/bin/python -m jupyterlab "$@"
