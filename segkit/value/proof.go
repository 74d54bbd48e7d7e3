package value

// Did it come true in each segment? A forecast beside what was held out, segment by segment, in orders and in money.

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Proof is the hold-out by segment.
type Proof struct {
	Worth    *Worth // what was forecast
	Segments []SegmentProof
}

// SegmentProof is what was forecast of one segment, beside what was seen.
type SegmentProof struct {
	SegmentWorth
	SeenOrders int
	SeenValue  float64 // money, 0 where none was forecast
}

// OrdersInside reports whether the orders that were seen lie within their interval.
func (s SegmentProof) OrdersInside() bool { return s.Orders.holds(float64(s.SeenOrders)) }

// ValueInside reports whether the money that was seen lies within its interval.
func (s SegmentProof) ValueInside() bool { return s.Value.holds(s.SeenValue) }

func (r Range) holds(v float64) bool { return v >= r.Low && v <= r.High }

// By sets the forecast of each segment beside what its customers did, joined by id; in money, too, where the hold-out was given a Horizon with Spend. Use
// segments made at the as-of date: those made later know what came.
func (h *Holdout) By(segments *table.Segments) (*Proof, error) {
	return h.ByContext(job.DefaultContext, segments)
}

// ByContext is By under ctx.
func (h *Holdout) ByContext(ctx context.Context, segments *table.Segments) (*Proof, error) {
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
	p := &Proof{Worth: w, Segments: make([]SegmentProof, len(w.Segments))}
	for l, s := range w.Segments {
		p.Segments[l].SegmentWorth = s
	}
	later := h.forecast.summary.Later
	for i, id := range h.forecast.IDs {
		if l, known := label[id]; known && l >= 0 {
			p.Segments[l].SeenOrders += later.Orders[i]
			if w.Money {
				p.Segments[l].SeenValue += later.Spend[i]
			}
		}
	}
	return p, nil
}

// Says is the finding in one sentence.
func (p *Proof) Says() string {
	orders, value, n := 0, 0, 0
	for _, s := range p.Segments {
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
	text := fmt.Sprintf("Seen in %d days: the orders of %d of %d segments lie within their intervals", p.Worth.Days, orders, n)
	if p.Worth.Money {
		text += fmt.Sprintf(", and the money of %d", value)
	}
	return text
}

// Sheet lays the segments out.
func (p *Proof) Sheet() sheet.Sheet {
	if p == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: p.Says(), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "days with an order, forecast"}, {Name: "seen"}, {Name: "off", Unit: "%"}}}
	if p.Worth.Money {
		unit := p.Worth.Currency
		out.Columns = append(out.Columns, sheet.Column{Name: "money, forecast", Unit: unit}, sheet.Column{Name: "seen", Unit: unit}, sheet.Column{Name: "off", Unit: "%"})
	}
	for _, s := range p.Segments {
		row := []string{s.Segment, sheet.Count(s.Customers), s.Orders.text(), sheet.Count(s.SeenOrders) + outside(s.OrdersInside()), off(s.Orders.Mean, float64(s.SeenOrders))}
		if p.Worth.Money {
			row = append(row, s.Value.text(), sheet.Number(s.SeenValue)+outside(s.ValueInside()), off(s.Value.Mean, s.SeenValue))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = append(out.Notes, "*: outside the interval. Off: the forecast less what was seen, as a share of what was seen. "+rangeNote)
	if p.Worth.Money && p.Worth.Once > 0 {
		out.Notes = append(out.Notes, spendOfOnce(p.Worth.Once))
	}
	out.Notes = append(out.Notes, p.Worth.leftOut()...)
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

// Frame returns the segments as a gota frame.
func (p *Proof) Frame() table.Frame {
	if p == nil {
		return table.Frame{}
	}
	return frame.New(
		frame.Each("segment", p.Segments, func(s SegmentProof) string { return s.Segment }),
		frame.Each("customers", p.Segments, func(s SegmentProof) int { return s.Customers }),
		frame.Numbers([]string{"orders", "orders_low", "orders_high", "orders_seen", "value", "value_low", "value_high", "value_seen"}, p.Segments, func(s SegmentProof) []float64 {
			return []float64{s.Orders.Mean, s.Orders.Low, s.Orders.High, float64(s.SeenOrders), s.Value.Mean, s.Value.Low, s.Value.High, s.SeenValue}
		}),
	)
}
