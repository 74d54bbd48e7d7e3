// Command bench compares segkit with what one would use instead: same inputs, same work, one process for each run, ours and
// theirs in turn so that a busy minute slows both. It prints a table and writes build/bench.json. Use bench/run.sh.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"text/tabwriter"
)

// row is one line of build/bench.json. Seconds are medians over the rounds, megabytes the peaks of whole processes.
type row struct {
	Workload    string  `json:"workload"`
	Peer        string  `json:"peer"`
	PeerSeconds float64 `json:"peer_seconds"`
	Seconds     float64 `json:"seconds"`
	Ratio       float64 `json:"ratio"`     // median of peer / ours within a round: above 1 we are faster
	CPURatio    float64 `json:"cpu_ratio"` // the same of the time on processors, which busy neighbours lengthen less
	PeerCost    float64 `json:"peer_cost"`
	Cost        float64 `json:"cost"`
	PeerMB      float64 `json:"peer_mb"`
	MB          float64 `json:"mb"`
}

func main() {
	python := flag.String("python", "python3", "interpreter that has the peers")
	old := flag.String("lifetimes", "python3", "interpreter that has lifetimes")
	cak := flag.String("cak", "python3", "interpreter that has clusteraudiencekit")
	in := flag.String("in", "build/bench", "folder of the inputs")
	out := flag.String("out", "build/bench.json", "result")
	rounds := flag.Int("rounds", 5, "runs of each side")
	grow := flag.Bool("growth", false, "time our side alone against n and k")
	large := flag.Bool("large", false, "time the long calls on tables of up to 2,000,000 customers")
	child := flag.String("run", "", "do our side of this workload and print it as JSON")
	flag.Parse()
	err := error(nil)
	switch {
	case *child != "":
		err = runOurs(*child, *in, os.Stdout)
	case *grow:
		err = errors.Join(growth(os.Stdout), growthOfValue(os.Stdout), growthOfLongCalls(os.Stdout))
	case *large:
		err = largeTables(os.Stdout, flag.Args())
	default:
		err = compare(map[string]string{"": *python, "lifetimes": *old, "clusteraudiencekit": *cak}, *in, *out, *rounds, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare runs the named workloads, or all. Interpreters are by the peer that has one of its own; "" has the others.
func compare(interpreters map[string]string, in, out string, rounds int, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(workloads, func(w workload) bool { return w.name == name }) {
			return fmt.Errorf("there is no workload %q", name)
		}
	}
	unpacked, err := unpackSets(in)
	if err != nil {
		return err
	}
	if b, err := exec.Command(interpreters[""], "bench/peers.py", "inputs", in).CombinedOutput(); err != nil {
		return fmt.Errorf("writing the inputs: %w\n%s", err, b)
	}
	if unpacked["cdnow-sample"], err = writeCDNOW(in); err != nil {
		return err
	}
	rows, differ := []row{}, []string{}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "workload\tpeer\tpeer s\tours s\tratio\tcpu ratio\tpeer MB\tours MB\tpeer cost\tour cost\t\n")
	for _, w := range workloads {
		if len(names) > 0 && !slices.Contains(names, w.name) {
			continue
		}
		if w.needs != "" && !unpacked[w.needs] {
			fmt.Fprintf(os.Stderr, "bench: %s is left out: its data are not on this machine (segkit data get %s)\n", w.name, w.needs)
			continue
		}
		interpreter := interpreters[w.peer]
		if _, err := exec.LookPath(interpreter); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s is left out: %s is not installed\n", w.name, w.peer)
			continue
		}
		fmt.Fprintf(os.Stderr, "bench: %s\n", w.name)
		r, err := w.compare(interpreter, in, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		if !w.same(r.Cost, r.PeerCost) {
			differ = append(differ, w.name)
		}
		rows = append(rows, r)
		fmt.Fprintf(table, "%s\t%s\t%.3f\t%.3f\t%.2f\t%.2f\t%.0f\t%.0f\t%.10g\t%.10g\t\n",
			r.Workload, r.Peer, r.PeerSeconds, r.Seconds, r.Ratio, r.CPURatio, r.PeerMB, r.MB, r.PeerCost, r.Cost)
	}
	table.Flush()
	fmt.Printf("ratio = peer s / ours s, median of %d rounds on %d processors; cpu ratio = that of processor seconds; MB = peak of the whole process\n", rounds, runtime.NumCPU())
	data, err := json.MarshalIndent(rows, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, append(data, '\n'), 0o644); err != nil {
		return err
	}
	if len(differ) > 0 {
		return fmt.Errorf("the two sides did not do the same work in %v: see their costs", differ)
	}
	return nil
}

// result is what either side prints about a run; the driver adds the memory.
type result struct {
	Peer    string  `json:"peer"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu"` // seconds of all processors
	Cost    float64 `json:"cost"`
	mb      float64
}

func (w workload) compare(python, in string, rounds int) (row, error) {
	self, err := os.Executable()
	if err != nil {
		return row{}, err
	}
	r := row{Workload: w.name}
	var ours, theirs, ratios, cpu []float64
	for range rounds {
		a, err := spawn(self, "-in", in, "-run", w.name)
		if err != nil {
			return r, err
		}
		b, err := spawn(python, "bench/peers.py", "run", w.name, in)
		if err != nil {
			return r, err
		}
		ours, theirs, ratios = append(ours, a.Seconds), append(theirs, b.Seconds), append(ratios, b.Seconds/a.Seconds)
		cpu = append(cpu, b.CPU/a.CPU)
		r.Peer, r.PeerCost, r.Cost = b.Peer, b.Cost, a.Cost
		r.PeerMB, r.MB = max(r.PeerMB, b.mb), max(r.MB, a.mb)
	}
	r.PeerSeconds, r.Seconds, r.Ratio, r.CPURatio = median(theirs), median(ours), median(ratios), median(cpu)
	return r, nil
}

// same reports whether the costs show equal work. Where the starts are random, a lower cost than the peer's is no fault.
func (w workload) same(ours, peer float64) bool {
	if w.random {
		return ours <= peer*(1+max(w.slack, 1e-3))
	}
	return math.Abs(ours-peer) <= 1e-6*math.Abs(peer)
}

// spawn runs one side in a process of its own.
func spawn(command string, args ...string) (result, error) {
	cmd := exec.Command(command, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return result{}, fmt.Errorf("%s: %w\n%s", filepath.Base(command), err, stderr.Bytes())
	}
	var r result
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		return result{}, fmt.Errorf("%s printed %q: %w", filepath.Base(command), stdout.Bytes(), err)
	}
	peak := float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	if runtime.GOOS != "darwin" { // which counts bytes, others kilobytes
		peak *= 1024
	}
	r.mb = peak / 1e6
	return r, nil
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
