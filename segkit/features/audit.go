package features

// Audit: what is wrong with an order file, counted, with an example and the rule that deals with it.

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Audit lists what you should know about the orders before you count anything. It changes nothing.
type Audit struct {
	Count
	First, Last string    // first and last day, YYYY-MM-DD
	Findings    []Finding // including kinds with no lines, which were looked for and not found
	Facts       []string  // sentences: how the file was read, how many buy only once, who buys most
	Currency    string
	Failed      string // why the orders could not be read again; "" if they could
}

var _ sheet.Sheeter = (*Audit)(nil)

// Finding is one kind of problem. Kinds may overlap: a cancellation may also lack a customer.
type Finding struct {
	Name    string
	Lines   int
	Money   Money  // sum of the amounts
	Example Line   // the first line of this kind; zero if there is none
	Remedy  string // the rule that removes such lines, or what to do
}

func (a *Audit) MarshalBinary() ([]byte, error) { return json.Marshal(a) }

func (a *Audit) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, a) }

// farOut is how many times the median line a line must be worth to be called extreme.
const farOut = 100

// Audit looks at every line once or twice: O(lines). It is nil of nil orders.
func (o *Orders) Audit() *Audit {
	if o == nil {
		return nil
	}
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
	a, err := memory.Recall(o.ctx, memory.Derived(o.key, "audit"), compute)
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
			a.Findings = append(a.Findings, v.find("no order number", "none: what such a customer buys on one day counts as an order", v.unnumbered))
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
		a.Findings = append(a.Findings, v.find("customer id in another case", "if they are one customer, spell the id the same way throughout the file", other))
	}
	if v.currencies.present() && cell.SeveralCurrencies(v.currencies.names[1:]) {
		a.Findings = append(a.Findings, v.find("not in "+v.units[1], `features.Without("currency", …)`, func(i int32) bool { c := v.currencies.codes[i]; return c != 0 && v.units[c] != v.units[1] }))
	}
	if v.product.present() {
		a.Findings = append(a.Findings, v.find("no product id", "none: it counts as no product", func(i int32) bool { return v.product.code(i) == 0 }))
		a.Findings = append(a.Findings, v.find("not a product", `features.Without("product", …)`, v.noProduct()))
	}
	a.Findings = append(a.Findings,
		v.find("extreme amount", "look at them; log1p or Winsor keeps them from dominating", extreme),
		v.find("date far from the others", "check the dates", func(i int32) bool { d := v.day(i); return v.when.at(i) != noDate && (d < from || d > to) }),
		v.find("earlier than the line before", "none: the order of lines does not matter", v.backwards()),
	)
	a.Facts = append(append(v.habits(), readAs(v.mapping)), append(slices.Clip(v.notes), v.suspicions()...)...)
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

// Beside the findings, what somebody would stop at although every cell can be read: numbers that are no order's, ids that a spreadsheet has
// changed, days that nobody bought on, a total among the lines.

// suspicions are sentences on what is strange about the lines. They cost O(lines).
func (l *lines) suspicions() []string {
	looks := []func() string{l.sharedNumbers, l.farDays, l.lastTotal, l.returnsSold, l.payments, l.signs, l.nobody, l.respelled, func() string { return roundedIDs(orderColumn, l.order.names[:l.numbered]) },
		func() string { return roundedIDs(customerColumn, l.customer.names) }}
	out := make([]string, len(looks))
	_ = par.Items(context.Background(), len(looks), func(i int) { out[i] = looks[i]() })
	return slices.DeleteFunc(out, func(note string) bool { return note == "" })
}

// longOrder is how many days the purchases of one order may lie apart, as where parts of it are sent later.
const longOrder = 31

// sharedNumbers tells of order numbers under which several customers bought, or one over a long time: they stand for no order ("0", "cash"), or several shops
// number their orders alike.
func (l *lines) sharedNumbers() string {
	type order struct {
		customer    uint32
		lines       int32
		first, last int64
		others      bool // customers
	}
	orders := make([]order, l.numbered)
	was := int32(-1) // the line before
	for i := range int32(l.len()) {
		code := l.order.codes[i]
		if code == 0 || int(code) >= l.numbered {
			continue
		}
		c, when := l.customer.codes[i], l.when.at(i)
		if was >= 0 && code == l.order.codes[was] && c == l.customer.codes[was] && when == l.when.at(was) {
			continue
		}
		if l.quantity.at(i) <= 0 {
			continue
		}
		was = i
		o := &orders[code]
		if c != 0 && c != o.customer {
			o.others = o.others || o.customer != 0 && !strings.EqualFold(l.customer.names[c], l.customer.names[o.customer])
			o.customer = c
		}
		if when == noDate {
			continue
		}
		if o.lines++; o.lines == 1 {
			o.first, o.last = when, when
		}
		o.first, o.last = min(o.first, when), max(o.last, when)
	}
	shared, most := 0, 0
	for code, o := range orders {
		if o.others || o.last-o.first > longOrder*secondsPerDay {
			if shared++; shared == 1 || o.lines > orders[most].lines {
				most = code
			}
		}
	}
	if shared == 0 {
		return ""
	}
	o, by := &orders[most], "one customer"
	if o.others {
		by = "several customers"
	}
	others := ""
	if shared > 1 {
		others = fmt.Sprintf(" (as %s)", wording.Plural(shared-1, "other number")+map[bool]string{true: " does", false: " do"}[shared == 2])
	}
	days := "on " + dateText(dayOf(o.first))
	if last := dayOf(o.last); last != dayOf(o.first) {
		days = "from " + dateText(dayOf(o.first)) + " to " + dateText(last)
	}
	return fmt.Sprintf("Order number %q covers purchases by %s %s%s. If it means that there is no number, leave its cells empty, or list it in features.OrdersOptions.Missing. What a customer buys on one day then counts as an order.",
		shorten(l.order.names[most], 30), by, days, others)
}

