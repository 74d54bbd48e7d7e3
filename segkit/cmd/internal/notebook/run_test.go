package notebook

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/internal/killed"
)

// These tests run notebooks in the real kernel: planted faults must turn a run red.

// needKernel skips where make has not set up the checkout.
func needKernel(t *testing.T) {
	t.Helper()
	if Checkout(".") == "" {
		t.Skip("the kernel is not set up: `make setup` does it")
	}
}

// ran is a planted notebook, and what became of it.
type ran struct {
	*Result
	err    error
	folder string // where it is
}

// runCells runs the cells as a notebook in a folder of its own, writes the results into the folder out there, and returns what became of it.
func runCells(t *testing.T, o Options, cells ...*Cell) ran {
	t.Helper()
	needKernel(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "planted.ipynb")
	cells = append([]*Cell{code("setup", "%noautoget", "setup")}, cells...)
	if err := os.WriteFile(file, stored(t, newNotebook(cells...)), 0o644); err != nil {
		t.Fatal(err)
	}
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Minute
	}
	out := filepath.Join(folder, "out")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), file, o)
	if err == nil {
		err = r.Write(out)
	}
	return ran{r, err, folder}
}

// wantFaults compares the faults found with the cells that have one and what is said of it.
func wantFaults(t *testing.T, r ran, want map[string]string) {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	if r.Record.Passed != (len(want) == 0) {
		t.Errorf("passed: %v", r.Record.Passed)
	}
	for _, f := range r.Record.Faults {
		if part, ok := want[f.ID]; !ok || !strings.Contains(f.String(), part) {
			t.Errorf("cell %s: %s\nwant %q", f.ID, f, part)
		}
		delete(want, f.ID)
	}
	for id, part := range want {
		t.Errorf("cell %s is not found to be wrong, want %q", id, part)
	}
}

func TestRunLeavesPageCopyAndRecord(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{Param: map[string]string{"k": "5"}},
		code("parameters", "var k = 4 // segments", "parameters"),
		code("derived", "var twice = 2 * k"),
		code("tell", "%%\nfmt.Println(\"twice\", twice)"),
		code("show", "%%\nnb.Show(nb.HTML(\"<b>shown</b>\"))", "display"),
		code("fails", "%%\nos.Exit(3)", "raises-exception"),
		code("after", "!true"))
	wantFaults(t, r, nil)
	out := filepath.Join(r.folder, "out")
	executed, _, err := Read(filepath.Join(out, "planted.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if tell := executed.Cells[4]; len(tell.Outputs) != 1 || tell.Outputs[0].Text != "twice 10\n" {
		t.Errorf("with k=5 the copy says %v", tell.lastOutput())
	}
	page, err := os.ReadFile(filepath.Join(out, "planted.html"))
	if err != nil || !strings.Contains(string(page), "<b>shown</b>") || strings.Contains(string(page), "<script") {
		t.Errorf("the page lacks what was shown, or has scripts (%v)", err)
	}
	b, err := os.ReadFile(filepath.Join(out, "planted.json"))
	if err != nil {
		t.Fatal(err)
	}
	var left Record
	if err := json.Unmarshal(b, &left); err != nil {
		t.Fatal(err)
	}
	if !left.Passed || left.Parameters["k"] != "5" || len(left.SHA256) != 64 || len(left.Cells) != 8 ||
		left.Versions["gonb"] == "" || left.Versions["go"] == "" || left.Cells[4].Seconds <= 0 {
		t.Errorf("record %s", b)
	}
}

func TestRunFindsHiddenFaults(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{},
		code("shell", "!false"),
		code("bash", "%%bash\necho before\nexit 3"),
		code("silent", "%%\nfmt.Println(\"no picture\")", "display"),
		code("says-panic", "%%\nfmt.Fprintln(os.Stderr, \"panic: caught and told\")"),
		code("good-after-all", "%%", "raises-exception"),
		code("loads", "%%\nnb.Show(nb.HTML(`<img src=\"https://example.org/a.png\">`))"),
		code("good", "%%\nfmt.Println(1)"))
	wantFaults(t, r, map[string]string{
		"shell":          "exit status 1",
		"bash":           "exit status 3",
		"silent":         "shows 0 of 1",
		"says-panic":     "panic:",
		"good-after-all": "did not fail",
		"":               "https://example.org/a.png", // of the page as a whole
	})
}

