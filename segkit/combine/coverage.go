package combine

// Who has what.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Coverage says how many customers each combination of sources knows.
type Coverage struct {
	Sources   []string // (m)
	Customers int      // n, known to at least one source
	Each      []int    // (m) customers that each source knows
	Holdings  []Holding
}

// Holding counts the customers whom exactly these sources know.
type Holding struct {
	In        []bool // (m)
	Customers int
}

// Coverage counts which sources know which customers. Combinations come in order of decreasing number of customers; empty ones are left
// out. It costs O(n m).
func (c *Combined) Coverage() (*Coverage, error) {
	if c == nil {
		return nil, fault.Nil("combine.Combined.Coverage", "combined table")
	}
	m := len(c.Sources)
	out := &Coverage{Sources: c.Sources, Customers: c.Table.Len(), Each: make([]int, m)}
	counts := map[string]*Holding{}
	var order []string
	pattern := make([]byte, m)
	for i := range out.Customers {
		for s := range m {
			if pattern[s] = '0'; c.in[s][i] {
				pattern[s] = '1'
				out.Each[s]++
			}
		}
		h := counts[string(pattern)]
		if h == nil {
			h = &Holding{In: make([]bool, m)}
			for s := range m {
				h.In[s] = c.in[s][i]
			}
			counts[string(pattern)] = h
			order = append(order, string(pattern))
		}
		h.Customers++
	}
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b].Customers, counts[a].Customers), cmp.Compare(b, a))
	})
	for _, key := range order {
		out.Holdings = append(out.Holdings, *counts[key])
	}
	return out, nil
}

// Whole returns the number of customers whom every source knows.
func (c *Coverage) Whole() int {
	for _, h := range c.Holdings {
		if !slices.Contains(h.In, false) {
			return h.Customers
		}
	}
	return 0
}

// Combinations returns the sources (m), how many customers each knows (m), and for every combination that occurs which sources hold it
// (each m) and how many customers it has: what chart.Coverage draws.
func (c *Coverage) Combinations() (sources []string, each []int, in [][]bool, customers []int) {
	for _, h := range c.Holdings {
		in, customers = append(in, h.In), append(customers, h.Customers)
	}
	return c.Sources, c.Each, in, customers
}

// Sheet has a row for every combination of sources that occurs.
func (c *Coverage) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: c.finding()}
	for _, name := range c.Sources {
		out.Columns = append(out.Columns, sheet.Column{Name: name, Text: true})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "customers"}, sheet.Column{Name: "share", Unit: "%"})
	for _, h := range c.Holdings {
		var row []string
		for _, in := range h.In {
			row = append(row, map[bool]string{true: "yes", false: sheet.Missing}[in])
		}
		out.Rows = append(out.Rows, append(row, sheet.Count(h.Customers), sheet.Fixed(100*float64(h.Customers)/float64(c.Customers), 1)))
	}
	var each []string
	for s, n := range c.Each {
		each = append(each, fmt.Sprintf("%s %s (%s)", c.Sources[s], sheet.Count(n), sheet.Percent(float64(n)/float64(c.Customers))))
	}
	out.Notes = []string{"Customers by source: " + sheet.List(each) + "."}
	return out
}

// finding reads like "1,301 of 4,000 customers (32.5 %) are in all 3 sources".
func (c *Coverage) finding() string {
	whole := c.Whole()
	in := "both sources"
	if m := len(c.Sources); m > 2 {
		in = fmt.Sprintf("all %d sources", m)
	}
	return fmt.Sprintf("%s of %s (%s) %s in %s", sheet.Count(whole), wording.Plural(c.Customers, "customer"),
		sheet.Percent(float64(whole)/float64(c.Customers)), wording.Be(whole), in)
}

// Frame has a row for every combination that occurs: yes or no for each source, and customers.
func (c *Coverage) Frame() table.Frame {
	var columns []frame.Columns
	for s, name := range c.Sources {
		columns = append(columns, frame.Each(name, c.Holdings, func(h Holding) bool { return h.In[s] }))
	}
	return frame.New(append(columns, frame.Each("customers", c.Holdings, func(h Holding) int { return h.Customers }))...)
}

// Sheet lists the columns by source: what they are for, and how many customers have a value.
func (c *Combined) Sheet() sheet.Sheet {
	out := sheet.Sheet{Whole: true, Columns: []sheet.Column{{Name: "source", Text: true}, {Name: "column", Text: true}, {Name: "unit", Text: true},
		{Name: "role", Text: true}, {Name: "known for"}, {Name: "share", Unit: "%"}}}
	if c == nil || c.Table == nil {
		return out
	}
	n := c.Table.Len()
	out.Caption = fmt.Sprintf("%s, %s of %d sources", wording.Plural(n, "customer"), wording.Plural(len(c.of), "column"), len(c.Sources))
	for j, col := range c.Table.Raw().Columns {
		known := c.known(j)
		unit := col.Unit
		if col.Categorical() {
			unit = wording.Plural(len(col.Levels), "level")
		}
		out.Rows = append(out.Rows, []string{c.Sources[c.of[j]], col.Name, unit, col.Role.String(), sheet.Count(known), sheet.Fixed(100*float64(known)/float64(n), 1)})
	}
	out.Notes = c.Notes
	return out
}

// known counts the customers with a value in column j.
func (c *Combined) known(j int) (n int) {
	for _, v := range c.Table.Raw().Column(j) {
		if v == v {
			n++
		}
	}
	return n
}

// Frame returns the combined table as a gota frame.
func (c *Combined) Frame() table.Frame { return c.Table.Frame() }

var (
	_ sheet.Sheeter = (*Coverage)(nil)
	_ sheet.Sheeter = (*Combined)(nil)
)
