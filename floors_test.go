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
var floors = []struct {
	packages []string // a trailing /... takes all below
	modules  []string
	stair    bool // may import each other
}{
	{packages: []string{"segkit/internal/par", "segkit/internal/seed"}},
	{packages: []string{"segkit/internal/nn"}},
	{packages: []string{"segkit/internal/...", "segkit/sheet", "datasets/shop"}, modules: []string{"gonum.org/v1/gonum", "github.com/expr-lang/expr", "golang.org/x/sys"}},
	{packages: []string{"segkit"}, modules: []string{"gonum.org/v1/gonum", "github.com/go-gota/gota"}},
	{packages: []string{"segkit/features", "segkit/rfm", "segkit/value", "segkit/basket"}, modules: []string{"gonum.org/v1/gonum", "github.com/go-gota/gota"}},
	{packages: []string{"segkit/track", "segkit/campaign"}, modules: []string{"gonum.org/v1/gonum", "github.com/go-gota/gota"}},
	{packages: []string{"datasets/...", "datasets"}, stair: true},
	{packages: []string{"segkit/chart"}, modules: []string{"gonum.org/v1/gonum", "gonum.org/v1/plot", "golang.org/x/image"}},
	{packages: []string{"segkit/report", "segkit/nb"}, modules: []string{"github.com/go-gota/gota", "github.com/janpfeifer/gonb"}},
	{packages: []string{"segkit/cmd/...", "notebooks/...", "notebooks", "bench/...", "bench", ""}, modules: []string{"github.com/go-gota/gota", "gonum.org/v1/plot", "github.com/alecthomas/kong", "github.com/janpfeifer/gonb", "gonum.org/v1/gonum"}},
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
	for _, pkg := range []string{"segkit", "segkit/features", "segkit/rfm"} {
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
