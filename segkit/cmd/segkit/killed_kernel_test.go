package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/internal/hard"
	"github.com/segkit/lab/segkit/internal/killed"
	"github.com/segkit/lab/segkit/internal/trial"
)

// ended is what one kernel that was killed had started, and who of it was killed.
type ended struct {
	Victim string
	Family []string // names of all processes that were seen
}

// A run of a notebook is a family of processes: the command, Jupyter's client, the kernel, its language server, a cell, compilers. Whoever of them is
// killed, and whenever: none of the others stays, and neither do their temporary files.
func TestKilledKernels(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("this system does not show the environments of processes, by which families are told: ", err)
	}
	needKernel(t)
	dir := t.TempDir()
	source := trial.Sure(notebookOf("import \"time\"", "%%\ntime.Sleep(5*time.Second)").Bytes())
	rounds := hard.Rounds(t, "kernels", 2, 100, func(t *testing.T, round int) ended {
		folder := filepath.Join(dir, strconv.Itoa(round))
		temp, err := os.MkdirTemp("", "") // short: a socket lies in it
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(temp)
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		file(t, folder, "waits.ipynb", string(source))
		mark := fmt.Sprintf("SEGKIT_TEST_FAMILY=%d-%d", os.Getpid(), round)
		run := command(t, ".", "nb", "run", filepath.Join(folder, "waits.ipynb"), "--out", filepath.Join(folder, "out"))
		run.Env = append(run.Env, mark, "TMPDIR="+temp, "JUPYTER_RUNTIME_DIR="+filepath.Join(folder, "runtime"))
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		gone := make(chan error, 1)
		go func() { gone <- run.Wait() }()

		r := rand.New(rand.NewPCG(uint64(round), 0))
		wanted := []string{"the command", "the kernel with its group", "python", "gonb", "gopls", "a cell"}[round%6]
		seen := map[string]bool{}
		var victim int
		for victim == 0 { // until whoever is to be killed is there
			select {
			case err := <-gone:
				t.Fatalf("the run ended before there was %s: %v", wanted, err)
			default:
			}
			for pid, name := range family(mark) {
				if seen[name] = true; wanted == name || wanted == "the command" && pid == run.Process.Pid || wanted == "a cell" && strings.HasPrefix(name, "gonb_") {
					victim = pid
				} else if wanted == "the kernel with its group" && name == "gonb" { // as Jupyter does with one that does not answer
					victim = -pid
				}
			}
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(time.Duration(r.Int64N(int64(3 * time.Second))))
		syscall.Kill(victim, syscall.SIGKILL)
		for _, name := range family(mark) {
			seen[name] = true
		}
		var left map[int]string
		for range 600 { // a minute, most of which is for busy machines
			if left = family(mark); len(left) == 0 {
				break
			}
			for _, name := range left {
				seen[name] = true
			}
			time.Sleep(100 * time.Millisecond)
		}
		if len(left) > 0 {
			t.Errorf("%s was killed, and there are still %v", wanted, left)
			for pid := range left {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		if entries := trial.Sure(os.ReadDir(temp)); len(entries) > 0 {
			t.Errorf("%s was killed, and among temporary files there are still %v", wanted, entries)
		}
		if files, _ := filepath.Glob(filepath.Join(folder, "runtime", "kernel-*")); len(files) > 0 {
			t.Errorf("%s was killed, and there is still %v", wanted, files)
		}
		e := ended{Victim: wanted}
		for name := range seen {
			e.Family = append(e.Family, name)
		}
		slices.Sort(e.Family)
		return e
	})
	victims, servers := map[string]int{}, 0
	for _, e := range rounds {
		victims[e.Victim]++
		if slices.Contains(e.Family, "gopls") {
			servers++
		}
	}
	t.Logf("%d kernels, %d of them with a language server; killed were %v: no process and no temporary file is left", len(rounds), servers, victims)
}

// family lists the processes whose environment has the mark, by process id. Zombies wait for their parent and are none.
func family(mark string) map[int]string {
	found := map[int]string{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		env, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !slices.ContainsFunc(bytes.Split(env, []byte{0}), func(b []byte) bool { return string(b) == mark }) {
			continue
		}
		name, err := os.ReadFile(filepath.Join("/proc", e.Name(), "comm"))
		if err == nil && killed.Running(pid) {
			found[pid] = strings.TrimSpace(string(name))
		}
	}
	return found
}
