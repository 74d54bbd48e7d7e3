package predict

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Likeness ranks customers by how similar they are to a segment, or to customers of your choice.
type Likeness struct {
	Of      string    // `segment "Loyal"`, "12 customers"
	IDs     []string  // (n) the most similar first
	Score   []float64 // (n) probability, in decreasing order
	Because [][]Part  // (n) the parts of the likeness, the largest first; nil if the predictor cannot say
	Notes   []string
}

// Part is what one column adds to a likeness.
type Part struct {
	Column string
	Value  string  // the customer's value, as people read it
	Adds   float64 // in log odds, compared with an average customer
}

// Prospects ranks customers who are not yet in a segment, or not known to be, by the probability of being in it. The likeness is in
// their columns only: whether an offer would bring them into the segment is worth a test.
func (c *Classifier) Prospects(prospects *table.Table, segment string) (*Likeness, error) {
	const op = "predict.Classifier.Prospects"
	if c == nil {
		return nil, fault.Nil(op, "classifier")
	}
	l, err := c.label(op, segment)
	if err != nil {
		return nil, err
	}
	x, unseen, err := c.reread(op, prospects)
	if err != nil {
		return nil, err
	}
	p, err := c.predict(job.DefaultContext, x, unseen)
	if err != nil {
		return nil, err
	}
	score := make([]float64, len(p.IDs))
	for i := range score {
		score[i] = p.Probability[i][l]
	}
	out := &Likeness{Of: fmt.Sprintf("segment %q", segment)}
	if unseen > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s with a level that was not in the data learned from: counted as missing.", wording.Capital(wording.CellCount(unseen))))
	}
	var parts func(i int) []Part
	if f, ok := c.Fitted.(fittedLogistic); ok {
		parts = f.parts(x, l)
	}
	out.rank(p.IDs, score, pick.All(len(score)), parts)
	return out, nil
}

// Lookalikes ranks all customers except the seeds by how similar they are to the seeds: the log odds of being a seed, by a logistic regression of the
// seeds against all others, which adds up over the columns. The others include customers who are like the seeds but were not named. That lowers all
// probabilities but does not change their order (Elkan & Noto 2008, doi:10.1145/1401890.1401920), so read scores as ranks.
func Lookalikes(t *table.Table, seeds []string, known ...Known) (*Likeness, error) {
	ctx := job.DefaultContext
	const op = "predict.Lookalikes"
	k, err := option.AtMostOne(op, known)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	at := make(map[string]int, t.Len())
	for i, id := range t.Raw().IDs {
		at[id] = i
	}
	labels, named := make(table.Labels, t.Len()), 0
	var unknown []string
	for _, id := range seeds {
		i, ok := at[id]
		switch {
		case !ok:
			unknown = append(unknown, id)
		case labels[i] == 0:
			labels[i] = 1
			named++
		}
	}
	switch {
	case unknown != nil:
		return nil, &fault.CellError{Op: op, ID: unknown[0], Count: len(unknown), Why: "the seed is not in the table", Remedy: "check how ids are written", Err: fault.ErrSchema}
	case named < 2:
		return nil, fault.Option(op, "seeds", named, "at least 2 customers, and better 20 or more")
	case named > t.Len()-2:
		return nil, fault.Option(op, "seeds", named, fmt.Sprintf("so few that others are left to rank; the table has %s", wording.Plural(t.Len(), "customer")))
	}
	s, err := table.NewSegments(t.IDs(), labels, []string{"others", "seeds"})
	if err != nil {
		return nil, err
	}
	c, err := FitContext(ctx, t, s, Logistic{}, k)
	if err != nil {
		return nil, err
	}
	x, _, err := c.reread(op, t)
	if err != nil {
		return nil, err
	}
	prob, err := c.Fitted.Probabilities(ctx, x)
	if err != nil {
		return nil, err
	}
	score := make([]float64, len(prob))
	var others []int
	for i, p := range prob {
		if score[i] = p[1]; labels[i] == 0 {
			others = append(others, i)
		}
	}
	out := &Likeness{Of: wording.Plural(named, "customer"), Notes: []string{"Scores only rank: they are not probabilities of becoming like the seeds, which only a test can show."}}
	if named < 20 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d seeds are few: what they share may be chance.", named))
	}
	out.rank(x.Raw().IDs, score, others, c.Fitted.(fittedLogistic).parts(x, 1))
	return out, nil
}

