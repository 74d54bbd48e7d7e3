// Package sqltest holds rule books written as SQL against a real engine: SQLite must put every customer where Go does. It
// stands by itself so that nothing else is linked with the engine.
package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"
	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// database opens an empty one in memory.
func database(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(context.Background()) // every connection has a memory of its own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// store makes the table customers of t: categories as text, whole numbers as integers, missing as NULL.
func store(db *sql.Conn, t *table.Table) error {
	ctx := context.Background()
	columns := []string{"id TEXT PRIMARY KEY"}
	whole := make([]bool, len(t.Columns()))
	for j, c := range t.Columns() {
		values, err := t.Values(c.Name)
		if err != nil {
			return err
		}
		kind := "REAL"
		if whole[j] = !slices.ContainsFunc(values, func(v float64) bool { return v != math.Trunc(v) && v == v || math.Abs(v) > 1<<53 }); whole[j] {
			kind = "INTEGER"
		}
		if c.Categorical() {
			kind = "TEXT"
		}
		columns = append(columns, quoted(c.Name)+" "+kind)
	}
	if _, err := db.ExecContext(ctx, "DROP TABLE IF EXISTS customers"); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "CREATE TABLE customers ("+strings.Join(columns, ", ")+")"); err != nil {
		return err
	}
	insert := "INSERT INTO customers VALUES (?" + strings.Repeat(", ?", len(whole)) + ")"
	for i, id := range t.IDs() {
		args := []any{id}
		for j, c := range t.Columns() {
			switch v := t.At(i, j); {
			case math.IsNaN(v):
				args = append(args, nil)
			case c.Categorical():
				args = append(args, c.Levels[int(v)])
			case whole[j]:
				args = append(args, int64(v))
			default:
				args = append(args, v)
			}
		}
		if _, err := db.ExecContext(ctx, insert, args...); err != nil {
			return err
		}
	}
	return nil
}

// assigned asks the database for the segment of every customer of t, by id.
func assigned(db *sql.Conn, t *table.Table, expression string) ([]string, error) {
	rows, err := db.QueryContext(context.Background(), "SELECT id, "+expression+" AS segment FROM customers")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	of := map[string]string{}
	for rows.Next() {
		var id, segment string
		if err := rows.Scan(&id, &segment); err != nil {
			return nil, err
		}
		of[id] = segment
	}
	var out []string
	for _, id := range t.IDs() {
		out = append(out, of[id])
	}
	return out, rows.Err()
}

// same returns an error unless Go and SQLite agree on every customer.
func same(db *sql.Conn, t *table.Table, b *rulebook.Book) error {
	expression, err := b.SQL(dialect.Standard, t)
	if err != nil {
		return err
	}
	inGo, err := b.Assign(t)
	if err != nil {
		return err
	}
	if err := store(db, t); err != nil {
		return err
	}
	inSQL, err := assigned(db, t, expression)
	if err != nil {
		return fmt.Errorf("%w in %s", err, expression)
	}
	for i, l := range inGo.Labels {
		if inGo.Names[l] != inSQL[i] {
			return fmt.Errorf("customer %v is in %q, by SQL in %q:\n%s\n%s", t.Row(i), inGo.Names[l], inSQL[i], b, expression)
		}
	}
	return nil
}

// Names that end a statement, a text or a line where they are not quoted.
var columns = []table.Column{{Name: "select"}, {Name: `"; drop table customers; --`}, {Name: "whole"}, {Name: "Größe\n[x]`"},
	{Name: "city", Levels: []string{"Leeds", "O'Brien's", `back\slash`, "new\nline", "--", "Zürich", "null"}},
	{Name: "visits", Levels: []string{"never", "monthly", "weekly"}, Ordered: true}}

type draw struct{ *rapid.T }

func (d draw) of(options ...string) string { return rapid.SampledFrom(options).Draw(d.T, "part") }

func (d draw) column() string {
	return "col(" + strconv.Quote(d.of("select", `"; drop table customers; --`, "whole", "Größe\n[x]`")) + ")"
}

func (d draw) number() string {
	return d.of("0", "1", "2", "-1", "2.5", "0.1", "1/3", "1e-7", "0.30000000000000004", "1e16", "1/0", "0.1 + 0.2", "sqrt(2)")
}

// reckoned draws a number.
func (d draw) reckoned(depth int) string {
	if depth == 0 || rapid.IntRange(0, 2).Draw(d.T, "leaf") == 0 {
		if rapid.IntRange(0, 4).Draw(d.T, "constant") == 0 {
			return d.number()
		}
		return d.column()
	}
	a, b := d.reckoned(depth-1), d.reckoned(depth-1)
	switch f := d.of("+", "-", "*", "/", "-()", "abs", "floor", "sqrt", "min", "max", "if", "1 or 0"); f {
	case "if":
		return "if(" + d.asked() + ", " + a + ", " + b + ")"
	case "1 or 0":
		return "(" + a + ") * (" + d.asked() + ") / (" + d.asked() + ")"
	case "-()":
		return "-(" + a + ")"
	case "abs", "floor", "sqrt":
		return f + "(" + a + ")"
	case "min", "max":
		return f + "(" + a + ", " + b + ", " + d.reckoned(depth-1) + ")"
	default:
		return "(" + a + ") " + f + " (" + b + ")"
	}
}

