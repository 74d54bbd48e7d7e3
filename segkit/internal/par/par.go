// Package par runs loops on all processors without letting their number show in the result.
//
// Work is cut into chunks of a fixed size, so partial sums are the same at any GOMAXPROCS; callers add them in chunk order.
package par

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Chunk is the number of rows a worker takes at a time: small enough to balance, large enough to hide the hand-over.
const Chunk = 2048

// Chunks returns how many chunks n rows make.
func Chunks(n int) int { return (n + Chunk - 1) / Chunk }

// Rows calls do(chunk, from, to) for every chunk of n rows, in parallel. It stops handing out chunks once ctx is done,
// and returns ctx.Err().
func Rows(ctx context.Context, n int, do func(chunk, from, to int)) error {
	return Items(ctx, Chunks(n), func(c int) { do(c, c*Chunk, min(n, (c+1)*Chunk)) })
}

// InTurn is Rows on the caller's goroutine, for loops that are themselves items of a parallel loop.
func InTurn(ctx context.Context, n int, do func(chunk, from, to int)) error {
	for c := range Chunks(n) {
		if err := ctx.Err(); err != nil {
			return err
		}
		do(c, c*Chunk, min(n, (c+1)*Chunk))
	}
	return ctx.Err()
}

// inside marks the context of an item of a parallel loop.
type inside struct{}

// Inside returns a context for the items of a parallel loop: loops under it run in turn, since all processors are at work. It
// spares short loops the hand-over, and changes no result.
func Inside(ctx context.Context) context.Context { return context.WithValue(ctx, inside{}, true) }

// Items calls do(i) for i in 0..n-1, in parallel and in no particular order. It stops handing out items once ctx is done,
// waits for those under way, and returns ctx.Err(). A panic in do is raised again on the caller's goroutine.
func Items(ctx context.Context, n int, do func(i int)) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 || ctx.Value(inside{}) != nil {
		for i := range n {
			if err := ctx.Err(); err != nil {
				return err
			}
			do(i)
		}
		return ctx.Err()
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	var panicked atomic.Value
	work := func() {
		defer func() {
			if p := recover(); p != nil {
				panicked.CompareAndSwap(nil, raised{p})
				next.Store(int64(n))
			}
		}()
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			do(i)
		}
	}
	for range workers - 1 {
		wg.Go(work)
	}
	work() // the caller's goroutine is a worker too
	wg.Wait()
	if p := panicked.Load(); p != nil {
		panic(p.(raised).value)
	}
	return ctx.Err()
}

// Sort sorts x, no two of which are equal, in halves that are sorted at the same time. It takes as much memory again.
func Sort[E any](x []E, compare func(a, b E) int) {
	if len(x) <= Chunk || runtime.GOMAXPROCS(0) == 1 {
		slices.SortFunc(x, compare)
		return
	}
	sortHalves(x, slices.Clone(x), runtime.GOMAXPROCS(0), compare)
}

// sortHalves sorts x, with room for a copy of it, by so many workers.
func sortHalves[E any](x, room []E, workers int, compare func(a, b E) int) {
	if workers <= 1 || len(x) <= Chunk {
		slices.SortFunc(x, compare)
		return
	}
	half := len(x) / 2
	_ = Items(context.Background(), 2, func(i int) {
		from, to := i*half, half+i*(len(x)-half)
		sortHalves(x[from:to], room[from:to], workers/2, compare)
		copy(room[from:to], x[from:to])
	})
	a, b := room[:half], room[half:len(x)]
	for at := range x {
		if len(b) == 0 || len(a) > 0 && compare(a[0], b[0]) < 0 {
			x[at], a = a[0], a[1:]
		} else {
			x[at], b = b[0], b[1:]
		}
	}
}

// raised lets atomic.Value hold panics of differing types.
type raised struct{ value any }
