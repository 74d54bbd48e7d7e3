package features

// What a file says of its lines in words and in a column of refunds: orders that were undone, lines that give money back.

import (
	"cmp"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// taken is what a word of the status or of the direction is taken for.
type taken = evidence.Taken

const (
	unsure    = evidence.Unsure
	counts    = evidence.Counts
	undone    = evidence.Undone
	moneyBack = evidence.MoneyBack
)

// wordCount is what one word stands for in a view.
type wordCount struct {
	of meaning // statusColumn or directionColumn
	taken
	word  string
	code  uint32
	lines int
	money Money
	back  int // lines among them that are no purchase
	gave  Money
}

// among are the words of each column that an answer is about, where that is known; it is about all where it is not.
type among map[meaning][]string

func (o OrdersOptions) among() among {
	a := among{statusColumn: o.UndoneAmong, directionColumn: o.BackAmong}
	if o.Currency != "" {
		a[currencyColumn] = o.CurrencyAmong
	}
	return a
}

// earlier are the words that options kept beside a file name; nil for no options.
func earlier(k *kept.Options) among {
	return among{statusColumn: k.List("undone"), directionColumn: k.List("back")}
}

// has reports whether the answer about a column is about a word.
func (a among) has(of meaning, word string) bool {
	return a[of] == nil || slices.Contains(a[of], word)
}

// all reports whether it is about all words of a column.
func (a among) all(of meaning, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !a.has(of, w) })
}

// unlike says that currencies are others than those that are in one all the same.
func (a among) unlike(names []string) string {
	return fmt.Sprintf("holds %s, but the answer that all money is in one currency was given for %s", quoted(names), quoted(a[currencyColumn]))
}

// words counts every word of the status and of the direction, in the order of the file.
func (v *view) words() (out []wordCount) {
	for _, c := range [...]struct {
		of meaning
		*texts
	}{{statusColumn, &v.status}, {directionColumn, &v.direction}} {
		if !c.present() {
			continue
		}
		for _, w := range v.eachWord(c.of, c.texts) {
			w.taken = v.taken[c.of][w.code]
			out = append(out, w)
		}
	}
	return out
}

// eachWord counts every word of a column.
func (v *view) eachWord(of meaning, c *texts) []wordCount {
	counted := make([]wordCount, len(c.names))
	for code := range counted {
		counted[code] = wordCount{of: of, word: c.names[code], code: uint32(code), money: v.money(0), gave: v.money(0)}
	}
	for _, i := range v.rows {
		w := &counted[c.code(i)]
		w.lines++
		w.money.Units += v.amount.at(i)
		if v.quantity.at(i) <= 0 {
			w.back++
			w.gave.Units += v.amount.at(i)
		}
	}
	return slices.DeleteFunc(counted, func(w wordCount) bool { return w.lines == 0 })
}

// said is w for sentences.
func (w *wordCount) said() evidence.Word {
	word := evidence.Word{Of: w.of, Taken: w.taken, Text: w.word, Lines: w.lines, Money: w.money.Text(), Back: w.back, BackMoney: w.gave.Text()}
	if w.taken == undone {
		word.Lines, word.Money = w.lines-w.back, Money{Units: w.money.Units - w.gave.Units, Decimals: w.money.Decimals}.Text()
	}
	return word
}

// saidInWords are sentences on what the words of the status and of the direction are taken for.
func (v *view) saidInWords() (out []string) {
	var words []evidence.Word
	for _, w := range v.words() {
		words = append(words, w.said())
	}
	for _, of := range [...]meaning{statusColumn, directionColumn} {
		out = append(out, evidence.Said(of, v.header(of), words)...)
	}
	return out
}

// header is the column of the file with a meaning.
func (l *lines) header(of meaning) string {
	for _, m := range l.mapping {
		if m.Meaning == of.String() && m.Header != "" {
			return m.Header
		}
	}
	return of.String()
}

