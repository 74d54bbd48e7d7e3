package chart

// ValueRisk: which segments are worth a test of keeping them.

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/value"
)

// ValueRisk draws each segment as a disc. The horizontal axis is the share of customers who are expected not to order, the vertical axis what a customer is expected
// to bring (or to order, if no money was forecast), and the area is in proportion to what is at risk. The title names where most is at risk, among the segments with whose
// figures one may plan (value.Worth.Against), and says when the forecast is to be doubted.
func ValueRisk(w *value.Worth) (*Figure, error) {
	if w == nil {
		return nil, fault.Nil("chart.ValueRisk", "worth")
	}
	var bs bubbles
	names := make([]string, len(w.Segments))
	top, all := -1, 0.0
	fig := &Figure{Height: 4.8 * vg.Inch}
	what, unit := "expected orders per customer", ""
	if w.Money {
		what, unit = "expected value per customer", w.Currency
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
		bs = append(bs, b)
		if !s.Off {
			all += s.AtRisk
			if top < 0 || s.AtRisk > w.Segments[top].AtRisk {
				top = l
			}
		}
		fig.describe("%s: %s expected not to order, %s per customer, %s at risk.", b.name, share(b.x), amount(each, unit), amount(s.AtRisk, unit))
	}
	off := w.OffNote()
	if off != "" && top < 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.ValueRisk: no segment is left to draw. %s", off)
	}
	if all == 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.ValueRisk: nothing is at risk in any segment, because the model gives up nobody: BG/NBD never gives up those who ordered once")
	}
	label := what
	if unit != "" {
		label += " (" + clean(unit) + ")"
	}
	p := newPlot(fmt.Sprintf("expected not to order in %d days", w.Days), label)
	p.X.Tick.Marker = ticks{room: 320, percent: true}
	bs.addTo(p)
	fig.Panels = panel(p)
	most := "Most at risk"
	if w.Dependence != "" {
		most = "Most at risk, by a forecast to be doubted"
	}
	fig.Title = fmt.Sprintf("%s: %s, %s (%s of all), of customers who %s", most, called(names, top), amount(w.Segments[top].AtRisk, unit), share(w.Segments[top].AtRisk/all),
		"order again with a probability of "+share(1-w.Segments[top].Silent))
	fig.remark("Area: what these customers would bring in %s days if all were still customers, less what is expected. Worth a test: those at the highest risk need not be those who respond.", sheet.Count(w.Days))
	if off != "" {
		fig.remark("%s The title leaves them out.", off)
	}
	if w.Dependence != "" {
		fig.remark("%s", w.Dependence)
	}
	if w.Silence != "" {
		fig.remark("%s", w.Silence)
	}
	return fig, nil
}
