package bintree

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// table draws columns of few values with missing ones, the last a category, and classes.
func drawn(t *rapid.T) (values [][]float64, levels []int, class []int, k int) {
	n, d := rapid.IntRange(2, 40).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "d")
	k = rapid.IntRange(2, 4).Draw(t, "k")
	for j := range d {
		column := make([]float64, n)
		for i := range column {
			if v := rapid.IntRange(-1, 5).Draw(t, "v"); v < 0 {
				column[i] = math.NaN()
			} else {
				column[i] = float64(v)
			}
		}
		values = append(values, column)
		levels = append(levels, 0)
		if j == 1 {
			levels[j] = 6
		}
	}
	for range n {
		class = append(class, rapid.IntRange(0, k-1).Draw(t, "class"))
	}
	return values, levels, class, k
}

func binned(values [][]float64, levels []int) (bins []Bins, codes [][]uint8) {
	for j, column := range values {
		if levels[j] > 0 {
			bins = append(bins, LevelBins(column, levels[j]))
		} else {
			bins = append(bins, NumberBins(column))
		}
		codes = append(codes, bins[j].Codes(column))
	}
	return bins, codes
}

func TestBinsKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		r := rand.New(rand.NewPCG(uint64(rapid.IntRange(0, 1000).Draw(t, "seed")), 1))
		distinct := rapid.IntRange(1, 1500).Draw(t, "distinct")
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Exp(float64(r.IntN(distinct)) / 100)
			if r.IntN(3) == 0 {
				values[i] = 1 // a pile
			}
		}
		b := NumberBins(values)
		codes := b.Codes(values)
		if !slices.IsSorted(b.Cuts) || b.Count() > 255 {
			t.Fatalf("%d bins", b.Count())
		}
		fill := map[uint8]int{}
		for i := range values {
			fill[codes[i]]++
			for p := range min(n, 50) {
				if values[i] < values[p] && codes[i] > codes[p] || values[i] == values[p] && codes[i] != codes[p] {
					t.Fatalf("%v is in bin %d, %v in %d", values[i], codes[i], values[p], codes[p])
				}
			}
		}
		several := len(slices.Compact(slices.Sorted(slices.Values(values))))
		if several <= 255 && b.Count() != several {
			t.Fatalf("%d bins for %d values", b.Count(), several)
		}
		if len(fill) != b.Count() {
			t.Fatalf("%d of %d bins are empty", b.Count()-len(fill), b.Count())
		}
	})
}

// Few values are cut halfway between neighbours; where no number lies between them, or halfway is beyond all numbers, at the lower one.
func TestNumbersAreCutHalfway(t *testing.T) {
	next := math.Nextafter(8, 9)
	if got := NumberBins([]float64{4, 1, next, 2, 8, math.NaN(), 2}).Cuts; !slices.Equal(got, []float64{1.5, 3, 6, 8}) {
		t.Errorf("cut at %v, want 1.5, 3, 6, 8", got)
	}
	if got := NumberBins([]float64{math.MaxFloat64, -math.MaxFloat64}).Cuts; !slices.Equal(got, []float64{-math.MaxFloat64}) {
		t.Errorf("opposite ends are cut at %v", got)
	}
}

func TestUnseenLevelsAreMissing(t *testing.T) {
	b := LevelBins([]float64{0, 1, 1}, 2)
	if got := b.Codes([]float64{0, 1, 2, math.NaN()}); !slices.Equal(got, []uint8{0, 1, Missing, Missing}) {
		t.Error(got)
	}
	many := make([]float64, 600)
	for i := range many {
		many[i] = float64(i / 2)
	}
	if b := LevelBins(many, 300); b.Count() != 255 || b.Levels[299] != 254 || b.Levels[3] != 3 {
		t.Errorf("%d bins of 300 levels, the last in %d", b.Count(), b.Levels[299])
	}
}

// gini is the sum of squared class weights over the weight of all.
func gini(class []int, weight []float64, k int) float64 {
	counts, all := make([]float64, k), 0.0
	for i, l := range class {
		counts[l] += weight[i]
		all += weight[i]
	}
	sum := 0.0
	for _, c := range counts {
		sum += c * c
	}
	return sum / all
}

