package engine

// Where rows come from: a table, a view or a query, with a column for each meaning, as plain data.

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Source says where rows come from. One of Table and Query is given.
type Source struct {
	Table       string            `json:",omitempty"` // "crm.customers"; a part that holds a point stands in the database's own quotation marks
	Query       string            `json:",omitempty"` // one SELECT
	Columns     map[string]string `json:",omitempty"` // by what they mean, the columns of the table or query: {"customer": "customer_id"}
	Descriptors []string          `json:",omitempty"` // columns of order lines that say where and how a customer buys: "country", "channel"
	Undone      []string          `json:",omitempty"` // values of the status that mean that an order came to nothing, where the words alone do not tell: "on hold"; not nil says that all others stand
	Currency    string            `json:",omitempty"` // unit of money in charts and tables, "EUR"
}

// column is one of a source.
type column struct {
	name   string // as the database has it
	quoted string
	kind   kind
	typ    string // as the database calls it
}

// relation is a source that was looked at: what stands behind FROM, and its columns.
type relation struct {
	from    string
	name    string // for messages
	columns []column
}

// look asks the database for the columns of a source, also in a dry run. No row is read.
func (r *run) look(op string, s Source) (*relation, error) {
	rel := &relation{name: cmp.Or(s.Table, "the query")}
	switch d := r.speaks.SQL(); {
	case (s.Table == "") == (strings.TrimSpace(s.Query) == ""):
		return nil, fault.Option("engine.Source", "Table", fmt.Sprintf("%q", s.Table), "either a Table or a Query")
	case s.Table != "":
		quoted, err := d.Table(s.Table)
		if err != nil {
			return nil, fault.Option("engine.Source", "Table", s.Table, err.Error())
		}
		rel.from = quoted
	default:
		rel.from = from(s.Query) + " AS source"
	}
	purpose, statement := "look at the columns of "+rel.name, "SELECT * FROM "+rel.from+" WHERE 1 = 0"
	r.step(purpose, statement)
	err := r.connect(r.ctx)
	var rows *sql.Rows
	if err == nil {
		rows, err = r.conn.QueryContext(r.ctx, statement)
	}
	if err != nil {
		return nil, r.refused(purpose, err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err == nil && len(types) == 0 { // some drivers know the columns only then
		rows.Next()
		types, err = rows.ColumnTypes()
	}
	if broken := rows.Err(); broken != nil {
		err = broken
	}
	if err != nil {
		return nil, r.refused(purpose, err)
	}
	for _, t := range types {
		quoted, err := r.speaks.SQL().Name(t.Name())
		if err != nil {
			return nil, &fault.CellError{Op: op, File: rel.name, Column: t.Name(), Why: err.Error(), Err: fault.ErrSchema}
		}
		rel.columns = append(rel.columns, column{t.Name(), quoted, kindOf(t.DatabaseTypeName()), t.DatabaseTypeName()})
	}
	return rel, nil
}

// named finds a column by its name.
func (rel *relation) named(op, name string) (column, error) {
	if at := slices.IndexFunc(rel.columns, func(c column) bool { return c.name == name }); at >= 0 {
		return rel.columns[at], nil
	}
	var names []string
	for _, c := range rel.columns {
		names = append(names, c.name)
	}
	return column{}, &fault.CellError{Op: op, File: rel.name, Column: name, Why: "is not there" + suggest.Suggestion(name, names), Err: fault.ErrMissingColumn}
}

// meanings finds the column of each meaning, and refuses a meaning that is none of those known.
func (rel *relation) meanings(op string, s Source, known []string) (map[string]column, error) {
	found := map[string]column{}
	for _, meaning := range slices.Sorted(maps.Keys(s.Columns)) {
		if !slices.Contains(known, meaning) {
			return nil, fault.Option("engine.Source", "Columns", fmt.Sprintf("%q", meaning), "one of "+wording.List(known)+suggest.Suggestion(meaning, known))
		}
		c, err := rel.named(op, s.Columns[meaning])
		if err != nil {
			return nil, err
		}
		found[meaning] = c
	}
	return found, nil
}

// needs refuses a column that holds another kind of values than its meaning asks for.
func (rel *relation) needs(op, meaning string, c column, remedy string, kinds ...kind) error {
	if slices.Contains(kinds, c.kind) {
		return nil
	}
	var words []string
	for _, k := range kinds {
		words = append(words, k.String())
	}
	if c.kind == zoned {
		remedy = "the day depends on the zone: write a Query that says which, such as CAST(" + c.quoted + " AT TIME ZONE 'Europe/Berlin' AS TIMESTAMP)"
	}
	return &fault.CellError{Op: op, File: rel.name, Column: c.name, Err: fault.ErrSchema, Remedy: remedy,
		Why: fmt.Sprintf("is to be the %s and is of the type %s: want %s", meaning, strings.ToUpper(c.typ), strings.Join(words, " or "))}
}

// count counts the rows of a relation, to see later whether it has changed.
func (r *run) count(purpose, from string) (n int64, err error) {
	err = r.row(purpose, "SELECT COUNT(*) FROM "+from, &n)
	return n, err
}
