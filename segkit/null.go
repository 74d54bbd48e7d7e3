package segkit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/sheet"
)

// NullControl is the test of a sweep against data with one group only, of two kinds: one Gaussian with the data's covariance
// (as SigClust, Liu, Hayes, Nobel & Marron 2008, doi:10.1198/016214508000000454), and a Gaussian copula with the data's rank
// correlation and the columns' own distributions, as far as they have one peak. The first takes skewed or evenly spread columns
// for groups, the second does not; neither destroys the correlation between columns, as permuting them would.
//
// At every k two numbers are held against those of the draws: the share of the cost that the step from k-1 saves, and the mean
// silhouette. Each is standardised by its mean and deviation among all the others, since draws vary more at some k than at
// others, and the largest over all k counts: p = (1 + draws whose largest is as large) / (1 + draws), so that no choice among
// the k is rewarded. There is structure only if both kinds say so.
//
// What it cannot see: groups so near that together they have one peak and the draws' elliptic shape (two of equal size three
// deviations apart; at four it sees them); groups of a few percent in a sweep of few customers (one of 5 %, eight deviations
// away: found in 34 of 40 sweeps of 200 customers, in 30 of 30 of 500); groups that lie apart in one column among several, since
// the cost sums up all columns (among four columns two groups six deviations apart: in 22 of 40 sweeps of 200, in 30 of 30 of 500;
// three groups in a row: in none, so look at histograms too); differences that only a large table shows, because draws have at
// most 500 customers. What it takes for structure though it is one group: shapes with bends or corners that no correlation
// describes, such as a banana.
type NullControl struct {
	Draws            int     // of each kind
	Gaussian, Copula float64 // p-values against the two kinds
	K                int     // where the sweep stands out most against both
	By               string  // what stands out there: "saved cost" or "silhouette"
	Structure        bool    // both p-values are at most Level
	Level            float64 // .01
}

const (
	nullDraws    = 199 // 99 can just reach controlLevel, and then a single draw decides
	nullRows     = 500 // a null draw has at most so many customers, so that no structure too slight to matter counts in a large table
	nullRestarts = 2   // starts on a null draw: without groups, all starts end about as well
	controlLevel = .01
)

var _ sheet.Sheeter = (*NullControl)(nil)

// course is a sweep as the control sees it, on the data or on a draw.
type course struct {
	costs       []float64 // (points) as a share of that at k = 1
	silhouettes []float64 // (points) NaN for k = 1
}

// features are what stands out or does not: the share that each step saves (points, NaN where the k before is not in the
// sweep), then the silhouettes (points).
func (c course) features(points []SweepPoint) []float64 {
	all := make([]float64, 0, 2*len(points))
	for at, p := range points {
		before := math.NaN()
		switch {
		case p.K == 2:
			before = 1
		case at > 0:
			before = c.costs[at-1]
		}
		all = append(all, 1-c.costs[at]/before)
	}
	return append(all, c.silhouettes...)
}

// addControl runs the sweep on every null draw.
func (s *Sweep) addControl(ctx context.Context, x *Table, m KMethod, o SweepOptions, report func()) error {
	for at := range s.Points {
		p := &s.Points[at]
		p.P, p.NullLow, p.NullMedian, p.NullHigh, p.NullSilhouetteHigh = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	if o.Draws == 0 {
		return nil
	}
	m = quick(m, x, s.DrawRows)
	sample := min(o.SilhouetteRows, s.DrawRows)
	like := x.pick(sampleRows(x.Len(), s.DrawRows, seed.Stream(o.Seed, "control sample", 0)))
	kinds := []struct {
		blob    blob
		purpose string
	}{{newBlob(like), "null draw"}, {newCopulaBlob(like), "copula draw"}}
	own, err := s.repeat(ctx, like, m, sampleRows(s.DrawRows, sample, seed.Stream(o.Seed, "control sample", 1)))
	if err != nil {
		return err
	}
	draws, errs := make([]course, 2*o.Draws), make([]error, 2*o.Draws)
	err = par.Items(ctx, len(draws), func(i int) {
		kind := kinds[i/o.Draws]
		r := seed.Stream(o.Seed, kind.purpose, i%o.Draws)
		draw := kind.blob.draw(r)
		draws[i], errs[i] = s.repeat(par.Inside(ctx), draw, m, sampleRows(s.DrawRows, sample, r))
		report()
	})
	if err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("segkit: SweepK: null draw: %w", trimmed(err))
		}
	}
	s.band(draws)
	s.judge(own, draws[:o.Draws], draws[o.Draws:])
	return nil
}

