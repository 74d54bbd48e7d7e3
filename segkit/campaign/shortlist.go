package campaign

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Shortlist is a list of customers with much at stake. It is meant for a test, and is not a list of customers who can be kept.
type Shortlist struct {
	Test      Test
	Unit      string
	Customers []AtRisk // in order of decreasing stake
	Stake     float64  // value times risk, for everybody on the list
	Cost      float64  // of an offer to everybody on it, including those who would have stayed
	BreakEven float64  // share of those who would leave whom the offer must keep to pay for itself; above 1, it cannot
	Notes     []string
}

// AtRisk is one customer of a shortlist.
type AtRisk struct {
	ID          string
	Value, Risk float64 // what they would bring, and the chance that they do not
	Stake       float64 // Value times Risk
}

// Shortlist lists the customers with most at stake, value times risk, at most the given number (0 means all). The columns are what a customer would bring in the
// time ahead if they stayed, and the chance, 0 to 1, that they leave (package value gives both). The break-even includes the cost of the offer for customers who
// would have stayed: the test's Contact is spent on everybody on the list, its Reward on everybody who stays. Those at the highest risk are not those who respond
// (Ascarza 2018, doi:10.1509/jmr.16.0163), so draw lots among everybody on the list, in bands of risk (Bands), and send the offer where a test shows a response.
// Customers without a value above zero are left out, and counted.
func (t Test) Shortlist(customers *table.Table, value, risk string, most int) (*Shortlist, error) {
	const op = "campaign.Test.Shortlist"
	if customers == nil {
		return nil, fault.Nil(op, "table")
	}
	t, err := t.checked()
	if err != nil {
		return nil, err
	}
	if most < 0 {
		return nil, fault.Option(op, "most", most, "a number of customers, or 0 for all")
	}
	c, values, err := customers.Metric(value)
	if err != nil {
		return nil, err
	}
	_, risks, err := customers.Metric(risk)
	if err != nil {
		return nil, err
	}
	out := &Shortlist{Test: t, Unit: c.Unit}
	without := 0
	for i, id := range customers.IDs() {
		v, r := values[i], risks[i]
		switch {
		case r < 0 || r > 1:
			return nil, &fault.CellError{Op: op, Column: risk, Row: i + 1, ID: id, Value: sheet.Number(r), Why: "is not a probability", Remedy: "a risk lies between 0 and 1", Err: fault.ErrSchema}
		case !(v > 0) || math.IsInf(v, 0) || math.IsNaN(r):
			without++
			continue
		}
		out.Customers = append(out.Customers, AtRisk{id, v, r, v * r})
	}
	if len(out.Customers) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: none of %s has a %s above zero and a %s", op, wording.Plural(customers.Len(), "customer"), value, risk)
	}
	slices.SortStableFunc(out.Customers, func(a, b AtRisk) int { return cmp.Compare(b.Stake, a.Stake) })
	if most > 0 && most < len(out.Customers) {
		out.Customers = out.Customers[:most]
	}
	kept := 0.0 // by an offer that keeps everybody
	for _, a := range out.Customers {
		out.Stake += a.Stake
		out.Cost += t.Contact + t.Reward*(1-a.Risk)
		kept += a.Risk * (t.Margin*a.Value - t.Reward)
	}
	out.BreakEven = math.Inf(1)
	if kept > 0 {
		out.BreakEven = out.Cost / kept
	}
	if without > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("Left out: %s without a value above zero.", wording.Plural(without, "customer")))
	}
	return out, nil
}

// Bands divides the list into three bands of risk of equal size, as segments for Size and Draw; the test then shows in which band an offer works.
func (s *Shortlist) Bands() *table.Segments {
	if s == nil {
		return nil
	}
	order := slices.Clone(s.Customers)
	slices.SortStableFunc(order, func(a, b AtRisk) int { return cmp.Compare(a.Risk, b.Risk) })
	out := &table.Segments{Names: []string{"lower risk", "middle risk", "higher risk"}}
	for i, a := range order {
		out.IDs, out.Labels = append(out.IDs, a.ID), append(out.Labels, 3*i/len(order))
	}
	return out
}

// leastTold is the least share that a sentence can name.
const leastTold = .001

// Sheet lists those with most at stake.
func (s *Shortlist) Sheet() sheet.Sheet {
	out := sheet.Sheet{Total: len(s.Customers), Columns: []sheet.Column{{Name: "customer", Text: true}, {Name: "would bring", Unit: s.Unit}, {Name: "risk of leaving"}, {Name: "at stake", Unit: s.Unit}}}
	for _, a := range s.Customers[:min(len(s.Customers), sheet.MaxRows)] {
		out.Rows = append(out.Rows, []string{a.ID, sheet.Fixed(a.Value, 2), sheet.Percent(a.Risk), sheet.Fixed(a.Stake, 2)})
	}
	out.Caption = fmt.Sprintf("A shortlist for a test: %s, %s at stake", wording.Plural(len(s.Customers), "customer"), strings.TrimSpace(sheet.Fixed(s.Stake, 0)+" "+s.Unit))
	even := fmt.Sprintf("An offer to all of them pays off if it keeps %s of those who would leave, counting what it costs on those who would have stayed.", sheet.Percent(s.BreakEven))
	switch {
	case s.Cost == 0:
		even = "An offer to all of them costs nothing by Test.Contact and Test.Reward, so that it pays off whatever it changes."
	case s.BreakEven < leastTold:
		even = fmt.Sprintf("An offer to all of them pays off even if it keeps only %s of those who would leave, counting what it costs on those who would have stayed.", sheet.Percent(leastTold))
	case s.BreakEven > 1:
		even = "An offer to all of them cannot pay off: it costs more on those who would have stayed than the others would bring in."
	}
	out.Notes = append([]string{even, "Those at the highest risk are not those who respond (Ascarza 2018): hold some out at random, and send the offer where it is shown to work."}, s.Notes...)
	return out
}

// Frame returns a row per customer: customer, value, risk, stake.
func (s *Shortlist) Frame() table.Frame {
	return frame.New(frame.Each("customer", s.Customers, func(a AtRisk) string { return a.ID }),
		frame.Numbers([]string{"value", "risk", "stake"}, s.Customers, func(a AtRisk) []float64 { return []float64{a.Value, a.Risk, a.Stake} }))
}
