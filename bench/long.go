package main

// How the long calls grow with n customers, d columns and k segments: the exponent that fits the processor time of a few sizes, beside what is
// documented; and what they take of large tables.

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"syscall"
	"text/tabwriter"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/measure"
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
	run        func(t task) error
}

// only is the error of a call whose result is of no interest.
func only[T any](_ T, err error) error { return err }

var longCalls = []long{
	{"Recipe.Fit", "n d k a pass", func(t task) error { return only(t.recipe.Fit(t.x)) }},
	{"choose.SweepK 2 to 8, Advice", "as Fit, for each k; null draws: no n", func(t task) error {
		s, err := choose.SweepK(t.x, t.recipe, 2, 8)
		if err == nil {
			s.Advice()
		}
		return err
	}},
	{"choose.Stability", "n d k a sample; fits of at most 100,000", func(t task) error { return only(choose.Stability(t.x, t.recipe)) }},
	{"choose.Gap 2 to 8", "as Fit, for each k and draw", func(t task) error { return only(choose.Gap(t.x, t.recipe, 2, 8, choose.GapOptions{Draws: 5})) }},
	{"measure.Silhouette, 5,000 rows", "n d", func(t task) error {
		return only(measure.Silhouette(t.x, t.segments, measure.SilhouetteOptions{Rows: min(5000, t.x.Len())}))
	}},
	{"judge.Segments", "as SweepK and Stability together", func(t task) error { return only(judge.Segments(t.x, t.segments, judge.Options{})) }},
	{"rulebook.Explain", "d + n d a search: no n in the search", func(t task) error { return only(rulebook.Explain(t.x, t.segments, rulebook.Options{})) }},
	{"describe.Segments", "d n log n", func(t task) error { return only(describe.Segments(t.x, t.segments)) }},
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

// processor is the time that the processors have spent on this program.
func processor() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it has no reason to fail
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
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
	exponents := make([][3]float64, len(longCalls))
	for by, points := range sizes {
		logs, took := make([]float64, len(points)), make([][]float64, len(longCalls))
		for p, size := range points {
			t, err := tasked(size[0], size[1], size[2])
			if err != nil {
				return err
			}
			logs[p] = math.Log(float64(size[by]))
			for c, call := range longCalls {
				runtime.GC()
				began := processor()
				if err := call.run(t); err != nil {
					return fmt.Errorf("%s: %w", call.name, err)
				}
				took[c] = append(took[c], math.Log(processor()-began))
			}
		}
		for c := range longCalls {
			_, exponents[c][by] = stat.LinearRegression(logs, took[c], nil, false)
		}
	}
	for c, call := range longCalls {
		e := exponents[c]
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t%s\t\n", call.name, e[0], e[1], e[2], call.documented)
	}
	return w.Flush()
}

// largeTables prints what the long calls take of large tables.
func largeTables(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "n\td\tk\tcall\tseconds\tprocessor seconds\tMB allocated\t")
	for _, size := range [][3]int{{100_000, 20, 4}, {1_000_000, 8, 4}, {2_000_000, 8, 4}} {
		t, err := tasked(size[0], size[1], size[2])
		if err != nil {
			return err
		}
		for _, call := range longCalls {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began, processors := time.Now(), processor()
			if err := call.run(t); err != nil {
				return fmt.Errorf("%s: %w", call.name, err)
			}
			seconds, used := time.Since(began).Seconds(), processor()-processors
			runtime.ReadMemStats(&after)
			fmt.Fprintf(w, "%d\t%d\t%d\t%s\t%.1f\t%.1f\t%d\t\n", size[0], size[1], size[2], call.name, seconds, used, (after.TotalAlloc-before.TotalAlloc)>>20)
			w.Flush()
		}
	}
	return w.Flush()
}
