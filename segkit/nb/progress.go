package nb

// Progress of long calls: shown where someone is looking, and gone when the call is over, so that a notebook reads the
// same whether a step was slow, quick, or remembered.

import (
	"fmt"
	"html"
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

// bar is the progress of the call that runs now.
type bar struct {
	draw func(*job.Progress) // nil clears; a nil draw: nobody is looking

	mu      sync.Mutex
	started time.Time // first report of the call; zero between two calls
	drawn   time.Time // last picture; zero when nothing is shown
}

var progress = &bar{draw: audience()}

// report is the hook that long calls find in the context.
func (b *bar) report(p job.Progress) { b.reportAt(time.Now(), p) }

func (b *bar) reportAt(now time.Time, p job.Progress) {
	if b.draw == nil {
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
		b.draw(&p)
	}
}

// clear removes what is shown, before something else is.
func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end()
}

func (b *bar) end() {
	if !b.drawn.IsZero() {
		b.draw(nil)
	}
	b.started, b.drawn = time.Time{}, time.Time{}
}

// audience finds out who is looking. Jupyter names the session of a notebook that is open in a browser, and only of such
// a one: a notebook that is executed headless has no bar, hence no trace of it in its outputs.
func audience() func(*job.Progress) {
	switch info, err := os.Stderr.Stat(); {
	case inNotebook() && os.Getenv("JPY_SESSION_NAME") != "":
		id := fmt.Sprintf("segkit-progress-%d-%d", os.Getpid(), time.Now().UnixNano()) // new in every cell
		return func(p *job.Progress) { drawInNotebook(p, id) }
	case !inNotebook() && err == nil && info.Mode()&os.ModeCharDevice != 0:
		return drawInTerminal
	}
	return nil
}

func drawInNotebook(p *job.Progress, id string) {
	k, err := connect()
	if err != nil {
		return // a bar is worth no error; what is shown next will tell
	}
	if p == nil {
		k.send(map[string]string{mimeHTML: ""}, id)
		k.sync() // the program may end now
		return
	}
	k.send(map[string]string{mimeHTML: progressHTML(*p)}, id)
}

func progressHTML(p job.Progress) string {
	value := ""
	if p.Total > 0 {
		value = fmt.Sprintf(` max="%d" value="%d"`, p.Total, p.Done)
	}
	return fmt.Sprintf("<label>%s <progress%s></progress> %s</label>", html.EscapeString(p.Task), value, steps(p))
}

func drawInTerminal(p *job.Progress) {
	line := ""
	if p != nil {
		line = p.Task + " · " + steps(*p)
	}
	fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line)
}

// steps counts what is done: "3 of 10".
func steps(p job.Progress) string {
	if p.Total > 0 {
		return sheet.Count(p.Done) + " of " + sheet.Count(p.Total)
	}
	return sheet.Count(p.Done)
}
