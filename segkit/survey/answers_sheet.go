package survey

import (
	"fmt"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Answers)(nil)

// count returns how many respondents answered question j, said "don't know", and left it out.
func (a *Answers) count(j int) (answered, unknown, left int) {
	for _, level := range a.given[j] {
		switch {
		case level == missing:
			left++
		case level <= dontKnow:
			unknown++
		default:
			answered++
		}
	}
	return answered, unknown, left
}

// Sheet lays out the dictionary of the survey: every question with what it asks for, the answers that it offers, and how many people gave
// one.
func (a *Answers) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole:   true,
		Caption: fmt.Sprintf("%s of %s", wording.Plural(len(a.ids), "sheet"), wording.Plural(len(a.questions), "question")),
		Columns: []sheet.Column{{Name: "question", Text: true}, {Name: "kind", Text: true}, {Name: "answers, of scales from low to high", Text: true}, {Name: "recognised by", Text: true},
			{Name: "answered"}, {Name: "don't know"}, {Name: "missing"}},
		Notes: a.notes,
	}
	for j, q := range a.questions {
		name := q.Name
		if q.Text != "" {
			name = sheet.Lines(q.Name, q.Text)
		}
		kind := q.Kind.String()
		if q.Reversed {
			kind += ", reversed"
		}
		answered, unknown, left := a.count(j)
		s.Rows = append(s.Rows, []string{name, kind, q.offers(), q.Why, sheet.Count(answered), sheet.Count(unknown), sheet.Count(left)})
	}
	return s
}

// offers lists the answers that the question offers, briefly.
func (q Question) offers() string {
	if q.Levels == nil {
		return ""
	}
	said := make([]string, len(q.Levels))
	for l, level := range q.Levels {
		said[l] = wording.Clip(level)
		if q.Labels != nil && q.Labels[l] != "" {
			said[l] += " (" + wording.Clip(q.Labels[l]) + ")"
		}
	}
	const most = 7
	if len(said) > most && q.Kind == Scale {
		return fmt.Sprintf("%s … %s, %d steps", said[0], said[len(said)-1], len(said))
	}
	return wording.List(said)
}

// Frame returns the dictionary as a gota frame, one row per question.
func (a *Answers) Frame() table.Frame {
	at := make([]int, len(a.questions))
	for j := range at {
		at[j] = j
	}
	each := func(name string, of func(answered, unknown, left int) int) frame.Columns {
		return frame.Each(name, at, func(j int) int { return of(a.count(j)) })
	}
	return frame.New(
		frame.Each("question", a.questions, func(q Question) string { return q.Name }),
		frame.Each("kind", a.questions, func(q Question) string { return q.Kind.String() }),
		frame.Each("levels", a.questions, func(q Question) int { return len(q.Levels) }),
		each("answered", func(n, _, _ int) int { return n }),
		each("dont_know", func(_, n, _ int) int { return n }),
		each("missing", func(_, _, n int) int { return n }))
}