// roundedIDs tells of ids that a spreadsheet took for large numbers: of 123456789012 it leaves 1.23457E+11, and many become one.
func roundedIDs(of meaning, ids []string) string {
	rounded, example := 0, ""
	for _, name := range ids {
		if strings.IndexByte(name, '+') < 0 {
			continue
		}
		if whole, exponent, ok := strings.Cut(strings.ToUpper(name), "E+"); ok && len(exponent) > 1 && isDigits(exponent) && len(whole) > 1 && isDigits(strings.NewReplacer(".", "", ",", "").Replace(whole)) {
			if rounded++; rounded == 1 {
				example = name
			}
		}
	}
	if rounded == 0 {
		return ""
	}
	return fmt.Sprintf("A spreadsheet rounded %s of %ss, such as %q, so that several have become one: export them again with that column as text.",
		wording.Plural(rounded, "id"), of, example)
}

func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// respelled tells of ids of customers that differ in their spelling alone.
func (l *lines) respelled() string {
	ids := slices.DeleteFunc(slices.Clone(l.customer.names), func(id string) bool { return id == "" })
	return evidence.Respelled(ids, len(ids), func(form suggest.Form) string {
		if form == 0 {
			return "throughout the file before you read it"
		}
		return fmt.Sprintf("throughout the file before you read it, or set features.OrdersOptions.Ignore to []string{\"%s\"}", strings.Join(form.Names(), `", "`))
	})
}

// farDays tells of a few lines whose dates lie far from those of all others, and of a calendar that is not ours.
func (l *lines) farDays() string {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range int32(l.len()) {
		if when := l.when.at(i); when != noDate {
			first, last = min(first, when), max(last, when)
		}
	}
	if first > last {
		return ""
	}
	const bucket = 90 * secondsPerDay // more than two that are empty lie between days that are far apart
	of := func(i int32) int { return int((l.when.at(i) - first) / bucket) }
	in, dated := make([]int, (last-first)/bucket+1), 0
	for i := range int32(l.len()) {
		if l.when.at(i) != noDate {
			in[of(i)]++
			dated++
		}
	}
	best, from, to, start, lines, empty := 0, 0, len(in)-1, 0, 0, 0
	for b, n := range in {
		if n == 0 {
			empty++
			continue
		}
		if empty > 2 {
			start, lines = b, 0
		}
		empty = 0
		if lines += n; lines > best {
			best, from, to = lines, start, b
		}
	}
	far, example := dated-best, int32(0)
	for i := int32(0); far > 0; i++ {
		if l.when.at(i) != noDate && (of(i) < from || of(i) > to) {
			example = i
			break
		}
	}
	const few = 10 // at most one line in so many is out of place; more are seasons
	switch year := dateOf(dayOf(first + int64(to)*bucket)).Year(); {
	case far > 0 && (far*few <= l.len() || far == 1):
		return fmt.Sprintf("%s dated far from all others, such as %s in line %d: mend the date, or leave the cell empty if the day is not known. As-of dates and recency depend on the last day of the file.",
			map[bool]string{true: "1 line is", false: sheet.Count(far) + " lines are"}[far == 1], dateText(l.day(example)), l.line.at(example))
	case year > 2199:
		return fmt.Sprintf("The dates lie around the year %d. If they are in another calendar (the Buddhist one is 543 years ahead), convert them first.", year)
	case year < 1500:
		return fmt.Sprintf("The dates lie around the year %d. If they are in another calendar (the Islamic one is some 580 years behind, the Persian one 621), convert them first.", year)
	}
	return ""
}

// lastTotal tells of a last line that is worth as much as all others together.
func (l *lines) lastTotal() string {
	n := int32(l.len())
	if n < 3 {
		return ""
	}
	var above int64
	for i := range n - 1 {
		above += l.amount.at(i)
	}
	if last := l.amount.at(n - 1); last != above || last == 0 {
		return ""
	}
	return fmt.Sprintf("The last line, %d, is worth %s, as much as all lines above it together: if it is their total, delete it.", l.line.at(n-1), l.money(above).Text())
}

