package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/cmd/internal/workbook"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	_ "github.com/segkit/lab/segkit/survey" // models may hold its Ipsatize
	"github.com/segkit/lab/segkit/table"
)

// scoreCmd assigns the customers of a file to the segments of a saved model. A file of customers may be of any size, since it is read in
// pieces; of a file of order lines, all that the model's rules and features need is held.
type scoreCmd struct {
	Model   string `arg:"" help:"Model, as segkit report or a notebook wrote it."`
	File    string `arg:"" help:"Customers as CSV, with the columns of the model in its units; or order lines, where the model was made from them; - is standard input. Gzip is recognised, and so are Excel workbooks and Parquet."`
	Sheet   string `placeholder:"NAME,…" help:"Sheet of a workbook, otherwise the first; several with the same columns are read one after another as one table."`
	ID      string `help:"Column of the customers' ids; without it, the one of the training table, or id."`
	Out     string `short:"o" default:"segments.csv" help:"File to write: id, segment, distance, margin, flags. It appears whole or not at all; - is standard output."`
	Decimal string `help:"Decimal mark, . or , (a comma), where the numbers of a column leave it open."`
	AsOf    string `name:"as-of" help:"For order lines: the last day that counts, as in 2024-03-31; without it, the last day of the orders."`
	JSON    bool   `name:"json" help:"Print what was done as JSON."`

	book *workbook.Source // the file, where it is a workbook or Parquet
}

// Help goes with --help.
func (*scoreCmd) Help() string { return helpOnEngine("score") }

// scoreSummary is the answer of segkit score in JSON.
type scoreSummary struct {
	schema
	Model       string         `json:"model"`
	File        string         `json:"file"`
	Out         string         `json:"out"`
	AsOf        string         `json:"as_of,omitempty"` // of order lines
	Customers   int            `json:"customers"`
	Segments    []segmentSize  `json:"segments"` // in the order of the model
	NoSegment   int            `json:"no_segment"`
	Flags       map[string]int `json:"flags"` // customers: new_level, missing_value, unusable_value, out_of_range
	RepeatedIDs int            `json:"repeated_ids"`
	EmptyIDs    int            `json:"empty_ids"`
	Remarks     []string       `json:"remarks"`
}

type segmentSize struct {
	Name      string  `json:"name"`
	Customers int     `json:"customers"`
	Share     float64 `json:"share"`
}

func (c *scoreCmd) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	for _, read := range []string{c.Model, c.File} {
		if atomicfile.Overwrites(c.Out, read) {
			return usageError{fmt.Errorf("segkit: -o %s would overwrite %s, which is read: give the segments a file of their own", c.Out, read)}
		}
	}
	if c.Out != "-" {
		if err := atomicfile.Try(c.Out); err != nil {
			return err
		}
	}
	model, err := segkit.LoadModel(c.Model)
	if err != nil {
		return err
	}
	if c.File != "-" {
		announce(c.File)
	}
	bar := progressbar.Bar{Draw: progressbar.Terminal()}
	defer bar.Clear()
	ctx = job.WithProgress(ctx, bar.Report)
	pieces, notes, asOf, err := c.customers(ctx, model)
	if err != nil {
		return inFlags(err, c.File)
	}
	var scored *segkit.Scored
	var failed error // to read or to score, which is no failure to write
	if err = c.write(func(w io.Writer) error {
		scored, failed = model.ScoreCSV(w, pieces)
		return failed
	}); failed != nil && !errors.As(failed, new(*atomicfile.DiskError)) {
		return inFlags(failed, c.File)
	} else if err != nil {
		return err
	}
	bar.Clear()
	if c.JSON {
		err = writeJSON(os.Stdout, c.summary(scored, asOf))
	} else {
		s := scored.Sheet()
		s.Notes = append(notes(), s.Notes...)
		if c.Out != "-" {
			s.Notes = append(s.Notes, "Written to "+c.Out+".")
		}
		_, err = io.WriteString(os.Stderr, s.TextIn(columns(os.Stderr)))
	}
	if err == nil && scored.NoSegment == scored.Customers {
		err = lookError{fmt.Errorf("segkit: %s: none of the customers is in a segment", c.name())}
	}
	return err
}

// check refuses flags that say nothing.
func (c *scoreCmd) check() error {
	if c.Decimal != "" && c.Decimal != "." && c.Decimal != "," {
		return usageError{fmt.Errorf("segkit: --decimal is %q, want . or , (a comma)", c.Decimal)}
	}
	if _, err := time.Parse(time.DateOnly, c.AsOf); c.AsOf != "" && err != nil {
		return usageError{fmt.Errorf("segkit: --as-of is %q, want a day such as 2024-03-31", c.AsOf)}
	}
	if c.JSON && c.Out == "-" {
		return usageError{errors.New("segkit: --json and -o - both want standard output: give -o a file")}
	}
	return nil
}

