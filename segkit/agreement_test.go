package segkit_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
)

func TestAdjustedRand(t *testing.T) {
	for _, c := range []struct {
		a, b segkit.Labels
		want float64
	}{
		// scikit-learn's documentation and tests print these.
		{segkit.Labels{0, 0, 1, 2}, segkit.Labels{0, 0, 1, 1}, 0.5714285714285714},
		{segkit.Labels{0, 0, 1, 1}, segkit.Labels{0, 1, 0, 1}, -0.5},
		{segkit.Labels{0, 0, 1, 1}, segkit.Labels{1, 1, 0, 0}, 1},
		{segkit.Labels{0, 0, 0, 0}, segkit.Labels{0, 1, 2, 3}, 0},
		{segkit.Labels{segkit.Noise, segkit.Noise, 0, 0}, segkit.Labels{0, 0, 1, 1}, 1}, // noise is one more group
		{segkit.Labels{1 << 40, 1 << 40, 7, 7}, segkit.Labels{0, 0, 1, 1}, 1},
	} {
		if got, err := segkit.AdjustedRand(c.a, c.b); err != nil || math.Abs(got-c.want) > 1e-15 {
			t.Errorf("AdjustedRand(%v, %v) = %v, %v; want %v", c.a, c.b, got, err, c.want)
		}
	}
	for _, l := range []segkit.Labels{nil, {0}, {0, 0, 0}, {0, 1, 2}} {
		if got, err := segkit.AdjustedRand(l, l); !errors.Is(err, segkit.ErrUndefined) {
			t.Errorf("AdjustedRand(%v, itself) = %v, %v; want ErrUndefined", l, got, err)
		}
	}
	if _, err := segkit.AdjustedRand(segkit.Labels{0, 1}, segkit.Labels{0}); !errors.Is(err, segkit.ErrSchema) {
		t.Errorf("different lengths: %v", err)
	}
	// Large tables: products of pair counts leave 64 bits. Two halves against the same with one customer moved.
	n := 300_000
	a, b := make(segkit.Labels, n), make(segkit.Labels, n)
	for i := range a {
		a[i] = i * 2 / n
		b[i] = a[i]
	}
	b[0] = 1
	if got, err := segkit.AdjustedRand(a, b); err != nil || got >= 1 || got < 1-1e-4 {
		t.Errorf("one of %d moved: %v, %v", n, got, err)
	}
}

// Against the definition, pair by pair.
func TestAdjustedRandCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 25).Draw(t, "n")
		label := rapid.IntRange(-1, 3)
		a := segkit.Labels(rapid.SliceOfN(label, n, n).Draw(t, "a"))
		b := segkit.Labels(rapid.SliceOfN(label, n, n).Draw(t, "b"))
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
		got, err := segkit.AdjustedRand(a, b)
		back, _ := segkit.AdjustedRand(b, a)
		if errors.Is(err, segkit.ErrUndefined) {
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
