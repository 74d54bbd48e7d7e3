package features

// Inspect: a file looked at before it is read, in memory that does not grow with it, and every answer tried before it is offered.

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/inspect"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Inspect says what the file at path holds, how ReadOrders will read it with these options (and those kept beside it), and what it
// leaves open. Lists such as Undone and Missing are added to those kept beside the file, and an empty one takes their place; the report's
// Options have what came of it. The file has order lines or, if neither dates nor money are found, a table of customers as table.ReadCSV
// reads it.
// For a table of customers, Customer names the id column, Descriptors are columns of text, and Comma, Decimal and Missing mean the
// same as for orders.
//
// Every record is examined. The report's Questions are what the reader would refuse; each answer was tried, and its result is shown next
// to it. An error is returned only if the file is not readable. Cost: about 0.3 s for a million lines, and as much again for each
// answer; memory for half a million lines, however many there are, and 8 bytes for every record, order and customer.
func Inspect(path string, o ...OrdersOptions) (*inspect.Report, error) {
	const op = "features.Inspect"
	if len(o) > 1 {
		return nil, fault.Option(op, "OrdersOptions", len(o), "at most one")
	}
	s, err := fileSource(path)
	if err != nil {
		return nil, err
	}
	if s.once {
		return nil, &fault.CellError{Op: op, File: path, Why: "is a pipe or a device, which can be read only once", Remedy: "write it to a file first", Err: fault.ErrFormat}
	}
	var given OrdersOptions
	if len(o) == 1 {
		given = o[0]
	}
	k, err := kept.Beside(op, path)
	if err != nil {
		return nil, err
	}
	i := inspection{source: s, r: &inspect.Report{File: path, Kind: inspect.Orders}, tries: mostTries}
	if given, err = i.take(k, given); err != nil {
		return nil, err
	}
	for _, set := range kept.Of(given) {
		if !strings.HasSuffix(set.Key, kept.Among) {
			i.r.Options = append(i.r.Options, inspect.Answer{Option: set.Key, Value: set.Value})
		}
	}
	l := i.look(given)
	if l.lacks() && i.isTable(l, given) {
		return i.table(l, given)
	}
	if l.unusable != nil {
		return nil, l.unusable
	}
	i.describe(l, given)
	i.answeredFor(l, given)
	return i.r, nil
}

// answeredFor says which words the answers are about: those of the file, and those of earlier files that a kept answer was about.
func (i *inspection) answeredFor(l *look, o OrdersOptions) {
	for _, a := range [...]struct {
		of    meaning
		key   string
		given bool
		named []string
	}{{statusColumn, "undone", o.Undone != nil, o.Undone}, {directionColumn, "back", o.Back != nil, o.Back}, {currencyColumn, "currency", o.Currency != "", nil}} {
		words := slices.Concat(l.words[a.of], o.among()[a.of], a.named)
		slices.Sort(words)
		if words = slices.Compact(words); a.given && len(l.words[a.of]) > 0 && len(words) <= evidence.MostStatuses {
			i.r.Among = append(i.r.Among, inspect.Answer{Option: a.key + kept.Among, Value: words})
		}
	}
}

// take adds the options that were kept, unless the columns are others now, which is noted.
func (i *inspection) take(k *kept.Options, given OrdersOptions) (OrdersOptions, error) {
	if k == nil {
		return given, nil
	}
	r := reading{file: i.name, o: given}
	if f, err := i.open(); err == nil {
		if text, err := r.open(f); err == nil && r.recognise(text) == nil {
			if err := k.Changed("features.Inspect", i.name, r.layout.Names); err != nil {
				i.r.Notes = append(i.r.Notes, "The options kept beside the file are not used: "+fault.Trimmed(err).Error()+".")
				f.Close()
				return given, nil
			}
		}
		f.Close()
	}
	i.r.Notes = append(i.r.Notes, fmt.Sprintf("The options kept in %s are used: %s.", k.Path, k.Said()))
	if k.Kind == kept.Orders {
		i.earlier = earlier(k)
		notes, err := k.Add(&given)
		if err != nil {
			return given, err
		}
		i.r.Notes = append(i.r.Notes, notes...)
		return given.with(k)
	}
	lists := table.CSVOptions{Text: given.Descriptors, Missing: given.Missing} // as the file calls them
	notes, err := k.Add(&lists)
	if err != nil {
		return given, err
	}
	i.r.Notes, given.Descriptors, given.Missing = append(i.r.Notes, notes...), lists.Text, lists.Missing
	for _, s := range k.Set {
		if s.Key == "text" {
			s.Key = "descriptors"
		}
		if err := kept.Put(&given, s, false); err != nil {
			return given, fmt.Errorf("segkit: %s: %w", k.Path, err)
		}
	}
	return given, nil
}

