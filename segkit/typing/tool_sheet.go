package typing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The tool as people read it.

// Says returns the finding in a sentence or two.
func (t *Tool) Says() string {
	if !(t.Gain.Low > 0) {
		return fmt.Sprintf("The answers say nothing reliable about the segments: %s correctly, and naming the largest segment for all does so for %s.",
			t.names(t.Accuracy.Value), sheet.Percent(t.Largest))
	}
	says := fmt.Sprintf("%s (%s to %s); naming the largest segment for all would be right for %s, and all %s for %s.", wording.Capital(t.names(t.Accuracy.Value)+" correctly"),
		sheet.Percent(t.Accuracy.Low), sheet.Percent(t.Accuracy.High), sheet.Percent(t.Largest), wording.Plural(t.All.Questions, "question"), sheet.Percent(t.All.Accuracy))
	if t.Reached {
		return says
	}
	return fmt.Sprintf("%s named correctly cannot be reached with up to %s, which name at best %s. %s", sheet.Percent(t.Wanted), wording.Plural(len(t.Curve), "question"), sheet.Percent(t.best().Accuracy), says)
}

// names reads like "5 questions name 82.4 % of respondents".
func (t *Tool) names(accuracy float64) string {
	verb := "name"
	if len(t.Questions) == 1 {
		verb = "names"
	}
	return fmt.Sprintf("%s %s %s of respondents", wording.Plural(len(t.Questions), "question"), verb, sheet.Percent(accuracy))
}

// best is the most accurate length.
func (t *Tool) best() CurvePoint {
	best := t.Curve[0]
	for _, c := range t.Curve {
		if c.Accuracy > best.Accuracy {
			best = c
		}
	}
	return best
}

// Sheet lays out the questions with their answers; the caption is the finding, the notes say what to keep in mind.
func (t *Tool) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: t.Says(), Whole: true, Columns: []sheet.Column{{Name: "ask", Text: true}, {Name: "answers", Text: true}, {Name: "chosen in"}}}
	for j, q := range t.Questions {
		s.Rows = append(s.Rows, []string{fmt.Sprintf("%d. %s", j+1, q.Text), strings.Join(q.Answers, " · "), fmt.Sprintf("%d of %s", t.Chosen[j], wording.Plural(t.Folds, "fold"))})
	}
	s.Notes = t.notes()
	return s
}

// notes are the sentences that a reader must not miss.
func (t *Tool) notes() (notes []string) {
	if t.Curve[0].Accuracy >= decides {
		notes = append(notes, fmt.Sprintf("%s alone names %s: unless this question defines the segments, check that it does not hold the segment itself.",
			wording.Capital(t.Curve[0].Asked[0]), sheet.Percent(t.Curve[0].Accuracy)))
	}
	notes = append(notes, fmt.Sprintf("The scoring sheet in whole points names %s correctly (%s to %s).", sheet.Percent(t.Hand.Value), sheet.Percent(t.Hand.Low), sheet.Percent(t.Hand.High)))
	if len(t.Questions) > 1 {
		notes = append(notes, fmt.Sprintf("With one question unanswered, each in turn, %s are named correctly: it counts as answered typically.", sheet.Percent(t.OneMissing)))
	}
	if t.Accuracy.Value > t.Ceiling {
		notes = append(notes, fmt.Sprintf("A new sample would put %s in the same segment: beyond that, accuracy only repeats the accidents of this sample.", sheet.Percent(t.Ceiling)))
	}
	for _, each := range t.Each {
		if each.Respondents < fewest {
			notes = append(notes, fmt.Sprintf("%q has %s: too few to say how well it is found.", wording.Clip(each.Name), wording.Plural(each.Respondents, "respondent")))
		}
	}
	if t.LeftOut != nil {
		notes = append(notes, fmt.Sprintf("Not asked: %s.", strings.Join(t.LeftOut, "; ")))
	}
	return notes
}

const (
	decides = .99 // accuracy from which one question alone decides
	fewest  = 30  // respondents, as describe.SmallSegment
)

// Segments lays out how well each segment is found, next to its ceiling.
func (t *Tool) Segments() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("How well %s find each segment, among respondents who had no part in it", wording.Plural(len(t.Questions), "question")),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "respondents"}, {Name: "of its members, named so"}, {Name: "interval, 95 %"}, {Name: "ceiling"}, {Name: "of those named so, its members"}}}
	share := func(v float64) string {
		if math.IsNaN(v) {
			return sheet.Missing
		}
		return sheet.Percent(v)
	}
	row := func(name string, n int, named predict.Interval, ceiling, right float64) {
		s.Rows = append(s.Rows, []string{name, sheet.Count(n), share(named.Value), share(named.Low) + " to " + share(named.High), share(ceiling), share(right)})
	}
	for _, e := range t.Each {
		row(e.Name, e.Respondents, e.Named, e.Ceiling, e.Right.Value)
	}
	row("all", t.Respondents, t.Accuracy, t.Ceiling, t.Accuracy.Value)
	if !math.IsNaN(t.Ceiling) {
		s.Notes = []string{"Ceiling: the share who would be in the segment again if other respondents had been drawn and segmented by the same recipe."}
	}
	return s
}

