package value

// What segments are worth: customers' forecasts added up.

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Worth is what to expect from each segment, with what actually happened if a Holdout gave it.
type Worth struct {
	Days       int
	Currency   string // "" if only orders were forecast
	Money      bool   // Value and AtRisk are money; otherwise they are orders
	Segments   []SegmentWorth
	Unforeseen int    // customers in segments but without a forecast
	Unsorted   int    // customers in the forecast but in no segment
	Proved     bool   // the actual results are known
	Once       int    // customers in segments who ordered once
	Silence    string // from the summary
	Dependence string // from the model of spend
}

// SegmentWorth is what to expect from the customers of one segment.
type SegmentWorth struct {
	Segment    string
	Customers  int
	Orders     Range   // days with an order
	Value      Range   // money, discounted; zero without
	Silent     float64 // share expected not to order at all
	Alive      float64 // share expected to still be customers
	AtRisk     float64 // what they would bring if all were still customers, minus what is expected; money, or orders without it
	Overdue    int     // customers whose last order is at least three of their own mean gaps ago; those who ordered once have no gap
	SeenOrders int     // actual days with an order in the held-out time, if Worth.Proved; SeenValue is the actual money
	SeenValue  float64
	Off        bool // Worth.Against found the same forecast far off for this segment: do not plan with its figures
}

// overdueFrom is how many of a customer's own gaps make them long overdue, as package track has it of lapsed ones.
const overdueFrom = 3

func nilForecast(op string) error { return fault.Nil(op, "forecast") }

// By totals a forecast by segment, joined by id. It uses the forecast's draws, so that in each draw the segments add up to the whole.
func (f *Forecast) By(segments *table.Segments) (*Worth, error) {
	return f.ByContext(job.DefaultContext, segments)
}

// ByContext is By under ctx.
func (f *Forecast) ByContext(ctx context.Context, segments *table.Segments) (*Worth, error) {
	const op = "value.Forecast.By"
	if f == nil {
		return nil, nilForecast(op)
	}
	if segments == nil {
		return nil, fault.Nil(op, "segments")
	}
	label, err := segments.ByID(op)
	if err != nil {
		return nil, err
	}
	k := segments.K()
	w := &Worth{Silence: f.summary.Silence, Days: f.Horizon.Days, Money: f.Value != nil, Segments: make([]SegmentWorth, k)}
	if w.Money {
		w.Currency, w.Dependence = f.Currency, f.Horizon.Spend.Dependence
	}
	of, sorted := make([]int, len(f.IDs)), 0
	for i, id := range f.IDs {
		l, known := label[id]
		if !known || l < 0 {
			of[i] = -1
			w.Unsorted++
			continue
		}
		of[i] = l
		sorted++
		s := &w.Segments[l]
		s.Customers++
		s.Orders.Mean += f.Orders[i]
		s.Silent += f.Silent[i]
		s.Alive += f.Alive[i]
		s.AtRisk += f.AtRisk[i]
		if w.Money {
			s.Value.Mean += f.Value[i]
		}
		if f.summary.Repeats[i] == 0 {
			w.Once++
		}
		if f.Overdue[i] >= overdueFrom {
			s.Overdue++
		}
	}
	if sorted == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: none of the %d customers of the forecast has a segment: do the ids mean the same?", op, len(f.IDs))
	}
	w.Unforeseen = len(label) - sorted
	for _, l := range label {
		if l < 0 {
			w.Unforeseen--
		}
	}
	futures, err := f.buying.futures(ctx, f.summary, f.Horizon, of, k, nil, nil)
	if err != nil {
		return nil, err
	}
	for l := range w.Segments {
		s := &w.Segments[l]
		s.Segment = segments.Name(l)
		s.Orders = between(s.Orders.Mean, futures[l].orders)
		if w.Money {
			s.Value = between(s.Value.Mean, futures[l].value)
		}
		if s.Customers > 0 {
			s.Silent /= float64(s.Customers)
			s.Alive /= float64(s.Customers)
		}
	}
	return w, nil
}

