package notebook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
)

// Solutions is a notebook with exercises and their solutions: notebooks/solutions/NN_slug.ipynb, of which notebooks/exercises/NN_slug.ipynb
// is made.
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
type Solutions struct {
	file, target string
	notebook     *Notebook
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

// ReadSolutions reads a notebook of solutions and takes it apart.
func ReadSolutions(file string) (*Solutions, error) {
	if filepath.Base(filepath.Dir(file)) != "solutions" {
		return nil, fmt.Errorf("segkit: %s is not in a folder named solutions: exercises are written to the folder exercises beside it", file)
	}
	n, _, err := Read(file)
	if err != nil {
		return nil, err
	}
	s := &Solutions{file: file, target: filepath.Join(filepath.Dir(filepath.Dir(file)), "exercises", filepath.Base(file)), notebook: n}
	var open *exercise // whose check is still to come
	for i, c := range n.Cells {
		if c.Type != "code" {
			continue
		}
		source := string(c.Source)
		if strings.Contains(source, "// BEGIN SOLUTION") {
			if open != nil {
				return nil, fmt.Errorf("segkit: %s, cell %d (%s): the solution in cell %d has no nb.Exercise(\"number\", answer) after it", file, i+1, c.ID, open.at+1)
			}
			if open, err = readBlock(source); err != nil {
				return nil, fmt.Errorf("segkit: %s, cell %d (%s): %w", file, i+1, c.ID, err)
			}
			open.at = i
		}
		if m := call.FindStringSubmatch(source); m != nil {
			if open == nil || open.at == i {
				return nil, fmt.Errorf("segkit: %s, cell %d (%s): nb.Exercise belongs in a cell of its own, after one with // BEGIN SOLUTION", file, i+1, c.ID)
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
		return nil, errors.New("want one // BEGIN SOLUTION, and // END SOLUTION after it")
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
		return nil, errors.New("want //hint … before the first //near, and after every //near")
	}
	return e, nil
}

// Exercises is how many exercises there are.
func (s *Solutions) Exercises() int { return len(s.exercises) }

// Misses is how many near misses they have.
func (s *Solutions) Misses() (n int) {
	for _, e := range s.exercises {
		n += len(e.near)
	}
	return n
}

// try is a way to answer an exercise, and what its check should say then.
type try struct{ name, code, want string }

// tries are the solution, the near misses, and the stub.
func (e *exercise) tries() []try {
	tries := []try{{"solution", e.solution, "PASS"}}
	for i, near := range e.near {
		tries = append(tries, try{fmt.Sprintf("near miss %d", i+1), near.code, near.hint})
	}
	return append(tries, try{"stub", e.stub, "TRY AGAIN"})
}

// with puts other code in place of the block.
func (e *exercise) with(code string) string {
	return strings.TrimRight(e.before+code, "\n") + e.after
}

// with returns the notebook with other code in place of each block, in its stored form. Exercises that have keys get them.
func (s *Solutions) with(code func(*exercise) string) *Notebook {
	n := clone(s.notebook)
	for _, e := range s.exercises {
		n.Cells[e.at].Source = Text(e.with(code(e)))
		if e.keys != nil {
			n.Cells[e.check].Source = Text(call.ReplaceAllLiteralString(string(n.Cells[e.check].Source), e.keyed(string(n.Cells[e.check].Source))))
		}
	}
	n.strip()
	return n
}

// trial returns the notebook of solutions with more cells behind each check: one for each further try, which answers anew and checks that.
// What the answer before declared is removed first, so that no answer lives on another's. The stub comes last: all that follows runs as it
// does for a learner who has not answered yet, and an exercise that builds on the answer of another is found out.
func (s *Solutions) trial() *Notebook {
	n := s.with(func(e *exercise) string { return e.solution })
	for _, e := range slices.Backward(s.exercises) { // from the end: those before keep their places
		check := n.Cells[e.check]
		var more []*Cell
		before := e.with(e.solution)
		for _, t := range e.tries()[1:] {
			again, answer := *check, e.with(t.code)
			again.ID += "-" + strings.ReplaceAll(t.name, " ", "-")
			again.Source = Text("%rm "+strings.Join(declared(before), " ")+"\n"+answer+"\n") + check.Source
			more, before = append(more, &again), answer
		}
		n.Cells = slices.Insert(n.Cells, e.check+1, more...)
	}
	return n
}

// declared returns what a cell declares and the kernel remembers, by the names that the kernel gives it; nothing where it is no Go.
func declared(source string) (names []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+source, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						names = append(names, name.Name)
					}
				case *ast.TypeSpec:
					names = append(names, spec.Name.Name)
				}
			}
		}
	}
	return names
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

