package judge

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// A label is a number and a colour, nothing else: what is found about a segment is the same under any.

// relabelledWays are the same segments under other labels, as Aligned gives them: by a permutation, and with a label between them whose
// segment is gone. The labels are those of an earlier segmentation, which has the same customers together.
func relabelledWays(t *testing.T, s *table.Segments) map[string]*table.Segments {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	out := map[string]*table.Segments{}
	for _, gaps := range []int{0, 2} {
		k := s.K() + gaps
		to := r.Perm(k)[:s.K()]
		for slices.IsSorted(to) {
			to = r.Perm(k)[:s.K()]
		}
		earlier := &table.Segments{IDs: s.IDs, Labels: make(table.Labels, len(s.Labels)), Names: make([]string, k)}
		for l := range earlier.Names {
			earlier.Names[l] = fmt.Sprintf("earlier %d", l)
		}
		for i, l := range s.Labels {
			earlier.Labels[i] = table.Noise
			if l >= 0 {
				earlier.Labels[i] = to[l]
			}
		}
		m, err := compare.Match(earlier, s)
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprintf("%v of %d", to, k)] = m.Aligned()
	}
	return out
}

// relabellings are fitted models whose segments are given other labels.
func relabellings(t *testing.T, check func(t *testing.T, raw *table.Table, s, o *table.Segments)) {
	t.Helper()
	raw := trial.ThreeGroups(90)
	for _, m := range []cluster.Method{cluster.KMeans{K: 3, Seed: 1}, cluster.MiniBatch{K: 3, Seed: 1}, cluster.KMedoids{K: 3, Seed: 1}, cluster.KMedoids{K: 3, Seed: 1, Distance: distance.Gower},
		cluster.KPrototypes{K: 3, Seed: 1}, cluster.GaussianMixture{K: 3, Seed: 1}, cluster.HDBSCAN{}, cluster.DBSCAN{}} {
		model := fitted(t, segkit.Recipe{Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Columns: []string{"recency", "orders", "basket"}, Method: m}, raw)
		model.Names = []string{"Ann", "Bob", "Cid", "Dot"}[:model.K()]
		s := scored(t, model, raw)
		for name, o := range relabelledWays(t, s) {
			t.Run(fmt.Sprintf("%T/%s", m, name), func(t *testing.T) { check(t, raw, s, o) })
		}
	}
}

// Aligned labels go through the model: it scores the training table as it was aligned, also when it was saved and loaded.
func TestAlignedModelScoresAlignedSegments(t *testing.T) {
	relabellings(t, func(t *testing.T, raw *table.Table, s, o *table.Segments) {
		if again := scored(t, o.Model.(*segkit.Model), raw); !slices.Equal(again.Labels, o.Labels) || !slices.Equal(again.Names, o.Names) ||
			!slices.Equal(again.Distance, s.Distance) || !slices.Equal(again.Margin, s.Margin) {
			t.Errorf("aligned %v %q, the model scores %v %q", o.Labels[:6], o.Names, again.Labels[:6], again.Names)
		}
		for l, name := range o.Names {
			if at := slices.Index(s.Names, name); at < 0 && o.Model.(*segkit.Model).Sizes[l] != 0 || at >= 0 && o.Model.(*segkit.Model).Sizes[l] != s.Model.(*segkit.Model).Sizes[at] {
				t.Errorf("%s has %d customers in the model, %v before", name, o.Model.(*segkit.Model).Sizes[l], s.Model.(*segkit.Model).Sizes)
			}
		}
		if before, err := s.Model.(*segkit.Model).Centers(); err == nil {
			after, err := o.Model.(*segkit.Model).Centers()
			if err != nil || after.Len() != before.Len() {
				t.Fatalf("%v, %v", after, err)
			}
			for i, name := range after.IDs() {
				if want := before.Row(slices.Index(before.IDs(), name)); !slices.Equal(after.Row(i), want) {
					t.Errorf("the centre of %s is %v, want %v", name, after.Row(i), want)
				}
			}
		}
		path := filepath.Join(t.TempDir(), "model.json")
		if err := s.Model.(*segkit.Model).Save(path); err != nil {
			return // it needs the training rows
		}
		if err := o.Model.(*segkit.Model).Save(path); err != nil {
			t.Fatal(err)
		}
		loaded, err := segkit.LoadModel(path)
		if err != nil {
			t.Fatal(err)
		}
		if again := scored(t, loaded, raw); !slices.Equal(again.Labels, o.Labels) {
			t.Error("the loaded model scores differently")
		}
		back := new(table.Segments)
		if data, err := o.MarshalBinary(); err != nil || back.UnmarshalBinary(data) != nil || !slices.Equal(scored(t, back.Model.(*segkit.Model), raw).Labels, o.Labels) {
			t.Error("segments that were remembered have another model")
		}
	})
}

