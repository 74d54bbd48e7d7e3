package features

// Orders: order lines as read or as cleaned, held or read again when they are needed.

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/sheet"
)

// Orders is a set of order lines, immutable.
type Orders struct {
	name    string // of the file, for messages
	key     string // names the content in a memory; "" where there is none
	ctx     context.Context
	view    func() (*view, error)   // read or cleaned when first asked for
	people  func() (*people, error) // the lines by customer, all known and whole
	facts   func() (*facts, error)  // what is cheap to know, recalled without the lines
	daily   func() ([]dayFacts, error)
	strange func() (*[]string, error) // what is suspicious about the lines, as sentences
	parent  *Orders                   // what this is the head of, if anything: its facts hold the first lines
	length  int                       // of the head
	rules   []Rule                    // applied so far
}

var _ sheet.Sheeter = (*Orders)(nil)

// Line is one order line.
type Line struct {
	File        int // line of the file, or row of the frame
	Order       string
	Customer    string // "" if missing
	Product     string
	Name        string
	Category    string
	Status      string    // of the order: "paid", "cancelled"
	Time        time.Time // local time of the file, as UTC; zero if missing
	Quantity    float64   // negative for returned goods
	Price       float64   // per unit
	Amount      Money
	Descriptors []string // as Mapping lists them
}

// Day is what one day brought.
type Day struct {
	Date    time.Time
	Revenue float64 // sales and refunds together
	Orders  int     // distinct order numbers
}

// facts are what later cells of a notebook need most, in a few kilobytes.
type facts struct {
	Count
	First, Last int        // days since 1970
	Daily       []dayFacts // where there is a memory; else Orders.daily counts them when somebody asks
	Preview     []Line
	Currency    string
	Mapping     []Mapping
	Notes       []string
	Read        map[string]string // as Spec has it
	Statuses    map[string]bool   // as Spec has them
}

type dayFacts struct {
	Day, Orders int
	Units       int64
}

// none reports whether there are no days to speak of.
func (f *facts) none() bool { return f.First > f.Last }

func (f *facts) MarshalBinary() ([]byte, error) { return json.Marshal(f) }

func (f *facts) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, f) }

// newOrders wraps lines that are had from view; key names them in the memory of ctx. counted is what they amount to, nil if that is not known.
func newOrders(ctx context.Context, name, key string, counted *Count, view func() (*view, error)) *Orders {
	o := &Orders{name: name, key: key, ctx: ctx, view: view}
	o.people = sync.OnceValues(func() (*people, error) {
		v, err := view()
		if err != nil {
			return nil, err
		}
		if err := o.allKnown(v); err != nil {
			return nil, err
		}
		return v.people(ctx)
	})
	o.facts = sync.OnceValues(func() (*facts, error) {
		return memory.Recall(ctx, memory.Derived(key, "facts"), func() (*facts, error) {
			v, err := view()
			if err != nil {
				return nil, err
			}
			if counted == nil {
				c := v.count()
				counted = &c
			}
			f := v.facts(*counted)
			if key != "" {
				f.Daily = v.daily()
			}
			return f, nil
		})
	})
	o.strange = sync.OnceValues(func() (*[]string, error) {
		return memory.Recall(ctx, memory.Derived(key, "strange"), func() (*[]string, error) {
			v, err := view()
			if err != nil {
				return nil, err
			}
			notes := v.suspicions()
			return &notes, nil
		})
	})
	o.daily = sync.OnceValues(func() ([]dayFacts, error) {
		if key != "" {
			f, err := o.facts()
			if err != nil {
				return nil, err
			}
			return f.Daily, nil
		}
		v, err := view()
		if err != nil {
			return nil, err
		}
		return v.daily(), nil
	})
	return o
}

