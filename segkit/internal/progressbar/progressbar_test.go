package progressbar

import (
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/job"
)

func TestProgressShowsLongCallsAndLeavesNothing(t *testing.T) {
	var drawn []string
	b := &Bar{Draw: func(p *job.Progress) {
		if p == nil {
			drawn = append(drawn, "gone")
		} else {
			drawn = append(drawn, Steps(*p))
		}
	}}
	start := time.Now()
	at := func(ms, done int) {
		b.reportAt(start.Add(time.Duration(ms)*time.Millisecond), job.Progress{Task: "sweep", Done: done, Total: 7000})
	}
	at(0, 1)
	at(900, 2)
	at(950, 7000) // done within a second: there is nothing to see
	b.Clear()
	at(1000, 1)
	at(2500, 2000)
	at(2600, 2100) // too soon after the last picture
	at(2800, 3000)
	at(3000, 7000)
	at(3100, 1)
	at(4500, 2)
	b.Clear()
	b.Clear()
	if got, want := strings.Join(drawn, "|"), "2,000 of 7,000|3,000 of 7,000|gone|2 of 7,000|gone"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	(&Bar{}).Report(job.Progress{}) // there is no place to show it
}
