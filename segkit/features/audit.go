package features

// Audit: what is wrong with an order file, counted, with an example and the rule that deals with it.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Audit lists what a reader of the orders should know before counting anything. It changes nothing.
type Audit struct {
	Count
	First, Last string    // first and last day, YYYY-MM-DD
	Findings    []Finding // those with no lines included: looked for, and not there
	Facts       []string  // sentences: how the file was read, who buys once, who buys most
	Currency    string
	Failed      string // why the orders could not be read again; "" if they could
}

var _ sheet.Sheeter = (*Audit)(nil)

// Finding is one kind of trouble. Kinds may overlap: a cancellation may also have no customer.
type Finding struct {
	Name    string
	Lines   int
	Money   Money  // sum of the amounts
	Example Line   // the first such line; zero if there is none
	Remedy  string // the rule that removes such lines, or what to do
}

func (a *Audit) MarshalBinary() ([]byte, error) { return json.Marshal(a) }

func (a *Audit) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, a) }

// farOut is how many times the median line a line must be worth to be called extreme.
const farOut = 100

// Audit looks at every line once or twice: O(lines).
func (o *Orders) Audit() *Audit {
	compute := func() (*Audit, error) {
		v, err := o.whole()
		if err != nil {
			return nil, err
		}
		f, err := o.facts()
		if err != nil {
			return nil, err
		}
		daily, err := o.daily()
		if err != nil {
			return nil, err
		}
		return v.audit(f, daily), nil
	}
	var a *Audit
	var err error
	if o.key == "" {
		a, err = compute()
	} else {
		a, err = memory.Recall(o.ctx, memory.Key("audit", o.key), compute)
	}
	if err != nil {
		return &Audit{Failed: err.Error()}
	}
	return a
}

func (v *view) audit(f *facts, daily []dayFacts) *Audit {
	a := &Audit{Count: f.Count, Currency: v.currency}
	if f.Lines == 0 {
		return a
	}
	a.First, a.Last = dateText(f.First), dateText(f.Last)
	tests, repeats := v.tests(), v.repeats()
	extreme := v.extreme()
	from, to := behaviour.MainPeriod(len(daily), func(p int) (day, orders int) { return daily[p].Day, daily[p].Orders })
	a.Findings = []Finding{
		v.find("no customer", "features.NoCustomer", func(i int32) bool { return v.customer.codes[i] == 0 }),
		v.find("cancellation", "features.NetCancelled", v.cancelled),
		v.find("other return", "features.NetCancelled", func(i int32) bool { return v.quantity.at(i) < 0 && !v.cancelled(i) }),
		v.find("duplicate", "features.Duplicate", repeats),
		v.find("test order", "features.TestOrder", tests),
		v.find("zero quantity", "features.ZeroQuantity", v.ofNoUnits),
		v.find("zero price", "features.ZeroPrice", v.free),
		v.find("negative price", "features.NegativePrice", v.negativePrice),
	}
	for _, m := range v.mapping {
		if m.Meaning == orderColumn.String() && m.Header != "" {
			a.Findings = append(a.Findings, v.find("no order number", "none: what such a customer buys on one day is an order", v.unnumbered))
		}
	}
	if v.lacks != nil {
		for _, l := range []struct {
			name string
			lack
		}{{"no date", noWhen}, {"no quantity", noQuantity}, {"no price or amount", noWorth}} {
			a.Findings = append(a.Findings, v.find(l.name, "features.MissingValue", func(i int32) bool { return v.missing(i, l.lack) }))
		}
	}
	if v.status.present() {
		a.Findings = append(a.Findings, v.find("undone by its status", "features.Undone", func(i int32) bool { return v.quantity.at(i) > 0 && v.undoneBy(i) }))
	}
	for _, w := range v.words() {
		if w.word == "" {
			continue
		}
		of := &v.status
		if w.of == directionColumn {
			of = &v.direction
		}
		said := w.said()
		a.Findings = append(a.Findings, v.find(said.Finding(), said.Remedy(), func(i int32) bool { return of.code(i) == w.code }))
	}
	if v.refund.present() {
		a.Findings = append(a.Findings, v.find("refunded as an amount", "features.Undone", func(i int32) bool { return v.refund.at(i) > 0 }))
	}
	isEmail := func(name string) bool { return strings.Contains(name, "@") }
	if other := v.otherSpelling(isEmail); other != nil {
		a.Findings = append(a.Findings, v.find("e-mail in another case", "features.SameEmail", other))
	}
	if other := v.otherSpelling(func(name string) bool { return !isEmail(name) }); other != nil {
		a.Findings = append(a.Findings, v.find("customer id in another case", "if they are one customer, write the id one way in the file", other))
	}
	if len(v.currencies.names) > 2 {
		a.Findings = append(a.Findings, v.find("not in "+v.currencies.names[1], `features.Without("currency", …)`, func(i int32) bool { return v.currencies.codes[i] > 1 }))
	}
	if v.product.present() {
		a.Findings = append(a.Findings, v.find("no product id", "none: it counts as no product", func(i int32) bool { return v.product.code(i) == 0 }))
		a.Findings = append(a.Findings, v.find("not a product", `features.Without("product", …)`, v.noProduct()))
	}
	a.Findings = append(a.Findings,
		v.find("extreme amount", "look at them; log1p or Winsor keep them from ruling", extreme),
		v.find("date far from the others", "check the dates", func(i int32) bool { d := v.day(i); return v.when.at(i) != noDate && (d < from || d > to) }),
		v.find("earlier than the line before", "none: the order of lines does not matter", v.backwards()),
	)
	a.Facts = append(append(v.habits(), readAs(v.mapping)), v.notes...)
	return a
}

