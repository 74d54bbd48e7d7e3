package rulebook

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Rules where the customers are: in a database.

// SQL writes the rules as one CASE expression that gives each customer the name of the segment, with the columns of t
// under their own names:
//
//	SELECT customer_id, CASE WHEN … END AS segment FROM customers
//
// It gives the same answer as Assign if the database holds the same values: NULL for missing and text for the levels of a
// category; conditions with a missing value or a division by zero are unknown. Names and text are quoted, so that no name
// can end the statement. Three things depend on the database: exp and log may differ in the last digit, numbers beyond
// 1e308 may be an error, and MySQL and SQL Server by default compare text without regard to case. SQLite takes the name of
// a column that does not exist for text.
func (b *Book) SQL(d dialect.SQL, t *table.Table) (string, error) {
	const op = "rulebook.Book.SQL"
	if err := d.Check(op); err != nil {
		return "", err
	}
	rules, err := b.check(op, t)
	if err != nil {
		return "", err
	}
	w := &sqlWriter{Compiler: condition.Compiler{Columns: t.Raw().ConditionColumns()}, dialect: d}
	var out strings.Builder
	out.WriteString("CASE\n")
	for i, rule := range rules {
		fmt.Fprintf(&out, "  WHEN %s THEN %s\n", w.condition(rule.Tree), w.text(b.Rules[i].Name))
		if w.err != nil {
			return "", b.at(i, &fault.CellError{Op: op, Why: w.err.Error(), Err: fault.ErrSchema})
		}
	}
	fmt.Fprintf(&out, "  ELSE %s\nEND", w.text(b.rest()))
	if w.err != nil {
		return "", &fault.CellError{Op: op, Why: w.err.Error(), Err: fault.ErrSchema}
	}
	return out.String(), nil
}

// sqlWriter writes a checked condition as SQL.
type sqlWriter struct {
	condition.Compiler
	dialect dialect.SQL
	err     error // the first thing that cannot be written
}

// condition writes what is true, false or unknown.
func (w *sqlWriter) condition(n *formula.Node) string {
	if !condition.SpeaksOfColumns(n) {
		return [...]string{"1 = 0", "1 = 1", "1 = NULL"}[w.known(n)]
	}
	switch {
	case n.Kind == formula.Not:
		return "NOT (" + w.condition(n.Args[0]) + ")"
	case n.Kind == formula.Call:
		return w.missing(n.Args[0])
	case n.Name == "and" || n.Name == "or":
		return w.operand(n, n.Args[0]) + " " + strings.ToUpper(n.Name) + " " + w.operand(n, n.Args[1])
	}
	for _, side := range n.Args {
		if x, _ := w.Term(side); x.Kind == condition.Category && condition.IsColumn(side) {
			return w.levels(n, x.Column)
		} else if x.Kind == condition.Category {
			return w.chosen(n)
		}
	}
	if n.Name == "in" {
		var list []string
		for _, item := range n.Args[1].Args {
			list = append(list, w.number(item))
		}
		return w.number(n.Args[0]) + " IN (" + strings.Join(list, ", ") + ")"
	}
	sign := map[string]string{"==": "=", "!=": "<>"}[n.Name]
	if sign == "" {
		sign = n.Name
	}
	return w.number(n.Args[0]) + " " + sign + " " + w.number(n.Args[1])
}

// known evaluates a condition without columns: 0, 1, or 2 for unknown.
func (w *sqlWriter) known(n *formula.Node) int {
	x, _ := w.Term(n)
	if v := x.Eval(nil); v == v {
		return int(v)
	}
	return 2
}

// operand writes a condition below and or or, in parentheses where it is the other of the two.
func (w *sqlWriter) operand(above, n *formula.Node) string {
	text := w.condition(n)
	if n.Kind == formula.Binary && (n.Name == "and" || n.Name == "or") && n.Name != above.Name && condition.SpeaksOfColumns(n) {
		return "(" + text + ")"
	}
	return text
}

// missing writes whether there is no value.
func (w *sqlWriter) missing(n *formula.Node) string {
	switch x, _ := w.Term(n); x.Kind {
	case condition.Truth: // not every dialect takes a condition for a value
		text := w.condition(n)
		return w.short("CASE WHEN " + text + " THEN 0 WHEN NOT (" + text + ") THEN 0 ELSE 1 END = 1")
	case condition.Category:
		return w.category(n) + " IS NULL"
	}
	return w.number(n) + " IS NULL"
}

// chosen writes a comparison with a text that if chooses.
func (w *sqlWriter) chosen(n *formula.Node) string {
	if n.Name != "in" {
		return w.category(n.Args[0]) + map[string]string{"==": " = ", "!=": " <> "}[n.Name] + w.category(n.Args[1])
	}
	var list []string
	for _, item := range n.Args[1].Args {
		list = append(list, w.category(item))
	}
	return w.category(n.Args[0]) + " IN (" + strings.Join(list, ", ") + ")"
}

// category writes what is a text: a column, a constant, or what if chooses.
func (w *sqlWriter) category(n *formula.Node) string {
	switch {
	case condition.IsColumn(n):
		return w.name(condition.ColumnName(n))
	case n.Kind == formula.Text:
		return w.text(n.Name)
	}
	return w.choice(n, w.category(n.Args[1]), w.category(n.Args[2]))
}

