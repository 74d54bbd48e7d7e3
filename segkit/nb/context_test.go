package nb

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

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

func TestProgressNamesItsTask(t *testing.T) {
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
