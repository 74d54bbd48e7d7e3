// Mutate tries the tests: it changes one operator, number, condition or statement of the sources at a time, and looks whether a test fails.
//
//	go -C tools run ./mutate -n 300 ..            tries 300 changes, or goes on with those that are left
//	go -C tools run ./mutate -n 300 -survivors .. tries those again that no test noticed, after tests were added
//	go -C tools run ./mutate -n 300 -list ..      says what is known so far
//
// The sources stay as they are: the go command is told to read a changed copy in place of one file (-overlay). The changes are drawn from all
// that the files of targets.go have; which ones depends on the seed alone, so that the first of them are a sample, too, and a run
// can end at any moment and go on later. A change counts as noticed where a test fails, or needs several times the processor
// seconds that it needs otherwise. Those that do not compile are not counted. Changes that make no difference to any input, found by reading,
// stand in equivalent.txt with the reason.
//
// Tests of the file's own package come first, quick ones before slow ones, then, where a package below internal/ has let a change
// pass, those of the packages that import it, and those that run what a sql.go writes.
package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

//go:embed equivalent.txt
var equivalentText string

const (
	noticed   = "a test failed"
	late      = "took too long"
	survived  = "survived"
	noProgram = "does not compile"
)

// outcome is a line of the state file.
type outcome struct {
	Key     string  `json:"key"`
	Outcome string  `json:"outcome"`
	By      string  `json:"by,omitempty"`  // the package whose tests noticed, and the first that failed
	Seconds float64 `json:"cpu,omitempty"` // of the processor, for compiling and testing
}

func main() {
	n := flag.Int("n", 300, "how many changes that compile")
	seed := flag.Int("seed", 1, "which ones")
	again := flag.Bool("survivors", false, "try again what survived")
	list := flag.Bool("list", false, "only say what is known so far")
	only := flag.String("only", "", "draw from files whose names begin like this, such as segkit/value/")
	flag.Parse()
	root := "."
	if flag.NArg() > 0 {
		root = flag.Arg(0)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, root, *only, *n, *seed, *again, *list); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, only string, n, seed int, again, list bool) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	all, err := sample(root, only, seed)
	if err != nil {
		return err
	}
	work := filepath.Join(root, "build", "mutate")
	if err := os.MkdirAll(work, 0o755); err != nil {
		return err
	}
	state := filepath.Join(work, fmt.Sprintf("seed%d.jsonl", seed))
	known, err := read(state)
	if err != nil {
		return err
	}
	lab, err := newLab(root, work)
	if err != nil {
		return err
	}
	var drawn []site
	for _, s := range all {
		if len(drawn) == n {
			break
		}
		o, ok := known[s.key()]
		if !list && (!ok || again && o.Outcome == survived && !isEquivalent(s)) {
			if o, err = lab.try(ctx, s); ctx.Err() != nil {
				return errors.New("interrupted: the same command goes on from here")
			} else if err != nil {
				return err
			}
			if err := remember(state, o); err != nil {
				return err
			}
			known[s.key()], ok = o, true
			fmt.Printf("%s: %s %s (%.0f s)\n", s, o.Outcome, o.By, o.Seconds)
		}
		if ok && o.Outcome != noProgram {
			drawn = append(drawn, s)
		}
	}
	return report(drawn, len(all), known)
}

// sample is every site of the targets whose file begins with only, in the order in which they are drawn.
func sample(root, only string, seed int) (all []site, err error) {
	for _, pattern := range targets {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || files == nil {
			return nil, fmt.Errorf("no file is like %s (%v)", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			below, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			if !strings.HasPrefix(filepath.ToSlash(below), only) {
				continue
			}
			some, err := sites(root, filepath.ToSlash(below))
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	slices.SortFunc(all, func(a, b site) int {
		x, y := a.rank(seed), b.rank(seed)
		return bytes.Compare(x[:], y[:])
	})
	return all, nil
}

// read reads what was tried before; the last word on a change counts.
func read(state string) (map[string]outcome, error) {
	known := map[string]outcome{}
	f, err := os.Open(state)
	if errors.Is(err, os.ErrNotExist) {
		return known, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var o outcome
		if json.Unmarshal(lines.Bytes(), &o) == nil { // not so where a run was killed while it wrote
			known[o.Key] = o
		}
	}
	return known, nil
}

func remember(state string, o outcome) error {
	line, err := json.Marshal(o)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(state, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// report prints the table of rooms, the survivors, and the share with its interval.
func report(drawn []site, all int, known map[string]outcome) error {
	type count struct{ tried, noticed, same int }
	rooms, total := map[string]*count{}, count{}
	var left []string
	for _, s := range drawn {
		dir := filepath.ToSlash(filepath.Dir(s.file))
		if rooms[dir] == nil {
			rooms[dir] = &count{}
		}
		for _, c := range []*count{rooms[dir], &total} {
			c.tried++
			switch {
			case known[s.key()].Outcome != survived:
				c.noticed++
			case isEquivalent(s):
				c.same++
			}
		}
		if known[s.key()].Outcome == survived && !isEquivalent(s) {
			left = append(left, s.String())
		}
	}
	fmt.Printf("\n| package | changes | noticed | make no difference |\n|---|---|---|---|\n")
	for _, dir := range slices.Sorted(maps.Keys(rooms)) {
		c := rooms[dir]
		fmt.Printf("| %s | %d | %d | %d |\n", dir, c.tried, c.noticed, c.same)
	}
	fmt.Printf("| all | %d | %d | %d |\n\n", total.tried, total.noticed, total.same)
	slices.Sort(left)
	for _, s := range left {
		fmt.Println("survived:", s)
	}
	if total.tried == 0 {
		return nil
	}
	low, high := wilson(total.noticed, total.tried)
	fmt.Printf("\n%d of %d changes, drawn from %d, were noticed: %.1f %% (95 %%: %.1f to %.1f)", total.noticed, total.tried, all, 100*float64(total.noticed)/float64(total.tried), 100*low, 100*high)
	low, high = wilson(total.noticed, total.tried-total.same)
	fmt.Printf("; %.1f %% (%.1f to %.1f) of those that make a difference\n", 100*float64(total.noticed)/float64(total.tried-total.same), 100*low, 100*high)
	return nil
}

// wilson is the 95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953).
func wilson(k, n int) (low, high float64) {
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	middle, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return (middle - half) / (1 + z*z/m), (middle + half) / (1 + z*z/m)
}

// isEquivalent reports whether somebody has read the change and found that it makes no difference.
func isEquivalent(s site) bool {
	for line := range strings.Lines(equivalentText) {
		if strings.HasPrefix(line, s.key()+"\t") {
			return true
		}
	}
	return false
}