// fates says of every word of the status what it is taken for. The options may name some that came to nothing.
func (l *lines) fates(p *plan) error {
	known := make([]taken, len(l.status.names))
	for code, name := range l.status.names {
		fate := exports.FateOf(name)
		switch {
		case code == 0:
			known[code] = counts
		case fate == exports.Undone || slices.Contains(p.undone, name):
			known[code] = undone
		case fate == exports.Standing || p.undone != nil && p.among.has(statusColumn, name):
			known[code] = counts
		}
	}
	for _, name := range p.undone {
		if !slices.Contains(slices.Concat(l.status.names, p.among[statusColumn], p.earlier[statusColumn]), name) { // one that was there when it was named
			return &fault.CellError{Op: p.op, File: p.file, Column: p.header[p.at[statusColumn]], Err: fault.ErrSchema,
				Why: fmt.Sprintf("never holds %q, which features.OrdersOptions.Undone names", name), Remedy: "it holds " + quoted(l.status.names[1:])}
		}
	}
	l.taken[statusColumn] = known
	return nil
}

// read is what the money is read of, as Spec.Read has it.
func (l *lines) read() map[string]string {
	out := maps.Clone(l.worth)
	if l.currency != "" && !l.mixed && out != nil {
		out["currency"] = l.currency
	}
	return out
}

// statuses are the words of the status, and whether their orders came to nothing; nil where there are none, or more than evidence.MostStatuses.
func (l *lines) statuses() map[string]bool {
	if !l.status.present() || len(l.status.names) < 2 || len(l.status.names) > evidence.MostStatuses+1 {
		return nil
	}
	out := make(map[string]bool, len(l.status.names)-1)
	for code, name := range l.status.names {
		if code > 0 {
			out[name] = l.taken[statusColumn][code] == undone
		}
	}
	return out
}

// turn makes lines negative that give money back by their direction, where the file writes their money without a sign. Words that do not
// tell which is which, such as debit and credit, are a question.
func (l *lines) turn(p *plan) error {
	if !l.direction.present() {
		return nil
	}
	column := p.header[p.at[directionColumn]]
	back, known, unknown := make([]bool, len(l.direction.names)), make([]taken, len(l.direction.names)), []uint32{}
	for code, name := range l.direction.names {
		word := exports.Simple(name)
		switch {
		case code == 0:
			known[code] = counts
		case p.back != nil && p.among.has(directionColumn, name):
			known[code], back[code] = counts, slices.Contains(p.back, name)
		case exports.MoneyBack[word]:
			back[code] = true
		case exports.Sale[word]:
			known[code] = counts
		default:
			unknown = append(unknown, uint32(code))
		}
	}
	for _, name := range p.back {
		if !slices.Contains(slices.Concat(l.direction.names, p.among[directionColumn], p.earlier[directionColumn]), name) {
			return &fault.CellError{Op: p.op, File: p.file, Column: column, Err: fault.ErrSchema,
				Why: fmt.Sprintf("never holds %q, which features.OrdersOptions.Back names", name), Remedy: "it holds " + quoted(l.direction.names[1:])}
		}
	}
	for code, is := range back {
		if is {
			known[code] = moneyBack
		}
	}
	l.taken[directionColumn] = known
	worth := &l.amount
	if !worth.present() {
		worth = &l.price
	}
	lines, turned := 0, 0
	var money int64
	negative := false
	for i := range int32(l.len()) {
		a := worth.at(i)
		negative = negative || a < 0 || l.quantity.present() && l.quantity.at(i) < 0
		if !back[l.direction.codes[i]] {
			continue
		}
		lines++
		q := int64(1)
		if l.quantity.present() {
			q = l.quantity.at(i)
		}
		if a < 0 || q < 0 {
			continue
		}
		turned++
		if l.quantity.present() {
			l.quantity.set(i, -q)
		}
		if l.amount.present() {
			l.amount.set(i, -a)
		}
		if !l.amount.present() {
			a *= q
		}
		money += a
	}
	if len(unknown) > 0 && !negative && (len(l.direction.names) > 2 || p.back != nil) {
		var names []string
		for _, code := range unknown {
			names = append(names, l.direction.names[code])
		}
		answers := []kept.Setting{{Key: "back", Value: append([]string{}, p.back...)}}
		for _, name := range names[:min(len(names), 4)] {
			answers = append(answers, kept.Setting{Key: "back", Value: append(slices.Clone(p.back), name)})
		}
		return &question{answers: answers, CellError: &fault.CellError{Op: p.op, File: p.file, Column: column, Err: fault.ErrFormat,
			Why:    fmt.Sprintf("holds %s, and no money has a sign: which of these mean that money went back?", quoted(names)),
			Remedy: fmt.Sprintf("name those in features.OrdersOptions.Back, such as []string{%q}, or set it to []string{} if none does", names[len(names)-1])}}
	}
	switch {
	case turned > 0:
		l.notes = append(l.notes, fmt.Sprintf("%s says %s on %s, so money went back; of these, %s had no sign and count as refunds.", column, quoted(marked(l.direction.names, back)), wording.Plural(lines, "line"), sheet.Count(turned)))
	case lines > 0:
		l.notes = append(l.notes, fmt.Sprintf("%s says %s on %s, so money went back; they are negative already.", column, quoted(marked(l.direction.names, back)), wording.Plural(lines, "line")))
	}
	return nil
}

