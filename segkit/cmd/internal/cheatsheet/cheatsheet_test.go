package cheatsheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cmd/internal/browser"
)

const root = "../../../.."

// The cells of the sheet, one after the other, are Go as it stands today.
func TestTheCellsCompile(t *testing.T) {
	if said, err := compile(t, cells()); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	for _, slip := range []struct{ now, later string }{{"choose.SweepK", "choose.Sweep2K"}, {"model.Score(customers)", "model.Score()"}} {
		if !strings.Contains(cells(), slip.now) {
			t.Fatalf("the sheet has no %s", slip.now)
		}
		if _, err := compile(t, strings.Replace(cells(), slip.now, slip.later, 1)); err == nil {
			t.Errorf("%s compiles", slip.later)
		}
	}
}

var cell = regexp.MustCompile(`(?s)<pre class="go">(.*?)</pre>`)

// cells are all cells as one text: declarations, and functions of what stands below %%.
func cells() string {
	var b strings.Builder
	for i, m := range cell.FindAllSubmatch(Page, -1) {
		declared, done, _ := strings.Cut(html.UnescapeString(string(m[1])), "%%\n")
		fmt.Fprintf(&b, "%s\nfunc cell%d() {\n%s\n}\n", declared, i+1, done)
	}
	return b.String()
}

// compile compiles cells as a package that exists nowhere but for this call.
func compile(t *testing.T, cells string) (said []byte, err error) {
	t.Helper()
	var imports []string
	for _, m := range regexp.MustCompile(`\b([a-z]+)\.[A-Z]`).FindAllStringSubmatch(cells, -1) {
		path := "github.com/segkit/lab/segkit/" + m[1]
		switch m[1] {
		case "segkit":
			path = "github.com/segkit/lab/segkit"
		case "datasets":
			path = "github.com/segkit/lab/datasets"
		}
		if _, err := os.Stat(filepath.Join(root, strings.TrimPrefix(path, "github.com/segkit/lab"))); err == nil && !slices.Contains(imports, path) {
			imports = append(imports, path)
		}
	}
	source := "package cells\n\nimport (\n\t\"" + strings.Join(imports, "\"\n\t\"") + "\"\n)\n\n" + cells
	dir := t.TempDir()
	onDisk, overlay := filepath.Join(dir, "cells.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(onDisk, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs("cells/cells.go")
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{here: onDisk}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, replace, 0o644); err != nil {
		t.Fatal(err)
	}
	return exec.Command("go", "build", "-overlay", overlay, "./cells").CombinedOutput()
}

// Every room has its line.
func TestEveryRoomIsOnTheSheet(t *testing.T) {
	folders, err := os.ReadDir(root + "/segkit")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"segkit", "datasets"}
	for _, folder := range folders {
		if name := folder.Name(); folder.IsDir() && !slices.Contains([]string{"cmd", "internal", "testdata"}, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if !bytes.Contains(Page, []byte("<dt>"+name+"</dt><dd>")) {
			t.Errorf("the sheet does not say what %s is for", name)
		}
	}
	for _, m := range regexp.MustCompile(`<dt>(\w+)</dt>`).FindAllSubmatch(Page, -1) {
		if !slices.Contains(names, string(m[1])) {
			t.Errorf("there is no room %s", m[1])
		}
	}
}

// The mistakes are those of the first lesson, in its words.
func TestTheMistakesAreThoseOfTheLesson(t *testing.T) {
	raw, err := os.ReadFile(root + "/notebooks/00_start_here.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var lesson struct {
		Cells []struct {
			ID     string
			Source []string
		}
	}
	if err := json.Unmarshal(raw, &lesson); err != nil {
		t.Fatal(err)
	}
	var taught []string
	for _, c := range lesson.Cells {
		if c.ID != "cheat-sheet" {
			continue
		}
		for _, line := range c.Source {
			if row := strings.TrimSpace(line); strings.HasPrefix(row, "| ") && !strings.HasPrefix(row, "| it says") {
				taught = append(taught, strings.NewReplacer("`", "", "**", "", " | ", "|").Replace(strings.Trim(row, "| ")))
			}
		}
	}
	table := string(Page[bytes.Index(Page, []byte(`id="mistakes"`)):])
	table = table[strings.Index(table, "<tbody>"):strings.Index(table, "</tbody>")]
	var shown []string
	for _, m := range regexp.MustCompile(`<tr><td>(.*?)</td></tr>`).FindAllStringSubmatch(table, -1) {
		text := strings.ReplaceAll(m[1], "</td><td>", "|")
		shown = append(shown, html.UnescapeString(regexp.MustCompile(`</?\w+>`).ReplaceAllString(text, "")))
	}
	if len(taught) != 8 || !slices.Equal(taught, shown) {
		t.Errorf("the lesson has\n%s\nand the sheet\n%s", strings.Join(taught, "\n"), strings.Join(shown, "\n"))
	}
}

// It fits on two pages.
func TestTwoPages(t *testing.T) {
	path, err := browser.Find("")
	if errors.Is(err, browser.ErrNone) {
		t.Skip("no Chromium or Chrome is installed, so there is nothing to print with")
	}
	pdf, err := browser.PDF(t.Context(), path, Page, Made)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1)); n != 2 {
		t.Errorf("%d pages, want 2", n)
	}
	if !bytes.Contains(pdf, []byte("/Marked true")) {
		t.Error("a screen reader finds no headings in it")
	}
}
