package engine

// Customers where they are: a row each, with numbers and texts that segments can be made of.

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Customers are the customers of a table, view or query, with one row each.
type Customers struct {
	engine  *Engine
	from    string // what stands behind FROM
	name    string // for messages
	id      string // the column with the ids, as the database has it
	columns []customerColumn
	spec    json.RawMessage // how the columns were made from order lines, as features.Spec reads it; nil where they were not
	note    string          // for readers of the table: that the orders end before the as-of date
}

// customerColumn is a column of customers: a number, or a text whose values are the levels of a category.
type customerColumn struct {
	table.Column
	sql  string // what computes it in a SELECT over the source
	text bool
}

// mostLevels is how many different texts make a category. More of them name customers rather than sort them.
const mostLevels = 1000

// source is what the customers are called inside of statements: a common table expression with the columns under their own names.
const source = "segkit_source"

// Customers looks at a table, view or query with a row for each customer. Numbers and texts become columns, other types are left out. Source.Columns gives
// columns other names ({"spend": "total_spend_eur"}); id is the database's name for the column that identifies customers. No row is read.
func (e *Engine) Customers(s Source, id string) (*Customers, error) {
	return e.CustomersContext(job.DefaultContext, s, id)
}

// CustomersContext is Customers under ctx.
func (e *Engine) CustomersContext(ctx context.Context, s Source, id string) (*Customers, error) {
	const op = "engine.Customers"
	if e == nil {
		return nil, fault.Nil(op, "engine")
	}
	r := e.run(ctx, 1)
	defer r.end()
	rel, err := r.look(op, s)
	if err != nil {
		return nil, err
	}
	if _, err := rel.named(op, id); err != nil {
		return nil, err
	}
	called := map[string]string{} // of the database's columns
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		column, err := rel.named(op, s.Columns[name])
		if err != nil {
			return nil, err
		}
		called[column.name] = name
	}
	c := &Customers{engine: e, from: rel.from, name: rel.name, id: id}
	for _, column := range rel.columns {
		if column.name == id {
			continue
		}
		own := customerColumn{Column: table.Column{Name: column.name}, sql: column.quoted}
		if name, ok := called[column.name]; ok {
			own.Name = name
		}
		switch column.kind {
		case whole, number:
			own.sql = e.speaks.double(column.quoted)
		case text:
			own.text = true
		default:
			continue
		}
		if _, err := e.speaks.SQL().Name(own.Name); err != nil {
			return nil, fault.Option("engine.Source", "Columns", fmt.Sprintf("%q", own.Name), "a name that a database can hold: "+err.Error())
		}
		if slices.ContainsFunc(c.columns, func(other customerColumn) bool { return other.Name == own.Name }) {
			return nil, fault.Errorf(fault.ErrDuplicate, "segkit: %s: two columns of %s would be called %q: name one of them in Source.Columns", op, rel.name, own.Name)
		}
		c.columns = append(c.columns, own)
	}
	return c, nil
}

// Names returns the names of the columns from which segments can be made.
func (c *Customers) Names() (names []string) {
	if c == nil {
		return nil
	}
	for _, column := range c.columns {
		names = append(names, column.Name)
	}
	return names
}

// Note returns a remark for readers of results, if the order lines end before the as-of day, with both days and what to do; "" if there is
// nothing to say.
func (c *Customers) Note() string {
	if c == nil {
		return ""
	}
	return c.note
}

// Table brings all customers into memory (n x d), in the order of their ids. Texts with more than 1,000 different values are left out, because they
// identify customers rather than classify them.
func (c *Customers) Table() (*table.Table, error) { return c.TableContext(job.DefaultContext) }

// TableContext is Table under ctx.
func (c *Customers) TableContext(ctx context.Context) (*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("engine.Customers.Table", "customers")
	}
	r := c.engine.run(ctx, 2)
	defer r.end()
	t, err := c.all(r, "read the customers", nil)
	if err != nil {
		return nil, err
	}
	return t, c.legible(t)
}