// asked draws a condition that stands within a number.
func (d draw) asked() string {
	return d.of(d.column()+" > "+d.number(), "missing("+d.column()+")", `city != "Leeds"`, "not ("+d.column()+" <= 1)")
}

// condition draws one.
func (d draw) condition(depth int) string {
	if depth > 0 && rapid.IntRange(0, 2).Draw(d.T, "leaf") > 0 {
		a, b := d.condition(depth-1), d.condition(depth-1)
		return d.of("not ("+a+")", "("+a+") and ("+b+")", a+" and "+b, "("+a+") or ("+b+")", a+" or "+b, "missing("+a+")")
	}
	sign := d.of("==", "!=", "<", "<=", ">", ">=")
	level := strconv.Quote(d.of(columns[4].Levels...))
	return d.of(
		d.column()+" "+sign+" "+d.number(),
		d.number()+" "+sign+" "+d.column(),
		d.reckoned(2)+" "+sign+" "+d.reckoned(2),
		"-1 < "+d.reckoned(1)+" <= "+d.column(),
		d.column()+" in [1, -2, 0.1, 2.5]",
		d.column()+" not in [0]",
		"log("+d.reckoned(1)+") "+sign+" 0.3",
		"exp("+d.column()+" * 100) "+sign+" 1.7",
		"missing("+d.reckoned(1)+")",
		"missing(city)", "true", "1 > 2", "1/0 > 1",
		"city "+d.of("==", "!=")+" "+level,
		level+" == city",
		"city in ["+level+`, "Leeds"]`,
		"city not in ["+level+"]",
		"if("+d.asked()+`, city, "other") `+d.of("==", "!=")+" "+level,
		"if("+d.asked()+`, "a", if(`+d.asked()+`, "b", city)) in ["a", `+level+"]",
		"missing(if("+d.asked()+`, "a", city))`,
		"visits "+sign+" "+strconv.Quote(d.of("never", "monthly", "weekly")),
		`"monthly" `+sign+" visits")
}

// Whatever the rules and the customers, SQLite puts them where Go does.
func TestSQLGivesTheSameAnswer(t *testing.T) {
	db := database(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t}
		n := rapid.IntRange(1, 12).Draw(t, "n")
		var ids []string
		var data []float64
		numbers := []float64{math.NaN(), 0, 1, 2, -1, -2, 2.5, 0.1, 1.0 / 3, 0.30000000000000004, 1e-7, 1e16, 123456.789}
		for i := range n {
			ids = append(ids, strconv.Itoa(i))
			for range 2 {
				data = append(data, rapid.SampledFrom(numbers).Draw(t, "value"))
			}
			data = append(data, rapid.SampledFrom(numbers[:6]).Draw(t, "whole"), rapid.SampledFrom(numbers).Draw(t, "value"))
			for _, c := range columns[4:] {
				level := float64(rapid.IntRange(-1, len(c.Levels)-1).Draw(t, "level"))
				if level < 0 {
					level = math.NaN()
				}
				data = append(data, level)
			}
		}
		table, err := table.New(ids, columns, data)
		if err != nil {
			t.Fatal(err)
		}
		b := &rulebook.Book{Rest: d.of("", "l'autre", "A")}
		for range rapid.IntRange(1, 4).Draw(t, "rules") {
			rule := rulebook.Rule{Name: d.of("A", `B'; drop table customers; --`, "C\n\\", "ß"), When: d.condition(3)}
			if !slices.Contains(b.Rules, rule) {
				b.Rules = append(b.Rules, rule)
			}
		}
		if err := same(db, table, b); err != nil {
			t.Fatal(err)
		}
	})
}

// Whole numbers divide into fractions and do not overflow.
func TestSQLReckonsWithFractions(t *testing.T) {
	table, err := table.New([]string{"a", "b", "c"}, []table.Column{{Name: "orders"}, {Name: "visits"}}, []float64{1, 2, 4e9, 4e9, 3, 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"orders / visits > 0.4", "orders / 2 == 0.5", "5 / orders < 2 and 5 / orders > 1.6", "orders * visits * 1 == 16e18", "not (orders / visits > 0.4)"} {
		if err := same(database(t), table, &rulebook.Book{Rules: []rulebook.Rule{{Name: "A", When: when}}}); err != nil {
			t.Error(err)
		}
	}
}

// Numbers arrive to the last digit.
func TestSQLNumbersAreExact(t *testing.T) {
	db := database(t)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e308, 1e308).Draw(t, "v")
		table, err := table.New([]string{"low", "same", "high"}, []table.Column{{Name: "x"}},
			[]float64{math.Nextafter(v, math.Inf(-1)), v, math.Nextafter(v, math.Inf(1))})
		if err != nil {
			t.Fatal(err)
		}
		b := &rulebook.Book{Rules: []rulebook.Rule{{Name: "same", When: "x == " + strconv.FormatFloat(v, 'g', -1, 64)}}}
		if err := same(db, table, b); err != nil {
			t.Fatal(err)
		}
	})
}
