package geo

// What the user's own tables say of the places where customers live.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Lookup is what a table of places says about customers.
type Lookup struct {
	Customers *table.Table // the customers with the columns of the places appended
	Key       string       // the column by which places were found
	Found     int          // customers whose place is in the table
	NoKey     int          // customers without a value in the key
	Unknown   []Unknown    // values of the key that are not in the table, the most frequent first
	Unused    int          // places where no customer lives
	Traits    []string     // columns that are traits of areas, and not of customers
}

// Unknown is a value of the key that the table of places does not have.
type Unknown struct {
	Value     string
	Customers int
	Near      string // the place that may be meant; "" if none is similar
}

var _ sheet.Sheeter = (*Lookup)(nil)

// Traits adds what a table of areas says about each customer's area: purchasing power of the postcode, inhabitants of the city. The ids of areas
// are the values of the customers' column key, a category. The new columns are descriptors, and marked as traits of an area (Column.Area): an
// area with many students does not make its customers students.
//
// Customers whose area is unknown or not in the table have missing values there, and are counted (Unknown). If no customer's
// area is in the table, that is an error. Columns that both tables have are refused. Cost n, plus the unknown values times the
// areas.
func Traits(customers *table.Table, key string, areas *table.Table) (*Lookup, error) {
	return lookup("geo.Traits", customers, key, areas, func(c table.Column, of table.Column) table.Column {
		c.Area = key
		return c
	})
}

// RollUp adds the larger places to which each customer's place belongs: region and country of a city, by a table whose ids are the cities.
// It is Traits for facts that are also true of the customers: whoever lives in Leipzig lives in Saxony. All columns of places must be
// categories.
func RollUp(customers *table.Table, key string, places *table.Table) (*Lookup, error) {
	const op = "geo.RollUp"
	if places != nil {
		for _, c := range places.Raw().Columns {
			if !c.Categorical() {
				return nil, &fault.CellError{Op: op, File: places.Raw().Source, Column: c.Name, Why: "holds numbers, not names of larger places", Err: fault.ErrSchema,
					Remedy: "leave it out, or use geo.Traits for what is known of a place"}
			}
		}
	}
	return lookup(op, customers, key, places, func(c table.Column, of table.Column) table.Column {
		c.Ancestry = table.MadeOf(of)
		return c
	})
}

func lookup(op string, customers *table.Table, key string, places *table.Table, as func(c, of table.Column) table.Column) (*Lookup, error) {
	switch {
	case customers == nil:
		return nil, fault.Nil(op, "table of customers")
	case places == nil:
		return nil, fault.Nil(op, "table of places")
	case customers.Len() == 0 || places.Len() == 0:
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	}
	j, err := customers.Index(key)
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	of := customers.Raw().Columns[j]
	if !of.Categorical() {
		return nil, numbersAsNames(op, customers, of)
	}
	rows := make(map[string]int, places.Len())
	for i, id := range places.Raw().IDs {
		rows[id] = i
	}
	out, counts, used := &Lookup{Key: key}, make([]int, len(of.Levels)), make([]bool, places.Len())
	columns := customers.Columns()
	for _, c := range table.CloneColumns(places.Raw().Columns) {
		if slices.Contains(customers.Names(), c.Name) {
			return nil, &fault.CellError{Op: op, File: places.Raw().Source, Column: c.Name, Why: "is a column of the customers, too", Remedy: "Drop it from one of the two tables, or give it another name", Err: fault.ErrDuplicate}
		}
		if c.Role == table.Feature {
			c.Role = table.Descriptor
		}
		c = as(c, of)
		if c.Area != "" {
			out.Traits = append(out.Traits, c.Name)
		}
		columns = append(columns, c)
	}
	data := make([]float64, 0, customers.Len()*len(columns))
	unknown := slices.Repeat([]float64{math.NaN()}, len(places.Raw().Columns))
	for i := range customers.Len() {
		data = append(data, customers.Raw().Row(i)...)
		v := customers.At(i, j)
		row, found := -1, false
		if !math.IsNaN(v) {
			row, found = rows[of.Levels[int(v)]]
		}
		switch {
		case math.IsNaN(v):
			out.NoKey += customers.Customers(i)
		case found:
			out.Found += customers.Customers(i)
			used[row] = true
			data = append(data, places.Raw().Row(row)...)
			continue
		default:
			counts[int(v)] += customers.Customers(i)
		}
		data = append(data, unknown...)
	}
	for _, u := range used {
		if !u {
			out.Unused++
		}
	}
	for l, n := range counts {
		if n > 0 {
			out.Unknown = append(out.Unknown, Unknown{Value: of.Levels[l], Customers: n})
		}
	}
	slices.SortStableFunc(out.Unknown, func(a, b Unknown) int { return cmp.Compare(b.Customers, a.Customers) })
	for u := range out.Unknown[:min(len(out.Unknown), sheet.MaxRows)] {
		out.Unknown[u].Near = near(out.Unknown[u].Value, rows, places.Raw().IDs)
	}
	if out.Found == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: no %s of the customers is in the table of places: theirs are such as %s, the table's such as %s; does its id column hold what %s does?",
			op, key, some(of.Levels), some(places.Raw().IDs), key)
	}
	out.Customers = customers.WithData(columns, data)
	return out, out.Customers.Check()
}