// legible refuses ids and levels that no file takes: with a NUL, or, of a database that does not look at its letters, in no UTF-8.
func (c *Customers) legible(t *table.Table) error {
	const why, remedy = "holds a NUL byte or is not UTF-8, and no CSV file takes it", "write it differently in a Query"
	broken := func(text string) bool { return strings.ContainsRune(text, 0) || !utf8.ValidString(text) }
	for i, id := range t.IDs() {
		if broken(id) {
			return &fault.CellError{Op: "engine.Customers.Table", File: c.name, Row: i + 1, Column: c.id, Value: id, Why: why, Remedy: remedy, Err: fault.ErrFormat}
		}
	}
	for _, column := range t.Columns() {
		if at := slices.IndexFunc(column.Levels, broken); at >= 0 {
			return &fault.CellError{Op: "engine.Customers.Table", File: c.name, Column: column.Name, Value: column.Levels[at], Why: why, Remedy: remedy, Err: fault.ErrFormat}
		}
	}
	return nil
}

// Few is Table if there are at most 200,000 customers, and otherwise nil.
func (c *Customers) Few() (*table.Table, error) { return c.FewContext(job.DefaultContext) }

// FewContext is Few under ctx.
func (c *Customers) FewContext(ctx context.Context) (*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("engine.Customers.Few", "customers")
	}
	r := c.engine.run(ctx, 3)
	defer r.end()
	n, err := r.count("count the customers", c.from)
	if err != nil || n > mostRows {
		return nil, err
	}
	defer r.where(fewCustomers)()
	return c.all(r, "read the customers", nil)
}

// all fetches the customers with all their numbers, and all texts that sort them. The columns of header, if there is one, are known already.
func (c *Customers) all(r *run, purpose string, header *table.Table) (*table.Table, error) {
	var columns []table.Column
	for _, column := range c.columns {
		if header != nil && slices.Contains(header.Names(), column.Name) {
			columns = append(columns, header.Columns()[slices.Index(header.Names(), column.Name)])
			continue
		}
		if column.text && column.Levels == nil {
			levels, err := c.levels(r, column.Name)
			if err != nil {
				return nil, err
			}
			if len(levels) > mostLevels {
				continue
			}
			column.Levels = levels
		}
		columns = append(columns, column.Column)
	}
	whole := c.headed(columns)
	return c.fetch(r, purpose, whole, c.over("SELECT "+strings.Join(c.listed(whole), ", ")+"\nFROM "+source))
}

// over puts the customers, under the name source, in front of a statement that may begin with other common table expressions.
func (c *Customers) over(statement string) string {
	columns := []string{c.quote(c.id) + " AS " + c.quote(c.id)}
	for _, column := range c.columns {
		columns = append(columns, column.sql+" AS "+c.quote(column.Name))
	}
	head := "WITH " + source + " AS (\n  SELECT " + strings.Join(columns, ",\n    ") + "\n  FROM " + c.from + "\n)"
	if comment, rest, ok := strings.Cut(statement, "WITH\n"); ok && (comment == "" || strings.HasPrefix(comment, "--")) {
		return comment + head + ",\n" + rest
	}
	return head + "\n" + statement
}

// quote quotes the name of a column. Whoever made the customers has seen that each can be.
func (c *Customers) quote(name string) string {
	quoted, err := c.engine.speaks.SQL().Name(name)
	if err != nil {
		panic(err)
	}
	return quoted
}

// listed are the id and the columns of a header, to be selected from source.
func (c *Customers) listed(header *table.Table) []string {
	out := []string{"CAST(" + c.quote(c.id) + " AS VARCHAR) AS id"}
	for _, name := range header.Names() {
		out = append(out, c.quote(name))
	}
	return out
}

// header returns a table without rows that has the named columns; texts have their levels, for which the database is asked.
func (c *Customers) header(r *run, names []string) (*table.Table, error) {
	const op = "engine.Customers"
	var columns []table.Column
	for _, name := range names {
		at := slices.IndexFunc(c.columns, func(column customerColumn) bool { return column.Name == name })
		if at < 0 {
			return nil, c.unknown(op, name)
		}
		column := c.columns[at].Column
		if c.columns[at].text && column.Levels == nil {
			levels, err := c.levels(r, name)
			if err != nil {
				return nil, err
			}
			column.Levels = levels
			if len(column.Levels) > mostLevels {
				return nil, &fault.CellError{Op: op, File: c.name, Column: name, Err: fault.ErrSchema,
					Why: fmt.Sprintf("has more than %d different texts, too many to group customers by", mostLevels), Remedy: "leave it out"}
			}
		}
		columns = append(columns, column)
	}
	return c.headed(columns), nil
}

// unknown is the error for the name of a column that there is not.
func (c *Customers) unknown(op, name string) error {
	return &fault.CellError{Op: op, File: c.name, Column: name, Err: fault.ErrMissingColumn, Why: "is not among the numbers and texts there",
		Remedy: "take one of these, the nearest first: " + suggest.Nearby(name, c.Names())}
}

