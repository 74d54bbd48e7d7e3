package notebook

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const lessonWithExercises = "../../../../notebooks/solutions/00_start_here.ipynb"

// newCourse makes a course with one assignment of the lessons.
func newCourse(t *testing.T) (*Solutions, string) {
	t.Helper()
	course := filepath.Join(t.TempDir(), "course")
	s, err := ReadSolutions(lessonWithExercises)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(WriteCourse(course), s.WriteAssignment(course)); err != nil {
		t.Fatal(err)
	}
	return s, course
}

func TestCourseGivesAPointForEachExercise(t *testing.T) {
	s, course := newCourse(t)
	n, b, err := Read(filepath.Join(course, "source/00_start_here/00_start_here.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	graded := map[string]bool{}
	for _, c := range n.Cells {
		about, ok := c.Metadata["nbgrader"].(map[string]any)
		if !ok {
			continue
		}
		if about["grade"] != true || about["locked"] != true || fmt.Sprint(about["points"]) != "1" || !strings.Contains(string(c.Source), "nb.Exercise(") {
			t.Errorf("cell %s has %v", c.ID, about)
		}
		graded[about["grade_id"].(string)] = true
	}
	if len(graded) != len(s.exercises) {
		t.Errorf("graded are %v, want %d exercises", graded, len(s.exercises))
	}
	for _, e := range s.exercises {
		if strings.Contains(string(b), "BEGIN SOLUTION") || strings.Contains(string(n.Cells[e.at].Source), e.solution) {
			t.Errorf("the assignment holds the solution of %s", e.number)
		}
	}
}

func TestCourseKeepsTheTeachersSettings(t *testing.T) {
	_, course := newCourse(t)
	settings := filepath.Join(course, "nbgrader_config.py")
	if err := os.WriteFile(settings, []byte("# mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteCourse(course); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(settings); string(b) != "# mine\n" {
		t.Errorf("the settings are %q now", b)
	}
}

// nbgrader is what make test-nbgrader says.
var nbgrader = flag.Bool("nbgrader", false, "install nbgrader into .tools/nbgrader and let it grade")

// An assignment is made and released, four learners hand in, and nbgrader gives each what their answers are worth.
func TestNbgraderGrades(t *testing.T) {
	if !*nbgrader {
		t.Skip("installs nbgrader and grades for minutes: `make test-nbgrader` runs it")
	}
	needKernel(t)
	root := Checkout(".")
	venv := filepath.Join(root, ".tools", "nbgrader")
	if !isFile(filepath.Join(venv, "bin", "nbgrader")) {
		install := exec.Command("python3", filepath.Join(root, "tools/python_env.py"), venv, filepath.Join(root, "tools/nbgrader/requirements.txt"))
		if said, err := install.CombinedOutput(); err != nil {
			os.RemoveAll(venv)
			t.Skipf("nbgrader cannot be installed here: %v\n%s", err, lastLines(string(said), 8))
		}
	}
	s, course := newCourse(t)
	config, err := os.OpenFile(filepath.Join(course, "nbgrader_config.py"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	exchange := t.TempDir()
	if err := os.Chmod(exchange, 0o777); err != nil { // nbgrader wants that everybody may hand in
		t.Fatal(err)
	}
	if _, err := config.WriteString("c.Exchange.root = " + strconv.Quote(exchange) + "\n"); err != nil {
		t.Fatal(err)
	}
	config.Close()
	grade := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), filepath.Join(venv, "bin", "nbgrader"), args...)
		cmd.Dir = course
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "JUPYTER_PATH="+filepath.Join(root, ".tools/share/jupyter"),
			"PATH="+filepath.Join(venv, "bin")+string(os.PathListSeparator)+os.Getenv("PATH")) // nbgrader calls alembic
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("nbgrader %s: %v\n%s", strings.Join(args, " "), err, lastLines(string(said), 20))
		}
	}
	const assignment = "00_start_here"
	grade("generate_assignment", assignment)
	grade("release_assignment", assignment)
	released := filepath.Join(exchange, "segkit/outbound", assignment, assignment+".ipynb")

	// What each learner writes in place of a stub, and what that is worth.
	all := float64(len(s.exercises))
	for learner, answer := range map[string]func(i int, e *exercise) string{
		"right": func(_ int, e *exercise) string { return e.solution },
		"wrong": func(_ int, e *exercise) string { return e.near[0].code },
		"empty": func(_ int, e *exercise) string { return e.stub },
		"first": func(i int, e *exercise) string {
			if i == 0 {
				return e.solution
			}
			return e.stub
		},
	} {
		n, _, err := Read(released)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range s.exercises {
			n.Cells[e.at].Source = Text(strings.TrimRight(e.before+answer(i, e), "\n") + e.after)
			if learner == "empty" || learner == "wrong" {
				n.Cells[e.check].Source = "%%\n// no check, no points lost?" // nbgrader restores it
			}
		}
		b, err := n.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		handIn := filepath.Join(course, "submitted", learner, assignment)
		if err := os.MkdirAll(handIn, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(handIn, assignment+".ipynb"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	grade("autograde", assignment)
	grade("export", "--to", "grades.csv")

	file, err := os.Open(filepath.Join(course, "grades.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(row []string, name string) string {
		for i, title := range rows[0] {
			if title == name {
				return row[i]
			}
		}
		t.Fatalf("grades.csv has no column %s: %v", name, rows[0])
		return ""
	}
	got := map[string]string{}
	for _, row := range rows[1:] {
		got[column(row, "student_id")] = column(row, "score") + " of " + column(row, "max_score")
	}
	of := " of " + strconv.FormatFloat(all, 'f', 1, 64)
	want := map[string]string{"right": strconv.FormatFloat(all, 'f', 1, 64) + of, "wrong": "0.0" + of, "empty": "0.0" + of, "first": "1.0" + of}
	for learner := range want {
		if got[learner] != want[learner] {
			t.Errorf("%s has %q, want %q", learner, got[learner], want[learner])
		}
	}
}
