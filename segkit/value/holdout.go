package value

// Did it come true? A forecast beside what customers did behind the as-of date.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Holdout compares a forecast with what actually happened, and with two forecasts that need no model: as many orders as in the last period of the same
// length, and none at all.
type Holdout struct {
	Model                                string
	Days                                 int
	Orders                               Range         // forecast days with an order
	Actual                               int           // actual days with an order
	Value                                Range         // forecast money; zero if Horizon.Spend was not given
	ActualValue                          float64       // that was seen
	Currency                             string        // of both
	AsLastTime                           int           // repeat days in as many days before the as-of date
	Silent                               float64       // customers expected without an order
	WereSilent                           int           // customers without one
	Groups                               []RepeatGroup // by repeat days up to the as-of date, 0 to 7 and more
	Lift                                 []Lift        // what the best tenth, fifth … of customers by forecast brought
	OffPerCustomer, LastTimeOff, ZeroOff float64       // mean absolute errors of the model, of "as last time", and of 0 for everyone, which is hard to beat; not a measure of usefulness

	forecast *Forecast
}

// RepeatGroup has the customers with a given number of repeat days up to the as-of date, and their mean number of later days with an order.
type RepeatGroup struct {
	Repeats    int // the last group has this many or more
	Customers  int
	Expected   float64 // customers with this many, by the model that was fitted to them
	Actual     float64
	Forecast   float64
	AsLastTime float64
}

// Lift is the share of all later orders that came from a share of customers, the best by a forecast.
type Lift struct {
	Customers  float64 // share of customers
	ByModel    float64 // share of orders from the best customers by the model
	AsLastTime float64 // from the best by their orders in the last period
	AtBest     float64 // from those who ordered most, which is known only afterwards
}

const mostRepeats = 7

// Holdout compares the model's forecast at the as-of date of a summary with what was held out (SummaryOptions.Holdout). Fit the model to the same summary,
// which knows nothing about what came later. At most one Horizon may be given: with its Spend, money is compared too; its Draws and Seed give the same
// intervals as in a forecast; its Days are those held out. It costs what a forecast does.
func (b *Buying) Holdout(s *Summary, h ...Horizon) (*Holdout, error) {
	return b.HoldoutContext(job.DefaultContext, s, h...)
}

// HoldoutContext is Holdout under ctx.
func (b *Buying) HoldoutContext(ctx context.Context, s *Summary, h ...Horizon) (*Holdout, error) {
	const op = "value.Buying.Holdout"
	ahead, err := option.AtMostOne(op, h)
	if err != nil {
		return nil, err
	}
	if err := b.fits(op, s); err != nil {
		return nil, err
	}
	if s.Later == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: the summary holds nothing out: give Summarize the days to hold out, as in value.SummaryOptions{Holdout: 180}", op)
	}
	switch days := s.Later.Days; {
	case ahead.Days != 0 && ahead.Days != days:
		return nil, fault.Option("value.Horizon", "Days", ahead.Days, fmt.Sprintf("the %d days that are held out, or 0", days))
	case ahead.Discount != 0:
		return nil, fault.Option("value.Horizon", "Discount", ahead.Discount, "0: what was seen is not discounted")
	}
	ahead.Days = s.Later.Days
	f, err := b.ForecastContext(ctx, s, ahead)
	if err != nil {
		return nil, err
	}
	return b.beside(f, s), nil
}

// beside sets a forecast beside what was held out.
func (b *Buying) beside(f *Forecast, s *Summary) *Holdout {
	n := len(s.IDs)
	h := &Holdout{Model: b.Model, Days: s.Later.Days, Orders: f.AllOrders, Value: f.AllValue, forecast: f, Silent: f.ExpectedSilent, Groups: make([]RepeatGroup, mostRepeats+1)}
	for g := range h.Groups {
		h.Groups[g].Repeats = g
	}
	actual, before := make([]float64, n), make([]float64, n)
	chances := map[float64][]float64{} // by age: of 0 .. mostRepeats-1 repeat days
	for i := range s.IDs {
		later, last := s.Later.Orders[i], s.Later.Before[i]
		actual[i], before[i] = float64(later), float64(last)
		h.Actual += later
		h.AsLastTime += last
		if later == 0 {
			h.WereSilent++
		}
		h.OffPerCustomer += math.Abs(f.Orders[i]-actual[i]) / float64(n)
		h.LastTimeOff += math.Abs(before[i]-actual[i]) / float64(n)
		h.ZeroOff += actual[i] / float64(n)
		at := min(s.Repeats[i], mostRepeats)
		g := &h.Groups[at]
		g.Customers++
		g.Actual += actual[i]
		g.Forecast += f.Orders[i]
		g.AsLastTime += before[i]
		of, known := chances[s.Age[i]]
		if !known {
			for k := range mostRepeats {
				of = append(of, b.process.count(k, s.Age[i]))
			}
			chances[s.Age[i]] = of
		}
		for k, p := range of {
			h.Groups[k].Expected += p
		}
		h.Groups[mostRepeats].Expected += 1 - sum(of)
	}
	for g := range h.Groups {
		g := &h.Groups[g]
		for _, v := range []*float64{&g.Actual, &g.Forecast, &g.AsLastTime} {
			*v /= float64(g.Customers) // NaN where there is nobody
		}
	}
	for _, share := range []float64{.05, .1, .2, .5} {
		h.Lift = append(h.Lift, Lift{share, caught(f.Orders, actual, share), caught(before, actual, share), caught(actual, actual, share)})
	}
	if f.Value != nil {
		h.Currency, h.ActualValue = f.Currency, sum(s.Later.Spend)
	}
	return h
}

