"""What a notebook cell costs with segkit, against a bare cell that shows the like: python notebook.py FOLDER [ROUNDS]

Every notebook holds one kind of cell: its imports, a first cell to warm up, then the same cell several times. The
notebooks take turns. The seconds are those a reader waits: from sending a cell to its last output.
"""

import statistics
import sys
import time

import nbclient
import nbformat

REPEATS = 7

BARE_CHART = """
import (
	"bytes"

	"github.com/janpfeifer/gonb/gonbui"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)
%%
p := plot.New()
p.Title.Text = "Kneedle marks 4"
p.X.Label.Text, p.Y.Label.Text = "segments", "within sum of squares"
points := plotter.XYs{{2, 900}, {3, 520}, {4, 210}, {5, 180}, {6, 160}, {7, 150}, {8, 140}}
line, marks, err := plotter.NewLinePoints(points)
if err != nil {
	panic(err)
}
p.Add(plotter.NewGrid(), line, marks)
canvas := vgsvg.New(500, 320)
p.Draw(draw.New(canvas))
var out bytes.Buffer
if _, err := canvas.WriteTo(&out); err != nil {
	panic(err)
}
gonbui.DisplaySVG(out.String())
gonbui.Sync()
"""

SEGKIT_CHART = """
import (
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/nb"
)
%%
sweep := &choose.Sweep{N: 4000, D: 3, Columns: []string{"recency", "orders", "basket"}, Method: "KMeans", Total: 2000}
for i, cost := range []float64{900, 520, 210, 180, 160, 150, 140} {
	sweep.Points = append(sweep.Points, choose.SweepPoint{K: i + 2, Cost: cost, Silhouette: 0.4,
		NullLow: 1.3 * cost, NullMedian: 1.4 * cost, NullHigh: 1.5 * cost})
}
nb.Show(chart.Elbow(sweep))
"""

BARE_TABLE = """
import (
	"fmt"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)
%%
df := dataframe.New(series.New([]string{"C-1", "C-2", "C-3", "C-4"}, series.String, "id"),
	series.New([]float64{3, 40, 200, 7}, series.Float, "recency"), series.New([]float64{9, 4, 1, 12}, series.Float, "orders"))
fmt.Println(df)
"""

SEGKIT_TABLE = """
import (
	"github.com/segkit/lab/segkit/nb"
	"github.com/segkit/lab/segkit/table"
)
%%
nb.Show(table.New([]string{"C-1", "C-2", "C-3", "C-4"},
	[]table.Column{{Name: "recency", Unit: "days"}, {Name: "orders"}}, []float64{3, 9, 40, 4, 200, 1, 7, 12}))
"""

CELLS = {"bare chart": BARE_CHART, "segkit chart": SEGKIT_CHART, "bare table": BARE_TABLE, "segkit table": SEGKIT_TABLE}


def seconds(cell, folder):
    """The waiting times of the warm repetitions of a cell."""
    imports, body = cell.split("%%")
    sources = ["%noautoget", imports] + ["%%" + body] * (1 + REPEATS)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    began, took = {}, {}
    nbclient.NotebookClient(
        book, kernel_name="gonb", timeout=300, startup_timeout=120, resources={"metadata": {"path": folder}},
        on_cell_execute=lambda cell, cell_index: began.update({cell_index: time.perf_counter()}),
        on_cell_executed=lambda cell, cell_index, execute_reply: took.update({cell_index: time.perf_counter() - began[cell_index]}),
    ).execute()
    for cell in book.cells[2:]:
        if not cell.outputs:
            sys.exit(f"a cell showed nothing:\n{cell.source}")
    return [took[i] for i in range(3, len(sources))]


def main(folder, rounds=3):
    waits = {name: [] for name in CELLS}
    for _ in range(int(rounds)):
        for name, cell in CELLS.items():
            waits[name] += seconds(cell, folder)
    median = {name: statistics.median(w) for name, w in waits.items()}
    for what, most in (("chart", 1.3), ("table", 1.5)):
        bare, ours = median[f"bare {what}"], median[f"segkit {what}"]
        print(f"{what}: bare {bare:.2f} s, segkit {ours:.2f} s, {ours / bare:.2f} times (at most {most})")


if __name__ == "__main__":
    main(*sys.argv[1:])