// Confusions lays out the confusion matrix: a row for each segment, a column for each predicted segment, in shares of the row.
func (t *Tool) Confusions() sheet.Sheet {
	s := sheet.Sheet{Caption: "Of the members of each segment, how many are named as which", Columns: []sheet.Column{{Name: "segment", Text: true}}}
	for l, name := range t.Names {
		s.Columns = append(s.Columns, sheet.Column{Name: name})
		row, sum := []string{name}, 0.0
		for _, v := range t.Confusion[l] {
			sum += v
		}
		for _, v := range t.Confusion[l] {
			if sum == 0 {
				row = append(row, sheet.Missing)
				continue
			}
			row = append(row, sheet.Percent(v/sum))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// Lengths lays out the curve: accuracy by number of questions.
func (t *Tool) Lengths() sheet.Sheet {
	s := sheet.Sheet{Caption: "Accuracy by number of questions, among respondents who had no part in it", Whole: true,
		Columns: []sheet.Column{{Name: "questions"}, {Name: "named rightly"}, {Name: "standard error", Unit: "points"}, {Name: "asked beside those above", Text: true}}}
	row := func(c CurvePoint, asked string) {
		s.Rows = append(s.Rows, []string{sheet.Count(c.Questions), sheet.Percent(c.Accuracy), sheet.Fixed(100*c.SE, 1), asked})
	}
	var before []string
	for _, c := range t.Curve {
		var changes []string
		for _, name := range c.Asked {
			if !slices.Contains(before, name) {
				changes = append(changes, "+ "+name)
			}
		}
		for _, name := range before {
			if !slices.Contains(c.Asked, name) {
				changes = append(changes, "− "+name)
			}
		}
		row(c, strings.Join(changes, ", "))
		before = c.Asked
	}
	if t.All.Questions > len(t.Curve) {
		row(t.All, "all")
	}
	return s
}

// Frame returns the curve: questions, accuracy, se.
func (t *Tool) Frame() table.Frame {
	return frame.New(frame.Each("questions", t.Curve, func(c CurvePoint) int { return c.Questions }),
		frame.Each("accuracy", t.Curve, func(c CurvePoint) float64 { return c.Accuracy }), frame.Each("se", t.Curve, func(c CurvePoint) float64 { return c.SE }))
}

// Sheet lays out the points: a row for each answer, a column for each segment.
func (p *Points) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: "Scoring sheet: add up the points; the segment with the most is named, the first of equals", Whole: true,
		Columns: []sheet.Column{{Name: "question", Text: true}, {Name: "answer", Text: true}}}
	for _, name := range p.Names {
		s.Columns = append(s.Columns, sheet.Column{Name: name})
	}
	row := func(question, answer string, points []int) {
		cells := []string{question, answer}
		for _, v := range points {
			cells = append(cells, sheet.Count(v))
		}
		s.Rows = append(s.Rows, cells)
	}
	row("start with", "", p.Start)
	for j, q := range p.Questions {
		for a, answer := range q.Answers {
			question := ""
			if a == 0 {
				question = fmt.Sprintf("%d. %s", j+1, q.Text)
			}
			row(question, answer, p.Answers[j][a])
		}
	}
	s.Notes = []string{p.lead(), "A question that was not answered gives no points."}
	return s
}

// lead says what a lead is worth.
func (p *Points) lead() string {
	close := fmt.Sprintf("With a lead of less than %s over the next segment", wording.Plural(p.Clear, "point"))
	if p.Clear == 1 {
		close = "Where two segments share the most points"
	}
	if p.CloseShare == 0 {
		return fmt.Sprintf("%s, write \"not sure\": that never happened, and %s were named correctly.", close, sheet.Percent(p.Sure.Value))
	}
	return fmt.Sprintf("%s, write \"not sure\": that was the case for %s of respondents, of whom %s were named correctly, against %s of the others.",
		close, sheet.Percent(p.CloseShare), sheet.Percent(p.Close.Value), sheet.Percent(p.Sure.Value))
}

// Frame returns a row for each answer: question, answer, and the points for each segment under its name; the first row is the start.
func (p *Points) Frame() table.Frame {
	type row struct {
		question, answer string
		points           []int
	}
	rows := []row{{"start", "", p.Start}}
	for j, q := range p.Questions {
		for a, level := range q.Levels {
			rows = append(rows, row{q.Name, level, p.Answers[j][a]})
		}
	}
	columns := []frame.Columns{frame.Each("question", rows, func(r row) string { return r.question }), frame.Each("answer", rows, func(r row) string { return r.answer })}
	for l, name := range p.Names {
		columns = append(columns, frame.Each("points for "+name, rows, func(r row) int { return r.points[l] }))
	}
	return frame.New(columns...)
}

// ByLength returns the share of respondents classified correctly with 1, 2, … questions, from one standard error below to one above, and
// how many questions the tool asks.
func (t *Tool) ByLength() (accuracy []predict.Interval, taken int) {
	if t == nil {
		return nil, 0
	}
	for _, c := range t.Curve {
		accuracy = append(accuracy, predict.Interval{Value: c.Accuracy, Low: max(0, c.Accuracy-c.SE), High: min(1, c.Accuracy+c.SE)})
	}
	return accuracy, len(t.Questions)
}

// BySegment returns the share of each segment's members who are assigned to it (k), and its ceiling (k; NaN if there is none).
func (t *Tool) BySegment() (names []string, found []predict.Interval, ceiling []float64) {
	if t == nil {
		return nil, nil, nil
	}
	for _, e := range t.Each {
		names, found, ceiling = append(names, e.Name), append(found, e.Named), append(ceiling, e.Ceiling)
	}
	return names, found, ceiling
}

// Beside returns what to compare the accuracy with: the desired accuracy, 0 for none; that of predicting the largest segment for everybody; that
// of all questions, and their number.
func (t *Tool) Beside() (wanted, largest, all float64, questions int) {
	if t == nil {
		return 0, 0, 0, 0
	}
	return t.Wanted, t.Largest, t.All.Accuracy, t.All.Questions
}
