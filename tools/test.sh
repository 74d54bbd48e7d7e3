#!/usr/bin/env bash
# All tests, cheapest first. Every part runs even when an earlier one fails; the last line counts.
set -uo pipefail
cd "$(dirname "$0")/.."
segkit=.tools/bin/segkit
failures=()

# What a part took: by the clock, and of the processors in it and in the system.
TIMEFORMAT='-- %0R s; processors %0U s + %0S s'

# part NAME COMMAND... runs a part of the tests, says what it took, and remembers if it fails.
part() {
	local name=$1
	shift
	printf '\n== %s\n' "$name"
	time "$@" || failures+=("$name")
}

formatted() {
	local files
	files=$(git ls-files -z --cached --others --exclude-standard -- '*.go' | xargs -0 gofmt -l) && [ -z "$files" ] && return
	printf 'not formatted, run gofmt -w: %s\n' $files
	return 1
}

# Shows what go test -v says about anything but the beginning and passing of tests of the module in a folder, and counts.
go_tests() {
	go -C "$1" test -v -timeout 30m "${@:2}" ./... 2>&1 | awk '
		/^ *=== / { next }
		/^ *--- PASS/ { passed++; next }
		/^ *--- SKIP/ { skipped++ }
		/^ *--- FAIL/ { failed++ }
		/^PASS$|no test files|\[rapid\] OK/ { next }
		{ print; fflush() }
		END { printf "go: %d passed, %d failed, %d skipped\n", passed, failed, skipped }'
}

# staticcheck of the version in tools/go.mod, which gopls brings along.
checked() {
	GOBIN=$PWD/.tools/bin go -C tools install honnef.co/go/tools/cmd/staticcheck && .tools/bin/staticcheck ./...
}

# The program that links the drivers of SQL engines is a module of its own, and one of its drivers is C.
engines() {
	if no_c; then
		echo "skipped: DuckDB's driver needs cgo and a C compiler, and there is none here"
		return
	fi
	go -C segkit/cmd/segkit-engine vet ./... && go -C segkit/cmd/segkit-engine build -o "$PWD/.tools/bin/segkit-engine" . &&
		on_engine postgres segkit/cmd/segkit-engine
}

# Where a statement takes a second: fewer random tables and names than make test-engines tries.
trino() {
	if no_c; then
		echo "skipped: its tests compare with DuckDB, whose driver needs cgo and a C compiler"
	elif [ "${CI-}" != true ]; then
		echo "skipped: its 450 MB and three Java machines are for make test-engines, and for where CI is true"
	else
		on_engine trino segkit/cmd/segkit-engine/internal -short -skip '/duckdb|/postgres|//duckdb|//postgres'
	fi
}

# on_engine ENGINE FOLDER FLAGS... tests the packages of a folder, one at a time: they would see each other's tables.
on_engine() {
	"${PYTHON:-python3}" tools/engines/run.py "$1" -- bash -c "set -o pipefail; $(declare -f go_tests); go_tests \"\$@\"" go_tests "$2" -p 1 "${@:3}"
}

# The lessons that can run here: number 20 needs segkit-engine.
lessons() {
	for lesson in notebooks/*.ipynb; do
		case $lesson in
		*/20_*) if no_c; then echo "skipped: $lesson needs segkit-engine" >&2; else echo "$lesson"; fi ;;
		*) echo "$lesson" ;;
		esac
	done
}

# The modules are those that their go.sum names, all that is fetched is pinned, and what is linked asks for no more than a notice.
modules() {
	local folder file failed=0
	for folder in . tools segkit/cmd/segkit-engine; do
		go -C "$folder" mod verify || failed=1
	done
	for file in $(git ls-files '*requirements*.txt'); do # a name with ==, or a hash or a remark that belongs to it
		! grep -nEv '^ *(#|--hash=sha256:[0-9a-f]{64}( \\)?$|$)|^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ]+( *;[^\\]*)?( \\)?$' "$file" /dev/null || failed=1
	done
	go -C tools run ./licences -check .. && return $failed
}

# Known vulnerabilities in what is linked, where the list of them can be reached.
vulnerabilities() {
	if ! command -v curl >/dev/null || ! curl -sfm 10 -o /dev/null https://vuln.go.dev/index/db.json; then
		echo "skipped: the list of vulnerabilities, vuln.go.dev, cannot be reached from here"
		return
	fi
	GOBIN=$PWD/.tools/bin go -C tools install golang.org/x/vuln/cmd/govulncheck && .tools/bin/govulncheck ./...
}

no_c() { [ "$(go env CGO_ENABLED)" != 1 ] || ! command -v "$(go env CC)" >/dev/null; }

# The concurrent packages under the race detector, which is C: the kernels, and of the rooms those tests that work in parallel.
races() {
	if no_c; then
		echo "skipped: the race detector needs cgo and a C compiler, and there is none here"
		return
	fi
	go test -race ./segkit/internal/par ./segkit/internal/nn ./segkit/internal/vec ./segkit/internal/memory ./segkit/internal/progressbar ./segkit/job &&
		go test -race -run 'Processors|SameAnywhere|Memory|Memo|Store|Display|Interrupt|MoreStarts|Cancelled' \
			./segkit/features ./segkit/nb ./segkit/cluster ./segkit/choose
}

# A little fuzzing of every reader. What it comes upon by chance was there before: it is told, with the input to keep, and fails no run.
fuzzed() {
	bash tools/fuzz.sh -fresh -fuzztime 200x || echo "fuzzing found something: keep the input that is named above as a seed, and mend it"
}

all() {
	part "format" formatted
	part "vet" go vet ./...
	part "staticcheck" checked
	part "modules, pins and licences" modules
	part "vulnerabilities" vulnerabilities
	part "go test" go_tests .
	part "go test: on SQL engines" engines
	part "go test: on Trino" trino
	part "races" races
	part "fuzzing: a little of every reader" fuzzed
	part "notebooks: form" "$segkit" nb lint notebooks/*.ipynb notebooks/*/*.ipynb
	part "notebooks: run" "$segkit" nb run $(lessons) notebooks/solutions/90_capstone.ipynb
	part "notebooks: in the browser" go -C tools test -v -count=1 -timeout 30m ./browser
	part "notebooks: exercises" "$segkit" nb exercises --check notebooks/solutions/[!9]*.ipynb
	printf '\n== all\n'
}

time all

if [ ${#failures[@]} -gt 0 ]; then
	printf '\nFAILED: %s\n' "$(IFS=,; echo "${failures[*]}")"
	exit 1
fi
printf '\nAll passed.\n'