// decimal is the mark that was given, 0 for none.
func (c *scoreCmd) decimal() rune {
	if c.Decimal == "" {
		return 0
	}
	return rune(c.Decimal[0])
}

// customers reads the file as customers in pieces, or else, where the model knows the way, as order lines. asOf is the day up to which
// orders count, notes what is to be said of the file once all pieces were read.
func (c *scoreCmd) customers(ctx context.Context, m *segkit.Model) (pieces iter.Seq2[*table.Table, error], notes func() []string, asOf string, err error) {
	input, start := io.Reader(nil), io.Reader(nil)
	var ofBook []string
	if c.File != "-" && workbook.Is(c.File) {
		if c.book, err = readBook(c.File, c.Sheet); err != nil {
			return nil, nil, "", err
		}
		input, start = bytes.NewReader(c.book.CSV), bytes.NewReader(c.book.CSV)
		ofBook = c.book.Notes
	} else if c.File == "-" {
		in := bufio.NewReaderSize(os.Stdin, 1<<20)
		begin, _ := in.Peek(1 << 20) // what is wrong with it shows when it is read
		input, start = in, bytes.NewReader(begin)
	}
	scan, err := c.scan(start)
	var reads []table.Column
	if err == nil {
		reads, err = m.Reads(scan.Header)
		if e := new(fault.CellError); errors.As(err, &e) {
			e.File = c.name()
		}
	}
	if err != nil && m.Spec != nil && !errors.Is(err, os.ErrNotExist) {
		customers, notes, asOf, failed := c.orders(m, input)
		if failed != nil {
			return nil, nil, "", c.neither(m, scan, err, failed)
		}
		return func(yield func(*table.Table, error) bool) { yield(customers, nil) }, func() []string { return notes }, asOf, nil
	}
	if err != nil {
		return nil, nil, "", err
	}
	if c.AsOf != "" {
		return nil, nil, "", usageError{fmt.Errorf("segkit: --as-of is for order lines, and %s holds customers", c.name())}
	}
	if input != nil {
		if scan, err = c.scan(input); err != nil {
			return nil, nil, "", err
		}
	}
	return c.located(scan.PiecesContext(ctx, c.idIn(m, scan.Header), reads)), func() []string { return slices.Concat(ofBook, scan.Notes()) }, "", nil
}

// located says rows of a workbook where errors name lines.
func (c *scoreCmd) located(pieces iter.Seq2[*table.Table, error]) iter.Seq2[*table.Table, error] {
	if c.book == nil {
		return pieces
	}
	return func(yield func(*table.Table, error) bool) {
		for t, err := range pieces {
			if !yield(t, c.book.Located(err)) {
				return
			}
		}
	}
}

// neither says of a file that can be read neither as customers nor as order lines what is wrong with it as the one that it is meant to be.
func (c *scoreCmd) neither(m *segkit.Model, scan *table.Scan, asCustomers, asOrders error) error {
	customers := scan != nil && slices.ContainsFunc(m.ColumnNames(), func(name string) bool { return slices.Contains(scan.Header, name) })
	switch {
	case !errors.Is(asOrders, fault.ErrMissingColumn):
		return asOrders
	case customers:
		return asCustomers
	}
	return fmt.Errorf("segkit: %s has none of the model's columns (%s), and as order lines it cannot be read: %w", c.name(), strings.Join(m.ColumnNames(), ", "), fault.Trimmed(inFlags(asOrders, c.File)))
}

// name is what messages call the file.
func (c *scoreCmd) name() string {
	if c.File == "-" {
		return "standard input"
	}
	return c.File
}

// scan begins to read the file, or in, which is not nil for standard input.
func (c *scoreCmd) scan(in io.Reader) (*table.Scan, error) {
	o := table.CSVOptions{Decimal: c.decimal()}
	if c.book != nil {
		if err := takeKept(c.book, kept.Customers, &o); err != nil {
			return nil, err
		}
		o.Comma, o.Decimal = ',', cmp.Or(o.Decimal, '.')
	}
	if in != nil {
		return o.Scan(in, c.name())
	}
	return table.ScanCSV(c.File, o)
}

// idIn returns the column of ids: the one asked for, or the one of the training table.
func (c *scoreCmd) idIn(m *segkit.Model, header []string) string {
	for _, name := range []string{c.ID, m.ID} {
		if name != "" {
			return name
		}
	}
	return "id"
}