// The first question is the best of all thresholds, with the missing rows on either side: found here by trying them one by one.
func TestTheFirstQuestionIsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values, levels, class, k := drawn(t)
		if len(levels) > 1 {
			values, levels = values[:1], levels[:1]
		}
		bins, codes := binned(values, levels)
		n := len(class)
		rows, weight := make([]Row, n), make([]float64, n)
		for i := range rows {
			weight[i] = float64(rapid.IntRange(1, 3).Draw(t, "w"))
			rows[i] = Row{int32(i), int32(class[i]), weight[i]}
		}
		tree := Classify{Columns: 1, MinLeaf: 1, Depth: 1}.Grow(bins, codes, k, rows, rand.New(rand.NewPCG(1, 1)))
		part := func(low func(i int) bool) float64 {
			var cl, ch []int
			var wl, wh []float64
			for i := range n {
				if low(i) {
					cl, wl = append(cl, class[i]), append(wl, weight[i])
				} else {
					ch, wh = append(ch, class[i]), append(wh, weight[i])
				}
			}
			if cl == nil || ch == nil {
				return 0
			}
			return gini(cl, wl, k) + gini(ch, wh, k)
		}
		best := gini(class, weight, k)
		for cut := -1.0; cut < 6; cut++ {
			for _, lost := range []bool{false, true} {
				best = max(best, part(func(i int) bool { v := values[0][i]; return v <= cut || math.IsNaN(v) && lost }))
			}
		}
		got := gini(class, weight, k)
		if tree.Nodes[0].Column >= 0 {
			first := tree.Nodes[1].Low
			got = part(func(i int) bool { return tree.Leaf(codes, i) == int(first) })
			if tree.Nodes[1].Low == tree.Nodes[2].Low { // both sides of one class
				got = best
			}
		}
		if math.Abs(got-best) > 1e-9 {
			t.Fatalf("purity %v, but %v can be had", got, best)
		}
	})
}

// A tree without limits tells apart whatever differs, and its leaves hold the shares of the rows that come there.
func TestLeavesHoldTheShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values, levels, class, k := drawn(t)
		bins, codes := binned(values, levels)
		rows := make([]Row, len(class))
		for i := range rows {
			rows[i] = Row{int32(i), int32(class[i]), 1}
		}
		tree := Classify{Columns: len(values), MinLeaf: 1}.Grow(bins, codes, k, rows, rand.New(rand.NewPCG(2, 2)))
		if err := tree.Check(len(values), k); err != nil {
			t.Fatal(err)
		}
		counts := map[int][]float64{}
		for i, l := range class {
			leaf := tree.Leaf(codes, i)
			if counts[leaf] == nil {
				counts[leaf] = make([]float64, k)
			}
			counts[leaf][l]++
		}
		for leaf, of := range counts {
			all := 0.0
			for _, c := range of {
				all += c
			}
			for l, c := range of {
				if math.Abs(tree.Values[leaf*k+l]-c/all) > 1e-12 {
					t.Fatalf("leaf %d says %v, holds %v", leaf, tree.Values[leaf*k:leaf*k+k], of)
				}
			}
		}
		data, err := tree.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var back Tree
		if err := back.UnmarshalJSON(data); err != nil {
			t.Fatal(err)
		}
		for i := range class {
			if back.Leaf(codes, i) != tree.Leaf(codes, i) {
				t.Fatal("a tree read from a file leads elsewhere")
			}
		}
	})
}

