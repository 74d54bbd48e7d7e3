package survey

import (
	"fmt"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Reliability)(nil)

// Sheet shows alpha with its interval, and every item with what the battery would be without it.
func (r *Reliability) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole: true,
		Caption: fmt.Sprintf("Cronbach's alpha %s (95 %% interval %s to %s) of %s, from %s", sheet.Fixed(r.Alpha, 2), sheet.Fixed(r.Low, 2), sheet.Fixed(r.High, 2),
			wording.Plural(len(r.Items), "item"), wording.Plural(r.N, "respondent")),
		Columns: []sheet.Column{{Name: "item", Text: true}, {Name: "mean"}, {Name: "sd"}, {Name: "correlation with the others"}, {Name: "alpha without it"}},
		Notes:   r.sentences(),
	}
	for _, item := range r.Items {
		name := item.Name
		if item.Reversed {
			name += " (reversed)"
		}
		s.Rows = append(s.Rows, []string{name, sheet.Fixed(item.Mean, 2), sheet.Fixed(item.SD, 2), sheet.Fixed(item.Rest, 2), sheet.Fixed(item.Without, 2)})
	}
	return s
}

// Frame returns the items as a gota frame.
func (r *Reliability) Frame() table.Frame {
	return frame.New(
		frame.Each("item", r.Items, func(i Item) string { return i.Name }),
		frame.Each("reversed", r.Items, func(i Item) bool { return i.Reversed }),
		frame.Numbers([]string{"mean", "sd", "item_rest", "alpha_without"}, r.Items, func(i Item) []float64 { return []float64{i.Mean, i.SD, i.Rest, i.Without} }))
}
