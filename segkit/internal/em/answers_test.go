package em

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A pass over groups of questions credits the classes with what each row by itself credits them with, question by question.
func TestGroupsOfQuestionsAreTheQuestions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 4).Draw(t, "k")
		levels := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 9).Draw(t, "levels")
		if rapid.Bool().Draw(t, "many questions") {
			levels = slices.Repeat(levels, 30)
		}
		n, d := rapid.IntRange(1, 300).Draw(t, "n"), len(levels)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		missing := rapid.SampledFrom([]float64{0, .2, 1}).Draw(t, "missing")
		var codes []int32
		var weight []float64
		for range n {
			weight = append(weight, 3*r.Float64())
			for _, l := range levels {
				code := int32(r.IntN(l))
				if r.Float64() < missing {
					code = -1
				}
				codes = append(codes, code)
			}
		}
		a := NewAnswers(levels, codes, weight)
		c := RandomClasses(k, levels, r)
		if rapid.Bool().Draw(t, "certain") { // members who never give some answers: products vanish
			for i := range c.Prob {
				c.Prob[i] *= float64(r.IntN(2))
			}
		}
		c.Ready()
		tally := NewTally(k, a)
		tally.Rows(c, c.Odds(a), a, 0, n)
		got := tally.Update(c, a)

		log, total, class := 0.0, 0.0, make([]float64, k)
		counts, shares := make([]float64, len(c.Prob)), make([]float64, k)
		for i, w := range weight {
			_, v := c.Members(levels, codes[i*d:(i+1)*d], shares)
			log, total = log+w*v, total+w
			for s, share := range shares {
				class[s] += w * share
				at := s * len(c.Prob) / k
				for j, code := range codes[i*d : (i+1)*d] {
					if code >= 0 {
						counts[at+int(code)] += w * share
					}
					at += levels[j]
				}
			}
		}
		if math.Abs(tally.Log-log) > 1e-9*(1+math.Abs(log)) {
			t.Fatalf("log-likelihood %v, want %v", tally.Log, log)
		}
		for s := range k {
			at := s * len(c.Prob) / k
			if math.Abs(got.Shares[s]-class[s]/total) > 1e-9 {
				t.Fatalf("class %d has a share of %v, want %v", s, got.Shares[s], class[s]/total)
			}
			for j, l := range levels {
				sum := 0.0
				for _, v := range counts[at : at+l] {
					sum += v
				}
				// Members leaves out shares below 1e-16, which count where next to nobody in the class answered.
				for i := at; i < at+l; i++ {
					if missing < 1 && sum == 0 {
						continue
					}
					want := c.Prob[i] // nobody answered: as it was
					off := 1e-9
					if sum > 0 {
						want, off = counts[i]/sum, off+1e-16*total/sum
					}
					if math.Abs(got.Prob[i]-want) > off {
						t.Fatalf("class %d answers %d to question %d with %v, want %v", s, i-at, j, got.Prob[i], want)
					}
				}
				at += l
			}
		}
	})
}
