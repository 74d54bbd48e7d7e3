package tree

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// small draws data with few values, ties, a category, and missing cells.
func small(t *rapid.T) *Data {
	n := rapid.IntRange(2, 14).Draw(t, "n")
	d := &Data{Columns: []Column{{}, {AtMost: true}, {Levels: 4}}, Values: make([][]float64, 3), Classes: 3}
	for range n {
		d.Class = append(d.Class, rapid.IntRange(0, 2).Draw(t, "class"))
		for c := range d.Columns {
			v := float64(rapid.IntRange(0, 3).Draw(t, "value"))
			if rapid.IntRange(0, 19).Draw(t, "missing") == 0 {
				v = math.NaN()
			}
			d.Values[c] = append(d.Values[c], v)
		}
	}
	return d
}

// bruteForce returns the value of the best tree for rows. Conditions are counted on the path, as rules print them, or by depth.
func bruteForce(d *Data, rows []int, path Path, depth, conditions int, byDepth bool, price float64) float64 {
	counts := make([]float64, d.Classes)
	best := -price
	for _, i := range rows {
		counts[d.Class[i]]++
		best = max(best, counts[d.Class[i]]-price)
	}
	for c, column := range d.Columns {
		seen := map[float64]bool{}
		for _, i := range rows {
			at := d.Values[c][i]
			if math.IsNaN(at) || seen[at] {
				continue
			}
			seen[at] = true
			n := &Node{Column: c, At: at, Low: &Node{}, High: &Node{}}
			low, high := path.with(column, n, true), path.with(column, n, false)
			if byDepth && depth == conditions || !byDepth && max(low.Conditions(), high.Conditions()) > conditions {
				continue
			}
			var below, above []int
			for _, i := range rows {
				switch n.next(d, i) {
				case n.Low:
					below = append(below, i)
				case n.High:
					above = append(above, i)
				}
			}
			if len(below) > 0 && len(above) > 0 {
				best = max(best, bruteForce(d, below, low, depth+1, conditions, byDepth, price)+bruteForce(d, above, high, depth+1, conditions, byDepth, price))
			}
		}
	}
	return best
}

// right returns how many rows the tree puts right, and the number of its leaves.
func right(d *Data, n *Node) (right float64, leaves int) {
	for i := range d.Class {
		if n.classOf(d, i) == d.Class[i] {
			right++
		}
	}
	n.Leaves(d.Columns, func(*Node, Path) { leaves++ })
	return right, leaves
}

// No tree of so few conditions is better: by trying them all. Up to two conditions the printed rules are the measure, where
// below 9 and below 5 is one condition; from three on the depth is, and what rules spare comes on top.
func TestNoTreeIsBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		conditions := rapid.IntRange(1, 3).Draw(t, "conditions")
		worth := rapid.SampledFrom([]float64{0, 0.04, 0.15}).Draw(t, "worth")
		n := Grow(d, Options{Conditions: conditions, Worth: worth})
		got, leaves := right(d, n)
		price := worth * float64(d.Len())
		got -= price * float64(leaves)
		all := make([]int, d.Len())
		for i := range all {
			all[i] = i
		}
		if least := bruteForce(d, all, nil, 0, conditions, conditions > 2, price); got < least-1e-3 {
			t.Fatalf("%g with %d conditions, the best is %g", got, conditions, least)
		}
		if most := bruteForce(d, all, nil, 0, conditions, false, price); got > most+1e-3 {
			t.Fatalf("%g with %d conditions, more than the best of all %g", got, conditions, most)
		}
		n.Leaves(d.Columns, func(_ *Node, path Path) {
			if path.Conditions() > conditions {
				t.Fatalf("%d conditions on a path, want %d", path.Conditions(), conditions)
			}
		})
	})
}

