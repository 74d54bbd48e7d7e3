package track

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Steady is where segments would end up if customers went on moving as they did: a Markov chain with customers who come and go.
type Steady struct {
	Segments []string
	Moves    [][]float64 // (k x k) share of the customers of each segment who are in each at the next date; the rest leave
	Entries  []float64   // (k) customers who come to each between two dates, for the first time or back, on average
	Sizes    []float64   // (k) at which arrivals and departures balance
	P        float64     // share of chains with these moves that fit two steps as badly as the history does
}

// Steady asks where the segments of the history would end up, and usually refuses to say. Three things must hold. The dates must be at least as far apart as the
// window of days from which segments are made, because overlapping windows share orders and moves look slow. There must be at least 4 dates. And the moves of one
// step, squared, must predict those of two: a population of movers and stayers (Blumen, Kogan & McCarthy 1955) fails that test, because those who moved last time
// move again. The test is a bootstrap of chains with the moves of one step, in which each customer arrives when they did in the history.
func (h *History) Steady(o ...DrawOptions) (*Steady, error) {
	const op = "track.Steady"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if err := h.at(op, 0); err != nil {
		return nil, err
	}
	if opt.Draws == 0 {
		opt.Draws = 199
	}
	if opt.Draws < 19 {
		return nil, fault.Option("track.DrawOptions", "Draws", opt.Draws, "at least 19, or 0 for 199")
	}
	undefined := func(why, remedy string) error {
		return &fault.CellError{Op: op, Why: why, Remedy: remedy, Err: fault.ErrUndefined}
	}
	if len(h.Dates) < 4 {
		return nil, undefined(fmt.Sprintf("%s are too few to tell one step from two", wording.Plural(len(h.Dates), "date")), "follow the segments over at least 4 dates")
	}
	for t := 1; t < len(h.Dates); t++ {
		switch days := daysBetween(h.Dates[t-1], h.Dates[t]); {
		case h.spec.Window == 0:
			return nil, undefined("segments are made from all days up to each date, so that two dates share most of their orders", "make the features of a window of days (Spec.Window), and look at dates that far apart")
		case days < h.spec.Window:
			return nil, undefined(fmt.Sprintf("the windows of %d days overlap: %s and %s are %d days apart", h.spec.Window, h.Dates[t-1].Format(time.DateOnly), h.Dates[t].Format(time.DateOnly), days),
				"look at dates that are as far apart as the window is long")
		}
	}
	states := make([]map[string]int, len(h.Dates))
	for t := range states {
		states[t] = h.stateOf(t)
	}
	k := len(h.Names)
	paths := pathsOf(states, k)
	p := stepsOf(paths, k, 1)
	one := sharesOf(p)
	s := &Steady{Segments: h.Names, P: fits(paths, one, k, opt)}
	if s.P <= .05 {
		return nil, undefined(fmt.Sprintf("the moves of one step, squared, do not predict those of two (p = %s): customers are of different kinds, those who move and those who stay", sheet.Fixed(s.P, 3)),
			"show the moves between dates (Migration) and leave the end open")
	}
	s.Moves = make([][]float64, k)
	for a := range s.Moves {
		s.Moves[a] = one[a][:k]
	}
	s.Entries = make([]float64, k)
	for t := 1; t < len(states); t++ {
		for id, b := range states[t] {
			if a, ok := states[t-1][id]; b < k && (!ok || a >= k) {
				s.Entries[b] += 1 / float64(len(states)-1)
			}
		}
	}
	return s, s.solve()
}

// solve finds the sizes n with n = P'n + entries.
func (s *Steady) solve() error {
	k := len(s.Segments)
	left := mat.NewDense(k, k, nil)
	for a := range k {
		for b := range k {
			v := -s.Moves[b][a]
			if a == b {
				v++
			}
			left.Set(a, b, v)
		}
	}
	var sizes mat.VecDense
	if err := sizes.SolveVec(left, mat.NewVecDense(k, s.Entries)); err != nil {
		return &fault.CellError{Op: "track.Steady", Why: "no customer ever leaves, so the segments grow for ever", Remedy: "show the moves between dates (Migration)", Err: fault.ErrUndefined}
	}
	s.Sizes = sizes.RawVector().Data
	for _, v := range s.Sizes {
		if !(v >= -1e-9) || math.IsInf(v, 0) {
			return &fault.CellError{Op: "track.Steady", Why: "the moves have no steady state", Remedy: "show the moves between dates (Migration)", Err: fault.ErrUndefined}
		}
	}
	return nil
}

