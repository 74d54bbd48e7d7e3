package pam

import (
	"context"
	"math"
	"slices"
)

// FasterPAM: from given medoids, every item in turn is tried in the place of every medoid at once, and the best exchange is
// made as soon as one is found (Schubert & Rousseeuw 2021, "Fast and eager k-medoids clustering: O(k) runtime improvement of
// the PAM, CLARA, and CLARANS algorithms", doi:10.1016/j.is.2021.101804, algorithm 3).

// Solution is where the exchanges of one start have come to.
type Solution struct {
	Medoids   []int // (k) items
	Swaps     int   // exchanges made
	Passes    int   // times that the items were gone through
	Converged bool  // no exchange of a medoid for another item lowers the cost
}

// least is the share of the cost by which an exchange must lower it: what rounding could feign is not an improvement, so
// the cost falls strictly and the loop ends.
const least = 1e-9

// checkEvery is the number of dissimilarities looked at between two looks at the context.
const checkEvery = 1 << 20

// Improve exchanges medoids until none of the exchanges lowers the weighted sum of the items' dissimilarities to their nearest
// medoids, or passes are used up. Items are tried in the given order (n), whose first k are the medoids to start from: what
// stands first is found first, so starts that share an order tend to end alike. A pass costs n² and, for each exchange, n more,
// whatever k is. Weights (n) are positive.
func Improve(ctx context.Context, m *Matrix, weights []float64, order []int, k, passes int) (Solution, error) {
	if k == 1 {
		best, err := center(ctx, m, weights)
		return Solution{Medoids: []int{best}, Passes: 1, Converged: true}, err
	}
	s := newSearch(m, weights, order[:k])
	out := Solution{}
	look := max(1, checkEvery/m.n)
	for tried := 0; out.Passes < passes && !out.Converged; {
		out.Passes++
		for at, c := range order {
			if at%look == 0 && ctx.Err() != nil {
				return Solution{}, ctx.Err()
			}
			if tried++; !s.chosen[c] {
				if slot, change := s.try(c); change < -least*s.cost {
					s.swap(slot, c)
					out.Swaps++
					tried = 0
				}
			}
			if out.Converged = tried == m.n; out.Converged {
				break
			}
		}
	}
	out.Medoids = s.medoids
	return out, nil
}

// center returns the item with the smallest weighted sum of dissimilarities, the first of several.
func center(ctx context.Context, m *Matrix, weights []float64) (int, error) {
	best, lowest := 0, math.Inf(1)
	for i := range m.n {
		sum := 0.0
		for o, d := range m.row(i) {
			sum += float64(weights[o] * float64(d))
		}
		if sum < lowest {
			best, lowest = i, sum
		}
		if i%max(1, checkEvery/m.n) == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return best, nil
}

// search is what Improve knows of the medoids it has.
type search struct {
	m        *Matrix
	weights  []float64 // (n)
	medoids  []int     // (k) items
	chosen   []bool    // (n) is a medoid
	near     []int32   // (n) place in medoids of the nearest
	second   []int32   // (n) and of the second-nearest
	toNear   []float32 // (n) dissimilarities to them
	toSecond []float32 // (n)
	loss     []float64 // (k) by how much the cost would rise without each medoid
	trial    []float64 // (k) scratch
	cost     float64
}

func newSearch(m *Matrix, weights []float64, medoids []int) *search {
	k := len(medoids)
	s := &search{m: m, weights: weights, medoids: slices.Clone(medoids), chosen: make([]bool, m.n),
		near: make([]int32, m.n), second: make([]int32, m.n), toNear: make([]float32, m.n), toSecond: make([]float32, m.n),
		loss: make([]float64, k), trial: make([]float64, k)}
	for _, i := range medoids {
		s.chosen[i] = true
	}
	for o := range m.n {
		s.look(o)
	}
	s.add()
	return s
}

// look finds the two nearest medoids of item o.
func (s *search) look(o int) {
	s.toNear[o], s.toSecond[o] = float32(math.Inf(1)), float32(math.Inf(1))
	for slot, i := range s.medoids {
		switch d := s.m.row(i)[o]; {
		case d < s.toNear[o]:
			s.second[o], s.toSecond[o] = s.near[o], s.toNear[o]
			s.near[o], s.toNear[o] = int32(slot), d
		case d < s.toSecond[o]:
			s.second[o], s.toSecond[o] = int32(slot), d
		}
	}
}

// add sums up the cost, and the loss of every medoid.
func (s *search) add() {
	s.cost = 0
	clear(s.loss)
	for o, w := range s.weights {
		near := float64(s.toNear[o])
		s.cost += float64(w * near)
		s.loss[s.near[o]] += float64(w * (float64(s.toSecond[o]) - near))
	}
}

// try returns the medoid that item c had best replace, and by how much that would change the cost. One look at each item
// serves all k exchanges: an item either goes to c in any case, or stays unless its own medoid is the one that goes.
func (s *search) try(c int) (slot int, change float64) {
	trial := s.trial
	copy(trial, s.loss)
	row := s.m.row(c)
	n := len(row)
	toNear, toSecond, near, weights := s.toNear[:n], s.toSecond[:n], s.near[:n], s.weights[:n]
	gain := 0.0
	for o, d := range row {
		if d >= toSecond[o] {
			continue
		}
		if w, mine := weights[o], float64(toNear[o]); d < toNear[o] {
			gain += float64(w * (float64(d) - mine))
			trial[near[o]] += float64(w * (mine - float64(toSecond[o])))
		} else {
			trial[near[o]] += float64(w * (float64(d) - float64(toSecond[o])))
		}
	}
	for i, v := range trial {
		if v < trial[slot] {
			slot = i
		}
	}
	return slot, trial[slot] + gain
}

// swap puts item c in the place of a medoid.
func (s *search) swap(slot, c int) {
	s.chosen[s.medoids[slot]], s.chosen[c] = false, true
	s.medoids[slot] = c
	out := int32(slot)
	for o, d := range s.m.row(c) {
		switch {
		case s.near[o] == out || s.second[o] == out:
			s.look(o)
		case d < s.toNear[o]:
			s.second[o], s.toSecond[o] = s.near[o], s.toNear[o]
			s.near[o], s.toNear[o] = out, d
		case d < s.toSecond[o]:
			s.second[o], s.toSecond[o] = out, d
		}
	}
	s.add()
}
