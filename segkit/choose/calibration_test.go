package choose_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

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
//
// Of 200 tables of one size, hardly any may have a small p by chance alone, so that a p that is always too large shows only in all sizes
// taken together.
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
	var together counted
	for _, c := range []struct{ n, d int }{{200, 2}, {200, 4}, {200, 16}, {200, 64}, {2000, 2}, {2000, 4}, {2000, 16}, {2000, 64}, {20_000, 2}, {20_000, 4}, {20_000, 16}} {
		row(fmt.Sprintf("%d customers, %d columns", c.n, c.d), func(t *testing.T) string {
			one := countSmall(t, c.n, c.d)
			together.add(one)
			return one.lines(t, fmt.Sprintf("%d | %d", c.n, c.d))
		})
	}
	row("all sizes", func(t *testing.T) string { return together.lines(t, "all | all") })
	tables := max(1, *calibrate/5)
	page += fmt.Sprintf(powerPage, tables)
	for _, d := range []int{4, 64} {
		for _, c := range rows {
			row(fmt.Sprintf("%s, in %d columns", c.name, d), func(t *testing.T) string { return c.power(t, d, tables) })
		}
	}
	if !all {
		return
	}
	if err := os.WriteFile("../../docs/control.md", []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	levels = [...]float64{.05, .1, .25, .5}
	kinds  = [...]string{"one Gaussian", "the columns' own distributions", "both"}
)

// counted is in how many tables p was at most each level.
type counted struct {
	tables int
	atMost [len(kinds)][len(levels)]int
}

func (c *counted) add(more counted) {
	c.tables += more.tables
	for kind := range kinds {
		for at := range levels {
			c.atMost[kind][at] += more.atMost[kind][at]
		}
	}
}

// countSmall sweeps tables of single groups.
func countSmall(t *testing.T, n, d int) (c counted) {
	for seed := range *calibrate {
		s := trial.Sure(choose.SweepK(gaussians(t, seed, n, d, 0), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 3,
			choose.SweepOptions{Seed: seed, Draws: 19, SilhouetteRows: 200}))
		c.tables++
		for kind, p := range []float64{s.Control.Gaussian, s.Control.Copula, max(s.Control.Gaussian, s.Control.Copula)} {
			for at, a := range levels {
				if p <= a+1e-9 {
					c.atMost[kind][at]++
				}
			}
		}
	}
	return c
}

// lines returns lines of the page, and checks them: neither so many nor so few tables come about by chance once in a thousand times.
func (c counted) lines(t *testing.T, size string) (lines string) {
	for kind, name := range kinds {
		lines += fmt.Sprintf("| %s | %s |", size, name)
		for at, a := range levels {
			got := c.atMost[kind][at]
			lines += fmt.Sprintf(" %.3f |", float64(got)/float64(c.tables))
			tooMany, tooFew := implausible(got, c.tables, a)
			if kind != 1 && tooMany || tooFew {
				t.Errorf("against %s, p is at most %v in %d of %d", name, a, got, c.tables)
			}
		}
		lines += "\n"
	}
	return lines
}

// implausible reports whether got of n has a chance below .001 where each has a chance of at most a, or of at least a/2.
func implausible(got, n int, a float64) (tooMany, tooFew bool) {
	most, least := distuv.Binomial{N: float64(n), P: a}, distuv.Binomial{N: float64(n), P: a / 2}
	return 1-most.CDF(float64(got-1)) < .001, least.CDF(float64(got)) < .001
}

// The check can fail: a p that is never small is found out, though at .05 only in tables of all sizes together, and so is one that is
// small too often. A p that is right, or half as bold, passes.
func TestCalibrationCheckCanFail(t *testing.T) {
	for _, c := range []struct {
		got, n    int
		a         float64
		many, few bool
	}{
		{0, 200, .05, false, false}, {0, 200, .1, false, true}, {0, 2000, .05, false, true}, {25, 2000, .05, false, true},
		{10, 200, .05, false, false}, {50, 2000, .05, false, false}, {22, 200, .05, true, false}, {140, 2000, .05, true, false}, {100, 2000, .05, false, false},
	} {
		if many, few := implausible(c.got, c.n, c.a); many != c.many || few != c.few {
			t.Errorf("%d of %d at %v: too many %v, too few %v", c.got, c.n, c.a, many, few)
		}
	}
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

// power returns a line of the page: in how many tables of d columns the groups are found.
func (c inRow) power(t *testing.T, d, tables int) string {
	found := 0
	for seed := range tables {
		s := trial.Sure(choose.SweepK(inARow(t, seed, 2000, d, c.shares, c.apart), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 3,
			choose.SweepOptions{Seed: seed, Draws: 99, SilhouetteRows: 200}))
		if s.Control.Structure {
			found++
		}
	}
	if len(c.shares) == 1 && found > 1+tables/20 {
		t.Errorf("more than one group in %d of %d", found, tables)
	}
	return fmt.Sprintf("| %d | %s | %d |\n", d, c.name, found)
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
a in a share a of the tables. The check fails where so many tables come about less than once in a thousand times if the share is a, or so
few if it is half of a (exact binomial probabilities). At .05 so few can only be told in all sizes together, which are the last lines. The
p against the columns' own distributions is checked from below only: these are estimated, which can make it a little bold. "Both" is the
larger of the two p, which decides whether there is structure: it is more timid than either.

| customers | columns | p against | p ≤ .05 | p ≤ .10 | p ≤ .25 | p ≤ .50 |
|--:|--:|---|--:|--:|--:|--:|
`

const powerPage = `
## Of groups that are there, how often are they found?

Of %d tables of 2,000 customers, in how many both p are at most .01, with 99 draws of each kind, k = 2 and 3. The groups
are round and lie a little apart in every column; the distance is that of neighbouring centres.

| columns | groups | found |
|--:|---|--:|
`
