package report

import (
	"math"
	"time"
)

// Form says how the cells of a column are written.
type Form uint8

const (
	Text    Form = iota // string
	Whole               // int
	Number              // float64, with the digits that a reader needs; NaN if there is none, also for the following
	Money               // float64, in the unit of the column
	Exact               // float64, money to the last cent
	Percent             // float64, a share of 1
	Date                // time.Time
)

// Column describes one column of a Table.
type Column struct {
	Name, Unit string
	Form       Form
}

// Table is a table of the report, in the reader's language.
type Table struct {
	Name    string // of a sheet or a file: "plan"
	Title   string
	Columns []Column
	Rows    [][]any // with the types given by the forms of the columns
}

// cell writes a value as the reader's language does.
func (r *reader) cell(c Column, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return r.count(v)
	case time.Time:
		return r.date(v)
	case float64:
		switch {
		case math.IsNaN(v):
			return missing
		case c.Form == Percent:
			return r.percent(v, 1)
		case c.Form == Exact:
			return r.number(v, 2)
		case c.Form == Money:
			return r.number(v, 0)
		}
		return r.figure(v)
	}
	return missing
}

// html lays a table out. The first column heads its rows.
func (r *reader) html(t Table) markup { return r.htmlAs(t, "wide") }

// belowTitle lays a table out below a heading that says the same as its caption, which is then for those alone who do not see the page.
func (r *reader) belowTitle(t Table) markup { return r.htmlAs(t, "wide same") }

func (r *reader) htmlAs(t Table, class string) markup {
	heads := each(t.Columns, func(_ int, c Column) markup {
		name := c.Name
		if c.Unit != "" {
			name += " (" + c.Unit + ")"
		}
		return put("<th scope=\"col\"%s>%s</th>", flush(c), name)
	})
	rows := each(t.Rows, func(_ int, row []any) markup {
		return put("<tr>%s</tr>\n", each(row, func(j int, v any) markup {
			if j == 0 {
				return put("<th scope=\"row\">%s</th>", r.cell(t.Columns[j], v))
			}
			return put("<td%s>%s</td>", flush(t.Columns[j]), r.cell(t.Columns[j], v))
		}))
	})
	return put("<div class=\"%s\" tabindex=\"0\"><table><caption>%s</caption>\n<thead><tr>%s</tr></thead>\n<tbody>%s</tbody></table></div>\n", class, t.Title, heads, rows)
}

func flush(c Column) markup {
	if c.Form == Text {
		return ""
	}
	return " class=\"n\""
}

// missing is how an absent value reads.
const missing = "–"

// Tables returns every table of the report, for a workbook, as far as results are available.
func (c Contents) Tables() ([]Table, error) {
	const op = "report.Contents.Tables"
	if err := c.checked(op); err != nil {
		return nil, err
	}
	p, err := newPage(op, c)
	if err != nil {
		return nil, err
	}
	out := []Table{p.moneyTable(), p.profileTable()}
	add := func(there bool, make func() Table) {
		if there {
			out = append(out, make())
		}
	}
	add(c.Sweep != nil, p.countTable)
	add(c.Verdict != nil, p.verdictTable)
	add(c.Verdict != nil && len(c.Verdict.Segments) > 0, p.laterTable)
	add(c.Movement != nil, p.moveTable)
	add(p.over() != nil, p.forecastTable)
	add(c.Cleaning != nil, p.ledger)
	add(true, p.dictionaryTable)
	add(c.Decisions != nil, p.decisions)
	add(c.Inputs != nil, p.files)
	return out, nil
}