// facts says what is known of a view beside what it amounts to.
func (v *view) facts(c Count) *facts {
	f := &facts{Count: c, First: math.MaxInt, Last: math.MinInt, Currency: v.currency, Mapping: v.mapping, Notes: v.notes, Read: v.read(), Statuses: v.statuses()}
	firsts, lasts := make([]int64, par.Chunks(len(v.rows))), make([]int64, par.Chunks(len(v.rows)))
	_ = par.Rows(context.Background(), len(v.rows), func(chunk, from, to int) {
		first, last := int64(math.MaxInt64), int64(noDate)
		for _, i := range v.rows[from:to] {
			if when := v.when.at(i); when != noDate {
				first, last = min(first, when), max(last, when)
			}
		}
		firsts[chunk], lasts[chunk] = first, last
	})
	first, last := int64(math.MaxInt64), int64(noDate)
	for chunk := range firsts {
		first, last = min(first, firsts[chunk]), max(last, lasts[chunk])
	}
	if last != noDate {
		f.First, f.Last = dayOf(first), dayOf(last)
	}
	for _, n := range v.netted { // they stood until they were cancelled, so they belong to the period
		if v.when.at(n.order) != noDate {
			f.First = min(f.First, v.day(n.order))
		}
		if v.when.at(n.cancel) != noDate {
			f.Last = max(f.Last, v.day(n.cancel))
		}
	}
	if v.details != nil {
		f.Preview = v.preview()
	}
	return f
}

// daily counts every day that has a line.
func (v *view) daily() (out []dayFacts) {
	seen := make([]*dayFacts, len(v.order.names)) // the last day an order number was counted on
	days, d, midnight := map[int]*dayFacts{}, &dayFacts{}, int64(math.MaxInt64)
	for _, i := range v.rows {
		when := v.when.at(i)
		if when == noDate {
			continue
		}
		if when < midnight || when >= midnight+secondsPerDay { // mostly the day of the line before
			day := dayOf(when)
			midnight = int64(day) * secondsPerDay
			if d = days[day]; d == nil {
				d = &dayFacts{Day: day}
				days[day] = d
			}
		}
		d.Units += v.amount.at(i)
		if o := v.order.codes[i]; o != 0 && seen[o] != d {
			seen[o] = d
			d.Orders++
		}
	}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		out = append(out, *days[day])
	}
	return out
}

// preview is as many lines as a sheet shows.
func (v *view) preview() (out []Line) {
	for _, i := range v.rows[:min(len(v.rows), sheet.MaxRows)] {
		out = append(out, v.show(i))
	}
	return out
}

// whole is the view with its details.
func (o *Orders) whole() (*view, error) {
	v, err := o.view()
	if err != nil {
		return nil, err
	}
	return v.whole()
}

// show returns line i for reading.
func (v *view) show(i int32) Line {
	out := Line{File: int(v.line.at(i)), Order: v.order.at(i), Customer: v.customer.at(i), Product: v.product.at(i), Name: v.name.at(i),
		Category: v.category.at(i), Status: v.status.at(i), Quantity: float64(v.quantity.at(i)) / pow10(v.quantityDecimals), Amount: v.money(v.amount.at(i))}
	if v.when.at(i) != noDate {
		out.Time = time.Unix(v.when.at(i), 0).UTC()
	}
	if v.price.present() {
		out.Price = float64(v.price.at(i)) / pow10(v.decimals-v.quantityDecimals)
	} else if out.Quantity != 0 {
		out.Price = out.Amount.Float() / out.Quantity
	}
	for j := range v.more {
		out.Descriptors = append(out.Descriptors, v.more[j].at(i))
	}
	return out
}

// Name returns the name of the file that the orders came from.
func (o *Orders) Name() string { return o.name }

// Count returns how many lines, orders and customers there are, and what they amount to.
func (o *Orders) Count() (Count, error) {
	if o == nil {
		return Count{}, fault.Nil("features.Orders.Count", "orders")
	}
	f, err := o.facts()
	if err != nil {
		return Count{}, err
	}
	return f.Count, nil
}

// Period returns the first and the last day with a line; orders that were netted count. If there are no lines, both are zero.
func (o *Orders) Period() (first, last time.Time, err error) {
	if o == nil {
		return time.Time{}, time.Time{}, fault.Nil("features.Orders.Period", "orders")
	}
	f, err := o.facts()
	if err != nil || f.none() {
		return
	}
	return dateOf(f.First), dateOf(f.Last), nil
}