// A step of a boosted tree lowers the squared loss by what its questions promise, and its leaves are the rows' mean steps.
func TestBoostedLeavesAreNewtonSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values, levels, class, _ := drawn(t)
		bins, codes := binned(values, levels)
		n := len(class)
		gradient, curvature := make([]float64, n), make([]float64, n)
		for i, l := range class {
			gradient[i], curvature[i] = float64(l)-1.2, 1+float64(i%2)
		}
		ridge := rapid.Float64Range(0, 3).Draw(t, "ridge")
		most := rapid.IntRange(2, 8).Draw(t, "leaves")
		g := Boost{Leaves: most, MinLeaf: 1, Ridge: ridge}.On(bins, codes)
		for range 2 { // it is used again and again
			tree, of, err := g.Grow(context.Background(), gradient, curvature)
			if err != nil {
				t.Fatal(err)
			}
			if len(tree.Values) > most || tree.Check(len(values), 1) != nil {
				t.Fatalf("%d leaves", len(tree.Values))
			}
			sum, weight := make([]float64, len(tree.Values)), make([]float64, len(tree.Values))
			for i := range n {
				leaf := tree.Leaf(codes, i)
				if int(of[i]) != leaf {
					t.Fatalf("row %d is said to be in leaf %d, and comes to %d", i, of[i], leaf)
				}
				sum[leaf] += gradient[i]
				weight[leaf] += curvature[i]
			}
			for l, v := range tree.Values {
				if math.Abs(v+sum[l]/(weight[l]+ridge)) > 1e-9 {
					t.Fatalf("leaf %d steps %v, want %v", l, v, -sum[l]/(weight[l]+ridge))
				}
			}
		}
	})
}

// A tree from a file is refused where a way through it would end nowhere, or never.
func TestWaysThatLeadNowhere(t *testing.T) {
	tree := func() *Tree {
		return &Tree{Nodes: []Node{{Column: 0, Low: 1, Set: -1}, {Column: -1, Low: 0}, {Column: 1, Low: 3, Set: 0}, {Column: -1, Low: 1}, {Column: -1, Low: 0}},
			Sets: make([]Set, 1), Values: []float64{.2, .8, .6, .4}}
	}
	if err := tree().Check(2, 2); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Tree){
		"no nodes":               func(t *Tree) { t.Nodes = nil },
		"half a leaf":            func(t *Tree) { t.Values = t.Values[:3] },
		"to itself":              func(t *Tree) { t.Nodes[2].Low = 2 },
		"back":                   func(t *Tree) { t.Nodes[2].Low = 0 },
		"one child is no node":   func(t *Tree) { t.Nodes[2].Low = 4 },
		"neither child is":       func(t *Tree) { t.Nodes[2].Low = 5 },
		"an unknown column":      func(t *Tree) { t.Nodes[2].Column = 2 },
		"an unknown set":         func(t *Tree) { t.Nodes[2].Set = 1 },
		"a set before the first": func(t *Tree) { t.Nodes[2].Set = -2 },
		"an unknown leaf":        func(t *Tree) { t.Nodes[4].Low = 2 },
		"a leaf before all":      func(t *Tree) { t.Nodes[4].Low = -1 },
		"a leaf without a value": func(t *Tree) { t.Values[3] = math.NaN() },
		"an endless value":       func(t *Tree) { t.Values[0] = math.Inf(-1) },
	} {
		bad := tree()
		if change(bad); bad.Check(2, 2) == nil {
			t.Errorf("%s: not refused", what)
		}
	}
}

// A leaf may be as small as was asked, in rows and in curvature, and no smaller.
func TestTheSmallestLeaf(t *testing.T) {
	bins, codes := binned([][]float64{{1, 1, 1, 2, 2, 2}}, []int{0})
	gradient := []float64{-1, -1, -1, 1, 1, 1}
	for _, c := range []struct {
		minLeaf   int
		curvature float64 // of either side
		leaves    int
	}{{3, 3, 2}, {4, 3, 1}, {1, leastCurvature, 2}, {1, leastCurvature * .99, 1}} {
		curvature := []float64{c.curvature, 0, 0, c.curvature, 0, 0}
		tree, _, err := Boost{Leaves: 4, MinLeaf: c.minLeaf, Ridge: 1}.On(bins, codes).Grow(t.Context(), gradient, curvature)
		if err != nil || len(tree.Values) != c.leaves {
			t.Errorf("leaves of %d rows and a curvature of %v: %d (%v), want %d", c.minLeaf, c.curvature, len(tree.Values), err, c.leaves)
		}
	}
}
