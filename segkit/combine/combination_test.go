package combine_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// seen is a view of customers c000, c001, … with these labels.
func seen(name string, labels ...int) combine.View {
	ids := make([]string, len(labels))
	for i := range ids {
		ids[i] = fmt.Sprintf("c%03d", i)
	}
	return combine.View{Name: name, Segments: trial.Sure(table.NewSegments(ids, labels, nil))}
}

// drawn are views of n customers with any labels.
func drawn(r *rapid.T, n int) combine.Views {
	m := rapid.IntRange(2, 4).Draw(r, "views")
	var views combine.Views
	for v := range m {
		labels := rapid.SliceOfN(rapid.IntRange(table.Noise, 2), n, n).Draw(r, "labels")
		views = append(views, seen(fmt.Sprint("v", v), labels...))
	}
	return views
}

// combinations are both, with the same limits.
func combinations(views combine.Views, o combine.Limits) map[string]*combine.Combination {
	out := map[string]*combine.Combination{"cross": trial.Sure(combine.Cross(views, o))}
	if c, err := combine.Consensus(views, o); err == nil {
		out["consensus"] = c
	}
	return out
}

// Neither the order of the views, nor that of the customers, nor what segments are called makes a difference.
func TestOrderAndNumbersDoNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(r, "n")
		views := drawn(r, n)
		o := combine.Limits{K: rapid.IntRange(0, 3).Draw(r, "k"), MinShare: rapid.SampledFrom([]float64{0, .02, .2}).Draw(r, "share")}
		turned := slices.Clone(views)
		slices.Reverse(turned)
		order := rapid.Permutation(make([]int, n)).Draw(r, "nothing")
		for i := range order {
			order[i] = (i*7 + 3) % n
		}
		for v := range turned {
			s := *turned[v].Segments
			s.IDs, s.Labels = slices.Clone(s.IDs), slices.Clone(s.Labels)
			slices.Reverse(s.IDs)
			slices.Reverse(s.Labels)
			s.Names = []string{"x", "y", "z"}
			for i, l := range s.Labels {
				if l >= 0 {
					s.Labels[i] = 2 - l
				}
			}
			turned[v].Segments = &s
		}
		as, turnedAs := combinations(views, o), combinations(turned, o)
		for which, c := range as {
			d := turnedAs[which]
			if d == nil || !slices.Equal(c.Segments.Labels, d.Segments.Labels) || !slices.Equal(c.Segments.IDs, d.Segments.IDs) {
				r.Fatalf("%s: %v and %v", which, c.Segments.Labels, d)
			}
			for v := range views {
				if a, b := c.Kept[v], d.Kept[len(views)-1-v]; a != b && !(math.IsNaN(a) && math.IsNaN(b)) && math.Abs(a-b) > 1e-12 {
					r.Fatalf("%s keeps %v and %v", which, c.Kept, d.Kept)
				}
			}
		}
	})
}

// Views that say the same are given back, whatever they call the segments.
func TestTheSameViewGivesItselfBack(t *testing.T) {
	labels := []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 2}
	other := make([]int, len(labels))
	for i, l := range labels {
		other[i] = (l + 1) % 3
	}
	views := combine.Views{seen("a", labels...), seen("b", other...), seen("c", labels...)}
	for which, c := range combinations(views, combine.Limits{}) {
		if rand := trial.Sure(compare.AdjustedRand(c.Segments.Labels, labels)); rand != 1 {
			t.Errorf("%s: %v", which, c.Segments.Labels)
		}
		for _, kept := range c.Kept {
			if math.Abs(kept-1) > 1e-12 {
				t.Errorf("%s keeps %v", which, c.Kept)
			}
		}
	}
}

