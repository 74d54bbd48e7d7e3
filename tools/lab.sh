#!/usr/bin/env bash
# Opens JupyterLab at the first notebook. Settings and caches of its own lie under .tools/, so neither the user's
# JupyterLab changes this one nor the other way round.
set -euo pipefail
cd "$(dirname "$0")/.."
export JUPYTER_PATH=$PWD/.tools/share/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}
# In a container one is often root, which Jupyter refuses by default; it listens to this machine only, and wants a token.
[ "$(id -u)" -ne 0 ] || set -- --allow-root "$@"
# As the default address, not as an argument: so the address printed for another machine's browser opens it, too.
set -- --ServerApp.root_dir="$PWD" --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb "$@"
if [ -n "${JUPYTER:-}" ]; then
	exec "$JUPYTER" lab "$@"
fi
export JUPYTER_CONFIG_DIR=$PWD/.tools/jupyter JUPYTERLAB_SETTINGS_DIR=$PWD/.tools/jupyter/lab/user-settings
export JUPYTERLAB_WORKSPACES_DIR=$PWD/.tools/jupyter/lab/workspaces
settings=.tools/share/jupyter/lab/settings
mkdir -p "$settings"
# No question about news on the first start; it would also need the network.
printf '%s\n' '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' >"$settings/overrides.json"
exec .tools/venv/bin/python -m jupyterlab "$@"
