package main

// Compiling a changed package with its tests, and running those.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lab knows what the tests of each package need when nothing is changed.
type lab struct {
	root, work string
	tested     map[string]bool     // packages that have tests
	importedBy map[string][]string // packages with tests that import one, themselves or in their tests
	rapid      map[string]bool     // packages whose tests link rapid, whose flags would be unknown elsewhere
	needs      map[string]*need    // filled in when a package is first tested
}

// need is what the tests of a package take.
type need struct {
	batches []string // flags: tests that have been written since, quick ones, middling ones, slow ones
	cpu     float64  // seconds of all
	wall    time.Duration
}

func newLab(root, work string) (*lab, error) {
	l := &lab{root, work, map[string]bool{}, map[string][]string{}, map[string]bool{}, map[string]*need{}}
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{len .TestGoFiles}}{{len .XTestGoFiles}} {{join .Imports ","}},{{join .TestImports ","}},{{join .XTestImports ","}}`, "./segkit/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name, imports := l.short(fields[0]), strings.Split(fields[2], ",")
		if fields[1] == "00" {
			continue
		}
		l.tested[name] = true
		slices.Sort(imports)
		for _, i := range slices.Compact(imports) {
			if i == "pgregory.net/rapid" || strings.HasSuffix(i, "internal/trial") {
				l.rapid[name] = true
			}
			if i = l.short(i); i != name {
				l.importedBy[i] = append(l.importedBy[i], name)
			}
		}
	}
	return l, nil
}

// short is an import path below the module.
func (l *lab) short(importPath string) string {
	return strings.TrimPrefix(importPath, "github.com/segkit/lab/")
}

// try tests one change.
func (l *lab) try(ctx context.Context, s site) (o outcome, err error) {
	own := path.Dir(s.file)
	packages := []string{}
	if l.tested[own] {
		packages = append(packages, own)
	}
	if strings.Contains(own, "/internal/") {
		packages = append(packages, l.importedBy[own]...)
	}
	if path.Base(s.file) == "sql.go" {
		packages = append(packages, "segkit/internal/sqltest") // where statements are run
	}
	changed, err := s.mutated(l.root)
	if err != nil {
		return o, err
	}
	file, overlay := filepath.Join(l.work, "changed.go"), filepath.Join(l.work, "overlay.json")
	if err := os.WriteFile(file, changed, 0o644); err != nil {
		return o, err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(l.root, filepath.FromSlash(s.file)): file}})
	if err != nil {
		return o, err
	}
	if err := os.WriteFile(overlay, replace, 0o644); err != nil {
		return o, err
	}
	o.Key = s.key()
	for _, p := range packages {
		need, err := l.need(ctx, p)
		if err != nil {
			return o, err
		}
		program, cpu, err := l.compile(ctx, p, "-overlay="+overlay)
		if o.Seconds += cpu; err != nil {
			o.Outcome = noProgram
			return o, nil
		}
		for _, batch := range need.batches {
			out, cpu, err := l.test(ctx, p, program, need, "-test.failfast", batch)
			o.Seconds += cpu
			if errors.Is(err, errLate) {
				o.Outcome, o.By = late, p
				return o, nil
			} else if err != nil {
				o.Outcome, o.By = noticed, p+firstFailed(out)
				return o, nil
			}
		}
	}
	o.Outcome = survived
	return o, nil
}

// need runs the tests of an unchanged package once.
func (l *lab) need(ctx context.Context, p string) (*need, error) {
	if n := l.needs[p]; n != nil {
		return n, nil
	}
	cache := filepath.Join(l.work, strings.ReplaceAll(p, "/", "_")+".needs")
	out, err := os.ReadFile(cache) // of an earlier run: delete build/mutate when tests have become much slower
	n := &need{}
	if err != nil {
		program, _, err := l.compile(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s does not compile as it is", p)
		}
		began := time.Now()
		text, cpu, err := l.test(ctx, p, program, nil, "-test.v")
		if err != nil {
			return nil, fmt.Errorf("the tests of %s fail as they are: %w\n%s", p, err, text)
		}
		out = fmt.Appendf(nil, "%g %g\n%s", cpu, time.Since(began).Seconds(), text)
		if err := os.WriteFile(cache, out, 0o644); err != nil {
			return nil, err
		}
	}
	var wall float64
	if _, err := fmt.Sscan(string(out), &n.cpu, &wall); err != nil {
		return nil, err
	}
	n.wall = time.Duration(wall * float64(time.Second))
	var names [3][]string
	var known []string
	for _, m := range regexp.MustCompile(`(?m)^--- (?:PASS|SKIP): (\w+) \(([\d.]+)s\)`).FindAllStringSubmatch(string(out), -1) {
		seconds, _ := strconv.ParseFloat(m[2], 64)
		batch := 0
		if seconds > .2 {
			batch++
		}
		if seconds > 3 {
			batch++
		}
		names[batch] = append(names[batch], m[1])
		known = append(known, m[1])
	}
	n.batches = []string{"-test.skip=^(" + strings.Join(known, "|") + ")$"}
	for _, some := range names {
		if some != nil {
			n.batches = append(n.batches, "-test.run=^("+strings.Join(some, "|")+")$")
		}
	}
	l.needs[p] = n
	return n, nil
}

// compile makes the test program of a package.
func (l *lab) compile(ctx context.Context, p string, flags ...string) (program string, cpu float64, err error) {
	program = filepath.Join(l.work, "changed.test")
	c := exec.CommandContext(ctx, "go", slices.Concat([]string{"test", "-c", "-ldflags=-s -w", "-o", program}, flags, []string{"./" + p})...)
	c.Dir = l.root
	err = c.Run()
	return program, (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), err
}

var errLate = errors.New("took too long")

// test runs a test program in the folder of its package, with limits of processor seconds (load on the machine does not count) and of memory.
func (l *lab) test(ctx context.Context, p, program string, n *need, flags ...string) (out string, cpu float64, err error) {
	seconds, wall := 3600, time.Hour
	if n != nil {
		seconds, wall = int(5*n.cpu)+20, 10*n.wall+5*time.Minute // the second is for those that wait
	}
	if l.rapid[p] {
		flags = append(flags, "-rapid.nofailfile", "-rapid.seed=1")
	}
	ctx, cancel := context.WithTimeout(ctx, wall)
	defer cancel()
	script := fmt.Sprintf(`ulimit -t %d; ulimit -v 12000000 2>/dev/null; exec "$@"`, seconds)
	c := exec.CommandContext(ctx, "sh", slices.Concat([]string{"-c", script, "sh", program, "-test.timeout=0"}, flags)...)
	c.Dir = filepath.Join(l.root, filepath.FromSlash(p))
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = 5 * time.Second
	text, err := c.CombinedOutput()
	cpu = (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		err = errLate
	}
	return string(text), cpu, err
}

// firstFailed is the name of the first test that failed.
func firstFailed(out string) string {
	if m := regexp.MustCompile(`(?m)^--- FAIL: (\w+)`).FindStringSubmatch(out); m != nil {
		return " " + m[1]
	}
	return ""
}
