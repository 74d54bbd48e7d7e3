package features

// Orders laid out for reading.

import (
	"fmt"
	"path/filepath"

	"github.com/segkit/lab/segkit/sheet"
)

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
	for _, line := range f.Preview[:min(n, len(f.Preview))] {
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
	add("price", f.Currency, false, func(l Line) string { return sheet.Number(l.Price) })
	add("amount", f.Currency, false, func(l Line) string { return l.Amount.String() })
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
