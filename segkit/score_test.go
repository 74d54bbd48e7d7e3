package segkit

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// Whatever is wrong with one customer, the others are scored as if that one were not there, and everyone who is left out is flagged and counted.
func TestOneCustomerNeverRefusesTheOthers(t *testing.T) {
	raw := trial.ThreeGroups(60)
	d := len(raw.Raw().Columns)
	recipes := map[string]Recipe{
		"logs":           threeRecipe,
		"imputed":        {Columns: threeRecipe.Columns, Prep: []prep.Transformer{prep.Impute{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}},
		"components":     {Columns: threeRecipe.Columns, Prep: []prep.Transformer{prep.Standardize{}, prep.PCA{Components: 2}}, Method: cluster.GaussianMixture{K: 2}},
		"cosine":         {Columns: threeRecipe.Columns, Method: cluster.KMedoids{K: 3, Distance: distance.Cosine}},
		"Gower":          {Columns: threeRecipe.Columns, Method: cluster.KMedoids{K: 3, Distance: distance.Gower}},
		"yes/no, LCA":    {Columns: []string{"yes"}, Method: cluster.LatentClass{K: 1}},
		"power, snapped": {Columns: threeRecipe.Columns, Prep: []prep.Transformer{prep.YeoJohnson{}, prep.Standardize{}, prep.Snap{}}, Method: cluster.MiniBatch{K: 3}},
	}
	yes := trial.Sure(raw.With("yes", "if(orders > 5, 1, 0)"))
	for name, r := range recipes {
		t.Run(name, func(t *testing.T) {
			m := fitted(t, r, yes)
			d := d + 1
			rapid.Check(t, func(t *rapid.T) {
				x := changed(yes, nil, nil)
				hit := map[int]bool{}
				for range rapid.IntRange(1, 8).Draw(t, "cells") {
					i, j := rapid.IntRange(0, x.Len()-1).Draw(t, "row"), rapid.IntRange(0, d-1).Draw(t, "column")
					x.Raw().Data[i*d+j] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), -3, 1e200, 1e9, 0}).Draw(t, "value")
					hit[i] = true
				}
				s, err := m.Score(x)
				if err != nil {
					t.Fatal(err)
				}
				alone := trial.Sure(m.Score(yes))
				flagged := 0
				for i := range s.Labels {
					if !hit[i] && (s.Labels[i] != alone.Labels[i] || s.Distance != nil && s.Distance[i] != alone.Distance[i] || s.Flags != nil && s.Flags[i] != 0) {
						t.Fatalf("customer %d, who is as before, went from %d to %d, flags %v", i, alone.Labels[i], s.Labels[i], s.Flags)
					}
					out := s.Flags != nil && s.Flags[i]&^OutOfRange != 0
					if out != (s.Labels[i] == table.Noise) {
						t.Fatalf("customer %d has label %d and flags %v", i, s.Labels[i], s.Flags[i])
					}
					if s.Flags != nil && s.Flags[i] != 0 {
						flagged++
					}
				}
				if (flagged > 0) != (len(s.Remarks) > 0) {
					t.Fatalf("%d flags and the remarks %q", flagged, s.Remarks)
				}
			})
		})
	}
}

