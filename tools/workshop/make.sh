#!/usr/bin/env bash
# Makes build/workshop/segkit-workshop-OS-ARCH.tar.gz for each platform named, or for all four: a checkout that has been set up, with Go,
# Python, all modules, the build cache and free data inside. A learner unpacks it and types ./start; no network is needed.
#
#   bash tools/workshop/make.sh linux-amd64     makes one
#   bash tools/workshop/make.sh --list          only says which files of the checkout go in
#   bash tools/workshop/make.sh --unlink        takes the links to what stays with the teacher out of the text that it is given
set -euo pipefail
cd "$(dirname "$0")/../.."

# The newest Python among the tags of this module, which holds the relocatable builds of python-build-standalone for each platform.
python=github.com/kluctl/go-embed-python@v0.0.0-3.14.6-20260610-1

say() { printf 'workshop: %s\n' "$*"; }
fail() { printf 'workshop: %s\n' "$*" >&2; exit 1; }

notes='docs/(teaching|workshop)\.md' # which stay with the teacher

# lessons lists what goes in of the checkout: what cells import and learners read, with the pictures of the gallery. No solutions, no notes for teachers, no tests.
lessons() {
	git ls-files -- LICENSE README.md CHANGELOG.md CONTRIBUTING.md go.mod go.sum datasets docs internal notebooks segkit tools/lab.sh tools/jupyter tools/kernel |
		grep -Ev "^notebooks/solutions/|^$notes\$|^segkit/cmd/segkit-engine/|/testdata/|_test\.go\$"
	git ls-files -- segkit/chart/testdata | grep -Fxf <(sed -n 's#.*(\.\./\(segkit/chart/testdata/[^)]*\)).*#\1#p' docs/gallery.md)
}

# unlink turns links to the notes for teachers into their texts.
unlink() { sed -E "s#\\[([^]]*)\\]\\([^)]*$notes[^)]*\\)#\\1 (your teacher has it)#g" "$@"; }

# module prints the folder of a module at a version, fetched and checked by the go command.
module() { go -C / mod download -json "$1" | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p'; }

# toolchain puts Go where it belongs. Modules hold neither programs nor nested go.mod files, so the go command mends both before it
# uses a toolchain; the same is done here. What only those who work on Go itself need stays out.
toolchain() {
	local to=.tools/go
	cp -R "$(module "golang.org/toolchain@v0.0.1-$(go env GOVERSION).$1")" $to && chmod -R u+w $to
	rm -rf $to/{api,doc,lib/wasm,misc,test,src/cmd}
	find $to/src -name testdata -prune -exec rm -rf {} + -o -name '*_test.go' -exec rm {} + -o -name _go.mod -execdir mv {} go.mod \;
	chmod +x $to/bin/* $to/pkg/tool/*/*
	ln -s ../go/bin/go .tools/bin/go
}

# kernel builds what the kernel consists of, from the sources that set-up has patched.
kernel() {
	local modfile=$checkout/.tools/kernel.mod
	[ -f "$modfile" ] || modfile=$checkout/tools/go.mod
	go -C "$checkout/tools" build -modfile="$modfile" -ldflags='-s -w' -o "$PWD/.tools/bin/" \
		github.com/janpfeifer/gonb golang.org/x/tools/gopls golang.org/x/tools/cmd/goimports
	go build -ldflags='-s -w' -o .tools/bin/ ./segkit/cmd/segkit
	mkdir -p .tools/share/jupyter/kernels/gonb && cp tools/kernel/* .tools/share/jupyter/kernels/gonb/
}

# caches fills a module cache and a build cache with what cells use, and nothing else. Paths are trimmed, so that both serve in any
# folder. The modules' archives, which the go command has unpacked, and their tests would only double the size.
caches() {
	local proxy="file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)"
	export GOMODCACHE=$PWD/.tools/mod GOCACHE=$PWD/.tools/cache GOPROXY=$proxy GOFLAGS="-trimpath -modcacherw -gcflags=all=-dwarf=false"
	go list -m all >/dev/null # all go.mod files: cells need them when there is no network
	go list ./... | grep -v /cmd/ | xargs go build
	find .tools/mod/cache/download -name '*.zip' -delete
	find .tools/mod -path .tools/mod/cache -prune -o -name testdata -prune -exec rm -rf {} + -o -name '*_test.go' -exec rm {} +
}

# data copies the public sets whose licence lets anybody hand them on, as far as they lie on this machine, with their sources.
data() {
	mkdir data
	"$checkout/.tools/bin/segkit" data list | while read -r name && read -r title && read -r source && read -r path; do
		case $source in
		*"licence: CC BY 4.0") ;;
		*) continue ;;
		esac
		if [ -f "$path" ]; then
			local folder=data/$(basename "$(dirname "$path")")
			mkdir -p "$folder" && cp "$path" "$folder/"
			printf '%s: %s\n    %s\n' "$name" "$title" "$source" >>data/SOURCES.txt
		else
			say "without $name, which is not on this machine: segkit data get $name" >&2
		fi
	done
}

# archive makes the archive of one platform, in the folder that becomes its content.
archive() {
	local platform=$1 name=segkit-workshop-$1
	local stage=$checkout/build/workshop/$name
	say "$platform"
	rm -rf "$stage" "$stage.tar.gz" && mkdir -p "$stage/.tools/bin"
	lessons | tar -c -T - | tar -x -C "$stage"
	grep -rlE "\]\([^)]*$notes" --include='*.md' --include='*.ipynb' "$stage" | while read -r file; do unlink -i "$file"; done
	cp tools/workshop/start tools/workshop/README.txt "$stage/"
	(
		cd "$stage"
		export GOOS=${platform%-*} GOARCH=${platform#*-} CGO_ENABLED=0 GOFLAGS=-trimpath
		say "Go, and Python with JupyterLab (downloaded the first time)"
		toolchain "$platform"
		"$checkout/.tools/venv/bin/python" "$checkout/tools/workshop/python.py" "$platform" "$(module $python)" "$checkout/tools/requirements.txt" .tools/venv
		say "the kernel and segkit (a minute or two)"
		kernel
		data
		say "the packages that cells use, compiled (a minute or two)"
		caches
		du -sh .tools/* data notebooks | sed 's/^/    /'
		local paths
		paths=$(grep -rlF -e "$checkout/" -e "$(GOMODCACHE= go env GOMODCACHE)/" . | head -3) && fail "these files name a folder of this machine:" $paths
		[ ! -e notebooks/solutions ] && [ ! -e build ] || fail "solutions or made files got in"
	)
	say "packing"
	tar -C "${stage%/*}" --owner=0 --group=0 --numeric-owner -cf - "$name" | gzip >"$stage.tar.gz.part" && mv "$stage.tar.gz.part" "$stage.tar.gz"
	say "build/workshop/$name.tar.gz: $(du -h "$stage.tar.gz" | cut -f1), unpacked $(du -sh "$stage" | cut -f1)"
	rm -rf "$stage"
}

case "${1:-}" in
--list) lessons && exit ;;
--unlink) unlink && exit ;;
esac
checkout=$PWD
unset GOROOT GOWORK GOBIN
[ $# -gt 0 ] || set -- linux-amd64 linux-arm64 darwin-amd64 darwin-arm64
for platform; do
	archive "$platform"
done