// withoutHistory is a sentence where all orders of a file are later than those that a model was made of, "" otherwise: without what customers bought before, all look new.
// Features of a window of days need no more than the window.
func withoutHistory(made features.Spec, first time.Time, file string) string {
	if made.AsOf.IsZero() || !first.After(made.AsOf) || made.Window > 0 {
		return ""
	}
	return fmt.Sprintf("All orders in %s are later than those that the model was made from, which end by %s. What customers bought before is missing here, so regulars look like new customers: take a file with all orders up to now.",
		file, made.AsOf.Format(time.DateOnly))
}

// orders makes customers of order lines, by the rules and features that the model was made with.
func (c *scoreCmd) orders(m *segkit.Model, in io.Reader) (customers *table.Table, notes []string, asOf string, err error) {
	spec, err := features.ParseSpec(m.Spec)
	if err != nil {
		return nil, nil, "", err
	}
	o := features.OrdersOptions{Decimal: c.decimal()}
	var orders *features.Orders
	var ofBook []string
	if c.File == "-" {
		orders, err = features.ParseOrders(in, c.name(), o)
	} else {
		orders, ofBook, err = orderLines(c.File, c.Sheet, o)
	}
	if err != nil {
		return nil, nil, "", err
	}
	first, last, err := orders.Period()
	if err != nil {
		return nil, nil, "", err
	}
	unlike, err := spec.Familiar(orders)
	if err != nil {
		return nil, nil, "", err
	}
	lone := withoutHistory(spec, first, c.name())
	if spec.AsOf = last; c.AsOf != "" {
		spec.AsOf, _ = time.Parse(time.DateOnly, c.AsOf) // checked before
	}
	if spec.Rules, err = choices.Whole(orders, spec.Rules); err != nil {
		return nil, nil, "", err
	}
	cleaned, err := orders.Clean(spec.Rules...)
	if err != nil {
		return nil, nil, "", err
	}
	if customers, err = cleaned.Features(spec.AsOf, spec); err != nil {
		return nil, nil, "", err
	}
	count, err := orders.Count()
	if err != nil {
		return nil, nil, "", err
	}
	asOf = spec.AsOf.Format(time.DateOnly)
	notes = []string{fmt.Sprintf("From %s order lines dated %s to %s, cleaned by %s, as they were on %s.", sheet.Count(count.Lines),
		first.Format(time.DateOnly), last.Format(time.DateOnly), rulesOf(spec), asOf)}
	notes = append(append(notes, removed(cleaned.Ledger)), ofBook...)
	assumed, err := unannounced(orders) // what each month's file leaves open, such as words of a status
	if err != nil {
		return nil, nil, "", err
	}
	asks := false
	for _, note := range assumed {
		note = choices.InFlags(note)
		notes, asks = append(notes, note), asks || choices.Asks(note)
	}
	if asks && c.File != "-" {
		notes = append(notes, fmt.Sprintf("Flags for reading are those of segkit inspect: segkit inspect %s … --write keeps the answers beside the file, and segkit score finds them there.", c.File))
	}
	for _, note := range []string{unlike, lone, customers.Raw().Note} { // that the orders end before that day
		if note != "" {
			notes = append(notes, note)
		}
	}
	return customers, notes, asOf, nil
}

// rulesOf lists the rules of cleaning.
func rulesOf(s features.Spec) string {
	var rules []string
	for _, r := range s.Rules {
		rules = append(rules, r.String())
	}
	if rules == nil {
		return "no rule"
	}
	return sheet.List(rules)
}

// write has fill write the segments, whole or not at all.
func (c *scoreCmd) write(fill func(io.Writer) error) error {
	if c.Out != "-" {
		return atomicfile.Write(c.Out, fill)
	}
	w := bufio.NewWriterSize(os.Stdout, 1<<16)
	if err := fill(w); err != nil {
		return err
	}
	return w.Flush()
}

func (c *scoreCmd) summary(s *segkit.Scored, asOf string) scoreSummary {
	out := scoreSummary{schema{"segkit/score", 1}, c.Model, c.File, c.Out, asOf, s.Customers, nil, s.NoSegment,
		map[string]int{"new_level": s.NewLevel, "missing_value": s.Missing, "unusable_value": s.Unusable, "out_of_range": s.OutOfRange},
		s.RepeatedIDs, s.EmptyIDs, append([]string{}, s.Remarks...)}
	for l, name := range s.Names {
		out.Segments = append(out.Segments, segmentSize{name, s.Sizes[l], float64(s.Sizes[l]) / float64(s.Customers)})
	}
	return out
}
