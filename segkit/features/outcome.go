package features

// What the same customers did afterwards: to judge segments, never to form them.

import (
	"fmt"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/table"
)

// Outcome returns what the customers of Features(asOf, s) did in the days after asOf: active (1 if they ordered, else 0),
// orders, and spend of the orders placed in these days, less what was cancelled of them by their end. Who did not order
// spent 0. Days that the file does not cover are an error. All columns have Role Outcome. It costs O(lines).
func (c *Cleaned) Outcome(asOf time.Time, days int, s ...Spec) (*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.Outcome", "orders")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	if days < 1 {
		return nil, &fault.OptionError{Method: "features.Cleaned.Outcome", Field: "days", Value: days, Want: "at least 1"}
	}
	f, err := c.facts()
	if err != nil {
		return nil, err
	}
	start := dayOf(spec.AsOf.Unix())
	if start+days > f.Last {
		remedy := "choose fewer days"
		if f.Last-days >= f.First {
			remedy = fmt.Sprintf("choose an as-of date up to %s, or fewer days", dateText(f.Last-days))
		}
		return nil, &fault.CellError{Op: "features.Cleaned.Outcome", Remedy: remedy, Err: fault.ErrEmpty,
			Why: fmt.Sprintf("%d days after %s end on %s, but the orders end on %s", days, dateText(start), dateText(start+days), dateText(f.Last))}
	}
	compute := func() (*table.Table, error) {
		v, err := c.view()
		if err != nil {
			return nil, err
		}
		before, err := c.tallies(v, spec)
		if err != nil {
			return nil, err
		}
		after, err := v.tallies(c.ctx, start+1, start+days, spec.Order)
		if err != nil {
			return nil, err
		}
		did := make([]tally, len(v.customer.names))
		for _, t := range after {
			did[t.customer] = t
		}
		ids, data := make([]string, len(before)), make([]float64, 0, 3*len(before))
		for i, b := range before {
			t := did[b.customer]
			ids[i] = v.customer.names[b.customer]
			data = append(data, float64(min(t.orders, 1)), float64(t.orders), v.money(t.sales).Float())
		}
		made := table.Ancestry{Sources: c.source(start+1, start+days)}
		return table.New(ids, []table.Column{
			{Name: "active", Role: table.Outcome, High: "active", Low: "inactive", Ancestry: made},
			{Name: "orders", Role: table.Outcome, Ancestry: made},
			{Name: "spend", Unit: v.currency, Role: table.Outcome, Ancestry: made},
		}, data)
	}
	if c.key == "" {
		return compute()
	}
	return memory.Recall(c.ctx, memory.Key("outcome", c.key, spec.text(), days), compute)
}
