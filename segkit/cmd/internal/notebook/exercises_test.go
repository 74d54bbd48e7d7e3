package notebook

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const solved = `func twice(x int) int {
	// BEGIN SOLUTION
	return 2 * x
	//hint twice as much,
	//hint and no less.
	//stub return 0 // your answer
	//near y := x * x
	//near return y
	//hint that is the square.
	// END SOLUTION
}`

// writeSolutions writes a notebook with one exercise, with the block as given.
func writeSolutions(t *testing.T, block string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "solutions", "01_lesson.ipynb")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	n := newNotebook(
		code("setup", "%noautoget\nimport \"github.com/segkit/lab/segkit/nb\"", "setup"),
		markdown("task", "## 1.1 Twice"),
		code("solution", block),
		code("check", "%%\nnb.Exercise(\"1.1\", twice(21))", "display"))
	if err := os.WriteFile(file, stored(t, n), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBlockIsTakenApart(t *testing.T) {
	s, err := ReadSolutions(writeSolutions(t, solved))
	if err != nil {
		t.Fatal(err)
	}
	e := s.exercises[0]
	if e.number != "1.1" || e.solution != "\treturn 2 * x\n" || e.stub != "\treturn 0 // your answer\n" || e.hint != "twice as much, and no less." ||
		len(e.near) != 1 || e.near[0] != (miss{"\ty := x * x\n\treturn y\n", "that is the square."}) {
		t.Errorf("the block is %+v", e)
	}
	n := s.with(func(e *exercise) string { return e.stub })
	if got, want := string(n.Cells[2].Source), "func twice(x int) int {\n\treturn 0 // your answer\n}"; got != want {
		t.Errorf("the learner sees %q, want %q", got, want)
	}
}

// Behind each check stand the near misses and the stub, each without what the answer before declared.
func TestTriesFollowEachOther(t *testing.T) {
	s, err := ReadSolutions(writeSolutions(t, "// BEGIN SOLUTION\nvar half = 21\n\nfunc twice(x int) int { return half * 4 }\n//hint no.\n//stub func twice(x int) int { return 0 }\n"+
		"//near func twice(x int) int { return half }\n//hint half.\n// END SOLUTION"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range s.trial().Cells[2:] {
		got = append(got, c.ID+": "+string(c.Source))
	}
	const check = "%%\nnb.Exercise(\"1.1\", twice(21))"
	want := []string{
		"solution: var half = 21\n\nfunc twice(x int) int { return half * 4 }",
		"check: " + check,
		"check-near-miss-1: %rm half twice\nfunc twice(x int) int { return half }\n" + check,
		"check-stub: %rm twice\nfunc twice(x int) int { return 0 }\n" + check,
	}
	if !slices.Equal(got, want) {
		t.Errorf("the cells are %q, want %q", got, want)
	}
}

func TestBlocksThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct{ block, want string }{
		"no block":      {"func twice(x int) int { return 2 * x }", "BEGIN SOLUTION"},
		"no end":        {strings.Replace(solved, "// END SOLUTION", "", 1), "END SOLUTION"},
		"no stub":       {strings.Replace(solved, "//stub", "//", 1), "//stub"},
		"no hint":       {strings.Replace(strings.Replace(solved, "//hint twice", "// ", 1), "//hint and", "// ", 1), "//hint"},
		"near, no hint": {strings.Replace(solved, "//hint that", "// ", 1), "//hint"},
		"no solution":   {strings.Replace(solved, "\treturn 2 * x\n", "", 1), "no solution"},
	} {
		if _, err := ReadSolutions(writeSolutions(t, c.block)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error about %q", name, err, c.want)
		}
	}
}

// Exercises are made and tried in the real kernel, and what is wrong with them is found.
func TestExercisesThreeWays(t *testing.T) {
	t.Parallel()
	needKernel(t)
	file := writeSolutions(t, solved)
	in := Jupyter{Timeout: 2 * time.Minute}
	s, err := ReadSolutions(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(filepath.Dir(filepath.Dir(file)), "exercises", filepath.Base(file))
	b, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"2 * x", "x * x", "SOLUTION", "//near"} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the exercises hold %q", secret)
		}
	}
	check := func(file string) error {
		s, err := ReadSolutions(file)
		if err != nil {
			t.Fatal(err)
		}
		return s.Check(t.Context(), in)
	}
	if err := check(file); err != nil {
		t.Error(err)
	}

	other := writeSolutions(t, strings.Replace(solved, "y := x * x", "y := x + x", 1)) // passes, although it should not
	spoil := func(from, to string) error {
		copied := filepath.Join(filepath.Dir(filepath.Dir(other)), "exercises", filepath.Base(other))
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied, []byte(strings.Replace(string(b), from, to, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		return check(other)
	}
	if err := spoil("", ""); err == nil || !strings.Contains(err.Error(), "near miss 1: want that is the square.") || strings.Contains(err.Error(), "stub") {
		t.Errorf("a near miss that is right: %v", err)
	}
	if err := spoil("your answer", "my answer"); err == nil || !strings.Contains(err.Error(), "run segkit nb exercises") {
		t.Errorf("exercises that are not up to date: %v", err)
	}
}