// Aligning the aligned, as a report does month after month, changes nothing more.
func TestAlignedTwiceIsAlignedOnce(t *testing.T) {
	relabellings(t, func(t *testing.T, raw *table.Table, s, o *table.Segments) {
		back, err := compare.Match(s, o)
		if err != nil {
			t.Fatal(err)
		}
		if a := back.Aligned(); !slices.Equal(a.Labels, s.Labels) || !slices.Equal(scored(t, a.Model.(*segkit.Model), raw).Labels, s.Labels) {
			t.Errorf("there and back gives %v, want %v", a.Labels[:6], s.Labels[:6])
		}
	})
}

// profileLess is a segment's profile without its label, and with names for the labels of second choices.
func profileLess(s *table.Segments, g describe.SegmentProfile) (describe.SegmentProfile, []string) {
	var second []string
	for _, b := range g.Exemplars.Border {
		second = append(second, s.Names[b.Second])
	}
	g.Exemplars.Border = slices.Clone(g.Exemplars.Border)
	for i := range g.Exemplars.Border {
		g.Exemplars.Border[i].Second = 0
	}
	g.Label = 0
	return g, second
}

// unchanged compares by value where NaN equals itself, numbers but for rounding: sums over segments come in another order.
func unchanged(a, b any) bool { return unchangedValue(reflect.ValueOf(a), reflect.ValueOf(b)) }