// Against average linkage of the customers themselves, by the mean over all pairs, with the same choice among equally near groups, and against
// all single moves.
func TestConsensusIsThatOfAllCustomers(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(2, 14).Draw(r, "n")
		views := drawn(r, n)
		m := len(views)
		entropy := func(v int, of []int) float64 { // of the labels of these customers, times their number
			counts := map[int]int{}
			for _, i := range of {
				counts[views[v].Segments.Labels[i]]++
			}
			sum := 0.0
			for _, c := range counts {
				sum -= float64(c) * math.Log(float64(c)/float64(len(of)))
			}
			return sum
		}
		var everybody []int
		groups := [][]int{}
		for i := range n {
			everybody, groups = append(everybody, i), append(groups, []int{i})
		}
		lost := func(a, b []int) float64 {
			sum := 0.0
			for v := range m {
				if all := entropy(v, everybody); all > 1e-12 {
					sum += (entropy(v, append(slices.Clone(a), b...)) - entropy(v, a) - entropy(v, b)) / all
				}
			}
			return sum
		}
		apart := func(a, b []int) float64 {
			sum := 0.0
			for _, i := range a {
				for _, j := range b {
					for _, view := range views {
						if view.Segments.Labels[i] != view.Segments.Labels[j] {
							sum++
						}
					}
				}
			}
			return sum / float64(m*len(a)*len(b))
		}
		var heights []float64
		k := rapid.IntRange(1, 4).Draw(r, "k")
		cut := make(table.Labels, n)
		for len(groups) > 1 {
			if len(groups) == k {
				for g, of := range groups {
					for _, i := range of {
						cut[i] = g
					}
				}
			}
			x, y := -1, -1
			for j := range groups {
				for i := range j {
					if x < 0 {
						x, y = i, j
						continue
					}
					d, than := apart(groups[i], groups[j]), apart(groups[x], groups[y])
					l, lThan := lost(groups[i], groups[j]), lost(groups[x], groups[y])
					if d < than-1e-9 || d < than+1e-9 && (l < lThan-1e-9 || l < lThan+1e-9 && (i < x || i == x && j < y)) {
						x, y = i, j
					}
				}
			}
			heights = append(heights, apart(groups[x], groups[y]))
			joined := append(slices.Clone(groups[x]), groups[y]...)
			sort.Ints(joined)
			groups[x] = joined
			groups = slices.Delete(groups, y, y+1)
			sort.Slice(groups, func(a, b int) bool { return groups[a][0] < groups[b][0] })
		}
		c, err := combine.Consensus(views, combine.Limits{K: k})
		if errors.Is(err, fault.ErrOption) {
			return // fewer different customers than segments
		}
		if err != nil {
			r.Fatal(err)
		}
		for p := range c.Heights { // customers that are the same join first, at 0
			if want := heights[n-1-len(c.Heights)+p]; math.Abs(c.Heights[p]-want) > 1e-9 {
				r.Fatalf("heights %v, want %v", c.Heights, heights)
			}
			if p > 0 && c.Heights[p] < c.Heights[p-1]-1e-9 {
				r.Fatalf("heights fall: %v", c.Heights)
			}
		}
		if k == 1 || k > n {
			return
		}
		// The customers' distances within segments: no more than where linkage ended, and no move of customers who are the same lowers them.
		within := func(labels table.Labels) (sum float64) {
			for g := range labels.K() {
				var of []int
				for i, l := range labels {
					if l == g {
						of = append(of, i)
					}
				}
				if of != nil {
					sum += apart(of, of) * float64(len(of))
				}
			}
			return sum
		}
		got := within(c.Segments.Labels)
		if got > within(cut)+1e-9 || c.Segments.K() != k {
			r.Fatalf("%v is farther apart than %v", c.Segments.Labels, cut)
		}
		for _, cell := range c.Cells {
			for g := range k {
				moved := slices.Clone(c.Segments.Labels)
				for i := range moved {
					same := true
					for v, view := range views {
						same = same && view.Segments.Labels[i] == cell.Labels[v]
					}
					if same {
						moved[i] = g
					}
				}
				if slices.Min(moved.Counts()) > 0 && moved.K() == k && within(moved) < got-1e-6 {
					r.Fatalf("%v is nearer together than %v", moved, c.Segments.Labels)
				}
			}
		}
	})
}

// What is kept is one minus the conditional entropy by the entropy, as variation of information has them; it never grows as segments get fewer,
// and every segment is as large as was asked for.
func TestCrossKeepsWhatItSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(4, 40).Draw(r, "n")
		views := drawn(r, n)
		share := rapid.SampledFrom([]float64{.01, .1, .3}).Draw(r, "share")
		before := math.Inf(1)
		for _, k := range []int{0, 4, 3, 2, 1} {
			c := trial.Sure(combine.Cross(views, combine.Limits{K: k, MinShare: share}))
			if k > 0 && c.Segments.K() > k {
				r.Fatalf("%d segments of at most %d", c.Segments.K(), k)
			}
			if smallest, _ := c.Smallest(); smallest < share && c.Segments.K() > 1 {
				r.Fatalf("a segment of %v, want %v", smallest, share)
			}
			sum, none := 0.0, make(table.Labels, n)
			for v, view := range views {
				whole := trial.Sure(compare.VariationOfInformation(view.Segments.Labels, none))
				if whole == 0 {
					if !math.IsNaN(c.Kept[v]) {
						r.Fatalf("something is kept of a view of one segment: %v", c.Kept)
					}
					continue
				}
				own := trial.Sure(compare.VariationOfInformation(c.Segments.Labels, none))
				both := trial.Sure(compare.VariationOfInformation(c.Segments.Labels, view.Segments.Labels))
				if want := 1 - (both+whole-own)/2/whole; math.Abs(c.Kept[v]-want) > 1e-9 {
					r.Fatalf("kept %v, want %v", c.Kept[v], want)
				}
				sum += c.Kept[v]
			}
			if sum > before+1e-9 {
				r.Fatalf("%d segments keep more than more of them: %v after %v", k, sum, before)
			}
			before = sum
		}
	})
}