// inspection is the work on one report.
type inspection struct {
	source
	r       *inspect.Report
	tries   int   // answers that may still be tried
	earlier among // words that the options kept beside the file name
}

// mostTries is how many answers are tried for one report.
const mostTries = 24

// lacks reports whether columns are missing that orders need.
func (l *look) lacks() bool {
	return l.layout != nil && l.plan != nil && errors.Is(l.err, fault.ErrMissingColumn)
}

// isTable reports whether a file that lacks what orders need is a table of customers: a column near its front is a key, and its headers
// do not hint at all that is missing.
func (i *inspection) isTable(l *look, o OrdersOptions) bool {
	if o.Wide != "" || o.Date != "" || o.Price != "" || o.Amount != "" || o.Total != "" || o.Order != "" || l.survey == nil {
		return false
	}
	if o.Customer != "" {
		return true
	}
	at := l.key()
	if at < 0 || l.namesPurchases() {
		return false
	}
	if at == l.plan.at[customerColumn] {
		return true
	}
	var all *several
	return !errors.As(l.err, &all) || slices.ContainsFunc(all.all, func(q *question) bool { return q.answers == nil })
}

// namesPurchases reports whether the header names what only a purchase has: an order number beside what was bought, or what was bought by customers of whom
// one stands on several records, or a day and what was paid.
func (l *look) namesPurchases() bool {
	at := l.plan.at
	customer := at[customerColumn]
	again := customer >= 0 && customer < len(l.twice) && l.twice[customer] > 0
	return (at[orderColumn] >= 0 || again) && (at[productColumn] >= 0 || at[quantityColumn] >= 0 || at[priceColumn] >= 0 || at[dateColumn] >= 0 && at[amountColumn] >= 0)
}

// key is the first column, of those near the front, in which every record has another text that may be an id; -1 for none.
func (l *look) key() int {
	for j := range l.twice {
		if l.isKey(j) {
			return j
		}
	}
	return -1
}

// isKey reports whether every record has another text in column j, and one that may be an id.
func (l *look) isKey(j int) bool {
	c := &l.survey.columns[j]
	return j < len(l.twice) && l.survey.records > 0 && l.twice[j] == 0 && c.filled == l.survey.records && !c.measures()
}

// measures reports whether most cells of a column are dates, or numbers that no id is: in a currency, or with decimals that count.
func (c *surveyed) measures() bool {
	if c.dates.Count() > c.filled/2 {
		return true
	}
	r := c.numbers.Readings(0)
	return c.numbers.Count() > c.filled/2 && (len(c.numbers.Units()) > 0 || len(r) == 1 && r[0].Sum.Decimals > 0)
}

// describe fills the report with what a reading as orders has shown, and tries the answers of what is open.
func (i *inspection) describe(l *look, o OrdersOptions) {
	i.file(l)
	i.r.Currency = l.currency
	switch {
	case l.mapping != nil:
		i.r.Notes = append(i.r.Notes, l.notes...)
	case l.plan != nil && l.plan.notes != nil:
		i.r.Notes = append(i.r.Notes, l.plan.notes...)
	case l.layout != nil:
		i.r.Notes = append(i.r.Notes, l.layout.Notes...)
	}
	if l.plan != nil {
		for j := range i.r.Columns {
			i.column(&i.r.Columns[j], j, l)
		}
	} else {
		for j := range i.r.Columns {
			ofTable(&i.r.Columns[j], &l.survey.columns[j], o.Decimal)
		}
	}
	open := l.questions()
	if len(open) == 0 {
		i.r.Lines, i.r.Orders, i.r.Customers = l.count.Lines, l.count.Orders, l.count.Customers
		i.r.Sales, i.r.Refunds, i.r.Net = plainMoney(l.count.Sales), plainMoney(l.count.Refunds), plainMoney(l.count.Net())
		if l.first <= l.last {
			i.r.First, i.r.Last = dateText(l.first), dateText(l.last)
		}
		i.askStatus(l)
		i.askCurrency(l)
		return
	}
	lacking, priceless := 0, false
	for _, q := range open {
		if q.lacks != nil {
			lacking, priceless = lacking+1, priceless || slices.Contains(q.lacks, priceColumn)
		}
	}
	if lacking > 1 && priceless && l.plan != nil && l.plan.at[productColumn] < 0 && l.plan.at[quantityColumn] < 0 {
		i.r.Notes = append(i.r.Notes, "Few of these columns have names that order lines have. weblog.ReadVisits reads visits and what people do in an app; survey.Read reads answers to a survey.")
	}
	i.ask(open, func(sets []kept.Setting) *tried { return i.tryOrders(o, sets) })
}

