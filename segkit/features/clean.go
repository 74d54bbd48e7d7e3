package features

// Cleaning: rules in order, and a ledger of what each removed.

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Cleaned is what the rules left, with a ledger of what they removed.
type Cleaned struct {
	*Orders
	Ledger *Ledger
}

// Rules returns the rules that were applied, in order, including those of earlier calls of Clean.
func (c *Cleaned) Rules() []Rule { return slices.Clone(c.rules) }

// Clean applies the rules in order. Each rule sees only what the earlier ones left.
func (o *Orders) Clean(rules ...Rule) (*Cleaned, error) {
	if o == nil {
		return nil, fault.Nil("features.Orders.Clean", "orders")
	}
	type result struct {
		view   *view
		ledger *Ledger
	}
	run := sync.OnceValues(func() (result, error) {
		v, err := o.view()
		if err == nil && slices.ContainsFunc(rules, Rule.looksAtDetails) {
			v, err = v.whole()
		}
		if err != nil {
			return result{}, err
		}
		ledger := &Ledger{Currency: v.currency}
		var counts []Count // as read, and behind each rule
		for left := rules; ; left = left[1:] {
			filters, notes, err := filtersOf(left, v)
			if err != nil {
				return result{}, err
			}
			var behind []Count
			v, behind = v.sieve(filters)
			counts, ledger.Notes = append(counts, behind...), append(ledger.Notes, notes...)
			if left = left[len(filters):]; len(left) == 0 {
				break
			}
			next, note, err := left[0].apply(v)
			if err != nil {
				return result{}, err
			}
			if note != "" {
				ledger.Notes = append(ledger.Notes, note)
			}
			v = next
		}
		for i, r := range rules {
			ledger.Steps = append(ledger.Steps, Step{Rule: r.String(), Removed: counts[i].minus(counts[i+1])})
		}
		ledger.Opening, ledger.Closing = counts[0], counts[len(rules)]
		ledger.Notes = append(ledger.Notes, v.saidInWords()...)
		return result{v, ledger}, nil
	})
	compute := func() (*Ledger, error) { r, err := run(); return r.ledger, err }
	key := memory.Derived(o.key, "clean", rules)
	ledger, err := memory.Recall(o.ctx, key, compute)
	if err != nil {
		return nil, err
	}
	orders := newOrders(o.ctx, o.name, key, &ledger.Closing, func() (*view, error) { r, err := run(); return r.view, err })
	orders.rules = slices.Concat(o.rules, rules)
	return &Cleaned{Orders: orders, Ledger: ledger}, nil
}

// Ledger says what each rule removed. Opening minus everything removed is exactly Closing, in every column.
type Ledger struct {
	Opening  Count
	Steps    []Step
	Closing  Count
	Currency string
	Notes    []string
}

var _ sheet.Sheeter = (*Ledger)(nil)

// Step is one rule and what it removed. An order or a customer counts as removed along with its last line.
type Step struct {
	Rule    string
	Removed Count
}

func (l *Ledger) MarshalBinary() ([]byte, error) { return json.Marshal(l) }

func (l *Ledger) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, l) }

// rows are the lines of the ledger, as shown: the steps with a minus.
func (l *Ledger) rows() (names []string, counts []Count) {
	names, counts = []string{"as read"}, []Count{l.Opening}
	for _, s := range l.Steps {
		names = append(names, s.Rule)
		counts = append(counts, Count{}.minus(s.Removed))
	}
	return append(names, "left"), append(counts, l.Closing)
}

// Sheet lays the ledger out.
func (l *Ledger) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole: true,
		Caption: fmt.Sprintf("Cleaning leaves %s of %s lines, %s of %s customers and %s of %s net", sheet.Count(l.Closing.Lines), sheet.Count(l.Opening.Lines),
			sheet.Count(l.Closing.Customers), sheet.Count(l.Opening.Customers), withCurrency(l.Currency, l.Closing.Net()), withCurrency(l.Currency, l.Opening.Net())),
		Columns: []sheet.Column{{Name: "rule", Text: true}, {Name: "lines"}, {Name: "orders"}, {Name: "customers"},
			{Name: "sales", Unit: l.Currency}, {Name: "refunds", Unit: l.Currency}, {Name: "net", Unit: l.Currency}},
	}
	names, counts := l.rows()
	for i, c := range counts {
		s.Rows = append(s.Rows, []string{names[i], sheet.Count(c.Lines), sheet.Count(c.Orders), sheet.Count(c.Customers), c.Sales.Text(), c.Refunds.Text(), c.Net().Text()})
	}
	s.Notes = append([]string{"Reconciles to the last decimal: what was read, less what each rule removed, equals what is left. Orders are distinct order numbers, including those of cancellations."}, l.Notes...)
	return s
}

// Frame returns the ledger as a gota frame, removals negative, so that every column sums to its last row.
func (l *Ledger) Frame() table.Frame {
	names, counts := l.rows()
	count := func(name string, of func(c Count) int) frame.Columns { return frame.Each(name, counts, of) }
	return frame.New(
		frame.Column("rule", names),
		count("lines", func(c Count) int { return c.Lines }),
		count("orders", func(c Count) int { return c.Orders }),
		count("customers", func(c Count) int { return c.Customers }),
		frame.Numbers([]string{"sales", "refunds"}, counts, func(c Count) []float64 { return []float64{c.Sales.Float(), c.Refunds.Float()} }))
}
