package judge

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

func TestWhatWeightsAreWorth(t *testing.T) {
	weights := make([]float64, 1000)
	for i := range weights {
		weights[i] = 1
		if i >= 900 {
			weights[i] = 9
		}
	}
	// Kish 1965: (900 + 900)^2 / (900 + 100 * 81) = 360
	if got := table.SamplingWeights.Worth(weights); got != 360 {
		t.Errorf("sampling weights are worth %g customers, want 360", got)
	}
	if got := table.FrequencyWeights.Worth(weights); got != 1800 {
		t.Errorf("frequency weights are worth %g customers, want 1800", got)
	}
	if got := table.SamplingWeights.Worth(nil); !math.IsNaN(got) {
		t.Errorf("no weights are worth %g customers", got)
	}
}

func TestWeightsOfEachKind(t *testing.T) {
	x := trial.Numbers(t, 1, 0, 1, 4)
	w, err := x.WithWeights([]float64{1, 2, 5})
	if err != nil || w.Weighting() != table.SamplingWeights {
		t.Errorf("weights are taken as %v (%v)", w.Weighting(), err)
	}
	f, err := x.WithWeights([]float64{1, 2, 5}, table.FrequencyWeights)
	if err != nil || f.Weighting() != table.FrequencyWeights || f.Head(2).Weighting() != table.FrequencyWeights || f.Fingerprint() == w.Fingerprint() {
		t.Errorf("frequency weights are taken as %v (%v)", f.Weighting(), err)
	}
	var back table.Table
	if err := back.UnmarshalBinary(trial.Sure(f.MarshalBinary())); err != nil || back.Fingerprint() != f.Fingerprint() {
		t.Errorf("stored and read, the weights mean something else (%v)", err)
	}
	if _, err := x.WithWeights([]float64{1, 2.5, 5}, table.FrequencyWeights); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("a row repeated 2.5 times: %v", err)
	}
	if _, err := x.WithWeights([]float64{1, 2, 5}, table.Weighting(7)); err == nil {
		t.Error("an unknown kind of weights is taken")
	}
}

// The median of 0, 1 and 4 with equal weights is 1, whatever their size; a sum of tenths falls short of a whole number.
func TestEqualWeightsAreNoWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-100, 100), 2, 40).Draw(t, "values")
		w := rapid.OneOf(rapid.SampledFrom([]float64{.1, .3, 3, 1e-9}), rapid.Float64Range(.01, 20)).Draw(t, "weight")
		plain := table.FromRaw(table.Raw{IDs: make([]string, len(values)), Columns: []table.Column{{Name: "x"}}, Data: values})
		weights := make([]float64, len(values))
		for i := range weights {
			weights[i] = w
		}
		weighted := trial.Sure(plain.WithWeights(weights))
		a, b := weighted.Summary().Columns[0], plain.Summary().Columns[0]
		for i, pair := range [][2]float64{{a.Q1, b.Q1}, {a.Median, b.Median}, {a.Q3, b.Q3}, {a.Mean, b.Mean}, {a.SD, b.SD}} {
			if math.Abs(pair[0]-pair[1]) > 1e-9 {
				t.Fatalf("figure %d of %v is %g with weights %g, want %g", i, values, pair[0], w, pair[1])
			}
		}
	})
}

