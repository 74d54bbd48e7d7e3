package em

import "math"

// Answers are rows of answers to d questions, ready for many passes.
//
// Questions stand in groups, and people who answer a whole group alike share one pattern of it. A pass works out each pattern
// once for all who have it, and a row then takes a sum per group instead of one per question.
type Answers struct {
	Levels []int     // (d) how many levels each question has
	Codes  []int32   // (n*d) the level, or -1 where there is no answer
	Weight []float64 // (n)

	groups   []group
	patterns int
	pattern  []int32 // (n*groups) which pattern each row has; those of all groups are numbered through
}

// group is questions from..to, and the different ways in which they were answered together.
type group struct {
	from, to int
	first    int     // number of its first pattern
	codes    []int32 // (patterns * (to-from))
}

const (
	manyPatterns  = 64 // a group has at most: so few that they stay in the processor's nearest cache
	manyQuestions = 20 // a group has at most: the product of so many probabilities does not vanish (rare)
)

// NewAnswers groups the questions of levels (d), answered with codes (n*d) by rows of the given weights (n).
func NewAnswers(levels []int, codes []int32, weight []float64) Answers {
	a := Answers{Levels: levels, Codes: codes, Weight: weight}
	n, d := len(weight), len(levels)
	most := min(manyPatterns, 1+n/8) // patterns of few rows would cost more than they spare
	var of [][]int32                 // by group, the pattern (n) of each row
	for j := range d {
		if last := len(of) - 1; last >= 0 && j-a.groups[last].from < manyQuestions {
			if joined, count := a.join(of[last], j); count <= most {
				of[last], a.groups[last].to = joined, j+1
				continue
			}
		}
		alone, _ := a.join(make([]int32, n), j)
		of, a.groups = append(of, alone), append(a.groups, group{from: j, to: j + 1})
	}
	a.pattern = make([]int32, n*len(of))
	for g := range a.groups {
		at := &a.groups[g]
		at.first = a.patterns
		for i, p := range of[g] {
			if int(p) == a.patterns-at.first { // patterns are numbered as they come
				at.codes = append(at.codes, codes[i*d+at.from:i*d+at.to]...)
				a.patterns++
			}
			a.pattern[i*len(of)+g] = int32(at.first) + p
		}
	}
	return a
}

// join returns the patterns (n) that question j makes of the given ones, numbered as they come, and how many there are.
func (a Answers) join(pattern []int32, j int) (joined []int32, count int) {
	d := len(a.Levels)
	known := make(map[[2]int32]int32)
	joined = make([]int32, len(pattern))
	for i, p := range pattern {
		key := [2]int32{p, a.Codes[i*d+j]}
		number, ok := known[key]
		if !ok {
			number = int32(len(known))
			known[key] = number
		}
		joined[i] = number
	}
	return joined, len(known)
}

// each calls do with the first question's place among all levels and the codes of every pattern, in order.
func (a Answers) each(do func(pattern, place int, levels []int, codes []int32)) {
	place, j := 0, 0
	for _, g := range a.groups {
		for ; j < g.from; j++ {
			place += a.Levels[j]
		}
		width := g.to - g.from
		for p := 0; p < len(g.codes)/width; p++ {
			do(g.first+p, place, a.Levels[g.from:g.to], g.codes[p*width:(p+1)*width])
		}
	}
}

// Odds are what the patterns of some answers say for each class.
type Odds struct {
	of  []float64 // (patterns*k) probability, as a share of that in the class where the pattern is likeliest
	log []float64 // (patterns) logarithm of that
}

// Odds works out every pattern of a.
func (c *Classes) Odds(a Answers) Odds {
	k := len(c.Shares)
	step := len(c.Prob) / k
	o := Odds{make([]float64, a.patterns*k), make([]float64, a.patterns)}
	a.each(func(pattern, place int, levels []int, codes []int32) {
		of, most := o.of[pattern*k:(pattern+1)*k], 0.0
		for s := range of {
			at, product := s*step+place, 1.0
			for j, code := range codes {
				if code >= 0 {
					product *= max(c.Prob[at+int(code)], rare)
				}
				at += levels[j]
			}
			of[s], most = product, max(most, product)
		}
		for s := range of {
			of[s] /= most
		}
		o.log[pattern] = math.Log(most)
	})
	return o
}

// Tally is what a pass over rows of answers adds up.
type Tally struct {
	Log     float64   // sum of weight x ln probability
	Class   []float64 // (k) weights
	Pattern []float64 // (patterns*k) weights
	shares  []float64 // (k)
}

// NewTally returns empty sums for k classes.
func NewTally(k int, a Answers) *Tally {
	return &Tally{Class: make([]float64, k), Pattern: make([]float64, a.patterns*k), shares: make([]float64, k)}
}

// Reset empties the sums.
func (t *Tally) Reset() {
	t.Log = 0
	clear(t.Class)
	clear(t.Pattern)
}

// Add adds those of another part of the rows.
func (t *Tally) Add(o *Tally) {
	t.Log += o.Log
	for s, v := range o.Class {
		t.Class[s] += v
	}
	for i, v := range o.Pattern {
		t.Pattern[i] += v
	}
}

// vanishing is a sum of probabilities too close to the smallest number for its parts to be exact.
const vanishing = 1e-200

// Rows adds rows from..to of a, each by its memberships of c, whose patterns have the given odds. It costs (to-from)*k for each
// group of questions.
func (t *Tally) Rows(c *Classes, o Odds, a Answers, from, to int) {
	d, k, groups := len(a.Levels), len(c.Shares), len(a.groups)
	shares := t.shares
	for i := from; i < to; i++ {
		copy(shares, c.Shares)
		patterns, log := a.pattern[i*groups:(i+1)*groups], 0.0
		for _, p := range patterns {
			log += o.log[p]
			for s, v := range o.of[int(p)*k:][:len(shares)] {
				shares[s] *= v
			}
		}
		total := 0.0
		for _, v := range shares {
			total += v
		}
		if total > vanishing {
			log += math.Log(total)
		} else {
			_, log = c.Members(a.Levels, a.Codes[i*d:(i+1)*d], shares)
			total = 1
		}
		w := a.Weight[i]
		t.Log += float64(w * log)
		w /= total
		for s, v := range shares {
			shares[s] = w * v
			t.Class[s] += shares[s]
		}
		for _, p := range patterns {
			sum := t.Pattern[int(p)*k:][:len(shares)]
			for s, v := range shares {
				sum[s] += v
			}
		}
	}
}

// Update returns the classes that these sums make. A question that nobody in a class answered keeps its old probabilities.
func (t *Tally) Update(old *Classes, a Answers) *Classes {
	k, total := len(t.Class), 0.0
	for _, v := range t.Class {
		total += v
	}
	out := &Classes{Shares: make([]float64, k), Prob: make([]float64, len(old.Prob))}
	step := len(old.Prob) / k
	a.each(func(pattern, place int, levels []int, codes []int32) {
		for s, v := range t.Pattern[pattern*k : (pattern+1)*k] {
			at := s*step + place
			for j, code := range codes {
				if code >= 0 {
					out.Prob[at+int(code)] += v
				}
				at += levels[j]
			}
		}
	})
	at := 0
	for s, v := range t.Class {
		out.Shares[s] = v / total
		for _, l := range a.Levels {
			answers, sum := out.Prob[at:at+l], 0.0
			for _, v := range answers {
				sum += v
			}
			for i := range answers {
				if sum > 0 {
					answers[i] /= sum
				} else {
					answers[i] = old.Prob[at+i]
				}
			}
			at += l
		}
	}
	return out
}