func TestRunStopsAtErrors(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"panic":   {"%%\npanic(\"boo\")", "> panic: boo"},
		"exit":    {"%%\nos.Exit(4)", "exit status 4"},
		"compile": {"%%\nvar unused int", "declared and not used: unused"},
		"test":    {"func TestA(t *testing.T) { t.Fatal(\"bad\") }\n%test", "--- FAIL: TestA"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := runCells(t, Options{}, code("bad", c.source), code("below", "%%\nfmt.Println(1)", "display"))
			wantFaults(t, r, map[string]string{"bad": c.want})
		})
	}
}

func TestRunEndsSlowCells(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{Jupyter: Jupyter{Timeout: 3 * time.Second}}, code("endless", "%%\nfor {\n}"))
	wantFaults(t, r, map[string]string{"endless": "--timeout"})
}

func TestRunSurvivesADeadKernel(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{}, code("kills", tellPIDs+"syscall.Kill(os.Getppid(), syscall.SIGKILL)\nfor {\n}"), code("below", "%%"))
	wantFaults(t, r, map[string]string{"kills": "the kernel died"})
	awaitGone(t, awaitPIDs(t, r.folder))
}

// tellPIDs is a cell that writes the process ids of cell and kernel to the file pids, and goes on for ever.
const tellPIDs = "%%\n" +
	"ids := fmt.Sprintln(os.Getpid(), os.Getppid())\n" +
	"os.WriteFile(\"pids.new\", []byte(ids), 0o644)\n" +
	"os.Rename(\"pids.new\", \"pids\")\n"

func TestInterruptedRunLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	needKernel(t)
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := Jupyter{Timeout: time.Minute}.execute(ctx, newNotebook(code("setup", "%noautoget"), code("endless", tellPIDs+"for {\n}")), folder, "endless", noPage)
		done <- err
	}()
	pids := awaitPIDs(t, folder)
	cancel()
	if err := <-done; err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("error %v, want one that says interrupted", err)
	}
	awaitGone(t, pids)
}

func TestKilledClientLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{}, code("kills",
		tellPIDs+"client, _ := strconv.Atoi(os.Getenv(\"JPY_PARENT_PID\"))\nsyscall.Kill(client, syscall.SIGKILL)\nfor {\n}"))
	if r.err == nil || !strings.Contains(r.err.Error(), "killed") {
		t.Errorf("error %v, want one that says that Jupyter was killed", r.err)
	}
	awaitGone(t, awaitPIDs(t, r.folder))
}

// A signal that stops Jupyter without the command that started it is given as the reason.
func TestStoppedClientIsTold(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{}, code("stops",
		tellPIDs+"client, _ := strconv.Atoi(os.Getenv(\"JPY_PARENT_PID\"))\nsyscall.Kill(client, syscall.SIGTERM)\nfor {\n}"), code("below", "%%"))
	wantFaults(t, r, map[string]string{"stops": "somebody stopped Jupyter"})
	awaitGone(t, awaitPIDs(t, r.folder))
}

func awaitPIDs(t *testing.T, folder string) (pids []int) {
	t.Helper()
	for range 600 {
		if b, err := os.ReadFile(filepath.Join(folder, "pids")); err == nil {
			for _, f := range strings.Fields(string(b)) {
				pid, err := strconv.Atoi(f)
				if err != nil {
					t.Fatal(err)
				}
				pids = append(pids, pid)
			}
			return pids
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the cell did not start within a minute")
	return nil
}

// awaitGone waits until none of the processes is there any more.
func awaitGone(t *testing.T, pids []int) {
	t.Helper()
	for range 300 {
		there := 0
		for _, pid := range pids {
			if killed.Running(pid) {
				there++
			}
		}
		if there == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("of the cell and the kernel %v something is still running after half a minute", pids)
}

// Readers who do not program see texts and results.
func TestPagesWithoutCode(t *testing.T) {
	t.Parallel()
	r := runCells(t, Options{NoCode: true}, code("show", "%%\nnb.Show(nb.HTML(\"<b>shown</b>\"))", "display"))
	wantFaults(t, r, nil)
	page, err := os.ReadFile(filepath.Join(r.folder, "out", "planted.html"))
	if err != nil || strings.Contains(string(page), "nb.Show") || !strings.Contains(string(page), "<b>shown</b>") {
		t.Errorf("%v: the page has code, or lacks what it shows", err)
	}
}
