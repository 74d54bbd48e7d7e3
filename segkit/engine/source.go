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

// Source says where rows come from. Give either Table or Query.
type Source struct {
	Table       string            `json:",omitempty"` // "crm.customers"; a part that contains a dot needs the database's own quotation marks
	Query       string            `json:",omitempty"` // one SELECT
	Columns     map[string]string `json:",omitempty"` // columns of the table or query, by their meaning: {"customer": "customer_id"}
	Descriptors []string          `json:",omitempty"` // columns of order lines that say where and how a customer buys: "country", "channel"
	Undone      []string          `json:",omitempty"` // values of the status which mean that an order came to nothing, if the words alone do not say so: "on hold"; if not nil, all others count as valid
	UndoneAmong []string          `json:",omitempty"` // the words that Undone gives the answer for, so that a word that comes up later is asked about again; nil: any word
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

// misfit is a column that holds another kind of values than its meaning asks for.
type misfit struct {
	column
	meaning string
	wants   []kind
	as      string // type of the database to cast it to
}

// check adds a column to the misfits unless it is of one of the kinds.
func check(misfits []misfit, c column, meaning, as string, kinds ...kind) []misfit {
	if slices.Contains(kinds, c.kind) {
		return misfits
	}
	return append(misfits, misfit{c, meaning, kinds, as})
}

func (m misfit) want() string {
	var words []string
	for _, k := range m.wants {
		words = append(words, k.String())
	}
	return strings.Join(words, " or ")
}

func (m misfit) cast() string {
	from := m.quoted
	if m.kind == zoned {
		from += " AT TIME ZONE 'Europe/Berlin'"
	}
	return "CAST(" + from + " AS " + m.as + ")"
}

// refuse names all misfits at once, and how a query casts them.
func (rel *relation) refuse(op string, misfits []misfit) error {
	if len(misfits) == 0 {
		return nil
	}
	e := &fault.CellError{Op: op, File: rel.name, Err: fault.ErrSchema}
	var said, casts []string
	also := ""
	for _, m := range misfits {
		said, casts = append(said, fmt.Sprintf("%q is to be the %s and is of the type %s: want %s", m.name, m.meaning, strings.ToUpper(m.typ), m.want())), append(casts, m.cast())
		switch {
		case m.kind == zoned:
			also += "; the day depends on the zone, so say which"
		case m.kind == text && slices.Contains(m.wants, number) && !strings.Contains(also, "commas"):
			also += "; decimal commas want a REPLACE within the CAST"
		}
	}
	if first := misfits[0]; len(misfits) == 1 {
		e.Column, e.Why, e.Remedy = first.name, strings.TrimPrefix(said[0], fmt.Sprintf("%q ", first.name)), "cast it in a Query or a view: "+casts[0]+also
		return e
	}
	e.Why, e.Remedy = fmt.Sprintf("%d columns are of other types than their meanings want: %s", len(said), strings.Join(said, "; ")), "cast them in a Query or a view: "+strings.Join(casts, ", ")+also
	return e
}

// count counts the rows of a relation, to see later whether it has changed.
func (r *run) count(purpose, from string) (n int64, err error) {
	err = r.row(purpose, "SELECT COUNT(*) FROM "+from, &n)
	return n, err
}
