#!/usr/bin/env bash
# What takes hours: make hard, or some of its parts by name. Rounds that are done stand in build/hard/, and a run that was stopped goes on
# behind them; make clean begins anew. The same tests run a few rounds among the ordinary ones.
set -uo pipefail
cd "$(dirname "$0")/.."
done=$PWD/build/hard
failures=()

# rounds PACKAGE TEST runs all rounds of a test.
rounds() { go -C "$1" test . -run "^$2\$" -count=1 -timeout 0 -v -hard "$done"; }

kill_writers() { rounds segkit/cmd/segkit TestKilledWriters; }
kill_memo() { rounds segkit/nb TestKilledMemory; }
kill_engine() { rounds segkit/cmd/segkit-engine TestKilledEngine; }
kernels() { rounds segkit/cmd/segkit TestKilledKernels; }
soak() { rounds segkit/cmd/internal/notebook TestSoak; }

[ $# -gt 0 ] || set -- kill kernels soak
for part in "$@"; do
	case $part in
	kill) steps="kill_writers kill_memo kill_engine" ;;
	kernels | soak) steps=$part ;;
	*) echo "hard: there is no part $part: want kill, kernels or soak" >&2; exit 2 ;;
	esac
	for step in $steps; do
		printf '\n== %s\n' "$step"
		"$step" || failures+=("$step")
	done
done
if [ ${#failures[@]} -gt 0 ]; then
	printf '\nFAILED: %s\n' "$(IFS=,; echo "${failures[*]}")"
	exit 1
fi