// everything is what each public call on a table and segments of its rows says, in words and numbers that do not depend on how the rows
// are written down. The rows of x are those of labels.
var everything = map[string]func(x *table.Table, s *table.Segments) any{
	"Summary": func(x *table.Table, _ *table.Segments) any { return x.Summary().Sheet().Rows },
	"Describe": func(x *table.Table, s *table.Segments) any {
		p := trial.Sure(describe.Segments(x, s))
		return fmt.Sprint(p.Sheet().Rows, p.All, p.Effects)
	},
	"Differences": func(x *table.Table, s *table.Segments) any {
		return trial.Sure(describe.Segments(x, s)).Differences().Sheet().Rows
	},
	"Long": func(x *table.Table, s *table.Segments) any {
		return trial.Sure(describe.Segments(x, s)).Long().Records()
	},
	"Personas": func(x *table.Table, s *table.Segments) any {
		return trial.Sure(describe.Segments(x, s)).Personas().Frame().Records()
	},
	"CalinskiHarabasz": func(x *table.Table, s *table.Segments) any {
		return trial.Sure(measure.CalinskiHarabasz(amounts(x), s))
	},
	"DaviesBouldin": func(x *table.Table, s *table.Segments) any { return trial.Sure(measure.DaviesBouldin(amounts(x), s)) },
	"Dunn":          func(x *table.Table, s *table.Segments) any { return trial.Sure(measure.Dunn(amounts(x), s)) },
	"Influence": func(x *table.Table, s *table.Segments) any {
		return trial.Sure(describe.Influence(amounts(x), s, cluster.KMeans{K: 3})).Sheet().Rows
	},
	"Silhouette": func(x *table.Table, s *table.Segments) any {
		return fmt.Sprint(trial.Sure(measure.Silhouette(amounts(x), s)).Sheet().Rows, trial.Sure(measure.Silhouette(amounts(x), s, measure.SilhouetteOptions{Simplified: true})).Sheet().Rows,
			trial.Sure(measure.Silhouette(amounts(x), s, measure.SilhouetteOptions{Rows: 40})).Sheet().Rows)
	},
	"Explain": func(x *table.Table, s *table.Segments) any {
		e := trial.Sure(rulebook.Explain(x, s, rulebook.Options{Columns: []string{"spend", "visits"}}))
		return fmt.Sprint(e.Rules, e.Evidence, e.Fidelity, e.Held, e.Shorter)
	},
	"Adopt": func(x *table.Table, s *table.Segments) any {
		return trial.Sure(rulebook.Adopt(x, &rulebook.Book{Rules: []rulebook.Rule{{Name: "a", When: "spend > 6"}, {Name: "b", When: "visits > 6"}}, Rest: "c"}, s)).History
	},
	"Carve": func(x *table.Table, _ *table.Segments) any {
		c := trial.Sure(rulebook.Carve(x, &rulebook.Book{Rules: []rulebook.Rule{{Name: "top", When: "spend > 12"}}}, segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{K: 3}},
			rulebook.CarveOptions{MinShare: .05}))
		return fmt.Sprint(c.Share, c.Model.Names, len(c.TooSmall))
	},
	"Counts": func(x *table.Table, _ *table.Segments) any {
		m := trial.Sure(segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{K: 3}}.Fit(x))
		scored := trial.Sure(m.Score(x))
		ruled := trial.Sure(halves.Assign(x))
		return fmt.Sprint(m.Customers, m.Sizes, scored.Counts(), scored.Sizes(), ruled.Counts())
	},
	"SegmentsBy": func(x *table.Table, _ *table.Segments) any { return trial.Sure(x.SegmentsBy("city")).Counts() },
	"Fit": func(x *table.Table, _ *table.Segments) any {
		return trial.Sure(cluster.Fit(amounts(x), cluster.KMeans{K: 3})).Segments().Counts()
	},
	"Match": func(x *table.Table, _ *table.Segments) any {
		m := trial.Sure(compare.Match(trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "a", When: "visits > 6"}}}).Assign(x)), trial.Sure(halves.Assign(x))))
		return fmt.Sprint(m.Sheet(), m.Customers, m.Counts, m.Jaccard, m.AdjustedRand, m.Aligned().Counts())
	},
	"Lint": func(x *table.Table, _ *table.Segments) any {
		l := trial.Sure(halves.Lint(x))
		return fmt.Sprint(l.Sheet(), l.Customers, l.Gaps, l.Overlaps)
	},
	"Refine": func(x *table.Table, _ *table.Segments) any {
		r := trial.Sure(rulebook.Refine(x, trial.Sure(halves.Assign(x)), rulebook.Edit{Split: "b", When: "age > 40", Into: "d"}, rulebook.Edit{Merge: []string{"b", "c"}, Into: "e"}))
		var figures []any
		for _, step := range r.Steps {
			figures = append(figures, step.Customers, step.Unknown, step.Value[0]/r.ValueTotals[0])
		}
		return fmt.Sprint(figures, r.Segments.Sizes())
	},
	"Control": func(x *table.Table, _ *table.Segments) any {
		return *trial.Sure(choose.SweepK(amounts(x), segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{Restarts: 2}}, 2, 3, choose.SweepOptions{Draws: 19})).Control
	},
	"Sweep.Segments": func(x *table.Table, _ *table.Segments) any {
		s := trial.Sure(choose.SweepK(amounts(x), segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{Restarts: 2}}, 2, 3, choose.SweepOptions{Draws: -1}))
		return trial.Sure(s.Segments(3)).Counts()
	},
	"BIC": func(x *table.Table, _ *table.Segments) any {
		return trial.Sure(choose.SweepBIC(amounts(x), 1, 3, cluster.GaussianMixture{Restarts: 2})).Sheet().Rows
	},
	"LatentClass": func(x *table.Table, _ *table.Segments) any {
		l := trial.Sure(cluster.Fit(trial.Sure(x.Select("city", "plan")), cluster.LatentClass{K: 2, Restarts: 3})).Likelihood
		return []float64{l.BIC(), l.Log, l.Customers}
	},
	"DBSCAN": func(x *table.Table, _ *table.Segments) any {
		return trial.Sure(cluster.Fit(amounts(x), cluster.DBSCAN{Eps: 2, MinSamples: 6})).K
	},
	"HDBSCAN": func(x *table.Table, _ *table.Segments) any {
		return trial.Sure(cluster.Fit(amounts(x), cluster.HDBSCAN{MinSize: 8})).K
	},
	"SweepK": func(x *table.Table, _ *table.Segments) any {
		sweep := trial.Sure(choose.SweepK(amounts(x), segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{Restarts: 2}}, 1, 3, choose.SweepOptions{Draws: 9, Pairs: 2, SilhouetteRows: 60, Outcome: x, Goal: choose.Goal{Metric: "later"}}))
		var figures []any
		for _, p := range sweep.Points[1:] {
			figures = append(figures, p.Cost/sweep.Total, p.Silhouette, p.SilhouetteLow, p.Simplified, p.CalinskiHarabasz, p.DaviesBouldin, p.Separation, p.P,
				p.Stability.Rand)
		}
		return figures
	},
	"Stability": func(x *table.Table, _ *table.Segments) any {
		return trial.Sure(choose.Stability(amounts(x), segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{K: 3}}, choose.StabilityOptions{Pairs: 3, Draws: -1})).Sheet().Rows
	},
	"PredictionStrength": func(x *table.Table, _ *table.Segments) any {
		return trial.Sure(choose.PredictionStrength(amounts(x), segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{Restarts: 2}}, 2, 3, choose.PredictionOptions{Splits: 2})).Sheet().Rows
	},
	"Gap": func(x *table.Table, _ *table.Segments) any {
		g := trial.Sure(choose.Gap(amounts(x), segkit.Recipe{Columns: []string{"spend", "visits"}, Method: cluster.KMeans{Restarts: 2}}, 1, 3, choose.GapOptions{Draws: 3}))
		return fmt.Sprint(g.Gap, g.SE)
	},
	"Judge": func(x *table.Table, s *table.Segments) any {
		v := trial.Sure(Segments(without(x, "later"), s, Options{Outcome: trial.Sure(x.Select("later"))}))
		return fmt.Sprint(v.Sheet().Rows, v.SpreadWithin, v.Segments)
	},
}

