package notebooks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// capstone is no lesson: its outline is the exercise, and its solution a model hand-in.
const capstone = "90_capstone.ipynb"

// Every lesson has exercises, and leads to them.
func TestEveryLessonHasExercises(t *testing.T) {
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("found no notebooks: %v", err)
	}
	for _, file := range files {
		if file == capstone {
			continue
		}
		exercises := filepath.Join("exercises", file)
		for _, path := range []string{exercises, filepath.Join("solutions", file)} {
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s has no %s", file, path)
				continue
			}
			if n := strings.Count(strings.Join(cells(t, path, "code"), "\n"), "nb.Exercise("); n < 2 {
				t.Errorf("%s has %d exercises, want two or more", path, n)
			}
		}
		if !strings.Contains(strings.Join(cells(t, file, "markdown"), "\n"), "]("+exercises+")") {
			t.Errorf("%s does not lead to its exercises", file)
		}
	}
}

// The outline of the capstone and its model hand-in ask the same: cell by cell the same text, and the same check. What is for teachers alone is in cells of its own.
func TestModelHandInFillsTheOutline(t *testing.T) {
	read := func(path string) (ids []string, sources map[string]string) {
		sources = map[string]string{}
		for _, c := range everyCell(t, path) {
			if strings.HasPrefix(c.ID, "note-") {
				continue
			}
			ids, sources[c.ID] = append(ids, c.ID), strings.ReplaceAll(strings.Join(c.Source, ""), "](../", "](")
		}
		return ids, sources
	}
	ids, outline := read(capstone)
	solvedIDs, solved := read(filepath.Join("solutions", capstone))
	if strings.Join(ids, " ") != strings.Join(solvedIDs, " ") {
		t.Fatalf("the cells of the outline are %v, and of the model hand-in %v", ids, solvedIDs)
	}
	for _, id := range ids {
		yours := strings.Contains(outline[id], "// yours") && !strings.HasPrefix(outline[id], "## ")
		if yours == (outline[id] == solved[id]) {
			t.Errorf("cell %s: for learners to fill %v, filled %v", id, yours, outline[id] != solved[id])
		}
	}
}
