package weblog

// From the first visit to the first order: how long it takes, also for those who have not bought yet.

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/survival"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Conversion says what share of visitors has bought, by days since their first visit (Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452).
// Visitors who have not bought by the as-of date count until that date: they are neither left out nor treated as if they never will. A mean over
// buyers alone would include only those who were quick enough to be seen.
type Conversion struct {
	Visitors  int       // who are followed
	Buyers    int       // of them, up to the as-of date
	Before    int       // left out, because they had ordered before their first visit in the log
	AtRisk    []int     // (t) followed that long without having bought before, for 0, 1, … days after the first visit
	Share     []float64 // (t) of visitors who have bought by then
	Low, High []float64 // (t) 95 % interval
	Half      int       // days by which half have bought; -1 if fewer than half ever do
	Mean      float64   // mean days of buyers alone, for comparison; NaN if there are none
}

var _ sheet.Sheeter = (*Conversion)(nil)

// Conversion follows each visitor from the day of the first visit to the first order, or to the day asOf; a zero asOf is 90 days before the last day. Orders are the
// visits in which something was bought, or those of an order file, which is joined by customer. Visitors whose first visit was before the log began seem quicker
// than they are. It costs O(hits).
func (c *Cleaned) Conversion(asOf time.Time, orders ...*features.Cleaned) (*Conversion, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Conversion", "visits")
	}
	spec, err := c.Spec(asOf)
	if err != nil {
		return nil, err
	}
	if len(orders) > 1 {
		return nil, fault.Option("weblog.Cleaned.Conversion", "orders", len(orders), "one file of orders at most")
	}
	var bought map[string]int // the first day of an order, by customer
	key := ""
	if len(orders) == 1 {
		if orders[0] == nil {
			return nil, fault.Nil("weblog.Cleaned.Conversion", "orders")
		}
		days, err := orders[0].OrderDays(time.Time{}, spec.AsOf)
		if err != nil {
			return nil, err
		}
		bought = map[string]int{}
		for id, d := range days {
			day := dayOf(d.Date.Unix())
			if b, ok := bought[id]; !ok || day < b {
				bought[id] = day
			}
		}
		key = memory.Key("orders", fmt.Sprint(bought))
	}
	return recall(c.Visits, "conversion", spec.text()+key, func(v *view) (*Conversion, error) {
		switch {
		case !v.dated:
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Cleaned.Conversion: the file does not say when visits took place")
		case bought == nil && !v.ordered:
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Cleaned.Conversion: the file does not say who bought: give the orders, or name the column in %s.Ordered or the pages in %s.Order", optionsName, optionsName)
		}
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		customer := v.customers()
		out := &Conversion{Half: -1, Mean: math.NaN()}
		var ended, going []int
		put := func(counts *[]int, days int) {
			for len(*counts) <= days {
				*counts = append(*counts, 0)
			}
			(*counts)[days]++
		}
		sum, who, first, order := 0, uint32(0), 0, math.MaxInt
		end := func() {
			if who == 0 {
				return
			}
			if b, ok := bought[customer(who)]; ok {
				order = b
			}
			switch {
			case order < first:
				out.Before++
			case order <= m.to:
				put(&ended, order-first)
				out.Buyers, sum = out.Buyers+1, sum+order-first
			default:
				put(&going, m.to-first)
			}
		}
		m.visits(func(s visit) bool {
			if s.who != who {
				end()
				who, first, order = s.who, s.day(), math.MaxInt
			}
			if order == math.MaxInt && bought == nil && v.buysIn(s) {
				order = s.day()
			}
			return true
		})
		end()
		n := max(len(ended), len(going))
		ended, going = append(ended, make([]int, n-len(ended))...), append(going, make([]int, n-len(going))...)
		curve := survival.KaplanMeier(ended, going)
		if out.AtRisk = curve.AtRisk; n > 0 {
			out.Visitors = curve.AtRisk[0]
		}
		for d, share := range curve.Share {
			out.Share, out.Low, out.High = append(out.Share, 1-share), append(out.Low, 1-curve.High[d]), append(out.High, 1-curve.Low[d])
		}
		if out.Half = curve.HalfAt(); out.Buyers > 0 {
			out.Mean = float64(sum) / float64(out.Buyers)
		}
		return out, nil
	})
}

