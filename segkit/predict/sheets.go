package predict

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The report as people read it.

var _ = []sheet.Sheeter{(*Report)(nil), (*Classifier)(nil), (*Predictions)(nil), (*Likeness)(nil)}

// score returns the score of that name, nil where it was not asked for.
func (r *Report) scoreOf(name string) *Score {
	if i := slices.IndexFunc(r.Scores, func(s Score) bool { return s.Name == name }); i >= 0 {
		return &r.Scores[i]
	}
	return nil
}

// Accuracy returns the share of the hold-out that is classified correctly.
func (r *Report) Accuracy() Score { return *r.scoreOf("accuracy") }

// Says returns the finding in one sentence.
func (r *Report) Says() string {
	a := r.Accuracy()
	than := "no more than naming the largest segment for all"
	switch o := a.OverLargest; {
	case o.Low > 0:
		than = fmt.Sprintf("%s points more than naming the largest segment for all (%s to %s)", points(o.Value), points(o.Low), points(o.High))
	case o.High < 0:
		than = fmt.Sprintf("%s points less than naming the largest segment for all", points(-o.Value))
	}
	return fmt.Sprintf("%s names the segment of %s of %s correctly (%s to %s), %s.", wording.TypeName(r.Classifier.Predictor), sheet.Percent(a.Value),
		wording.Plural(r.Customers, "customer"), sheet.Percent(a.Low), sheet.Percent(a.High), than)
}

func points(v float64) string { return sheet.Fixed(100*v, 1) }

// notes are the sentences that a reader must not miss.
func (r *Report) notes() (notes []string) {
	if r.How != "" {
		notes = append(notes, r.How)
	}
	switch {
	case r.Null != nil:
		notes = append(notes, r.Null.says(r.Accuracy()))
	default:
		notes = append(notes, "That segments can be predicted is no evidence that they exist: clustering cuts even a single cloud into parts that can be told apart.")
	}
	notes = append(notes, r.Classifier.ties()...)
	if r.Classifier.Trials != nil {
		notes = append(notes, trialsSay(r.Classifier.Trials))
	}
	if r.LeftOut > 0 {
		notes = append(notes, fmt.Sprintf("%s of the hold-out left out: in no segment, or not known early.", wording.Plural(r.LeftOut, "customer")))
	}
	if r.Unseen > 0 {
		notes = append(notes, fmt.Sprintf("%s with a level that was not in the data learned from: counted as missing.", wording.Capital(wording.CellCount(r.Unseen))))
	}
	for l, share := range r.Classifier.Shares {
		if share == 0 {
			notes = append(notes, fmt.Sprintf("Segment %q had no customer to learn from, so it is never named.", r.Classifier.Names[l]))
		}
	}
	if d := r.Decision; d != nil {
		notes = append(notes, fmt.Sprintf("With your payoffs, treating each customer for the highest expected payoff brings %s per customer (%s to %s); going by the most likely segment "+
			"brings %s, and treating all as %q brings %s.", sheet.Number(d.Best.Value), sheet.Number(d.Best.Low), sheet.Number(d.Best.High),
			sheet.Number(d.Likeliest.Value), d.Treatment, sheet.Number(d.OneForAll)))
	}
	return notes
}

// Sheet lays out the scores next to the baselines.
func (r *Report) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: r.Says(), Notes: r.notes(), Columns: []sheet.Column{{Name: "score", Text: true}, {Name: "hold-out"}, {Name: "95 % interval"},
		{Name: "largest segment for all"}, {Name: "guess by share"}, {Name: "better than largest"}, {Name: "95 % interval"}}}
	for _, of := range r.Scores {
		name, write, difference := of.Name, sheet.Percent, func(v float64) string { return points(v) + " points" }
		if of.LowerIsBetter {
			name, write = name+" (lower is better)", func(v float64) string { return sheet.Fixed(v, 3) }
			difference = write
		}
		s.Rows = append(s.Rows, []string{name, write(of.Value), write(of.Low) + " to " + write(of.High), write(of.Largest), write(of.Guess),
			difference(of.OverLargest.Value), difference(of.OverLargest.Low) + " to " + difference(of.OverLargest.High)})
	}
	return s
}

