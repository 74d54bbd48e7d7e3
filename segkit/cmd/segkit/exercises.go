package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/format"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
)

// nbExercisesCmd makes exercises of their solutions: notebooks/solutions/NN_slug.ipynb becomes notebooks/exercises/NN_slug.ipynb.
//
// An exercise is a task in words, a cell with the solution, and a cell that checks the answer with nb.Exercise("12.1", answer):
//
//	// BEGIN SOLUTION
//	var right = 100 * report.Accuracy().Value
//	//hint Report.Accuracy has it.
//	//stub var right = 0.0 // your answer, in per cent
//	//near var right = report.Accuracy().Value
//	//hint that is a share; the answer is in per cent.
//	// END SOLUTION
//
// The learner gets the lines behind //stub in place of the block. The first //hint is for any wrong answer; each later one is for the
// wrong answer in the //near lines above it. Of a text on several lines, each begins with the word. A block is tried in place, so it may
// stand inside a function. Exercises must not build on each other's answers.
type nbExercisesCmd struct {
	Files    []string      `arg:"" help:"Notebooks with solutions, in a folder named solutions."`
	Check    bool          `help:"Write nothing: see that the exercises are up to date, and that solutions pass, stubs run and do not pass, and each near miss gets its own hint."`
	Nbgrader string        `placeholder:"DIR" help:"Write only this: a course for nbgrader, with each notebook of exercises as an assignment, and its settings."`
	Timeout  time.Duration `default:"5m" help:"Longest time for one cell."`
	Jobs     int           `short:"j" default:"2" help:"Notebooks run at the same time."`
	Jupyter  string        `env:"JUPYTER" placeholder:"PATH" help:"The jupyter or python to use instead of the one that make installs."`
}

// Run writes or checks the exercises of every file, and returns an error if one is not as it should be.
func (c *nbExercisesCmd) Run(ctx context.Context) error {
	if c.Nbgrader != "" {
		if err := writeCourse(c.Nbgrader); err != nil {
			return err
		}
	}
	slots := make(chan struct{}, max(1, c.Jobs))
	var failed []error
	for _, file := range c.Files {
		began := time.Now()
		s, err := readSolutions(file)
		switch {
		case err != nil:
		case c.Nbgrader != "":
			err = s.writeAssignment(c.Nbgrader)
		case c.Check:
			err = c.check(ctx, s, slots)
		default:
			err = c.write(ctx, s, slots)
		}
		if err != nil {
			fmt.Printf("FAIL  %s\n  %v\n", file, strings.ReplaceAll(err.Error(), "\n", "\n  "))
			failed = append(failed, err)
			continue
		}
		fmt.Printf("ok    %s  %d exercises, %d near misses, %.1f s\n", file, len(s.exercises), s.misses(), time.Since(began).Seconds())
	}
	if len(failed) > 0 {
		return fmt.Errorf("segkit: the exercises of %d of %d notebooks are not as they should be", len(failed), len(c.Files))
	}
	return nil
}

// solutions is a notebook with solutions.
type solutions struct {
	file, target string
	notebook     *notebook
	exercises    []*exercise
}

// exercise is one of them. Its keys are those of the solution and of each near miss.
type exercise struct {
	number        string
	at, check     int    // cells of the block, and of the call of nb.Exercise
	before, after string // in the cell, around the block
	solution      string
	stub          string
	hint          string
	near          []miss
	keys          []string
}

type miss struct{ code, hint string }

var (
	call  = regexp.MustCompile(`(?m)^nb\.Exercise\("([^"]+)", (.+)\)$`)
	block = regexp.MustCompile(`(?s)^(.*?)(?:[ \t]*// BEGIN SOLUTION\n)(.*?)(?:[ \t]*// END SOLUTION)(.*)$`)
	// What the lines of a block say that are not the solution.
	directive = regexp.MustCompile(`^([ \t]*)//(stub|near|hint)(?: (.*))?$`)
	keyText   = regexp.MustCompile(`"(\d+(?:-[0-9a-f]{8})*)"`)
)

// readSolutions reads a notebook of solutions and takes it apart.
func readSolutions(file string) (*solutions, error) {
	if filepath.Base(filepath.Dir(file)) != "solutions" {
		return nil, fmt.Errorf("segkit: %s is not in a folder named solutions: exercises are written to the folder exercises beside it", file)
	}
	n, _, err := readNotebook(file)
	if err != nil {
		return nil, err
	}
	s := &solutions{file: file, target: filepath.Join(filepath.Dir(filepath.Dir(file)), "exercises", filepath.Base(file)), notebook: n}
	var open *exercise // whose check is still to come
	for i, c := range n.Cells {
		if c.Type != "code" {
			continue
		}
		source := string(c.Source)
		if strings.Contains(source, "// BEGIN SOLUTION") {
			if open != nil {
				return nil, fmt.Errorf("segkit: %s, cell %d (%s): the solution in cell %d has no nb.Exercise(\"number\", answer) behind it", file, i+1, c.ID, open.at+1)
			}
			if open, err = readBlock(source); err != nil {
				return nil, fmt.Errorf("segkit: %s, cell %d (%s): %w", file, i+1, c.ID, err)
			}
			open.at = i
		}
		if m := call.FindStringSubmatch(source); m != nil {
			if open == nil || open.at == i {
				return nil, fmt.Errorf("segkit: %s, cell %d (%s): nb.Exercise stands in a cell of its own, behind one with // BEGIN SOLUTION", file, i+1, c.ID)
			}
			open.number, open.check = m[1], i
			s.exercises, open = append(s.exercises, open), nil
		}
	}
	if open != nil || len(s.exercises) == 0 {
		return nil, fmt.Errorf("segkit: %s: want exercises, each a cell with // BEGIN SOLUTION … // END SOLUTION and one with nb.Exercise(\"number\", answer)", file)
	}
	return s, nil
}