func unchangedValue(a, b reflect.Value) bool {
	if a.IsValid() != b.IsValid() || a.IsValid() && a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case reflect.Float64:
		x, y := a.Float(), b.Float()
		return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
	case reflect.Struct:
		for f := range a.NumField() {
			if !unchangedValue(a.Field(f), b.Field(f)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !unchangedValue(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Pointer:
		return a.IsNil() && b.IsNil() || !a.IsNil() && !b.IsNil() && unchangedValue(a.Elem(), b.Elem())
	}
	return a.Equal(b)
}

func TestProfilesAreTheSameUnderOtherLabels(t *testing.T) {
	relabellings(t, func(t *testing.T, raw *table.Table, s, o *table.Segments) {
		p, err := describe.Segments(raw, s)
		if err != nil {
			t.Fatal(err)
		}
		q, err := describe.Segments(raw, o)
		if err != nil {
			t.Fatal(err)
		}
		if !unchanged(p.Effects, q.Effects) || !unchanged(p.Differences(), q.Differences()) || p.Space != q.Space || !unchanged(p.Noise, q.Noise) {
			t.Errorf("effects %v, then %v", p.Effects, q.Effects)
		}
		for _, g := range p.Segments {
			h := q.Segments[slices.Index(o.Names, g.Name)]
			a, second := profileLess(s, g)
			b, then := profileLess(o, h)
			if !unchanged(a, b) || !slices.Equal(second, then) {
				t.Errorf("%s is\n%+v, next %v; then\n%+v, next %v", g.Name, a, second, b, then)
			}
		}
		names, others := p.Names(), q.Names()
		for l, name := range s.Names {
			bare := func(name string) string { return strings.TrimRight(name, " 123") } // equal names are numbered by label
			if other := others[slices.Index(o.Names, name)]; bare(names[l]) != bare(other) {
				t.Errorf("%s would be called %q, then %q", name, names[l], other)
			}
		}
	})
}

func TestMeasuresAreTheSameUnderOtherLabels(t *testing.T) {
	relabellings(t, func(t *testing.T, raw *table.Table, s, o *table.Segments) {
		x, err := s.Model.(*segkit.Model).Prepare(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, opt := range []measure.SilhouetteOptions{{}, {Rows: 50}, {Simplified: true}} {
			a, errA := measure.Silhouette(x, s, opt)
			b, errB := measure.Silhouette(x, o, opt)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if !unchanged(a.Values, b.Values) || !unchanged(a.Mean, b.Mean) {
				t.Errorf("%+v: silhouette %v, then %v", opt, a.Mean, b.Mean)
			}
		}
		for name, measure := range map[string]func(*table.Table, *table.Segments) (float64, error){"Calinski-Harabasz": measure.CalinskiHarabasz,
			"Davies-Bouldin": measure.DaviesBouldin, "Dunn": measure.Dunn} {
			a, errA := measure(x, s)
			b, errB := measure(x, o)
			if !unchanged(a, b) || (errA == nil) != (errB == nil) {
				t.Errorf("%s %v (%v), then %v (%v)", name, a, errA, b, errB)
			}
		}
		if r, err := compare.AdjustedRand(s.Labels, o.Labels); err != nil || r != 1 {
			t.Errorf("adjusted Rand %v, %v", r, err)
		}
	})
}

// Rules come in the order of the labels where any order gives the same, so they are compared as a set.
func TestRulesAreTheSameUnderOtherLabels(t *testing.T) {
	raw := trial.ThreeGroups(90)
	s := scored(t, fitted(t, threeRecipe, raw), raw)
	a, err := rulebook.Explain(raw, s, rulebook.Options{Folds: 2})
	if err != nil {
		t.Fatal(err)
	}
	sorted := func(rules []rulebook.Rule) []rulebook.Rule {
		return slices.SortedFunc(slices.Values(rules), func(a, b rulebook.Rule) int { return strings.Compare(a.Name+a.When, b.Name+b.When) })
	}
	for name, o := range relabelledWays(t, s) {
		b, err := rulebook.Explain(raw, o, rulebook.Options{Folds: 2})
		if err != nil {
			t.Fatal(err)
		}
		if !unchanged(a.Fidelity, b.Fidelity) || !unchanged(a.Held, b.Held) || a.Rest != b.Rest || !slices.Equal(sorted(a.Rules), sorted(b.Rules)) {
			t.Errorf("%s: %v %+v %+v\nthen\n%v %+v %+v", name, a.Rules, a.Fidelity, a.Held, b.Rules, b.Fidelity, b.Held)
		}
	}
}

func TestVerdictsAreTheSameUnderOtherLabels(t *testing.T) {
	if testing.Short() {
		t.Skip("it fits the method to resamples")
	}
	raw := trial.ThreeGroups(60)
	later, err := raw.Select("later")
	if err != nil {
		t.Fatal(err)
	}
	if raw, err = raw.Select("recency", "orders", "basket", "channel"); err != nil {
		t.Fatal(err)
	}
	m := fitted(t, threeRecipe, raw)
	m.Names = []string{"Ann", "Bob", "Cid"}
	s := scored(t, m, raw)
	a, err := Segments(raw, s, Options{Outcome: later})
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range relabelledWays(t, s) {
		if o.K() != s.K() {
			continue // a segment that is gone is judged as one that nobody is in
		}
		b, err := Segments(raw, o, Options{Outcome: later})
		if err != nil {
			t.Fatal(err)
		}
		if !unchanged(a.SpreadWithin, b.SpreadWithin) || a.Natural != b.Natural || a.Summary != b.Summary {
			t.Errorf("%s: %v, %q, then %v, %q", name, a.SpreadWithin, a.Summary, b.SpreadWithin, b.Summary)
		}
		agree := func(of string, a, b Check) {
			if a.Demand == "stable" { // of equally stable segments it names the first
				a.Says, b.Says, a.Figures, b.Figures = "", "", "", ""
			}
			if !unchanged(a, b) {
				t.Errorf("%s: %s is judged\n%+v, then\n%+v", name, of, a, b)
			}
		}
		agree("the metric", a.Metric, b.Metric)
		for d := range a.Solution {
			agree("the solution", a.Solution[d], b.Solution[d])
		}
		for l, name := range s.Names {
			for d, c := range b.Segments[slices.Index(b.Names, name)] {
				agree(name, a.Segments[l][d], c)
			}
		}
	}
}
