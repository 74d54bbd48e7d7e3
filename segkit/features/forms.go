package features

// How the cells of an order file are read, and what must be asked where the whole file leaves it open.

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/textfile"
)

// forms is how the cells of a file are read, as far as the user or the lines read so far have told.
type forms struct {
	missing         *cell.Missing
	dates           dateForm
	quantity, price numberForm
	refund          numberForm
	decimal         rune       // that the user gave, 0 for none
	sample          cell.Dates // the plain dates of the first lines, where they decided
	everyText       bool       // missing markers hold for texts that are no keys as well
	numericMarkers  bool       // one of the missing markers looks like a number: -999
}

func newForms(o OrdersOptions) forms {
	mark := numberForm{mark: byte(cmp.Or(o.Decimal, '.')), decided: o.Decimal != 0}
	f := forms{missing: cell.NewMissing(o.Missing), quantity: mark, price: mark, refund: mark, decimal: o.Decimal, everyText: o.Missing != nil}
	f.numericMarkers = slices.ContainsFunc(o.Missing, func(m string) bool {
		_, _, ok := cell.ParsePlain([]byte(m), mark.mark)
		return ok
	})
	f.dates.zone = o.Zone
	if o.DateLayout != "" {
		f.dates.layouts, _ = cell.ParseLayouts(o.DateLayout) // check has told
	}
	f.price.round, f.refund.round = o.Decimals, o.Decimals
	return f
}

// noID reports whether a text stands for no customer, no order number or no product id.
func (f *forms) noID(text []byte) bool {
	numbered := len(text) > 0 && text[0] >= '0' && text[0] <= '9' // as most are, and none of the words
	return !numbered && slices.ContainsFunc(exports.NoIDs, func(word string) bool { return word == string(text) }) || f.missing.Find(text) >= 0
}

// asking is how questions speak of the options of a file of orders.
var asking = cell.Words{Row: "line", Decimal: "features.OrdersOptions.Decimal", Layout: "features.OrdersOptions.DateLayout", Zone: "features.OrdersOptions.Zone", Missing: "features.OrdersOptions.Missing"}

// sampled is how many lines are looked at before the first block is parsed.
const sampled = 2000

// look decides from the first lines of data, which have so many lines before them, how to go on. What they leave open is decided
// by the whole file.
func (p *plan) look(start []byte, before int) {
	s := records.NewScanner(p.comma, 0)
	s.Reset(slices.Clip(start))
	dates := p.dates.fresh()
	var days [][]byte
	var rows []int
	var room []byte // of the cells that are kept: the scanner uses its own again
	quantities, prices := sampling{form: &p.quantity}, sampling{form: &p.price}
	width, money, kinds := p.width, []int{p.priceOrAmount()}, p.free()
	if p.wide != nil {
		width, money = p.wide.Width, p.wide.Months
		for _, day := range p.wide.Days {
			dates.Add([]byte(day), before)
			days, rows = append(days, []byte(day)), append(rows, 0)
		}
	}
	for range sampled {
		line, err := s.Next()
		if err != nil || line == 0 {
			break
		}
		if len(s.Fields) != width {
			continue
		}
		fields := s.Cells()
		shown := func(column int, add func(cell []byte, row int)) {
			if column < 0 {
				return
			}
			f := []byte(nil)
			if column < len(fields) {
				f = trim(fields[column])
			} else {
				f = p.compounds[column-p.width].text(nil, p, func(c int) []byte { return trim(fields[c]) })
			}
			if len(f) > 0 && p.missing.Find(f) < 0 {
				from := len(room)
				room = append(room, f...)
				add(room[from:len(room):len(room)], line)
			}
		}
		for _, column := range money {
			shown(column, prices.add)
		}
		if p.wide != nil {
			continue
		}
		shown(p.at[dateColumn], func(c []byte, row int) {
			if !layout.SaysTotal(string(c)) && !p.missing.NoDate(c) {
				if n := len(days); n == 0 || !bytes.Equal(c, days[n-1]) { // the same again shows nothing new
					dates.Add(c, row)
				}
				days, rows = append(days, c), append(rows, row)
			}
		})
		shown(p.at[quantityColumn], quantities.add)
		var owners [2]string
		shown(p.at[customerColumn], func(c []byte, _ int) { owners[0] = string(c) })
		shown(p.ofProducts(), func(c []byte, _ int) { owners[1] = string(c) })
		for k := range kinds {
			shown(kinds[k].column, func(c []byte, row int) {
				kinds[k].see(textfile.String(string(c)), row+before)
				kinds[k].pieces.Of(string(c), owners)
			})
		}
	}
	p.told(kinds)
	p.seekPieces(kinds)
	p.seekQuantity(kinds)
	p.seekDelivery(kinds)
	quantities.learn(p.decimal, before)
	prices.learn(p.decimal, before)
	if readings := dates.Readings(); len(readings) > 0 {
		p.dates.DateReading = readings[0]
		p.sample = p.dates.fresh()
		for i, c := range days {
			if _, _, ok := p.dates.Plain(c); ok {
				p.sample.Add(c, rows[i]+before)
			}
		}
		p.dates.decided = len(readings) == 1 && p.sample.Count() > 0
	}
}

