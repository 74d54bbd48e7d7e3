package features

// Order files in: the stream is cut into blocks of whole records, which are parsed in parallel and joined in order.

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
)

// OrdersOptions says how to read an order file. The zero value recognises columns by their headers, or the whole file as the export of
// a known system if its columns match, and works out what numbers and dates mean from all cells of their columns. Whatever these leave
// open, such as 03/04/2025, is asked about and never guessed. If you name a column, no export is assumed.
type OrdersOptions struct {
	// Columns by their header. Empty: recognised; Orders.Mapping says how. Customer, Date, and Price or Amount are
	// required. A column may be joined from several, with spaces between them: "First Name + Last Name", "Year + Month +
	// Day", "Date + Time". "Debit - Credit" is money out less money back, where each line has only one of the two.
	Order    string // order number; if it is missing, in the file or in a line, what a customer buys on one day is an order
	Customer string // id, kept as text: "00123" is not 123
	Date     string
	Product  string // id
	Name     string // what the product is called
	Category string
	Quantity string // units; negative for returned goods; without it, every line is one unit, and you are asked if lines have a price and whole numbers in another column could be the quantity
	Price    string // per unit
	Amount   string // of the whole line, if there is no price
	Total    string // of the whole order, if its lines have neither: counts on the first line of each order

	Status    string   // of the order: "paid", "cancelled", "refunded"; the rule Undone goes by it
	Undone    []string // values of Status which mean that the order came to nothing, if the words alone do not say so: "on hold"
	Refunded  string   // money given back from what the line or its order cost; the rule Undone subtracts it
	Direction string   // of the line: "sale" or "refund"; lines of refunds count as money back
	Back      []string // values of Direction that mean money back, if the words alone do not say so: "credit"

	// The words that Undone, Back and Currency give answers for, so that a word that comes up later is asked about again; nil: any word. Options kept in a file have
	// them.
	UndoneAmong, BackAmong, CurrencyAmong []string

	Descriptors []string // where and how a customer buys; nil recognises country, region, state (unless its words are those of a status), city, channel, store, source

	// What the file itself usually reveals; if it does not, an error asks for one of these.
	DateLayout string   // "2/1/2006 15:04" as in package time, "%d/%m/%Y", "excel", "unix"; several with | between them
	Zone       string   // if times are in several zones: "as written" takes each as the clock showed it, "Europe/Berlin" converts them
	Decimal    rune     // '.' or ','
	Comma      rune     // between fields: , ; tab | or another character; blanks are recognised
	Missing    []string // cells that mean "not known"; nil: empty, NA, N/A, #N/A, NaN, nan, null, NULL, \N and the like; "time without a date": every such date
	Ignore     []string // differences between ids of customers that do not matter, as combine has them: "zeros" (00123 is 123), "blank", "case", "point" (123.0 is 123), "marks" (123.456-7 is 1234567)
	HeaderLine int      // the line of the file that names the columns
	Header     []string // names of the columns, if no line of the file names them
	Wide       string   // "last" or "first": the file has a column for each month, whose cells count as one order each on that day of the month
	Decimals   int      // money is rounded to this many decimals; 0 keeps it as written, up to 9
	Currency   string   // unit of money in charts and tables, "EUR"; empty takes the one in the cells. If the cells have several, Features and Outcome refuse to add them up, unless Currency says that there is only one
}

// check fills in the defaults that do not depend on the file.
func (o OrdersOptions) check() (OrdersOptions, error) {
	if o.Decimal != 0 && o.Decimal != '.' && o.Decimal != ',' {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Decimal", Value: string(o.Decimal), Want: "'.' or ','"}
	}
	if o.Comma != 0 && (o.Comma > utf8.RuneSelf || strings.ContainsRune("\"\r\n", o.Comma)) {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Comma", Value: string(o.Comma), Want: "one of , ; tab |"}
	}
	if o.Decimals < 0 || o.Decimals > maxDecimals {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Decimals", Value: o.Decimals, Want: fmt.Sprintf("0 to %d", maxDecimals)}
	}
	if _, err := cell.ParseLayouts(o.DateLayout); o.DateLayout != "" && err != nil {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "DateLayout", Value: o.DateLayout, Want: err.Error()}
	}
	if why := cell.CheckZone(o.Zone); why != "" {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Zone", Value: o.Zone, Want: why}
	}
	if _, unknown := suggest.Named(o.Ignore); unknown != "" {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Ignore", Value: strconv.Quote(unknown), Want: "some of " + wording.Quoted(suggest.Every.Names())}
	}
	if o.HeaderLine < 0 || o.HeaderLine > 0 && o.Header != nil {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "HeaderLine", Value: o.HeaderLine, Want: "a line of the file, from 1, or nothing where Header gives the names"}
	}
	if o.Wide != "" && o.Wide != "last" && o.Wide != "first" {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Wide", Value: o.Wide, Want: `"last" or "first"`}
	}
	if o.Wide != "" && (o.Date != "" || o.Price != "" || o.Amount != "" || o.Total != "" || o.Quantity != "") {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Wide", Value: o.Wide, Want: "nothing where a column of dates, prices, amounts or quantities is named: the months are all of these"}
	}
	if o.Price != "" && o.Amount != "" {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Amount", Value: o.Amount, Want: "nothing where Price is set: one of the two says what a line is worth"}
	}
	if o.Total != "" && (o.Price != "" || o.Amount != "") {
		return o, &fault.OptionError{Method: "features.OrdersOptions", Field: "Total", Value: o.Total, Want: "nothing where Price or Amount is set: one of them says what is counted"}
	}
	return o, nil
}