// Mapping says how the columns of the file were read.
func (o *Orders) Mapping() ([]Mapping, error) {
	if o == nil {
		return nil, fault.Nil("features.Orders.Mapping", "orders")
	}
	f, err := o.facts()
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.Mapping), nil
}

// Notes says in sentences what was assumed when the file was read: which system exported it, which columns were left out, what its statuses and refunds
// mean and which rule takes them into account. It also says what is suspicious about lines that could be read: order numbers that are used for several
// orders, dates far from all others. It costs O(lines).
func (o *Orders) Notes() ([]string, error) {
	if o == nil {
		return nil, fault.Nil("features.Orders.Notes", "orders")
	}
	f, err := o.facts()
	if err != nil {
		return nil, err
	}
	strange, err := o.strange()
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(f.Notes), *strange...), nil
}

// Daily returns every day that has a line, in order, or none if the file can no longer be read (see Lines).
func (o *Orders) Daily() []Day {
	f, err := o.facts()
	if err != nil {
		return nil
	}
	daily, err := o.daily()
	if err != nil {
		return nil
	}
	days := make([]Day, len(daily))
	for i, d := range daily {
		days[i] = Day{dateOf(d.Day), Money{d.Units, f.Sales.Decimals}.Float(), d.Orders}
	}
	return days
}

// Silence says in a sentence how long before the day asOf the orders end, and how long the longest gap between two days with orders is;
// "" if they do not end before asOf. The day may be right, after a season without orders, or the file may simply end there: only the
// user knows.
func (o *Orders) Silence(asOf time.Time) (string, error) {
	if o == nil {
		return "", fault.Nil("features.Orders.Silence", "orders")
	}
	f, err := o.facts()
	if err != nil {
		return "", err
	}
	quiet := dateAsDay(asOf) - f.Last
	if f.none() || quiet <= 0 {
		return "", nil
	}
	days, err := o.days(f)
	if err != nil {
		return "", err
	}
	gap := 0
	for i := 1; i < len(days); i++ {
		gap = max(gap, days[i]-days[i-1])
	}
	return behaviour.Silence(f.Last, quiet, gap), nil
}

// days are those that have a line, in order.
func (o *Orders) days(f *facts) (out []int, err error) {
	if f.Daily != nil {
		for _, d := range f.Daily {
			out = append(out, d.Day)
		}
		return out, nil
	}
	v, err := o.view()
	if err != nil {
		return nil, err
	}
	found := make([]atomic.Bool, f.Last-f.First+1)
	_ = par.Rows(context.Background(), len(v.rows), func(_, from, to int) {
		for _, i := range v.rows[from:to] {
			if when := v.when.at(i); when != noDate {
				if day := &found[dayOf(when)-f.First]; !day.Load() {
					day.Store(true)
				}
			}
		}
	})
	for at := range found {
		if found[at].Load() {
			out = append(out, f.First+at)
		}
	}
	return out, nil
}

// Currency returns the unit of money, "" if none was given.
func (o *Orders) Currency() string {
	f, err := o.facts()
	if err != nil {
		return ""
	}
	return f.Currency
}

// Lines iterates over the lines, in the order of the file.
func (o *Orders) Lines() (iter.Seq[Line], error) {
	if o == nil {
		return nil, fault.Nil("features.Orders.Lines", "orders")
	}
	v, err := o.whole()
	if err != nil {
		return nil, err
	}
	return func(yield func(Line) bool) {
		for _, i := range v.rows {
			if !yield(v.show(i)) {
				return
			}
		}
	}, nil
}

// Head returns the first n lines, or all if there are fewer; nil of nil orders.
func (o *Orders) Head(n int) *Orders {
	if o == nil {
		return nil
	}
	n = max(n, 0)
	view := sync.OnceValues(func() (*view, error) {
		v, err := o.view()
		if err != nil {
			return nil, err
		}
		out := *v
		out.rows, out.netted, out.before, out.since = v.rows[:min(n, len(v.rows))], nil, nil, nil
		return &out, nil
	})
	head := newOrders(o.ctx, o.name, "", nil, view)
	head.parent = o
	head.length = n
	return head
}

