package features

// Orders: order lines as read or as cleaned, held or read again when they are needed.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/job"
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
