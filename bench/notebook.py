"""What a notebook costs with segkit, through the same Jupyter: python notebook.py FOLDER PYTHON [ROUNDS]

A lesson against the same analysis with pandas, scikit-learn and matplotlib (whole_analysis.py), run by PYTHON: how long it takes
from opening it to the first chart, from a restart of the kernel to the first cell that shows something, and to the end. segkit
remembers nothing at first; after the restart it does, as for a reader.

A cell that shows a chart or a table against a bare one that shows the like. Every notebook holds one kind of cell: its imports, a
first cell to warm up, then the same cell several times.

The notebooks take turns. The seconds are those a reader waits, and those of all processors by the kernel and what it started.
"""

import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

import nbclient
import nbformat
import psutil
from jupyter_core.utils import run_sync

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


def lesson():
    """The cells of lesson 01, and how many of them are its steps 1 to 7, which whole_analysis.py does too."""
    book = nbformat.read("notebooks/01_whole_analysis.ipynb", 4)
    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    return cells, next(i for i, source in enumerate(cells) if "chart.Profile" in source) + 1


def in_python():
    cells = pathlib.Path("bench/whole_analysis.py").read_text().split("# %%\n")[1:]
    return cells, len(cells)


def processor_seconds(pid):
    """What a kernel and all processes that it started have worked, also those that have ended."""
    kernel, total = psutil.Process(pid), 0
    for process in [kernel, *kernel.children(recursive=True)]:
        try:
            t = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += t.user + t.system + getattr(t, "children_user", 0) + getattr(t, "children_system", 0)
    return total


def walk(sources, steps, kernel, folder):
    """Opens a notebook, runs its cells, and starts anew: {what: (seconds, processor seconds)}."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    client = nbclient.NotebookClient(book, kernel_name=kernel, timeout=900, startup_timeout=300, resources={"metadata": {"path": folder}})
    took, begin = {}, time.perf_counter()

    def run(at):
        client.execute_cell(book.cells[at], at)
        return book.cells[at].get("outputs", [])

    def note(what):
        took.setdefault(what, (time.perf_counter() - begin, processor_seconds(client.km.provisioner.pid)))

    with client.setup_kernel():
        for at in range(len(sources)):
            shown = run(at)
            if any(mime.startswith("image/") or "<svg" in text for output in shown for mime, text in output.get("data", {}).items()):
                note("first chart after opening")
            if at + 1 == steps:
                note("steps 1 to 7")
        note("whole notebook")
        begin = time.perf_counter()
        run_sync(client.km.restart_kernel)(now=True)
        run_sync(client.kc.wait_for_ready)(timeout=300)
        next(at for at in range(len(sources)) if run(at))
        note("first output after a restart")
    return took


def lessons(folder, python, rounds):
    kernels = pathlib.Path(folder, "jupyter", "kernels", "bench-python")
    kernels.mkdir(parents=True, exist_ok=True)
    (kernels / "kernel.json").write_text(json.dumps({
        "display_name": "bench", "language": "python", "argv": [os.path.abspath(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]}))
    os.environ["JUPYTER_PATH"] += os.pathsep + str(kernels.parent.parent)
    ours, theirs = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as remembered:
            os.environ["SEGKIT_CACHE"] = remembered
            ours.append(walk(*lesson(), "gonb", folder))
            del os.environ["SEGKIT_CACHE"]
        theirs.append(walk(*in_python(), "bench-python", folder))
    print("lesson 01 against pandas, scikit-learn and matplotlib    python s  segkit s  ratio  cpu ratio")
    for what in theirs[0]:
        if what == "whole notebook":  # theirs ends with step 7
            continue
        a, b = [[(t[what][0], t[what][1]) for t in side] for side in (theirs, ours)]
        ratio, cpu = (statistics.median(x[at] / y[at] for x, y in zip(a, b)) for at in (0, 1))
        print(f"{what:55}  {statistics.median(x for x, _ in a):8.1f}  {statistics.median(y for y, _ in b):8.1f}  {ratio:5.2f}  {cpu:9.2f}")
    whole = [t["whole notebook"] for t in ours]
    print(f"{'all ten steps, segkit alone':55}            {statistics.median(s for s, _ in whole):8.1f}"
          f"     ({statistics.median(c for _, c in whole):.1f} processor seconds)")
    print("ratio = python s / segkit s; cpu ratio = that of processor seconds, of the kernel and all that it started")


def cells(folder, rounds):
    waits = {name: [] for name in CELLS}
    for _ in range(rounds):
        for name, cell in CELLS.items():
            waits[name] += seconds(cell, folder)
    median = {name: statistics.median(w) for name, w in waits.items()}
    for what, most in (("chart", 1.3), ("table", 1.5)):
        bare, ours = median[f"bare {what}"], median[f"segkit {what}"]
        print(f"{what}: bare {bare:.2f} s, segkit {ours:.2f} s, {ours / bare:.2f} times (at most {most})")


def main(folder, python, rounds=3):
    lessons(folder, python, int(rounds))
    cells(folder, int(rounds))


if __name__ == "__main__":
    main(*sys.argv[1:])