// Leaves share no row, their paths hold for just the rows that reach them, and their counts are those.
func TestLeavesAreTheirPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		n := Grow(d, Options{Conditions: rapid.IntRange(1, 5).Draw(t, "conditions"), Gini: rapid.Bool().Draw(t, "gini")})
		n.Leaves(d.Columns, func(leaf *Node, path Path) {
			counts := make([]float64, d.Classes)
			for i := range d.Class {
				holds := true
				for _, b := range path {
					holds = holds && b.holds(d.Columns[b.Column], d.Values[b.Column][i])
				}
				if at, _ := n.Reach(d, i); (at == leaf) != holds {
					t.Fatalf("row %d reaches the leaf: %t, its path holds: %t", i, at == leaf, holds)
				}
				if holds {
					counts[d.Class[i]]++
				}
			}
			for l := range counts {
				if counts[l] != leaf.Counts[l] {
					t.Fatalf("counts %v, want %v", leaf.Counts, counts)
				}
			}
		})
	})
}

// holds says what the documentation of Bound says.
func (b Bound) holds(c Column, v float64) bool {
	if math.IsNaN(v) {
		return false
	}
	for _, l := range b.Not {
		if v == l {
			return false
		}
	}
	if !math.IsNaN(b.Is) && v != b.Is {
		return false
	}
	if c.AtMost {
		return !(v <= b.From) && !(v > b.To)
	}
	return !(v < b.From) && !(v >= b.To)
}

func TestRoundest(t *testing.T) {
	for _, c := range []struct {
		below, above float64
		atMost       bool
		want         float64
	}{
		{5, 6, false, 6}, {5, 6, true, 5}, {90, 91, true, 90}, {82, 95, false, 90}, {143, 158, false, 150}, {97, 104, false, 100},
		{12.34, 12.61, false, 12.5}, {0.0412, 0.0433, false, 0.042}, {-7, 3, false, 0}, {-13.2, -11.8, true, -12}, {0, 1, false, 1},
		{1e6 + 1, 1e6 + 2, false, 1e6 + 2}, {0.1, 0.30000000000000004, false, 0.2}, {11, 95, false, 50}, {0, 0.004, true, 0},
	} {
		if got := roundest([]gap{{c.below, c.above, 1}}, Column{AtMost: c.atMost}, 0); got != c.want {
			t.Errorf("between %g and %g: %g, want %g", c.below, c.above, got, c.want)
		}
	}
	// of numbers equally round the one that puts more rows right
	if got := roundest([]gap{{4, 5, 10}, {5, 6, 11}}, Column{}, 1e-9); got != 6 {
		t.Error(got)
	}
}

// However the numbers lie, the threshold parts them.
func TestRoundestParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		below := rapid.Float64Range(-1e9, 1e9).Draw(t, "below")
		above := below + math.Abs(rapid.Float64Range(0, 1e3).Draw(t, "gap"))
		if above == below {
			above = math.Nextafter(below, math.Inf(1))
		}
		c := Column{AtMost: rapid.Bool().Draw(t, "at most")}
		if at := roundest([]gap{{below, above, 1}}, c, 0); !c.low(below, at) || c.low(above, at) {
			t.Fatalf("%v does not part %v and %v", at, below, above)
		}
	})
}

// A thousandth of the rows may be lost for a rounder threshold, not more.
func TestRoundingCostsLittle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	d := &Data{Columns: []Column{{}, {}}, Values: make([][]float64, 2), Classes: 3}
	for range 3000 {
		a, b := r.NormFloat64()*37.3, r.ExpFloat64()*123.4
		l := 0
		switch {
		case a > 11.87 && b > 87.21:
			l = 1
		case b > 211.9:
			l = 2
		}
		d.Class = append(d.Class, l)
		d.Values[0], d.Values[1] = append(d.Values[0], a), append(d.Values[1], b)
	}
	exact, _ := right(d, Grow(d, Options{Conditions: 3}))
	n := Grow(d, Options{Conditions: 3, Slack: 0.001})
	rounded, leaves := right(d, n)
	if exact != 3000 || rounded < exact-float64(roundingPasses*3*leaves) {
		t.Errorf("%g right with round thresholds, %g without", rounded, exact)
	}
	n.questions(func(q *Node) {
		if text := q.At * 10; text != math.Trunc(text) {
			t.Errorf("%g is no round threshold", q.At)
		}
	})
}
