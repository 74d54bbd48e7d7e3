package features

// Order files in: where they are read from, and how: the stream is cut into blocks of whole records, which are parsed in parallel and joined in order.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
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
	Ignore     []string // differences between ids of customers that do not matter, as combine has them: "zeros" (00123 is 123), "blank", "case", "point" (123.0 is 123), "marks" (123.456-7 is 1234567, but so 1-12 is 11-2)
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

// ReadOrders reads an order file (CSV, plain or gzip; UTF-8, UTF-16 or Windows-1252) strictly: a cell that cannot be used is
// an error that says where it is, and anything that can be read in two ways is asked about. It takes about 0.1 s for half a
// million lines, and memory for the columns that are used, about 50 bytes a line.
//
// Products, names, categories and descriptors of a file of 4 to 256 MB are read when they are first needed (by Lines, Audit, or rules and
// features that look at them), which takes half as long again; other files are read in one go. A file that has been changed or removed by then is refused with an
// explanation; a notebook, which remembers what it read, reads everything at once.
//
// Options that segkit inspect --write kept beside the file (orders.csv.segkit.toml) apply unless o says otherwise. Orders.Notes says
// that they were used; a file whose columns have changed since then is refused.
func ReadOrders(path string, o OrdersOptions) (*Orders, error) {
	s, err := fileSource(path)
	if err != nil {
		return nil, err
	}
	if s.kept, err = kept.Beside("features.ReadOrders", path); err != nil {
		return nil, err
	}
	if o, err = o.with(s.kept); err != nil {
		return nil, err
	}
	return s.read(o)
}

// fileSource is the file at path.
func fileSource(path string) (source, error) {
	s := source{name: path, open: func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, cannotOpen(path, err)
		}
		return f, nil
	}}
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return s, fmt.Errorf("segkit: features.ReadOrders: %s is a directory: give the name of a file", path)
		}
		s.file = info.Mode().IsRegular()
		s.once = !s.file
	}
	return s, nil
}

// with adds the options that were kept for a file to those that are not set. Options of a customer table are not for orders.
func (o OrdersOptions) with(k *kept.Options) (OrdersOptions, error) {
	if k == nil || k.Kind != kept.Orders {
		return o, nil
	}
	own := o
	if err := k.Fill(&o); err != nil {
		return o, err
	}
	if own.Price != "" || own.Amount != "" || own.Total != "" { // one of them says what is counted
		o.Price, o.Amount, o.Total = own.Price, own.Amount, own.Total
	}
	if own.Header != nil || own.HeaderLine != 0 {
		o.Header, o.HeaderLine = own.Header, own.HeaderLine
	}
	return o, nil
}

func cannotOpen(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("segkit: features.ReadOrders: there is no file %s%s: check the name and the folder (%w)", path, inFolder(path), fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("segkit: features.ReadOrders: you may not read %s: ask its owner for permission (%w)", path, fs.ErrPermission)
	}
	return fmt.Errorf("segkit: features.ReadOrders: %w", err)
}

// inFolder says which folder a relative path was looked for in: in a notebook it is the notebook's, not the reader's.
func inFolder(path string) string {
	folder, err := os.Getwd()
	if err != nil || filepath.IsAbs(path) {
		return ""
	}
	return " in " + folder
}

// ParseOrders reads orders from r, as ReadOrders does. The name appears in error messages.
func ParseOrders(r io.Reader, name string, o OrdersOptions) (*Orders, error) {
	if r == nil {
		return nil, fault.Nil("features.ParseOrders", "reader")
	}
	if seeker, ok := r.(io.Seeker); ok {
		if start, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			return source{name: name, open: func() (io.ReadCloser, error) {
				if _, err := seeker.Seek(start, io.SeekStart); err != nil {
					return nil, fmt.Errorf("segkit: features.ParseOrders: %s: %w", name, err)
				}
				return io.NopCloser(r), nil
			}}.read(o)
		}
	}
	if memory.From(job.DefaultContext) == nil {
		return source{name: name, open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }, once: true}.read(o)
	}
	data, err := io.ReadAll(r) // to be read twice: once for its hash, once if its lines are needed
	if err != nil {
		return nil, fmt.Errorf("segkit: features.ParseOrders: %s: %w", name, err)
	}
	return source{name: name, open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}.read(o)
}

