package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/cmd/internal/workbook"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// convertCmd writes a workbook's sheet or a Parquet file as the CSV that a notebook reads: notebooks do without the libraries for both. It also writes text in UTF-8
// that is in another encoding.
type convertCmd struct {
	File  string `arg:"" help:"Excel workbook (.xlsx), Parquet file, or text with --encoding."`
	Out   string `short:"o" placeholder:"FILE" help:"File to write; otherwise FILE with .csv at its end, which must not exist yet. It appears whole or not at all; - is standard output."`
	Sheet string `placeholder:"NAME,…" help:"Sheet of the workbook, otherwise the first; several with the same columns are read one after another as one table."`

	Encoding string `placeholder:"NAME" help:"Encoding of a text that is to be UTF-8, as IANA names it: windows-1250, ISO-8859-2, windows-1251, IBM850, macintosh, Shift_JIS …"`
}

func (c *convertCmd) Run() error {
	csv, said, notes, err := c.read()
	if err != nil {
		return err
	}
	out := c.Out
	if out == "" {
		if out = strings.TrimSuffix(c.File, filepath.Ext(c.File)) + ".csv"; exists(out) {
			return usageError{fmt.Errorf("segkit: %s already exists: name another file with -o, or this one to write over it", out)}
		}
	}
	if out == "-" {
		if _, err = os.Stdout.Write(csv); err == nil {
			_, err = io.WriteString(os.Stderr, lines(notes))
		}
		return err
	}
	if atomicfile.Overwrites(out, c.File) {
		return usageError{fmt.Errorf("segkit: -o %s would overwrite the file that is read", out)}
	}
	if err := atomicfile.Write(out, func(w io.Writer) error {
		_, err := w.Write(csv)
		return err
	}); err != nil {
		return err
	}
	if _, err = fmt.Fprintf(os.Stderr, "%s written to %s.\n", said, out); err == nil {
		_, err = io.WriteString(os.Stderr, lines(notes))
	}
	return err
}

// read returns the file as CSV, what was read in a few words, and what is to be said of it.
func (c *convertCmd) read() (csv []byte, said string, notes []string, err error) {
	switch is := workbook.Is(c.File); {
	case is && c.Encoding != "":
		return nil, "", nil, usageError{fmt.Errorf("segkit: %s is no text, and has no --encoding", c.File)}
	case c.Encoding != "":
		f, _, err := textfile.Open(c.File)
		if err == nil {
			defer f.Close()
			csv, err = inEncoding(f, c.Encoding)
		}
		if err != nil {
			return nil, "", nil, fmt.Errorf("segkit: %s: %w", c.File, err)
		}
		return csv, wording.Plural(bytes.Count(csv, []byte("\n")), "line") + " of " + c.Encoding, nil, nil
	case !is:
		if _, err := os.Stat(c.File); err != nil {
			return nil, "", nil, fmt.Errorf("segkit: %w", err)
		}
		return nil, "", nil, usageError{fmt.Errorf("segkit: %s is neither an Excel workbook (.xlsx) nor Parquet; CSV needs no conversion, unless it is not in UTF-8: then name its --encoding", c.File)}
	}
	s, err := readBook(c.File, c.Sheet)
	if err != nil {
		return nil, "", nil, err
	}
	said = wording.Plural(s.Rows, "row")
	switch len(s.Sheets) {
	case 0: // Parquet
	case 1:
		said += fmt.Sprintf(" of the sheet %q", s.Sheets[0])
	default:
		said += " of the sheets " + wording.Quoted(s.Sheets)
	}
	return s.CSV, said, s.Notes, nil
}

// lines are sentences with a line for each.
func lines(sentences []string) (text string) {
	for _, s := range sentences {
		text += s + "\n"
	}
	return text
}

// readOrders reads order lines: a data set by its name, or a file. The notes say what a workbook has otherwise than the lines that were read.
func readOrders(path, sheet string) (orders *features.Orders, notes []string, err error) {
	if workbook.Is(path) {
		return orderLines(path, sheet, features.OrdersOptions{})
	}
	orders, err = datasets.Orders(path)
	if e := (*fault.CellError)(nil); exists(path) && errors.As(err, &e) { // without what datasets adds for programs
		err = e
	}
	return orders, nil, err
}