// readBlock takes a cell with a solution apart.
func readBlock(source string) (*exercise, error) {
	m := block.FindStringSubmatch(source)
	if m == nil || strings.Contains(m[3], "// BEGIN SOLUTION") {
		return nil, errors.New("want one // BEGIN SOLUTION, and // END SOLUTION behind it")
	}
	e := &exercise{before: m[1], after: m[3]}
	hint, last := &e.hint, ""
	for line := range strings.Lines(m[2]) {
		d := directive.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if d == nil {
			e.solution += line
			continue
		}
		code := d[1] + d[3] + "\n"
		switch d[2] {
		case "stub":
			e.stub += code
		case "near":
			if last != "near" {
				e.near = append(e.near, miss{})
				hint = &e.near[len(e.near)-1].hint
			}
			e.near[len(e.near)-1].code += code
		case "hint":
			*hint = strings.TrimSpace(*hint + " " + d[3])
		}
		last = d[2]
	}
	switch {
	case e.solution == "":
		return nil, errors.New("there is no solution in the block")
	case e.stub == "":
		return nil, errors.New("want lines //stub …: what the learner sees instead of the solution")
	case e.hint == "" || slices.ContainsFunc(e.near, func(m miss) bool { return m.hint == "" }):
		return nil, errors.New("want //hint … in front of the first //near, and behind every //near")
	}
	return e, nil
}

func (s *solutions) misses() (n int) {
	for _, e := range s.exercises {
		n += len(e.near)
	}
	return n
}

// tries is how many notebooks try all near misses, one of each exercise at a time.
func (s *solutions) tries() (n int) {
	for _, e := range s.exercises {
		n = max(n, len(e.near))
	}
	return n
}

// with returns the notebook with other code in place of each block, in its stored form. Exercises that have keys get them.
func (s *solutions) with(code func(*exercise) string) *notebook {
	n := clone(s.notebook)
	for _, e := range s.exercises {
		n.Cells[e.at].Source = text(strings.TrimRight(e.before+code(e), "\n") + e.after)
		if e.keys != nil {
			n.Cells[e.check].Source = text(call.ReplaceAllLiteralString(string(n.Cells[e.check].Source), e.keyed(string(n.Cells[e.check].Source))))
		}
	}
	n.strip()
	return n
}

// try returns what is in place of the block when the i-th near misses are tried, and whether that is a near miss.
func (e *exercise) try(i int) (string, bool) {
	if i < len(e.near) {
		return e.near[i].code, true
	}
	return e.solution, false
}

// keyed is the call of nb.Exercise with its key.
func (e *exercise) keyed(source string) string {
	var b strings.Builder
	m := call.FindStringSubmatch(source)
	fmt.Fprintf(&b, "nb.Exercise(%q, %s, nb.Key{\n\tRight: %q,\n\tHint:  %s,\n", m[1], m[2], e.keys[0], quoted(e.hint))
	if len(e.near) > 0 {
		b.WriteString("\tNear: []nb.Near{\n")
		for i, near := range e.near {
			fmt.Fprintf(&b, "\t\t{%q, %s},\n", e.keys[i+1], quoted(near.hint))
		}
		b.WriteString("\t},\n")
	}
	b.WriteString("})")
	formatted, err := format.Source([]byte(b.String()))
	if err != nil {
		return b.String() // the answer in the source is no Go: its run says so
	}
	return string(formatted)
}

// quoted writes a text as Go does, in lines that fit into a cell.
func quoted(s string) string {
	const columns = 60
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len(line)+len(word) > columns {
			lines, line = append(lines, fmt.Sprintf("%q", line+" ")), ""
		} else if line != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, fmt.Sprintf("%q", line)), " +\n\t\t\t")
}

// run executes notebooks in the folder of the exercises, a few at a time.
func (c *nbExercisesCmd) run(ctx context.Context, s *solutions, names []string, notebooks []*notebook, slots chan struct{}) ([]*notebook, error) {
	folder, err := filepath.Abs(filepath.Dir(s.target))
	if err == nil {
		err = os.MkdirAll(folder, 0o777)
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot make the folder for exercises: %w", err)
	}
	j, err := findJupyter(c.Jupyter, folder)
	if err != nil {
		return nil, err
	}
	ran, errs := make([]*notebook, len(notebooks)), make([]error, len(notebooks))
	var all sync.WaitGroup
	for i, n := range notebooks {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			ran[i], errs[i] = tried(ctx, j, n, folder, stem(s.file)+", "+names[i], c.Timeout)
		})
	}
	all.Wait()
	return ran, errors.Join(errs...)
}

