package job

import (
	"context"
	"sync"
)

// DefaultContext is the context of every call that does not take one, such as Fit. It is the one process-wide default:
// package nb makes it a context that shows progress, remembers results between cells and ends on interrupt.
var DefaultContext = context.Background()

// Progress tells how far a long call has come.
type Progress struct {
	Task  string // what is being done, for people: "k-means, k = 4"
	Done  int    // steps done
	Total int    // steps in all, 0 if unknown
}

type progressKey struct{}

// WithProgress returns a context under which long calls report to show. It is called from one goroutine at a time, and
// should return soon.
func WithProgress(ctx context.Context, show func(Progress)) context.Context {
	return context.WithValue(ctx, progressKey{}, show)
}

// Report hands p to the hook that ctx carries, if any.
func Report(ctx context.Context, p Progress) {
	if show, ok := ctx.Value(progressKey{}).(func(Progress)); ok {
		show(p)
	}
}

// Steps returns a function that reports one more step of task done each time it is called, from any goroutine.
func Steps(ctx context.Context, task string, total int) func() {
	var mu sync.Mutex
	done := 0
	Report(ctx, Progress{task, 0, total})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		Report(ctx, Progress{task, done, total})
	}
}