func marked(names []string, which []bool) (out []string) {
	for i, name := range names {
		if which[i] {
			out = append(out, name)
		}
	}
	return out
}

// quoted lists texts of the file, at most six.
func quoted(texts []string) string {
	out := each(texts[:min(len(texts), 6)])
	if n := len(texts) - len(out); n > 0 {
		out = append(out, sheet.Count(n)+" others")
	}
	return sheet.List(out)
}

// each puts texts of the file into quotes.
func each(texts []string) (out []string) {
	for _, t := range texts {
		out = append(out, fmt.Sprintf("%q", shorten(t, 30)))
	}
	return out
}

// undoneInWords spreads what stands once an order over its lines, and notes what the columns of statuses, refunds and currencies say.
func (l *lines) undoneInWords(p *plan) error {
	if l.status.present() {
		of := make([]uint32, len(l.order.names)) // status by order
		for i, o := range l.order.codes {
			of[o] = cmp.Or(of[o], l.status.codes[i])
		}
		for i, o := range l.order.codes {
			if l.status.codes[i] == 0 && o != 0 && int(o) < l.numbered {
				l.status.codes[i] = of[o]
			}
		}
		if err := l.fates(p); err != nil {
			return err
		}
	}
	l.notes = append(l.notes, l.all().saidInWords()...)
	if l.refund.present() {
		l.refundsOnce(p.header[p.at[refundColumn]])
	}
	if l.currencies.present() {
		names := l.currencies.names[1:]
		column, units := p.header[p.at[currencyColumn]], cell.Currencies(names)
		l.units = append([]string{""}, units...)
		several := cell.SeveralCurrencies(names)
		switch {
		case len(names) > 0 && !several && !p.oneUnit:
			if err := l.inCurrency(units[0], p); err != nil {
				return err
			}
		case p.oneUnit && !p.among.all(currencyColumn, names):
			l.mixed = true
			l.notes = append(l.notes, fmt.Sprintf("%s %s: %s", column, p.among.unlike(names), oneOf(names, units)))
		case several && p.oneUnit:
			l.notes = append(l.notes, fmt.Sprintf("%s holds %s, and money is added up as if it were all in %s, as features.OrdersOptions.Currency says.", column, quoted(names), l.currency))
		case several:
			l.mixed = true
			l.notes = append(l.notes, fmt.Sprintf("%s holds %s, which must not be added up: %s", column, quoted(names), oneOf(names, units)))
		}
		if len(names) > 1 && !several {
			l.notes = append(l.notes, fmt.Sprintf("%s holds %s, which are one currency.", column, quoted(names)))
		}
	}
	if l.currency == "" && !l.mixed {
		l.currency = cell.Currency(exports.Unit(p.header[p.priceOrAmount()]))
	}
	small := map[string]int{}
	for _, name := range l.customer.names {
		if strings.Contains(name, "@") {
			small[strings.ToLower(name)]++
		}
	}
	of, customers := 0, 0
	for _, n := range small {
		if n > 1 {
			of, customers = of+n, customers+1
		}
	}
	if customers > 0 {
		l.notes = append(l.notes, fmt.Sprintf("%s e-mail addresses differ from one another only in upper and lower case: features.SameEmail makes %s of them.", sheet.Count(of), wording.Plural(customers, "customer")))
	}
	return nil
}