// halves is a book whose rules overlap.
var halves = &rulebook.Book{Rules: []rulebook.Rule{{Name: "a", When: "spend > 6"}, {Name: "b", When: "visits > 6 or age < 35"}}, Rest: "c"}

func amounts(x *table.Table) *table.Table { return trial.Sure(x.Select("spend", "visits")) }

func without(x *table.Table, column string) *table.Table {
	return trial.Sure(x.Select(slices.DeleteFunc(x.Names(), func(name string) bool { return name == column })...))
}

// weighed returns a table of three overlapping groups with whole weights of 1 to 4, more in one group than in another.
func weighed(t *testing.T, n int, as table.Weighting) (*table.Table, *table.Segments) {
	r := rand.New(rand.NewPCG(5, 6))
	columns := []table.Column{{Name: "spend", Role: table.Value}, {Name: "visits"}, {Name: "age", Role: table.Descriptor},
		{Name: "city", Levels: []string{"Leeds", "York", "Hull"}, Role: table.Descriptor}, {Name: "plan", Levels: []string{"free", "paid"}}, {Name: "later", Role: table.Outcome}}
	ids, labels, weights := make([]string, n), make(table.Labels, n), make([]float64, n)
	var data []float64
	for i := range n {
		ids[i], labels[i] = fmt.Sprint("c", i), i%3
		g := float64(i % 3)
		weights[i] = float64(1 + r.IntN(2) + i%3)
		age := math.Floor(30 + 8*g + 6*r.NormFloat64())
		if i%17 == 0 {
			age = math.NaN()
		}
		data = append(data, 3+4*g+r.NormFloat64(), 5+3*math.Mod(g, 2)+r.NormFloat64(), age, float64((i+r.IntN(2))%3), float64(r.IntN(1+i%3)/2), g+2*r.NormFloat64())
		if i%11 == 0 {
			labels[i] = (i + 1) % 3
		}
	}
	x := trial.Sure(trial.Sure(table.New(ids, columns, data)).WithWeights(weights, as))
	return x, &table.Segments{IDs: ids, Labels: labels, Names: []string{"a", "b", "c"}, FormedBy: []string{"spend", "visits"}}
}