// rank puts the rows in order, ties by id so that the order of the table does not matter.
func (k *Likeness) rank(ids []string, score []float64, rows []int, parts func(i int) []Part) {
	slices.SortFunc(rows, func(a, b int) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(ids[a], ids[b])) })
	k.IDs, k.Score = pick.At(ids, rows), pick.At(score, rows)
	if parts != nil {
		for _, i := range rows {
			k.Because = append(k.Because, parts(i))
		}
	}
}

// parts returns what each column adds to the log odds of segment l against all others' mean score, for row i of x.
func (f fittedLogistic) parts(x *table.Table, l int) func(i int) []Part {
	w := f.Design.width()
	weights := make([]float64, w) // of segment l, less the mean of the segments
	for o, c := range f.Coefficients {
		for j := range weights {
			switch {
			case f.K == 2 && l == 1:
				weights[j] = c[j]
			case f.K == 2:
				weights[j] = -c[j]
			case o == l:
				weights[j] += c[j] - c[j]/float64(f.K)
			default:
				weights[j] -= c[j] / float64(f.K)
			}
		}
	}
	middle, row := make([]float64, w), make([]float64, w)
	for i := range x.Len() {
		f.Design.row(x.Raw().Row(i), row)
		for j, v := range row {
			middle[j] += v / float64(x.Len())
		}
	}
	return func(i int) []Part {
		row := make([]float64, w)
		f.Design.row(x.Raw().Row(i), row)
		var out []Part
		at := 0
		for j, c := range f.Design.Columns {
			p := Part{Column: x.Raw().Columns[j].Name, Value: valueSays(x.Raw().Columns[j], x.At(i, j))}
			for m := at; m < at+c.width(); m++ {
				p.Adds += float64(weights[m] * (row[m] - middle[m]))
			}
			at += c.width()
			out = append(out, p)
		}
		slices.SortStableFunc(out, func(a, b Part) int { return cmp.Compare(math.Abs(b.Adds), math.Abs(a.Adds)) })
		return out
	}
}

// valueSays writes a value as people read it.
func valueSays(c table.Column, v float64) string {
	switch {
	case math.IsNaN(v):
		return "not known"
	case c.Categorical():
		return c.Word(int(v))
	}
	return cell.Figure(v, c.Unit)
}

// Sheet lays out the most similar customers, with the three largest parts of each likeness.
func (k *Likeness) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("%s ranked by likeness to %s", wording.Plural(len(k.IDs), "customer"), k.Of), Total: len(k.IDs), Notes: k.Notes,
		Columns: []sheet.Column{{Name: "id", Text: true}, {Name: "score"}}}
	if k.Because != nil {
		s.Columns = append(s.Columns, sheet.Column{Name: "because of", Text: true})
		s.Notes = append([]string{"In brackets: what the column adds to the log odds, compared with a customer in the middle of all."}, s.Notes...)
	}
	for i := range min(len(k.IDs), sheet.MaxRows) {
		row := []string{k.IDs[i], sheet.Percent(k.Score[i])}
		if k.Because != nil {
			var parts []string
			for _, p := range k.Because[i][:min(3, len(k.Because[i]))] {
				parts = append(parts, fmt.Sprintf("%s %s (%s)", wording.InWords(p.Column), p.Value, plus(p.Adds)))
			}
			row = append(row, sheet.Lines(parts...))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// plus writes a number with its sign.
func plus(v float64) string {
	if text := sheet.Fixed(v, 2); v < 0 {
		return text
	} else {
		return "+" + text
	}
}

// Frame returns the ranking as a gota frame: id, score and, if known, what each column adds.
func (k *Likeness) Frame() table.Frame {
	columns := []frame.Columns{frame.Column("id", k.IDs), frame.Column("score", k.Score)}
	if len(k.Because) > 0 {
		for _, name := range slices.Sorted(func(yield func(string) bool) {
			for _, p := range k.Because[0] {
				if !yield(p.Column) {
					return
				}
			}
		}) {
			columns = append(columns, frame.Each(name+" adds", k.Because, func(parts []Part) float64 {
				return parts[slices.IndexFunc(parts, func(p Part) bool { return p.Column == name })].Adds
			}))
		}
	}
	return frame.New(columns...)
}