// unread is a column without a meaning by its header, and what its cells in the first lines may be all the same.
type unread struct {
	column     int
	typed      bool   // its header says that it tells what kind something is
	seen, back bool   // it has cells; one of them says that money went back
	currencies bool   // all are codes of currencies
	cells      int    // how many it has
	fates      int    // how many of them say what became of an order
	fate       string // the first of these
	undone     string
	last       string       // cell
	lastFate   exports.Fate // what that says: many columns say the same in line after line
	pieces     cell.Pieces
	delivery   *cell.Numbers // where its header says that it may be what delivery costs
	forms      bool          // it is read as the name of goods, and all cells are forms of address
}

// free are the columns that are not read, and one that is called Title, of goods or of people.
func (p *plan) free() (out []unread) {
	if at := p.at[nameColumn]; at >= 0 && at < p.width && !p.known && !p.said["name"] && exports.Simple(p.header[at]) == "title" {
		out = append(out, unread{column: at, forms: true})
	}
	for i, h := range p.header[:p.width] {
		if slices.Contains(p.at[:], i) || i == p.beside || slices.ContainsFunc(p.at[:], func(at int) bool { return slices.Contains(p.partsOf(at), i) }) {
			continue
		}
		typed := slices.Contains([]string{"type", "typ", "tipo", "art", "kind", "doctype", "doctyp", "recordtype", "entrytype", "vorgang", "vorgangsart", "nature", "soort"}, exports.Simple(h))
		u := unread{column: i, typed: typed && !p.known && !slices.Contains(p.more, i), currencies: true}
		if namesDelivery(h) {
			u.delivery = new(cell.Numbers)
		}
		out = append(out, u)
	}
	return out
}

// ofProducts is the column that tells products apart, -1 if there is none.
func (p *plan) ofProducts() int {
	if at := p.at[productColumn]; at >= 0 {
		return at
	}
	return p.at[nameColumn]
}

func (u *unread) see(text string, line int) {
	u.seen = true
	u.pieces.See(text, line)
	if u.delivery != nil {
		u.delivery.Add([]byte(text), line)
	}
	u.currencies = u.currencies && len(text) == 3 && cell.Currency(strings.ToUpper(text)) != ""
	u.back = u.back || u.typed && exports.MoneyBack[exports.Simple(text)]
	u.forms = u.forms && exports.FormsOfAddress[exports.Simple(text)]
	u.cells++
	if text != u.last {
		u.last, u.lastFate = text, exports.FateOf(text)
	}
	if u.lastFate != exports.Unknown {
		u.fates, u.fate = u.fates+1, cmp.Or(u.fate, text)
		if u.lastFate == exports.Undone {
			u.undone = text
		}
	}
}

// told takes columns for what their cells say: the currency of the money, which lines give it back, and the status where a header may mean that. A column that says it
// by its cells alone is only noted.
func (p *plan) told(columns []unread) {
	for _, u := range columns {
		switch {
		case !u.seen:
		case u.column == p.at[nameColumn]:
			if u.forms {
				p.at[nameColumn] = p.otherName(columns)
				p.notes = append(p.notes, fmt.Sprintf("%q says how people are addressed (%q), and is not read as the name of goods: if it is, name it.", p.header[u.column], u.last))
			}
		case u.back && p.at[directionColumn] < 0:
			p.at[directionColumn] = u.column
		case u.currencies && p.at[currencyColumn] < 0:
			p.at[currencyColumn] = u.column
		case p.at[statusColumn] < 0 && slices.Contains(p.either, u.column) && p.saysStatus(u):
			p.at[statusColumn] = u.column
			p.more = slices.DeleteFunc(p.more, func(i int) bool { return i == u.column })
			place, otherwise := "", "says something else"
			if p.maybePlace(u.column) {
				place, otherwise = " and not as a place", "is a place"
			}
			p.notes = append(p.notes, fmt.Sprintf("%q is read as the status of orders%s, because it holds %q: if it %s, name it as a descriptor.", shorten(p.header[u.column], 40), place, shorten(cmp.Or(u.undone, u.fate), 30), otherwise))
		case 2*u.fates >= u.cells && u.undone != "" && p.at[statusColumn] < 0:
			p.notes = append(p.notes, fmt.Sprintf("%q may say what became of orders (%q): if it does, name it as the status.", shorten(p.header[u.column], 40), shorten(u.undone, 30)))
		}
	}
}

