package choose_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// calibrate is how many tables TestControlOnManyTables draws of each kind; `make calibrate` says 300.
var calibrate = flag.Int("calibrate", 0, "number of tables of each kind that TestControlOnManyTables draws; it writes docs/control.md")

// The level that the null control claims, and what it finds, on so many tables that chance hardly matters: p is at most a in a share
// of at most a of single groups, but for Monte Carlo error, and of at least half of that. It writes what docs/control.md shows.
func TestControlOnManyTables(t *testing.T) {
	if *calibrate == 0 {
		t.Skip("draws thousands of tables: `make calibrate` runs it")
	}
	var page strings.Builder
	fmt.Fprintf(&page, controlPage, *calibrate)
	levels := []float64{.05, .1, .25, .5}
	for _, n := range []int{200, 2000, 20_000} {
		for _, d := range []int{2, 4, 16, 64} {
			atMost := map[string][]float64{}
			for _, kind := range []string{"Gaussian", "copula", "both"} {
				atMost[kind] = make([]float64, len(levels))
			}
			for seed := range *calibrate {
				s := trial.Sure(choose.SweepK(gaussians(t, seed, n, d, 0), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 3,
					choose.SweepOptions{Seed: seed, Draws: 19, SilhouetteRows: 200}))
				c := s.Control
				for kind, p := range map[string]float64{"Gaussian": c.Gaussian, "copula": c.Copula, "both": max(c.Gaussian, c.Copula)} {
					for at, a := range levels {
						if p <= a+1e-9 {
							atMost[kind][at] += 1 / float64(*calibrate)
						}
					}
				}
			}
			for _, kind := range []string{"Gaussian", "copula", "both"} {
				fmt.Fprintf(&page, "| %d | %d | %s |", n, d, kind)
				for at, a := range levels {
					got, chance := atMost[kind][at], 3*math.Sqrt(a*(1-a)/float64(*calibrate))
					fmt.Fprintf(&page, " %.3f |", got)
					if got > a+chance || got < a/2-chance {
						t.Errorf("%d customers, %d columns, %s: p is at most %v in a share of %.3f", n, d, kind, a, got)
					}
				}
				page.WriteString("\n")
			}
			t.Logf("%d customers, %d columns: %v", n, d, atMost)
		}
	}
	page.WriteString(powerPage)
	tables := max(1, *calibrate/6)
	for _, c := range []struct {
		name   string
		shares []float64 // of the groups, which stand in a row
		apart  float64   // neighbours, in standard deviations, a little in each column
	}{
		{"one group", []float64{1}, 0},
		{"two equal groups, 2 sd apart", []float64{.5, .5}, 2},
		{"two equal groups, 3 sd apart", []float64{.5, .5}, 3},
		{"two equal groups, 4 sd apart", []float64{.5, .5}, 4},
		{"a group of 5 %, 4 sd apart", []float64{.95, .05}, 4},
		{"a group of 5 %, 6 sd apart", []float64{.95, .05}, 6},
		{"three equal groups in a row, 3 sd apart", []float64{1. / 3, 1. / 3, 1. / 3}, 3},
		{"three equal groups in a row, 4 sd apart", []float64{1. / 3, 1. / 3, 1. / 3}, 4},
	} {
		fmt.Fprintf(&page, "| %s |", c.name)
		for _, d := range []int{2, 4, 16} {
			found := 0
			for seed := range tables {
				s := trial.Sure(choose.SweepK(inARow(t, seed, 2000, d, c.shares, c.apart), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 4,
					choose.SweepOptions{Seed: seed, Draws: 99, SilhouetteRows: 500}))
				if s.Control.Structure {
					found++
				}
			}
			fmt.Fprintf(&page, " %.0f %% |", 100*float64(found)/float64(tables))
			if apart := len(c.shares) == 1; apart && found > 1+tables/20 {
				t.Errorf("%s in %d columns: more than one in %d of %d", c.name, d, found, tables)
			}
		}
		page.WriteString("\n")
		t.Log(c.name)
	}
	if err := os.WriteFile("../../docs/control.md", []byte(page.String()), 0o644); err != nil {
		t.Fatal(err)
	}
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
a in a share a of the tables; the check allows a plus three standard errors, and half of a minus as much. "Both" is the larger
of the two, which decides whether there is structure: it is at most as bold as either.

| customers | columns | p against | p ≤ .05 | p ≤ .10 | p ≤ .25 | p ≤ .50 |
|--:|--:|---|--:|--:|--:|--:|
`

const powerPage = `
## Of groups that are there, how often are they found?

Shares of tables of 2,000 customers in which both p are at most .01, with 99 draws of each kind and k = 2 to 4. The groups are round and
lie a little apart in every column; the distance is that of their centres. Two groups that differ in one column only, or that are
closer, need histograms and a reason; a small group needs to be far.

| groups | 2 columns | 4 columns | 16 columns |
|---|--:|--:|--:|
`
