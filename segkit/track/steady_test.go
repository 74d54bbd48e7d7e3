package track

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
)

// chain is a population whose customers come at random dates and move by shares (k+1 x k+1; the last is gone). Movers alone move where stayers is more than 0.
func chain(r *rand.Rand, n, dates int, shares [][]float64, stayers float64) []map[string]int {
	k := len(shares) - 1
	out := make([]map[string]int, dates)
	for t := range out {
		out[t] = map[string]int{}
	}
	for i := range n {
		state, stays := r.IntN(k), r.Float64() < stayers
		start := 0
		if i%2 == 1 {
			start = r.IntN(dates)
		}
		for t := start; t < dates; t++ {
			if state < k {
				out[t][fmt.Sprint(i)] = state
			}
			if !stays {
				state = drawState(r, shares[state])
			}
		}
	}
	return out
}

var trueChain = [][]float64{{.7, .15, .15}, {.2, .6, .2}, {.1, .1, .8}}

// A true chain, in which customers come and go, and some come back, fails the test as seldom as its level says.
func TestATrueChainPassesAtTheLevel(t *testing.T) {
	const repeats = 80
	refused := 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(6, uint64(rep)))
		paths := pathsOf(chain(r, 300, 7, trueChain, 0), 2)
		if fits(paths, sharesOf(stepsOf(paths, 2, 1)), 2, DrawOptions{Draws: 39, Seed: rep}) <= .05 {
			refused++
		}
	}
	rightly(t, "true chains", refused, repeats, .05)
}

// Movers and stayers are no chain, though each step looks like one.
func TestMoversAndStayersFail(t *testing.T) {
	for rep := range 10 {
		r := rand.New(rand.NewPCG(7, uint64(rep)))
		h := madeHistory([]string{"A", "B"}, 30, chain(r, 600, 7, trueChain, .5), nil)
		if _, err := h.Steady(DrawOptions{Draws: 99, Seed: rep}); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), "squared") {
			t.Errorf("population %d: %v", rep, err)
		}
	}
}

// Of one segment that keeps 80 % and gets 20 customers a step, 100 stay in the end: n = .8 n + 20.
func TestSteadyStateByHand(t *testing.T) {
	labels := make([]map[string]int, 8)
	next := 0
	here := []string{}
	for range 100 {
		here = append(here, fmt.Sprint(next))
		next++
	}
	r := rand.New(rand.NewPCG(8, 8))
	for t := range labels {
		labels[t] = map[string]int{}
		for _, id := range here {
			labels[t][id] = 0
		}
		r.Shuffle(len(here), func(i, j int) { here[i], here[j] = here[j], here[i] })
		here = here[:80]
		for range 20 {
			here = append(here, fmt.Sprint(next))
			next++
		}
	}
	s, err := madeHistory([]string{"A"}, 30, labels, nil).Steady()
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(s.Sizes[0]-100) > 1e-9 || math.Abs(s.Moves[0][0]-.8) > 1e-12 || s.Entries[0] < 19.99 || s.Entries[0] > 20.01 {
		t.Errorf("%+v", s)
	}
}

// It is refused where the dates share orders, and where there are too few.
func TestSteadyRefusesWhatCannotBeSaid(t *testing.T) {
	labels := chain(rand.New(rand.NewPCG(9, 9)), 50, 5, trueChain, 0)
	overlapping := madeHistory([]string{"A", "B"}, 30, labels, nil)
	overlapping.spec.Window = 31
	all := madeHistory([]string{"A", "B"}, 30, labels, nil)
	all.spec.Window = 0
	for want, h := range map[string]*History{
		"the windows of 31 days overlap": overlapping,
		"all days up to each date":       all,
		"3 dates are too few":            madeHistory([]string{"A", "B"}, 30, labels[:3], nil),
	} {
		if _, err := h.Steady(); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