// Sheet lays the segments out.
func (w *Worth) Sheet() sheet.Sheet {
	if w == nil {
		return sheet.Sheet{}
	}
	if w.Proved {
		return w.proof()
	}
	out := sheet.Sheet{Caption: fmt.Sprintf("What the next %d days are expected to bring in", w.Days),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "days with an order"}, {Name: "no order", Unit: "%"}, {Name: "long overdue"}}}
	if w.Money {
		out.Columns = append(out.Columns, sheet.Column{Name: "value", Unit: w.Currency})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "at risk", Unit: w.Currency})
	for _, s := range w.Segments {
		row := []string{s.Segment, sheet.Count(s.Customers), s.Orders.text(), sheet.Fixed(100*s.Silent, 0), sheet.Count(s.Overdue)}
		if s.Customers == 0 {
			row[3] = sheet.Missing
		}
		if w.Money {
			row = append(row, s.Value.text())
		}
		out.Rows = append(out.Rows, append(row, sheet.Number(s.AtRisk)))
	}
	if off := w.OffNote(); off != "" {
		out.Notes = append(out.Notes, off)
	}
	if w.Silence != "" {
		out.Notes = append(out.Notes, w.Silence)
	}
	what := "orders"
	if w.Money {
		what = "money"
	}
	out.Notes = append(out.Notes, rangeNote, w.overdueNote(),
		fmt.Sprintf("At risk: the %s that these customers would bring in if all were still customers, less what is expected. It is a list for a test, not what an offer would bring back: those at the highest risk are not those who respond (Ascarza 2018, doi:10.1509/jmr.16.0163).", what))
	out.Notes = append(append(out.Notes, w.onceNotes()...), w.leftOut()...)
	return out
}

// onceNotes says what customers who ordered once are taken to spend, and whether that is to be doubted.
func (w *Worth) onceNotes() (notes []string) {
	if w.Money && w.Once > 0 {
		notes = append(notes, spendOfOnce(w.Once))
		if w.Dependence != "" {
			notes = append(notes, w.Dependence)
		}
	}
	return notes
}

func (w *Worth) overdueNote() string {
	note := "Long overdue: the last order lies at least three of the customer's own mean gaps back."
	if w.Once > 0 {
		note += fmt.Sprintf(" %s ordered once and cannot be counted there, having no gap: look at the share without an order.", wording.Capital(wording.Plural(w.Once, "customer")))
	}
	return note
}

// leftOut says who is in the forecast or in the segments alone.
func (w *Worth) leftOut() (notes []string) {
	if w.Unforeseen > 0 {
		notes = append(notes, fmt.Sprintf("Nothing was forecast for %s in these segments.", wording.Plural(w.Unforeseen, "customer")))
	}
	if w.Unsorted > 0 {
		notes = append(notes, fmt.Sprintf("%s in the forecast %s in no segment.", wording.Plural(w.Unsorted, "customer"), wording.Be(w.Unsorted)))
	}
	return notes
}

func (r Range) text() string {
	return fmt.Sprintf("%s (%s to %s)", sheet.Number(r.Mean), sheet.Number(r.Low), sheet.Number(r.High))
}

// Frame returns the segments as a gota frame, with orders_seen and value_seen if a hold-out gave them.
func (w *Worth) Frame() table.Frame {
	if w == nil {
		return table.Frame{}
	}
	columns := []frame.Columns{
		frame.Each("segment", w.Segments, func(s SegmentWorth) string { return s.Segment }),
		frame.Each("customers", w.Segments, func(s SegmentWorth) int { return s.Customers }),
		frame.Numbers([]string{"orders", "orders_low", "orders_high", "value", "value_low", "value_high", "silent", "alive", "at_risk"}, w.Segments, func(s SegmentWorth) []float64 {
			return []float64{s.Orders.Mean, s.Orders.Low, s.Orders.High, s.Value.Mean, s.Value.Low, s.Value.High, s.Silent, s.Alive, s.AtRisk}
		}),
		frame.Each("overdue", w.Segments, func(s SegmentWorth) int { return s.Overdue }),
	}
	if w.Proved {
		columns = append(columns, frame.Each("orders_seen", w.Segments, func(s SegmentWorth) int { return s.SeenOrders }),
			frame.Each("value_seen", w.Segments, func(s SegmentWorth) float64 { return s.SeenValue }))
	}
	return frame.New(columns...)
}
