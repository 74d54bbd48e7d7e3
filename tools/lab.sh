#!/usr/bin/env bash
# Opens JupyterLab at the first notebook. Settings and caches of its own lie under .tools/, so neither the user's
# JupyterLab changes this one nor the other way round.
set -euo pipefail
cd "$(dirname "$0")/.."
export JUPYTER_PATH=$PWD/.tools/share/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}
if [ -n "${JUPYTER:-}" ]; then
	exec "$JUPYTER" lab "$@" notebooks/00_start_here.ipynb
fi
export JUPYTER_CONFIG_DIR=$PWD/.tools/jupyter JUPYTERLAB_SETTINGS_DIR=$PWD/.tools/jupyter/lab/user-settings
export JUPYTERLAB_WORKSPACES_DIR=$PWD/.tools/jupyter/lab/workspaces
settings=.tools/share/jupyter/lab/settings
mkdir -p "$settings"
# No question about news on the first start; it would also need the network.
printf '%s\n' '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' >"$settings/overrides.json"
exec .tools/venv/bin/python -m jupyterlab "$@" notebooks/00_start_here.ipynb
