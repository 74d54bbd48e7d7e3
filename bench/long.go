package main

// How the long calls grow with n customers, d columns and k segments: the exponent that fits the processor time of a few sizes, beside what is
// documented; and what they take of large tables.

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"text/tabwriter"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// task is a table with the segments that a recipe finds in it.
type task struct {
	x        *table.Table
	recipe   segkit.Recipe
	segments *table.Segments
	k        int
}

// long is a call that can take long.
type long struct {
	name       string
	documented string // growth, in the words of its documentation
	part       int    // growth is measured on one customer in so many, where all would take hours; 0 means all
	run        func(t task) error
}

// only is the error of a call whose result is of no interest.
func only[T any](_ T, err error) error { return err }

// longCalls are those of an analysis of large tables, otherLongCalls what else grows with a table of customers.
var longCalls = []long{
	{"Recipe.Fit", "n d k a pass", 0, func(t task) error { return only(t.recipe.Fit(t.x)) }},
	{"choose.SweepK", "as Fit, for each k; null draws: no n", 0, func(t task) error { // 2 to 8, with its advice
		s, err := choose.SweepK(t.x, t.recipe, 2, 8)
		if err == nil {
			s.Advice()
		}
		return err
	}},
	{"choose.Stability", "n d k a sample; fits of at most 100,000", 0, func(t task) error { return only(choose.Stability(t.x, t.recipe)) }},
	{"measure.Silhouette", "n d, of 5,000 rows", 0, func(t task) error {
		return only(measure.Silhouette(t.x, t.segments, measure.SilhouetteOptions{Rows: min(5000, t.x.Len())}))
	}},
	{"judge.Segments", "as SweepK and Stability, of at most 100,000; as Describe", 0, func(t task) error { return only(judge.Segments(t.x, t.segments, judge.Options{})) }},
	{"rulebook.Explain", "d + n d a search: no n in the search", 0, func(t task) error { return only(rulebook.Explain(t.x, t.segments, rulebook.Options{})) }},
	{"describe.Segments", "d n log n", 0, func(t task) error { return only(describe.Segments(t.x, t.segments)) }},
}

var otherLongCalls = []long{
	{"choose.Gap, 5 draws", "as Fit, for each k and draw", 4, func(t task) error { return only(choose.Gap(t.x, t.recipe, 2, 8, choose.GapOptions{Draws: 5})) }},
	{"choose.PredictionStrength, 2 splits", "as Fit, for each k and split", 4, func(t task) error {
		return only(choose.PredictionStrength(t.x, t.recipe, 2, 8, choose.PredictionOptions{Splits: 2}))
	}},
	{"measure.Silhouette, all rows", "n² d", 4, func(t task) error { return only(measure.Silhouette(t.x, t.segments)) }},
	{"measure.Dunn", "n² d", 4, func(t task) error { return only(measure.Dunn(t.x, t.segments)) }},
	{"cluster.MiniBatch", "d k a batch, n d k to price a start", 0, clustered(func(k int) cluster.Method { return cluster.MiniBatch{K: k} })},
	{"cluster.GaussianMixture, 20 iterations", "n k d²", 0, clustered(func(k int) cluster.Method {
		return cluster.GaussianMixture{K: k, Restarts: 1, MaxIter: 20, Tol: -1}
	})},
	{"cluster.KMedoids, all pairs", "n² d, and n² a pass", 8, clustered(func(k int) cluster.Method { return cluster.KMedoids{K: k, Restarts: 1, Exact: 50_000} })},
	{"cluster.KMedoids, samples of 1,000", "n d k a start", 0, clustered(func(k int) cluster.Method { return cluster.KMedoids{K: k, Exact: 1000, Sample: 1000} })},
	{"cluster.KPrototypes, 20 iterations", "n d k", 0, clustered(func(k int) cluster.Method { return cluster.KPrototypes{K: k, Restarts: 1, MaxIter: 20} })},
	{"cluster.Hierarchical, Ward", "d n log n in few dimensions, d n² in many", 4, clustered(func(k int) cluster.Method { return cluster.Hierarchical{K: k} })},
	{"cluster.Hierarchical, average", "n² d", 8, clustered(func(k int) cluster.Method { return cluster.Hierarchical{K: k, Linkage: cluster.Average} })},
	{"cluster.DBSCAN", "n log n in few dimensions, d n² in many", 4, clustered(func(int) cluster.Method { return cluster.DBSCAN{MinSamples: 10} })},
	{"cluster.HDBSCAN", "n log n (d + 10) in few dimensions, d n² in many", 4, clustered(func(int) cluster.Method { return cluster.HDBSCAN{MinSize: 50, MinSamples: 10} })},
	{"predict.Forest, 20 trees", "d n log n", 4, learned(predict.Forest{Trees: 20})},
	{"predict.Boosted, 20 rounds", "n d k", 0, learned(predict.Boosted{Rounds: 20})},
	{"predict.Logistic", "n d k a step", 0, learned(predict.Logistic{})},
}