// askStatus asks which of the unknown words of the status mean that an order came to nothing. The file is read all the same, and
// such lines count.
func (i *inspection) askStatus(l *look) {
	unsure := slices.DeleteFunc(slices.Clone(l.unsure), func(w wordCount) bool { return w.back == w.lines }) // what is no purchase counts whatever its word means
	if len(unsure) == 0 {
		return
	}
	var words, all []string
	for _, w := range unsure {
		all = append(all, w.word)
		words = append(words, fmt.Sprintf("%q on %s (%s)", shorten(w.word, 30), wording.Plural(w.lines, "line"), w.money.Text()))
	}
	if n := len(words) - 12; n > 0 {
		words = append(words[:12], sheet.Count(n)+" others")
	}
	q := inspect.Question{Column: l.plan.header[l.plan.at[statusColumn]], Text: fmt.Sprintf("which of these words mean that an order came to nothing? They are not known, so their lines count: %s", sheet.List(words))}
	one := func(gives string, words ...string) {
		q.Answers = append(q.Answers, inspect.Answer{Option: "undone", Value: append(append([]string{}, l.o.Undone...), words...), Gives: gives}) // with those that are named already
	}
	for _, w := range unsure[:min(len(unsure), 4)] {
		bought := plus(w.money, Money{-w.gave.Units, w.gave.Decimals})
		one(fmt.Sprintf("features.Undone then removes %s of %s", wording.Plural(w.lines-w.back, "line"), bought.Text()), w.word)
	}
	if len(all) > 1 && len(all) <= 12 {
		one("all of them", all...)
	}
	one("all of them count")
	i.r.Questions = append(i.r.Questions, q)
}

// askCurrency asks whether all money is in one currency, where a column holds several. The file is read all the same, but nothing adds them up.
func (i *inspection) askCurrency(l *look) {
	var names, said []string
	for _, w := range l.money {
		names = append(names, w.word)
	}
	if !l.plan.oneUnit && !cell.SeveralCurrencies(names) || l.plan.oneUnit && l.plan.among.all(currencyColumn, names) {
		return
	}
	var money []wordCount // of each currency
	for i, unit := range cell.Currencies(names) {
		w := l.money[i]
		w.word = unit
		money = merged(money, w)
	}
	for _, w := range money {
		said = append(said, fmt.Sprintf("%s on %s (%s)", shorten(w.word, 30), wording.Plural(w.lines, "line"), w.money.Text()))
	}
	if n := len(said) - 6; n > 0 {
		said = append(said[:6], sheet.Count(n)+" others")
	}
	q := inspect.Question{Column: l.plan.header[l.plan.at[currencyColumn]], Text: fmt.Sprintf("the money is in %s, and is not added up. Keep the lines of one currency in a file of their own, or say that all of the money is in one currency after all", sheet.List(said))}
	for _, w := range money[:min(len(money), 4)] {
		q.Answers = append(q.Answers, inspect.Answer{Option: "currency", Value: w.word, Gives: fmt.Sprintf("all of it counts as %s: net %s", shorten(w.word, 30), l.count.Net().Text())})
	}
	i.r.Questions = append(i.r.Questions, q)
}

// tried is what a reading with an answer gave.
type tried struct {
	open  []*question
	gives string
}