// orderLines reads a file of order lines: CSV, a workbook's sheet or Parquet. What a workbook's numbers and days mean is known; its texts are read as strictly as
// those of CSV, with the options that are kept beside it. The notes are those of readOrders.
func orderLines(path, sheet string, o features.OrdersOptions) (orders *features.Orders, notes []string, err error) {
	if !workbook.Is(path) {
		orders, err = features.ReadOrders(path, o)
		return orders, nil, err
	}
	s, err := readBook(path, sheet)
	if err != nil {
		return nil, nil, err
	}
	if err := takeKept(s, kept.Orders, &o); err != nil {
		return nil, nil, err
	}
	o.Comma, o.Decimal = ',', cmp.Or(o.Decimal, '.')
	orders, err = features.ParseOrders(bytes.NewReader(s.CSV), path, o)
	return orders, s.Notes, s.Located(err)
}

// readBook reads a workbook's sheet, or Parquet: the sheet that is named, or that was kept with the options beside the file.
func readBook(path, sheet string) (*workbook.Source, error) {
	return workbook.Read(path, sheetOf(path, sheet))
}

// sheetOf is the sheet that is named, or that was kept beside the workbook; "" for none. What is wrong with the options, their reader tells.
func sheetOf(path, sheet string) string {
	if k, err := kept.Beside("segkit", path); sheet == "" && err == nil && k != nil {
		return k.Sheet
	}
	return sheet
}

// takeKept adds the options that are kept beside a workbook to those that were given, and refuses one whose columns have changed since, as readers do for CSV.
func takeKept[O any](s *workbook.Source, kind string, given *O) error {
	k, err := kept.Beside("segkit", s.Path)
	if err != nil || k == nil || k.Kind != kind {
		return err
	}
	with := *given
	if err := k.Fill(&with); err != nil {
		return err
	}
	how := layout.Given{Comma: ',', Single: true}
	for _, set := range kept.Of(with) {
		if set.Key == "header" || set.Key == "header_line" {
			if err := kept.Put(&how, set, true); err != nil {
				return err
			}
		}
	}
	text, err := layout.Open(bytes.NewReader(s.CSV))
	if err != nil {
		return nil // its reader says why
	}
	if l, err := layout.Recognise(text, how); err == nil {
		if err := k.Changed("", s.Path, l.Names); err != nil {
			return err
		}
	}
	*given = with
	return nil
}

// readCustomers reads a table of customers from CSV, a workbook's sheet, the first unless one is named, or Parquet. All that it knows and gives no other role describes who customers are,
// so that it is asked whether it leads to them.
func readCustomers(path, sheet, id string) (*table.Table, error) {
	t, err := readTable(path, sheet, id)
	if err != nil {
		return nil, err
	}
	columns := t.Columns()
	for j, c := range columns {
		if c.Role == table.Feature {
			columns[j].Role = table.Descriptor
		}
	}
	return t.WithData(columns, t.Raw().Data), nil
}

func readTable(path, sheet, id string) (*table.Table, error) {
	if !workbook.Is(path) {
		return table.ReadCSV(path, id)
	}
	s, err := readBook(path, sheet)
	if e := (*fault.CellError)(nil); errors.Is(err, workbook.ErrWhichSheet) && errors.As(err, &e) { // --sheet names that of the orders
		e.Why, e.Remedy = strings.ReplaceAll(e.Why, "--sheet", "--customers-sheet"), strings.ReplaceAll(e.Remedy, "--sheet", "--customers-sheet")
	}
	if err != nil {
		return nil, err
	}
	var o table.CSVOptions
	if err := takeKept(s, kept.Customers, &o); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(os.Stderr, lines(s.Notes)); err != nil {
		return nil, err
	}
	o.Comma, o.Decimal = ',', cmp.Or(o.Decimal, '.')
	t, err := table.ParseCSV(bytes.NewReader(s.CSV), path, id, o)
	return t, s.Located(err)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
