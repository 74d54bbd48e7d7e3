package choose_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// calibrate is how many tables TestControlOnManyTables draws of each kind; `make calibrate` says 200.
var calibrate = flag.Int("calibrate", 0, "number of tables of each kind that TestControlOnManyTables draws; it writes docs/control.md")

// The level that the null control claims, and what it finds, on so many tables that chance hardly matters: p is at most a in a share
// of at most a of single groups, but for Monte Carlo error, and of at least half of that. A run of all writes docs/control.md.
func TestControlOnManyTables(t *testing.T) {
	if *calibrate == 0 {
		t.Skip("draws thousands of tables: `make calibrate` runs it")
	}
	all, page := true, ""
	row := func(name string, of func(t *testing.T) string) {
		text := ""
		t.Run(name, func(t *testing.T) {
			text = of(t)
			t.Log("\n" + text)
		})
		all, page = all && text != "", page+text
	}
	page = fmt.Sprintf(controlPage, *calibrate)
	for _, c := range []struct{ n, d int }{{200, 2}, {200, 4}, {200, 16}, {200, 64}, {2000, 2}, {2000, 4}, {2000, 16}, {20_000, 2}, {20_000, 4}, {20_000, 16}} {
		row(fmt.Sprintf("%d customers, %d columns", c.n, c.d), func(t *testing.T) string { return calibration(t, c.n, c.d) })
	}
	tables := max(1, *calibrate/25)
	page += fmt.Sprintf(powerPage, tables)
	for _, c := range rows {
		row(c.name, func(t *testing.T) string { return c.power(t, tables) })
	}
	if !all {
		return
	}
	if err := os.WriteFile("../../docs/control.md", []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

// calibration checks how often p is small on single groups, and returns lines of the page.
func calibration(t *testing.T, n, d int) (lines string) {
	levels, kinds := []float64{.05, .1, .25, .5}, []string{"one Gaussian", "the columns' own distributions", "both"}
	var atMost [3][4]int // tables (kinds x levels)
	for seed := range *calibrate {
		s := trial.Sure(choose.SweepK(gaussians(t, seed, n, d, 0), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 3,
			choose.SweepOptions{Seed: seed, Draws: 19, SilhouetteRows: 200}))
		c := s.Control
		for kind, p := range []float64{c.Gaussian, c.Copula, max(c.Gaussian, c.Copula)} {
			for at, a := range levels {
				if p <= a+1e-9 {
					atMost[kind][at]++
				}
			}
		}
	}
	for kind, name := range kinds {
		lines += fmt.Sprintf("| %d | %d | %s |", n, d, name)
		for at, a := range levels {
			got, chance := float64(atMost[kind][at])/float64(*calibrate), 3*math.Sqrt(a*(1-a)/float64(*calibrate))
			lines += fmt.Sprintf(" %.3f |", got)
			if kind != 1 && got > a+chance || got < a/2-chance {
				t.Errorf("against %s, p is at most %v in a share of %.3f", name, a, got)
			}
		}
		lines += "\n"
	}
	return lines
}

// inRow is a population of groups that stand in a row.
type inRow struct {
	name   string
	shares []float64
	apart  float64 // neighbours, in standard deviations, a little in each column
}

var rows = []inRow{
	{"one group", []float64{1}, 0},
	{"two equal groups, 2 sd apart", []float64{.5, .5}, 2},
	{"two equal groups, 3 sd apart", []float64{.5, .5}, 3},
	{"two equal groups, 4 sd apart", []float64{.5, .5}, 4},
	{"a group of 5 %, 4 sd apart", []float64{.95, .05}, 4},
	{"a group of 5 %, 6 sd apart", []float64{.95, .05}, 6},
	{"three equal groups in a row, 3 sd apart", []float64{1. / 3, 1. / 3, 1. / 3}, 3},
	{"three equal groups in a row, 4 sd apart", []float64{1. / 3, 1. / 3, 1. / 3}, 4},
}

// power returns a line of the page: in how many tables the groups are found.
func (c inRow) power(t *testing.T, tables int) string {
	found := 0
	for seed := range tables {
		s := trial.Sure(choose.SweepK(inARow(t, seed, 2000, 4, c.shares, c.apart), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 3,
			choose.SweepOptions{Seed: seed, Draws: 99, SilhouetteRows: 200}))
		if s.Control.Structure {
			found++
		}
	}
	if len(c.shares) == 1 && found > 1+tables/20 {
		t.Errorf("more than one group in %d of %d", found, tables)
	}
	return fmt.Sprintf("| %s | %d |\n", c.name, found)
}

// inARow draws n customers of groups with the given shares, neighbours so many deviations apart, a little in each of d columns.
func inARow(t *testing.T, seed, n, d int, shares []float64, apart float64) *table.Table {
	r, data := rand.New(rand.NewPCG(uint64(seed), uint64(n+d))), make([]float64, 0, n*d)
	for i := range n {
		group, upTo := 0, shares[0]
		for float64(i)+.5 > upTo*float64(n) && group < len(shares)-1 {
			group++
			upTo += shares[group]
		}
		for range d {
			data = append(data, r.NormFloat64()+float64(group)*apart/math.Sqrt(float64(d)))
		}
	}
	return trial.Numbered(t, d, data)
}

const controlPage = `# How far the null control can be trusted

` + "`make calibrate`" + ` draws the tables, checks the claims and writes this page.

## On one group, how often is p as small?

One Gaussian group, %d tables of each size, k-means at k = 2 and 3, 19 draws of each kind. A p that is neither bold nor timid is at most
a in a share a of the tables. The check allows a share of a plus three standard errors at most, and at least half of a minus as much.
The p against the columns' own distributions is checked from below only: these are estimated, which can make it a little bold.
"Both" is the larger of the two p, which decides whether there is structure: it is more timid than either.

| customers | columns | p against | p ≤ .05 | p ≤ .10 | p ≤ .25 | p ≤ .50 |
|--:|--:|---|--:|--:|--:|--:|
`

const powerPage = `
## Of groups that are there, how often are they found?

Of %d tables of 2,000 customers and 4 columns, in how many both p are at most .01, with 99 draws of each kind, k = 2 and 3. The groups
are round and lie a little apart in every column; the distance is that of neighbouring centres.

| groups | found |
|---|--:|
`