func (i *inspection) tryOrders(o OrdersOptions, sets []kept.Setting) *tried {
	for _, s := range sets {
		if kept.Put(&o, s, true) != nil {
			return nil
		}
		switch s.Key {
		case "price":
			o.Amount, o.Total = "", ""
		case "amount":
			o.Price, o.Total = "", ""
		case "total":
			o.Price, o.Amount = "", ""
		case "back":
			o.BackAmong = nil
		}
	}
	l := i.look(o)
	if l.unusable != nil {
		return nil
	}
	t := &tried{open: l.questions()}
	if len(t.open) == 0 {
		t.gives = fmt.Sprintf("net %s, %s to %s, %s", l.count.Net().Text(), dateText(l.first), dateText(l.last), wording.Plural(l.count.Customers, "customer"))
	}
	return t
}

// ask puts the questions into the report, with the answers that work.
func (i *inspection) ask(open []*question, try func(sets []kept.Setting) *tried) {
	for n, q := range open {
		text := *q.CellError
		text.Op, text.File, text.Remedy = "", "", ""
		out := inspect.Question{Column: q.Column, Line: q.Line, Value: q.Value, Count: q.Count, Text: fault.Trimmed(&text).Error(), Remedy: q.Remedy}
		for _, a := range q.answers {
			if i.tries == 0 {
				break
			}
			i.tries--
			sets := []kept.Setting{}
			for m, other := range open { // what else must be said, by its first answer
				if m != n && len(other.answers) > 0 && other.answers[0].Key != a.Key {
					sets = append(sets, other.answers[0])
				}
			}
			t := try([]kept.Setting{a})
			if t == nil || t.still(q) || a.Key == "decimal" && t.raises(open) { // another column cannot be read so
				continue
			}
			if t.gives == "" && len(sets) > 0 {
				if both := try(append(sets, a)); both != nil && !both.still(q) && both.gives != "" && len(q.answers) > 1 && len(open) == 1 {
					t.gives = both.gives
				}
			}
			out.Answers = append(out.Answers, inspect.Answer{Option: a.Key, Value: a.Value, Gives: t.gives})
		}
		i.r.Questions = append(i.r.Questions, out)
	}
}

// still reports whether a question is open yet.
func (t *tried) still(q *question) bool {
	return slices.ContainsFunc(t.open, func(o *question) bool {
		return o.Column == q.Column && (q.Column != "" || kindOf(o.Why) == kindOf(q.Why))
	})
}

// raises reports whether a question arises that was not open before.
func (t *tried) raises(open []*question) bool {
	return slices.ContainsFunc(t.open, func(o *question) bool {
		return !slices.ContainsFunc(open, func(q *question) bool { return o.Column == q.Column && kindOf(o.Why) == kindOf(q.Why) })
	})
}

// questions are what stands in the way of reading the file as orders.
func (l *look) questions() []*question {
	var out []*question
	if l.survey != nil {
		for _, e := range l.survey.faults {
			out = append(out, &question{CellError: e})
		}
	}
	out = append(out, questionsOf(l.err)...)
	for _, q := range out {
		if q.lacks != nil && l.survey != nil && l.survey.every {
			q.answers = l.fitting(q)
		}
	}
	return out
}

// fitting are the answers to a question for a column whose cells can be what is asked for: those that the headers hint at, else any three.
func (l *look) fitting(q *question) (out []kept.Setting) {
	fits := func(m meaning, column int) bool {
		s := &l.survey.columns[column]
		dated := s.dates.Count() > s.filled/2
		switch {
		case s.filled == 0:
			return false
		case m == dateColumn:
			return dated || s.counted()
		case m == customerColumn:
			r := s.numbers.Readings(l.o.Decimal)
			return !dated && (s.numbers.Count() == 0 || len(r) == 1 && r[0].Deciding.Count == 0 && s.numbers.Shape(cell.WithUnit) == 0)
		}
		r := s.numbers.Readings(l.o.Decimal)
		return !dated && s.numbers.Count() > s.filled/2 && !(len(r) == 1 && r[0].Unit == cell.Percent)
	}
	const most = 3
	for _, a := range q.answers {
		m := q.lacks[max(0, slices.IndexFunc(q.lacks, func(m meaning) bool { return kept.Key(optionNames[m]) == a.Key }))]
		if at := slices.Index(l.layout.Names, a.Value.(string)); at < 0 || fits(m, at) { // put together of several
			out = append(out, a)
		}
	}
	if out != nil { // the headers hint at some
		return out
	}
	for j, name := range l.layout.Names {
		if len(out) >= most {
			break
		}
		if slices.Contains(l.plan.at[:], j) || slices.Contains(descriptors, exports.Simple(name)) {
			continue
		}
		for _, m := range q.lacks {
			if fits(m, j) && !(m == customerColumn && (attribute(name) || hintsAt(name, discounts))) {
				out = append(out, kept.Setting{Key: kept.Key(optionNames[m]), Value: name})
			}
		}
	}
	return out
}