// numbersAsNames refuses a key that was read as numbers.
func numbersAsNames(op string, t *table.Table, c table.Column) error {
	return &fault.CellError{Op: op, File: t.Raw().Source, Column: c.Name, Why: "holds numbers, in which a postcode 04109 is 4109", Err: fault.ErrSchema,
		Remedy: fmt.Sprintf("read it as text, with table.CSVOptions{Text: []string{%q}}, or bring it to its length with geo.Postcodes", c.Name)}
}

// near is the name that may be meant by text: one that lost its leading zeros first.
func near(text string, rows map[string]int, names []string) string {
	for zeros := "0"; len(zeros) < 4 && digitsOnly(text); zeros += "0" {
		if _, ok := rows[zeros+text]; ok {
			return zeros + text
		}
	}
	if digitsOnly(text) {
		return "" // a code with another digit is another place
	}
	if i := slices.IndexFunc(names, func(name string) bool { return folded(name) == folded(text) }); i >= 0 {
		return names[i]
	}
	return suggest.Nearest(text, names)
}

func some(names []string) string {
	var quoted []string
	for _, name := range names[:min(3, len(names))] {
		quoted = append(quoted, fmt.Sprintf("%q", wording.Clip(name)))
	}
	return sheet.List(quoted)
}

// Sheet lists the values of the key that the table of places does not have.
func (l *Lookup) Sheet() sheet.Sheet {
	if l == nil {
		return sheet.Sheet{Caption: fault.Nil("geo.Lookup.Sheet", "lookup").Error()}
	}
	lost := l.NoKey
	out := sheet.Sheet{Columns: []sheet.Column{{Name: l.Key + " not in the table", Text: true}, {Name: "customers"}, {Name: "may be", Text: true}}, Total: len(l.Unknown)}
	for u, unknown := range l.Unknown {
		if lost += unknown.Customers; u < sheet.MaxRows {
			out.Rows = append(out.Rows, []string{unknown.Value, sheet.Count(unknown.Customers), cmp.Or(unknown.Near, sheet.Missing)})
		}
	}
	out.Caption = fmt.Sprintf("The %s of %s of %s is in the table", l.Key, sheet.Count(l.Found), wording.Plural(l.Found+lost, "customer"))
	if l.NoKey > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s without a %s.", wording.Plural(l.NoKey, "customer"), l.Key))
	}
	if l.Unused > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("No customer lives in %s of the table.", wording.Plural(l.Unused, "place")))
	}
	if slices.ContainsFunc(l.Unknown, func(u Unknown) bool { return u.Near != "" && !digitsOnly(u.Value) }) {
		out.Notes = append(out.Notes, "geo.FindSpellings brings different spellings together, with the ids of the table as the right ones.")
	}
	if l.Traits != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("%s of a %s, not of the customers who live there: what holds for areas need not hold for people (ecological fallacy).",
			wording.Columns(l.Traits, "is a trait", "are traits"), l.Key))
	}
	return out
}

// Frame returns a row per value of the key that the table of places does not have.
func (l *Lookup) Frame() table.Frame {
	if l == nil {
		return table.Frame{Err: fault.Nil("geo.Lookup.Frame", "lookup")}
	}
	return frame.New(
		frame.Each("value", l.Unknown, func(u Unknown) string { return u.Value }),
		frame.Each("customers", l.Unknown, func(u Unknown) int { return u.Customers }),
		frame.Each("near", l.Unknown, func(u Unknown) string { return u.Near }))
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