// otherName is the first column behind the one read that may be the name of goods by its header, -1 for none.
func (p *plan) otherName(columns []unread) int {
	for _, name := range known[nameColumn] {
		for _, u := range columns {
			if u.column != p.at[nameColumn] && exports.Header(p.header[u.column]) == name {
				return u.column
			}
		}
	}
	return -1
}

// saysStatus reports whether the cells of a column that may be the status say so. New goods are not all bought by new orders, so where a header does not mean a place
// otherwise, one of the words has to say that an order came to nothing.
func (p *plan) saysStatus(u unread) bool {
	return u.undone != "" || u.fate != "" && p.maybePlace(u.column)
}

// maybePlace reports whether a column is the status or a place by its header.
func (p *plan) maybePlace(column int) bool {
	return slices.Contains(exports.StatusOrPlace, exports.Header(p.header[column]))
}

// sampling is a column of numbers in the first lines.
type sampling struct {
	form  *numberForm
	seen  cell.Numbers
	cells [][]byte
	lines []int
}

func (s *sampling) add(c []byte, line int) {
	s.seen.Add(c, line)
	s.cells, s.lines = append(s.cells, c), append(s.lines, line)
}

// learn takes over what the cells decide.
func (s *sampling) learn(decimal rune, before int) {
	f := s.form
	readings := s.seen.Readings(decimal)
	if len(readings) != 1 || readings[0].Deciding.Count == 0 {
		return
	}
	f.mark, f.decided, f.sampled = readings[0].Decimal, true, true
	for i, c := range s.cells {
		if _, decimals, ok := cell.ParsePlain(c, f.mark); ok && decimals <= maxDecimals {
			f.sample.Sure(c, s.lines[i]+before, f.mark, true)
		}
	}
}

// errAgain says that the file must be read again with what was learned.
var errAgain = errors.New("the dates are not all written the way the first lines suggest")

// errAlike says that the file must be read again with its records hashed.
var errAlike = errors.New("lines of orders are alike")

// trailing takes off the lines without date and customer at the end: totals that do not say so. One that names goods stays, unless total says of its place that it
// adds up the others; nil says so of none.
func (j *joiner) trailing(total func(at int) bool) {
	o := &j.out
	n := j.line.n
	for n > 0 && j.nobodys(n-1) && (!j.last(ofGoods) || total != nil && total(n-1)) {
		n--
		o.lacks = o.lacks[:len(o.lacks)-1]
		if o.out.totals++; o.out.totals == 1 || int(j.line.at(int32(n))) < o.out.firstTotal {
			o.out.firstTotal = int(j.line.at(int32(n)))
		}
	}
	if n == j.line.n {
		return
	}
	for _, m := range textMeanings {
		if j.p.reads(m) {
			o.dicts[m].cut(n)
		}
	}
	for i := range o.more {
		o.more[i].cut(n)
	}
	o.dates.when.cut(n)
	j.line.cut(n)
	for _, c := range [...]*numbers{&o.price, &o.quantity, &o.refund, &o.beside} {
		c.cut(n)
	}
}

// nobodys reports whether the line at, the last that lacks anything if it does, has neither date nor customer.
func (j *joiner) nobodys(at int) bool {
	lacks := j.out.lacks
	return len(lacks) > 0 && lacks[len(lacks)-1].at == at && j.last(noWhen) && j.out.dicts[customerColumn].codes[at] == 0
}

// last reports whether the last line that lacks anything is told to be so.
func (j *joiner) last(what lack) bool {
	lacks := j.out.lacks
	return lacks[len(lacks)-1].lack&what != 0
}

