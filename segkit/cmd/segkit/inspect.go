package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/cmd/internal/workbook"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/inspect"
	cells "github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/flags"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/wording"
)

// inspectCmd looks at a data file before it is used, and keeps how it is read.
type inspectCmd struct {
	File       string   `arg:"" help:"Order lines or customers: CSV in any dialect (gzip and UTF-16 are recognised), an Excel workbook or Parquet."`
	Sheet      string   `placeholder:"NAME,…" help:"Sheet of a workbook, otherwise the first; several with the same columns are read one after another as one table."`
	Role       []string `sep:"none" placeholder:"ROLE=COLUMN" help:"What a column is: order, customer, date, product, name, category, quantity, price, amount, total, status, refunded, direction."`
	Decimal    string   `placeholder:"MARK" help:"Decimal mark: . or ,"`
	Date       string   `placeholder:"LAYOUT" help:"How dates are written: 2/1/2006, %d/%m/%Y, excel, unix; several with | between them."`
	Zone       string   `help:"Where times are in several zones: 'as written', UTC, or a place such as Europe/Berlin."`
	Comma      string   `placeholder:"CHARACTER" help:"What separates the fields; \\t for a tab."`
	Missing    []string `sep:"none" placeholder:"TEXT" help:"A cell that means 'not known', besides the usual ones."`
	Ignore     []string `sep:"none" placeholder:"WHAT" help:"A difference between ids of customers that does not matter: zeros (00123 is 123), blank, case, point (123.0 is 123), marks (123.456-7 is 1234567)."`
	HeaderLine int      `placeholder:"LINE" help:"The line that names the columns."`
	Header     []string `placeholder:"NAME,…" help:"Names of the columns, where no line has them."`
	Wide       string   `placeholder:"last|first" help:"The file has a column for each month: each cell is one order on the last or the first day of its month."`
	Back       []string `sep:"none" placeholder:"TEXT" help:"Value of the direction that means money back; \"\" if none does."`
	Undone     []string `sep:"none" placeholder:"TEXT" help:"Value of the status that means that an order came to nothing, besides those that are known; \"\" if no other does."`
	Descriptor []string `sep:"none" name:"descriptors" placeholder:"COLUMN" help:"Column that says where or how a customer buys."`
	Text       []string `sep:"none" placeholder:"COLUMN" help:"In a table of customers, a column of text although its cells are numbers."`
	Decimals   int      `help:"Round money to this many decimals."`
	Currency   string   `help:"Unit of the money, such as EUR."`
	JSON       bool     `name:"json" help:"Print the report as data."`
	Write      bool     `help:"Keep the options beside the file, as FILE.segkit.toml, where every reader finds them. Refused while questions are open."`
}

// Help goes with --help.
func (*inspectCmd) Help() string { return helpOnEngine("inspect") }

func (c *inspectCmd) Run() error { return c.run(os.Stdout, os.Stderr) }

func (c *inspectCmd) run(out, aside io.Writer) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	report, err := c.look(o)
	if err != nil {
		return inFlags(err, "")
	}
	if c.JSON {
		err = writeJSON(out, report)
	} else {
		_, err = io.WriteString(out, choices.Sheet(report.Command(), choices.InFlags).TextIn(columns(os.Stdout)))
	}
	if err != nil {
		return err
	}
	if n := len(report.Questions); n > 0 && !c.Write {
		return lookError{fmt.Errorf("segkit: %s: %s open", c.File, wording.Plural(n, "question"))}
	}
	if !c.Write {
		return nil
	}
	path, err := report.Keep()
	if err == nil {
		fmt.Fprintf(aside, "Kept in %s.\n", path)
	}
	return err
}

// look inspects the file. A workbook or Parquet is written as CSV for it, of which a line is a row; the report is of the file itself.
func (c *inspectCmd) look(o features.OrdersOptions) (*inspect.Report, error) {
	if !workbook.Is(c.File) {
		return features.Inspect(c.File, o)
	}
	s, err := readBook(c.File, c.Sheet)
	if err != nil {
		return nil, err
	}
	k, err := kept.Beside("features.Inspect", c.File)
	if err != nil {
		return nil, err
	}
	dir, remove, err := atomicfile.Temp()
	if err != nil {
		return nil, err
	}
	defer remove()
	path := filepath.Join(dir, filepath.Base(c.File))
	if err := os.WriteFile(path, s.CSV, 0o600); err != nil {
		return nil, err
	}
	o.Comma = ','
	if k != nil {
		if err := k.Write(path); err != nil {
			return nil, err
		}
	}
	if k == nil || !slices.ContainsFunc(k.Set, func(set kept.Setting) bool { return set.Key == "decimal" }) {
		o.Decimal = cmp.Or(o.Decimal, '.')
	}
	report, err := features.Inspect(path, o)
	if e := (*fault.CellError)(nil); errors.As(err, &e) {
		e.File = c.File
	}
	if err != nil {
		return nil, s.Located(err)
	}
	inRows(s, report)
	for i := range report.Notes {
		report.Notes[i] = strings.ReplaceAll(report.Notes[i], path, c.File)
	}
	report.File, report.Notes, report.Sheets = c.File, append(s.Notes, report.Notes...), sheetOf(c.File, c.Sheet)
	report.Encoding, report.Separator = "", "" // of the CSV, which the file is not
	report.Options = slices.DeleteFunc(report.Options, func(a inspect.Answer) bool {
		return a.Option == "comma" || a.Option == "decimal" && a.Value == "." && c.Decimal == ""
	})
	return report, nil
}

