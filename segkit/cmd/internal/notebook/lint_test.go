package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLintFindsEachFault(t *testing.T) {
	one := 1
	for name, c := range map[string]struct {
		spoil func(n *Notebook)
		want  string
	}{
		"output":             {func(n *Notebook) { n.Cells[3].Outputs = []*Output{{Type: "stream"}} }, "has outputs"},
		"execution count":    {func(n *Notebook) { n.Cells[3].ExecutionCount = &one }, "execution count"},
		"cell metadata":      {func(n *Notebook) { n.Cells[3].Metadata["execution"] = map[string]any{} }, "metadata execution"},
		"notebook metadata":  {func(n *Notebook) { n.Metadata["toc"] = 1 }, "metadata toc"},
		"kernel":             {func(n *Notebook) { n.Metadata["kernelspec"] = map[string]any{"name": "python3"} }, "kernelspec"},
		"no kernel":          {func(n *Notebook) { delete(n.Metadata, "kernelspec") }, "kernelspec"},
		"language":           {func(n *Notebook) { delete(n.Metadata, "language_info") }, "byte for byte"},
		"random id":          {func(n *Notebook) { n.Cells[3].ID = "0a1b2c3d" }, "id"},
		"no id":              {func(n *Notebook) { n.Cells[3].ID = "" }, "id"},
		"id twice":           {func(n *Notebook) { n.Cells[3].ID = "setup" }, "id"},
		"blank at the end":   {func(n *Notebook) { n.Cells[3].Source += "\n\n" }, "byte for byte"},
		"injected":           {func(n *Notebook) { n.Cells[2].Metadata["tags"] = []any{"injected-parameters"} }, "injected"},
		"old format":         {func(n *Notebook) { n.FormatMinor = 4 }, "4.4"},
		"no set-up":          {func(n *Notebook) { delete(n.Cells[1].Metadata, "tags") }, "setup"},
		"set-up fetches":     {func(n *Notebook) { n.Cells[1].Source = "import \"fmt\"" }, "%noautoget"},
		"two set-ups":        {func(n *Notebook) { n.Cells[3].Metadata["tags"] = []any{"display", "setup"} }, "2 cells are tagged setup"},
		"computed parameter": {func(n *Notebook) { n.Cells[2].Source = "var k = 2 * 2 // segments" }, "line 1"},
		"no comment":         {func(n *Notebook) { n.Cells[2].Source = "var a = 1 // one\nvar k = 4" }, "line 2"},
		"long cell":          {func(n *Notebook) { n.Cells[3].Source = Text("%%" + strings.Repeat("\n_ = 1", 15)) }, "16 lines"},
		"wide line":          {func(n *Notebook) { n.Cells[3].Source = Text("%%\n\t_ = " + strings.Repeat("ü", 93)) }, "line 2 has 101 columns"},
		"unwatched":          {func(n *Notebook) { delete(n.Cells[3].Metadata, "tags") }, "display"},
		"no import":          {func(n *Notebook) { n.Cells[1].Source = "%noautoget" }, "does not import nb"},
		"no opening":         {func(n *Notebook) { n.Cells = n.Cells[1:] }, "opening"},
		"opening cut":        {func(n *Notebook) { n.Cells[0].Source = "# Question, audience, data" }, "minutes"},
		"no closing":         {func(n *Notebook) { n.Cells = n.Cells[:4] }, "closing"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNotebook(lessonCells()...)
			c.spoil(n)
			findings := strings.Join(lint("01_lesson.ipynb", n, stored(t, n)), "\n")
			if !strings.Contains(findings, c.want) {
				t.Errorf("findings %q, want one about %q", findings, c.want)
			}
		})
	}
}

func TestLintAcceptsALesson(t *testing.T) {
	n := newNotebook(lessonCells()...)
	for _, finding := range lint("01_lesson.ipynb", n, stored(t, n)) {
		t.Error(finding)
	}
	n = newNotebook(lessonCells()[1:4]...)
	for _, finding := range lint("mine.ipynb", n, stored(t, n)) {
		t.Errorf("a notebook that is no lesson needs no boxes: %s", finding)
	}
}

func TestLintSeesTheBytes(t *testing.T) {
	n := newNotebook(lessonCells()...)
	b := bytes.ReplaceAll(stored(t, n), []byte("\n "), []byte("\n  "))
	if findings := lint("01_lesson.ipynb", n, b); len(findings) != 1 {
		t.Errorf("an indent of two: findings %q, want one", findings)
	}
}

// A notebook as it comes out of JupyterLab after a run, brought to the stored form.
func TestStrip(t *testing.T) {
	one := 1
	cells := []*Cell{
		markdown("8e1f0a9b-1c2d-4e5f-8a9b-0c1d2e3f4a5b", "## 2. How many groups?\n\nText"),
		code("0a1b2c3d", "%%\nfmt.Println(1)\n\n"),
		code("0a1b2c3d", "%%\nfmt.Println(2)"),
		code("mine", "%noautoget"),
		code("injected-parameters", "var k = 5", "injected-parameters"),
	}
	cells[1].ExecutionCount = &one
	cells[1].Outputs = []*Output{{Type: "stream", Name: "stdout", Text: "1\n"}}
	cells[1].Metadata = map[string]any{"execution": map[string]any{}, "scrolled": true, "tags": []any{}}
	file := filepath.Join(t.TempDir(), "a.ipynb")
	if err := os.WriteFile(file, stored(t, &Notebook{Cells: cells, Format: 4, FormatMinor: 2}), 0o644); err != nil {
		t.Fatal(err)
	}
	if changed, err := Strip(file); err != nil || !changed {
		t.Fatal(changed, err)
	}
	n, b, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"how-many-groups", "how-many-groups-code", "how-many-groups-code-2", "mine"}
	if len(n.Cells) != len(want) {
		t.Fatalf("%d cells, want %d", len(n.Cells), len(want))
	}
	for i, c := range n.Cells {
		if c.ID != want[i] {
			t.Errorf("cell %d: id %q, want %q", i+1, c.ID, want[i])
		}
	}
	for _, trace := range []string{"scrolled", `"tags"`, `"execution"`, "stdout", `\n\n"`} {
		if bytes.Contains(b, []byte(trace)) {
			t.Errorf("%s is still there:\n%s", trace, b)
		}
	}
	changed, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := Strip(file); err != nil || changed {
		t.Fatal(changed, err)
	}
	if again, err := os.Stat(file); err != nil || !os.SameFile(changed, again) {
		t.Errorf("stripping twice wrote the file again (%v)", err)
	}
}