// try runs all tries in the folder of the exercises, and returns what each check said, by exercise and try. An error says why the
// notebook did not run to its end.
func (s *Solutions) try(ctx context.Context, j Jupyter) (said [][]string, err error) {
	folder, err := filepath.Abs(filepath.Dir(s.target))
	if err == nil {
		err = os.MkdirAll(folder, 0o777)
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot make the folder for exercises: %w", err)
	}
	title := Stem(s.file)
	a, err := j.execute(ctx, s.trial(), folder, title, noPage)
	if err != nil {
		return nil, err
	}
	ran, err := parse(title, a.Notebook)
	if err != nil {
		return nil, err
	}
	for _, fault := range judge(ran, a.Stopped) {
		err = errors.Join(err, fmt.Errorf("segkit: %s: %s", title, fault))
	}
	if err != nil {
		return nil, err
	}
	added := 0
	for _, e := range s.exercises {
		var checks []string
		for i := range e.tries() {
			checks = append(checks, ran.Cells[e.check+added+i].said())
		}
		said, added = append(said, checks), added+len(checks)-1
	}
	return said, nil
}

// said is what a cell showed, as text.
func (c *Cell) said() string {
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

// Write runs the solutions and all near misses without keys, takes the keys that the checks show, and writes the exercises with them.
func (s *Solutions) Write(ctx context.Context, j Jupyter) error {
	said, err := s.try(ctx, j)
	if err != nil {
		return err
	}
	for i, e := range s.exercises {
		for j, t := range e.tries()[:1+len(e.near)] { // a stub needs no key
			m := keyText.FindStringSubmatch(strings.ReplaceAll(said[i][j], "`", `"`))
			if m == nil {
				return fmt.Errorf("segkit: %s: exercise %s gives no key for the %s: %s", s.file, e.number, t.name, said[i][j])
			}
			if slices.Contains(e.keys, m[1]) {
				return fmt.Errorf("segkit: %s: exercise %s: the answer of the %s is the same as another's", s.file, e.number, t.name)
			}
			e.keys = append(e.keys, m[1])
		}
	}
	b, err := s.with(func(e *exercise) string { return e.stub }).Bytes()
	if err != nil {
		return err
	}
	return atomicfile.WriteBytes(s.target, b)
}

// Check compares the exercises with their solutions, and tries them.
func (s *Solutions) Check(ctx context.Context, j Jupyter) error {
	if err := s.takeKeys(); err != nil {
		return err
	}
	said, err := s.try(ctx, j)
	if err != nil {
		return err
	}
	var wrong []error
	for i, e := range s.exercises {
		for j, t := range e.tries() {
			if !strings.Contains(said[i][j], t.want) || j > 0 && !strings.Contains(said[i][j], "TRY AGAIN") {
				wrong = append(wrong, fmt.Errorf("segkit: %s: exercise %s, %s: want %s, and it says: %s", s.file, e.number, t.name, t.want, said[i][j]))
			}
		}
	}
	return errors.Join(wrong...)
}

// takeKeys reads the keys from the exercises as they are, and refuses what the solutions would not give with them.
func (s *Solutions) takeKeys() error {
	stale := fmt.Errorf("segkit: %s is not what %s gives: run segkit nb exercises %s", s.target, s.file, s.file)
	n, b, err := Read(s.target)
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
	want, err := s.with(func(e *exercise) string { return e.stub }).Bytes()
	if err != nil {
		return err
	}
	if !bytes.Equal(b, want) {
		return stale
	}
	return nil
}