func questionsOf(err error) []*question {
	var all *several
	var one *question
	var bad *fault.CellError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &all):
		return all.all
	case errors.As(err, &one):
		return []*question{one}
	case errors.As(err, &bad):
		return []*question{{CellError: bad, answers: layoutAnswers(bad)}}
	}
	return []*question{{CellError: &fault.CellError{Why: fault.Trimmed(err).Error(), Err: fault.ErrFormat}}}
}

// layoutAnswers are what may be said of a file whose layout is not recognised.
func layoutAnswers(e *fault.CellError) (out []kept.Setting) {
	if _, rest, ok := strings.Cut(e.Remedy, "HeaderLine to "); ok {
		if n, err := strconv.Atoi(rest); err == nil {
			out = append(out, kept.Setting{Key: "header_line", Value: n})
		}
	}
	if strings.Contains(e.Remedy, "separator in features.OrdersOptions.Comma") {
		for _, c := range ":^~#" {
			out = append(out, kept.Setting{Key: "comma", Value: string(c)})
		}
	}
	return out
}

// file says how the file is laid out.
func (i *inspection) file(l *look) {
	r := i.r
	r.Encoding = l.encoding
	if l.survey != nil {
		if l.survey.invalid {
			r.Encoding = strings.Replace(r.Encoding, "UTF-8", "Windows-1252", 1)
		}
		r.Records, r.Repeated = l.survey.records, l.repeated
	}
	if l.layout == nil {
		return
	}
	r.Separator, r.HeaderLine = string(l.layout.Comma), l.layout.Line
	if slices.ContainsFunc(l.layout.Notes, func(n string) bool { return strings.Contains(n, "separated by blanks") }) {
		r.Separator = "blanks"
	}
	for j, name := range l.layout.Names {
		c := inspect.Column{Name: name}
		if l.survey != nil {
			s := &l.survey.columns[j]
			c.Example = textfile.String(s.first)
			for m, n := range s.missing {
				if n > 0 {
					if c.Missing == nil {
						c.Missing = map[string]int{}
					}
					c.Missing[append(l.survey.missing.Names(), "")[m]] += n
				}
			}
		}
		r.Columns = append(r.Columns, c)
	}
}

// column says what a column of an order file is read as, and how.
func (i *inspection) column(c *inspect.Column, at int, l *look) {
	p := l.plan
	for m, column := range p.at {
		if column >= 0 && slices.Contains(p.partsOf(column), at) {
			switch c.Role = meaning(m).String(); {
			case column == at:
			case len(p.partsOf(column)) > 1:
				c.Form = fmt.Sprintf("part of %q", p.header[column])
			default:
				c.Form = "text, without " + p.compounds[column-p.width].form.Says()
			}
		}
	}
	if slices.Contains(p.more, at) {
		c.Role = "descriptor"
	}
	if c.Role == "" {
		plain := exports.Simple(c.Name)
		for m, names := range exports.Headers {
			if slices.Contains(names, plain) {
				c.MayBe = append(c.MayBe, meaning(m).String())
			}
		}
		if l.survey.every {
			c.MayBe = append(c.MayBe, hinted(l.err, c.Name)...)
		}
	}
	if l.survey.every {
		ofTable(c, &l.survey.columns[at], l.o.Decimal)
		return
	}
	switch all := &l.all.out; {
	case c.Form != "":
	case at == p.at[dateColumn]:
		c.Form, c.Evidence, c.Unread = all.dates.seen.Written()
	case at == p.priceOrAmount():
		c.Form, c.Evidence, c.Unread = all.price.seen.Written(p.decimal)
	case at == p.at[quantityColumn]:
		c.Form, c.Evidence, c.Unread = all.quantity.seen.Written(p.decimal)
	case at == p.at[refundColumn]:
		c.Form, c.Evidence, c.Unread = all.refund.seen.Written(p.decimal)
	case c.Role != "":
		c.Form = "text"
	}
	for _, m := range l.mapping { // comparing it with another column may have decided what it is
		if m.Header == c.Name && m.Meaning != c.Role {
			c.Role, c.MayBe = m.Meaning, nil
		}
	}
	if c.Role == priceColumn.String() && slices.ContainsFunc(l.mapping, func(m Mapping) bool { return m.Meaning == c.Role && m.Header == "" }) {
		c.Role = ""
	}
}

