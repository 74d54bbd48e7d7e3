package nb

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

type output struct {
	Type string `json:"output_type"`
	Name string
	Text lines
	Data map[string]lines
}

// lines is a text that a notebook file holds as one string or as many.
type lines string

func (l *lines) UnmarshalJSON(b []byte) error {
	var one string
	var many []string
	if json.Unmarshal(b, &one) != nil {
		if err := json.Unmarshal(b, &many); err != nil {
			return err
		}
	}
	*l = lines(one + strings.Join(many, ""))
	return nil
}

// runCells executes cells in the real kernel and returns the outputs of each. Cells that start with "// fails" must fail.
func runCells(t *testing.T, sources ...string) [][]output {
	t.Helper()
	root, _ := filepath.Abs("../..")
	runner := filepath.Join(root, ".tools", "bin", "segkit")
	if _, err := os.Stat(runner); err != nil {
		t.Skip("the kernel is not set up: `make setup` does it")
	}
	type cell map[string]any
	cells := []cell{}
	for i, source := range sources {
		tags := []string{}
		if strings.HasPrefix(source, "// fails") {
			tags = []string{"raises-exception"}
		}
		cells = append(cells, cell{"cell_type": "code", "id": "cell-" + string(rune('a'+i)), "source": source,
			"metadata": cell{"tags": tags}, "outputs": []cell{}, "execution_count": nil})
	}
	notebook, err := json.Marshal(cell{"cells": cells, "nbformat": 4, "nbformat_minor": 5,
		"metadata": cell{"kernelspec": cell{"name": "gonb", "display_name": "Go (gonb)", "language": "go"}}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cells.ipynb"), notebook, 0o644); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(runner, "nb", "run", "--out", filepath.Join(dir, "out"), filepath.Join(dir, "cells.ipynb"))
	run.Dir = root
	run.Env = append(os.Environ(), "SEGKIT_CACHE="+filepath.Join(dir, "cache"))
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", "cells.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var executed struct{ Cells []struct{ Outputs []output } }
	if err := json.Unmarshal(b, &executed); err != nil {
		t.Fatal(err)
	}
	var all [][]output
	for _, c := range executed.Cells {
		all = append(all, c.Outputs)
	}
	return all
}

func TestInTheRealKernel(t *testing.T) {
	got := runCells(t,
		"%noautoget",
		`%%
nb.Show("first", nb.HTML("<b>second</b>"))
nb.Show(sheet.Sheet{Caption: "third"})
nb.Show(nb.Markdown("*fourth*"))
nb.Show(strconv.Atoi("5"))`,
		"// fails\nvar n = nb.Must(strconv.Atoi(\"five\"))",
		"// fails: every later cell does, until n is mended\n%%\nnb.Show(1)",
		"var n = nb.Must(strconv.Atoi(\"5\"))",
		`var slow = nb.Memo("slow", func() int { fmt.Println("computing"); return n })`,
		"%%\nnb.Show(slow())",
		"%%\nplot.New()\nnb.Show(slow())", // links another module
		"// fails\n%%\ngonbui.DisplayHTML(\"<i>theirs</i>\")\nnb.Show(\"ours\")",
		"var _ = nb.Via(gonbui.SendData, gonbui.Sync)\n%%\ngonbui.DisplayHTML(\"<i>theirs</i>\")\nnb.Show(\"ours\")",
		"// fails\n%%\nfmt.Println(1)\nnb.Show(os.Open(\"/nowhere\"))",
		"// fails\n%%\nm := nb.Must(strconv.Atoi(\"five\"))\nnb.Show(m)",
		"%%\nnb.Show(\"the kernel lives\")",
	)
	text := func(cell int) string {
		var all []string
		for _, o := range got[cell] {
			switch {
			case o.Text != "":
				all = append(all, strings.TrimSpace(string(o.Text)))
			case o.Data["text/html"] != "":
				all = append(all, string(o.Data["text/html"]))
			default:
				all = append(all, string(o.Data["text/plain"]))
			}
		}
		return strings.Join(all, "|")
	}
	shown := strings.Split(text(1), "|")
	if len(shown) != 5 || shown[0] != "first" || shown[1] != "<b>second</b>" || !strings.Contains(shown[2], "<caption") ||
		shown[3] != "*fourth*" || shown[4] != "5" {
		t.Errorf("shown: %q", shown)
	}
	for _, cell := range []int{2, 3} {
		said := text(cell)
		if !strings.HasPrefix(said, `strconv.Atoi: parsing "five": invalid syntax`) || !strings.Contains(said, "[[ Cell [3] Line 2 ]]") ||
			!strings.Contains(said, "Every later cell runs this declaration again") || strings.Contains(said, "goroutine") {
			t.Errorf("cell %d of a failing declaration says %q", cell+1, said)
		}
	}
	if text(6) != "computing|5" && text(6) != "5|computing" || text(7) != "5" {
		t.Errorf("memo: %q, then %q", text(6), text(7))
	}
	if said := text(8); !strings.Contains(said, "nb.Via(gonbui.SendData, gonbui.Sync)") {
		t.Errorf("beside gonbui: %q", said)
	}
	if said := text(9); said != "<i>theirs</i>|ours" {
		t.Errorf("via gonbui: %q", said)
	}
	if said := text(11); !strings.Contains(said, "[[ Cell [12] Line 3 ]]") || !strings.Contains(said, `m := nb.Must(`) || text(12) != "the kernel lives" {
		t.Errorf("after a failing :=, %q, then %q", said, text(12))
	}
	// The kernel carries stdout and stderr apart, so which of the two comes first is chance.
	if said := text(10); !strings.Contains("|"+said+"|", "|1|") || !strings.Contains("|"+said, "|open /nowhere: no such file or directory") ||
		strings.Contains(said, "later cell") ||
		!strings.Contains(said, "[[ Cell [11] Line 4 ]]") {
		t.Errorf("cell 11 says %q", said)
	}
}