// customers returns what tells the customer of a visitor: the one who logged in, where one did, else the visitor's own id.
func (v *view) customers() func(who uint32) string {
	if !v.customer.present() {
		return func(who uint32) string { return v.people[who] }
	}
	of := make([]uint32, len(v.people))
	for _, i := range v.rows {
		if c := v.customer.codes[i]; c != 0 && of[v.who[i]] == 0 {
			of[v.who[i]] = c
		}
	}
	return func(who uint32) string {
		if of[who] == 0 {
			return v.people[who]
		}
		return v.customer.names[of[who]]
	}
}

// Within returns the share of visitors who have bought within this many days of their first visit, with its 95 % interval; NaN if nobody was followed
// that long.
func (c *Conversion) Within(days int) (share, low, high float64) {
	if days < 0 || days >= len(c.Share) {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return c.Share[days], c.Low[days], c.High[days]
}

// Curve returns the share who have bought after 0, 1, … days, for chart.Conversion.
func (c *Conversion) Curve() (share, low, high []float64, atRisk []int) {
	return slices.Clone(c.Share), slices.Clone(c.Low), slices.Clone(c.High), slices.Clone(c.AtRisk)
}

// Says returns the finding in a sentence.
func (c *Conversion) Says() string {
	last := len(c.Share) - 1
	if last < 0 {
		return "Nobody is followed"
	}
	if c.Half < 0 {
		return fmt.Sprintf("%s of visitors have bought %s", sheet.Percent(c.Share[last]), within(last))
	}
	return fmt.Sprintf("Half of all visitors have bought %s, %s within %s", within(c.Half), sheet.Percent(c.Share[last]), wording.Plural(last, "day"))
}

// within says when in days since the first visit.
func within(days int) string {
	if days == 0 {
		return "on the day of their first visit"
	}
	return fmt.Sprintf("within %s of their first visit", wording.Plural(days, "day"))
}

// Sheet shows the share after a day, a week, a month and so on.
func (c *Conversion) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: c.Says(), Columns: []sheet.Column{{Name: "days since the first visit"}, {Name: "have bought"}, {Name: "95 % interval", Text: true}, {Name: "visitors followed so long who had not bought before"}}}
	for _, d := range []int{0, 1, 7, 14, 30, 60, 90, 180, 365} {
		if d >= len(c.Share) {
			break
		}
		s.Rows = append(s.Rows, []string{sheet.Count(d), sheet.Percent(c.Share[d]), sheet.Percent(c.Low[d]) + " to " + sheet.Percent(c.High[d]), sheet.Count(c.AtRisk[d])})
	}
	s.Notes = []string{fmt.Sprintf("%s of %s bought up to the as-of date. The others count for as long as they were followed (Kaplan-Meier).", wording.Plural(c.Buyers, "visitor"), sheet.Count(c.Visitors))}
	if c.Buyers > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("Buyers alone took %s days on average, which says nothing about visitors: those who take longer than they were followed are not among the buyers.", sheet.Fixed(c.Mean, 1)))
	}
	if c.Before > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s left out: they had ordered before the first visit of the log.", wording.Plural(c.Before, "visitor")))
	}
	return s
}

// Frame returns the curve as a gota frame, one row a day.
func (c *Conversion) Frame() table.Frame {
	days := make([]int, len(c.Share))
	for d := range days {
		days[d] = d
	}
	return frame.New(frame.Column("days", days), frame.Column("share", c.Share), frame.Column("low", c.Low), frame.Column("high", c.High), frame.Column("at_risk", c.AtRisk))
}
