package lab

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/segkit/lab"

// floors is the house from the ground up. A package may import packages of the project from lower floors, the standard
// library, and the named modules; packages on one floor do not know each other, except where it says that they are a stair.
// What rooms share stands in internal, on the lowest floor that it can.
var floors = []struct {
	packages []string // a trailing /... takes all below
	modules  []string
	stair    bool // may import each other
}{
	{packages: []string{"segkit/internal/inert", "internal/atomicfile"}},
	{packages: []string{"segkit/internal/par", "segkit/internal/seed", "segkit/internal/pick", "segkit/internal/vec", "segkit/internal/distinct",
		"segkit/internal/marks", "segkit/internal/fuzzing", "internal/xlsx", "segkit/internal/repeats", "segkit/internal/intern", "segkit/internal/terminal", "segkit/internal/sphere", "segkit/internal/polygon", "segkit/internal/textfile", "segkit/internal/assign", "segkit/internal/frame", "segkit/internal/heap", "segkit/sheet", "segkit/job"},
		modules: []string{"golang.org/x/sys", "golang.org/x/text", "github.com/go-gota/gota"}},
	{packages: []string{"segkit/internal/nn", "segkit/internal/quantile", "segkit/internal/stats", "segkit/internal/derived", "segkit/internal/em", "segkit/internal/tree", "segkit/internal/bintree",
		"segkit/internal/pam", "segkit/internal/formula", "segkit/internal/wording", "segkit/internal/progressbar", "datasets/shop"},
		modules: []string{"gonum.org/v1/gonum", "github.com/expr-lang/expr"}},
	{packages: []string{"segkit/internal/linkage", "segkit/internal/cell", "segkit/internal/survival", "segkit/fault"}},
	{packages: []string{"segkit/internal/layout", "segkit/internal/records", "segkit/internal/exports", "segkit/internal/enum", "segkit/internal/gobs", "segkit/internal/kinds", "segkit/internal/option", "segkit/internal/suggest"}},
	{packages: []string{"segkit/internal/memory", "segkit/internal/condition", "segkit/internal/kept", "segkit/internal/evidence", "segkit/dialect"}},
	{packages: []string{"segkit/internal/query", "segkit/internal/flags"}},
	{packages: []string{"segkit/inspect"}},
	{packages: []string{"segkit/table"}, modules: []string{"gonum.org/v1/gonum", "github.com/go-gota/gota"}},
	{packages: []string{"segkit/distance", "segkit/internal/behaviour", "segkit/internal/covariance", "segkit/internal/effect", "segkit/internal/folds", "segkit/internal/grouping", "segkit/internal/identify", "segkit/internal/overlap",
		"segkit/internal/separation", "segkit/internal/worth", "segkit/internal/trial", "segkit/internal/hard", "segkit/internal/killed"}, modules: []string{"gonum.org/v1/gonum", "pgregory.net/rapid", "golang.org/x/net"}},
	{packages: []string{"segkit/prep", "segkit/compare", "segkit/measure", "segkit/internal/growtree"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit/starts"}},
	{packages: []string{"segkit/cluster"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit/describe", "segkit/internal/control", "segkit/internal/refit"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit"}},
	{packages: []string{"segkit/choose", "segkit/rulebook"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit/judge", "segkit/features", "segkit/geo", "segkit/survey", "segkit/rfm", "segkit/predict", "segkit/privacy", "segkit/combine", "segkit/internal/sqltest"}, modules: []string{"gonum.org/v1/gonum", "github.com/go-gota/gota"}},
	{packages: []string{"segkit/value", "segkit/basket", "segkit/weblog", "segkit/typing"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit/track"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit/campaign"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"segkit/engine"}, modules: []string{"gonum.org/v1/gonum"}},
	{packages: []string{"datasets/...", "datasets"}, stair: true},
	{packages: []string{"segkit/chart"}, modules: []string{"gonum.org/v1/gonum", "gonum.org/v1/plot", "golang.org/x/image"}},
	{packages: []string{"segkit/report"}},
	{packages: []string{"segkit/nb"}, modules: []string{"github.com/go-gota/gota", "github.com/janpfeifer/gonb"}},
	{packages: []string{"segkit/cmd/internal/choices", "segkit/cmd/internal/inputs"}},
	{packages: []string{"segkit/cmd/internal/..."}, modules: []string{"github.com/xuri/excelize", "github.com/parquet-go/parquet-go"}},
	{packages: []string{"segkit/cmd/...", "notebooks/...", "notebooks", "bench/...", "bench", ""}, modules: []string{"github.com/go-gota/gota",
		"gonum.org/v1/plot", "github.com/alecthomas/kong", "golang.org/x/mod", "golang.org/x/text", "github.com/janpfeifer/gonb", "gonum.org/v1/gonum"}},
}

// floorOf returns the floor of a package, -1 if it has none.
func floorOf(pkg string) int {
	path := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
	for f, floor := range floors {
		for _, p := range floor.packages {
			if below, ok := strings.CutSuffix(p, "..."); path == p || ok && strings.HasPrefix(path, below) {
				return f
			}
		}
	}
	return -1
}

func TestFloors(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := fields[0]
		floor := floorOf(pkg)
		if floor < 0 {
			t.Errorf("%s stands on no floor: give it one", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			switch standard := !strings.Contains(strings.Split(imported, "/")[0], "."); {
			case standard:
			case imported == module || strings.HasPrefix(imported, module+"/"):
				if f := floorOf(imported); f > floor || f == floor && !floors[floor].stair {
					t.Errorf("%s imports %s, which does not stand below it", pkg, imported)
				}
			case !slices.ContainsFunc(floors[floor].modules, func(m string) bool { return strings.HasPrefix(imported, m+"/") || imported == m }):
				t.Errorf("%s imports %s, which its floor does without", pkg, imported)
			}
		}
	}
}

// A service that only scores customers links neither charts nor the notebook kernel.
func TestAnalysisLinksNoChartsAndNoKernel(t *testing.T) {
	for _, pkg := range []string{"segkit", "segkit/judge", "segkit/rulebook", "segkit/features", "segkit/geo", "segkit/survey", "segkit/rfm", "segkit/predict", "segkit/value", "segkit/basket", "segkit/track", "segkit/campaign", "segkit/privacy", "segkit/combine", "segkit/typing", "segkit/engine"} {
		out, err := exec.Command("go", "list", "-deps", "./"+pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		for dep := range strings.Lines(string(out)) {
			for _, heavy := range []string{"gonum.org/v1/plot", "github.com/janpfeifer/gonb", "net/http"} {
				if strings.HasPrefix(dep, heavy) {
					t.Errorf("%s links %s", pkg, strings.TrimSpace(dep))
				}
			}
		}
	}
}
