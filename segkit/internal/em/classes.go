package em

import (
	"math"
	"math/rand/v2"
)

// Answers are rows of answers to d questions, a code for each: the level, or -1 where there is none.
type Answers struct {
	Levels []int     // (d) how many levels each question has
	Codes  []int32   // (n*d)
	Weight []float64 // (n)
}

// Classes are the numbers of k latent classes. Levels of all questions stand one after the other.
type Classes struct {
	Shares []float64 // (k) adding up to 1
	Prob   []float64 // (k*levels) probability of a level, given the class
	log    []float64 // (k*levels)
}

// rare is the least probability that an answer counts with: a customer who is the first of a class to give one is
// unlikely there, not impossible.
const rare = 1e-12

// Ready prepares the logarithms.
func (c *Classes) Ready() {
	c.log = make([]float64, len(c.Prob))
	for i, p := range c.Prob {
		c.log[i] = math.Log(max(p, rare))
	}
}

// RandomClasses are k classes of equal shares, whose members answer at random.
func RandomClasses(k int, levels []int, r *rand.Rand) *Classes {
	c := &Classes{Shares: make([]float64, k)}
	for s := range k {
		c.Shares[s] = 1 / float64(k)
		for _, l := range levels {
			at, sum := len(c.Prob), 0.0
			for range l {
				p := 1 - r.Float64() // above 0
				c.Prob = append(c.Prob, p)
				sum += p
			}
			for i := range l {
				c.Prob[at+i] /= sum
			}
		}
	}
	return c
}

// Members writes the memberships (k) of a row of codes (d), and returns the likeliest class, the first of equals, and the
// logarithm of the row's probability.
func (c *Classes) Members(levels []int, codes []int32, shares []float64) (label int, log float64) {
	step := len(c.Prob) / len(c.Shares)
	highest := math.Inf(-1)
	for s, share := range c.Shares {
		at, sum := s*step, math.Log(share)
		for j, code := range codes {
			if code >= 0 {
				sum += c.log[at+int(code)]
			}
			at += levels[j]
		}
		shares[s] = sum
		if sum > highest {
			label, highest = s, sum
		}
	}
	total := 0.0
	for s, v := range shares {
		shares[s] = math.Exp(v - highest)
		total += shares[s]
	}
	for s := range shares {
		shares[s] /= total
	}
	return label, highest + math.Log(total)
}

// Counts are the weighted answers that each class is credited with.
type Counts struct {
	Log   float64   // sum of weight x ln probability
	Class []float64 // (k)
	Level []float64 // (k*levels)
}

// NewCounts returns empty counts for k classes and so many levels in all.
func NewCounts(k, levels int) *Counts {
	return &Counts{Class: make([]float64, k), Level: make([]float64, k*levels)}
}

// Reset empties the counts.
func (n *Counts) Reset() {
	n.Log = 0
	clear(n.Class)
	clear(n.Level)
}

// Add adds those of another part of the rows.
func (n *Counts) Add(o *Counts) {
	n.Log += o.Log
	for s, v := range o.Class {
		n.Class[s] += v
	}
	for i, v := range o.Level {
		n.Level[i] += v
	}
}

// Rows adds rows from..to of a, each by its memberships of c. It costs (to-from)*k*d.
func (n *Counts) Rows(c *Classes, a Answers, from, to int) {
	k, d := len(c.Shares), len(a.Levels)
	step := len(c.Prob) / k
	shares := make([]float64, k)
	for i := from; i < to; i++ {
		codes, w := a.Codes[i*d:(i+1)*d], a.Weight[i]
		_, log := c.Members(a.Levels, codes, shares)
		n.Log += float64(w * log)
		for s, share := range shares {
			v := w * share
			n.Class[s] += v
			at := s * step
			for j, code := range codes {
				if code >= 0 {
					n.Level[at+int(code)] += v
				}
				at += a.Levels[j]
			}
		}
	}
}

// Update returns the classes that these counts make. A question that nobody in a class answered keeps its old probabilities.
func (n *Counts) Update(old *Classes, levels []int) *Classes {
	out := &Classes{Shares: make([]float64, len(n.Class)), Prob: make([]float64, len(n.Level))}
	total := 0.0
	for _, v := range n.Class {
		total += v
	}
	at := 0
	for s, v := range n.Class {
		out.Shares[s] = v / total
		for _, l := range levels {
			sum := 0.0
			for _, v := range n.Level[at : at+l] {
				sum += v
			}
			for i := at; i < at+l; i++ {
				if out.Prob[i] = old.Prob[i]; sum > 0 {
					out.Prob[i] = n.Level[i] / sum
				}
			}
			at += l
		}
	}
	return out
}
