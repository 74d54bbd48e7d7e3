package value

import (
	"fmt"
	"time"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Summary)(nil)

// Sheet lays out the four numbers with their meanings.
func (s *Summary) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: fmt.Sprintf("%s, of whom %s ordered again", wording.Plural(len(s.IDs), "customer"), sheet.Count(s.repeaters())),
		Columns: []sheet.Column{{Name: "of each customer", Text: true}, {Name: "in the literature", Text: true}, {Name: "mean"}, {Name: "median"}, {Name: "largest"}}}
	if !s.AsOf.IsZero() {
		out.Caption += ", up to " + s.AsOf.Format(time.DateOnly)
	}
	repeats := make([]float64, len(s.Repeats))
	for i, x := range s.Repeats {
		repeats[i] = float64(x)
	}
	row := func(what, name string, values []float64) {
		sum, n := 0.0, 0
		for _, v := range values {
			if v == v {
				sum, n = sum+v, n+1
			}
		}
		q := quantile.Of(values, nil, false)
		out.Rows = append(out.Rows, []string{what, name, sheet.Number(sum / float64(n)), sheet.Number(q.At(.5)), sheet.Number(q.At(1))})
	}
	row("repeat days", "frequency, x", repeats)
	row(fmt.Sprintf("first to last order (%s)", s.Unit), "recency, t_x", s.Last)
	row(fmt.Sprintf("first order to as-of date (%s)", s.Unit), "T", s.Age)
	spend := "mean money of a repeat day"
	if s.Currency != "" {
		spend += " (" + s.Currency + ")"
	}
	row(spend, "monetary value", s.Spend)
	if s.Silence != "" {
		out.Notes = append(out.Notes, s.Silence)
	}
	out.Notes = append(out.Notes, "Several orders on one day count as one. Repeat days are the days with an order except the first such day, whose money does not count in the mean either. "+
		"Recency, as this literature defines it, runs from the first order to the last: it is not the time since the last order.")
	if l := s.Later; l != nil {
		orders, returned := 0, 0
		for _, n := range l.Orders {
			orders += n
			if n > 0 {
				returned++
			}
		}
		out.Notes = append(out.Notes, fmt.Sprintf("Held out: in the %d days that followed, %s of them ordered on %s.", l.Days, sheet.Count(returned), wording.Plural(orders, "day")))
	}
	out.Notes = append(out.Notes, s.Notes...)
	return out
}

// Frame returns the summary as a gota frame: id, repeats, last, age, spend, and later_orders and later_spend if there is a hold-out.
func (s *Summary) Frame() table.Frame {
	if s == nil {
		return table.Frame{}
	}
	columns := []frame.Columns{frame.Column("id", s.IDs), frame.Column("repeats", s.Repeats), frame.Column("last", s.Last), frame.Column("age", s.Age), frame.Column("spend", s.Spend)}
	if l := s.Later; l != nil {
		columns = append(columns, frame.Column("later_orders", l.Orders), frame.Column("later_spend", l.Spend))
	}
	return frame.New(columns...)
}