// adding takes off the lines at the end, without date and customer, that name goods and are totals all the same: they are worth as much as all lines above them,
// or as those with a date or a customer, by their price alone or for all their pieces. What is left are lines of an order of nobody, and count.
func (j *joiner) adding() {
	o, customers := &j.out, j.out.dicts[customerColumn].codes
	priced, unit := j.p.at[priceColumn] >= 0 && j.p.at[quantityColumn] >= 0, int64(1)
	if priced {
		unit, _ = scaled(1, o.quantity.decimals)
	}
	worth := func(i int32) int64 {
		if priced {
			return o.price.values.at(i) * o.quantity.values.at(i) // too large a product is refused later
		}
		return o.price.values.at(i)
	}
	j.trailing(func(at int) bool {
		var above, known int64
		for i := range int32(at) {
			a := worth(i)
			if above += a; o.dates.when.at(i) != noDate || customers[i] != 0 {
				known += a
			}
		}
		sums := func(a int64) bool { return a != 0 && (a == above || a == known) }
		return sums(worth(int32(at))) || sums(o.price.values.at(int32(at))*unit)
	})
}

// cut keeps the first n cells. What the others showed stays: it is as good as that of any cell.
func (c *numbers) cut(n int) {
	c.values.cut(n)
	for len(c.late.cells) > 0 && c.late.cells[len(c.late.cells)-1].index >= n {
		c.late.cells = c.late.cells[:len(c.late.cells)-1]
	}
}

// read reads the cells that were kept, now that the columns are known to their ends, or asks.
func (j *joiner) read() error {
	p, o := j.p, &j.out
	questions := j.questions()
	if len(questions) > 0 {
		return asked(questions)
	}
	for _, c := range j.columns() {
		readings := c.seen.Readings(p.decimal)
		if len(readings) == 0 { // no cell at all
			continue
		}
		if bad, v, decimals := c.read(&readings[0], c.form.round); bad != nil {
			return p.inexact(c.at, o.dates.when.at(int32(bad.index)), bad.line, v, decimals)
		}
		if c.at == p.priceOrAmount() && p.currency == "" && readings[0].Unit != cell.Percent {
			p.currency = readings[0].Unit
		}
	}
	if p.beside >= 0 && !o.unchecked {
		readings := o.beside.seen.Readings(rune(p.price.mark))
		if o.unchecked = len(readings) != 1 || o.beside.seen.Question(rune(p.price.mark), asking) != nil; !o.unchecked {
			bad, _, _ := o.beside.read(&readings[0], p.price.round)
			o.unchecked = bad != nil
		}
	}
	if readings := o.dates.seen.Readings(); len(readings) == 1 {
		known := p.dates.DateReading
		p.dates.DateReading = readings[0]
		if !covers(&readings[0], &known) {
			p.dates.decided = false // now every cell is looked at
			return errAgain
		}
		o.dates.read(&readings[0])
	}
	// Exports write 00:00:00 behind days: where every time is midnight, there is none.
	p.dates.Timed = o.dates.when.timed()
	return nil
}

// numberColumn is a column of numbers with what is known about it.
type numberColumn struct {
	*numbers
	form *numberForm
	at   int // column of the file
}

func (j *joiner) columns() []numberColumn {
	p, o := j.p, &j.out
	out := []numberColumn{{&o.price, &p.price, p.priceOrAmount()}}
	if at := p.at[quantityColumn]; at >= 0 {
		out = append(out, numberColumn{&o.quantity, &p.quantity, at})
	}
	if at := p.at[refundColumn]; at >= 0 {
		out = append(out, numberColumn{&o.refund, &p.refund, at})
	}
	return out
}