// Sheet shows the first lines.
func (o *Orders) Sheet() sheet.Sheet {
	from, n := o, -1
	if o.parent != nil {
		from, n = o.parent, o.length
	}
	f, err := from.facts()
	if err != nil {
		return sheet.Sheet{Caption: err.Error()}
	}
	if f.Lines == 0 {
		return sheet.Sheet{Caption: filepath.Base(o.name) + ": no order lines"}
	}
	if n < 0 {
		n = f.Lines
	}
	n = min(n, f.Lines)
	s := sheet.Sheet{Caption: fmt.Sprintf("%s: %s order lines, %s to %s", filepath.Base(o.name), sheet.Count(f.Lines), dateText(f.First), dateText(f.Last)), Total: n}
	if n < f.Lines {
		s.Caption = fmt.Sprintf("%s: the first %s of %s order lines", filepath.Base(o.name), sheet.Count(n), sheet.Count(f.Lines))
	}
	if len(from.rules) == 0 {
		s.Notes = f.Notes
	}
	columns, cells := lineColumns(f)
	s.Columns, s.Notes = columns, f.Notes
	preview := f.Preview
	if len(preview) == 0 {
		v, err := from.whole()
		if err != nil {
			return sheet.Sheet{Caption: err.Error()}
		}
		preview = v.preview()
	}
	for _, line := range preview[:min(n, len(preview))] {
		s.Rows = append(s.Rows, cells(line))
	}
	return s
}

// date is the day and time of l, nothing where they are missing.
func (l Line) date(layout string) string {
	if l.Time.IsZero() {
		return ""
	}
	return l.Time.Format(layout)
}

// lineColumns returns the columns that the file has, and a function that fills them.
func lineColumns(f *facts) ([]sheet.Column, func(Line) []string) {
	has := map[string]bool{}
	more := []string{}
	for _, m := range f.Mapping {
		if m.Meaning == "descriptor" {
			more = append(more, m.Header)
		} else if m.Header != "" {
			has[m.Meaning] = true
		}
	}
	type column struct {
		sheet.Column
		text func(Line) string
	}
	all := []column{{sheet.Column{Name: "line"}, func(l Line) string { return sheet.Count(l.File) }}}
	add := func(meaning, unit string, text bool, show func(Line) string) {
		if has[meaning] {
			all = append(all, column{sheet.Column{Name: meaning, Unit: unit, Text: text}, show})
		}
	}
	add("order", "", true, Line.number)
	add("date", "", true, func(l Line) string { return l.date("2006-01-02 15:04") })
	add("customer", "", true, func(l Line) string { return orMissing(l.Customer) })
	add("product", "", true, func(l Line) string { return orMissing(l.Product) })
	add("name", "", true, func(l Line) string { return orMissing(l.Name) })
	add("category", "", true, func(l Line) string { return orMissing(l.Category) })
	add("quantity", "", false, func(l Line) string { return sheet.Number(l.Quantity) })
	add("price", f.Currency, false, func(l Line) string { return l.price() })
	add("amount", f.Currency, false, func(l Line) string { return l.Amount.Text() })
	add("status", "", true, func(l Line) string { return orMissing(l.Status) })
	for j, name := range more {
		all = append(all, column{sheet.Column{Name: name, Text: true}, func(l Line) string { return orMissing(l.Descriptors[j]) }})
	}
	columns := make([]sheet.Column, len(all))
	for j, c := range all {
		columns[j] = c.Column
	}
	return columns, func(l Line) []string {
		out := make([]string, len(all))
		for j, c := range all {
			out[j] = c.text(l)
		}
		return out
	}
}

func orMissing(s string) string {
	if s == "" {
		return sheet.Missing
	}
	return s
}

// number is the order number as the file has it: what a customer buys on one day without one is an order of the reader's making.
func (l Line) number() string {
	if l.Order == l.Customer+" "+l.Time.Format("2006-01-02") {
		return "(without a number)"
	}
	return l.Order
}
