package predict

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Whether probabilities mean what they say, what is won by not naming the unsure, and where the customers of a segment stand when all are
// ranked by its probability.

// CalibrationBin is a group of customers with about the same probability of their likeliest segment.
type CalibrationBin struct {
	Customers int
	Says      float64  // mean probability
	Right     Interval // share who are in that segment, Wilson's interval
}

// calibrationBins is how many there are, each of about as many customers.
const calibrationBins = 10

// calibrate compares probabilities with what happened.
func (r *Report) calibrate() {
	likely := likeliest(r.Probability)
	sure := func(i int) float64 { return r.Probability[i][likely[i]] }
	order := pick.All(len(r.Truth))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sure(a), sure(b)) })
	all := 0.0
	for _, w := range r.Weights {
		all += w
	}
	for from := 0; from < len(order); {
		to := max((len(r.Bins)+1)*len(order)/calibrationBins, from+1)
		for to < len(order) && sure(order[to]) == sure(order[to-1]) { // who are equally sure stay together
			to++
		}
		var b CalibrationBin
		var weight, says, right, squares float64
		for _, i := range order[from:to] {
			w := r.Weights[i]
			weight += w
			squares += float64(w * w)
			says += float64(w * sure(i))
			if likely[i] == r.Truth[i] {
				right += w
			}
		}
		b.Customers, b.Says, b.Right = to-from, says/weight, wilson(right/weight, weight*weight/squares)
		r.Bins = append(r.Bins, b)
		r.Off += math.Abs(b.Says-b.Right.Value) * weight / all
		from = to
	}
}

// wilson is a share of n with its interval.
func wilson(share, n float64) Interval {
	low, high := stats.Wilson(share, n, stats.Normal95)
	return Interval{share, low, high}
}

// CoveragePoint is the result of naming a segment only if its probability is at least Least, and answering "unknown" otherwise.
type CoveragePoint struct {
	Least    float64
	Coverage float64  // share of customers with an answer
	Right    Interval // share of the answers that are right, Wilson's interval
}

// coverageSteps is how many points the curve has at most.
const coverageSteps = 20

// cover follows the customers from the surest to the least sure.
func (r *Report) cover(named table.Labels) {
	sure := func(i int) float64 { return r.Probability[i][named[i]] }
	order := pick.All(len(r.Truth))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sure(b), sure(a)) })
	all, weight, squares, right := 0.0, 0.0, 0.0, 0.0
	for _, w := range r.Weights {
		all += w
	}
	for p, i := range order {
		w := r.Weights[i]
		weight += w
		squares += float64(w * w)
		if named[i] == r.Truth[i] {
			right += w
		}
		last := p == len(order)-1
		if !last && sure(order[p+1]) == sure(i) {
			continue // who are equally sure are answered together
		}
		if next := float64(len(r.Coverage)+1) / coverageSteps; last || weight/all >= next-1e-12 {
			r.Coverage = append(r.Coverage, CoveragePoint{sure(i), weight / all, wilson(right/weight, weight*weight/squares)})
		}
	}
}

// Ranking is the hold-out ranked by the probability of one segment: the result of contacting the likeliest first.
type Ranking struct {
	Segment   string
	Customers int
	Share     float64   // of all customers who are in the segment
	Contacted []float64 // (points) share of the customers contacted, from 0 to 1
	Found     []float64 // (points) share of the segment's customers among them: the gain
	Lift      []float64 // (points) Found / Contacted, NaN at 0
}

// Rank ranks the hold-out by the probability of the named segment. Customers with equal probabilities are contacted together.
func (r *Report) Rank(segment string) (*Ranking, error) {
	const op = "predict.Report.Rank"
	if r == nil {
		return nil, fault.Nil(op, "report")
	}
	l, err := r.Classifier.label(op, segment)
	if err != nil {
		return nil, err
	}
	order := pick.All(len(r.Truth))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Probability[b][l], r.Probability[a][l]) })
	all, in := 0.0, 0.0
	for i, w := range r.Weights {
		all += w
		if r.Truth[i] == l {
			in += w
		}
	}
	if in == 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: no customer of the hold-out is in segment %q", op, segment)
	}
	out := &Ranking{Segment: segment, Customers: len(order), Share: in / all, Contacted: []float64{0}, Found: []float64{0}, Lift: []float64{math.NaN()}}
	contacted, found := 0.0, 0.0
	for p, i := range order {
		contacted += r.Weights[i]
		if r.Truth[i] == l {
			found += r.Weights[i]
		}
		if p < len(order)-1 && r.Probability[order[p+1]][l] == r.Probability[i][l] {
			continue
		}
		out.Contacted, out.Found = append(out.Contacted, contacted/all), append(out.Found, found/in)
		out.Lift = append(out.Lift, found/in/(contacted/all))
	}
	return out, nil
}

// At returns the share of the segment that is found among the likeliest share of the customers, 0 to 1. Points are joined by
// straight lines, which is what drawing at random among equals gives.
func (r *Ranking) At(contacted float64) float64 {
	at, exact := slices.BinarySearch(r.Contacted, contacted)
	switch {
	case exact:
		return r.Found[at]
	case at == 0:
		return 0
	case at == len(r.Contacted):
		return 1
	}
	a, b := r.Contacted[at-1], r.Contacted[at]
	return r.Found[at-1] + (r.Found[at]-r.Found[at-1])*(contacted-a)/(b-a)
}

// label finds a segment by its name.
func (c *Classifier) label(op, segment string) (int, error) {
	l := slices.Index(c.Names, segment)
	if l < 0 {
		return 0, &fault.CellError{Op: op, Why: fmt.Sprintf("there is no segment %q%s", wording.Clip(segment), suggest.Suggestion(segment, c.Names)), Err: fault.ErrSchema}
	}
	return l, nil
}
