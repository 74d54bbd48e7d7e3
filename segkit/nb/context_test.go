package nb

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/job"
)

func TestImportingMakesTheDefaultContext(t *testing.T) {
	if job.DefaultContext != Context() || memory.From(Context()) == nil {
		t.Error("plain calls would not run under the cell's context")
	}
}

func TestInterruptEndsTheCellWithASentence(t *testing.T) {
	for _, deaf := range []string{"", "1"} { // a call that looks at its context, and statements that do not
		cmd := exec.Command(script)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		cmd.Env = append(os.Environ(), "WAIT=1", "DEAF="+deaf)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		fmt.Fscanln(out, new(string)) // it waits now
		cmd.Process.Signal(os.Interrupt)
		err = cmd.Wait()
		if err == nil || cmd.ProcessState.ExitCode() != 1 || !strings.HasPrefix(stderr.String(), "segkit: interrupted\n") {
			t.Errorf("deaf %q: %v, %q", deaf, err, stderr.String())
		}
	}
}

func TestProgressShowsLongCallsAndLeavesNothing(t *testing.T) {
	var drawn []string
	b := &bar{draw: func(p *job.Progress) {
		if p == nil {
			drawn = append(drawn, "gone")
		} else {
			drawn = append(drawn, steps(*p))
		}
	}}
	start := time.Now()
	at := func(ms, done int) {
		b.reportAt(start.Add(time.Duration(ms)*time.Millisecond), job.Progress{Task: "sweep", Done: done, Total: 7000})
	}
	at(0, 1)
	at(900, 2)
	at(950, 7000) // done within a second: nobody saw it
	b.clear()
	at(1000, 1)
	at(2500, 2000)
	at(2600, 2100) // too soon after the last picture
	at(2800, 3000)
	at(3000, 7000)
	at(3100, 1)
	at(4500, 2)
	b.clear()
	b.clear()
	if got, want := strings.Join(drawn, "|"), "2,000 of 7,000|3,000 of 7,000|gone|2 of 7,000|gone"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	(&bar{}).report(job.Progress{}) // nobody is looking
	if got := progressHTML(job.Progress{Task: "<k>", Done: 1, Total: 2}); !strings.Contains(got, `max="2" value="1"`) || !strings.Contains(got, "&lt;k&gt;") {
		t.Error(got)
	}
}

func TestViaHandsOverToGonbui(t *testing.T) {
	var log []string
	c := other{func(m *protocol.DisplayData) { log = append(log, fmt.Sprint(m.Data, m.DisplayID)) }, func() { log = append(log, "sync") }}
	c.send(map[string]string{mimeText: "x"}, "id")
	c.sync()
	if got, want := strings.Join(log, "|"), "map[text/plain:x]id|sync"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
