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
