package typing

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Sizes says how large the segments are among new respondents, corrected for those whom the tool misclassifies.
type Sizes struct {
	Names       []string
	Respondents int                // who answered a question
	Named       []float64          // (k) share assigned to each
	Corrected   []predict.Interval // (k) share who are in it if its members answer as they did then, with 95 % intervals
	Expected    []float64          // (k) the same if those who answer alike are in it as often as then: its mean probability
	Before      []float64          // (k) share among the respondents from whom the tool learned
	Fits        bool               // there are sizes that give the observed shares; if not, the tool makes different errors among these respondents
}

// sizeDraws is how often sizes are drawn for their intervals.
const sizeDraws = 1000

// Sizes estimates how large the segments are among others (n x any; weights count), under job.DefaultContext. Simply counting the assigned is biased towards
// segments into which others are put by mistake. The tool's confusion, measured in its folds, says how many members of each segment are assigned to which; the
// estimated sizes make the assigned shares likeliest (for two segments Rogan & Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510; "adjusted count" in Forman
// 2008, doi:10.1007/s10618-008-0097-y), none below 0, found by EM. For the intervals, the shares and the confusion are drawn from Dirichlet distributions
// around what was observed.
//
// Corrected assumes that the members of a segment answer as they did then, so that only their number may differ. This suits segments that answers
// merely reflect, such as what people buy. Expected assumes that those who answer alike are in the segments as often as they were then. This suits
// segments that are made from the answers themselves, such as clusters (Fawcett & Flach 2005, "A response to Webb and Ting's …", Machine Learning
// 58). If the two differ by more than the interval, ask some respondents all questions. Cost n·m·k, and for the intervals k² for each of some hundred
// thousand steps.
func (t *Tool) Sizes(others *table.Table) (*Sizes, error) {
	return t.SizesContext(job.DefaultContext, others)
}

// SizesContext is Sizes under ctx.
func (t *Tool) SizesContext(ctx context.Context, others *table.Table) (*Sizes, error) {
	const op = "typing.Tool.Sizes"
	if t == nil {
		return nil, fault.Nil(op, "tool")
	}
	scores, err := t.ScoreContext(ctx, others)
	if err != nil {
		return nil, err
	}
	k := len(t.Names)
	weights, likely := make([]float64, k), make([]float64, k)
	var all tally
	s := &Sizes{Names: slices.Clone(t.Names), Before: slices.Clone(t.Classifier.Shares)}
	for i, l := range scores.Labels {
		if scores.Answered[i] > 0 {
			weights[l] += others.Weight(i)
			for m, p := range scores.Probability[i] {
				likely[m] += float64(others.Weight(i) * p)
			}
			all.add(others.Weight(i), true)
			s.Respondents += others.Customers(i)
		}
	}
	if all.all == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: nobody answered any of the questions", op)
	}
	worth := all.all * all.all / all.squares // Kish's effective number
	if others.Times() != nil {
		worth = all.all
	}
	seen := make([]float64, k)
	for l, w := range weights {
		s.Named, s.Expected = append(s.Named, w/all.all), append(s.Expected, likely[l]/all.all)
		seen[l] = w / all.all * worth
	}
	rates := make([][]float64, k) // how many of each segment are named as which, with one half respondent more, spread over all
	for l, row := range t.Rates {
		for _, v := range row {
			rates[l] = append(rates[l], v+.5/float64(k))
		}
	}
	point := sizesOf(s.Named, normalised(rates))
	draws := make([][]float64, sizeDraws)
	err = par.Items(ctx, sizeDraws, func(b int) {
		r := seed.Stream(0, "sizes", b)
		confusion := make([][]float64, k)
		for l := range rates {
			confusion[l] = dirichlet(rates[l], r)
		}
		alpha := make([]float64, k)
		for l := range alpha {
			alpha[l] = seen[l] + .5/float64(k)
		}
		draws[b] = sizesOf(dirichlet(alpha, r), confusion)
	})
	if err != nil {
		return nil, err
	}
	values := make([]float64, sizeDraws)
	for l := range k {
		for b := range draws {
			values[b] = draws[b][l]
		}
		q := quantile.Of(values, nil, false)
		s.Corrected = append(s.Corrected, predict.Interval{Value: point[l], Low: min(q.At(.025), point[l]), High: max(q.At(.975), point[l])})
	}
	s.Fits = fits(s.Named, point, rates, seen)
	return s, nil
}