// inRows says rows of a workbook where sentences of a report name lines of its CSV.
func inRows(s *workbook.Source, r *inspect.Report) {
	for i := range r.Notes {
		r.Notes[i] = s.InRows(r.Notes[i])
	}
	for i := range r.Columns {
		r.Columns[i].Evidence = s.InRows(r.Columns[i].Evidence)
	}
	for i := range r.Questions {
		q := &r.Questions[i]
		q.Text, q.Remedy = s.InRows(q.Text), s.InRows(q.Remedy)
	}
}

// options are the answers as the reader takes them.
func (c *inspectCmd) options() (o features.OrdersOptions, err error) {
	for _, r := range c.Role {
		role, column, ok := strings.Cut(r, "=")
		if !ok || !slices.Contains(flags.Roles, role) {
			return o, usageError{fmt.Errorf("segkit: --role %s: want a role and a column, as in --role customer=Email; roles are order, customer, date, product, name, category, quantity, price, amount, total, status, refunded and direction", r)}
		}
		if err := kept.Put(&o, kept.Setting{Key: role, Value: column}, true); err != nil {
			return o, err
		}
	}
	if o.Decimal, err = one("--decimal", c.Decimal); err != nil {
		return o, err
	}
	if o.Comma, err = one("--comma", strings.ReplaceAll(c.Comma, `\t`, "\t")); err != nil {
		return o, err
	}
	o.DateLayout, o.Zone, o.HeaderLine, o.Header, o.Decimals, o.Currency, o.Wide = c.Date, c.Zone, c.HeaderLine, c.Header, c.Decimals, c.Currency, c.Wide
	if c.Missing != nil {
		o.Missing = append(slices.Clone(cells.Markers), c.Missing...)
	}
	if c.Back != nil {
		o.Back = slices.DeleteFunc(slices.Clone(c.Back), func(s string) bool { return s == "" })
	}
	if c.Undone != nil {
		o.Undone = slices.DeleteFunc(slices.Clone(c.Undone), func(s string) bool { return s == "" })
	}
	o.Ignore = c.Ignore
	o.Descriptors = append(c.Descriptor, c.Text...)
	return o, nil
}

// one is the single character of a flag, 0 where it is not given.
func one(flag, text string) (rune, error) {
	r, n := utf8.DecodeRuneInString(text)
	if n != len(text) || r == utf8.RuneError && n > 0 {
		return 0, usageError{fmt.Errorf("segkit: %s %q: want one character", flag, text)}
	}
	if n == 0 {
		return 0, nil
	}
	return r, nil
}

// announce says on standard error that options kept beside a file are used.
func announce(file string) {
	if o, err := kept.Beside("segkit", file); err == nil && o != nil {
		fmt.Fprintf(os.Stderr, "%s is read with the options kept in %s: %s.\n", file, o.Path, o.Said())
	}
}

// unannounced are the notes of orders without what announce says already.
func unannounced(orders *features.Orders) ([]string, error) {
	notes, err := orders.Notes()
	return slices.DeleteFunc(notes, func(note string) bool { return strings.HasPrefix(note, "Read with the options kept in ") }), err
}

// inFlags says the advice of an error in the command's own words. Where another command than inspect meets a file that leaves something
// open, inspect takes the answer and keeps it; file is "" for inspect itself.
func inFlags(err error, file string) error {
	var e *fault.CellError
	if !errors.As(err, &e) {
		return err
	}
	asked := e.Remedy
	e.Why, e.Remedy = flags.InFlags(e.Why), flags.InFlags(e.Remedy)
	if e.Remedy == asked || file == "" || file == "-" {
		return err
	}
	if exists(e.File) { // the customers beside the orders
		file = e.File
	}
	if strings.HasPrefix(e.Remedy, "set --role ") {
		which, answers := "it is", strings.Split(strings.TrimPrefix(e.Remedy, "set "), "; set ")
		if len(answers) > 1 {
			which = "they are"
		}
		e.Remedy = "say which " + which + ", once, with segkit inspect " + file + " --write " + strings.Join(answers, " ")
	} else {
		e.Remedy += "; segkit inspect " + file + " takes these flags, and with --write it keeps the answer"
	}
	return err
}
