package survey

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Reliability says how consistently the items of a battery are answered: Cronbach's alpha,
//
//	alpha = k/(k-1) · (1 - sum of the items' variances / variance of their sum)
//
// for a battery that is meant to reflect one trait. It does not say whether the items measure one thing, or the intended thing. See L. J.
// Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 1951, doi:10.1007/BF02310555, and K. Sijtsma, "On the
// use, the misuse, and the very limited usefulness of Cronbach's alpha", Psychometrika 74, 2009, doi:10.1007/s11336-008-9101-0.
type Reliability struct {
	Alpha     float64 // at most 1; below 0 if items run against each other
	Low, High float64 // 95 % interval of alpha
	MeanR     float64 // mean correlation between two items
	N         int     // respondents who answered every item
	Left      int     // respondents left out because they did not
	Items     []Item
	Against   []string // items that run against the others, as far as the answers tell: see Items
	Turned    float64  // alpha if these were reversed; NaN if there are none
	mixed     bool     // the items stand on different scales
}

// Item is one question of a battery; Reversed questions are scored the other way round.
type Item struct {
	Name     string
	Reversed bool
	Mean, SD float64
	Rest     float64 // correlation with the sum of the other items
	Without  float64 // alpha of the battery without it; NaN if only one item is left
}

// Alpha computes how reliable the named questions, at least two, are as one battery, from the respondents who answered all of them. Reversed questions are
// scored the other way round. Items whose correlation with the others is below 0, by more than chance explains, are listed in Against and never reversed
// automatically, because only the wording tells whether a statement is meant the other way round. The interval is that of Feldt, Woodruff and Salih
// ("Statistical inference for coefficient alpha", Applied Psychological Measurement 11(1), 1987, doi:10.1177/014662168701100107), for roughly normal answers
// and similar items. Yes and no count as 1 and 0, which makes it formula 20 of Kuder and Richardson. Errors: a question that is not a scale, fewer than three
// respondents, respondents who do not differ at all (fault.ErrUndefined). Cost n·k² + k³.
func (a *Answers) Alpha(questions ...string) (*Reliability, error) {
	const op = "survey.Answers.Alpha"
	at, err := a.find(op, questions)
	if err != nil {
		return nil, err
	}
	if len(at) < 2 {
		return nil, fault.Option("survey.Answers", "Alpha", wording.List(questions), "at least two questions of one battery")
	}
	t, err := a.scores(op, questions)
	if err != nil {
		return nil, err
	}
	raw := t.Raw()
	k := len(at)
	var rows [][]float64
	for i := range raw.IDs {
		if row := raw.Row(i); !slices.ContainsFunc(row, math.IsNaN) {
			rows = append(rows, row)
		}
	}
	r := &Reliability{N: len(rows), Left: len(raw.IDs) - len(rows), Turned: math.NaN()}
	if r.N < 3 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: %s answered all %d questions, and at least 3 are needed", op, wording.Plural(r.N, "respondent"), k)
	}
	c, mean := covariances(rows, k)
	turn := make([]float64, k)
	for j := range turn {
		turn[j] = 1
	}
	if r.Alpha = alpha(c, turn); math.IsNaN(r.Alpha) {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: the sum of the items is the same for everybody, so nothing can be reliable about it", op)
	}
	r.Low, r.High = feldt(r.Alpha, r.N, k)
	r.MeanR = meanCorrelation(c)
	for p, j := range at {
		q := a.questions[j]
		r.mixed = r.mixed || !slices.Equal(q.Values, a.questions[at[0]].Values)
		rest := slices.Clone(turn)
		rest[p] = 0
		r.Items = append(r.Items, Item{Name: q.Name, Reversed: q.Reversed, Mean: mean[p], SD: math.Sqrt(c[p][p]), Rest: itemRest(c, turn, p), Without: alpha(c, rest)})
	}
	r.against(c, turn)
	return r, nil
}

// covariances returns the covariances (k x k) and means (k) of rows (n)(k), summed in the order of the rows.
func covariances(rows [][]float64, k int) (c [][]float64, mean []float64) {
	mean = make([]float64, k)
	for _, row := range rows {
		for j, v := range row {
			mean[j] += v
		}
	}
	for j := range mean {
		mean[j] /= float64(len(rows))
	}
	c = make([][]float64, k)
	for j := range c {
		c[j] = make([]float64, k)
	}
	for _, row := range rows {
		for j := range k {
			for l := range j + 1 {
				c[j][l] += float64((row[j] - mean[j]) * (row[l] - mean[l]))
			}
		}
	}
	for j := range k {
		for l := range j + 1 {
			c[j][l] /= float64(len(rows) - 1)
			c[l][j] = c[j][l]
		}
	}
	return c, mean
}

