package compare_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

func TestAdjustedRand(t *testing.T) {
	for _, c := range []struct {
		a, b table.Labels
		want float64
	}{
		// scikit-learn's documentation and tests print these.
		{table.Labels{0, 0, 1, 2}, table.Labels{0, 0, 1, 1}, 0.5714285714285714},
		{table.Labels{0, 0, 1, 1}, table.Labels{0, 1, 0, 1}, -0.5},
		{table.Labels{0, 0, 1, 1}, table.Labels{1, 1, 0, 0}, 1},
		{table.Labels{0, 0, 0, 0}, table.Labels{0, 1, 2, 3}, 0},
		{table.Labels{table.Noise, table.Noise, 0, 0}, table.Labels{0, 0, 1, 1}, 1}, // noise is one more group
		{table.Labels{1 << 40, 1 << 40, 7, 7}, table.Labels{0, 0, 1, 1}, 1},
	} {
		if got, err := compare.AdjustedRand(c.a, c.b); err != nil || math.Abs(got-c.want) > 1e-15 {
			t.Errorf("AdjustedRand(%v, %v) = %v, %v; want %v", c.a, c.b, got, err, c.want)
		}
	}
	for _, l := range []table.Labels{nil, {0}, {0, 0, 0}, {0, 1, 2}} {
		if got, err := compare.AdjustedRand(l, l); !errors.Is(err, fault.ErrUndefined) {
			t.Errorf("AdjustedRand(%v, itself) = %v, %v; want ErrUndefined", l, got, err)
		}
	}
	if _, err := compare.AdjustedRand(table.Labels{0, 1}, table.Labels{0}); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("different lengths: %v", err)
	}
	// Large tables: products of pair counts leave 64 bits. Two halves against the same with one customer moved.
	n := 300_000
	a, b := make(table.Labels, n), make(table.Labels, n)
	for i := range a {
		a[i] = i * 2 / n
		b[i] = a[i]
	}
	b[0] = 1
	if got, err := compare.AdjustedRand(a, b); err != nil || got >= 1 || got < 1-1e-4 {
		t.Errorf("one of %d moved: %v, %v", n, got, err)
	}
}

// Against the definition, pair by pair.
func TestAdjustedRandCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 25).Draw(t, "n")
		label := rapid.IntRange(-1, 3)
		a := table.Labels(rapid.SliceOfN(label, n, n).Draw(t, "a"))
		b := table.Labels(rapid.SliceOfN(label, n, n).Draw(t, "b"))
		var both, inA, inB, all float64
		for i := range n {
			for j := range i {
				all++
				if a[i] == a[j] {
					inA++
				}
				if b[i] == b[j] {
					inB++
				}
				if a[i] == a[j] && b[i] == b[j] {
					both++
				}
			}
		}
		expected := inA * inB / all
		got, err := compare.AdjustedRand(a, b)
		back, _ := compare.AdjustedRand(b, a)
		if errors.Is(err, fault.ErrUndefined) {
			if (inA+inB)/2 != expected {
				t.Fatalf("undefined, but %v of %v pairs against %v", inA, all, inB)
			}
			return
		}
		if want := (both - expected) / ((inA+inB)/2 - expected); err != nil || math.Abs(got-want) > 1e-12 || got != back || got > 1 {
			t.Fatalf("%v, %v; other way round %v, by pairs %v", got, err, back, want)
		}
	})
}