// tried executes one notebook; an error says why it did not run to its end.
func tried(ctx context.Context, j jupyter, n *notebook, folder, title string, timeout time.Duration) (*notebook, error) {
	a, err := j.execute(ctx, n, folder, title, timeout, false)
	if err != nil {
		return nil, err
	}
	ran, err := parseNotebook(title, a.Notebook)
	if err != nil {
		return nil, err
	}
	for _, fault := range judge(ran, a.Stopped) {
		err = errors.Join(err, fmt.Errorf("segkit: %s: %s", title, fault))
	}
	return ran, err
}

// said is what a cell showed, as text.
func (c *cell) said() string {
	var b strings.Builder
	for _, o := range c.Outputs {
		shown, _ := o.Data["text/plain"].(string)
		if lines, ok := o.Data["text/plain"].([]any); ok {
			for _, line := range lines {
				shown += fmt.Sprint(line)
			}
		}
		b.WriteString(shown)
	}
	return b.String()
}

// write runs the solutions and all near misses without keys, takes the keys that the checks show, and writes the exercises with them.
func (c *nbExercisesCmd) write(ctx context.Context, s *solutions, slots chan struct{}) error {
	names, notebooks := []string{"solution"}, []*notebook{s.with(func(e *exercise) string { return e.solution })}
	for i := range s.tries() {
		names = append(names, fmt.Sprintf("near miss %d", i+1))
		notebooks = append(notebooks, s.with(func(e *exercise) string { code, _ := e.try(i); return code }))
	}
	ran, err := c.run(ctx, s, names, notebooks, slots)
	if err != nil {
		return err
	}
	for _, e := range s.exercises {
		for i, n := range ran {
			if i > len(e.near) {
				continue
			}
			said := n.Cells[e.check].said()
			m := keyText.FindStringSubmatch(strings.ReplaceAll(said, "`", `"`))
			if m == nil {
				return fmt.Errorf("segkit: %s: exercise %s gives no key for the %s: %s", s.file, e.number, names[i], said)
			}
			if slices.Contains(e.keys, m[1]) {
				return fmt.Errorf("segkit: %s: exercise %s: the answer of the %s is that of another", s.file, e.number, names[i])
			}
			e.keys = append(e.keys, m[1])
		}
	}
	b, err := s.with(func(e *exercise) string { return e.stub }).bytes()
	if err != nil {
		return err
	}
	return atomicfile.Write(s.target, func(w io.Writer) error { _, err := w.Write(b); return err })
}

// check compares the exercises with their solutions, and tries them three ways.
func (c *nbExercisesCmd) check(ctx context.Context, s *solutions, slots chan struct{}) error {
	if err := s.takeKeys(); err != nil {
		return err
	}
	stub := func(e *exercise) string { return e.stub }
	names := []string{"solution", "stub"}
	notebooks := []*notebook{s.with(func(e *exercise) string { return e.solution }), s.with(stub)}
	for i := range s.tries() {
		names = append(names, fmt.Sprintf("near miss %d", i+1))
		notebooks = append(notebooks, s.with(func(e *exercise) string { code, _ := e.try(i); return code }))
	}
	ran, err := c.run(ctx, s, names, notebooks, slots)
	if err != nil {
		return err
	}
	var wrong []error
	for i, n := range ran {
		for _, e := range s.exercises {
			want := "PASS"
			if i == 1 {
				want = "TRY AGAIN"
			} else if i > 1 {
				if _, isNear := e.try(i - 2); isNear {
					want = e.near[i-2].hint
				}
			}
			said := n.Cells[e.check].said()
			if !strings.Contains(said, want) || want != "PASS" && !strings.Contains(said, "TRY AGAIN") {
				wrong = append(wrong, fmt.Errorf("segkit: %s: exercise %s, %s: want %s, and it says: %s", s.file, e.number, names[i], want, said))
			}
		}
	}
	return errors.Join(wrong...)
}

// takeKeys reads the keys from the exercises as they are, and refuses what the solutions would not give with them.
func (s *solutions) takeKeys() error {
	stale := fmt.Errorf("segkit: %s is not what %s gives: run segkit nb exercises %s", s.target, s.file, s.file)
	n, b, err := readNotebook(s.target)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(n.Cells) != len(s.notebook.Cells) {
		return stale
	}
	if err != nil {
		return err
	}
	for _, e := range s.exercises {
		for _, m := range keyText.FindAllStringSubmatch(string(n.Cells[e.check].Source), -1) {
			if m[1] != e.number {
				e.keys = append(e.keys, m[1])
			}
		}
		if len(e.keys) != 1+len(e.near) {
			return stale
		}
	}
	want, err := s.with(func(e *exercise) string { return e.stub }).bytes()
	if err != nil {
		return err
	}
	if !bytes.Equal(b, want) {
		return stale
	}
	return nil
}
