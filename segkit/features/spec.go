package features

// Spec: every choice between order lines and customer rows, as plain data that can be stored beside a model.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// OrderUnit is what counts as one order.
type OrderUnit string

const (
	ByNumber OrderUnit = ""     // a distinct order number of a customer; without a number, a day
	ByDay    OrderUnit = "day"  // everything a customer bought on one day
	ByLine   OrderUnit = "line" // every line
)

// NetNegative says what happens to a customer who got back more than they paid, through refunds for orders from before
// the first line of the file. The zero value keeps a row with negative spend.
type NetNegative string

// DropNegative leaves such a customer out.
const DropNegative NetNegative = "leave"

// Spec holds the choices. The zero value makes every feature that the file supports, from all days up to the as-of date.
type Spec struct {
	Rules       []Rule      `json:",omitempty"` // of cleaning, in order; Cleaned.Features ignores them, because they have already been applied
	AsOf        time.Time   // last day that counts; zero is 90 days before the last day of the orders
	Window      int         `json:",omitempty"` // only this many days up to AsOf count; 0 is all of them
	FirstOrders int         `json:",omitempty"` // only this many first orders of each customer count, as they stood on the day of the last of them, and columns are called first_basket, first3_basket; 0 is all
	Order       OrderUnit   `json:",omitempty"`
	Features    []string    `json:",omitempty"` // names, in the order of the table; empty is all that the file supports
	NetNegative NetNegative `json:",omitempty"`

	// Read says where the lines' money was read from: the file's column for price, amount or total, for quantity, and the currency. Features fills it in from its
	// orders.
	Read map[string]string `json:",omitempty"`

	// Statuses has the words of the status, and whether their orders came to nothing. Features fills it in from its orders. It is empty if there is no such
	// column, or one with more than 100 words.
	Statuses map[string]bool `json:",omitempty"`
}

// ParseSpec reads the choices with which a table of customers was made, as Model.Spec keeps them.
func ParseSpec(data []byte) (Spec, error) {
	if len(data) == 0 {
		return Spec{}, fault.Errorf(fault.ErrEmpty, "segkit: features.ParseSpec: the customers were not made from order lines by this package, so there are no choices")
	}
	var s Spec
	if err := kinds.Strict(data, &s); err != nil {
		return Spec{}, fmt.Errorf("segkit: features.ParseSpec: %w", fault.Trimmed(err))
	}
	if _, err := one([]Spec{s}); err != nil {
		return Spec{}, err
	}
	return s, nil
}

// Table cleans the orders and makes the features: the whole way from order lines to customers in one call.
func (s Spec) Table(o *Orders) (*table.Table, error) {
	if o == nil {
		return nil, fault.Nil("features.Spec.Table", "orders")
	}
	c, err := o.Clean(s.Rules...)
	if err != nil {
		return nil, err
	}
	return c.Features(s.AsOf, s)
}

// Familiar refuses orders that were read differently from those that s was made from. There are two ways to differ. First, their money comes from other columns or
// is in another currency (Read): an option that names the column, such as OrdersOptions.Amount, resolves that. Second, if Undone is among the rules, their status
// says other things (Statuses): a new word, unless it is known to mean a valid order; a word that was taken for something else; or no status at all.
// OrdersOptions.Undone resolves that. The note is a sentence if there is nothing to compare with, "" otherwise. It costs O(lines).
func (s Spec) Familiar(o *Orders) (note string, err error) {
	if o == nil {
		return "", fault.Nil("features.Spec.Familiar", "orders")
	}
	v, err := o.view()
	if err == nil {
		err = s.worthAlike(o.name, v)
	}
	if err != nil || !slices.ContainsFunc(s.Rules, func(r Rule) bool { return r.Name == Undone.Name }) || v.answered && (v.among[statusColumn] == nil || !v.status.present()) {
		return "", err
	}
	if len(s.Statuses) == 0 {
		if v.status.present() {
			note = evidence.Incomparable(v.header(statusColumn))
		}
		return note, nil
	}
	header, words := "", []evidence.Word(nil)
	if v.status.present() {
		header = v.header(statusColumn)
		for _, w := range v.eachWord(statusColumn, &v.status) {
			if v.answered && v.among.has(statusColumn, w.word) {
				continue
			}
			w.taken = v.taken[statusColumn][w.code]
			words = append(words, w.said())
		}
	}
	if e := evidence.Unfamiliar(header, words, s.Statuses); e != nil {
		e.Op, e.File = "features.Spec.Familiar", o.name
		return "", e
	}
	return "", nil
}

// worthAlike refuses lines whose money is other money than that of the orders that s was made of.
func (s Spec) worthAlike(name string, v *view) error {
	why, roles := evidence.OtherWorth(s.Read, v.read(), v.columns, func(role string) bool { return v.said[role] })
	if why == "" {
		return nil
	}
	var sets []string
	for _, role := range roles {
		sets = append(sets, fmt.Sprintf("features.OrdersOptions.%s = %q", wording.Capital(role), s.Read[role]))
	}
	remedy := "set " + sheet.List(sets)
	switch {
	case roles == nil: // they are there under other names, or not at all
		for _, role := range evidence.Worth {
			if s.Read[role] != "" {
				sets = append(sets, "features.OrdersOptions."+wording.Capital(role))
			}
		}
		remedy = fmt.Sprintf("set %s to the columns that hold the same here under other names, or fit a model to these orders", sheet.List(sets))
	case roles[0] == "currency":
		remedy += " if it is the same money after all, or fit a model to these orders"
	}
	return &fault.CellError{Op: "features.Spec.Familiar", File: name, Err: fault.ErrSchema, Why: why, Remedy: remedy}
}

