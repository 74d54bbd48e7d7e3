package analysis_test

// The same file and seed give the same results anywhere: TestMain lets this program print a hash of each main result (results_test.go), and the tests here
// run it again and again under other circumstances: instructions of the processor, number of processors, collection of memory, architecture.
//
// Of every result there are two hashes. That of the answers covers all that is not a floating-point number: labels, ids, rules, counts, words. That of
// the bits covers these numbers, too, to the last bit, and the bytes of files. Answers must be the same everywhere, bits on one architecture. On another one
// math.Exp, math.Log and their like are other programs, and so they are on an amd64 processor without fused multiplication (FMA), which all with AVX2 have.

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/table"
)

const askedFor = "SEGKIT_TEST_HASHES" // "some" or "all" in the environment: print hashes instead of running tests

var (
	everywhere = flag.Bool("everywhere", false, "all results, under all circumstances, on two architectures (an hour; wants qemu-user)")
	keep       = flag.String("keep", "", "folder that keeps what was printed, so that a run which was stopped goes on where it was")
)

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

// hashes runs the program there, or reads what it printed there before, where that is kept.
func (p place) hashes(t *testing.T, what string) map[string][2]string {
	t.Helper()
	command := p.command
	if command == nil {
		command = os.Args[:1]
	}
	kept := p.kept(t, command[len(command)-1], what)
	out, err := os.ReadFile(kept)
	if err != nil {
		c := exec.Command(command[0], command[1:]...)
		c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GODEBUG=") }), append(p.env, askedFor+"="+what)...)
		c.Stderr = os.Stderr
		if out, err = c.Output(); err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		if kept != "" {
			if err := atomicfile.Write(kept, func(w io.Writer) error { _, err := w.Write(out); return err }); err != nil {
				t.Fatal(err)
			}
		}
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

// kept is the file of what this very program printed at this place; "" where nothing is kept.
func (p place) kept(t *testing.T, program, what string) string {
	if *keep == "" {
		return ""
	}
	code, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(fmt.Append(code, p.name, what))
	return filepath.Join(*keep, fmt.Sprintf("%x.tsv", sum[:8]))
}

// differences says which results of a place are not those of another. Without bits, only the answers count.
func differences(want, got map[string][2]string, there string, bits bool) (said []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch w, g := want[name], got[name]; {
		case g[0] != w[0]:
			said = append(said, fmt.Sprintf("%s: another answer on %s", name, there))
		case g[1] != w[1] && bits:
			said = append(said, fmt.Sprintf("%s: other bits on %s", name, there))
		}
	}
	if len(got) != len(want) {
		said = append(said, fmt.Sprintf("%d results on %s, want %d", len(got), there, len(want)))
	}
	return said
}

func compare(t *testing.T, want, got map[string][2]string, there string, bits bool) {
	t.Helper()
	for _, said := range differences(want, got, there, bits) {
		t.Error(said)
	}
}

// Each pair of two of vectors, processors and collections would take nine runs; three let each choice of each appear once.
func TestResultsAreTheSameAnywhere(t *testing.T) {
	want := on(nil, vectors[0], "1", "100").hashes(t, "some")
	for _, p := range []place{on(nil, vectors[1], "8", "10"), on(nil, vectors[2], "2", "off")} {
		compare(t, want, p.hashes(t, "some"), p.name, true)
	}
}

// A changed label, level or count is another answer, and the last bit of a number are other bits.
func TestHashesTellResultsApart(t *testing.T) {
	type result struct {
		Labels []int
		Of     map[string]*table.Table
		At     time.Time
		Share  float64
	}
	made := func(change func(*result, *float64)) [2]string {
		cells := []float64{0, .5, 1, math.NaN()}
		r := result{Labels: []int{0, 1}, At: time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC), Share: .25}
		change(&r, &cells[1])
		r.Of = map[string]*table.Table{"x": sure(table.New([]string{"a", "b"}, []table.Column{{Name: "x"}, {Name: "y"}}, cells))}
		return [2]string{hashed(r, false), hashed(r, true)}
	}
	plain := map[string][2]string{"shop": made(func(*result, *float64) {})}
	for what, c := range map[string]struct {
		change        func(*result, *float64)
		answers, bits int // differences
	}{
		"nothing":                {func(*result, *float64) {}, 0, 0},
		"a label":                {func(r *result, _ *float64) { r.Labels[1] = 0 }, 1, 1},
		"a moment":               {func(r *result, _ *float64) { r.At = r.At.Add(time.Second) }, 1, 1},
		"the last bit":           {func(r *result, _ *float64) { r.Share = math.Nextafter(r.Share, 1) }, 0, 1},
		"the last bit of a cell": {func(_ *result, cell *float64) { *cell = math.Nextafter(*cell, 1) }, 0, 1},
		"a missing value":        {func(r *result, _ *float64) { r.Share = math.NaN() }, 0, 1},
	} {
		other := map[string][2]string{"shop": made(c.change)}
		if got := len(differences(plain, other, what, false)); got != c.answers {
			t.Errorf("%s: %d answers differ, want %d", what, got, c.answers)
		}
		if got := len(differences(plain, other, what, true)); got != c.bits {
			t.Errorf("%s: %d results differ, want %d", what, got, c.bits)
		}
	}
	if differences(plain, map[string][2]string{}, "nowhere", true) == nil {
		t.Error("a result that is missing is no difference")
	}
}

// The long form (make repeat) prints a table for docs/tested.md. Nine runs pair each choice of vectors, processors and collection with each other one once. On
// arm64 three runs pair processors and collections, and must agree with each other.
func TestResultsAreTheSameEverywhere(t *testing.T) {
	if !*everywhere {
		t.Skip("make repeat runs this: it takes minutes")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("wants an amd64 machine, on which qemu-user runs arm64")
	}
	emulator, err := exec.LookPath("qemu-aarch64")
	if err != nil {
		t.Fatal("wants qemu-aarch64 (apt-get install qemu-user)")
	}
	procs, collect := []string{"1", "2", "8"}, []string{"off", "10", "100"}
	want := on(nil, vectors[0], procs[0], collect[0]).hashes(t, "all")
	for v := range vectors {
		for c := range procs {
			p := on(nil, vectors[v], procs[c], collect[(v+c)%3])
			compare(t, want, p.hashes(t, "all"), p.name, true)
			t.Log("amd64, ", p.name, ": compared")
		}
	}
	old := place{"amd64 without FMA", nil, []string{"GODEBUG=cpu.all=off"}}.hashes(t, "all")
	compare(t, want, old, "amd64 without FMA", false)

	program := filepath.Join(t.TempDir(), "arm64.test")
	build := exec.Command("go", "test", "-c", "-o", program, ".")
	build.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building for arm64: %v\n%s", err, out)
	}
	var arm map[string][2]string
	for c := range procs {
		p := on([]string{emulator, program}, vectors[2], procs[c], collect[c])
		got := p.hashes(t, "all")
		if compare(t, want, got, "arm64, "+p.name, false); arm == nil {
			arm = got
		}
		compare(t, arm, got, "arm64, "+p.name, true)
		t.Log("arm64, ", p.name, ": compared")
	}
	fmt.Printf("\n| result | answers | bits on amd64 | without FMA | on arm64 |\n|---|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(want)) {
		fmt.Printf("| %s | %s | %s |", name, want[name][0], want[name][1])
		for _, other := range []string{old[name][1], arm[name][1]} {
			if other == want[name][1] {
				other = "the same"
			}
			fmt.Printf(" %s |", other)
		}
		fmt.Println()
	}
}