// What is scored chunk by chunk in place is what the steps give one after the other, whatever the values are.
func TestStraightIsCareful(t *testing.T) {
	raw := trial.ThreeGroups(60)
	d := len(raw.Raw().Columns)
	for name, steps := range map[string][]prep.Transformer{
		"none":      nil,
		"logs":      {prep.Log1p{}, prep.Standardize{}},
		"clipped":   {prep.Impute{}, prep.Winsor{}, prep.Robust{}, prep.Snap{}},
		"quantiles": {prep.Quantile{}, prep.MinMax{}},
		"power":     {prep.YeoJohnson{}, prep.Standardize{}},
	} {
		m := fitted(t, Recipe{Columns: threeRecipe.Columns, Prep: steps, Method: cluster.KMeans{K: 3, Seed: 1}}, raw)
		old := *m
		old.Training = nil // as in files of version 2
		rapid.Check(t, func(t *rapid.T) {
			x := changed(raw, nil, nil)
			for range rapid.IntRange(0, 3).Draw(t, "cells") {
				i, j := rapid.IntRange(0, x.Len()-1).Draw(t, "row"), rapid.IntRange(0, d-1).Draw(t, "column")
				x.Raw().Data[i*d+j] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), -3, 1e200, math.MaxFloat64, 1e9, 0}).Draw(t, "value")
			}
			for _, m := range []*Model{m, &old} {
				got, err := m.Score(x)
				if err != nil {
					t.Fatal(err)
				}
				in, unseen, err := m.read(x)
				if err != nil {
					t.Fatal(err)
				}
				c := &checkup{n: x.Len()}
				labels, distance, margin, err := m.carefully(in, unseen, c)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got.Labels, labels) || !sameBits(got.Distance, distance) || !sameBits(got.Margin, margin) || !slices.Equal(got.Flags, c.flags) ||
					!slices.Equal(got.Remarks, c.remarks.sentences()) {
					t.Fatalf("%s: %v %v %q, carefully %v %v %q", name, got.Labels, got.Flags, got.Remarks, labels, c.flags, c.remarks.sentences())
				}
			}
		})
	}
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// A table without customers has no segments and no complaints; a single segment has everyone, far from any border.
func TestScoreOfNobodyAndOfOneSegment(t *testing.T) {
	raw := trial.ThreeGroups(60)
	for _, m := range []*Model{fitted(t, threeRecipe, raw), fitted(t, Recipe{Columns: threeRecipe.Columns, Method: cluster.GaussianMixture{K: 2}}, raw)} {
		if s := scored(t, m, raw.Head(0)); len(s.IDs)+len(s.Labels)+len(s.Remarks) > 0 || s.Flags != nil || s.K() != m.K() {
			t.Errorf("%+v", s)
		}
	}
	s := scored(t, fitted(t, Recipe{Columns: threeRecipe.Columns, Method: cluster.KMeans{K: 1}}, raw), raw)
	for i := range s.IDs {
		if s.Labels[i] != 0 || s.Margin[i] != 1 || !(s.Distance[i] >= 0) {
			t.Errorf("customer %d: %d, %v, %v", i, s.Labels[i], s.Distance[i], s.Margin[i])
		}
	}
}

// Frequency weights say of a column what repeated rows say; sampling weights count customers who were seen, and weight their shares.
func TestDistributionsRespectWeights(t *testing.T) {
	number, city := table.Column{Name: "x"}, table.Column{Name: "city", Levels: []string{"a", "b", "c"}}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		var values, weights, repeated []float64
		for range n {
			v, w := float64(rapid.IntRange(-1, 2).Draw(t, "value")), rapid.IntRange(1, 4).Draw(t, "weight")
			if v < 0 {
				v = math.NaN()
			}
			values, weights = append(values, v), append(weights, float64(w))
			repeated = append(repeated, slices.Repeat([]float64{v}, w)...)
		}
		for _, c := range []table.Column{number, city} {
			got, want := distributionOf(c, values, weights, true), distributionOf(c, repeated, nil, false)
			if got.Count != want.Count || got.Missing != want.Missing || !slices.Equal(got.Cuts, want.Cuts) || got.Min != want.Min || got.Max != want.Max ||
				math.Abs(got.Mean-want.Mean) > 1e-12 || math.Abs(got.SD-want.SD) > 1e-12 {
				t.Fatalf("%s: %+v, want %+v", c.Name, got, want)
			}
			trialNear(t, got.Shares, want.Shares)
			drawn := distributionOf(c, values, weights, false)
			if drawn.Count+drawn.Missing != n {
				t.Fatalf("%s: %d and %d of %d", c.Name, drawn.Count, drawn.Missing, n)
			}
			if c.Categorical() {
				trialNear(t, drawn.Shares, want.Shares)
			}
		}
	})
}

func trialNear(t *rapid.T, got, want []float64) {
	if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-12 }) {
		t.Fatalf("%v, want %v", got, want)
	}
}