// Files between large and huge, in bytes, are read for what every analysis needs, and once more when somebody asks for details. Smaller ones are read in no time, and
// huge ones may be too large for the system to keep: they would come from the disk twice.
var large, huge int64 = 4 << 20, 256 << 20

// reading is one pass over a file.
type reading struct {
	file  string
	o     OrdersOptions
	size  int   // bytes of a block; small in tests
	known int64 // bytes of the plain file, 0 if unknown
	later bool  // the file can be read again for what is not needed at once
	hash  bool  // as the plan has it

	info    fs.FileInfo // of the plain file as it was first read
	earlier among       // as the plan has it

	kept   *kept.Options
	form   *dateForm // how dates are read, learned by reading the file to its end
	layout *layout.Layout
	wide   *layout.Wide // months in columns; nil for none
	plan   *plan
	before int // lines in front of the data
}

func (r *reading) bad(line int, why, remedy string) error {
	return &fault.CellError{Op: "features.ReadOrders", File: r.file, Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

// parse reads all lines of in, plain or compressed by gzip.
func (r *reading) parse(in io.Reader) (*lines, error) {
	text, err := r.open(in)
	if err != nil {
		return nil, err
	}
	if err := r.header(text); err != nil {
		return nil, err
	}
	if r.later && r.known >= large && r.known < huge && !r.plan.doubtful() && r.wide == nil {
		r.plan.part = essentials
	}
	r.plan.hashed = r.hash
	out, first := newJoiner(r.plan), true
	err = r.pieces(text.Rest(), false, func(b *piece, size, before int) error {
		if first && r.known > 0 {
			out.grow(records.Expected(len(b.line), size, r.known))
		}
		first = false
		if err := out.add(b, before); err != nil {
			err.Op, err.File = r.plan.op, r.file
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if out.line.n == 0 {
		return nil, r.noLines()
	}
	return out.lines()
}

func (r *reading) noLines() error {
	return &fault.CellError{Op: "features.ReadOrders", File: r.file, Why: "has a header but no order lines", Remedy: "check that the export was complete", Err: fault.ErrEmpty}
}

// open unpacks and decodes in while it is read.
func (r *reading) open(in io.Reader) (*layout.Text, error) {
	text, err := layout.Open(in)
	if err != nil {
		return nil, r.refused(err)
	}
	if text.Packed || text.Encoding != "" {
		r.known = 0
	}
	return text, nil
}

// refused adds to an error where it was met.
func (r *reading) refused(err error) error {
	var e *fault.CellError
	if !errors.As(err, &e) {
		return r.unreadable(err)
	}
	e.Op, e.File = "features.ReadOrders", r.file
	return e
}

func (r *reading) unreadable(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return r.bad(0, "the compressed file is cut off", "fetch it again")
	}
	return r.bad(0, "cannot be read to its end ("+err.Error()+")", "fetch or copy it again")
}

// pieces parses in in blocks by workers, and joins the pieces in the order of the file; before is how many lines of the file stand
// before a piece, size how many bytes it had. With survey, what every record shows is counted too, and none is refused.
func (r *reading) pieces(in io.Reader, survey bool, join func(b *piece, size, before int) error) error {
	used, before := make(chan *piece, 4*runtime.GOMAXPROCS(0)), r.before // used: to be used again
	worker := func() func(data []byte) (*piece, []byte) {
		s, texts := records.NewScanner(r.plan.comma, r.plan.width), newVocabulary(r.plan)
		return func(data []byte) (*piece, []byte) {
			b := new(piece)
			select {
			case b = <-used:
			default:
			}
			if texts.large() {
				texts = texts.again(r.plan)
			}
			b.reset(r.plan, texts)
			if survey {
				b.survey = newSurvey(len(r.plan.header), r.plan.missing, false)
			}
			s.Reset(data)
			b.parse(s)
			return b, s.Data
		}
	}
	return records.Each(records.Blocks{In: in, Size: r.size, Failed: r.unreadable}, worker, func(b *piece, size int) error {
		if err := join(b, size, before); err != nil {
			return err
		}
		before += b.lines
		select {
		case used <- b:
		default:
		}
		return nil
	})
}

// details reads what the first reading of a large file has left, for the lines that it found: they are known by where they stand.
func (s source) details(first *reading, l *lines) (*details, error) {
	plan := *first.plan
	plan.part = onlyDetails
	r := reading{file: s.name, o: first.o, kept: s.kept, size: records.Size, info: first.info}
	j, found := newJoiner(&plan), 0
	j.grow(l.len())
	err := s.stream(&r, nil, func(in io.Reader) error {
		text, err := r.open(in)
		if err != nil {
			return err
		}
		if err = r.recognise(text); err != nil {
			return err
		}
		r.plan = &plan
		return r.pieces(text.Rest(), false, func(b *piece, _, before int) error {
			found = j.addDetails(b, before, &l.line, found)
			return nil
		})
	})
	if errors.Is(err, fs.ErrNotExist) || err == nil && found < l.len() {
		err = r.changed()
	}
	if err != nil {
		return nil, err
	}
	if plan.foreign {
		j.decode()
	}
	return j.details(), nil
}

// changed is the error for a large file that is not there any more as it was.
func (r *reading) changed() error {
	return r.bad(0, "was changed or removed after it was read, and products and descriptors of a large file are read only when they are first asked for", "read it again")
}

// header recognises the layout of the file, makes the plan, and leaves text at the first line of data.
func (r *reading) header(text *layout.Text) error {
	if err := r.recognise(text); err != nil {
		return err
	}
	if r.kept != nil && r.kept.Kind == kept.Orders {
		if err := r.kept.Changed("features.ReadOrders", r.file, r.layout.Names); err != nil {
			return err
		}
	}
	return r.planned(text)
}

func (r *reading) recognise(text *layout.Text) (err error) {
	given := layout.Given{Comma: byte(r.o.Comma), Header: r.o.Header, HeaderLine: r.o.HeaderLine, Options: "features.OrdersOptions"}
	r.layout, err = layout.Recognise(text, given)
	if err != nil {
		return r.refused(err)
	}
	r.before = r.layout.Before
	if r.o.Wide != "" {
		if r.wide, err = r.layout.Widen(r.o.Wide, given); err != nil {
			r.layout = nil
			return r.refused(err)
		}
	}
	return nil
}

// planned makes the plan, now that the layout is known.
func (r *reading) planned(text *layout.Text) (err error) {
	l := r.layout
	if n := len(l.Periods); n > 2 && r.wide == nil {
		return &question{answers: []kept.Setting{{Key: "wide", Value: "last"}, {Key: "wide", Value: "first"}}, CellError: &fault.CellError{Op: "features.ReadOrders", File: r.file, Line: l.Line, Err: fault.ErrSchema,
			Why:    fmt.Sprintf("the header has a column for each of %d months (%q to %q): what a customer bought in a month shows neither single orders nor their days", n, l.Periods[0], l.Periods[n-1]),
			Remedy: `set features.OrdersOptions.Wide to "last" or "first" to take each cell as one order on that day of its month, or read the file as a customer table with table.ReadCSV`}}
	}
	o := r.o
	o.Comma = rune(l.Comma)
	if r.wide != nil {
		o.Date, o.Amount, o.DateLayout, o.Zone = r.wide.Date, r.wide.Amount, time.DateOnly, ""
	}
	if err := r.twice(l); err != nil {
		return err
	}
	if r.plan, err = newPlan("features.ReadOrders", r.file, l.Names, o); err != nil {
		return err
	}
	r.plan.wide, r.plan.earlier = r.wide, r.earlier
	r.plan.notes = append(slices.Clip(l.Notes), r.plan.notes...)
	if r.kept != nil && r.kept.Kind == kept.Orders {
		r.plan.notes = append([]string{fmt.Sprintf("Read with the options kept in %s: %s.", filepath.Base(r.kept.Path), r.kept.Said())}, r.plan.notes...)
	}
	start, err := text.Peek(layout.Sample)
	if err != nil && err != io.EOF {
		return r.unreadable(err)
	}
	if err == nil {
		start = start[:records.LastEnd(start)]
	}
	r.plan.look(start, r.before)
	if r.form != nil {
		r.plan.dates = *r.form
	}
	return nil
}

// twice refuses a header in which the only columns that could have a meaning share their name.
func (r *reading) twice(l *layout.Layout) error {
	for m, given := range r.o.named() {
		if given != "" || slices.ContainsFunc(l.Names, func(name string) bool { return slices.Contains(known[m], exports.Header(name)) }) {
			continue
		}
		for _, t := range l.Twice {
			if slices.Contains(known[m], exports.Header(t.Name)) {
				a, b := t.Columns[0], t.Columns[1]
				var answers []kept.Setting
				for _, c := range t.Columns {
					answers = append(answers, kept.Setting{Key: kept.Key(optionNames[m]), Value: l.Names[c]})
				}
				return &question{answers: answers, CellError: &fault.CellError{Op: "features.ReadOrders", File: r.file, Line: l.Line, Column: t.Name, Err: fault.ErrSchema,
					Why:    fmt.Sprintf("appears in the header twice, as columns %d and %d", a+1, b+1),
					Remedy: fmt.Sprintf("set features.OrdersOptions.%s to %q or %q, or rename one of them", optionNames[m], l.Names[a], l.Names[b])}}
			}
		}
	}
	return nil
}
