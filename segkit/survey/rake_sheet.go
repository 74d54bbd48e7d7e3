package survey

import (
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Weighting)(nil)

// Sheet shows every margin before and after, and what the weights cost.
func (w *Weighting) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole:   true,
		Caption: fmt.Sprintf("Weighted, %s are worth %s drawn evenly", wording.Plural(len(w.IDs), "respondent"), sheet.Fixed(w.Effective, 0)),
		Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "level", Text: true}, {Name: "respondents"}, {Name: "share of them"}, {Name: "population"}, {Name: "weighted"}},
	}
	for _, m := range w.Margins {
		s.Rows = append(s.Rows, []string{m.Column, m.Level, sheet.Count(m.Count), sheet.Percent(m.Sample), sheet.Percent(m.Target), sheet.Percent(m.Weighted)})
	}
	if len(w.Weights) > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("Weights run from %s to %s, with mean 1; design effect %s (Kish), after %s.", sheet.Fixed(slices.Min(w.Weights), 2), sheet.Fixed(slices.Max(w.Weights), 2),
			sheet.Fixed(float64(len(w.IDs))/w.Effective, 2), wording.Plural(w.Rounds, "round")))
	}
	if w.capped > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s at the limit, so that shares miss their targets by up to %s.", wording.Plural(w.capped, "weight")+" "+wording.Be(w.capped), sheet.Percent(w.Missed)))
	}
	if w.unknown > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s no value in some margin; there, their weight stays as it is.", wording.Plural(w.unknown, "respondent")+" "+wording.Have(w.unknown)))
	}
	s.Notes = append(s.Notes, "Weights correct for what these columns record. They cannot show whether those who answered think like those who did not.")
	return s
}

// Frame returns the margins as a gota frame.
func (w *Weighting) Frame() table.Frame {
	return frame.New(
		frame.Each("column", w.Margins, func(m Margin) string { return m.Column }),
		frame.Each("level", w.Margins, func(m Margin) string { return m.Level }),
		frame.Each("respondents", w.Margins, func(m Margin) int { return m.Count }),
		frame.Numbers([]string{"sample", "target", "weighted"}, w.Margins, func(m Margin) []float64 { return []float64{m.Sample, m.Target, m.Weighted} }))
}
