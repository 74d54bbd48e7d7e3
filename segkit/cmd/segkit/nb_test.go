package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/internal/notebook"
	"github.com/segkit/lab/segkit/internal/trial"
)

// notebookOf is a notebook of cells of code, which begins with a set-up that fetches nothing.
func notebookOf(sources ...string) *notebook.Notebook {
	n := &notebook.Notebook{Metadata: map[string]any{}, Format: 4, FormatMinor: 5}
	for i, source := range append([]string{"%noautoget"}, sources...) {
		n.Cells = append(n.Cells, &notebook.Cell{Type: "code", ID: fmt.Sprintf("cell-%d", i+1), Metadata: map[string]any{}, Outputs: []*notebook.Output{}, Source: notebook.Text(source)})
	}
	return n
}

// needKernel skips where make has not set up the checkout.
func needKernel(t *testing.T) {
	t.Helper()
	if notebook.Checkout(".") == "" {
		t.Skip("the kernel is not set up: `make setup` does it")
	}
}

// outside is what a page would load when it is opened: of a report as of a notebook, nothing.
func outside(page string) []string { return notebook.Outside(page) }

func TestLintAndStripSayWhatTheyFind(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "mine.ipynb", string(trial.Sure(notebookOf("%%").Bytes()))) // without kernel and tags
	said := func(wantCode int, wantOut, wantErr string, args ...string) {
		t.Helper()
		out, errs, code := answerOf(t, dir, "", append([]string{"nb"}, args...)...)
		if code != wantCode || !strings.Contains(out, wantOut) || !strings.Contains(errs, wantErr) {
			t.Errorf("%v: exit %d, %q, %q; want %d, %q, %q", args, code, out, errs, wantCode, wantOut, wantErr)
		}
	}
	said(exitFailed, "mine.ipynb: metadata kernelspec, want that of the kernel gonb\n", "2 findings in notebooks; `segkit nb strip FILE` corrects those of form", "lint", "mine.ipynb")
	said(exitDone, "stripped mine.ipynb\n", "", "strip", "mine.ipynb")
	said(exitFailed, "mine.ipynb: the first code cell (1) is not the one tagged setup\n", "1 findings in notebooks", "lint", "mine.ipynb")
	if out, _, code := answerOf(t, dir, "", "nb", "strip", "mine.ipynb"); out != "" || code != exitDone {
		t.Errorf("stripped again: %q, exit %d", out, code)
	}
	said(exitFailed, "", "cannot read the notebook", "lint", "nowhere.ipynb")
}

// What becomes of each notebook is told in the order given, and one that fails does not stop the others.
func TestExercisesTellOfEachNotebook(t *testing.T) {
	dir := t.TempDir()
	lesson := trial.Sure(filepath.Abs("../../../notebooks/solutions/00_start_here.ipynb"))
	out, errs, code := answerOf(t, dir, "", "nb", "exercises", "--nbgrader", "course", "nowhere/a.ipynb", lesson)
	failed, passed := strings.Index(out, "FAIL  nowhere/a.ipynb\n  segkit: nowhere/a.ipynb is not in a folder named solutions"), strings.Index(out, "ok    "+lesson+"  ")
	if code != exitFailed || failed != 0 || passed < 0 || !strings.Contains(errs, "the exercises of 1 of 2 notebooks are not as they should be") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	for _, name := range []string{"nbgrader_config.py", "source/00_start_here/00_start_here.ipynb"} {
		if _, err := os.Stat(filepath.Join(dir, "course", name)); err != nil {
			t.Error(err)
		}
	}
}

func TestNotebooksThatCannotBeRunTogether(t *testing.T) {
	for want, files := range map[string][]string{
		"a/x.ipynb and b/x.ipynb would both write x.html":   {"a/x.ipynb", "b/x.ipynb"},
		"x.txt is not a notebook: want a name that ends in": {"x.txt"},
	} {
		if _, errs, code := answerOf(t, t.TempDir(), "", append([]string{"nb", "run"}, files...)...); code != exitFailed || !strings.Contains(errs, want) {
			t.Errorf("%v: exit %d, %q, want %q", files, code, errs, want)
		}
	}
}

// Two notebooks of one folder run at once and share what they remember: both show the same, and nothing in the making is left.
func TestTwoNotebooksShareTheMemory(t *testing.T) {
	needKernel(t)
	folder, cache := t.TempDir(), t.TempDir()
	t.Setenv("SEGKIT_CACHE", cache)
	var files []string
	for _, name := range []string{"one.ipynb", "two.ipynb"} {
		files = append(files, filepath.Join(folder, name))
		file(t, folder, name, string(trial.Sure(notebookOf(
			"import (\n\t\"fmt\"\n\n\t\"github.com/segkit/lab/segkit/nb\"\n)\n\nvar squares = nb.Memo(\"squares\", func() []int {\n\tout := make([]int, 200_000)\n\tfor i := range out {\n\t\tout[i] = i * i\n\t}\n\treturn out\n})",
			"%%\nfmt.Println(len(squares()), squares()[777])",
			"%%\nfmt.Println(len(squares()), squares()[777])").Bytes())))
	}
	c := nbRunCmd{Files: files, Out: filepath.Join(folder, "out"), Timeout: 2 * time.Minute, Jobs: 2}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one.ipynb", "two.ipynb"} {
		n, b, err := notebook.Read(filepath.Join(c.Out, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range n.Cells[2:] {
			if len(cell.Outputs) != 1 || cell.Outputs[0].Text != "200000 603729\n" {
				t.Errorf("%s, %s:\n%s", name, cell.ID, b)
			}
		}
	}
	if kept, err := os.ReadDir(filepath.Join(cache, "memory")); err != nil || len(kept) != 1 || !strings.HasPrefix(kept[0].Name(), "memo-") && !strings.HasPrefix(kept[0].Name(), "squares-") {
		t.Errorf("the memory holds %v (%v)", kept, err)
	}
}
