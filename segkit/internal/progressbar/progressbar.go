// Package progressbar shows how far a long call has come, and leaves nothing when it is over: calls of less than a second
// show nothing at all, so that a notebook reads the same whether a step was slow, quick, or remembered.
package progressbar

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

const (
	quiet   = time.Second            // shorter calls show nothing
	refresh = 200 * time.Millisecond // between two pictures of the bar
)

// Bar is the progress of the call that runs now.
type Bar struct {
	Draw func(*job.Progress) // nil clears; a nil Draw: there is no place to show it

	mu      sync.Mutex
	started time.Time // first report of the call; zero between two calls
	drawn   time.Time // last picture; zero when nothing is shown
}

// Report is the hook that long calls find in the context.
func (b *Bar) Report(p job.Progress) { b.reportAt(time.Now(), p) }

func (b *Bar) reportAt(now time.Time, p job.Progress) {
	if b.Draw == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case p.Total > 0 && p.Done >= p.Total:
		b.end()
	case b.started.IsZero():
		b.started = now
	case now.Sub(b.started) >= quiet && now.Sub(b.drawn) >= refresh:
		b.drawn = now
		b.Draw(&p)
	}
}

// Clear removes what is shown, before something else is.
func (b *Bar) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end()
}

func (b *Bar) end() {
	if !b.drawn.IsZero() {
		b.Draw(nil)
	}
	b.started, b.drawn = time.Time{}, time.Time{}
}

// Terminal draws on the last line of the terminal; nil where the output goes elsewhere.
func Terminal() func(*job.Progress) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(p *job.Progress) {
		line := ""
		if p != nil {
			line = p.Task + " · " + Steps(*p)
		}
		fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line)
	}
}

// Steps counts what is done: "3 of 10".
func Steps(p job.Progress) string {
	if p.Total > 0 {
		return sheet.Count(p.Done) + " of " + sheet.Count(p.Total)
	}
	return sheet.Count(p.Done)
}
