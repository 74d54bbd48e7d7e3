package nb

// The context under which a cell's calls run: it ends on interrupt, remembers what expensive calls computed, and shows
// the progress of long ones.

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"

	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/job"
)

// Context returns the context that importing this package made job.DefaultContext. Pass it to calls that take a context.
func Context() context.Context { return cell }

var cell context.Context

func init() {
	ctx, cancel := context.WithCancelCause(context.Background())
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt) // before anything of the cell's runs
	go endOnInterrupt(interrupts, cancel)
	ctx = job.WithProgress(ctx, progress.Report)
	cell = memory.With(ctx, store)
	job.DefaultContext = cell
}

var errInterrupted = errors.New("segkit: interrupted")

// endOnInterrupt gives running calls a moment to end by themselves. Statements of the cell that look at no context do
// not hear of it, so the program ends in any case; a second interrupt ends it at once.
func endOnInterrupt(interrupts <-chan os.Signal, cancel context.CancelCauseFunc) {
	<-interrupts
	signal.Reset(os.Interrupt)
	cancel(errInterrupted)
	time.Sleep(2 * time.Second)
	stop(errInterrupted)
}