// asks reports whether a feature or a descriptor is among those wanted.
func (s Spec) asks(name string) bool {
	return len(s.Features) == 0 || slices.Contains(s.Features, name)
}

// Spec returns the choices of c.Features(asOf, s), with the rules that were applied and the as-of date filled in.
func (c *Cleaned) Spec(asOf time.Time, s ...Spec) (Spec, error) {
	if c == nil {
		return Spec{}, fault.Nil("features.Cleaned.Spec", "orders")
	}
	spec, err := one(s)
	if err != nil {
		return spec, err
	}
	f, err := c.facts()
	if err != nil {
		return spec, err
	}
	if asOf.IsZero() {
		if err := c.endsFarOff(f); err != nil {
			return spec, err
		}
	}
	day, err := asOfDay("features.Cleaned.Features", asOf, f)
	spec.AsOf, spec.Rules, spec.Read, spec.Statuses = dateOf(day), c.Rules(), f.Read, f.Statuses
	return spec, err
}

// endsFarOff refuses to count from a last day that lies far behind all others: it is a mistyped year, or "no end".
func (c *Cleaned) endsFarOff(f *facts) error {
	daily, err := c.daily()
	if err != nil {
		return err
	}
	_, to := behaviour.MainPeriod(len(daily), func(p int) (day, orders int) { return daily[p].Day, daily[p].Orders })
	all, behind := 0, 0
	for _, d := range daily {
		if all += d.Orders; d.Day > to {
			behind += d.Orders
		}
	}
	if behind == 0 || behind*20 > all { // more than one order in 20 is a season of its own
		return nil
	}
	return &fault.CellError{Op: "features.Cleaned.Features", Err: fault.ErrSchema,
		Why:    fmt.Sprintf("without an as-of date, it would be %d days before the last order line, but that one is dated %s, and nearly all others end on %s", behaviour.DaysKept, dateText(f.Last), dateText(to)),
		Remedy: "give an as-of date, or mend the date"}
}

// one is the Spec of an optional argument.
func one(s []Spec) (Spec, error) {
	if len(s) > 1 {
		return Spec{}, &fault.OptionError{Method: "features.Cleaned.Features", Field: "Spec", Value: len(s), Want: "one Spec at most"}
	}
	var spec Spec
	if len(s) == 1 {
		spec = s[0]
	}
	return spec, spec.Check()
}

// Check refuses choices that do not exist or do not go together.
func (s Spec) Check() error {
	switch {
	case s.Window < 0:
		return &fault.OptionError{Method: "features.Spec", Field: "Window", Value: s.Window, Want: "0 (all days) or a number of days"}
	case s.FirstOrders < 0:
		return &fault.OptionError{Method: "features.Spec", Field: "FirstOrders", Value: s.FirstOrders, Want: "0 (all orders) or a number of orders"}
	case s.FirstOrders > 0 && s.Window > 0:
		return &fault.OptionError{Method: "features.Spec", Field: "FirstOrders", Value: s.FirstOrders, Want: "0 with a Window, which would hide the first orders of older customers"}
	case s.FirstOrders > 0 && s.Order == ByLine:
		return &fault.OptionError{Method: "features.Spec", Field: "FirstOrders", Value: s.FirstOrders, Want: "0 where every line is an order"}
	case !slices.Contains([]OrderUnit{ByNumber, ByDay, ByLine}, s.Order):
		return &fault.OptionError{Method: "features.Spec", Field: "Order", Value: s.Order, Want: "features.ByNumber, features.ByDay or features.ByLine"}
	case !slices.Contains([]NetNegative{"", DropNegative}, s.NetNegative):
		return &fault.OptionError{Method: "features.Spec", Field: "NetNegative", Value: s.NetNegative, Want: `"" (a row with negative spend) or features.DropNegative`}
	}
	return nil
}

// asOfDay returns the day since 1970 that asOf names, by the calendar of its own zone. It may lie behind the last order line:
// after a season without orders the user knows the day, and the file does not.
func asOfDay(op string, asOf time.Time, f *facts) (int, error) {
	return behaviour.AsOf(op, asOf, f.First, f.Last)
}

// windowText says which days count, for the dictionary.
func (s Spec) windowText() string {
	end := "the as-of date"
	if !s.AsOf.IsZero() {
		end = s.AsOf.Format(time.DateOnly)
	}
	switch {
	case s.FirstOrders > 0:
		return s.firstOrders() + " of each customer, up to " + end
	case s.Window == 0:
		return "up to " + end
	}
	return fmt.Sprintf("%d days up to %s", s.Window, end)
}

// firstOrders reads like "first 3 orders".
func (s Spec) firstOrders() string {
	if s.FirstOrders == 1 {
		return "first order"
	}
	return fmt.Sprintf("first %d orders", s.FirstOrders)
}

func unknownFeature(name string, have []string) error {
	return &fault.OptionError{Method: "features.Spec", Field: "Features", Value: strconv.Quote(name), Err: fault.ErrMissingColumn,
		Want: "what this file supports" + suggest.Suggestion(name, have)}
}

// text is the spec as JSON, for keys.
func (s Spec) text() string {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Sprintf("%+v", s)
	}
	return string(b)
}
