package features

// The dictionary: what every column of the customer table means and what it was made from.

import (
	"fmt"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Dictionary explains the columns of a customer table.
type Dictionary struct {
	Entries []explained
	Spec    Spec
	Notes   []string // sentences, such as that the as-of date is after the last order line
}

var _ sheet.Sheeter = (*Dictionary)(nil)

// explained describes one column.
type explained struct {
	Name, Unit, Role string
	Formula          string
	Sources          []string // columns of the file
	Window           string   // days that count
}

// Dictionary explains the columns of Features(asOf, s).
func (c *Cleaned) Dictionary(asOf time.Time, s ...Spec) (*Dictionary, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.Dictionary", "orders")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	v, err := c.view()
	if err != nil {
		return nil, err
	}
	chosen, described, err := spec.choose(v)
	if err != nil {
		return nil, err
	}
	headers := map[string]string{}
	for _, m := range v.mapping {
		headers[m.Meaning] = m.Header
	}
	d := &Dictionary{Spec: spec}
	silence, err := c.Silence(spec.AsOf)
	if err != nil {
		return nil, err
	}
	if silence != "" {
		d.Notes = append(d.Notes, silence)
	}
	for _, f := range chosen {
		e := explained{Name: behaviour.Column(spec.FirstOrders, f.Name), Unit: f.Unit, Role: f.Role.String(), Formula: f.Formula, Window: spec.windowText()}
		sources := f.Sources
		if f.Name == "spend" || f.Name == "basket" || f.Name == "return_share" {
			sources = append([]meaning{quantityColumn, amountColumn}, sources...)
		}
		seen := map[string]bool{"": true}
		for _, m := range sources {
			if h := headers[m.String()]; !seen[h] {
				seen[h] = true
				e.Sources = append(e.Sources, h)
			}
		}
		d.Entries = append(d.Entries, e)
	}
	names := v.descriptorNames()
	for _, name := range described {
		e := explained{Name: behaviour.Column(spec.FirstOrders, name), Role: "descriptor", Formula: "what most of the lines bought say; among equals, the first by name", Window: spec.windowText()}
		if name == "top_category" && v.categorized {
			e.Formula, e.Sources = "category with the most money of lines bought; among equals, the first by name", []string{headers["category"]}
		} else {
			for j, n := range v.moreNames {
				if names[len(names)-len(v.moreNames)+j] == name {
					e.Sources = []string{n}
				}
			}
		}
		d.Entries = append(d.Entries, e)
	}
	return d, nil
}

// Sheet lays the dictionary out.
func (d *Dictionary) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("What the %d columns mean", len(d.Entries)),
		Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "unit", Text: true}, {Name: "role", Text: true}, {Name: "formula", Text: true}, {Name: "made from", Text: true}, {Name: "days that count", Text: true}}, Notes: d.Notes}
	for _, e := range d.Entries {
		s.Rows = append(s.Rows, []string{e.Name, e.Unit, e.Role, e.Formula, strings.Join(e.Sources, ", "), e.Window})
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
		text("sources", func(e explained) string { return strings.Join(e.Sources, ", ") }),
		text("window", func(e explained) string { return e.Window }))
}
