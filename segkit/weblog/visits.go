package weblog

// Visits: hits as read or as cleaned, held or read again when they are needed.

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
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

// Visits is a set of hits, or of visits, immutable.
type Visits struct {
	name  string // of the file, for messages
	key   string // names the content in a memory; "" where there is none
	ctx   context.Context
	view  func() (*view, error)  // read or cleaned when first asked for
	facts func() (*facts, error) // what is cheap to know, recalled without the hits
	rules []Rule                 // applied so far
}

var _ sheet.Sheeter = (*Visits)(nil)

// Hit is one line of the file: a page looked at, an event, or a whole visit.
type Hit struct {
	File        int       // line of the file
	Visitor     string    // "" if missing
	Customer    string    // "" if nobody was logged in
	Time        time.Time // local time of the file, as UTC; zero if missing
	Page        string
	Kind        string
	Event       string
	Source      string
	Device      string
	Agent       string
	Pages       int  // of a visit; 1 for a hit, 0 for an event that is not a page
	Seconds     int  // of a visit; -1 if unknown
	Ordered     bool // something was bought
	Descriptors []string
}

// Count is the size of a log.
type Count struct {
	Lines    int // of the file
	Hits     int // pages: lines, without events that are not pages, or the pages of all visits if a line is a visit
	Visits   int // hits without a visitor or a time are in none
	Visitors int
}

// String reads like "48,613 hits in 6,839 visits of 3,043 visitors".
func (c Count) String() string {
	return fmt.Sprintf("%s in %s of %s", wording.Plural(c.Hits, "hit"), wording.Plural(c.Visits, "visit"), wording.Plural(c.Visitors, "visitor"))
}

func (c Count) minus(d Count) Count {
	return Count{c.Lines - d.Lines, c.Hits - d.Hits, c.Visits - d.Visits, c.Visitors - d.Visitors}
}

// facts are what later cells of a notebook need most, in a few kilobytes.
type facts struct {
	Count
	Dated       bool
	First, Last int // days since 1970
	Preview     []Hit
	Mapping     []features.Mapping
	Notes       []string
}

func (f *facts) MarshalBinary() ([]byte, error) { return json.Marshal(f) }

func (f *facts) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, f) }

// ReadVisits reads a file of website visits, plain or gzip: a table (CSV) with a line for each hit or for each visit, or a server log in the Combined Log
// Format. Columns are recognised by their headers, and anything that can be read in two ways is asked about. A cell that cannot be used is an error that
// says where it is. It takes about a second for two million hits, and memory for the columns that are used: some 40 bytes a hit and 100 a visitor, and
// twice that while it reads.
func ReadVisits(path string, o VisitsOptions) (*Visits, error) {
	const op = "weblog.ReadVisits"
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return nil, cannotOpen(op, path, err)
	}
	return source{op: op, name: path, open: func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, cannotOpen(op, path, err)
		}
		return f, nil
	}}.read(o, (*reading).parse)
}

func cannotOpen(op, path string, err error) error {
	switch {
	case err == nil:
		return fault.Errorf(fault.ErrFormat, "segkit: %s: %s is a directory: give the name of a file", op, path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("segkit: %s: there is no file %s: check the name and the folder (%w)", op, path, fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("segkit: %s: you may not read %s: ask its owner for permission (%w)", op, path, fs.ErrPermission)
	}
	return fmt.Errorf("segkit: %s: %w", op, err)
}

// ParseVisits reads visits from r, as ReadVisits does. The name appears in error messages.
func ParseVisits(r io.Reader, name string, o VisitsOptions) (*Visits, error) {
	return parse(source{op: "weblog.ParseVisits", name: name}, r, o, (*reading).parse)
}

// parse reads from r, twice where there is a memory: once for its hash, once if its hits are needed.
func parse(s source, r io.Reader, o VisitsOptions, how func(*reading, io.Reader) (*log, error)) (*Visits, error) {
	if r == nil {
		return nil, fault.Nil(s.op, "reader")
	}
	s.open = func() (io.ReadCloser, error) { return io.NopCloser(r), nil }
	if memory.From(job.DefaultContext) != nil {
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %s: %w", s.op, s.name, err)
		}
		s.open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	}
	return s.read(o, how)
}

// source is where visits are read from.
type source struct {
	op, name string
	open     func() (io.ReadCloser, error) // at its start
	extra    any                           // options beside those of visits, nil for none
}

// read reads the source, or, where a memory knows the content to be sound, only hashes it for now.
func (s source) read(o VisitsOptions, how func(*reading, io.Reader) (*log, error)) (*Visits, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	ctx := job.DefaultContext
	if memory.From(ctx) == nil {
		l, err := s.log(o, how, nil)
		if err != nil {
			return nil, err
		}
		return newVisits(ctx, s.name, "", sync.OnceValues(func() (*view, error) { return l.all(), nil })), nil
	}
	f, err := s.open()
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	f.Close()
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", s.op, err)
	}
	content := hex.EncodeToString(sum.Sum(nil))
	v := newVisits(ctx, s.name, memory.Key("visits", s.op, content, o, s.extra), sync.OnceValues(func() (*view, error) {
		read := sha256.New()
		l, err := s.log(o, how, read)
		if err != nil {
			return nil, err
		}
		if hex.EncodeToString(read.Sum(nil)) != content {
			return nil, fmt.Errorf("segkit: %s: %s changed while it was in use: run the cells again (%w)", s.op, s.name, fault.ErrFormat)
		}
		return l.all(), nil
	}))
	if _, err = v.facts(); err != nil { // known only of a file that was read to its end
		return nil, err
	}
	return v, nil
}