// inCurrency takes all money to be in the one currency that a column names. That another stands with the amounts, or in their header, is a question.
func (l *lines) inCurrency(named string, p *plan) error {
	money := p.header[p.priceOrAmount()]
	beside := cmp.Or(l.currency, cell.Currency(exports.Unit(money)))
	unit, ok := cell.OneUnit(beside, named)
	if !ok {
		column := p.header[p.at[currencyColumn]]
		return &question{answers: []kept.Setting{{Key: "currency", Value: beside}, {Key: "currency", Value: named}}, CellError: &fault.CellError{Op: p.op, File: p.file, Column: column, Err: fault.ErrSchema,
			Why:    fmt.Sprintf("says that the money is in %s, but %s is in %s", shorten(named, 30), shorten(money, 40), beside),
			Remedy: fmt.Sprintf("set features.OrdersOptions.Currency = %q or features.OrdersOptions.Currency = %q, whichever holds for all of it", beside, named)}}
	}
	l.currency = unit
	return nil
}

// oneOf is how one currency is kept of several; units has what the names stand for.
func oneOf(names, units []string) string {
	if len(names) == 1 {
		return "set features.OrdersOptions.Currency if it holds here too."
	}
	var others []string
	for i, name := range names {
		if units[i] != units[0] {
			others = append(others, name)
		}
	}
	return fmt.Sprintf("features.Without(\"currency\", %s) keeps one, or features.OrdersOptions.Currency says that all money is in one currency after all.", strings.Join(each(others), ", "))
}

// refundsOnce leaves every refund on one line: a column that repeats what an order got back on each of its lines means it once.
func (l *lines) refundsOnce(column string) {
	first := make([]int32, len(l.order.names)) // 1 + the first line of each order
	more, same, lines := make([]bool, len(first)), true, 0
	for i := range int32(l.len()) {
		if l.refund.at(i) < 0 { // some write what they paid back with a sign
			l.refund.set(i, -l.refund.at(i))
		}
		if l.refund.at(i) > 0 {
			lines++
		}
		o := l.order.codes[i]
		if o == 0 {
			continue
		}
		if first[o] == 0 {
			first[o] = i + 1
			continue
		}
		more[o] = true
		same = same && l.refund.at(i) == l.refund.at(first[o]-1)
	}
	repeated := false
	for o, at := range first {
		repeated = repeated || at > 0 && more[o] && l.refund.at(at-1) > 0
	}
	repeated = repeated && same
	var total, each int64 // each: where every line means what it says
	for i := range int32(l.len()) {
		each += l.refund.at(i)
		if o := l.order.codes[i]; repeated && o != 0 && first[o] != i+1 {
			l.refund.set(i, 0)
		}
		total += l.refund.at(i)
	}
	if total == 0 {
		return
	}
	note := fmt.Sprintf("%s says on %s that money was paid back, %s in all, which is not yet deducted: features.Undone does that.", column, wording.Plural(lines, "line"), l.money(total).Text())
	if repeated {
		note += fmt.Sprintf(" It appears on every line of an order and counts once; line by line it would be %s.", l.money(each).Text())
	}
	l.notes = append(l.notes, note)
}