// hinted are the roles for which a header is offered.
func hinted(err error, header string) (out []string) {
	for _, q := range questionsOf(err) {
		for _, a := range q.answers {
			if a.Value == header && !slices.Contains(out, a.Key) {
				out = append(out, a.Key)
			}
		}
	}
	return out
}

// table reports on a table of customers.
func (i *inspection) table(l *look, o OrdersOptions) (*inspect.Report, error) {
	if o.Ignore != nil {
		return nil, &fault.OptionError{Method: "features.OrdersOptions", Field: "Ignore", Value: wording.Quoted(o.Ignore), Want: "nothing for a table of customers, who have one row each"}
	}
	i.r.Kind = inspect.Customers
	i.file(l)
	at := l.key()
	if named := l.plan.at[customerColumn]; named >= 0 && l.isKey(named) {
		at = named
	}
	if o.Customer != "" {
		at = slices.Index(l.layout.Names, o.Customer)
	}
	for j := range i.r.Columns {
		c := &i.r.Columns[j]
		c.Role = "feature"
		if ofTable(c, &l.survey.columns[j], o.Decimal); slices.Contains(o.Descriptors, c.Name) {
			c.Form, c.Evidence = "text, as given", ""
		}
	}
	if at >= 0 {
		i.r.Key, i.r.Columns[at].Role, i.r.Columns[at].Form, i.r.Columns[at].Evidence = l.layout.Names[at], "id", "text, kept as it is", ""
		if at < len(l.twice) {
			i.r.RepeatedID = l.twice[at]
		}
		i.r.Notes = append(i.r.Notes, fmt.Sprintf("A row for each customer: table.ReadCSV(%q, %q) reads it.", i.name, i.r.Key))
	}
	if codes := i.codes(l, o.Descriptors); codes != "" {
		i.r.Notes = append(i.r.Notes, codes)
	}
	var options []inspect.Answer
	for _, a := range i.r.Options {
		switch a.Option {
		case "customer": // ReadCSV is told the id
		case "descriptors":
			options = append(options, inspect.Answer{Option: "text", Value: a.Value})
		default:
			options = append(options, a)
		}
	}
	i.r.Options = options
	note := ""
	read := func(o OrdersOptions) *tried {
		f, err := os.Open(i.name)
		if err != nil {
			return nil
		}
		defer f.Close()
		t, err := table.ParseCSV(f, i.name, i.r.Key, table.CSVOptions{Comma: o.Comma, Header: o.Header, HeaderLine: o.HeaderLine, Decimal: o.Decimal, Missing: o.Missing, Text: o.Descriptors})
		if err != nil {
			return &tried{open: questionsOf(err)}
		}
		i.r.Lines, i.r.Customers = t.Len(), t.Len()
		note = t.Raw().Note
		return &tried{gives: fmt.Sprintf("%s, %s", wording.Plural(t.Len(), "customer"), wording.Plural(len(t.Raw().Columns), "column"))}
	}
	const mostCells = 20e6
	first := &tried{}
	if l.survey.records*len(i.r.Columns) > mostCells { // too many to be held: the columns are judged by what they showed
		i.r.Lines, i.r.Customers = l.survey.records, l.survey.records
		for _, e := range l.survey.faults {
			first.open = append(first.open, &question{CellError: e})
		}
	} else if first = read(o); first == nil {
		return nil, cannotOpen(i.name, os.ErrNotExist)
	}
	if note != "" {
		i.r.Notes = append(i.r.Notes, note)
	} else {
		i.r.Notes = append(i.r.Notes, l.layout.Notes...)
	}
	for _, q := range first.open {
		j := slices.Index(l.layout.Names, q.Column)
		if j < 0 || q.Column == i.r.Key {
			continue
		}
		n := &l.survey.columns[j].numbers
		if n.Count() > 0 && n.Either()+n.Bad().Count > 0 {
			q.answers = append(q.answers, kept.Setting{Key: "decimal", Value: "."}, kept.Setting{Key: "decimal", Value: ","})
		}
		q.answers = append(append(q.answers, markers(n.Strange())...), kept.Setting{Key: "descriptors", Value: append(slices.Clone(o.Descriptors), q.Column)})
	}
	i.ask(first.open, func(sets []kept.Setting) *tried {
		with := o
		for _, s := range sets {
			if kept.Put(&with, s, true) != nil {
				return nil
			}
		}
		return read(with)
	})
	if len(i.r.Questions) > 0 {
		i.r.Lines, i.r.Customers = 0, 0
	}
	for n := range i.r.Questions {
		for m := range i.r.Questions[n].Answers {
			if a := &i.r.Questions[n].Answers[m]; a.Option == "descriptors" {
				a.Option, a.Value = "text", []string{i.r.Questions[n].Column}
			} else if c := slices.Index(l.layout.Names, i.r.Questions[n].Column); a.Option == "decimal" && c >= 0 {
				if r := l.survey.columns[c].numbers.Readings(rune(a.Value.(string)[0])); len(r) == 1 {
					a.Gives = fmt.Sprintf("%s adds up to %s", i.r.Questions[n].Column, r[0].Sum)
				}
			}
		}
	}
	return i.r, nil
}

