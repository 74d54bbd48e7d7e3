package analysis_test

// The same file and seed give the same results anywhere: TestMain lets this program print a hash of each main result (results_test.go), and the tests here
// run it again and again under other circumstances: instructions of the processor, number of processors, collection of memory, architecture.
//
// Of every result there are two hashes. That of the answers covers all that is not a floating-point number: labels, ids, rules, counts, words. That of
// the bits covers these numbers, too, to the last bit, and the bytes of files. Answers must be the same everywhere, bits on the same architecture:
// math.Log and math.Exp of another one are other programs, and its compiler joins x*y + z into one instruction that rounds once (FMA).

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const askedFor = "SEGKIT_TEST_HASHES" // "some" or "all" in the environment: print hashes instead of running tests

var everywhere = flag.Bool("everywhere", false, "all results, under all circumstances, on two architectures (minutes; wants qemu-user)")

func TestMain(m *testing.M) {
	if what := os.Getenv(askedFor); what != "" {
		if err := printHashes(os.Stdout, what == "all"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

// a place is where the program runs.
type place struct {
	name    string
	command []string // that starts the program; nil for this program itself
	env     []string
}

// vectors are the instruction sets that the kernels tell apart; what a machine lacks cannot be switched on, only off.
var vectors = []struct{ name, off string }{
	{"AVX-512", ""},
	{"AVX2", "cpu.avx512f=off"},
	{"plain", "cpu.avx512f=off,cpu.avx2=off"},
}

// on is a place with the vectors, processors and percentage of GOGC given.
func on(command []string, vectors struct{ name, off string }, procs, collect string) place {
	return place{fmt.Sprintf("%s, %s processors, GOGC %s", vectors.name, procs, collect), command,
		[]string{"GODEBUG=" + vectors.off, "GOMAXPROCS=" + procs, "GOGC=" + collect}}
}

// hashes runs the program there.
func (p place) hashes(t *testing.T, what string) map[string][2]string {
	t.Helper()
	command := p.command
	if command == nil {
		command = os.Args[:1]
	}
	c := exec.Command(command[0], command[1:]...)
	c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GODEBUG=") }), append(p.env, askedFor+"="+what)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	found := map[string][2]string{}
	for line := range bytes.Lines(out) {
		if f := strings.Split(strings.TrimSpace(string(line)), "\t"); len(f) == 3 {
			found[f[0]] = [2]string{f[1], f[2]}
		}
	}
	if len(found) < 20 {
		t.Fatalf("%s: only %d results", p.name, len(found))
	}
	return found
}

// compare says which results of a place are not those of another. Without bits, only the answers count.
func compare(t *testing.T, want, got map[string][2]string, there string, bits bool) (otherBits []string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch w, g := want[name], got[name]; {
		case g[0] != w[0]:
			t.Errorf("%s: another answer on %s", name, there)
		case g[1] != w[1] && bits:
			t.Errorf("%s: other bits on %s", name, there)
		case g[1] != w[1]:
			otherBits = append(otherBits, name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d results on %s, want %d", len(got), there, len(want))
	}
	return otherBits
}

// Each pair of vectors, processors and collections meets once.
func TestResultsAreTheSameAnywhere(t *testing.T) {
	want := on(nil, vectors[0], "1", "100").hashes(t, "some")
	for _, p := range []place{on(nil, vectors[1], "8", "10"), on(nil, vectors[2], "2", "off")} {
		compare(t, want, p.hashes(t, "some"), p.name, true)
	}
}
