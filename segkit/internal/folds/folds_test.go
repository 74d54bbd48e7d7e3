package folds

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// The order written out: every customer has the first number of a stream of its own. Some of the customers, in whatever order of the rows,
// stand as they do among all.
func TestOrderOfSomeIsThatOfAll(t *testing.T) {
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprint("c", i)
	}
	plain := pick.All(len(ids))
	key := func(i int) uint64 {
		h := fnv.New64a()
		h.Write([]byte(ids[i]))
		return seed.Stream(7, "here", int(h.Sum64())).Uint64()
	}
	slices.SortFunc(plain, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
	all := Draw(ids, 7, "here")
	if !slices.Equal(all, plain) || slices.IsSorted(all) {
		t.Fatal("another order than that of the streams")
	}
	some := rand.New(rand.NewPCG(1, 1)).Perm(len(ids))[:200]
	want := pick.At(ids, slices.DeleteFunc(all, func(i int) bool { return !slices.Contains(some, i) }))
	mine := pick.At(ids, some)
	if got := pick.At(mine, Draw(mine, 7, "here")); !slices.Equal(got, want) {
		t.Errorf("some of the customers stand in another order than among all: %q, %q", got[:5], want[:5])
	}
}

// Sizes of the parts differ by at most one, and so do those of every segment's shares; what segments are called does not matter.
func TestEverySegmentHasItsShareOfAPart(t *testing.T) {
	const count = 4
	r := rand.New(rand.NewPCG(1, 2))
	ids, labels := make([]string, 203), make(table.Labels, 203)
	for i := range ids {
		ids[i], labels[i] = fmt.Sprint("c", i), min(r.IntN(4), r.IntN(6))-1
	}
	of := Deal(ids, labels, count, 1)
	for l := table.Noise; l < labels.K(); l++ {
		in := make([]int, count)
		for i, p := range of {
			if labels[i] == l {
				in[p]++
			}
		}
		if slices.Max(in)-slices.Min(in) > 1 || slices.Max(in) < 2 {
			t.Errorf("of segment %d, parts have %d", l, in)
		}
	}
	renamed := slices.Clone(labels)
	for i, l := range labels {
		if l >= 0 {
			renamed[i] = labels.K() - 1 - l
		}
	}
	if !slices.Equal(Deal(ids, renamed, count, 1), of) {
		t.Error("other names of the segments deal the customers otherwise")
	}
}