// clustered fits a method of k segments.
func clustered(method func(k int) cluster.Method) func(task) error {
	return func(t task) error { return only(cluster.Fit(t.x, method(t.k))) }
}

// learned learns to predict the segments.
func learned(p predict.Predictor) func(task) error {
	return func(t task) error { return only(predict.Fit(t.x, t.segments, p)) }
}

// tasked fits k segments to n customers x d columns around as many centres.
func tasked(n, d, k int) (task, error) {
	x, err := blobs(n, d, k)
	if err != nil {
		return task{}, err
	}
	t := task{x: x, recipe: segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: k}}, k: k}
	model, err := t.recipe.Fit(x)
	if err != nil {
		return task{}, err
	}
	t.segments, err = model.Score(x)
	return t, err
}

// growthOfLongCalls prints exponents: 1 is twice the time for twice as much, 0 no more time.
func growthOfLongCalls(out io.Writer) error {
	sizes := [3][][3]int{ // n, d, k
		{{10_000, 8, 4}, {20_000, 8, 4}, {40_000, 8, 4}, {80_000, 8, 4}},
		{{20_000, 4, 4}, {20_000, 8, 4}, {20_000, 16, 4}},
		{{20_000, 8, 2}, {20_000, 8, 4}, {20_000, 8, 8}},
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "call\tn\td\tk\tdocumented\t")
	calls := slices.Concat(longCalls, otherLongCalls)
	exponents := make([][3]float64, len(calls))
	for by, points := range sizes {
		logs, took := make([]float64, len(points)), make([][]float64, len(calls))
		for p, size := range points {
			all, err := tasked(size[0], size[1], size[2])
			if err != nil {
				return err
			}
			logs[p] = math.Log(float64(size[by]))
			for c, call := range calls {
				t := all
				t.x = all.x.Head(size[0] / max(call.part, 1))
				runtime.GC()
				began := processorSeconds()
				if err := call.run(t); err != nil {
					return fmt.Errorf("%s: %w", call.name, err)
				}
				took[c] = append(took[c], math.Log(processorSeconds()-began))
			}
		}
		for c := range calls {
			_, exponents[c][by] = stat.LinearRegression(logs, took[c], nil, false)
		}
	}
	for c, call := range calls {
		e := exponents[c]
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t%s\t\n", call.name, e[0], e[1], e[2], call.documented)
	}
	return w.Flush()
}

// largeTables prints what the long calls, or those with the given names, take of large tables: seconds, and the most memory held.
func largeTables(out io.Writer, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(longCalls, func(c long) bool { return c.name == name }) {
			return fmt.Errorf("there is no long call %q", name)
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "n\td\tk\tcall\tseconds\tprocessor seconds\tMB before\tMB at the peak\t")
	for _, size := range [][3]int{{100_000, 20, 4}, {1_000_000, 8, 4}, {2_000_000, 8, 4}} {
		t, err := tasked(size[0], size[1], size[2])
		if err != nil {
			return err
		}
		for _, call := range longCalls {
			if len(names) > 0 && !slices.Contains(names, call.name) {
				continue
			}
			debug.FreeOSMemory()
			before, peak := held(), peakOfMemory()
			began, processors := time.Now(), processorSeconds()
			err := call.run(t)
			seconds, used := time.Since(began).Seconds(), processorSeconds()-processors
			most := peak()
			if err != nil {
				return fmt.Errorf("%s: %w", call.name, err)
			}
			fmt.Fprintf(w, "%d\t%d\t%d\t%s\t%.1f\t%.1f\t%d\t%d\t\n", size[0], size[1], size[2], call.name, seconds, used, before>>20, most>>20)
			w.Flush()
		}
	}
	return w.Flush()
}

// held is the memory that this process has of the system.
func held() uint64 {
	memory := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(memory)
	return memory[0].Value.Uint64() - memory[1].Value.Uint64()
}

// peakOfMemory looks at the memory held a hundred times a second until its result is called, which returns the most.
func peakOfMemory() func() uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		peak := held()
		for {
			select {
			case <-stop:
				most <- max(peak, held())
				return
			case <-time.After(10 * time.Millisecond):
				peak = max(peak, held())
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}
