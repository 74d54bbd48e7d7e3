package segkit

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
	if got := SamplingWeights.Worth(weights); got != 360 {
		t.Errorf("sampling weights are worth %g customers, want 360", got)
	}
	if got := FrequencyWeights.Worth(weights); got != 1800 {
		t.Errorf("frequency weights are worth %g customers, want 1800", got)
	}
	if got := SamplingWeights.Worth(nil); !math.IsNaN(got) {
		t.Errorf("no weights are worth %g customers", got)
	}
}

func TestWeightsOfEachKind(t *testing.T) {
	x := numbers(t, 1, 0, 1, 4)
	w, err := x.WithWeights([]float64{1, 2, 5})
	if err != nil || w.Weighting() != SamplingWeights {
		t.Errorf("weights are taken as %v (%v)", w.Weighting(), err)
	}
	f, err := x.WithWeights([]float64{1, 2, 5}, FrequencyWeights)
	if err != nil || f.Weighting() != FrequencyWeights || f.Head(2).Weighting() != FrequencyWeights || f.Fingerprint() == w.Fingerprint() {
		t.Errorf("frequency weights are taken as %v (%v)", f.Weighting(), err)
	}
	var back Table
	if err := back.UnmarshalBinary(sure(f.MarshalBinary())); err != nil || back.Fingerprint() != f.Fingerprint() {
		t.Errorf("stored and read, the weights mean something else (%v)", err)
	}
	if _, err := x.WithWeights([]float64{1, 2.5, 5}, FrequencyWeights); !errors.Is(err, ErrSchema) {
		t.Errorf("a row repeated 2.5 times: %v", err)
	}
	if _, err := x.WithWeights([]float64{1, 2, 5}, Weighting(7)); err == nil {
		t.Error("an unknown kind of weights is taken")
	}
}

// The median of 0, 1 and 4 with equal weights is 1, whatever their size; a sum of tenths falls short of a whole number.
func TestEqualWeightsAreNoWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-100, 100), 2, 40).Draw(t, "values")
		w := rapid.OneOf(rapid.SampledFrom([]float64{.1, .3, 3, 1e-9}), rapid.Float64Range(.01, 20)).Draw(t, "weight")
		plain := &Table{ids: make([]string, len(values)), columns: []Column{{Name: "x"}}, data: values}
		weights := make([]float64, len(values))
		for i := range weights {
			weights[i] = w
		}
		weighted := sure(plain.WithWeights(weights))
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
var everything = map[string]func(x *Table, s *Segments) any{
	"Summary": func(x *Table, _ *Segments) any { return x.Summary().Sheet().Rows },
	"Describe": func(x *Table, s *Segments) any {
		p := sure(Describe(x, s))
		return fmt.Sprint(p.Sheet().Rows, p.All, p.Effects)
	},
	"Differences":      func(x *Table, s *Segments) any { return sure(Describe(x, s)).Differences().Sheet().Rows },
	"Long":             func(x *Table, s *Segments) any { return sure(Describe(x, s)).Long().Records() },
	"Personas":         func(x *Table, s *Segments) any { return sure(Describe(x, s)).Personas().Frame().Records() },
	"CalinskiHarabasz": func(x *Table, s *Segments) any { return sure(CalinskiHarabasz(amounts(x), s)) },
	"DaviesBouldin":    func(x *Table, s *Segments) any { return sure(DaviesBouldin(amounts(x), s)) },
	"Dunn":             func(x *Table, s *Segments) any { return sure(Dunn(amounts(x), s)) },
	"Influence":        func(x *Table, s *Segments) any { return sure(Influence(amounts(x), s, KMeans{K: 3})).Sheet().Rows },
	"Silhouette": func(x *Table, s *Segments) any {
		return fmt.Sprint(sure(Silhouette(amounts(x), s)).Sheet().Rows, sure(Silhouette(amounts(x), s, SilhouetteOptions{Simplified: true})).Sheet().Rows,
			sure(Silhouette(amounts(x), s, SilhouetteOptions{Rows: 40})).Sheet().Rows)
	},
	"Explain": func(x *Table, s *Segments) any {
		e := sure(Explain(x, s, RuleOptions{Columns: []string{"spend", "visits"}}))
		return fmt.Sprint(e.Rules, e.Evidence, e.Fidelity, e.Held, e.Shorter)
	},
	"Adopt": func(x *Table, s *Segments) any {
		return sure(Adopt(x, &RuleBook{Rules: []Rule{{"a", "spend > 6"}, {"b", "visits > 6"}}, Rest: "c"}, s)).History
	},
	"Carve": func(x *Table, _ *Segments) any {
		c := sure(Carve(x, &RuleBook{Rules: []Rule{{"top", "spend > 12"}}}, Recipe{Columns: []string{"spend", "visits"}, Method: KMeans{K: 3}},
			CarveOptions{MinShare: .05}))
		return fmt.Sprint(c.Share, c.Model.Names, len(c.Dissolved))
	},
	"BIC": func(x *Table, _ *Segments) any {
		return sure(SweepBIC(amounts(x), 1, 3, GaussianMixture{Restarts: 2})).Sheet().Rows
	},
	"LatentClass": func(x *Table, _ *Segments) any {
		l := sure(Fit(sure(x.Select("city", "plan")), LatentClass{K: 2, Restarts: 3})).Likelihood
		return []float64{l.BIC(), l.Log, l.Customers}
	},
	"DBSCAN":  func(x *Table, _ *Segments) any { return sure(Fit(amounts(x), DBSCAN{Eps: 2, MinSamples: 6})).K },
	"HDBSCAN": func(x *Table, _ *Segments) any { return sure(Fit(amounts(x), HDBSCAN{MinSize: 8})).K },
	"SweepK": func(x *Table, _ *Segments) any {
		sweep := sure(SweepK(amounts(x), KMeans{Restarts: 2}, 1, 3, SweepOptions{Draws: 9, Pairs: 2, SilhouetteRows: 60, Outcome: x, Goal: Goal{Metric: "later"}}))
		var figures []any
		for _, p := range sweep.Points[1:] {
			figures = append(figures, p.Cost/sweep.Total, p.Silhouette, p.SilhouetteLow, p.Simplified, p.CalinskiHarabasz, p.DaviesBouldin, p.Separation, p.P,
				p.Stability.Rand)
		}
		return figures
	},
	"Stability": func(x *Table, _ *Segments) any {
		return sure(Stability(amounts(x), KMeans{K: 3}, StabilityOptions{Pairs: 3, Draws: -1})).Sheet().Rows
	},
	"PredictionStrength": func(x *Table, _ *Segments) any {
		return sure(PredictionStrength(amounts(x), KMeans{Restarts: 2}, 2, 3, PredictionOptions{Splits: 2})).Sheet().Rows
	},
	"Gap": func(x *Table, _ *Segments) any {
		g := sure(Gap(amounts(x), KMeans{Restarts: 2}, 1, 3, GapOptions{Draws: 3}))
		return fmt.Sprint(g.Gap, g.SE)
	},
	"Judge": func(x *Table, s *Segments) any {
		v := sure(Judge(without(x, "later"), s, VerdictOptions{Outcome: sure(x.Select("later"))}))
		return fmt.Sprint(v.Sheet().Rows, v.Alike, v.Segments)
	},
}