func (v *view) find(name, remedy string, is func(i int32) bool) Finding {
	f, money := Finding{Name: name, Remedy: remedy}, int64(0)
	for _, i := range v.rows {
		if is(i) {
			if f.Lines++; f.Lines == 1 {
				f.Example = v.show(i)
			}
			money += v.amount.at(i)
		}
	}
	f.Money = v.money(money)
	return f
}

// extreme reports whether a line is worth more than farOut times the median line, either way.
func (v *view) extreme() func(i int32) bool {
	sizes := make([]uint64, 0, len(v.rows))
	for _, i := range v.rows {
		if v.amount.at(i) != 0 {
			sizes = append(sizes, magnitude(v.amount.at(i)))
		}
	}
	if len(sizes) == 0 {
		return func(int32) bool { return false }
	}
	slices.Sort(sizes)
	limit := float64(sizes[len(sizes)/2]) * farOut
	return func(i int32) bool { return math.Abs(float64(v.amount.at(i))) > limit }
}

// otherSpelling reports whether the id of a line's customer stands elsewhere in another case; nil if none does. Ids that are not of the
// kind asked for are left out.
func (v *view) otherSpelling(kind func(id string) bool) func(i int32) bool {
	first, other, any := map[string]int{}, make([]bool, len(v.customer.names)), false
	for code, name := range v.customer.names {
		if !kind(name) {
			continue
		}
		small := strings.ToLower(name)
		if at, ok := first[small]; ok {
			other[at], other[code], any = true, true, true
		} else {
			first[small] = code
		}
	}
	if !any {
		return nil
	}
	return func(i int32) bool { return other[v.customer.codes[i]] }
}

// noProduct reports whether a line's product id has no digit where nearly all have one: POST, M, BANK CHARGES.
func (v *view) noProduct() func(i int32) bool {
	odd, n := make([]bool, len(v.product.names)), 0
	for code, name := range v.product.names {
		if code > 0 && !strings.ContainsAny(name, "0123456789") {
			odd[code] = true
			n++
		}
	}
	if 10*n > len(odd) {
		return func(int32) bool { return false }
	}
	return func(i int32) bool { return odd[v.product.code(i)] }
}

// backwards reports whether a line is dated before the last dated line above it.
func (v *view) backwards() func(i int32) bool {
	back := make([]bool, v.len())
	latest := int64(noDate) // of the last line above with a date
	for _, i := range v.rows {
		if v.when.at(i) != noDate {
			back[i], latest = v.when.at(i) < latest, v.when.at(i)
		}
	}
	return func(i int32) bool { return back[i] }
}