// sameFigures fails unless both say the same, numbers to 1e-6.
func sameFigures(t *testing.T, what string, got, want any) {
	t.Helper()
	number := regexp.MustCompile(`-?\d+(\.\d+)?(e[-+]\d+)?`)
	a, b := fmt.Sprint(got), fmt.Sprint(want)
	if number.ReplaceAllString(a, "#") != number.ReplaceAllString(b, "#") {
		t.Fatalf("%s:\n%s\nwant\n%s", what, a, b)
	}
	numbersA, numbersB := number.FindAllString(a, -1), number.FindAllString(b, -1)
	for i := range numbersA {
		x, y := trial.Sure(strconv.ParseFloat(numbersA[i], 64)), trial.Sure(strconv.ParseFloat(numbersB[i], 64))
		if math.Abs(x-y) > 1e-6*(1+math.Abs(y)) {
			t.Fatalf("%s: number %d is %g, want %g in\n%s\nwant\n%s", what, i, x, y, a, b)
		}
	}
}

// Weights that repeat rows give what the repeated rows give, in every figure of every call.
func TestFrequencyWeightsAreRepeatedRowsEverywhere(t *testing.T) {
	x, s := weighed(t, 90, table.FrequencyWeights)
	long, of := x.Repeated()
	copies := s.Repeated(s.Labels, long, of)
	for name, call := range everything {
		t.Run(name, func(t *testing.T) { sameFigures(t, name, call(x, s), call(long, copies)) })
	}
}

// Only the ratios of sampling weights matter, and equal ones are none.
func TestSamplingWeightsHaveNoScale(t *testing.T) {
	x, s := weighed(t, 90, table.SamplingWeights)
	larger, equal := x.Weights(), slices.Repeat([]float64{.3}, x.Len())
	for i := range larger {
		larger[i] *= 64
	}
	scaled, level := trial.Sure(x.WithWeights(larger)), trial.Sure(x.WithWeights(equal))
	plain := x.Rows(pick.All(x.Len()))
	plain.Raw().Weights = nil
	total := map[string]bool{"Describe": true, "Personas": true, "Gap": true} // tell sums, or log costs
	for name, call := range everything {
		t.Run(name, func(t *testing.T) {
			sameFigures(t, "times 64", call(scaled, s), call(x, s))
			if !total[name] {
				sameFigures(t, "all .3", call(level, s), call(plain, s))
			}
		})
	}
}
