package nb

// Progress of long calls, shown where someone is looking.

import (
	"fmt"
	"os"
	"time"

	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/job"
)

// progress is the bar of the call that runs now.
var progress = &progressbar.Bar{Draw: audience()}

// audience finds out who is looking. Jupyter names the session of a notebook that is open in a browser, and only of such
// a one: a notebook that is executed headless has no bar, hence no trace of it in its outputs.
func audience() func(*job.Progress) {
	switch {
	case !inNotebook():
		return progressbar.Terminal()
	case os.Getenv("JPY_SESSION_NAME") != "":
		id := fmt.Sprintf("segkit-progress-%d-%d", os.Getpid(), time.Now().UnixNano()) // new in every cell
		return func(p *job.Progress) { drawInNotebook(p, id) }
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
	return fmt.Sprintf("<label>%s <progress%s></progress> %s</label>", inert.HTML(p.Task), value, progressbar.Steps(p))
}
