#!/usr/bin/env bash
# Tries the archive of this machine's platform as a learner does, on Linux: unpacked into a new folder, with a new HOME, where there is no
# network at all. Warming may take 90 seconds and the first cell 10. Where other work competes for the processors, it is the processors' seconds that
# must keep to that.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.."
name=segkit-workshop-$(go env GOHOSTOS)-$(go env GOHOSTARCH)
archive=$PWD/build/workshop/$name.tar.gz
tester=$PWD/tools/workshop/first_cell.py

if [ "${1:-}" != inside ]; then
	[ -f "$archive" ] || bash tools/workshop/make.sh "${name#segkit-workshop-}"
	command -v unshare >/dev/null && unshare --user --map-root-user --net true 2>/dev/null ||
		{ echo "skipped: a world without a network needs unshare and user namespaces, which this machine does not grant"; exit 0; }
	exec unshare --user --map-root-user --net bash "$0" inside
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/workshop test.XXXXXX") # with a space, as people have them
trap 'chmod -R u+w "$home"; rm -rf "$home"' EXIT
clean=(env -i HOME="$home" PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8)

# seconds runs a command, says how long it took, and fails if it fails or takes too long.
seconds() { # LIMIT WHAT COMMAND...
	local limit=$1 what=$2 spent TIMEFORMAT='%R %U %S'
	shift 2
	spent=$( { time "$@" >"$home/said" 2>&1; } 2>&1) || { cat "$home/said"; echo "FAILED: $what"; exit 1; }
	awk -v spent="$spent" -v limit="$limit" -v what="$what" 'BEGIN {
		split(spent, s); cpu = s[2] + s[3]
		printf "%-45s %6.1f s, of processors %6.1f s\n", what, s[1], cpu
		exit s[1] > limit && cpu > limit
	}' || { echo "FAILED: that is more than $limit s"; exit 1; }
}

seconds 600 "unpacking" tar -xzf "$archive" -C "$home"
cd "$home/$name"
! find . -path ./notebooks/solutions -print -o -name '*.ipynb' -exec grep -l 'BEGIN SOLUTION' {} + | grep . || { echo "FAILED: solutions are inside"; exit 1; }
.tools/venv/bin/python - <<-'up' # the loopback device, on which JupyterLab and the kernel speak; it is all the network there is
	import fcntl, socket, struct
	fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh22x", b"lo", 0x1 | 0x40))
up
[ "$(wc -l </proc/net/route)" -le 1 ] || { echo "FAILED: there is a route out of here"; exit 1; }
seconds 90 "warming" "${clean[@]}" ./start true
"${clean[@]}" ./start --no-browser --ServerApp.port=8899 --ServerApp.port_retries=0 --IdentityProvider.token=workshop >"$home/lab" 2>&1 &
lab=$!
"${clean[@]}" .tools/venv/bin/python "$tester" http://127.0.0.1:8899 workshop $lab notebooks/01_whole_analysis.ipynb 10 || { tail "$home/lab"; exit 1; }
kill $lab && wait $lab 2>/dev/null || true
seconds 600 "the whole analysis, lesson 01" "${clean[@]}" ./start segkit nb run notebooks/01_whole_analysis.ipynb
seconds 600 "exercises of lesson 00" "${clean[@]}" ./start segkit nb run notebooks/exercises/00_start_here.ipynb
seconds 600 "a project of one's own" "${clean[@]}" ./start segkit init "$home/spring"
if [ -d data/wholesale_customers ]; then
	seconds 600 "a public data set" "${clean[@]}" ./start segkit data list
	grep -q "$PWD/data/wholesale_customers" "$home/said" || { echo "FAILED: the data are not found"; exit 1; }
fi
echo "All of it works without a network."