// questions are what the whole file leaves open, in the order of the lines that ask.
func (j *joiner) questions() []*question {
	p, o := j.p, &j.out
	var out []*question
	ask := func(q *cell.Question, column string, answers ...kept.Setting) {
		if q != nil {
			e := &fault.CellError{Op: p.op, File: p.file, Line: q.Row, Column: column, Value: textfile.String(q.Cell), Count: q.Count, Why: q.Why, Remedy: q.Remedy, Err: fault.ErrFormat}
			out = append(out, &question{CellError: e, answers: answers})
		}
	}
	if p.dates.decided {
		seen := p.sample
		seen.Merge(&o.dates.seen, 0)
		o.dates.seen = seen
	}
	q := o.dates.seen.Question(asking)
	if q != nil && q.Kind == cell.Unreadable && o.dates.seen.Count() > 0 && !cell.Clock([]byte(q.Cell)) {
		q.Remedy = fmt.Sprintf("mend the cell, or list it in features.OrdersOptions.Missing (%q) if it means that the day is not known", shorten(textfile.String(q.Cell), 20))
	}
	ask(q, p.header[p.at[dateColumn]], datesAnswers(&o.dates.seen)...)
	for _, c := range j.columns() {
		if c.form.sampled {
			seen := c.form.sample
			seen.Merge(&c.seen, 0)
			c.seen = seen
		}
		q := c.seen.Question(p.decimal, asking)
		fine := c.seen.Fine()
		switch {
		case q != nil && q.Kind == cell.TwoReadings && !j.partial:
			q.Remedy = j.marks(q.Remedy)
		case q != nil && q.Kind == cell.Unreadable:
			remedies, option := []string{"mend the cell"}, "name another column in features.OrdersOptions."+optionNames[j.p.meaningOf(c.at)]
			if !figures(q.Cell) {
				remedies = append(remedies, fmt.Sprintf("list it in features.OrdersOptions.Missing (%q) if it means that the number is not known", shorten(textfile.String(q.Cell), 20)))
			}
			switch {
			case p.wide != nil:
			case c.seen.Count() == 0:
				remedies = []string{option + ", since no cell of this column is a number", "mend the cells"}
			default:
				remedies = append(remedies, option)
			}
			q.Remedy = oneOfThese(remedies)
			if !utf8.ValidString(q.Cell) {
				q.Remedy += ". The cell is not UTF-8 and was read as Windows-1252: if it looks wrong, save the file as UTF-8, or let segkit convert --encoding do so"
			}
		case q == nil && fine.Count > 0 && c.form.round == 0:
			q = &cell.Question{Seen: fine, Why: "has more than 9 decimals, and numbers are kept exactly", Remedy: "set features.OrdersOptions.Decimals to round money, to 2 for cents"}
			if c.at == p.at[quantityColumn] {
				q.Remedy = "round the quantities when exporting"
			}
		case q == nil:
			q = p.misplaced(&c)
		}
		if q != nil {
			ask(q, p.nameOf(c.at, j.whenOf(&c, q)), j.numberAnswers(q, &c)...)
		}
	}
	slices.SortStableFunc(out, func(a, b *question) int { return cmp.Compare(a.Line, b.Line) })
	if q := p.howMany(); q != nil {
		out = append(out, q)
	}
	return out
}

// oneOfThese joins remedies: "a, b, or c".
func oneOfThese(remedies []string) string {
	if last := len(remedies) - 1; last > 0 {
		return strings.Join(remedies[:last], ", ") + ", or " + remedies[last]
	}
	return remedies[0]
}

// misplaced asks about numbers whose unit does not go with what they are read as: shares in percent are no money, and money is no quantity.
func (p *plan) misplaced(c *numberColumn) *cell.Question {
	units := c.seen.Units()
	if len(units) == 0 {
		return nil
	}
	means := p.meaningOf(c.at)
	remedy := fmt.Sprintf("name another column in features.OrdersOptions.%s", optionNames[means])
	switch u := units[0]; {
	case means == quantityColumn:
		return &cell.Question{Kind: cell.TwoUnits, Seen: u.Seen, Why: fmt.Sprintf("is in %s, so it is not a quantity", u.Unit), Remedy: remedy}
	case u.Unit == cell.Percent:
		return &cell.Question{Kind: cell.TwoUnits, Seen: u.Seen, Why: "is a percentage, not money", Remedy: remedy}
	}
	return nil
}

// whenOf is the date of the cell that q asks about, noDate if that cell was not kept.
func (j *joiner) whenOf(c *numberColumn, q *cell.Question) int64 {
	for at, text := range c.late.all() {
		if at.line == q.Row && string(text) == q.Cell {
			return j.out.dates.when.at(int32(at.index))
		}
	}
	return noDate
}

// question is an error with the answers that it asks for, each as the option that gives it.
type question struct {
	*fault.CellError
	answers []kept.Setting
	lacks   []meaning // it asks for a column of one of these
}

func (q *question) Unwrap() error { return q.CellError }

