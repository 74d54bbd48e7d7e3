// Package query writes a computation as one SELECT: every step is a common table expression over the one before, so that it reads
// from top to bottom as the computation does.
package query

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/dialect"
)

// Column is a column of the current step.
type Column struct {
	Name   string   // as the program knows it
	Levels []string // nil for a number
	SQL    string   // how it is called in the step, or, given to Step, what computes it
}

// Query is a SELECT in the making. The first thing that cannot be written stays as its error.
type Query struct {
	Dialect dialect.SQL
	Columns []Column
	Err     error

	kept  []string // columns that every step hands on as they are
	steps []string
	last  string
}

// From begins with the id and columns of a table. Numbers become float64s. An infinite number or NaN, and a category that is none of its
// levels, make "seen" 0. What is kept (SQL first, then the name) stays beside the columns through all steps.
func From(d dialect.SQL, table, id string, columns []Column, kept ...[2]string) *Query {
	q := &Query{Dialect: d}
	from, err := d.Table(table)
	q.note(err)
	var seen, out []string
	for i, c := range columns {
		name := q.Quote(c.Name)
		as := fmt.Sprintf("c%d", i+1)
		q.Columns = append(q.Columns, Column{c.Name, c.Levels, as})
		if c.Levels == nil {
			number := fmt.Sprintf("CAST(%s AS %s)", name, d.Float())
			out = append(out, number+" AS "+as)
			seen = append(seen, fmt.Sprintf("WHEN NOT ABS(%s) <= %s THEN 0", number, q.Number(math.MaxFloat64))) // of NULL that is not true
			continue
		}
		out = append(out, name+" AS "+as)
		texts := make([]string, len(c.Levels))
		for l, level := range c.Levels {
			texts[l] = q.Text(level)
		}
		seen = append(seen, fmt.Sprintf("WHEN %s NOT IN (%s) THEN 0", name, strings.Join(texts, ", ")))
	}
	known := "1"
	if seen != nil {
		known = "CASE " + strings.Join(seen, " ") + " ELSE 1 END"
	}
	for _, k := range kept {
		q.kept, out = append(q.kept, k[1]), append(out, k[0]+" AS "+k[1])
	}
	q.step("customers as they are", append([]string{q.Quote(id) + " AS id", known + " AS seen"}, out...), from, false)
	return q
}

// Step replaces the columns by others, each computed from those of the step before. What says it in a comment.
func (q *Query) Step(what string, columns []Column) {
	out := append([]string{"id", "seen"}, q.kept...)
	for i, c := range columns {
		as := fmt.Sprintf("c%d", i+1)
		if c.SQL == as {
			out = append(out, as)
		} else {
			out = append(out, c.SQL+" AS "+as)
		}
		columns[i].SQL = as
	}
	q.step(what, out, q.last, false)
	q.Columns = columns
}

// Change is a Step that computes columns at from themselves, and leaves the others as they are.
func (q *Query) Change(what string, at []int, compute func(p int, x string) string) {
	columns := slices.Clone(q.Columns)
	for p, j := range at {
		columns[j].SQL = compute(p, columns[j].SQL)
	}
	q.Step(what, columns)
}

// Select ends with computed columns that no step follows, named as they are: SQL first, then the name.
func (q *Query) Select(what string, computed ...[2]string) {
	out := append([]string{"id", "seen"}, q.kept...)
	for _, c := range computed {
		if c[0] != c[1] {
			c[1] = c[0] + " AS " + c[1]
		}
		out = append(out, c[1])
	}
	q.step(what, out, q.last, true)
}

// End writes the statement: what is asked of the last step.
func (q *Query) End(columns ...string) (string, error) {
	return "WITH\n" + strings.Join(q.steps, ",\n") + "\nSELECT " + strings.Join(columns, ",\n  ") + "\nFROM " + q.last + "\n", q.Err
}

// step writes one; keep asks that it is computed once, however often the next one names its columns.
func (q *Query) step(what string, columns []string, from string, keep bool) {
	name, as := fmt.Sprintf("step%d", len(q.steps)), ""
	if keep {
		as = q.Dialect.Materialized()
	}
	q.steps = append(q.steps, fmt.Sprintf("%s AS %s( -- %s\n  SELECT %s\n  FROM %s\n)", name, as, what, strings.Join(columns, ",\n    "), from))
	q.last = name
}

// At returns where columns stand, by their names.
func (q *Query) At(names []string) []int {
	at := make([]int, len(names))
	for p, name := range names {
		if at[p] = slices.IndexFunc(q.Columns, func(c Column) bool { return c.Name == name }); at[p] < 0 {
			q.note(fmt.Errorf("there is no column %q at this step", name))
			at[p] = 0
		}
	}
	return at
}

// Quote is the name of a column of the database.
func (q *Query) Quote(name string) string {
	text, err := q.Dialect.Name(name)
	q.note(err)
	return text
}

// Text is a text of the database.
func (q *Query) Text(text string) string {
	out, err := q.Dialect.Text(text)
	q.note(err)
	return out
}

// Number is a float64 constant.
func (q *Query) Number(v float64) string { return q.Dialect.Double(v) }

// Refuse says why the query cannot be written.
func (q *Query) Refuse(why string) { q.note(errors.New(why)) }

func (q *Query) note(err error) {
	if q.Err == nil {
		q.Err = err
	}
}
