package em

import (
	"math"
	"math/rand/v2"
)

// Classes are the numbers of k latent classes. Levels of all questions stand one after the other.
type Classes struct {
	Shares []float64 // (k) adding up to 1
	Prob   []float64 // (k*levels) probability of a level, given the class

	log       []float64 // (k*levels)
	logShares []float64 // (k)
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
	c.logShares = make([]float64, len(c.Shares))
	for s, share := range c.Shares {
		c.logShares[s] = math.Log(share)
	}
}

// RandomClasses are k classes of equal shares, whose members answer at random. levels (in: d) is how many answers each question has.
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
	for s, sum := range c.logShares {
		at := s * step
		for j, code := range codes {
			if code >= 0 {
				sum += c.log[at+int(code)]
			}
			at += levels[j]
		}
		shares[s] = sum
	}
	return normalize(shares)
}

// normalize turns logarithms of joint probabilities (k) into memberships that add up to 1. It returns the likeliest class, the
// first of equals, and the logarithm of the probabilities' sum. Memberships below 1e-16 are 0.
func normalize(shares []float64) (label int, log float64) {
	highest := math.Inf(-1)
	for s, v := range shares {
		if v > highest {
			label, highest = s, v
		}
	}
	total := 0.0
	for s, v := range shares {
		e := 0.0
		if v -= highest; v > negligible {
			e = math.Exp(v)
		}
		shares[s] = e
		total += e
	}
	for s := range shares {
		shares[s] /= total
	}
	return label, highest + math.Log(total)
}