// log reads all of the source, and shows every byte to seen, if given.
func (s source) log(o VisitsOptions, how func(*reading, io.Reader) (*log, error), seen hash.Hash) (*log, error) {
	f, err := s.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &reading{op: s.op, file: s.name, o: o}
	in, changed := io.Reader(f), func() bool { return false }
	if file, ok := f.(*os.File); ok {
		in, r.known, changed = textfile.Steady(file)
	}
	if seen != nil {
		in = io.TeeReader(in, seen)
	}
	l, err := how(r, in)
	if err == nil && seen != nil { // what lies behind the end of the compressed text
		_, err = io.Copy(io.Discard, in)
	}
	if (err == nil || errors.Is(err, fault.ErrFormat)) && changed() {
		return nil, r.bad(0, textfile.Written, textfile.WrittenRemedy)
	}
	return l, err
}

// newVisits wraps hits that are had when first asked for; key names them in the memory of ctx.
func newVisits(ctx context.Context, name, key string, hits func() (*view, error)) *Visits {
	v := &Visits{name: name, key: key, ctx: ctx, view: hits}
	v.facts = sync.OnceValues(func() (*facts, error) {
		return recall(v, "visit facts", nil, func(hits *view) (*facts, error) { return hits.facts(), nil })
	})
	return v
}

// recall returns what the memory holds of these visits under a purpose and options, else computes it from their hits.
func recall[T any](v *Visits, purpose string, options any, compute func(*view) (*T, error)) (*T, error) {
	return memory.Recall(v.ctx, memory.Derived(v.key, purpose, options), func() (*T, error) {
		hits, err := v.view()
		if err != nil {
			return nil, err
		}
		return compute(hits)
	})
}

// facts counts a view.
func (v *view) facts() *facts {
	f := &facts{Count: v.count(), Dated: v.dated, First: math.MaxInt, Last: math.MinInt, Mapping: v.mapping, Notes: v.notes}
	if v.dated {
		first, last := int64(math.MaxInt64), int64(math.MinInt64)
		if v.loose == 0 {
			for _, s := range v.visits {
				first, last = min(first, s.start), max(last, s.end)
			}
		} else {
			for _, i := range v.rows {
				if when := v.when[i]; when != noTime {
					first, last = min(first, when), max(last, when)
				}
			}
		}
		if first <= last {
			f.First, f.Last = dayOf(first), dayOf(last)
		}
	}
	inFile := make([]int32, 0, sheet.MaxRows+1) // the first lines of the file
	for _, i := range v.rows {
		if n := len(inFile); n == sheet.MaxRows {
			if i > inFile[n-1] {
				continue
			}
			inFile = inFile[:n-1]
		}
		at, _ := slices.BinarySearch(inFile, i)
		inFile = slices.Insert(inFile, at, i)
	}
	for _, i := range inFile {
		f.Preview = append(f.Preview, v.show(i))
	}
	return f
}

// show returns line i for reading.
func (v *view) show(i int32) Hit {
	out := Hit{File: int(v.line[i]), Visitor: v.people[v.who[i]], Customer: v.customer.at(i), Page: v.page.at(i), Kind: v.kind.at(i), Event: v.event.at(i),
		Source: v.source.at(i), Device: v.device.at(i), Agent: v.agent.at(i), Pages: v.pagesOf(i), Seconds: -1, Ordered: v.buys(i)}
	if v.dated && v.when[i] != noTime {
		out.Time = time.Unix(v.when[i], 0).UTC()
	}
	if v.seconds != nil {
		out.Seconds = int(v.seconds[i])
	}
	for j := range v.more {
		out.Descriptors = append(out.Descriptors, v.more[j].at(i))
	}
	return out
}

// Name returns the name of the file that the visits came from.
func (v *Visits) Name() string { return v.name }

// Count returns how many hits, visits and visitors there are.
func (v *Visits) Count() (Count, error) {
	if v == nil {
		return Count{}, fault.Nil("weblog.Visits.Count", "visits")
	}
	f, err := v.facts()
	if err != nil {
		return Count{}, err
	}
	return f.Count, nil
}

