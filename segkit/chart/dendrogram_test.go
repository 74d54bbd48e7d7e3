package chart

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// Four customers: 0 and 1 join at 1, 2 and 3 at 2, all at 9.
func fourInPairs() *cluster.Tree {
	return &cluster.Tree{Merges: []cluster.Merge{{A: 0, B: 1, Height: 1, Size: 2}, {A: 2, B: 3, Height: 2, Size: 2}, {A: 4, B: 5, Height: 9, Size: 4}}}
}

func TestDendrogramTitleComparesWithTheWidestGap(t *testing.T) {
	titled(t, "The cut into 2 segments lies in the widest gap between joins (2 to 9)")(Dendrogram(fourInPairs(), 2))
	titled(t, "The cut into 3 segments lies between joins at 1 and 2; the widest gap between joins (2 to 9) would leave 2")(Dendrogram(fourInPairs(), 3))
	titled(t, "The cut into 4 segments lies between joins at 0 and 1; the widest gap between joins (2 to 9) would leave 2")(Dendrogram(fourInPairs(), 4))
	titled(t, "Uncut, all customers are one segment; the widest gap between joins (2 to 9) would leave 2")(Dendrogram(fourInPairs(), 1))
	titled(t, "Two customers join at height 3")(Dendrogram(&cluster.Tree{Merges: []cluster.Merge{{A: 0, B: 1, Height: 3, Size: 2}}}, 2))

	alike := fourInPairs()
	for i := range alike.Merges {
		alike.Merges[i].Height = 0
	}
	f, err := Dendrogram(alike, 2)
	titled(t, "All 4 customers are identical: every join is at height 0")(f, err)
	if !strings.Contains(f.Note, "among joins of equal height") {
		t.Errorf("note %q: the cut parts equal customers", f.Note)
	}
	if _, err := f.SVG(); err != nil {
		t.Error(err)
	}
}

func TestDendrogramOfWhatCannotBeCut(t *testing.T) {
	for what, c := range map[string]struct {
		tree *cluster.Tree
		k    int
		want string
	}{
		"no tree":      {nil, 2, "only a clustering made with segkit.Hierarchical has one"},
		"one customer": {&cluster.Tree{}, 1, "1 customer has no join"},
		"no segment":   {fourInPairs(), 0, "1 to 4"},
		"k beyond n":   {fourInPairs(), 5, "1 to 4"},
		"k beyond all": {random(t, 100, cluster.Ward, 1), 61, "1 to 60"},
	} {
		if _, err := Dendrogram(c.tree, c.k); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gives error %v, want one that says %s", what, err, c.want)
		}
	}
	if _, err := Dendrogram(nil, 2); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no tree gives error %v", err)
	}
}

// random returns the tree of n customers on a grid of whole numbers, so that many are equal or equally far apart.
func random(t interface{ Fatal(...any) }, n int, linkage cluster.Linkage, seed uint64) *cluster.Tree {
	r := rand.New(rand.NewPCG(seed, 1))
	ids, data := make([]string, n), make([]float64, 0, 2*n)
	for i := range n {
		ids[i] = fmt.Sprint(i)
		data = append(data, float64(r.IntN(12)), float64(r.IntN(12)))
	}
	x, err := table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Fit(x, cluster.Hierarchical{K: 1, Linkage: linkage})
	if err != nil {
		t.Fatal(err)
	}
	return c.Tree
}

func TestBranchesAreTheTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 90).Draw(t, "n")
		linkage := rapid.SampledFrom([]cluster.Linkage{cluster.Ward, cluster.Average, cluster.Complete, cluster.Single}).Draw(t, "linkage")
		tree := random(t, n, linkage, rapid.Uint64().Draw(t, "seed"))
		k := rapid.IntRange(1, min(n, mostCuts)).Draw(t, "k")
		labels, err := tree.Cut(k)
		if err != nil {
			t.Fatal(err)
		}
		c := newCrown(tree, labels, k)
		if len(c.rows) != min(n, max(mostBranches, k)) {
			t.Fatalf("%d branches of %d customers in %d segments", len(c.rows), n, k)
		}
		var members func(group int) []int
		members = func(group int) []int {
			if group < n {
				return []int{group}
			}
			m := tree.Merges[group-n]
			return append(members(m.A), members(m.B)...)
		}
		var order []int
		for _, group := range c.rows { // each lies within one segment, all of it in its colour
			rows := members(group)
			order = append(order, rows...)
			label, ok := c.segment(group)
			if !ok || len(rows) != c.size(group) {
				t.Fatalf("branch of %v is divided, or counts %d", rows, c.size(group))
			}
			for _, i := range rows {
				if labels[i] != label {
					t.Fatalf("customer %d of segment %d is drawn in that of %d", i, labels[i], label)
				}
			}
		}
		if !slices.Equal(order, tree.Order()) {
			t.Fatalf("branches in the order %v, customers of the tree in %v", order, tree.Order())
		}
		cut, low, high := c.gap(k)
		if cut < low || cut > high {
			t.Fatalf("cut at %v, between %v and %v", cut, low, high)
		}
		var numbers []string
		for _, d := range c.draw(newPlot("", ""), cut) {
			numbers = append(numbers, d.text)
		}
		slices.Sort(numbers)
		if len(slices.Compact(numbers)) != k {
			t.Fatalf("numbers %v for %d segments", numbers, k)
		}
	})
}

func TestEveryBranchHasRoomForItsNumber(t *testing.T) {
	for _, k := range []int{2, 10, 30, 60} {
		f, err := Dendrogram(random(t, 300, cluster.Single, 3), k)
		if err != nil {
			t.Fatal(err)
		}
		svg, err := f.SVG()
		if err != nil {
			t.Fatal(err)
		}
		boxes := texts(svg)
		for i, b := range boxes {
			for _, o := range boxes[:i] {
				if b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 {
					t.Errorf("k = %d: %q lies on %q", k, b.text, o.text)
				}
			}
		}
	}
}