// habits says how many customers bought once, and how much the greatest of them weighs.
func (v *view) habits() []string {
	orderOf, more := make([]uint32, len(v.customer.names)), make([]bool, len(v.customer.names))
	spent := make([]int64, len(v.customer.names))
	var sales int64
	for _, i := range v.rows {
		c, o := v.customer.codes[i], v.order.codes[i]
		if c == 0 || v.quantity.at(i) <= 0 {
			continue
		}
		if orderOf[c] == 0 {
			orderOf[c] = o + 1
		} else if orderOf[c] != o+1 {
			more[c] = true
		}
		spent[c] += v.amount.at(i)
		sales += v.amount.at(i)
	}
	buyers, once, top := 0, 0, 0
	for c := 1; c < len(orderOf); c++ {
		if orderOf[c] == 0 {
			continue
		}
		buyers++
		if !more[c] {
			once++
		}
		if top == 0 || spent[c] > spent[top] {
			top = c
		}
	}
	if buyers == 0 || sales <= 0 {
		return nil
	}
	return behaviour.Habits(once, buyers, v.customer.names[top], spent[top], sales)
}

// readAs tells which column was read as what.
func readAs(mapping []Mapping) string {
	var parts, lack []string
	for _, m := range mapping {
		switch {
		case m.Header == "":
			lack = append(lack, m.Meaning)
		default:
			parts = append(parts, m.Meaning+" = "+m.Header)
		}
	}
	text := "Columns read: " + strings.Join(parts, ", ")
	if len(lack) > 0 {
		text += "; not in the file: " + strings.Join(lack, ", ")
	}
	return text + "."
}

// Sheet lays the audit out.
func (a *Audit) Sheet() sheet.Sheet {
	if a.Failed != "" {
		return sheet.Sheet{Caption: a.Failed}
	}
	s := sheet.Sheet{
		Whole:   true,
		Caption: fmt.Sprintf("%s lines, %s orders, %s customers, %s net, %s to %s", sheet.Count(a.Lines), sheet.Count(a.Orders), sheet.Count(a.Customers), withCurrency(a.Currency, a.Net()), a.First, a.Last),
		Columns: []sheet.Column{{Name: "looked for", Text: true}, {Name: "lines"}, {Name: "share of lines"}, {Name: "money", Unit: a.Currency}, {Name: "for example", Text: true}, {Name: "rule or remedy", Text: true}},
		Notes:   a.Facts,
	}
	for _, f := range a.Findings {
		row := []string{f.Name, sheet.Count(f.Lines), percent(int64(f.Lines), int64(a.Lines)), f.Money.String(), sheet.Missing, sheet.Missing}
		if f.Lines > 0 {
			row[4], row[5] = f.Example.brief(), f.Remedy
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// brief is a line in a few words; of a database that does not number its lines there is none to show.
func (l Line) brief() string {
	if l.File == 0 {
		return sheet.Missing
	}
	parts := []string{fmt.Sprintf("line %d:", l.File)}
	for _, p := range []string{l.number(), l.Customer, cmp.Or(l.Name, l.Product)} {
		if p != "" {
			parts = append(parts, shorten(p, 30)+",")
		}
	}
	return strings.Join(append(parts, l.date("2006-01-02")+",", sheet.Number(l.Quantity), "×", sheet.Number(l.Price)), " ")
}

func withCurrency(currency string, m Money) string {
	if currency == "" {
		return m.String()
	}
	return currency + " " + m.String()
}

// Frame returns the findings as a gota frame.
func (a *Audit) Frame() table.Frame {
	return frame.New(
		frame.Each("finding", a.Findings, func(f Finding) string { return f.Name }),
		frame.Each("lines", a.Findings, func(f Finding) int { return f.Lines }),
		frame.Each("money", a.Findings, func(f Finding) float64 { return f.Money.Float() }),
		frame.Each("first line", a.Findings, func(f Finding) int { return f.Example.File }),
		frame.Each("remedy", a.Findings, func(f Finding) string { return f.Remedy }))
}