// Period returns the first and the last day with a hit. If there are no hits, both are zero.
func (v *Visits) Period() (first, last time.Time, err error) {
	if v == nil {
		return time.Time{}, time.Time{}, fault.Nil("weblog.Visits.Period", "visits")
	}
	f, err := v.facts()
	if err != nil || f.First > f.Last {
		return
	}
	return dateOf(f.First), dateOf(f.Last), nil
}

// Mapping says how the columns of the file were read.
func (v *Visits) Mapping() ([]features.Mapping, error) {
	if v == nil {
		return nil, fault.Nil("weblog.Visits.Mapping", "visits")
	}
	f, err := v.facts()
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.Mapping), nil
}

// Notes says in sentences what was assumed when the file was read.
func (v *Visits) Notes() ([]string, error) {
	if v == nil {
		return nil, fault.Nil("weblog.Visits.Notes", "visits")
	}
	f, err := v.facts()
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.Notes), nil
}

// Hits iterates over the lines, by visitor and time.
func (v *Visits) Hits() (iter.Seq[Hit], error) {
	if v == nil {
		return nil, fault.Nil("weblog.Visits.Hits", "visits")
	}
	hits, err := v.view()
	if err != nil {
		return nil, err
	}
	return func(yield func(Hit) bool) {
		for _, i := range hits.rows {
			if !yield(hits.show(i)) {
				return
			}
		}
	}, nil
}

// Sheet shows the first lines of the file.
func (v *Visits) Sheet() sheet.Sheet {
	f, err := v.facts()
	if err != nil {
		return sheet.Sheet{Caption: err.Error()}
	}
	name := filepath.Base(v.name)
	if f.Lines == 0 {
		return sheet.Sheet{Caption: name + ": no visits"}
	}
	s := sheet.Sheet{Caption: fmt.Sprintf("%s: %s", name, f.Count), Total: f.Lines, Notes: f.Notes}
	if f.First <= f.Last {
		s.Caption += fmt.Sprintf(", %s to %s", dateText(f.First), dateText(f.Last))
	}
	has := map[string]bool{}
	var more []string
	for _, m := range f.Mapping {
		if has[m.Meaning] = true; m.Meaning == "descriptor" {
			more = append(more, m.Header)
		}
	}
	type column struct {
		sheet.Column
		text func(Hit) string
	}
	all := []column{{sheet.Column{Name: "line"}, func(h Hit) string { return sheet.Count(h.File) }}}
	add := func(has bool, name, unit string, text bool, show func(Hit) string) {
		if has {
			all = append(all, column{sheet.Column{Name: name, Unit: unit, Text: text}, show})
		}
	}
	add(has["time"], "time", "", true, Hit.when)
	add(true, "visitor", "", true, func(h Hit) string { return orMissing(h.Visitor) })
	add(has["customer"] && has["visitor"], "customer", "", true, func(h Hit) string { return orMissing(h.Customer) })
	add(has["page"], "page", "", true, func(h Hit) string { return orMissing(h.Page) })
	add(has["kind"] || has["page"], "kind", "", true, func(h Hit) string { return orMissing(h.Kind) })
	add(has["event"], "event", "", true, func(h Hit) string { return orMissing(h.Event) })
	add(has["source"], "source", "", true, func(h Hit) string { return orMissing(h.Source) })
	add(has["device"], "device", "", true, func(h Hit) string { return orMissing(h.Device) })
	add(has["agent"], "agent", "", true, func(h Hit) string { return orMissing(shorten(h.Agent, 24)) })
	add(has["pages"], "pages", "", false, func(h Hit) string { return sheet.Count(h.Pages) })
	add(has["seconds"], "duration", "seconds", false, func(h Hit) string {
		if h.Seconds < 0 {
			return sheet.Missing
		}
		return sheet.Count(h.Seconds)
	})
	add(has["ordered"], "ordered", "", true, func(h Hit) string {
		if h.Ordered {
			return "yes"
		}
		return "no"
	})
	for j, name := range more {
		add(true, name, "", true, func(h Hit) string { return orMissing(h.Descriptors[j]) })
	}
	for _, c := range all {
		s.Columns = append(s.Columns, c.Column)
	}
	for _, h := range f.Preview {
		row := make([]string, len(all))
		for j, c := range all {
			row[j] = c.text(h)
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// when is the day and time of a hit, nothing where they are missing.
func (h Hit) when() string {
	if h.Time.IsZero() {
		return sheet.Missing
	}
	return h.Time.Format("2006-01-02 15:04")
}

func orMissing(s string) string {
	if s == "" {
		return sheet.Missing
	}
	return s
}

// shorten keeps a long text from filling the screen.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