// caught returns the share of the actual orders (n) that the best share of customers by a score (n) brought. Customers at the border with equal scores count for
// the part of them that has room, so that the order of rows does not matter.
func caught(score, actual []float64, share float64) float64 {
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	room, got := share*float64(len(score)), 0.0
	for from := 0; from < len(order) && room > 0; {
		to, orders := from, 0.0
		for ; to < len(order) && cmp.Compare(score[order[to]], score[order[from]]) == 0; to++ {
			orders += actual[order[to]]
		}
		got += float64(orders * min(1, room/float64(to-from)))
		room -= float64(to - from)
		from = to
	}
	return got / sum(actual)
}

// Says returns the finding in one sentence.
func (h *Holdout) Says() string {
	text := fmt.Sprintf("%s forecast %s days with an order (%s to %s) in %d days, and there were %s; as many as last time would have been %s", h.Model, sheet.Fixed(h.Orders.Mean, 0),
		sheet.Fixed(h.Orders.Low, 0), sheet.Fixed(h.Orders.High, 0), h.Days, sheet.Count(h.Actual), sheet.Count(h.AsLastTime))
	if h.forecast != nil && h.forecast.Value != nil {
		text += fmt.Sprintf(". As for money, %s%s (%s to %s) were forecast, and %s came in", sheet.Fixed(h.Value.Mean, 0), spaced(h.Currency), sheet.Fixed(h.Value.Low, 0), sheet.Fixed(h.Value.High, 0), sheet.Fixed(h.ActualValue, 0))
	}
	return text
}

// Sheet lays out mean later orders by the number of earlier ones, and what the best customers brought.
func (h *Holdout) Sheet() sheet.Sheet {
	if h == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: h.Says(), Columns: []sheet.Column{{Name: "repeat days before"}, {Name: "customers"}, {Name: "later orders, seen"}, {Name: h.Model}, {Name: "as last time"}}}
	for _, g := range h.Groups {
		out.Rows = append(out.Rows, []string{g.label(), sheet.Count(g.Customers), mean(g.Actual), mean(g.Forecast), mean(g.AsLastTime)})
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Means per customer. %s customers were expected to place no order, and %s placed none.", sheet.Fixed(h.Silent, 0), sheet.Count(h.WereSilent)))
	for _, l := range h.Lift {
		if l.Customers == .1 {
			out.Notes = append(out.Notes, fmt.Sprintf("The best tenth of customers by the model placed %s of the later orders, the best tenth by last time's orders %s, and no choice of a tenth could have placed more than %s.",
				sheet.Percent(l.ByModel), sheet.Percent(l.AsLastTime), sheet.Percent(l.AtBest)))
		}
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Off by %s per customer on average; \"as many as last time\" is off by %s, and a forecast of 0 for everyone by %s. Most order nothing, so 0 is hard to beat by this measure, and useless: look at totals, groups and the best tenth.",
		sheet.Fixed(h.OffPerCustomer, 3), sheet.Fixed(h.LastTimeOff, 3), sheet.Fixed(h.ZeroOff, 3)))
	return out
}

func mean(v float64) string {
	if math.IsNaN(v) {
		return sheet.Missing
	}
	return sheet.Fixed(v, 2)
}

func (g RepeatGroup) label() string { return repeatsLabel(g.Repeats) }

func repeatsLabel(repeats int) string {
	if repeats == mostRepeats {
		return fmt.Sprintf("%d or more", repeats)
	}
	return fmt.Sprint(repeats)
}

// Frame returns the groups as a gota frame: repeats, customers, expected_customers, actual, forecast, as_last_time.
func (h *Holdout) Frame() table.Frame {
	if h == nil {
		return table.Frame{}
	}
	return frame.New(
		frame.Each("repeats", h.Groups, func(g RepeatGroup) string { return g.label() }),
		frame.Each("customers", h.Groups, func(g RepeatGroup) int { return g.Customers }),
		frame.Numbers([]string{"expected_customers", "actual", "forecast", "as_last_time"}, h.Groups, func(g RepeatGroup) []float64 {
			return []float64{g.Expected, g.Actual, g.Forecast, g.AsLastTime}
		}),
	)
}
