// Package featurestest holds the cleaning and the features that package engine makes in a database against those that package features makes in
// memory: ledgers to the cent, every number to the last bit, on every engine that is there.
package featurestest

import (
	"database/sql"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
)

// speaks is the dialect of each kind of engine.
var speaks = map[string]engine.Dialect{connect.DuckDB: engine.DuckDB, connect.PostgreSQL: engine.PostgreSQL, connect.Trino: engine.Trino}

// open opens an engine as the program does, until the test ends.
func open(t *testing.T, db *sql.DB, kind string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(db, speaks[kind], engine.Options{Scratch: enginetest.Scratch(t, db, kind)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// line is one order line, as a file and as a table hold it. Texts that are empty are missing, and so are numbers and times that are nil.
type line struct {
	order, customer, product, name, category, channel, country, status string
	when                                                               time.Time // zero is missing
	quantity, cents                                                    *int
}

const header = "line,order_id,order_date,customer_id,product_id,product_name,category,channel,country,status,quantity,unit_price\n"

var columns = []string{"line BIGINT", "order_id VARCHAR(40)", "order_date TIMESTAMP", "customer_id VARCHAR(40)", "product_id VARCHAR(40)", "product_name VARCHAR(40)", "category VARCHAR(40)",
	"channel VARCHAR(40)", "country VARCHAR(40)", "status VARCHAR(40)", "quantity INTEGER", "unit_price DECIMAL(12, 2)"}

// options and source read the same lines.
var options = features.OrdersOptions{Order: "order_id", Date: "order_date", Customer: "customer_id", Product: "product_id", Name: "product_name", Category: "category", Status: "status",
	Quantity: "quantity", Price: "unit_price", Descriptors: []string{"channel", "country"}, Currency: "EUR"}

func source(table string) engine.Source {
	return engine.Source{Table: table, Descriptors: []string{"channel", "country"}, Currency: "EUR", Columns: map[string]string{"line": "line", "order": "order_id", "date": "order_date", "customer": "customer_id",
		"product": "product_id", "name": "product_name", "category": "category", "status": "status", "quantity": "quantity", "price": "unit_price"}}
}

func number(v *int) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

func (l *line) price() string {
	if l.cents == nil {
		return ""
	}
	sign, c := "", *l.cents
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

func (l *line) at() string {
	if l.when.IsZero() {
		return ""
	}
	return l.when.Format(time.DateTime)
}

// file is the lines as CSV.
func file(lines []line) string {
	var b strings.Builder
	b.WriteString(header)
	for i, l := range lines {
		fmt.Fprintf(&b, "%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", i+1, l.order, l.at(), l.customer, l.product, l.name, l.category, l.channel, l.country, l.status, number(l.quantity), l.price())
	}
	return b.String()
}

// rows are the lines as SQL literals.
func rows(lines []line) [][]string {
	null := func(s string) string {
		if s == "" {
			return "NULL"
		}
		return s
	}
	var out [][]string
	for i, l := range lines {
		when := "NULL"
		if l.at() != "" {
			when = "TIMESTAMP '" + l.at() + "'"
		}
		text := enginetest.Text
		out = append(out, []string{fmt.Sprint(i + 1), text(l.order), when, text(l.customer), text(l.product), text(l.name), text(l.category), text(l.channel), text(l.country), text(l.status), null(number(l.quantity)), null(l.price())})
	}
	return out
}

// fatal is what *testing.T and *rapid.T share.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// sameAt fails unless ledger and features after the rules, as of each of the days, are the same in the database as in memory.
func sameAt(t *testing.T, got *engine.Orders, orders *features.Orders, rules []features.Rule, days ...time.Time) {
	t.Helper()
	want, err := orders.Clean(rules...)
	if err != nil {
		t.Fatal(err)
	}
	clean, err := got.Clean(rules...)
	if err != nil {
		t.Fatal(err)
	}
	sameLedger(t, clean.Ledger, want.Ledger)
	for _, day := range days {
		wantTable, err := want.Features(day)
		if err != nil {
			t.Fatal(err)
		}
		customers, err := clean.Features(day)
		if err != nil {
			t.Fatal(err)
		}
		gotTable, err := customers.Table()
		if err != nil {
			t.Fatal(err)
		}
		sameTable(t, gotTable, wantTable)
	}
}

// sameLedger fails unless two ledgers say the same.
func sameLedger(t fatal, got, want *features.Ledger) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("the database's ledger\n%s\nis not that in memory\n%s", said(got), said(want))
	}
}

func said(l *features.Ledger) string {
	var b strings.Builder
	fmt.Fprintf(&b, "opening %+v\n", l.Opening)
	for _, s := range l.Steps {
		fmt.Fprintf(&b, "%s %+v\n", s.Rule, s.Removed)
	}
	fmt.Fprintf(&b, "closing %+v\n%q", l.Closing, l.Notes)
	return b.String()
}

// sameTable fails unless two tables are the same to the last bit, but for where the columns say that they come from.
func sameTable(t fatal, got, want *table.Table) {
	t.Helper()
	plain := func(columns []table.Column) []table.Column {
		out := slices.Clone(columns)
		for j := range out {
			out[j].Ancestry.Sources = slices.Clone(out[j].Ancestry.Sources)
			for s := range out[j].Ancestry.Sources {
				out[j].Ancestry.Sources[s].Name = ""
			}
		}
		return out
	}
	if g, w := plain(got.Columns()), plain(want.Columns()); !reflect.DeepEqual(g, w) {
		t.Fatalf("columns\n%+v\nwant\n%+v", g, w)
	}
	if g, w := got.IDs(), want.IDs(); !slices.Equal(g, w) {
		t.Fatalf("customers %q, want %q", g, w)
	}
	if string(got.Raw().Spec) != string(want.Raw().Spec) || got.Raw().Note != want.Raw().Note {
		t.Fatalf("spec and note\n%s %s\nwant\n%s %s", got.Raw().Spec, got.Raw().Note, want.Raw().Spec, want.Raw().Note)
	}
	for i, id := range got.IDs() {
		for j, c := range got.Columns() {
			g, w := got.At(i, j), want.At(i, j)
			if math.Float64bits(g) != math.Float64bits(w) && !(math.IsNaN(g) && math.IsNaN(w)) {
				t.Fatalf("%s of customer %s is %v, want %v", c.Name, id, g, w)
			}
		}
	}
}

// sameError reports whether both ways failed, and fails if only one did.
func sameError(t fatal, what string, got, want error) bool {
	t.Helper()
	if (got == nil) != (want == nil) {
		t.Fatalf("%s: in the database %v, in memory %v", what, got, want)
	}
	return got != nil
}
