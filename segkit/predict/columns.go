package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/table"
)

// What a predictor reads of a table, and what it must not read: anything that lies behind the day of the prediction.

// read returns the columns of t that predictions are made from, and refuses those that look too far.
func (k Known) read(op string, t *table.Table, s *table.Segments) (*table.Table, error) {
	names := k.Columns
	for _, c := range t.Raw().Columns {
		if k.Columns == nil && c.Role != table.Outcome {
			names = append(names, c.Name)
		}
	}
	schema, _, err := table.SchemaOf(op, t, names, func(table.Column) bool { return true })
	if err != nil {
		return nil, err
	}
	last, whose := k.AsOf.Format(time.DateOnly), "the as-of date"
	if k.AsOf.IsZero() {
		last, whose = lastDay(s.FormingColumns(t).Ancestry), "the last day of the data that formed the segments"
	}
	for _, c := range schema.Columns {
		if err := looksAhead(op, c, last, whose); err != nil {
			return nil, err
		}
	}
	return t.Only(schema.ColumnNames())
}

// lastDay returns the last day of all sources, "" where one has no end or there are none.
func lastDay(a table.Ancestry) (last string) {
	for _, s := range a.Sources {
		if s.To == "" {
			return ""
		}
		last = max(last, s.To)
	}
	return last
}

// looksAhead refuses a column that knows more than there was to know on the last day ("" where it is not known).
func looksAhead(op string, c table.Column, last, whose string) error {
	e := &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Remedy: "predict from features made up to that day, or leave the column out"}
	if c.Role == table.Outcome {
		e.Why, e.Remedy = "is an outcome: it says what happened after the day of the prediction", "leave the column out"
		return e
	}
	for _, s := range c.Ancestry.Sources {
		if last != "" && (s.To == "" || s.To > last) {
			e.Why = fmt.Sprintf("looks past %s, %s: it was made from %s", whose, last, s)
			return e
		}
	}
	return nil
}

// reread returns the columns of raw that c learned from, found by name, with their levels numbered as then. A level that was not
// there then becomes missing, and is counted.
func (c *Classifier) reread(op string, raw *table.Table) (x *table.Table, unseen int, err error) {
	if raw == nil {
		return nil, 0, fault.Nil(op, "table")
	}
	var missing []string
	for _, want := range c.Columns {
		if _, err := raw.Index(want.Name); err != nil {
			missing = append(missing, fmt.Sprintf("%q", want.Name))
		}
	}
	if missing != nil {
		return nil, 0, &fault.CellError{Op: op, File: raw.Raw().Source, Err: fault.ErrMissingColumn,
			Why:    fmt.Sprintf("the predictor needs %s, which is not among %s", strings.Join(missing, ", "), strings.Join(raw.Names(), ", ")),
			Remedy: "join the column, or learn without it"}
	}
	if raw.Transformed() != c.Transformed {
		return nil, 0, &fault.CellError{Op: op, Err: fault.ErrSchema, Why: "the table and the one that was learned from are not both in customers' own units",
			Remedy: "give both raw, or both transformed in the same way"}
	}
	x, err = raw.Select(c.ColumnNames()...)
	if err != nil {
		return nil, 0, err
	}
	for j, want := range c.Columns {
		got := x.Raw().Columns[j]
		e := &fault.CellError{Op: op, Column: want.Name, Err: fault.ErrSchema}
		switch {
		case want.Categorical() && !got.Categorical():
			e.Why, e.Remedy = "holds numbers here, but held categories when it was learned from", "read it as text"
			return nil, 0, e
		case !want.Categorical() && got.Categorical():
			e.Why, e.Remedy = fmt.Sprintf("holds text here (%q), but held numbers when it was learned from", got.Levels[0]), "mend the cells that are not numbers"
			return nil, 0, e
		case want.Categorical() && !slices.Equal(want.Levels, got.Levels):
			unseen += renumber(x, j, want.Levels)
		}
		if err := suggest.OtherUnit(op, want.Name, got.Unit, want.Unit); err != nil {
			return nil, 0, err
		}
		if e := x.Refuse([]int{j}, func(v float64) bool { return math.IsInf(v, 0) }, fault.CellError{Op: op, Err: fault.ErrNotFinite,
			Why: "is infinite", Remedy: "correct it, or make it missing"}); e != nil {
			return nil, 0, e
		}
	}
	x.Raw().Columns = table.CloneColumns(c.Columns)
	return x, unseen, nil
}

// renumber rewrites the cells of column j, which the caller has just made, as indexes into levels, and counts those of other levels.
func renumber(x *table.Table, j int, levels []string) (unseen int) {
	to := make([]float64, len(x.Raw().Columns[j].Levels))
	for l, level := range x.Raw().Columns[j].Levels {
		if to[l] = float64(slices.Index(levels, level)); to[l] < 0 {
			to[l] = math.NaN()
		}
	}
	for i := range x.Len() {
		if v := &x.Raw().Row(i)[j]; !math.IsNaN(*v) {
			if *v = to[int(*v)]; math.IsNaN(*v) {
				unseen++
			}
		}
	}
	return unseen
}