// headed is a table without rows that has the columns.
func (c *Customers) headed(columns []table.Column) *table.Table {
	return table.FromRaw(table.Raw{Columns: columns, IDName: c.id, Spec: c.spec, Note: c.note, Source: c.name})
}

// levels lists the values of a column of texts, sorted; one more than mostLevels where there are more.
func (c *Customers) levels(r *run, name string) ([]string, error) {
	if c.spec != nil { // a descriptor that nobody has is left out
		defer r.where(described)()
	}
	found, quoted := []string{}, c.quote(name)
	statement := c.over(fmt.Sprintf("SELECT %s AS level\nFROM %s\nWHERE %s IS NOT NULL\nGROUP BY 1\nLIMIT %d", r.speaks.sorted(quoted), source, quoted, mostLevels+1))
	err := r.read(fmt.Sprintf("list the values of %q", name), statement, func(rows *sql.Rows) error {
		var level string
		if err := rows.Scan(&level); err != nil {
			return err
		}
		found = append(found, level)
		return nil
	})
	if slices.Sort(found); r.options.DryRun {
		found = []string{"a level"}
	}
	return found, err
}

// chosen returns the columns that a recipe clusters, as a table without rows. An empty Recipe.Columns takes the numbers.
func (c *Customers) chosen(r *run, recipe segkit.Recipe) (*table.Table, error) {
	names := recipe.Columns
	if len(names) == 0 {
		for _, column := range c.columns {
			if !column.text && column.Role == table.Feature {
				names = append(names, column.Name)
			}
		}
	}
	header, err := c.header(r, names)
	if err != nil {
		return nil, err
	}
	return recipe.Select(header)
}

// fetch reads customers: the id as a text, then the columns of header in order, then what behind adds to a row.
func (c *Customers) fetch(r *run, purpose string, header *table.Table, statement string, behind ...any) (*table.Table, error) {
	raw := *header.Raw()
	raw.IDs, raw.Data = nil, nil
	d := len(raw.Columns)
	id, numbers, texts, into := sql.NullString{}, make([]sql.NullFloat64, d), make([]sql.NullString, d), make([]any, 1, d+1+len(behind))
	into[0] = &id
	level := make([]map[string]float64, d)
	for j, column := range raw.Columns {
		if !column.Categorical() {
			into = append(into, &numbers[j])
			continue
		}
		into, level[j] = append(into, &texts[j]), make(map[string]float64, len(column.Levels))
		for l, name := range column.Levels {
			level[j][name] = float64(l)
		}
	}
	type row struct {
		id string
		at int
	}
	var rows []row
	var data []float64
	err := r.read(purpose, statement, func(got *sql.Rows) error {
		if err := got.Scan(append(into, behind...)...); err != nil {
			return err
		}
		if !id.Valid {
			return &sentence{fmt.Sprintf("segkit: %s: there is a customer without an id in the column %q: leave such rows out with Source.Query", c.name, c.id), fault.ErrNotFinite}
		}
		rows = append(rows, row{id.String, len(rows)})
		for j := range d {
			v := math.NaN()
			switch {
			case level[j] == nil && numbers[j].Valid:
				v = numbers[j].Float64
			case level[j] != nil && texts[j].Valid:
				l, known := level[j][texts[j].String]
				if !known {
					return c.changed(fmt.Sprintf("%q has a value that was not there before", raw.Columns[j].Name))
				}
				v = l
			}
			data = append(data, v)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(behind) == 0 { // in the order of ids, whatever order the database has
		slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.id, b.id) })
	}
	raw.Data = make([]float64, 0, len(data))
	for _, row := range rows {
		raw.IDs = append(raw.IDs, row.id)
		raw.Data = append(raw.Data, data[row.at*d:(row.at+1)*d]...)
	}
	t := table.FromRaw(raw)
	if r.options.DryRun {
		return t, nil
	}
	return t, t.Check()
}

// changed says that the customers are no longer those of the first pass.
func (c *Customers) changed(how string) error {
	return &sentence{fmt.Sprintf("segkit: %s changed between two passes: %s. Nothing was kept; begin again, or work on a copy that stays as it is", c.name, how), fault.ErrUnmatched}
}

// raw are the columns of a header as a query begins with them.
func raw(header *table.Table) (columns []query.Column) {
	for _, column := range header.Raw().Columns {
		columns = append(columns, query.Column{Name: column.Name, Levels: column.Levels})
	}
	return columns
}