// signs tells where more money goes back than comes in.
func (l *lines) signs() string {
	var sales, refunds int64
	for i := range int32(l.len()) {
		a := l.amount.at(i)
		sales, refunds = sales+max(a, 0), refunds-min(a, 0)
	}
	if refunds <= sales || l.len() < 3 {
		return ""
	}
	return fmt.Sprintf("More money goes out (%s) than comes in (%s): if this file writes sales as negative amounts, reverse the signs.", l.money(refunds).Text(), l.money(sales).Text())
}

// nobody tells of ids of customers who stand for all that are not known.
func (l *lines) nobody() string {
	at := map[uint32]int{} // of the codes of such ids
	var found []evidence.Under
	for code, name := range l.customer.names {
		if evidence.ForNobody(name) {
			at[uint32(code)] = len(found)
			found = append(found, evidence.Under{Name: name})
		}
	}
	if found == nil {
		return ""
	}
	all := evidence.Under{Lines: l.len()}
	for i, c := range l.customer.codes {
		money := l.amount.at(int32(i))
		all.Money += money
		if p, is := at[c]; is {
			found[p].Lines++
			found[p].Money += money
		}
	}
	return evidence.Nobodies(found, all, l.text, "list %s in features.OrdersOptions.Missing")
}

// text shows an amount.
func (l *lines) text(amount int64) string { return l.money(amount).Text() }

// returnsSold tells of lines whose quantity is below zero although they add to sales: the price is below zero as well, or the amount has no sign.
func (l *lines) returnsSold() string {
	lines, example, money := 0, int32(0), int64(0)
	for i := range int32(l.len()) {
		if a := l.amount.at(i); a > 0 && l.quantity.at(i) < 0 {
			if lines++; lines == 1 {
				example = i
			}
			money += a
		}
	}
	has := map[bool]string{true: "1 line has", false: sheet.Count(lines) + " lines have"}[lines == 1]
	switch {
	case lines == 0:
		return ""
	case l.price.present():
		return fmt.Sprintf("%s both a quantity and a price below zero, such as line %d, giving sales of %s: if goods were returned, one minus sign is too many.", has, l.line.at(example), l.money(money).Text())
	}
	return fmt.Sprintf("%s a quantity below zero but an amount above it, such as line %d, adding %s to sales: if goods were returned, the amount needs a minus sign too.", has, l.line.at(example), l.money(money).Text())
}

// payments tells of lines below zero that are no goods that came back. The names of a large file are read once somebody asks for details.
func (l *lines) payments() string {
	if l.details == nil {
		return ""
	}
	at := map[[2]string]int{} // of a name and a product
	var below []evidence.Below
	for i := range int32(l.len()) {
		amount := l.amount.at(i)
		if amount >= 0 {
			continue
		}
		goods := [2]string{l.name.at(i), l.product.at(i)}
		p, known := at[goods]
		if !known {
			p = len(below)
			at[goods], below = p, append(below, evidence.Below{Name: goods[0], Product: goods[1]})
		}
		below[p].Lines++
		below[p].Money += amount
	}
	return evidence.Payments(below, l.text)
}

// habits says how many customers bought once, and how much the greatest of them weighs.
func (v *view) habits() []string {
	orderOf, more := make([]uint32, len(v.customer.names)), make([]bool, len(v.customer.names))
	spent := make([]int64, len(v.customer.names))
	var buyers []uint32 // in the order of their first lines: among equals the first is named, as on engines
	var sales int64
	for _, i := range v.rows {
		c, o := v.customer.codes[i], v.order.codes[i]
		if c == 0 || v.quantity.at(i) <= 0 {
			continue
		}
		if orderOf[c] == 0 {
			buyers = append(buyers, c)
			orderOf[c] = o + 1
		} else if orderOf[c] != o+1 {
			more[c] = true
		}
		spent[c] += v.amount.at(i)
		sales += v.amount.at(i)
	}
	if sales <= 0 {
		return nil
	}
	once, top := 0, buyers[0]
	for _, c := range buyers {
		if !more[c] {
			once++
		}
		if spent[c] > spent[top] {
			top = c
		}
	}
	return behaviour.Habits(once, len(buyers), v.customer.names[top], spent[top], sales)
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
		text += "; not read: " + strings.Join(lack, ", ")
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
		row := []string{f.Name, sheet.Count(f.Lines), evidence.Share(int64(f.Lines), int64(a.Lines)), f.Money.Text(), sheet.Missing, sheet.Missing}
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
	return strings.Join(append(parts, l.date("2006-01-02")+",", sheet.Number(l.Quantity), "×", l.price()), " ")
}

// price is the price of a unit with the decimals of the money beside it: at least two, unless all of that is whole.
func (l Line) price() string {
	decimals := l.Amount.Decimals
	if decimals == 1 || decimals == 0 && l.Price != math.Trunc(l.Price) {
		decimals = 2
	}
	text := sheet.Fixed(l.Price, decimals)
	for ; decimals > 2 && strings.HasSuffix(text, "0"); decimals-- {
		text = text[:len(text)-1]
	}
	return text
}

func withCurrency(currency string, m Money) string {
	if currency == "" {
		return m.Text()
	}
	return currency + " " + m.Text()
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
