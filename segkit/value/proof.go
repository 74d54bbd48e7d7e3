package value

// Did it come true in each segment? A forecast beside what was held out, segment by segment, in orders and in money.

import (
	"context"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// By compares the forecast of each segment with what its customers did, joined by id; also in money, if the hold-out was given a Horizon with Spend. Use
// segments made at the as-of date: later ones know what happened.
func (h *Holdout) By(segments *table.Segments) (*Worth, error) {
	return h.ByContext(job.DefaultContext, segments)
}

// ByContext is By under ctx.
func (h *Holdout) ByContext(ctx context.Context, segments *table.Segments) (*Worth, error) {
	const op = "value.Holdout.By"
	if h == nil || h.forecast == nil {
		return nil, fault.Nil(op, "hold-out")
	}
	w, err := h.forecast.ByContext(ctx, segments)
	if err != nil {
		return nil, err
	}
	label, err := segments.ByID(op)
	if err != nil {
		return nil, err
	}
	later := h.forecast.summary.Later
	w.Proved = true
	for i, id := range h.forecast.IDs {
		if l, known := label[id]; known && l >= 0 {
			w.Segments[l].SeenOrders += later.Orders[i]
			if w.Money {
				w.Segments[l].SeenValue += later.Spend[i]
			}
		}
	}
	return w, nil
}

// OrdersInside reports whether the actual orders lie within their interval.
func (s SegmentWorth) OrdersInside() bool { return s.Orders.holds(float64(s.SeenOrders)) }

// ValueInside reports whether the actual money lies within its interval.
func (s SegmentWorth) ValueInside() bool { return s.Value.holds(s.SeenValue) }

// FarOff reports whether the forecast of money was more than twice what came, or less than half, and what came lies outside the interval.
func (s SegmentWorth) FarOff() bool {
	said, came := s.Value.Mean, s.SeenValue
	return !s.ValueInside() && (said > 2*came || came > 2*said)
}

// Against marks the segments for which the same forecast, made earlier and compared with what came (Holdout.By), was far off: nobody should plan with their figures. Segments
// are matched by name. It returns a copy.
func (w *Worth) Against(proof *Worth) (*Worth, error) {
	const op = "value.Worth.Against"
	switch {
	case w == nil || proof == nil:
		return nil, fault.Nil(op, "worth")
	case !proof.Proved || !proof.Money:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: the proof does not say what money came: make it with Holdout.By, from a hold-out with a Horizon.Spend", op)
	}
	out := *w
	out.Segments = slices.Clone(w.Segments)
	for l := range out.Segments {
		s := &out.Segments[l]
		s.Off = slices.ContainsFunc(proof.Segments, func(p SegmentWorth) bool { return p.Segment == s.Segment && p.FarOff() })
	}
	return &out, nil
}

// OffNote names the segments that Against marked; "" if there are none.
func (w *Worth) OffNote() string {
	var off []string
	for _, s := range w.Segments {
		if s.Off {
			off = append(off, s.Segment)
		}
	}
	if off == nil {
		return ""
	}
	return fmt.Sprintf("Do not plan with the figures of %s: when the same forecast was made earlier, it was more than twice what came in, or less than half.", wording.Quoted(off))
}

func (r Range) holds(v float64) bool { return v >= r.Low && v <= r.High }

// proof lays out what was forecast beside what was seen.
func (w *Worth) proof() sheet.Sheet {
	orders, value, n := 0, 0, 0
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "days with an order, forecast"}, {Name: "seen"}, {Name: "off", Unit: "%"}}}
	if w.Money {
		out.Columns = append(out.Columns, sheet.Column{Name: "money, forecast", Unit: w.Currency}, sheet.Column{Name: "seen", Unit: w.Currency}, sheet.Column{Name: "off", Unit: "%"})
	}
	for _, s := range w.Segments {
		row := []string{s.Segment, sheet.Count(s.Customers), s.Orders.text(), sheet.Count(s.SeenOrders) + outside(s.OrdersInside()), off(s.Orders.Mean, float64(s.SeenOrders))}
		if w.Money {
			row = append(row, s.Value.text(), sheet.Number(s.SeenValue)+outside(s.ValueInside()), off(s.Value.Mean, s.SeenValue))
		}
		out.Rows = append(out.Rows, row)
		if s.Customers == 0 {
			continue
		}
		n++
		if s.OrdersInside() {
			orders++
		}
		if s.ValueInside() {
			value++
		}
	}
	out.Caption = fmt.Sprintf("Seen in %d days: the orders of %d of %s lie within their intervals", w.Days, orders, wording.Plural(n, "segment"))
	if w.Money {
		out.Caption += fmt.Sprintf(", and the money of %d", value)
	}
	out.Notes = append(out.Notes, "*: outside the interval. Off: how much more (+) or less (−) was forecast than seen, as a share of what was seen. "+rangeNote)
	out.Notes = append(append(out.Notes, w.onceNotes()...), w.leftOut()...)
	return out
}

func outside(inside bool) string {
	if inside {
		return ""
	}
	return " *"
}

// off reads like "−12" or "+31".
func off(forecast, seen float64) string {
	if seen == 0 {
		return sheet.Missing
	}
	text := fmt.Sprintf("%+.0f", 100*(forecast/seen-1))
	if text[0] == '-' {
		return "−" + text[1:]
	}
	return text
}
