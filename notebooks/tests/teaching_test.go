package notebooks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	noteOf = regexp.MustCompile(`(?m)^### (\d\d) (.+)$`)
	// figure is a number that can be looked up: with decimals, or with thousands.
	figure = regexp.MustCompile(`\d{1,3}(?:,\d{3})+|\d*\.\d+`)
)

// Instructors find notes on every lesson, which name what goes wrong, what to ask and what to skip; and the figures in them are those of the lesson.
func TestEveryLessonHasNotesForInstructors(t *testing.T) {
	raw, err := os.ReadFile("../docs/teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	notes := map[string]string{}
	at := noteOf.FindAllStringSubmatchIndex(guide, -1)
	for i, m := range at {
		end := len(guide)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		notes[guide[m[2]:m[3]]] = guide[m[0]:end]
	}
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("found no notebooks: %v", err)
	}
	for _, file := range files {
		note, found := notes[file[:2]]
		delete(notes, file[:2])
		if !found {
			t.Errorf("docs/teaching.md has no section on %s: ### %s and its title", file, file[:2])
			continue
		}
		for _, want := range []string{"**Goes wrong.**", "**Ask.**", "**Skip.**"} {
			if !strings.Contains(note, want) {
				t.Errorf("the notes on %s do not say %s", file, want)
			}
		}
		text := strings.Join(append(cells(t, file, "markdown"), cells(t, file, "code")...), "\n")
		for _, number := range figure.FindAllString(note, -1) {
			if !regexp.MustCompile(`(?:^|[^\d,.])0?` + regexp.QuoteMeta(strings.TrimPrefix(number, "0")) + `(?:\D|$)`).MatchString(text) {
				t.Errorf("the notes on %s say %s, and the lesson does not", file, number)
			}
		}
	}
	for number := range notes {
		t.Errorf("docs/teaching.md speaks of lesson %s, which is not there", number)
	}
}
