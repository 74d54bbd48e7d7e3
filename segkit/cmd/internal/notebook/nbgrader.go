package notebook

// A course for nbgrader, made of the exercises: what learners get is the same notebook, with a point for each check. Learners' cells stay
// theirs; the cells that check are locked, and nbgrader restores them before it grades. nb.Exercise tells nbgrader what is not right.

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
)

//go:embed nbgrader_config.py
var nbgraderConfig []byte

// WriteAssignment writes the exercises into a course as an assignment of their own: source/NN_slug/NN_slug.ipynb.
func (s *Solutions) WriteAssignment(course string) error {
	if err := s.takeKeys(); err != nil {
		return err
	}
	n := s.with(func(e *exercise) string { return e.stub })
	for _, e := range s.exercises {
		n.Cells[e.check].Metadata["nbgrader"] = map[string]any{
			"schema_version": 3, "cell_type": "code", "grade_id": "exercise-" + strings.ReplaceAll(e.number, ".", "-"),
			"grade": true, "points": 1, "locked": true, "solution": false, "task": false,
		}
	}
	b, err := n.Bytes()
	if err != nil {
		return err
	}
	name := filepath.Base(s.target)
	target := filepath.Join(course, "source", strings.TrimSuffix(name, ".ipynb"), name)
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return fmt.Errorf("segkit: cannot make the folder of the assignment: %w", err)
	}
	return atomicfile.WriteBytes(target, b)
}

// WriteCourse writes the settings of a course, unless it has some: a teacher may have changed them.
func WriteCourse(course string) error {
	target := filepath.Join(course, "nbgrader_config.py")
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(course, 0o777); err != nil {
		return fmt.Errorf("segkit: cannot make the folder of the course: %w", err)
	}
	return atomicfile.WriteBytes(target, nbgraderConfig)
}
