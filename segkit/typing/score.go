package typing

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Scores are the segments that a tool predicts for new respondents. Probability, Labels and UnseenLevels (answers that a question does
// not offer, which count as none) are as in predict.Predictions.
type Scores struct {
	*predict.Predictions
	Answered []int // (n) questions of the tool that each respondent answered

	tool *Tool
}

// Score predicts the segments of others (n x any), whose columns are found by name. A column without any answer that its question
// offers is an error. Cost n·m·k.
func (t *Tool) Score(others *table.Table) (*Scores, error) {
	return t.ScoreContext(job.DefaultContext, others)
}

// ScoreContext is Score under ctx.
func (t *Tool) ScoreContext(ctx context.Context, others *table.Table) (*Scores, error) {
	const op = "typing.Tool.Score"
	if t == nil {
		return nil, fault.Nil(op, "tool")
	}
	r, unknown, err := read(op, others, t.Questions)
	if err != nil {
		return nil, err
	}
	x := r.numbers(t.Questions, pick.All(len(r)), pick.All(len(t.Questions)), others.Raw().IDs, nil)
	p, err := t.Classifier.PredictContext(ctx, x)
	if err != nil {
		return nil, err
	}
	p.UnseenLevels = unknown
	s := &Scores{Predictions: p, tool: t}
	for _, answers := range r {
		given := 0
		for _, a := range answers {
			if a != none {
				given++
			}
		}
		s.Answered = append(s.Answered, given)
	}
	return s, nil
}

// Segments returns the predicted segment of every respondent, or none (table.Noise), which reads "not sure", if its probability is below
// least, 0 to 1, or if no question was answered.
func (s *Scores) Segments(least float64) (*table.Segments, error) {
	if s == nil {
		return nil, fault.Nil("typing.Scores.Segments", "scores")
	}
	out, err := s.Predictions.Segments(least)
	if err != nil {
		return nil, err
	}
	for i, given := range s.Answered {
		if given == 0 {
			out.Labels[i] = table.Noise
		}
	}
	return out, nil
}

// Sheet lays out the first respondents with the predicted segment and its probability; the notes mention missing answers.
func (s *Scores) Sheet() sheet.Sheet {
	out := s.Predictions.Sheet()
	out.Caption = fmt.Sprintf("Segments named for %s by %s", wording.Plural(len(s.IDs), "respondent"), wording.Plural(len(s.tool.Questions), "question"))
	out.Columns[0].Name, out.Notes = "respondent", nil
	for i := range out.Rows {
		if s.Answered[i] == 0 {
			out.Rows[i][1], out.Rows[i][2] = "not sure: no answer", sheet.Missing
		}
	}
	nobody, some := 0, 0
	for _, given := range s.Answered {
		switch {
		case given == 0:
			nobody++
		case given < len(s.tool.Questions):
			some++
		}
	}
	if some > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s left some question unanswered, which counts as answered typically: with one missing, the tool names %s correctly instead of %s.",
			wording.Capital(wording.Plural(some, "respondent")), sheet.Percent(s.tool.OneMissing), sheet.Percent(s.tool.Accuracy.Value)))
	}
	if nobody > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s answered none of the questions and %s in no segment.", wording.Capital(wording.Plural(nobody, "respondent")), wording.Be(nobody)))
	}
	if s.UnseenLevels > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s no answer that the question offers, and counted as unanswered.", wording.Capital(wording.Plural(s.UnseenLevels, "cell"))+" held"))
	}
	return out
}