func TestAgreementMeasures(t *testing.T) {
	// The labels of scikit-learn's own test of adjusted mutual information, which expects 0.27821; the others by scikit-learn
	// 1.9.1 and scipy 1.17.1 (mutual_info_score, entropy, pair_confusion_matrix).
	a := table.Labels{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3}
	b := table.Labels{1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 3, 1, 3, 3, 3, 2, 2}
	for _, m := range []struct {
		name string
		of   func(a, b table.Labels) (float64, error)
		want float64
		same float64 // of a division with itself
	}{
		{"AdjustedMutualInfo", compare.AdjustedMutualInfo, 0.2782096465726981, 1},
		{"VariationOfInformation", compare.VariationOfInformation, 1.3480242369760986, 0},
		{"PairJaccard", compare.PairJaccard, 20.0 / 62, 1},
	} {
		if got, err := m.of(a, b); err != nil || math.Abs(got-m.want) > 1e-14 {
			t.Errorf("%s = %v, %v; want %v", m.name, got, err, m.want)
		}
		renamed := make(table.Labels, len(a))
		for i, l := range a {
			renamed[i] = 5 - 2*l // Noise among them
		}
		if got, err := m.of(a, renamed); err != nil || got != m.same {
			t.Errorf("%s of a division with itself = %v, %v", m.name, got, err)
		}
		if _, err := m.of(a, b[1:]); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), m.name) {
			t.Errorf("%s of different lengths: %v", m.name, err)
		}
		if got, err := m.of(nil, nil); !errors.Is(err, fault.ErrUndefined) {
			t.Errorf("%s of nothing = %v, %v", m.name, got, err)
		}
	}
	// scikit-learn's documentation of adjusted_mutual_info_score: scattered is 0.
	if got, err := compare.AdjustedMutualInfo(table.Labels{0, 0, 0, 0}, table.Labels{0, 1, 2, 3}); err != nil || math.Abs(got) > 1e-15 {
		t.Errorf("one group against all apart: %v, %v", got, err)
	}
	for _, l := range []table.Labels{{0}, {0, 0, 0}, {0, 1, 2}} {
		if got, err := compare.AdjustedMutualInfo(l, l); !errors.Is(err, fault.ErrUndefined) {
			t.Errorf("AdjustedMutualInfo(%v, itself) = %v, %v", l, got, err)
		}
	}
	if got, err := compare.PairJaccard(table.Labels{0, 1, 2}, table.Labels{2, 1, 0}); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("all apart: %v, %v", got, err)
	}
}

// Against the mean over all ways to deal the customers out, which is what the adjustment means.
func TestAdjustedMutualInfoIsAdjustedByTheMeanOfAllDeals(t *testing.T) {
	info := func(a, b table.Labels) float64 { // (entropies - variation) / 2
		none := make(table.Labels, len(a))
		ha, _ := compare.VariationOfInformation(a, none)
		hb, _ := compare.VariationOfInformation(b, none)
		v, _ := compare.VariationOfInformation(a, b)
		return (ha + hb - v) / 2
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "n")
		a := table.Labels(rapid.SliceOfN(rapid.IntRange(-1, 2), n, n).Draw(t, "a"))
		b := table.Labels(rapid.SliceOfN(rapid.IntRange(-1, 2), n, n).Draw(t, "b"))
		got, err := compare.AdjustedMutualInfo(a, b)
		if errors.Is(err, fault.ErrUndefined) {
			return
		}
		sum, deals := 0.0, 0.0
		var deal func(at int)
		dealt := slices.Clone(b)
		deal = func(at int) {
			if at == n {
				sum += info(a, dealt)
				deals++
				return
			}
			for i := at; i < n; i++ {
				dealt[at], dealt[i] = dealt[i], dealt[at]
				deal(at + 1)
				dealt[at], dealt[i] = dealt[i], dealt[at]
			}
		}
		deal(0)
		expected := sum / deals
		want := (info(a, b) - expected) / ((info(a, a)+info(b, b))/2 - expected)
		back, _ := compare.AdjustedMutualInfo(b, a)
		if err != nil || math.Abs(got-want) > 1e-9 || math.Abs(got-back) > 1e-12 {
			t.Fatalf("%v (%v), other way round %v, over all deals %v", got, err, back, want)
		}
	})
}

func TestVariationOfInformationIsADistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		labels := func(name string) table.Labels {
			return table.Labels(rapid.SliceOfN(rapid.IntRange(-1, 4), n, n).Draw(t, name))
		}
		a, b, c := labels("a"), labels("b"), labels("c")
		ab, _ := compare.VariationOfInformation(a, b)
		ba, _ := compare.VariationOfInformation(b, a)
		bc, _ := compare.VariationOfInformation(b, c)
		ac, err := compare.VariationOfInformation(a, c)
		if err != nil || ab != ba || ab < 0 || ac > ab+bc+1e-12 || ab > math.Log(float64(n))+1e-12 {
			t.Fatalf("%v, back %v, by a third %v + %v against %v (%v)", ab, ba, ab, bc, ac, err)
		}
	})
}