// datesAnswers are what may be said of dates that can be read in several ways, or stand in several zones.
func datesAnswers(d *cell.Dates) (out []kept.Setting) {
	if readings := d.Readings(); len(readings) > 1 {
		for i := range readings[:min(len(readings), 4)] {
			out = append(out, kept.Setting{Key: "date_layout", Value: readings[i].String()})
		}
	} else if len(d.Zones()) > 1 && d.Zone == "" {
		out = append(out, kept.Setting{Key: "zone", Value: cell.AsWritten}, kept.Setting{Key: "zone", Value: "UTC"})
	}
	if bad := d.Bad(); bad.Count > 0 && bad.Count*2 < d.Count() {
		texts := slices.DeleteFunc(slices.Clone(d.Strange()), func(text string) bool { return cell.Clock([]byte(text)) })
		if d.Alone().Count > 0 {
			texts = append(texts, cell.TimeAlone)
		}
		out = append(out, markers(texts)...)
	}
	return out
}

// numberAnswers are what may be said of a column of numbers about which q asks.
func (j *joiner) numberAnswers(q *cell.Question, c *numberColumn) []kept.Setting {
	switch {
	case q == nil:
		return nil
	case q.Kind == cell.TwoReadings || q.Kind == cell.Mixed:
		return []kept.Setting{{Key: "decimal", Value: "."}, {Key: "decimal", Value: ","}}
	case q.Kind == cell.Unreadable && q.Count*2 < c.seen.Count() && !slices.ContainsFunc(c.seen.Strange(), figures):
		return markers(c.seen.Strange())
	}
	return nil
}

// figures reports whether a text that is no number has figures all the same: 12.50 CR may be mended, and does not say that nothing is known.
func figures(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r != '0' && unicode.IsDigit(r) })
}

// markers says of a few texts that they mean "not known", beside those that are known to.
func markers(texts []string) []kept.Setting {
	if len(texts) == 0 || len(texts) > 3 {
		return nil
	}
	return []kept.Setting{{Key: "missing", Value: append(slices.Clone(cell.Markers), texts...)}}
}

// marks offers the decimal marks with which every column of the file can be read, and says what the money adds up to with each.
func (j *joiner) marks(otherwise string) string {
	var offers []string
	for _, mark := range []rune{'.', ','} {
		if total, ok := j.total(mark); ok {
			offers = append(offers, fmt.Sprintf("to %q, and the money of the file adds up to %v", mark, total))
		}
	}
	if len(offers) == 0 {
		return otherwise
	}
	return "set features.OrdersOptions.Decimal " + strings.Join(offers, ", or ")
}

// total is what the money adds up to with a decimal mark, and false where the file cannot be read so.
func (j *joiner) total(mark rune) (Money, bool) {
	p := j.p
	l := lines{line: j.line, when: j.out.dates.when, customer: texts{codes: make([]uint32, j.line.n), names: []string{""}}}
	for _, c := range j.columns() {
		if c.seen.Question(mark, asking) != nil {
			return Money{}, false
		}
		readings := c.seen.Readings(mark)
		n := *c.numbers
		n.values = n.values.clone()
		if len(readings) > 0 {
			if bad, _, _ := n.read(&readings[0], c.form.round); bad != nil {
				return Money{}, false
			}
		}
		switch {
		case c.at == p.at[refundColumn]:
		case c.at == p.at[quantityColumn]:
			l.quantity, l.quantityDecimals = n.values, n.decimals
		case p.at[priceColumn] >= 0 && p.at[quantityColumn] >= 0:
			l.price, l.decimals = n.values, n.decimals
		default:
			l.amount, l.decimals = n.values, n.decimals
		}
	}
	if l.price.present() {
		l.decimals += l.quantityDecimals
	}
	if p.once && p.at[orderColumn] >= 0 {
		l.order = j.out.dicts[orderColumn].whole()
		if l.totals(j.out.hashes, p) != nil {
			return Money{}, false
		}
	}
	if l.finish(p.op, p.file) != nil {
		return Money{}, false
	}
	sum := int64(0)
	for i := range int32(l.amount.len()) {
		sum += l.amount.at(i)
	}
	return Money{sum, l.decimals}, true
}

// several is one error for all questions of a file.
type several struct {
	*fault.CellError
	all []*question
}

func (s *several) Unwrap() error { return s.CellError }

func asked(questions []*question) error {
	first := *questions[0].CellError
	for _, q := range questions[1:] {
		also := *q.CellError
		also.Op, also.File = "", ""
		first.Remedy += ". Also, " + strings.TrimPrefix(also.Error(), "segkit: ")
	}
	return &several{&first, questions}
}
