package basket

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// CSVOptions says how to read a file of baskets if its header does not.
type CSVOptions struct {
	Basket   string // header of the column that says which basket; "" takes one called basket, order, invoice or transaction, else the first
	Item     string // header of the column that says which item; "" takes one called item or product, else the second
	Customer string // header of the column that says whose basket it is; "" takes one called customer, if there is one
	Comma    rune   // between fields; 0 takes the one of , ; tab | that occurs most often in the first line

	Goods []string // items that are goods although they sound like postage, a fee, a voucher and the like
}

// ReadCSV reads baskets from a file with a header and one row per item of a basket, gzip-compressed or not, in UTF-8, UTF-16 or
// Windows-1252. Ids and items are text, exactly as written: "00123" is not 123. The rows of a basket need not be together. An
// empty cell is an error that names its line. Items that are surely no goods by their name, such as postage, are left out, as by
// FromOrders. At most one CSVOptions may be given. Cost: about half a second for a million rows.
func ReadCSV(path string, o ...CSVOptions) (*Baskets, error) {
	const op = "basket.ReadCSV"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	r, err := open(op, path, opt.Comma)
	if err != nil {
		return nil, err
	}
	header, err := r.next()
	if err != nil {
		return nil, r.orEmpty(err)
	}
	header = slices.Clone(header)
	at, err := r.columns(header, opt)
	if err != nil {
		return nil, err
	}
	f := newFiller(opt.Goods...)
	for {
		cells, err := r.next()
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		for _, c := range at[:2] {
			if cells[c] == "" {
				return nil, &fault.CellError{Op: op, File: path, Line: r.line(), Column: header[c], Why: "is empty", Remedy: "give the row its " + header[c] + ", or leave it out", Err: fault.ErrFormat}
			}
		}
		if f.setAside(cells[at[0]], cells[at[1]], "", 0) {
			continue
		}
		basket := f.basket(cells[at[0]])
		f.add(basket, f.item(cells[at[1]]), 0)
		if at[2] >= 0 && !f.buyer(basket, cells[at[2]]) {
			return nil, &fault.CellError{Op: op, File: path, Line: r.line(), Column: header[at[2]], Value: cells[at[2]], Err: fault.ErrSchema,
				Why: fmt.Sprintf("is not the customer of earlier rows of basket %q", cells[at[0]]), Remedy: "a basket belongs to one customer: give each its own id"}
		}
	}
	if err := f.tellAside("basket.CSVOptions"); err != nil {
		return nil, err
	}
	return f.done(op + ": " + filepath.Base(path))
}

// ReadLists reads baskets from a file without a header that has one basket per line, with items separated by commas (or by
// CSVOptions.Comma; of its other fields only Goods counts here). This is the format of the groceries data in R's arules. Spaces around
// items are dropped, and so are empty fields; an empty line is not a basket. Items that are surely no goods are left
// out, as by FromOrders. At most one CSVOptions may be given.
func ReadLists(path string, o ...CSVOptions) (*Baskets, error) {
	const op = "basket.ReadLists"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if opt.Comma == 0 {
		opt.Comma = ','
	}
	r, err := open(op, path, opt.Comma)
	if err != nil {
		return nil, err
	}
	r.csv.FieldsPerRecord = -1
	f := newFiller(opt.Goods...)
	for list := 1; ; list++ {
		cells, err := r.next()
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		id, left := strconv.Itoa(list), false
		var items []string
		for _, item := range cells {
			if item = strings.TrimSpace(item); item == "" {
				continue
			} else if f.setAside(id, item, "", 0) {
				left = true
			} else {
				items = append(items, item)
			}
		}
		if left && items == nil {
			continue
		}
		at := f.basket(id)
		for _, item := range items {
			f.add(at, f.item(item), 0)
		}
	}
	if err := f.tellAside("basket.CSVOptions"); err != nil {
		return nil, err
	}
	return f.done(op + ": " + filepath.Base(path))
}

// rows reads the records of a text file.
type rows struct {
	op, path string
	csv      *csv.Reader
}

func open(op, path string, comma rune) (*rows, error) {
	data, err := textfile.Read(path)
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %s: %w", op, path, err)
	}
	if comma == 0 {
		comma = mostFrequent(data)
	}
	r := csv.NewReader(bytes.NewReader(data))
	if r.Comma = comma; comma == '"' || comma == '\r' || comma == '\n' || comma == '\ufeff' {
		return nil, fault.Option("basket.CSVOptions", "Comma", strconv.QuoteRune(comma), "a separator such as ',' or ';'")
	}
	r.ReuseRecord = true
	return &rows{op, path, r}, nil
}

// mostFrequent is the separator that occurs most often in the first line.
func mostFrequent(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte{'\n'})
	best := ','
	for _, c := range ";\t|" {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// next returns the cells of the next record, valid until the one after; io.EOF behind the last.
func (r *rows) next() ([]string, error) {
	cells, err := r.csv.Read()
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		why := wrong.Err.Error()
		if wrong.Err == csv.ErrFieldCount {
			why = fmt.Sprintf("it has %s, the header %d", wording.Plural(len(cells), "field"), r.csv.FieldsPerRecord)
		}
		return nil, &fault.CellError{Op: r.op, File: r.path, Line: wrong.Line, Why: why, Remedy: "quote fields that hold the separator", Err: fault.ErrFormat}
	}
	return cells, err
}

// line is the one that the record read last began at.
func (r *rows) line() int {
	line, _ := r.csv.FieldPos(0)
	return line
}

func (r *rows) orEmpty(err error) error {
	if err == io.EOF {
		return fault.Errorf(fault.ErrEmpty, "segkit: %s: %s is empty", r.op, r.path)
	}
	return err
}

// columns finds the basket, the item and the customer (-1 for none) in the header.
func (r *rows) columns(header []string, o CSVOptions) (at [3]int, err error) {
	for i, h := range header {
		header[i] = strings.TrimSpace(h)
	}
	if len(header) < 2 {
		return at, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: %s has one column (%q): one is needed for the basket and one for the item; a file with one basket a line is for ReadLists", r.op, r.path, wording.Clip(header[0]))
	}
	known := [3][]string{{"basket", "order", "invoice", "transaction"}, {"item", "product"}, {"customer"}}
	otherwise := [3]int{0, 1, -1}
	for c, given := range [3]string{o.Basket, o.Item, o.Customer} {
		if at[c] = slices.Index(header, given); given != "" && at[c] < 0 {
			return at, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: %s has no column %q%s", r.op, r.path, given, suggest.Suggestion(given, header))
		} else if given == "" {
			at[c] = slices.IndexFunc(header, func(h string) bool {
				return slices.ContainsFunc(known[c], func(k string) bool { return strings.HasPrefix(strings.ToLower(h), k) })
			})
			if at[c] < 0 {
				at[c] = otherwise[c]
			}
		}
	}
	if at[0] == at[1] {
		return at, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: %s: column %q cannot be both basket and item: name them in basket.CSVOptions", r.op, r.path, header[at[0]])
	}
	return at, nil
}
