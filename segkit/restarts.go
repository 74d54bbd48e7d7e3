package segkit

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/sheet"
)

// RestartEvidence is every start of a method that has several, in order. A best solution that most starts find is one to
// rely on; one that a single start found may have a better neighbour that none found.
type RestartEvidence []Restart

// Restart is one start of a method that has several.
type Restart struct {
	Cost       float64
	Iterations int
	Converged  bool
	Agreement  float64 // adjusted Rand of its segments with those of the best start, on at most 10,000 customers; NaN where undefined
}

// comparedRows are the customers whom starts are compared on: all of n, or 10,000 of them, always the same.
func comparedRows(n int) []int {
	return sampleRows(n, min(n, 10_000), seed.Stream(0, "restart agreement", 0))
}

// compare notes how far each start agrees with the winner, from the labels that each gives to the compared rows.
func (r RestartEvidence) compare(labels []Labels, winner int) {
	for i := range r {
		r[i].Agreement = math.NaN()
		if rand, err := AdjustedRand(labels[i], labels[winner]); err == nil {
			r[i].Agreement = rand
		}
	}
}

// bestStart runs the starts of a method, and returns the one of lowest cost, the first of equals, with what every start came
// to. Each says how they run: on all processors (par.Items), or in turn where a start uses them all itself; divide gives the
// labels of the rows on which starts are compared. Only the best is kept, since a solution is as large as the data. The error is
// that of the first start that failed.
func bestStart[S interface{ ended() Restart }](ctx context.Context, task string, starts int, each func(context.Context, int, func(int)) error,
	run func(r int) (S, error), divide func(S) (Labels, error)) (best S, restarts RestartEvidence, err error) {
	restarts, errs, labels := make(RestartEvidence, starts), make([]error, starts), make([]Labels, starts)
	var mu sync.Mutex
	winner := -1
	done := countSteps(ctx, task, starts)
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
		restarts[r] = s.ended()
		cost := restarts[r].Cost
		if winner < 0 || cost < restarts[winner].Cost || cost == restarts[winner].Cost && r < winner {
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
	restarts.compare(labels, winner)
	return best, restarts, nil
}

const (
	sameCost = 1e-4 // relative: starts that end this near the best found the same solution, up to the stopping tolerance
	nearCost = 1e-2 // relative: starts that end this near tie with the best, yet may draw other borders
)

var _ sheet.Sheeter = RestartEvidence(nil)

// Best returns the lowest cost, NaN if there are no starts.
func (r RestartEvidence) Best() float64 {
	best := math.NaN()
	for _, s := range r {
		if !(s.Cost >= best) {
			best = s.Cost
		}
	}
	return best
}

// Hits returns how many starts found the best solution: cost within 0.01 % of the lowest.
func (r RestartEvidence) Hits() int { return r.within(sameCost) }

// HitRate returns Hits as a share of all starts, NaN if there are none.
func (r RestartEvidence) HitRate() float64 { return float64(r.Hits()) / float64(len(r)) }

// NearTies returns how many further starts came within 1 % of the lowest cost: solutions about as good that may divide
// the customers differently.
func (r RestartEvidence) NearTies() int { return r.within(nearCost) - r.within(sameCost) }

// nearAgreement returns how far those further starts agree with the best: mean and lowest adjusted Rand, NaN without any.
func (r RestartEvidence) nearAgreement() (mean, lowest float64) {
	best := r.Best()
	var near []float64
	lowest = math.NaN()
	for _, s := range r {
		if above := s.Cost - best; above > sameCost*math.Abs(best) && above <= nearCost*math.Abs(best) {
			near = append(near, s.Agreement)
			if !(s.Agreement >= lowest) {
				lowest = s.Agreement
			}
		}
	}
	return meanKnown(near), lowest
}

func (r RestartEvidence) within(share float64) int {
	limit, n := r.Best(), 0
	limit += share * math.Abs(limit)
	for _, s := range r {
		if s.Cost <= limit {
			n++
		}
	}
	return n
}

// Sheet lists the starts; its caption says how often the best solution was found.
func (r RestartEvidence) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Caption: fmt.Sprintf("The best solution was found by %d of %d starts", r.Hits(), len(r)),
		Columns: []sheet.Column{{Name: "start"}, {Name: "cost"}, {Name: "above best", Unit: "%"}, {Name: "agreement with it", Unit: "adjusted Rand"}, {Name: "iterations"}, {Name: "converged", Text: true}},
	}
	best := r.Best()
	for i, t := range r {
		converged := "yes"
		if !t.Converged {
			converged = "no"
		}
		above := 0.0
		if t.Cost > best {
			above = 100 * (t.Cost/best - 1)
		}
		s.Rows = append(s.Rows, []string{sheet.Count(i + 1), sheet.Number(t.Cost), sheet.Fixed(above, 2), sheet.Fixed(t.Agreement, 2), sheet.Count(t.Iterations), converged})
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

// nearTies says how many further starts came within 1 %, and how far they agree with the best.
func (r RestartEvidence) nearTies() string {
	near := r.NearTies()
	mean, lowest := r.nearAgreement()
	switch {
	case near == 1:
		return fmt.Sprintf("1 further start came within 1 %%, and agrees with the best at %s (adjusted Rand).", sheet.Fixed(mean, 2))
	case math.IsNaN(mean):
		return fmt.Sprintf("%d further starts came within 1 %%: there are other divisions about as good.", near)
	}
	return fmt.Sprintf("%d further starts came within 1 %%, and agree with the best at %s (adjusted Rand; the lowest %s).",
		near, sheet.Fixed(mean, 2), sheet.Fixed(lowest, 2))
}
