#!/usr/bin/env bash
# Says what is missing or wrong on this machine, each with its remedy. It changes nothing, and fails when it finds a problem.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
problems=0

ok() { printf 'ok       %s\n' "$*"; }
note() { printf 'note     %s\n' "$*"; }
problem() { # WHAT REMEDY
	printf 'problem  %s\n         remedy: %s\n' "$1" "$2"
	problems=$((problems + 1))
}

# installed VERSION-IN-USE PINNED WHAT says whether a pinned thing is there at its version.
installed() {
	if [ -z "$1" ]; then
		note "$3 is not installed yet; \`make setup\` does it"
		missing=yes
	elif [ "$1" = "$2" ]; then
		ok "$3 $1"
	else
		problem "$3 $1 is installed, $2 is pinned" "make setup"
	fi
}

machine() {
	if ! command -v go >/dev/null; then
		problem "Go is not in the PATH" "install Go 1.26 or newer from https://go.dev/dl/"
	elif version=$(go env GOVERSION 2>&1); then
		ok "Go ${version#go}"
	else
		problem "Go cannot build this module: $version" "install Go 1.26 or newer from https://go.dev/dl/"
	fi
	command -v git >/dev/null && ok "$(git --version)" || note "git is not in the PATH: records of runs will not name a commit"

	if [ -n "${JUPYTER:-}" ]; then
		"$JUPYTER" --version >/dev/null 2>&1 && ok "using the Jupyter $JUPYTER" ||
			problem "JUPYTER=$JUPYTER does not run" "give the path of a working jupyter, or leave it out"
	elif ! command -v "$python" >/dev/null; then
		problem "$python is not in the PATH" "install Python 3.10 or newer, or name yours: make PYTHON=/path/to/python3"
	elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
		problem "$("$python" --version) is too old for JupyterLab 4" "install Python 3.10 or newer, or name yours: make PYTHON=/path/to/python3"
	elif ! "$python" -c 'import venv' 2>/dev/null; then
		problem "$("$python" --version) has no module venv" "install it (on Debian and Ubuntu: apt install python3-venv)"
	else
		ok "$("$python" --version)"
	fi

	case $PWD in *,*) problem "the kernel cannot work in a folder with a comma in its name: $PWD" "move the checkout" ;; esac

	# Cells are compiled into the folder for temporary files and run there.
	local tmp probe
	tmp=${TMPDIR:-/tmp}
	if probe=$(mktemp "$tmp/segkit-XXXXXX" 2>&1) && printf '#!/bin/sh\n' >"$probe" && chmod +x "$probe" && "$probe" 2>/dev/null; then
		ok "programs can be made and run in $tmp"
	else
		problem "programs cannot be made or run in $tmp, where the kernel compiles cells" "set TMPDIR to a folder that is not mounted noexec"
	fi
	rm -f "$probe"

	local free
	free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$free" -ge 2048 ] && ok "$free MB of disk are free" ||
		problem "only $free MB of disk are free here" "make room: set-up takes about 1.5 GB with the caches of Go"
}

tools() {
	local name pinned
	for name in github.com/janpfeifer/gonb golang.org/x/tools golang.org/x/tools/gopls; do
		pinned=$(awk -v m="$name" '$1 == m && NF > 1 { print $2 }' tools/go.mod)
		local program=${name##*/}
		[ "$name" = golang.org/x/tools ] && program=goimports
		installed "$(go version -m ".tools/bin/$program" 2>/dev/null | awk '$1 == "mod" { print $3 }')" "$pinned" "$program"
	done
	if [ -z "${JUPYTER:-}" ]; then
		if [ ! -x .tools/venv/bin/python ]; then
			installed "" "" "JupyterLab"
		elif .tools/venv/bin/python -m pip install --quiet --no-index --no-deps --dry-run -r tools/requirements.txt 2>/dev/null; then
			ok "JupyterLab $(.tools/venv/bin/python -m jupyterlab --version) and its packages as pinned"
		else
			problem "the packages in .tools/venv are not the pinned ones" "rm -rf .tools/venv .tools/stamp/python && make setup"
		fi
	fi
}

# network matters only while something is still to be fetched.
network() {
	local url
	for url in "$(go env GOPROXY | cut -d, -f1)/github.com/janpfeifer/gonb/@v/v0.11.5.info" "${PIP_INDEX_URL:-https://pypi.org/simple}/jupyterlab/"; do
		"$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=20).read(1)' "$url" 2>/dev/null &&
			ok "can be reached: $url" ||
			problem "cannot be reached: $url" "check the network; behind a proxy set HTTPS_PROXY, or GOPROXY and PIP_INDEX_URL"
	done
}

kernel() {
	local page=build/doctor said
	if said=$(.tools/bin/segkit nb run --out "$page" --timeout 2m notebooks/00_start_here.ipynb 2>&1); then
		ok "the kernel starts, and runs notebooks/00_start_here.ipynb"
	else
		problem "the kernel does not run notebooks/00_start_here.ipynb: $said" "rm -rf .tools/stamp && make setup; the kernel's log is build/log/kernel.log"
	fi
}

data() {
	if [ -z "${SEGKIT_DATA:-}" ]; then
		note "SEGKIT_DATA is not set: public data sets come from the cache or their publishers; the built-in shop needs neither"
	elif [ -d "$SEGKIT_DATA" ]; then
		ok "SEGKIT_DATA: $SEGKIT_DATA"
	else
		problem "SEGKIT_DATA=$SEGKIT_DATA is not a folder" "set it to the folder with the public data sets, or unset it"
	fi
}

missing=
machine
command -v go >/dev/null && tools
if [ -n "$missing" ]; then
	command -v "$python" >/dev/null && command -v go >/dev/null && network
else
	kernel
fi
data
if [ "$problems" -gt 0 ]; then
	echo "$problems problem(s)"
	exit 1
fi
echo "Nothing is wrong."
