package typing

import (
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/table"
)

// The scoring sheet: what each answer says for each segment in whole points, so that a person can add them up. A logistic regression is a sum
// of what the answers say; points are that sum on a coarser scale, as in the risk scores of medicine (Sullivan, Massaro & D'Agostino 2004,
// doi:10.1002/sim.1742).

// Points is a scoring sheet: the points with which a respondent starts, the points for each answer, and what a lead is worth. The
// segment with most points is predicted, the first if several are equal. An unanswered question gives no points to any segment.
type Points struct {
	Questions []Question `json:"questions"` // (m)
	Names     []string   `json:"names"`     // (k) of the segments
	Start     []int      `json:"start"`     // (k)
	Answers   [][][]int  `json:"answers"`   // (m x answers x k)
	Clear     int        `json:"clear"`     // a lead of at least this many points over the next segment means that it is twice as likely

	Sure       predict.Interval `json:"sure"`        // share classified correctly among those with a clear lead, out of fold
	Close      predict.Interval `json:"close"`       // of all others
	CloseShare float64          `json:"close_share"` // of respondents without a clear lead
}

// pointSizes are how many points an answer gives at most; the fewest are taken that cost hardly any accuracy among those learned from.
var pointSizes = []int{3, 5, 7, 10, 15, 20, 30}

const hardlyAny = .01 // of the respondents

// points rounds what one learned from rows.
func (s *study) points(ctx context.Context, one fold, rows []int, names []string) (*Points, error) {
	p := &Points{Names: slices.Clone(names)}
	ask := table.Raw{}
	var at []struct{ question, answer int }
	none := make([]float64, len(one.asked))
	for j := range none {
		none[j] = math.NaN()
	}
	add := func(row []float64) { ask.IDs, ask.Data = append(ask.IDs, ""), append(ask.Data, row...) }
	add(none)
	for j, q := range one.asked {
		question := s.questions[q]
		p.Questions = append(p.Questions, question)
		ask.Columns = append(ask.Columns, question.column())
		for a, v := range question.Values {
			row := slices.Clone(none)
			row[j] = v
			add(row)
			at = append(at, struct{ question, answer int }{j, a})
		}
	}
	said, err := one.fitted.Probabilities(ctx, table.FromRaw(ask))
	if err != nil {
		return nil, err
	}
	// What an answer says for a segment is how much it moves its log probability; what it moves for all alike says nothing, so the least is 0.
	logs := func(row int) []float64 {
		out := make([]float64, s.k)
		for l, v := range said[row] {
			out[l] = math.Log(math.Max(v, 1e-300))
			if row > 0 {
				out[l] -= math.Log(math.Max(said[0][l], 1e-300))
			}
		}
		least := slices.Min(out)
		for l := range out {
			out[l] -= least
		}
		return out
	}
	weights, most := make([][]float64, len(at)), 0.0
	for a := range at {
		weights[a] = logs(a + 1)
		most = max(most, slices.Max(weights[a]))
	}
	start := logs(0)
	exact := func(i int) int {
		sum := slices.Clone(start)
		for a, w := range weights {
			if s.replies[i][one.asked[at[a].question]] == at[a].answer {
				for l, v := range w {
					sum[l] += v
				}
			}
		}
		return likeliest(sum)
	}
	right := func(named func(i int) int) (sum float64) {
		for _, i := range rows {
			if named(i) == s.labels[i] {
				sum += weightAt(s.weights, i)
			}
		}
		return sum
	}
	all := 0.0
	for _, i := range rows {
		all += weightAt(s.weights, i)
	}
	least := right(exact) - hardlyAny*all
	for _, size := range pointSizes {
		p.round(float64(size)/max(most, 1e-9), start, weights, func(a int) int { return at[a].question })
		if right(func(i int) int { return likeliest(p.totals(pick.At(s.replies[i], one.asked))) }) >= least {
			break
		}
	}
	return p, nil
}

// round makes points of what a respondent starts with (k) and of what answers say (answers of all questions x k).
func (p *Points) round(scale float64, start []float64, answers [][]float64, question func(answer int) int) {
	whole := func(v []float64) []int {
		out := make([]int, len(v))
		for l := range v {
			out[l] = int(math.Round(scale * v[l]))
		}
		return out
	}
	p.Start, p.Answers = whole(start), make([][][]int, len(p.Questions))
	for a, said := range answers {
		p.Answers[question(a)] = append(p.Answers[question(a)], whole(said))
	}
	p.Clear = max(1, int(math.Ceil(scale*math.Ln2)))
}

// totals adds up the points of the answers (m).
func (p *Points) totals(answers []int) []int {
	out := slices.Clone(p.Start)
	for j, a := range answers {
		if a == none {
			continue
		}
		for l, v := range p.Answers[j][a] {
			out[l] += v
		}
	}
	return out
}

// Score predicts the segments of others (n x any) as the sheet does; if clearly is set, a respondent without a clear lead, or
// without any answer, is in none.
func (p *Points) Score(others *table.Table, clearly bool) (*table.Segments, error) {
	const op = "typing.Points.Score"
	if p == nil {
		return nil, fault.Nil(op, "scoring sheet")
	}
	r, _, err := read(op, others, p.Questions)
	if err != nil {
		return nil, err
	}
	labels := make(table.Labels, len(r))
	for i, answers := range r {
		totals := p.totals(answers)
		labels[i] = likeliest(totals)
		if first, second := ahead(totals); clearly && first-second < p.Clear || !slices.ContainsFunc(answers, func(a int) bool { return a != none }) {
			labels[i] = table.Noise
		}
	}
	return table.NewSegments(others.IDs(), labels, slices.Clone(p.Names))
}
