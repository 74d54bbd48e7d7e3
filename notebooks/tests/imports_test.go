package notebooks_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Set-up compiles the module and nothing else: what a lesson imports beyond it would be fetched and compiled in front of
// the reader, or fail without a network.
func TestLessonsImportWhatIsBuilt(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "../...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	built := strings.Fields(string(out))
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("found no notebooks: %v", err)
	}
	exercises, _ := filepath.Glob("*/*.ipynb")
	files = append(files, exercises...)
	for _, file := range files {
		for _, path := range imports(t, file) {
			if !slices.Contains(built, path) {
				t.Errorf("%s imports %q, which set-up does not compile: import it, blank, in notebooks/tests/imports.go", file, path)
			}
		}
	}
}

// An import may stand on one line or in a block.
var (
	importLine  = regexp.MustCompile(`(?m)^import\s+(?:[\w.]+\s+)?"([^"]+)"`)
	importBlock = regexp.MustCompile(`(?s)\bimport\s*\(([^)]*)\)`)
	quoted      = regexp.MustCompile(`"([^"]+)"`)
)

func imports(t *testing.T, file string) []string {
	t.Helper()
	var paths []string
	for _, source := range cells(t, file, "code") {
		for _, m := range importLine.FindAllStringSubmatch(source, -1) {
			paths = append(paths, m[1])
		}
		for _, block := range importBlock.FindAllStringSubmatch(source, -1) {
			for _, m := range quoted.FindAllStringSubmatch(block[1], -1) {
				paths = append(paths, m[1])
			}
		}
	}
	return paths
}

// cells returns the sources of a notebook's cells of one type, "code" or "markdown".
func cells(t *testing.T, file, kind string) (sources []string) {
	t.Helper()
	for _, c := range everyCell(t, file) {
		if c.Type == kind {
			sources = append(sources, strings.Join(c.Source, ""))
		}
	}
	return sources
}

type cell struct {
	ID     string
	Type   string `json:"cell_type"`
	Source []string
}

func everyCell(t *testing.T, file string) []cell {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct{ Cells []cell }
	if err := json.Unmarshal(b, &notebook); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return notebook.Cells
}
