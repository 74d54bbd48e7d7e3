package survey

import (
	"fmt"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Ledger)(nil)

// lines are those of the ledger, as shown: the steps with a minus.
func (l *Ledger) lines() []Step {
	lines := []Step{{Rule: "as read", Removed: l.Opening, Alone: -1}}
	for _, s := range l.Steps {
		s.Removed = Count{-s.Removed.Sheets, -s.Removed.Answers}
		lines = append(lines, s)
	}
	return append(lines, Step{Rule: "left", Removed: l.Closing, Alone: -1})
}

// Sheet lays the ledger out.
func (l *Ledger) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole:   true,
		Caption: fmt.Sprintf("Cleaning leaves %s of %s sheets and %s of %s answers", sheet.Count(l.Closing.Sheets), sheet.Count(l.Opening.Sheets), sheet.Count(l.Closing.Answers), sheet.Count(l.Opening.Answers)),
		Columns: []sheet.Column{{Name: "rule", Text: true}, {Name: "sheets"}, {Name: "answers"}, {Name: "alone it would remove", Unit: "sheets"}},
	}
	for _, line := range l.lines() {
		alone := ""
		if line.Alone >= 0 {
			alone = sheet.Count(line.Alone)
		}
		s.Rows = append(s.Rows, []string{line.Rule, sheet.Count(line.Removed.Sheets), sheet.Count(line.Removed.Answers), alone})
	}
	s.Notes = append([]string{"What was read, less what each rule removed, is what is left."}, l.Notes...)
	return s
}

// Frame returns the ledger as a gota frame, removals negative, so that both columns sum to their last row.
func (l *Ledger) Frame() table.Frame {
	lines := l.lines()
	return frame.New(
		frame.Each("rule", lines, func(s Step) string { return s.Rule }),
		frame.Each("sheets", lines, func(s Step) int { return s.Removed.Sheets }),
		frame.Each("answers", lines, func(s Step) int { return s.Removed.Answers }))
}