// choice writes if(condition, then, otherwise), which is unknown where the condition is.
func (w *sqlWriter) choice(n *formula.Node, then, otherwise string) string {
	when := w.condition(n.Args[0])
	return w.short("CASE WHEN " + when + " THEN " + then + " WHEN NOT (" + when + ") THEN " + otherwise + " END")
}

// levels writes a comparison of a category as a list of the levels for which it is true.
func (w *sqlWriter) levels(n *formula.Node, column condition.Column) string {
	name := w.name(column.Name)
	j := slices.IndexFunc(w.Columns, func(c condition.Column) bool { return c.Name == column.Name })
	holds, _ := w.Term(n)
	row := make([]float64, len(w.Columns))
	var in, out []string
	for l, level := range column.Levels {
		if row[j] = float64(l); holds.Eval(row) == 1 {
			in = append(in, level)
		} else {
			out = append(out, level)
		}
	}
	switch {
	case n.Name == "==":
		return name + " = " + w.text(in[0])
	case n.Name == "!=":
		return name + " <> " + w.text(out[0])
	case in == nil:
		return name + " <> " + name // false, unknown where missing
	case out == nil:
		return name + " = " + name
	}
	for i := range in {
		in[i] = w.text(in[i])
	}
	return name + " IN (" + strings.Join(in, ", ") + ")"
}

// number writes a number to be compared: a column by its name alone, so that an index on it serves.
func (w *sqlWriter) number(n *formula.Node) string {
	if condition.IsColumn(n) {
		return w.name(condition.ColumnName(n))
	}
	return w.float(n)
}

// float writes a number to be reckoned with: columns as float64, since whole ones would divide and overflow otherwise.
func (w *sqlWriter) float(n *formula.Node) string {
	kind := w.dialect.Float()
	switch {
	case condition.IsColumn(n):
		return "CAST(" + w.name(condition.ColumnName(n)) + " AS " + kind + ")"
	case !condition.SpeaksOfColumns(n):
		x, _ := w.Term(n)
		v := x.Eval(nil)
		if math.IsNaN(v) {
			return "CAST(NULL AS " + kind + ")"
		}
		return wording.Number(v)
	case n.Kind == formula.Call && n.Name == condition.DaysSince:
		w.err = errors.New("days_since cannot be written as SQL, where dates have types of their own: make a column of the days first (Table.With)")
		return "NULL"
	case n.Kind == formula.Call && n.Name == "if":
		return "CAST(" + w.choice(n, w.float(n.Args[1]), w.float(n.Args[2])) + " AS " + kind + ")"
	}
	if x, _ := w.Term(n); x.Kind == condition.Truth { // whole numbers would divide without a rest
		when := w.condition(n)
		return w.short("CAST(CASE WHEN " + when + " THEN 1 WHEN NOT (" + when + ") THEN 0 END AS " + kind + ")")
	}
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = w.float(a)
	}
	switch {
	case n.Kind == formula.Minus:
		return w.short("(-(" + args[0] + "))")
	case n.Kind == formula.Call:
		return w.short(w.call(n.Name, args))
	case n.Name == "/":
		args[1] = "NULLIF(" + args[1] + ", 0)"
	}
	return w.short("(" + args[0] + " " + n.Name + " " + args[1] + ")")
}

// call writes a function; outside of its domain it is NULL, where some databases would end the statement.
func (w *sqlWriter) call(name string, x []string) string {
	switch name {
	case "log":
		return "CASE WHEN " + x[0] + " > 0 THEN " + w.dialect.Log(x[0]) + " END"
	case "sqrt":
		return "CASE WHEN " + x[0] + " >= 0 THEN SQRT(" + x[0] + ") END"
	case "exp": // beyond these limits it is infinite, or zero
		return "CASE WHEN " + x[0] + " > 709.782712893384 THEN NULL WHEN " + x[0] + " < -745.1332191019411 THEN 0 ELSE EXP(" + x[0] + ") END"
	case "min", "max": // LEAST and GREATEST pass over NULL here and not there
		sign := map[string]string{"min": " <= ", "max": " >= "}[name]
		text := "CASE WHEN " + strings.Join(x, " IS NULL OR ") + " IS NULL THEN NULL"
		for i, first := range x[:len(x)-1] {
			text += " WHEN " + first + sign + strings.Join(x[i+1:], " AND "+first+sign) + " THEN " + first
		}
		return text + " ELSE " + x[len(x)-1] + " END"
	}
	return strings.ToUpper(name) + "(" + x[0] + ")"
}

// short is text, unless it grew too long: functions within functions are written out more than once.
func (w *sqlWriter) short(text string) string {
	const most = 1 << 20
	if len(text) <= most {
		return text
	}
	w.err = errors.New("functions are nested too deeply to be written as SQL: make columns of them first (Table.With)")
	return "NULL"
}

// name quotes the name of a column.
func (w *sqlWriter) name(name string) string { return w.noted(w.dialect.Name(name)) }

// text quotes a text.
func (w *sqlWriter) text(text string) string { return w.noted(w.dialect.Text(text)) }

// noted keeps the last name or text that no statement can hold.
func (w *sqlWriter) noted(text string, err error) string {
	if err != nil {
		w.err = err
	}
	return text
}
