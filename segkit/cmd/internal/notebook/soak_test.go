package notebook

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/internal/hard"
)

// soaked is what became of the cells of one notebook.
type soaked struct {
	Cells, Outputs int      // cells that show something, and all that they should show
	Wrong          []string // cells that show anything else, less, or in another order
	Seconds        float64  // of the whole run
}

// A kernel may lose the last output of a cell, or mix up their order: text and displays travel apart. Ten thousand cells show one output
// each, every tenth of them five, and all have to arrive where they belong. They are cut into notebooks, so that a long run can be stopped.
func TestSoak(t *testing.T) {
	const notebooks, cells = 40, 250
	rounds := hard.Rounds(t, "soak", 0, notebooks, func(t *testing.T, round int) soaked {
		found := soaked{Cells: cells}
		shown := []*Cell{code("imports", "import \"github.com/segkit/lab/segkit/nb\"")}
		var want [][]string
		for i := range cells {
			number, parts, source, expected := round*cells+i, 1, "%%\n", []string(nil)
			if i%10 == 9 {
				parts = 5
			}
			for part := range parts {
				text := fmt.Sprintf("number %d, output %d", number, part)
				source += fmt.Sprintf("nb.Show(nb.Markdown(%q))\n", text)
				expected = append(expected, text)
			}
			shown = append(shown, code(fmt.Sprintf("show-%d", number), source))
			want = append(want, expected)
			found.Outputs += parts
		}
		r := runCells(t, Options{}, shown...)
		if r.err != nil || !r.Record.Passed { // a machine that is too busy to start a kernel, say: nothing is known about outputs then
			t.Fatal(r.err, r.Result)
		}
		executed, _, err := Read(filepath.Join(r.folder, "out", "planted.ipynb"))
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range executed.Cells[2:] { // after what sets up and imports
			var got []string
			for _, o := range c.Outputs {
				got = append(got, fmt.Sprint(o.Data["text/markdown"], o.Text, o.EValue))
			}
			if !slices.Equal(got, want[i]) {
				found.Wrong = append(found.Wrong, fmt.Sprintf("cell %d shows %q, want %q", round*cells+i, got, want[i]))
			}
		}
		found.Seconds = r.Record.Seconds
		return found
	})
	var all soaked
	for _, r := range rounds {
		all = soaked{all.Cells + r.Cells, all.Outputs + r.Outputs, append(all.Wrong, r.Wrong...), all.Seconds + r.Seconds}
	}
	for _, wrong := range all.Wrong {
		t.Error(wrong)
	}
	t.Logf("%d cells with %d outputs: %d cells show anything else, or in another order; %.2f s a cell", all.Cells, all.Outputs, len(all.Wrong), all.Seconds/float64(all.Cells))
}
