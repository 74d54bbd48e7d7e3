package par

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

func TestRowsVisitsEveryRowOnce(t *testing.T) {
	for _, procs := range []int{1, 2, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for _, n := range []int{0, 1, Chunk - 1, Chunk, Chunk + 1, 5*Chunk + 7} {
			seen := make([]int32, n)
			err := Rows(context.Background(), n, func(_, from, to int) {
				for i := from; i < to; i++ {
					atomic.AddInt32(&seen[i], 1)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range seen {
				if s != 1 {
					t.Fatalf("n=%d, procs=%d: row %d visited %d times", n, procs, i, s)
				}
			}
		}
	}
}

func TestInTurnIsRowsInOrder(t *testing.T) {
	for _, n := range []int{0, 1, Chunk, Chunk + 1, 3*Chunk + 7} {
		next, chunks := 0, 0
		err := InTurn(context.Background(), n, func(chunk, from, to int) {
			if chunk != chunks || from != next || to <= from || to > n {
				t.Fatalf("n=%d: chunk %d is %d to %d, want chunk %d from %d", n, chunk, from, to, chunks, next)
			}
			next, chunks = to, chunks+1
		})
		if err != nil || next != n || chunks != Chunks(n) {
			t.Fatalf("n=%d: %d rows in %d chunks, %v", n, next, chunks, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	err := InTurn(ctx, 9*Chunk, func(chunk, _, _ int) {
		if calls++; chunk == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || calls != 4 {
		t.Fatalf("%v after %d chunks", err, calls)
	}
	ctx, cancel = context.WithCancel(context.Background())
	if err := InTurn(ctx, 1, func(int, int, int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled in the last chunk: %v", err)
	}
}

func TestItemsStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var done atomic.Int64
	err := Items(ctx, 1_000_000, func(int) {
		if done.Add(1) == 10 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || done.Load() > 1000 {
		t.Fatalf("err %v after %d items", err, done.Load())
	}
}

func TestItemsRaisesPanicOnCaller(t *testing.T) {
	defer func() {
		if p := recover(); p != "seven" {
			t.Fatalf("recovered %v", p)
		}
	}()
	Items(context.Background(), 100, func(i int) {
		if i == 7 {
			panic("seven")
		}
	})
}

func TestSortSorts(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for _, n := range []int{0, 1, Chunk, Chunk + 1, 9*Chunk + 7} {
			x := rand.New(rand.NewPCG(1, uint64(n))).Perm(n)
			Sort(x, func(a, b int) int { return cmp.Compare(b, a) })
			for i, v := range x {
				if v != n-1-i {
					t.Fatalf("n=%d, procs=%d: %d stands at %d", n, procs, v, i)
				}
			}
		}
		already := []int{1, 2, 3}
		if Sort(already, cmp.Compare[int]); !slices.IsSorted(already) {
			t.Fatal(already)
		}
	}
}
