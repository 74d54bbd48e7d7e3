package starts

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Evidence lists every start of a method that has several, in order. You can rely on a best solution that most starts
// find; if only one start found it, there may be a better one that none found.
type Evidence []Restart

// Restart is one start of a method that has several.
type Restart struct {
	Cost       float64
	Iterations int
	Converged  bool
	Agreement  float64 // adjusted Rand of its segments with those of the best start, on at most 10,000 customers; NaN if undefined

	From      Family  // how it began, if the method begins in several ways
	ShortRuns int     // short runs of a few iterations, the best of which the start continued; 0 if there were none
	Collapsed int     // segments whose likelihood is an accident of a few rows (FittedMixture.Collapsed): fewer of these count more than a lower cost
	LogUnits  float64 // what a unit of Cost is in log-likelihood: 1, or more if weights are shares; 0 if Cost is not a log-likelihood
}

// better reports whether s is the better solution.
func (s Restart) better(than Restart) bool {
	if s.Collapsed != than.Collapsed {
		return s.Collapsed < than.Collapsed
	}
	return s.Cost < than.Cost
}

// ComparedRows are the customers that starts are compared on (shared, to be read): all of n, or 10,000 of them, always the same.
func ComparedRows(n int) []int {
	if n <= mostCompared {
		return few()[:n:n]
	}
	if last := lastCompared.Load(); last != nil && last.of == n {
		return last.rows
	}
	rows := pick.Sample(n, mostCompared, seed.Stream(0, "restart agreement", 0))
	lastCompared.Store(&compared{n, rows})
	return rows
}

const mostCompared = 10_000

var few = sync.OnceValue(func() []int { return pick.All(mostCompared) })

// compared are the compared rows of a number of customers. Those that were asked for last are kept: drawing them costs that number, and
// one table is clustered often.
type compared struct {
	of   int
	rows []int
}

var lastCompared atomic.Pointer[compared]

// Compare notes how far each start agrees with the winner, from the labels that each gives to the compared rows.
func (r Evidence) Compare(labels []table.Labels, winner int) {
	for i := range r {
		r[i].Agreement = math.NaN()
		if rand, err := compare.AdjustedRand(labels[i], labels[winner]); err == nil {
			r[i].Agreement = rand
		}
	}
}

// Best runs the starts of a method, and returns the best one, the first of equals, with the result of every start. Each says how they run: on all processors
// (par.Items), or in turn where a start uses them all itself; divide gives the labels of the rows on which starts are compared. Only the best is kept, since
// a solution is as large as the data. The error is that of the first start that failed.
func Best[S interface{ Ended() Restart }](ctx context.Context, task string, starts int, each func(context.Context, int, func(int)) error,
	run func(r int) (S, error), divide func(S) (table.Labels, error)) (best S, restarts Evidence, err error) {
	restarts, errs, labels := make(Evidence, starts), make([]error, starts), make([]table.Labels, starts)
	var mu sync.Mutex
	winner := -1
	done := job.Steps(ctx, task, starts)
	err = each(ctx, starts, func(r int) {
		s, err := run(r)
		if err == nil {
			labels[r], err = divide(s)
		}
		if errs[r] = err; err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		restarts[r] = s.Ended()
		if winner < 0 || restarts[r].better(restarts[winner]) || r < winner && !restarts[winner].better(restarts[r]) {
			best, winner = s, r
		}
		done()
	})
	if err != nil {
		return best, nil, err
	}
	for _, err := range errs {
		if err != nil {
			return best, nil, err
		}
	}
	restarts.Compare(labels, winner)
	return best, restarts, nil
}

// When a start has found the best solution, and when it comes near it with other borders. A cost that is a sum of distances has a
// zero, and shares of it mean something. A log-likelihood has none (it moves when a column changes its unit): there differences
// count, and the borders themselves.
const (
	sameCost    = 1e-4               // relative: starts that end this near the best found the same solution, up to the stopping tolerance
	nearCost    = 1e-2               // relative: starts that end this near tie with the best, yet may draw other borders
	nearLog     = stats.ClearBIC / 2 // log units: less is no clear difference in BIC, at any number of customers
	sameBorders = .95                // adjusted Rand: starts within nearLog that agree this far found the same solution, up to the stopping tolerance
)

var _ sheet.Sheeter = Evidence(nil)

// best returns the start that won, the first of equals, -1 if there are none.
func (r Evidence) best() int {
	best := -1
	for i, s := range r {
		if best < 0 || s.better(r[best]) {
			best = i
		}
	}
	return best
}

// Best returns the cost of the best start, NaN if there are none: the lowest, among those with the fewest collapsed segments.
func (r Evidence) Best() float64 {
	if len(r) == 0 {
		return math.NaN()
	}
	return r[r.best()].Cost
}

// From says how the best start began.
func (r Evidence) From() Family {
	if len(r) == 0 {
		return OnlyStart
	}
	return r[r.best()].From
}

// Hits returns how many starts found the best solution. Their cost is within 0.01 % of the best; if it is a log-likelihood, they are
// within 5 of it (10 in BIC) and agree with its segments at .95 or more (adjusted Rand).
func (r Evidence) Hits() int { return r.count(hit) }

// HitRate returns Hits as a share of all starts, NaN if there are none.
func (r Evidence) HitRate() float64 { return float64(r.Hits()) / float64(len(r)) }