// quick returns m with few starts, and a smallest size that so many rows allow.
func quick(m KMethod, x *Table, rows int) KMethod {
	switch few := m.(type) {
	case KMeans:
		few.Restarts = min(few.resolved().Restarts, nullRestarts)
		few.MinSize, few.MinShare = few.least(x.Len())*rows/x.Len(), 0
		return few
	case MiniBatch:
		few.Restarts = min(few.resolved().Restarts, nullRestarts)
		return few
	case KMedoids:
		few.Restarts = min(few.resolved().Restarts, nullRestarts)
		return few
	case KPrototypes:
		few.Restarts = min(few.resolved(x).Restarts, nullRestarts)
		return few
	}
	return m
}

// repeat runs the sweep on a null draw, with silhouettes of the given rows.
func (s *Sweep) repeat(ctx context.Context, draw *Table, m KMethod, rows []int) (course, error) {
	var c course
	whole, err := FitContext(ctx, draw, m.WithK(1))
	if err != nil {
		return c, err
	}
	for _, p := range s.Points {
		fit := whole
		if k := differentRows(draw, p.K); k > 1 { // answers of a few kinds may be fewer kinds in a draw
			if fit, err = FitContext(ctx, draw, m.WithK(k)); err != nil {
				return c, err
			}
		}
		mean, _, _, err := sampledSilhouette(ctx, draw, fit.Labels, rows)
		if err != nil {
			return c, err
		}
		c.costs, c.silhouettes = append(c.costs, fit.Cost/whole.Cost), append(c.silhouettes, mean)
	}
	return c, nil
}