// source is where orders are read from.
type source struct {
	name string
	open func() (io.ReadCloser, error) // at its start
	once bool                          // a pipe, which can be opened once only
	file bool                          // a file, which can be opened later too
	kept *kept.Options                 // beside the file, nil if there are none
}

// read reads the source, or, where a memory knows the content to be sound, only hashes it for now.
func (s source) read(o OrdersOptions) (*Orders, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	ctx := job.DefaultContext
	if s.once || memory.From(ctx) == nil {
		l, err := s.lines(o, nil)
		if err != nil {
			return nil, err
		}
		return newOrders(ctx, s.name, "", nil, func() (*view, error) { return l.all(), nil }), nil
	}
	sum, err := hashOf(s.open)
	if err != nil {
		return nil, err
	}
	key := memory.Key("orders", sum, o)
	if s.kept != nil {
		key = memory.Key("orders", sum, o, *s.kept)
	}
	orders := newOrders(ctx, s.name, key, nil, sync.OnceValues(func() (*view, error) {
		read := sha256.New()
		l, err := s.lines(o, read)
		if err != nil {
			return nil, err
		}
		if hex.EncodeToString(read.Sum(nil)) != sum {
			return nil, fmt.Errorf("segkit: features.ReadOrders: %s changed while it was in use: run the cells again (%w)", s.name, fault.ErrFormat)
		}
		return l.all(), nil
	}))
	_, err = orders.facts() // known only of a file that was read to its end
	if err != nil {
		return nil, err
	}
	return orders, nil
}

// lines reads all lines, and shows every byte of the file to seen, if given. Where the file shows at its end that the dates
// mean something else than its first lines let one think, it is read once more, and where lines of orders that are alike may be copies of one another.
func (s source) lines(o OrdersOptions, seen hash.Hash) (*lines, error) {
	var form *dateForm
	hash := s.once
	for passes := 1; ; passes++ {
		r := reading{file: s.name, o: o, kept: s.kept, size: records.Size, form: form, later: s.file && seen == nil, hash: hash, earlier: earlier(s.kept)}
		l, err := s.pass(&r, seen)
		switch {
		case err == nil && l.details == nil:
			l.later = sync.OnceValues(func() (*details, error) { return s.details(&r, l) })
			return l, nil
		case err == errAlike && !hash:
			hash = true
		case err != errAgain || passes > 3:
			return l, err
		case s.once:
			return nil, r.bad(0, err.Error()+", and a pipe cannot be read twice", fmt.Sprintf("set features.OrdersOptions.DateLayout to %q", r.plan.dates.String()))
		}
		if err == errAgain {
			form = &r.plan.dates
		}
		if seen != nil {
			seen.Reset()
		}
	}
}

// pass is one reading of the source for its lines.
func (s source) pass(r *reading, seen hash.Hash) (l *lines, err error) {
	err = s.stream(r, seen, func(in io.Reader) error {
		l, err = r.parse(in)
		return err
	})
	return l, err
}

// stream opens the source for one reading. What is appended to a file meanwhile is not read, and refused at the end: the last line
// may be half of one.
func (s source) stream(r *reading, seen hash.Hash, parse func(in io.Reader) error) error {
	f, err := s.open()
	if err != nil {
		return err
	}
	defer f.Close()
	in, changed := io.Reader(f), func() bool { return false }
	if file, ok := f.(*os.File); ok {
		info, err := file.Stat()
		if first := r.info; first != nil && (err != nil || info.Size() != first.Size() || !info.ModTime().Equal(first.ModTime())) {
			return r.changed()
		}
		r.info = info
		in, r.known, changed = textfile.Steady(file)
	}
	if seen != nil {
		in = io.TeeReader(in, seen)
	}
	err = parse(in)
	if err == nil && seen != nil { // what lies behind the end of the compressed text
		_, err = io.Copy(io.Discard, in)
	}
	if (err == nil || errors.Is(err, fault.ErrFormat)) && changed() {
		return r.bad(0, textfile.Written, textfile.WrittenRemedy)
	}
	return err
}

func hashOf(open func() (io.ReadCloser, error)) (string, error) {
	f, err := open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("segkit: features.ReadOrders: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
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
