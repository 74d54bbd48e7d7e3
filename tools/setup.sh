#!/usr/bin/env bash
# Installs all that the notebooks need under .tools/, at the versions pinned in tools/. Each step leaves a stamp of what
# it was made from, and is done again only when that changes: a second run does nothing and takes a second.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
bin=$PWD/.tools/bin
mkdir -p .tools/bin .tools/stamp build/log

say() { printf 'set-up: %s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$@" >&2; exit 1; }

# step NAME INPUTS COMMAND... runs the command unless it succeeded before with the same inputs.
step() {
	local stamp=.tools/stamp/$1 inputs=$2
	shift 2
	[ "$(cat "$stamp" 2>/dev/null)" = "$inputs" ] && return
	rm -f "$stamp"
	"$@" && printf '%s\n' "$inputs" >"$stamp"
}
sum() { cat "$@" | cksum; }

command -v go >/dev/null || fail "Go is not in the PATH. Install Go 1.26 or newer: https://go.dev/dl/"
command -v "$python" >/dev/null || fail "$python is not in the PATH. Install Python 3.10 or newer, or name yours: make PYTHON=/path/to/python3"
unset GOWORK GOBIN # settings of the caller's that would change what is built, or where it goes
export GOFLAGS=-gcflags=all=-dwarf=false # as the kernel compiles cells (tools/kernel/start), so that each package is compiled once

# The module's own go line may make the go command fetch and become a newer Go: that is the one the kernel must use.
goroot=$(go env GOROOT)
goversion=$(go env GOVERSION)
ln -sf "$goroot/bin/go" "$bin/go"

# The kernel's source with tools/gonb.patch in .tools/gonb, and in .tools/kernel.mod the tools that use it. A patch that does not
# fit is left out: the kernel works without.
patched() {
	rm -rf .tools/gonb && cp -R "$(cd tools && go mod download github.com/janpfeifer/gonb && go list -m -f '{{.Dir}}' github.com/janpfeifer/gonb)" .tools/gonb && chmod -R u+w .tools/gonb &&
		(cd .tools/gonb && GIT_CEILING_DIRECTORIES=$(dirname "$PWD") git apply ../../tools/gonb.patch) &&
		cp tools/go.mod .tools/kernel.mod && cp tools/go.sum .tools/kernel.sum && go mod edit -replace "github.com/janpfeifer/gonb=$PWD/.tools/gonb" .tools/kernel.mod
}
kernel() {
	say "building the kernel, goimports and gopls with $goversion (one to two minutes the first time)"
	local modfile=$PWD/.tools/kernel.mod
	patched || { modfile=go.mod; say "tools/gonb.patch does not fit this kernel: it is built as published, and the first Tab takes 15 seconds"; }
	(cd tools && GOBIN=$bin go install -modfile="$modfile" tool) || fail "The Go tools did not build; the lines above say why." \
		"If it is the network: modules come from $(go env GOPROXY); behind a proxy set GOPROXY or HTTPS_PROXY, then repeat."
}
step kernel "$goversion $(sum tools/go.mod tools/go.sum tools/gonb.patch)" kernel

modules() {
	say "fetching the modules that notebooks use"
	go mod download && go list -m all >/dev/null # the whole graph's go.mod files: cells need them when there is no network
}
step modules "$(sum go.mod go.sum)" modules

python_packages() {
	say "installing JupyterLab into .tools/venv (about a minute the first time)"
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
		fail "$("$python" --version) is too old for JupyterLab 4. Install Python 3.10 or newer, or name yours: make PYTHON=/path/to/python3"
	"$python" tools/python_env.py .tools/venv tools/requirements.txt
}
if [ -z "${JUPYTER:-}" ]; then
	step python "$("$python" --version) $PWD $(sum tools/python_env.py tools/requirements.txt)" python_packages
fi

spec=.tools/share/jupyter/kernels/gonb
mkdir -p "$spec"
cp tools/kernel/* "$spec/"

# Cells compile in half a second when every package they can import is compiled already, in half a minute when not.
[ -s .tools/stamp/warm ] || say "compiling the packages that notebooks use"
go build ./...
# With the commit, for "segkit version"; without it where git is missing or does not trust the folder.
go build -buildvcs=auto -o "$bin/segkit" ./segkit/cmd/segkit 2>/dev/null || go build -buildvcs=false -o "$bin/segkit" ./segkit/cmd/segkit
echo done >.tools/stamp/warm
