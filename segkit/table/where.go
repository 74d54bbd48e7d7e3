package table

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/wording"
)

// The first moves of any analysis: keep some customers, add a column, join what else is known.

// Where returns the customers for whom the condition is true, in their order. An example is `spend > 100 and city in ["Leeds", "York"]`. Write
// columns by name (col("Annual income") if the name is not one word), numbers, text in quotes for levels, == != < <= > >= in, and or not, + -
// * /, abs exp floor log max min sqrt, if(condition, then, otherwise), missing(column), days_since(last_order, "2024-03-31") for the days from
// a column of dates to that day. In arithmetic a condition counts as 1 or 0: (orders > 3) + (spend > 100) >= 1. A comparison with a missing
// value is unknown, not true, as in SQL. Cost n times the length of the condition.
func (t *Table) Where(condition string) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Where", "table")
	}
	c, err := t.raw.Condition("table.Table.Where", condition)
	if err != nil {
		return nil, err
	}
	var rows []int
	for i := range t.raw.IDs {
		if c.Eval(t.Raw().Row(i)) == 1 {
			rows = append(rows, i)
		}
	}
	return t.Rows(rows), nil
}

// Condition compiles an expression that must be true or false, for the caller op.
func (r *Raw) Condition(op, source string) (condition.Term, error) {
	c, err := condition.Compile(op, source, r.ConditionColumns())
	if err == nil && c.Kind != condition.Truth {
		err = &fault.CellError{Op: op, Value: source, Why: "is " + c.Kind.String() + ", not a condition",
			Remedy: "compare it with something, as in spend > 100", Err: fault.ErrCondition}
	}
	return c, err
}

// With returns the table with one more column, computed for every customer by an expression such as `spend / orders`, written as
// in Where. A condition gives 1 if it holds and 0 if it does not; if(spend > 100, orders, 0) chooses between numbers, and
// if(spend > 100, "big", "small") between levels, here small and big in this order. If a value is missing, a condition is
// unknown or the result is undefined (spend / 0), the new value is missing. The new column knows what it was made from
// (Column.Ancestry); a column made from an outcome is an outcome. Cost n times the length of the expression, and a copy of the
// table.
func (t *Table) With(name, expression string) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.With", "table")
	}
	e, err := condition.Compile("table.Table.With", expression, t.raw.ConditionColumns())
	if err != nil {
		return nil, err
	}
	added := Column{}
	switch e.Kind {
	case condition.Category:
		added.Levels = e.Column.Levels
		if of, err := t.Column(e.Column.Name); err == nil {
			added = of
		}
	case condition.Text:
		return nil, &fault.CellError{Op: "table.Table.With", Value: expression, Why: "is text, the same for everyone",
			Remedy: "write a formula of columns, as in spend / orders", Err: fault.ErrCondition}
	}
	if e.Tree.Kind == formula.Call && e.Tree.Name == condition.DaysSince {
		added.Unit = "days"
	}
	parents := t.raw.ColumnsIn(e.Tree)
	added.Name, added.Formula, added.Ancestry = name, expression, MadeOf(parents...)
	if added.Area = ""; len(parents) > 0 && !slices.ContainsFunc(parents, func(c Column) bool { return c.Area != parents[0].Area }) {
		added.Area = parents[0].Area // made of an area's traits alone, it is one
	}
	if slices.ContainsFunc(parents, func(c Column) bool { return c.Role == Outcome }) {
		added.Role = Outcome
	}
	column := make([]float64, t.Len())
	for i := range column {
		column[i] = e.Eval(t.Raw().Row(i))
	}
	return t.append([]Column{added}, func(i int) []float64 { return column[i : i+1] })
}

// Join returns the customers of t with the columns of other appended, joined by id. Customers who are not in other have missing values there;
// customers who are only in other are left out. If the two have no customer in common, Summary and Sheet say so. A table whose rows were only
// numbered when it was read is refused beside one that names its customers, unless both have the same ids in the same order.
func (t *Table) Join(other *Table) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Join", "table")
	}
	if other == nil {
		return nil, fault.Nil("table.Table.Join", "table")
	}
	if t.raw.Transformed != other.raw.Transformed {
		return nil, &fault.CellError{Op: "table.Table.Join", Err: fault.ErrSchema, Why: "one table holds transformed values and the other does not",
			Remedy: "join before transforming"}
	}
	for _, c := range other.raw.Columns {
		if slices.Contains(t.Names(), c.Name) {
			return nil, &fault.CellError{Op: "table.Table.Join", Column: c.Name, Err: fault.ErrSchema, Why: "both tables have it",
				Remedy: "join only the others: other.Select(…)"}
		}
	}
	if err := t.raw.NamedAs("table.Table.Join", &other.raw); err != nil {
		return nil, err
	}
	at := make(map[string]int, other.Len())
	for i, id := range other.raw.IDs {
		at[id] = i
	}
	unknown, common := slices.Repeat([]float64{math.NaN()}, len(other.raw.Columns)), 0
	out, err := t.append(other.raw.Columns, func(i int) []float64 {
		if p, ok := at[t.raw.IDs[i]]; ok {
			common++
			return other.Raw().Row(p)
		}
		return unknown
	})
	if err == nil && common == 0 && t.Len() > 0 && other.Len() > 0 {
		why := fmt.Sprintf("Joined with a table that has none of these customers, so its columns are empty: ids here are like %q, those there like %q.", wording.Clip(t.raw.IDs[0]), wording.Clip(other.raw.IDs[0]))
		out.raw.Note = strings.TrimSpace(out.raw.Note + " " + why)
	}
	return out, err
}

// append returns the table with more columns behind its own; values gives those of customer i.
func (t *Table) append(columns []Column, values func(i int) []float64) (*Table, error) {
	d := len(t.raw.Columns) + len(columns)
	out := t.WithData(append(t.Columns(), CloneColumns(columns)...), make([]float64, 0, t.Len()*d))
	for i := range t.raw.IDs {
		out.raw.Data = append(append(out.raw.Data, t.Raw().Row(i)...), values(i)...)
	}
	return out, out.Check()
}

// ConditionColumns returns the columns as conditions know them.
func (r *Raw) ConditionColumns() []condition.Column {
	out := make([]condition.Column, len(r.Columns))
	for j, c := range r.Columns {
		out[j] = condition.Column{Name: c.Name, Levels: c.Levels, Labels: c.Labels, Ordered: c.Ordered}
	}
	return out
}

// ColumnsIn returns the columns that a formula uses, in the order in which it names them; the formula must have been checked against the
// table.
func (r *Raw) ColumnsIn(n *formula.Node) []Column {
	var out []Column
	for _, name := range condition.ColumnsOf(n) {
		j := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
		out = append(out, r.Columns[j])
	}
	return out
}