// dirichlet draws shares.
func dirichlet(alpha []float64, r *rand.Rand) []float64 {
	out, sum := make([]float64, len(alpha)), 0.0
	for l, a := range alpha {
		out[l] = distuv.Gamma{Alpha: a, Beta: 1, Src: r}.Rand()
		sum += out[l]
	}
	for l := range out {
		out[l] /= sum
	}
	return out
}

// normalised returns the rows as shares.
func normalised(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for l, row := range rows {
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		for _, v := range row {
			out[l] = append(out[l], v/sum)
		}
	}
	return out
}

// sizesOf returns the sizes (k) that make the shares named (k) likeliest when confusion (k x k) says how each segment's members are named. The
// likelihood has one top, to which every step of EM climbs.
func sizesOf(named []float64, confusion [][]float64) []float64 {
	k := len(named)
	sizes, next := make([]float64, k), make([]float64, k)
	for l := range sizes {
		sizes[l] = 1 / float64(k)
	}
	for range 5000 {
		clear(next)
		for m, q := range named {
			expected := 0.0
			for l, p := range sizes {
				expected += float64(p * confusion[l][m])
			}
			if q == 0 || expected == 0 {
				continue
			}
			for l, p := range sizes {
				next[l] += float64(q * p * confusion[l][m] / expected)
			}
		}
		moved := 0.0
		for l := range sizes {
			moved = math.Max(moved, math.Abs(next[l]-sizes[l]))
		}
		sizes, next = next, sizes
		if moved < 1e-8 {
			break
		}
	}
	return sizes
}

// fits reports whether the shares named lie within what chance leaves around those that the sizes give: chi-square below its 99 % quantile.
func fits(named, sizes []float64, rates [][]float64, seen []float64) bool {
	confusion, all := normalised(rates), 0.0
	for _, n := range seen {
		all += n
	}
	square := 0.0
	for m, q := range named {
		expected, variance := 0.0, 0.0
		for l, p := range sizes {
			sum := 0.0
			for _, v := range rates[l] {
				sum += v
			}
			expected += float64(p * confusion[l][m])
			variance += float64(p * p * confusion[l][m] * (1 - confusion[l][m]) / sum)
		}
		if variance += expected * (1 - expected) / all; variance > 0 {
			square += (q - expected) * (q - expected) / variance
		}
	}
	return square < distuv.ChiSquared{K: float64(len(named) - 1)}.Quantile(.99)
}

// Sheet lays out the sizes as counted and as corrected.
func (s *Sizes) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: fmt.Sprintf("Sizes of the segments among %s", wording.Plural(s.Respondents, "respondent")),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "named"}, {Name: "corrected"}, {Name: "interval, 95 %"}, {Name: "expected"}, {Name: "when the tool was made"}}}
	apart, wide := false, []string(nil)
	for l, name := range s.Names {
		c := s.Corrected[l]
		out.Rows = append(out.Rows, []string{name, sheet.Percent(s.Named[l]), sheet.Percent(c.Value), sheet.Percent(c.Low) + " to " + sheet.Percent(c.High), sheet.Percent(s.Expected[l]), sheet.Percent(s.Before[l])})
		if c.High-c.Low > tooWide {
			wide = append(wide, name)
		}
		apart = apart || s.Expected[l] < c.Low || s.Expected[l] > c.High
	}
	out.Notes = []string{"Corrected: if members of a segment answer as they did when the tool was made, and only their number has changed. Expected: if people who answer alike belong to the segments as often as then, which suits segments made from the answers."}
	if wide != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("The tool hardly tells %s from others, or saw too few members to know: the intervals are too wide for a correction.", wording.Quoted(wide)))
	}
	if apart {
		out.Notes = append(out.Notes, "The two differ by more than chance: ask some respondents all questions to see which holds.")
	}
	if !s.Fits {
		out.Notes = append(out.Notes, "No sizes would produce the shares that were named: these respondents answer differently from those the tool learned from, so do not trust the correction.")
	}
	return out
}

// tooWide is an interval of a size that says next to nothing.
const tooWide = .4

// Frame returns a row per segment: segment, named, corrected, low, high, expected, before.
func (s *Sizes) Frame() table.Frame {
	at := func(v func(l int) float64) []float64 {
		out := make([]float64, len(s.Names))
		for l := range out {
			out[l] = v(l)
		}
		return out
	}
	return frame.New(frame.Column("segment", s.Names), frame.Column("named", s.Named),
		frame.Column("corrected", at(func(l int) float64 { return s.Corrected[l].Value })), frame.Column("low", at(func(l int) float64 { return s.Corrected[l].Low })),
		frame.Column("high", at(func(l int) float64 { return s.Corrected[l].High })), frame.Column("expected", s.Expected), frame.Column("before", s.Before))
}
