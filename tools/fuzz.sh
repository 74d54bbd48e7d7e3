#!/usr/bin/env bash
# Fuzzes every target of the repository, one after another, and prints a line for each: executions, time, inputs that reached new code.
#
#   tools/fuzz.sh                                  10 seconds each
#   tools/fuzz.sh -fuzztime 15m -parallel 1        any flags of go test
#   tools/fuzz.sh -only 'weblog|ReadOrders' ...    those whose "package target" matches
#
# An input that fails is kept by go test in testdata/fuzz of its package, where plain go test runs it from then on: commit it with its remedy.
set -uo pipefail
cd "$(dirname "$0")/.."
only=.
if [ "${1-}" = -only ]; then
	only=$2
	shift 2
fi
[ $# -gt 0 ] || set -- -fuzztime 10s

targets() {
	git grep -ho --untracked -E '^func Fuzz[A-Za-z0-9_]*' -- "$1" | sed 's/^func //'
}

failures=0
printf '%-36s %-20s %12s %8s %6s\n' package target executions time new
while read -r folder target; do
	# The coordinator reports every three seconds and at the end: elapsed, executions, and inputs kept because they reached new code.
	# By itself go test shortens each input that reaches new code for up to a minute, and starts the process anew behind each: no time is left for others.
	if said=$(go test -run '^$' -fuzz "^$target\$" -fuzzminimizetime 10x "$@" "./$folder" 2>&1); then end=
	elif grep -q 'context deadline exceeded' <<<"$said" && ! grep -q 'Failing input' <<<"$said"; then end= # the time was over while an input was looked at
	else end="  FAILED" failures=$((failures + 1)); fi
	last=$(sed -nE 's/^fuzz: elapsed: ([^,]*), execs: ([0-9]+) .*interesting: ([0-9]+) .*/\1 \2 \3/p' <<<"$said" | tail -n 1)
	read -r time execs new <<<"${last:-0s 0 0}"
	printf '%-36s %-20s %12s %8s %6s%s\n' "$folder" "$target" "$execs" "$time" "$new" "$end"
	[ -z "$end" ] || printf '%s\n' "$said" | grep -v '^fuzz: elapsed' | sed 's/^/    /'
done < <(git grep -l --untracked -E '^func Fuzz' -- '*_test.go' | sort -u | while read -r file; do
	for target in $(targets "$file"); do echo "$(dirname "$file") $target"; done
done | grep -E -- "$only")
[ $failures = 0 ]
