package chart

// ValueRisk: which segments are worth a test of keeping them.

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/value"
)

// ValueRisk draws each segment as a disc. The horizontal axis is the share of customers who are expected not to order, the vertical axis what a customer is expected
// to bring (or to order, if no money was forecast), and the area is in proportion to what is at risk. The title names where most is at risk.
func ValueRisk(w *value.Worth) (*Figure, error) {
	if w == nil {
		return nil, fault.Nil("chart.ValueRisk", "worth")
	}
	var bs bubbles
	names := make([]string, len(w.Segments))
	top, all := -1, 0.0
	fig := &Figure{Height: 4.8 * vg.Inch}
	what, unit, risk := "expected orders per customer", "", "orders"
	if w.Money {
		what, unit, risk = "expected value per customer", w.Currency, w.Currency
	}
	fig.describe("Discs of segments by the share expected not to order and the %s.", what)
	for l, s := range w.Segments {
		names[l] = s.Segment
		if s.Customers == 0 {
			continue
		}
		each := s.Orders.Mean / float64(s.Customers)
		if w.Money {
			each = s.Value.Mean / float64(s.Customers)
		}
		b := bubble{x: s.Silent, y: each, size: s.AtRisk, label: l, name: segment(names, l)}
		bs, all = append(bs, b), all+s.AtRisk
		if top < 0 || s.AtRisk > w.Segments[top].AtRisk {
			top = l
		}
		fig.describe("%s: %s expected not to order, %s per customer, %s at risk.", b.name, share(b.x), amount(each, unit), amount(s.AtRisk, risk))
	}
	if top < 0 || all == 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.ValueRisk: nothing is at risk in any segment, because the model gives up nobody: BG/NBD never gives up those who ordered once")
	}
	label := what
	if unit != "" {
		label += " (" + clean(unit) + ")"
	}
	days := count(w.Days, "day")
	p := newPlot("expected not to order in "+days, label)
	p.X.Tick.Marker = ticks{room: 320, percent: true}
	bs.addTo(p)
	fig.Panels = panel(p)
	most := w.Segments[top]
	fig.Title = fmt.Sprintf("Most is at risk in %s: %s in %s", called(names, top), amount(most.AtRisk, risk), days)
	if len(bs) > 1 {
		fig.Title += fmt.Sprintf(", %s of the total", share(most.AtRisk/all))
	}
	fig.Title += fmt.Sprintf("; %s of its customers are expected not to order", share(most.Silent))
	fig.remark("Area: what is at risk, which is what these customers would bring in %s if all were still customers, minus what they are expected to bring. "+
		"Test an offer before you rely on it: customers at the highest risk are not always those who respond.", days)
	if w.Silence != "" {
		fig.remark("%s", w.Silence)
	}
	return fig, nil
}