// The rare cell goes where least is lost: its three customers to the few of the same mood, not to the many.
func TestARareCellGoesWhereLeastIsLost(t *testing.T) {
	var orders, mood []int
	add := func(times, o, m int) {
		for range times {
			orders, mood = append(orders, o), append(mood, m)
		}
	}
	add(50, 0, 0)
	add(10, 1, 1)
	add(37, 2, 0)
	add(3, 0, 1)
	c := trial.Sure(combine.Cross(combine.Views{seen("orders", orders...), seen("mood", mood...)}))
	if got := c.Segments.Counts(); !slices.Equal(got, []int{50, 37, 13}) || c.Rare != 1 || c.Moved != 3 {
		t.Fatalf("sizes %v, %d rare, %d moved", got, c.Rare, c.Moved)
	}
	if got := c.Segments.Names; !slices.Equal(got, []string{"1 · 1", "3 · 1", "2 · 2"}) {
		t.Errorf("names %q", got)
	}
	s := c.Sheet()
	if !strings.Contains(s.Caption, "3 segments, the smallest 13.0 %") || s.Rows[2][3] != "2 (77 %), 1 (23 %)" {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(strings.Join(s.Notes, " "), "1 cell of 4 had too few customers (3 in all)") {
		t.Errorf("notes %q", s.Notes)
	}
}

func TestAssignCarriesSegmentsOn(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		views := drawn(r, 25)
		for v := range views {
			views[v].Segments.Names = []string{"a", "b", "c"}
		}
		for which, c := range combinations(views, combine.Limits{}) {
			again := trial.Sure(c.Assign(views))
			if !slices.Equal(again.Labels, c.Segments.Labels) || !slices.Equal(again.IDs, c.Segments.IDs) {
				r.Fatalf("%s: %v, then %v", which, c.Segments.Labels, again.Labels)
			}
		}
	})
	// A combination that was not seen: mood 1 is held by nobody but the second segment.
	c := trial.Sure(combine.Cross(combine.Views{seen("orders", 0, 0, 0, 1, 1, 2), seen("mood", 0, 0, 0, 1, 1, 0)}))
	next := combine.Views{seen("mood", 1, 0), seen("orders", 2, 1)}
	next[0].Segments.Names, next[1].Segments.Names = []string{"1", "2"}, []string{"1", "2", "3"}
	got := trial.Sure(c.Assign(next))
	if len(got.Labels) != 2 || slices.Min(got.Labels) < 0 {
		t.Errorf("%v", got.Labels)
	}
	if _, err := c.Assign(next[:1]); !errors.Is(err, fault.ErrMissingColumn) {
		t.Error(err)
	}
	next[0].Segments.Names = append(next[0].Segments.Names, "one more")
	if _, err := c.Assign(next); !errors.Is(err, fault.ErrSchema) {
		t.Error(err)
	}
}

func TestViewsThatCannotBeCombined(t *testing.T) {
	a := seen("a", 0, 1, 0)
	far := seen("far", 0, 1)
	far.Segments.IDs = []string{"x", "y"}
	for name, c := range map[string]struct {
		views combine.Views
		o     combine.Limits
		kind  error
	}{
		"one":      {combine.Views{a}, combine.Limits{}, fault.ErrEmpty},
		"no name":  {combine.Views{a, {Segments: a.Segments}}, combine.Limits{}, fault.ErrSchema},
		"twice":    {combine.Views{a, a}, combine.Limits{}, fault.ErrDuplicate},
		"nil":      {combine.Views{a, {Name: "b"}}, combine.Limits{}, fault.ErrNil},
		"far":      {combine.Views{a, far}, combine.Limits{}, fault.ErrUnmatched},
		"negative": {combine.Views{a, seen("b", 0, 0, 1)}, combine.Limits{K: -1}, fault.ErrOption},
		"share":    {combine.Views{a, seen("b", 0, 0, 1)}, combine.Limits{MinShare: 5}, fault.ErrOption},
	} {
		if _, err := combine.Cross(c.views, c.o); !errors.Is(err, c.kind) {
			t.Errorf("%s, cross: %v", name, err)
		}
		if _, err := combine.Consensus(c.views, c.o); !errors.Is(err, c.kind) {
			t.Errorf("%s, consensus: %v", name, err)
		}
	}
	if _, err := combine.Consensus(combine.Views{a, seen("b", 0, 0, 1)}, combine.Limits{K: 4}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
}