// Segments in another order keep what is typical of each.
func TestRelabelledKeepsWhatIsTypical(t *testing.T) {
	m := fitted(t, threeRecipe, trial.ThreeGroups(60))
	names := []string{"other", m.Names[2], m.Names[0], "empty", m.Names[1]}
	out := m.Relabelled([]int{2, 4, 1}, names).(*Model)
	for l, at := range []int{2, 4, 1} {
		if !slices.Equal(out.Typical[at], m.Typical[l]) || out.Sizes[at] != m.Sizes[l] {
			t.Errorf("segment %d: %v and %d, want %v and %d", at, out.Typical[at], out.Sizes[at], m.Typical[l], m.Sizes[l])
		}
	}
	for _, at := range []int{0, 3} {
		if !math.IsNaN(out.Typical[at][0]) || out.Sizes[at] != 0 {
			t.Errorf("an empty segment has %v", out.Typical[at])
		}
	}
	data, err := out.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var again Model
	if err := again.UnmarshalBinary(data); err != nil || !sameBits(again.Typical[4], m.Typical[1]) {
		t.Errorf("%v, %v", err, again.Typical)
	}
}

func TestRemarksCount(t *testing.T) {
	raw := trial.ThreeGroups(60)
	m := fitted(t, threeRecipe, raw)
	x := changed(raw, nil, nil)
	d := len(raw.Raw().Columns)
	x.Raw().Data[1*d], x.Raw().Data[2*d+1], x.Raw().Data[3*d+1], x.Raw().Data[4*d+2] = -3, math.NaN(), math.NaN(), 1e6
	s := scored(t, m, x)
	for i, want := range []table.Flag{0, Unusable, MissingValue, MissingValue, OutOfRange, 0} {
		if s.Flags[i] != want {
			t.Errorf("customer %d: %v, want %v", i, s.Flags[i], want)
		}
	}
	for _, want := range []string{
		"2 customers have no value for orders, and are in no segment.",
		"1 customer is in no segment: recency has no ln(1+x), which needs values above −1.",
	} {
		if !slices.Contains(s.Remarks, want) {
			t.Errorf("%q does not stand in %q", want, s.Remarks)
		}
	}
	if s.Labels[4] == table.Noise {
		t.Error("a customer with a large basket is in no segment")
	}
}

// A column that With computed from others is computed again, so that a table of the sources is enough.
func TestComputedColumnsAreComputedAgain(t *testing.T) {
	raw := trial.ThreeGroups(60)
	with := trial.Sure(raw.With("pace", "orders / (recency + 1)"))
	m := fitted(t, Recipe{Columns: []string{"pace", "basket"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}, with)
	if a, b := scored(t, m, with), scored(t, m, raw); !slices.Equal(a.Labels, b.Labels) || !slices.Equal(a.Distance, b.Distance) {
		t.Error("computing the column makes other segments")
	}
}

// What a model remembers of its columns, against a plain count.
func TestDistributions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			if rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
				return math.NaN()
			}
			return float64(rapid.IntRange(-5, 40).Draw(t, "value")) / 2
		}), 1, 200).Draw(t, "values")
		d := distributionOf(table.Column{Name: "x"}, values, nil, false)
		if d.Count+d.Missing != len(values) {
			t.Fatalf("%d and %d are not %d", d.Count, d.Missing, len(values))
		}
		if d.Count == 0 {
			return
		}
		low := math.Inf(-1)
		total := 0.0
		for b, share := range d.Shares {
			high := math.Inf(1)
			if b < len(d.Cuts) {
				high = d.Cuts[b]
			}
			in := 0
			for _, v := range values {
				if v > low && v <= high {
					in++
				}
			}
			if want := float64(in) / float64(d.Count); math.Abs(share-want) > 1e-12 {
				t.Fatalf("share %d is %v, want %v", b, share, want)
			}
			total += share
			low = high
		}
		if math.Abs(total-1) > 1e-12 || d.valid(table.Column{Name: "x"}) != nil {
			t.Fatalf("shares add up to %v (%v)", total, d.valid(table.Column{Name: "x"}))
		}
		again, n := d.Bins(values)
		if n != d.Count || fmt.Sprint(again) != fmt.Sprint(d.Shares) {
			t.Fatalf("its own values fall into %v, not %v", again, d.Shares)
		}
	})
}