// Segments lays out how well each segment is found.
func (r *Report) Segments() sheet.Sheet {
	s := sheet.Sheet{Caption: "How well each segment is found on the hold-out", Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "named"},
		{Name: "precision"}, {Name: "95 % interval"}, {Name: "recall"}, {Name: "95 % interval"}, {Name: "F1"}},
		Notes: []string{"Precision: the share of those named who are in the segment. Recall: the share of the segment's customers who are named."}}
	between := func(i Interval) string {
		if math.IsNaN(i.Low) { // a segment that is never named
			return sheet.Percent(i.Low)
		}
		return sheet.Percent(i.Low) + " to " + sheet.Percent(i.High)
	}
	for _, e := range r.Each {
		s.Rows = append(s.Rows, []string{e.Name, sheet.Count(e.Customers), sheet.Count(e.Named), sheet.Percent(e.Precision.Value), between(e.Precision),
			sheet.Percent(e.Recall.Value), between(e.Recall), sheet.Percent(e.F1.Value)})
	}
	return s
}

// Importances lays out what each group of columns contributes.
func (r *Report) Importances() sheet.Sheet {
	s := sheet.Sheet{Caption: "What is lost without a column, on the hold-out", Columns: []sheet.Column{{Name: "columns", Text: true}, {Name: "accuracy lost", Unit: "points"},
		{Name: "log loss added"}, {Name: "lowest to highest shuffle"}},
		Notes: []string{fmt.Sprintf("Each customer gets the value of another. Columns with a rank correlation of %s or more are moved together, because one would reveal what the other hides.", sheet.Number(correlated))}}
	for _, i := range r.Importance {
		s.Rows = append(s.Rows, []string{sheet.List(i.Columns), points(i.Accuracy), sheet.Fixed(i.LogLoss.Value, 3), sheet.Fixed(i.LogLoss.Low, 3) + " to " + sheet.Fixed(i.LogLoss.High, 3)})
	}
	return s
}

// Unknown lays out what is correct if only the most certain customers get an answer.
func (r *Report) Unknown() sheet.Sheet {
	s := sheet.Sheet{Caption: `How often answers are right if unsure ones are given as "unknown"`,
		Columns: []sheet.Column{{Name: "named from a probability of"}, {Name: "customers with an answer"}, {Name: "answers that are right"}, {Name: "95 % interval"}}}
	for _, c := range r.Coverage {
		s.Rows = append(s.Rows, []string{sheet.Percent(c.Least), sheet.Percent(c.Coverage), sheet.Percent(c.Right.Value), sheet.Percent(c.Right.Low) + " to " + sheet.Percent(c.Right.High)})
	}
	if len(s.Rows) > sheet.MaxRows { // every other, from all customers up
		var every [][]string
		for i := (len(s.Rows) - 1) % 2; i < len(s.Rows); i += 2 {
			every = append(every, s.Rows[i])
		}
		s.Rows = every
	}
	return s
}

// Early lays out quality by the number of orders seen.
func (r *Report) Early() sheet.Sheet {
	s := sheet.Sheet{Caption: "How good predictions are by the number of orders seen", Columns: []sheet.Column{{Name: "orders seen", Text: true}, {Name: "customers"},
		{Name: "accuracy"}, {Name: "95 % interval"}, {Name: "macro F1"}, {Name: "largest segment for all"}}}
	for _, g := range r.ColdStart {
		s.Rows = append(s.Rows, []string{g.Orders, sheet.Count(g.Customers), sheet.Percent(g.Accuracy.Value), sheet.Percent(g.Accuracy.Low) + " to " + sheet.Percent(g.Accuracy.High),
			sheet.Percent(g.MacroF1), sheet.Percent(g.Largest)})
	}
	return s
}

// Frame returns the scores as a gota frame: score, value, low, high, largest, guess, and how much better the score is than either, with
// intervals.
func (r *Report) Frame() table.Frame {
	return frame.New(
		frame.Each("score", r.Scores, func(s Score) string { return s.Name }),
		frame.Numbers([]string{"value", "low", "high", "largest", "guess", "over largest", "over largest low", "over largest high", "over guess",
			"over guess low", "over guess high"}, r.Scores, func(s Score) []float64 {
			return []float64{s.Value, s.Low, s.High, s.Largest, s.Guess, s.OverLargest.Value, s.OverLargest.Low, s.OverLargest.High,
				s.OverGuess.Value, s.OverGuess.Low, s.OverGuess.High}
		}))
}

// Answered returns the point of the coverage curve that answers the most customers with at least the given share of answers right,
// and false if there is none. It was found on the hold-out, so expect slightly less with new customers.
func (r *Report) Answered(right float64) (CoveragePoint, bool) {
	for i := len(r.Coverage) - 1; i >= 0; i-- {
		if c := r.Coverage[i]; c.Right.Value >= right && !math.IsNaN(c.Right.Value) {
			return c, true
		}
	}
	return CoveragePoint{}, false
}
