package judge

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Whatever the sizes, the money and the weights, the advice finds a segment too small, or with too few customers for certain figures, exactly where the verdict
// does.
func TestSubstantialIsWhatTheAdviceAccepts(t *testing.T) {
	grades := map[Grade]int{}
	for seed := range 9 {
		r, n := rand.New(rand.NewPCG(uint64(seed), 1)), 160+40*seed
		ids, data, weights := make([]string, n), []float64(nil), make([]float64, n)
		for i := range n {
			corner := min(int(r.ExpFloat64()*1.2), 5)
			ids[i], weights[i] = strconv.Itoa(i), float64(1+r.IntN(3))
			data = append(data, 9*float64(corner%2)+r.NormFloat64(), 9*float64(corner/2)+r.NormFloat64(), math.Exp(float64(corner)*r.Float64()))
		}
		role := table.Value
		if seed%4 == 3 {
			role = table.Descriptor
		}
		raw := trial.Sure(table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}, {Name: "spend", Role: role}}, data))
		if seed%3 > 0 {
			raw = trial.Sure(raw.WithWeights(weights, []table.Weighting{table.SamplingWeights, table.FrequencyWeights}[seed%3-1]))
		}
		goal := choose.Goal{MaxSegments: 9}
		s := trial.Sure(choose.SweepK(raw, segkit.Recipe{Columns: []string{"a", "b"}, Method: cluster.KMeans{Seed: seed, Restarts: 3}}, 2, 7, choose.SweepOptions{Draws: -1, Goal: goal}))
		for _, choice := range s.Advice().Choices {
			segments := trial.Sure(s.Segments(choice.K))
			j := &judge{raw: raw, s: segments, labels: segments.Labels, o: Options{Goal: goal}.resolved(), profile: trial.Sure(describe.Segments(raw, segments)),
				out: &Verdict{Segments: make([][]Check, segments.K())}}
			if err := j.substantial(t.Context()); err != nil {
				t.Fatal(err)
			}
			c := j.out.Solution[0]
			passed := ""
			if p := s.Points[choice.K-2]; s.ValueColumns != nil {
				for l, share := range p.Share {
					if share < .05 && p.ValueShare[l][0] >= .05 {
						passed += c.Says
						if !strings.Contains(c.Says, strconv.Quote(segments.Name(l))+" has "+Limit{.05, .025}.percent(share)+" of customers, and is large enough by its ") {
							t.Errorf("seed %d, k = %d: %s", seed, choice.K, c.Says)
						}
					}
				}
			}
			if strings.Contains(c.Says, "is large enough by") != (passed != "") {
				t.Errorf("seed %d, k = %d: %s", seed, choice.K, c.Says)
			}
			small := slices.IndexFunc(choice.Against, func(text string) bool { return strings.HasPrefix(text, "its smallest segment holds ") })
			few := slices.ContainsFunc(choice.Against, func(text string) bool { return strings.HasPrefix(text, "a segment of only ") })
			if grades[c.Grade]++; (c.Grade == Pass) != (small < 0 && !few) || (c.Value < .05) != (small >= 0) {
				t.Errorf("seed %d, k = %d: %s, and against it stands %q", seed, choice.K, c.Says, choice.Against)
			}
			if small >= 0 && !strings.Contains(choice.Against[small], c.Reads) {
				t.Errorf("seed %d, k = %d: the verdict says %q, the advice %q", seed, choice.K, c.Reads, choice.Against[small])
			}
		}
	}
	if len(grades) < 3 {
		t.Errorf("grades %v: the test shows nothing", grades)
	}
}

// A verdict has the figures of the sweep that it was given, where that tried just these segments: the silhouette, of the same customers where only some are drawn, and the
// stability.
func TestVerdictHasTheFiguresOfTheSweep(t *testing.T) {
	for _, n := range []int{300, 5200} {
		x := trial.Groups(t, n, 2, 3, 2.5)
		recipe := segkit.Recipe{Method: cluster.KMeans{K: 3, Seed: 1, Restarts: 2}}
		o := Options{Seed: 4, Sweep: trial.Sure(choose.SweepK(x, recipe, 2, 3, choose.SweepOptions{Draws: -1, Pairs: 3, Seed: 4}))}
		p, m := o.Sweep.Points[1], trial.Sure(recipe.Fit(x))
		segments := trial.Sure(m.Score(x))
		j := &judge{raw: x, s: segments, labels: segments.Labels, o: o.resolved(), scored: m, model: m, out: &Verdict{Names: segments.Names, Segments: make([][]Check, 3)}}
		if err := errors.Join(j.homogeneous(t.Context()), j.stable(t.Context())); err != nil {
			t.Fatal(err)
		}
		alike, stable := j.out.Solution[0], j.out.Solution[1]
		if math.Abs(alike.Value-p.Silhouette) > 1e-12 || strings.Contains(alike.Figures, "of 5,000 customers, drawn at random") != (n > 5000) {
			t.Errorf("%d customers: silhouette %v, of the sweep %v: %s", n, alike.Value, p.Silhouette, alike.Figures)
		}
		weakest := slices.MinFunc(p.Stability.Each, func(a, b choose.SegmentStability) int { return cmp.Compare(a.Mean, b.Mean) })
		if stable.Value != weakest.Mean || !strings.Contains(stable.Figures, "is "+sheet.Fixed(p.Stability.Mean, 2)+".") {
			t.Errorf("%d customers: stability %v, of the sweep %v: %s", n, stable.Value, weakest.Mean, stable.Figures)
		}
		o.Sweep.Points[1].Stability.Segments = trial.Sure(o.Sweep.Segments(2)) // of other segments, another figure
		if j.swept() != nil {
			t.Error("the stability of other segments")
		}
	}
}
