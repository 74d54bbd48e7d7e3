#!/usr/bin/env bash
# Fuzzes every target of the repository, one after another, and prints a line for each: executions, time, inputs that reached new code.
#
#   tools/fuzz.sh                                  10 seconds each
#   tools/fuzz.sh -fuzztime 15m -parallel 1        any flags that go test hands on to the tests
#   tools/fuzz.sh -only 'weblog|ReadOrders' ...    those whose "package target" matches
#   tools/fuzz.sh -fresh -fuzztime 200x            without the inputs of earlier runs, which count too: of 200 they can leave none
#
# An input that fails is kept in testdata/fuzz of its package, where plain go test runs it from then on: commit it with its remedy.
set -uo pipefail
cd "$(dirname "$0")/.."
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
only=. known=$(go env GOCACHE)/fuzz # where go test -fuzz keeps inputs that reached new code
while :; do
	case ${1-} in
	-only) only=$2; shift 2 ;;
	-fresh) known=$built/fresh; shift ;;
	*) break ;;
	esac
done
[ $# -gt 0 ] || set -- -fuzztime 10s

targets() {
	git grep -ho --untracked -E '^func Fuzz[A-Za-z0-9_]*' -- "$1" | sed 's/^func //'
}

# fuzz FOLDER TARGET FLAGS... does what go test -fuzz does, with one program for all targets of a package: linking takes longer than a little fuzzing.
# By itself a test shortens each input that reaches new code for up to a minute, and starts the process anew behind each: no time is left for others.
fuzz() {
	local folder=$1 target=$2 program=$built/${1//\//-}.test
	[ -e "$program" ] || go test -c -fuzz . -o "$program" "./$folder" || return
	(cd "$folder" && "$program" -test.paniconexit0 -test.run '^$' -test.fuzz "^$target\$" -test.fuzzminimizetime 10x -test.fuzzcachedir "$known/$(go list)" "${@:3}")
}

failures=0 last=
printf '%-36s %-20s %12s %8s %6s\n' package target executions time new
while read -r folder target; do
	[ "$folder" = "$last" ] || rm -f "$built"/*.test # a program is large
	last=$folder
	# The coordinator reports every three seconds and at the end: elapsed, executions, and inputs kept because they reached new code.
	if said=$(fuzz "$folder" "$target" "${@/#-/-test.}" 2>&1 </dev/null); then end=
	elif grep -q 'context deadline exceeded' <<<"$said" && ! grep -q 'Failing input' <<<"$said"; then end= # the time was over while an input was looked at
	else end="  FAILED" failures=$((failures + 1)); fi
	report=$(sed -nE 's/^fuzz: elapsed: ([^,]*), execs: ([0-9]+) .*interesting: ([0-9]+) .*/\1 \2 \3/p' <<<"$said" | tail -n 1)
	read -r time execs new <<<"${report:-0s 0 0}"
	printf '%-36s %-20s %12s %8s %6s%s\n' "$folder" "$target" "$execs" "$time" "$new" "$end"
	[ -z "$end" ] || printf '%s\n' "$said" | grep -v '^fuzz: elapsed' | sed 's/^/    /'
done < <(git grep -l --untracked -E '^func Fuzz' -- '*_test.go' | sort -u | while read -r file; do
	for target in $(targets "$file"); do echo "$(dirname "$file") $target"; done
done | grep -E -- "$only")
[ $failures = 0 ]