func amounts(x *Table) *Table { return sure(x.Select("spend", "visits")) }

func without(x *Table, column string) *Table {
	return sure(x.Select(slices.DeleteFunc(x.Names(), func(name string) bool { return name == column })...))
}

// weighed returns a table of three overlapping groups with whole weights of 1 to 4, more in one group than in another.
func weighed(t *testing.T, n int, as Weighting) (*Table, *Segments) {
	r := rand.New(rand.NewPCG(5, 6))
	columns := []Column{{Name: "spend", Role: Value}, {Name: "visits"}, {Name: "age", Role: Descriptor},
		{Name: "city", Levels: []string{"Leeds", "York", "Hull"}, Role: Descriptor}, {Name: "plan", Levels: []string{"free", "paid"}}, {Name: "later", Role: Outcome}}
	ids, labels, weights := make([]string, n), make(Labels, n), make([]float64, n)
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
	x := sure(sure(NewTable(ids, columns, data)).WithWeights(weights, as))
	return x, &Segments{IDs: ids, Labels: labels, Names: []string{"a", "b", "c"}, FormedBy: []string{"spend", "visits"}}
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
		x, y := sure(strconv.ParseFloat(numbersA[i], 64)), sure(strconv.ParseFloat(numbersB[i], 64))
		if math.Abs(x-y) > 1e-6*(1+math.Abs(y)) {
			t.Fatalf("%s: number %d is %g, want %g in\n%s\nwant\n%s", what, i, x, y, a, b)
		}
	}
}

// Weights that repeat rows give what the repeated rows give, in every figure of every call.
func TestFrequencyWeightsAreRepeatedRowsEverywhere(t *testing.T) {
	x, s := weighed(t, 90, FrequencyWeights)
	long, of := x.repeated()
	copies := s.repeated(s.Labels, long, of)
	for name, call := range everything {
		t.Run(name, func(t *testing.T) { sameFigures(t, name, call(x, s), call(long, copies)) })
	}
}

// Only the ratios of sampling weights matter, and equal ones are none.
func TestSamplingWeightsHaveNoScale(t *testing.T) {
	x, s := weighed(t, 90, SamplingWeights)
	larger, equal := x.Weights(), slices.Repeat([]float64{.3}, x.Len())
	for i := range larger {
		larger[i] *= 64
	}
	scaled, level := sure(x.WithWeights(larger)), sure(x.WithWeights(equal))
	plain := x.pick(allRows(x.Len()))
	plain.weights = nil
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