// ofTable says what the cells of a column are by themselves.
func ofTable(c *inspect.Column, s *surveyed, given rune) {
	switch {
	case s.filled == 0:
		c.Form = "empty"
	case s.digits.Padded():
		c.Form, c.Evidence = "text, kept as it is", fmt.Sprintf("%q in line %d", s.digits.Zeros.Cell, s.digits.Zeros.Row)
	case s.numbers.Count() > 0:
		c.Form, c.Evidence, c.Unread = s.numbers.Written(given)
	case s.dates.Count() > s.filled/2:
		c.Form, c.Evidence, c.Unread = s.dates.Written()
	case len(s.texts) == mostLevels:
		c.Form = fmt.Sprintf("text, %s distinct or more", sheet.Count(mostLevels))
	default:
		c.Form = fmt.Sprintf("text, %s distinct", sheet.Count(len(s.texts)))
	}
}

// longCode is from how many digits on numbers that are all of one length are codes.
const longCode = 9

// codes says in a sentence which numbers seem to be codes. asText are columns that are read as text anyway.
func (i *inspection) codes(l *look, asText []string) string {
	var columns, whys []string
	for j, c := range i.r.Columns {
		if why := l.survey.columns[j].code(c.Name); why != "" && c.Role == "feature" && !slices.Contains(asText, c.Name) {
			columns, whys = append(columns, c.Name), append(whys, fmt.Sprintf("%q (%s)", c.Name, why))
		}
	}
	if columns == nil {
		return ""
	}
	return fmt.Sprintf("%s to hold codes rather than amounts: %s. The mean of a code says nothing: read such a column as text with CSVOptions{Text: []string{%q}}, or leave it out.",
		map[bool]string{true: "1 column seems", false: sheet.Count(len(columns)) + " columns seem"}[len(columns) == 1], sheet.List(whys), columns[0])
}

// counted reports whether the cells may be dates in digits alone: 20240301, or days, seconds and the like since some day.
func (c *surveyed) counted() bool {
	return !c.digits.Others && c.digits.Shortest == c.digits.Longest && slices.Contains([]int{5, 8, 10, 12, 13, 14, 16}, c.digits.Longest)
}

// code says in a clause why the whole numbers of a column of that name seem to be codes; "" where they do not, or are read as text.
func (c *surveyed) code(name string) string {
	switch {
	case c.digits.Others || c.filled < 2 || c.digits.Padded():
	case c.digits.Shortest == c.digits.Longest && c.digits.Longest >= longCode:
		return fmt.Sprintf("every cell has %d digits", c.digits.Longest)
	case exports.NamesCode(name):
		return "its name says so"
	}
	return ""
}

// plainMoney is an amount as decimal text for programs.
func plainMoney(m Money) string {
	return strings.NewReplacer(",", "", "−", "-").Replace(m.String())
}