// undoneBy reports whether the status of a line says that its order came to nothing.
func (l *lines) undoneBy(i int32) bool {
	return l.status.present() && l.taken[statusColumn][l.status.codes[i]] == undone
}

// undone applies Undone: O(lines).
func (v *view) undone() (*view, string) {
	if !v.status.present() && !v.refund.present() {
		return v, ""
	}
	out := v.again(func(v *view) (*view, string) { return v.undone() })
	out.amount, out.netted = v.amount.clone(), slices.Clone(v.netted)
	var taken, beyond int64
	if v.refund.present() {
		taken, beyond = out.takeRefunds(v)
	}
	removed := 0
	out.rows = make([]int32, 0, len(v.rows))
	for _, i := range v.rows {
		bought := v.quantity.at(i) > 0
		switch {
		case bought && v.undoneBy(i):
			if out.amount.at(i) != 0 {
				out.netted = append(out.netted, netting{i, i, v.quantity.at(i), out.amount.at(i)})
			}
			removed++
		case bought && out.amount.at(i) == 0 && v.amount.at(i) != 0:
		default:
			out.rows = append(out.rows, i)
		}
	}
	dated := false
	for k, n := range out.netted { // what went back of such an order never stood: it goes by the day of the order, not by that of its return
		if n.cancel != n.order && v.undoneBy(n.order) {
			out.netted[k].cancel, dated = n.order, true
		}
	}
	if removed == 0 && taken == 0 && beyond == 0 {
		if dated {
			return out, ""
		}
		return v, ""
	}
	note := fmt.Sprintf("Undone: %s removed because of the order's status; %s deducted as refunds, as of the day of the order.", wording.Plural(removed, "line"), v.money(taken).Text())
	if beyond > 0 {
		note += fmt.Sprintf(" Another %s was refunded beyond what the lines of the orders add up to: shipping or taxes, or lines that other rules removed.", v.money(beyond).Text())
	}
	return out, note
}

// takeRefunds takes what each order of v got back off its lines, in proportion to what they cost: cut, and the units left over go to
// the lines that lost most by cutting, the first of equals.
func (out *view) takeRefunds(v *view) (taken, beyond int64) {
	refund := make([]int64, len(v.order.names))
	lines := map[uint32][]int32{}
	for _, i := range v.rows {
		refund[v.order.codes[i]] += v.refund.at(i)
	}
	for _, i := range v.rows {
		if o := v.order.codes[i]; refund[o] > 0 && v.quantity.at(i) > 0 && v.amount.at(i) > 0 {
			lines[o] = append(lines[o], i)
		}
	}
	for o, r := range refund {
		if r <= 0 {
			continue
		}
		of := lines[uint32(o)]
		var cost int64
		for _, i := range of {
			cost += v.amount.at(i)
		}
		give := min(r, cost)
		taken, beyond = taken+give, beyond+r-give
		if give == 0 {
			continue
		}
		left, rest := give, make([]uint64, len(of))
		parts := make([]int64, len(of))
		for k, i := range of {
			hi, lo := bits.Mul64(uint64(give), uint64(v.amount.at(i)))
			part, remainder := bits.Div64(hi, lo, uint64(cost))
			parts[k], rest[k] = int64(part), remainder
			left -= int64(part)
		}
		byRest := make([]int, len(of))
		for k := range byRest {
			byRest[k] = k
		}
		slices.SortStableFunc(byRest, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
		for _, k := range byRest[:left] {
			parts[k]++
		}
		for k, i := range of {
			q := int64(0)
			if parts[k] == v.amount.at(i) {
				q = v.quantity.at(i) // all of it: the line is as if it had never been
			}
			out.amount.add(i, -parts[k])
			if parts[k] > 0 {
				out.netted = append(out.netted, netting{i, i, q, parts[k]})
			}
		}
	}
	return taken, beyond
}