// band puts the draws of both kinds beside the points.
func (s *Sweep) band(draws []course) {
	for at := range s.Points {
		p := &s.Points[at]
		for _, c := range draws {
			p.Null = append(p.Null, c.costs[at]*s.Total)
			if mean := c.silhouettes[at]; mean > p.NullSilhouetteHigh || math.IsNaN(p.NullSilhouetteHigh) {
				p.NullSilhouetteHigh = mean
			}
		}
		sorted := slices.Sorted(slices.Values(p.Null))
		p.NullLow, p.NullHigh = sorted[0], sorted[len(sorted)-1]
		p.NullMedian = (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
	}
}

// judge compares the sweep with the draws of either kind.
func (s *Sweep) judge(own course, gaussian, copula []course) {
	of := func(c course) []float64 { return c.features(s.Points) }
	a, b := compare(own, gaussian, of), compare(own, copula, of)
	if !a.known() || !b.known() { // one segment, or customers all alike
		return
	}
	s.Control = &NullControl{Draws: len(gaussian), Gaussian: a.best(), Copula: b.best(), Level: controlLevel}
	steps := func(c course) []float64 { return of(c)[:len(s.Points)] }
	c, d := compare(own, gaussian, steps), compare(own, copula, steps)
	s.Control.Structure = max(s.Control.Gaussian, s.Control.Copula) <= controlLevel
	most := math.Inf(-1)
	for f := range a.z {
		at := f % len(s.Points)
		if z := min(a.z[f], b.z[f]); z > most {
			most, s.Control.K, s.Control.By = z, s.Points[at].K, "saved cost"
			if f >= len(s.Points) {
				s.Control.By = "silhouette"
			}
		}
		if f < len(s.Points) {
			s.Points[at].P = max(c.p[f], d.p[f])
		}
	}
}

// standing is how far each feature of the data stands out among the draws.
type standing struct {
	z []float64 // (features) standardised by the draws; NaN where it is undefined
	p []float64 // (features) of draws standing out as far in any feature
}

// known reports whether a feature is defined.
func (s standing) known() bool {
	return slices.ContainsFunc(s.p, func(p float64) bool { return !math.IsNaN(p) })
}

// best is the p-value of the feature that stands out most.
func (s standing) best() float64 {
	least := 1.0
	for _, p := range s.p {
		if p < least {
			least = p
		}
	}
	return least
}

func compare(own course, draws []course, features func(course) []float64) standing {
	all := [][]float64{features(own)}
	for _, c := range draws {
		all = append(all, features(c))
	}
	for f := range all[0] {
		amongOthers(all, f)
	}
	out := standing{z: all[0]}
	for _, z := range out.z {
		beyond := 1
		for _, c := range all[1:] {
			if slices.ContainsFunc(c, func(of float64) bool { return of >= z }) {
				beyond++
			}
		}
		p := float64(beyond) / float64(len(all))
		if math.IsNaN(z) {
			p = math.NaN()
		}
		out.p = append(out.p, p)
	}
	return out
}

// amongOthers standardises feature f of each by the mean and deviation of all the others; NaN where one of them is undefined.
func amongOthers(all [][]float64, f int) {
	others, sum, squares := float64(len(all)-1), 0.0, 0.0
	for _, v := range all {
		sum += v[f]
	}
	mean := sum / (others + 1)
	for _, v := range all {
		squares += float64((v[f] - mean) * (v[f] - mean))
	}
	for _, v := range all {
		among := (sum - v[f]) / others
		variance := max(0, squares-float64((v[f]-mean)*(v[f]-among))) / (others - 1)
		if v[f] -= among; v[f] != 0 {
			v[f] /= math.Sqrt(variance)
		}
	}
}

// says is the finding in one sentence.
func (c *NullControl) says() string {
	against := fmt.Sprintf("p = %s against one Gaussian, %s against one group with the columns' own distributions", sheet.Number(c.Gaussian),
		sheet.Number(c.Copula))
	if c.Structure {
		often := "never"
		if fewest := 1 / float64(1+c.Draws); max(c.Gaussian, c.Copula) > fewest {
			often = "hardly ever"
		}
		return fmt.Sprintf("There is more than one group: one group alone %s shows as much (%s).", often, against)
	}
	return fmt.Sprintf("No natural segments: by chance one group alone shows as much (%s), so that any split is a construction.", against)
}

// Sheet lists the two kinds of draws with their p-values.
func (c *NullControl) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: c.says(), Columns: []sheet.Column{{Name: "one group", Text: true}, {Name: "draws"}, {Name: "p"},
		{Name: "more than one?", Text: true}}}
	for _, kind := range []struct {
		name string
		p    float64
	}{{"Gaussian with the data's covariance", c.Gaussian}, {"with the columns' own distributions and rank correlation", c.Copula}} {
		verdict := "no"
		if kind.p <= c.Level {
			verdict = "yes"
		}
		out.Rows = append(out.Rows, []string{kind.name, sheet.Count(c.Draws), sheet.Number(kind.p), verdict})
	}
	if c.K > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("The sweep stands out most by the %s at k = %d.", c.By, c.K))
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Structure needs p of at most %s against both. A p cannot be below 1/(1 + draws).",
		sheet.Fixed(c.Level, 2)))
	return out
}

// Frame returns a row per kind of draws: kind, draws, p.
func (c *NullControl) Frame() dataframe.DataFrame {
	return dataframe.New(series.New([]string{"gaussian", "copula"}, series.String, "kind"), series.New([]int{c.Draws, c.Draws}, series.Int, "draws"),
		series.New([]float64{c.Gaussian, c.Copula}, series.Float, "p"))
}
