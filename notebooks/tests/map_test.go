package notebooks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	mapRow  = regexp.MustCompile(`(?m)^\| \[\*\*(\d\d) (.+?)\*\*\]\((.+?)\) \| .+ \| (\d+) \|$`)
	minutes = regexp.MustCompile(`\*\*Minutes\*\* \| (\d+)`)
	lesson  = regexp.MustCompile(`\]\(([^)/]+\.ipynb)\)`)
)

// The first lesson shows the way to all others, by their titles and with their minutes; the README lists them too; and no link
// between lessons leads nowhere.
func TestEveryLessonIsOnTheMap(t *testing.T) {
	type row struct{ title, minutes string }
	shown := map[string]row{}
	for _, m := range mapRow.FindAllStringSubmatch(strings.Join(cells(t, "00_start_here.ipynb", "markdown"), "\n"), -1) {
		shown[m[3]] = row{m[2], m[4]}
		if !strings.HasPrefix(m[3], m[1]+"_") {
			t.Errorf("the map calls %s lesson %s", m[3], m[1])
		}
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("found no notebooks: %v", err)
	}
	for _, file := range files {
		texts := cells(t, file, "markdown")
		if !strings.Contains(string(readme), "notebooks/"+file) {
			t.Errorf("README.md does not list %s", file)
		}
		if file != "00_start_here.ipynb" {
			title, _, _ := strings.Cut(strings.TrimPrefix(texts[0], "# "), "\n")
			m := minutes.FindStringSubmatch(texts[0])
			if on, ok := shown[file]; !ok || !strings.HasPrefix(title, on.title) || m == nil || m[1] != on.minutes {
				t.Errorf("%s, %q, %v: the map in 00_start_here.ipynb has %+v", file, title, m, on)
			}
		}
		for _, to := range lesson.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
			if _, err := os.Stat(to[1]); err != nil {
				t.Errorf("%s leads to %s, which is not there", file, to[1])
			}
		}
	}
}
