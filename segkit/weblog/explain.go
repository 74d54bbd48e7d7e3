package weblog

// The dictionary: what every column of the table of visitors means.

import (
	"fmt"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Dictionary explains the columns of a table of visitors.
type Dictionary struct {
	Entries []explained
	Spec    Spec
}

var _ sheet.Sheeter = (*Dictionary)(nil)

// explained describes one column.
type explained struct{ Name, Unit, Role, Formula, Window string }

// Dictionary explains the columns of Features(asOf, s).
func (c *Cleaned) Dictionary(asOf time.Time, s ...Spec) (*Dictionary, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Dictionary", "visits")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	return recall(c.Visits, "visitor dictionary", spec.text(), func(v *view) (*Dictionary, error) {
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		d := &Dictionary{Spec: spec}
		for _, column := range m.columns {
			d.Entries = append(d.Entries, explained{column.Name, column.Unit, column.Role.String(), column.About, spec.windowText()})
		}
		return d, nil
	})
}

// Sheet lays the dictionary out.
func (d *Dictionary) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: fmt.Sprintf("What the %d columns mean", len(d.Entries)),
		Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "unit", Text: true}, {Name: "role", Text: true}, {Name: "formula", Text: true}, {Name: "days that count", Text: true}}}
	for _, e := range d.Entries {
		s.Rows = append(s.Rows, []string{e.Name, e.Unit, e.Role, e.Formula, e.Window})
	}
	return s
}

// Frame returns the dictionary as a gota frame.
func (d *Dictionary) Frame() table.Frame {
	text := func(name string, of func(e explained) string) frame.Columns { return frame.Each(name, d.Entries, of) }
	return frame.New(
		text("column", func(e explained) string { return e.Name }),
		text("unit", func(e explained) string { return e.Unit }),
		text("role", func(e explained) string { return e.Role }),
		text("formula", func(e explained) string { return e.Formula }),
		text("window", func(e explained) string { return e.Window }))
}