// notYet stands in a path before a customer first comes.
const notYet = -1

// pathsOf returns the state of every customer at each date: notYet, 0..k-1, or k for gone. Those who have not come yet are no part of
// the chain: they come as Entries say, and those who are gone may come back.
func pathsOf(states []map[string]int, k int) [][]int {
	at := map[string]int{}
	var paths [][]int
	for t, now := range states {
		for _, m := range moves(now, nil, k) { // by id, so that the order is that of no map
			p, ok := at[m.id]
			if !ok {
				p = len(paths)
				at[m.id] = p
				path := make([]int, len(states))
				for i := range path {
					if path[i] = k; i < t {
						path[i] = notYet
					}
				}
				paths = append(paths, path)
			}
			paths[p][t] = min(m.a, k)
		}
	}
	return paths
}

// stepsOf counts the moves over so many dates (k+1 x k+1), out of segments and of those who are gone.
func stepsOf(paths [][]int, k, far int) [][]float64 {
	out := grid[float64](k + 1)
	for _, path := range paths {
		for t := far; t < len(path); t++ {
			if path[t-far] != notYet {
				out[path[t-far]][path[t]]++
			}
		}
	}
	return out
}

// sharesOf divides the rows by their sums.
func sharesOf(counts [][]float64) [][]float64 {
	out := grid[float64](len(counts))
	for a, row := range counts {
		total := sum(row)
		for b, n := range row {
			if total > 0 {
				out[a][b] = n / total
			}
		}
	}
	return out
}

// fits returns the share of chains with the moves of one step whose two-step moves are as far from its square as those of the paths.
func fits(paths [][]int, one [][]float64, k int, o DrawOptions) float64 {
	far := distanceOfTwo(paths, one, k)
	as := 1
	for draw := range o.Draws {
		r := seed.Stream(o.Seed, "steady", draw)
		chain := make([][]int, len(paths))
		for i, path := range paths {
			chain[i] = slices.Clone(path)
			for t := 1; t < len(path); t++ {
				if path[t-1] != notYet { // each comes when and where they came
					chain[i][t] = drawState(r, one[chain[i][t-1]])
				}
			}
		}
		if distanceOfTwo(chain, sharesOf(stepsOf(chain, k, 1)), k) >= far {
			as++
		}
	}
	return float64(as) / float64(o.Draws+1)
}

// distanceOfTwo is Pearson's chi-square of the two-step moves out of segments against the square of the one-step moves.
func distanceOfTwo(paths [][]int, one [][]float64, k int) (chi2 float64) {
	two := stepsOf(paths, k, 2)
	for a := range k {
		total := sum(two[a])
		for b := range two[a] {
			square := 0.0
			for via := range one {
				square += float64(one[a][via] * one[via][b])
			}
			if expected := total * square; expected > 0 {
				chi2 += float64((two[a][b] - expected) * (two[a][b] - expected) / expected)
			}
		}
	}
	return chi2
}

func drawState(r *rand.Rand, shares []float64) int {
	u := r.Float64()
	for b, share := range shares {
		if u < share {
			return b
		}
		u -= share
	}
	return len(shares) - 1
}

// Sheet lays out where the segments would end up.
func (s *Steady) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: "Where the segments would end if customers went on moving as they did",
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "stay from date to date", Unit: "%"}, {Name: "come between two dates"}, {Name: "customers in the end"}}}
	for l, name := range s.Segments {
		out.Rows = append(out.Rows, []string{name, sheet.Fixed(100*s.Moves[l][l], 0), sheet.Fixed(s.Entries[l], 0), sheet.Fixed(s.Sizes[l], 0)})
	}
	out.Notes = []string{fmt.Sprintf("One step squared predicts two steps (p = %s). This holds only as long as customers come and move as they did, which they seldom do.", sheet.Fixed(s.P, 3))}
	return out
}