// NearTies returns how many other starts came within 1 % of the best cost, or within 5 of the best log-likelihood: solutions that
// are about as good but may divide the customers differently.
func (r Evidence) NearTies() int { return r.count(nearTie) }

// nearness is how a start compares with the best.
type nearness uint8

const (
	worse nearness = iota
	nearTie
	hit
)

func (s Restart) nearness(best Restart) nearness {
	above := s.Cost - best.Cost
	switch {
	case s.Collapsed != best.Collapsed:
		return worse
	case s.LogUnits > 0 && above*s.LogUnits <= nearLog && !(s.Agreement < sameBorders): // one segment has no agreement
		return hit
	case s.LogUnits > 0 && above*s.LogUnits <= nearLog:
		return nearTie
	case s.LogUnits > 0:
		return worse
	case s.Cost <= best.Cost+float64(sameCost*math.Abs(best.Cost)):
		return hit
	case s.Cost <= best.Cost+float64(nearCost*math.Abs(best.Cost)):
		return nearTie
	}
	return worse
}

func (r Evidence) count(what nearness) (n int) {
	for _, s := range r {
		if s.nearness(r[r.best()]) == what {
			n++
		}
	}
	return n
}

// NearAgreement returns how far near ties agree with the best: mean and lowest adjusted Rand, NaN without any.
func (r Evidence) NearAgreement() (mean, lowest float64) {
	var near []float64
	lowest = math.NaN()
	for _, s := range r {
		if s.nearness(r[r.best()]) == nearTie {
			near = append(near, s.Agreement)
			if !(s.Agreement >= lowest) {
				lowest = s.Agreement
			}
		}
	}
	return stats.MeanKnown(near), lowest
}

// Sheet lists the starts; its caption says how often the best solution was found, and how the best start began.
func (r Evidence) Sheet() sheet.Sheet {
	log := len(r) > 0 && r[0].LogUnits > 0
	s := sheet.Sheet{Caption: fmt.Sprintf("The best solution was found by %d of %d starts", r.Hits(), len(r)),
		Columns: []sheet.Column{{Name: "start"}, {Name: "cost"}, {Name: "above best", Unit: "%"},
			{Name: "agreement with it", Unit: "adjusted Rand"}, {Name: "iterations"}, {Name: "converged", Text: true}}}
	from := r.From()
	if log {
		s.Columns[2].Unit = "log-likelihood"
	}
	if from != OnlyStart {
		s.Caption += ", the best from " + from.String()
		s.Columns = append(s.Columns, sheet.Column{Name: "from", Text: true}, sheet.Column{Name: "short runs"}, sheet.Column{Name: "collapsed"})
	}
	best := r.Best()
	for i, t := range r {
		converged := "yes"
		if !t.Converged {
			converged = "no"
		}
		above := 0.0
		switch {
		case log:
			above = (t.Cost - best) * t.LogUnits
		case t.Cost > best:
			above = 100 * (t.Cost/best - 1)
		}
		row := []string{sheet.Count(i + 1), sheet.Number(t.Cost), sheet.Fixed(above, 2), sheet.Fixed(t.Agreement, 2), sheet.Count(t.Iterations), converged}
		if from != OnlyStart {
			row = append(row, t.From.String(), sheet.Count(t.ShortRuns), sheet.Count(t.Collapsed))
		}
		s.Rows = append(s.Rows, row)
	}
	if tried := r.shortRuns(); tried > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d short runs came before: a start from rows continues the best of its own.", tried))
	}
	if from != OnlyStart && r.spurious() {
		s.Notes = append(s.Notes, "A start below the best has segments that collapsed onto a few rows: its likelihood is an accident, and it does not count.")
	}
	switch near := r.NearTies(); {
	case len(r) == 1:
		s.Notes = append(s.Notes, "One start says nothing about better solutions elsewhere: use more restarts.")
	case r.Hits() == 1:
		s.Notes = append(s.Notes, "Only one start found it, so a better one may exist: use more restarts, or another number of segments.")
	case near > 0:
		s.Notes = append(s.Notes, r.nearTies())
	}
	return s
}

// shortRuns returns how many there were before all starts.
func (r Evidence) shortRuns() (n int) {
	for _, s := range r {
		n += s.ShortRuns
	}
	return n
}

// spurious reports whether a start with more collapsed segments than the best is likelier.
func (r Evidence) spurious() bool {
	return slices.ContainsFunc(r, func(s Restart) bool { return s.Cost < r.Best() })
}

// nearTies says how many further starts came near, and how far they agree with the best.
func (r Evidence) nearTies() string {
	near := r.NearTies()
	mean, lowest := r.NearAgreement()
	within := "1 %"
	if r[0].LogUnits > 0 {
		within = fmt.Sprintf("%d of its log-likelihood", nearLog)
	}
	switch {
	case near == 1:
		return fmt.Sprintf("1 further start came within %s, and agrees with the best at %s (adjusted Rand).", within, sheet.Fixed(mean, 2))
	case math.IsNaN(mean):
		return fmt.Sprintf("%d further starts came within %s: there are other divisions about as good.", near, within)
	}
	return fmt.Sprintf("%d further starts came within %s, and agree with the best at %s (adjusted Rand; the lowest %s).",
		near, within, sheet.Fixed(mean, 2), sheet.Fixed(lowest, 2))
}