// alpha of the items with the signs turn (k): 1, -1 for one that is turned round, 0 for one that is left out. NaN where it is undefined.
func alpha(c [][]float64, turn []float64) float64 {
	own, all, k := 0., 0., 0.
	for j := range turn {
		k += turn[j] * turn[j]
		own += float64(turn[j] * turn[j] * c[j][j])
		for l := range turn {
			all += float64(turn[j] * turn[l] * c[j][l])
		}
	}
	if k < 2 || all <= 1e-12*own || own == 0 {
		return math.NaN()
	}
	return k / (k - 1) * (1 - own/all)
}

// itemRest is the correlation of item p with the sum of the others, all with their signs; NaN where one of them does not vary.
func itemRest(c [][]float64, turn []float64, p int) float64 {
	with, rest := 0., 0.
	for j := range turn {
		if j == p {
			continue
		}
		with += float64(turn[p] * turn[j] * c[p][j])
		for l := range turn {
			if l != p {
				rest += float64(turn[j] * turn[l] * c[j][l])
			}
		}
	}
	if c[p][p] == 0 || rest <= 0 {
		return math.NaN()
	}
	return with / math.Sqrt(c[p][p]*rest)
}

func meanCorrelation(c [][]float64) float64 {
	sum, pairs := 0., 0
	for j := range c {
		for l := range j {
			if c[j][j] > 0 && c[l][l] > 0 {
				sum += c[j][l] / math.Sqrt(c[j][j]*c[l][l])
				pairs++
			}
		}
	}
	return sum / float64(pairs)
}

// feldt is the 95 % interval of alpha from n respondents and k items.
func feldt(alpha float64, n, k int) (low, high float64) {
	f := distuv.F{D1: float64(n - 1), D2: float64((n - 1) * (k - 1))}
	return 1 - (1-alpha)*f.Quantile(.975), 1 - (1-alpha)*f.Quantile(.025)
}

// against turns round the item that runs most against the others until none does, and names those that were turned, or the others where
// they are fewer.
func (r *Reliability) against(c [][]float64, straight []float64) {
	turn := slices.Clone(straight)
	for range 10 * len(turn) { // each turn makes the sum vary more, so it ends by itself
		worst, least := -1, -1.96/math.Sqrt(float64(r.N)) // less than that is what chance leaves
		for p := range turn {
			if rest := itemRest(c, turn, p); rest < least {
				worst, least = p, rest
			}
		}
		if worst < 0 {
			break
		}
		turn[worst] = -turn[worst]
	}
	turned := 0
	for _, sign := range turn {
		if sign < 0 {
			turned++
		}
	}
	if turned == 0 || turned == len(turn) {
		return
	}
	side := -1.
	if 2*turned > len(turn) {
		side = 1
	}
	for p, sign := range turn {
		if sign == side {
			r.Against = append(r.Against, r.Items[p].Name)
		}
	}
	r.Turned = alpha(c, turn)
}

// sentences say what the reliability means, and what it does not.
func (r *Reliability) sentences() []string {
	var said []string
	if len(r.Against) > 0 {
		items, run := "The items", "run"
		if len(r.Against) == 1 {
			items, run = "The item", "runs"
		}
		said = append(said, fmt.Sprintf("%s %s %s against the others; turned round, alpha would be %.2f. Read the wording: an item worded the other way belongs in Options.Reversed; any other belongs in another battery.",
			items, sheet.List(r.Against), run, r.Turned))
	}
	if r.Left > 0 {
		said = append(said, fmt.Sprintf("%s left an item unanswered and %s not counted.", wording.Capital(wording.Plural(r.Left, "respondent")), wording.Be(r.Left)))
	}
	if r.mixed {
		said = append(said, "The items have different scales: those with more steps weigh more.")
	}
	if r.N < 100 {
		said = append(said, fmt.Sprintf("With %s the interval is wide.", wording.Plural(r.N, "respondent")))
	}
	return append(said, "Alpha says how closely the answers go together, and rises with the number of items. It does not say that the items measure one thing, nor that they measure what was meant. "+
		"Nor does it make a good basis for segments: items that repeat each other separate customers along one line only.")
}
