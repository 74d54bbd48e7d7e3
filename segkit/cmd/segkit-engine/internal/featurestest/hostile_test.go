package featurestest

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
)

// hostileLines are some lines, in each of which the name stands in another place.
func hostileLines(name string) []line {
	lines := some()
	for i := range lines {
		switch l := &lines[i]; i % 6 {
		case 0:
			l.customer = name
		case 1:
			l.product = name
		case 2:
			l.product, l.name = "", name
		case 3:
			l.category, l.country = name, name
		case 4:
			l.status = name
		case 5:
			l.order = name + l.order
		}
	}
	return lines
}

// quotedFile is file with quotes where CSV wants them.
func quotedFile(lines []line) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(strings.Split(strings.TrimSpace(header), ","))
	for i, l := range lines {
		w.Write([]string{fmt.Sprint(i + 1), l.order, l.at(), l.customer, l.product, l.name, l.category, l.channel, l.country, l.status, number(l.quantity), l.price()})
	}
	w.Flush()
	return b.String()
}

// Names that do harm wherever they are taken for more than text, in order lines, in the names of their columns and in rules: the ledger and the features are
// those in memory, or it is refused with a sentence, and nothing else happens.
func TestHostileNamesOfOrderLines(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		enginetest.Store(t, db, "customers", []string{"a INTEGER"}, slices.Values([][]string{{"1"}})) // which some names would drop
		const table = "featurestest_hostile"
		e := open(t, db, kind)
		wide := slices.Clone(columns)
		for i, c := range wide {
			wide[i] = strings.Replace(c, "VARCHAR(40)", "VARCHAR", 1)
		}
		each := 3 // on Trino, where a name takes half a minute
		if testing.Short() {
			each = 12
		}
		for i, tries := range slices.Sorted(maps.Keys(trial.Hostile)) {
			if kind == connect.Trino && i%each > 0 {
				continue
			}
			t.Run(tries, func(t *testing.T) {
				name := trial.Hostile[tries]
				name = strings.TrimSpace(name[:min(len(name), 2_000)])
				lines, from, read := some(), source(table), options
				sayable := tries != "NUL" && tries != "no text" // no statement could put it there
				if sayable {
					lines = hostileLines(name)
					from.Undone, read.Undone = []string{name}, []string{name}
				}
				enginetest.Store(t, db, table, wide, slices.Values(rows(lines)))
				want, err := features.ParseOrders(strings.NewReader(quotedFile(lines)), "lines.csv", read)
				if err != nil {
					t.Fatal(err)
				}
				got, err := e.Orders(underNames(from, name))
				if err != nil && (!strings.HasPrefix(err.Error(), "segkit: ") || sayable && kind == connect.DuckDB || sayable && kind == connect.PostgreSQL && len(name) < 50) {
					t.Fatalf("%.1000s", err)
				}
				if err != nil { // an identifier that this database does not have
					if got, err = e.Orders(from); err != nil {
						t.Fatalf("%.1000s", err)
					}
				}
				for _, column := range []string{"order", "country"} {
					rule := features.Without(column, name, name+" "+start.Format(time.DateOnly))
					if _, err := got.Clean(rule); sayable != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), "segkit: ") {
						t.Errorf("without %s: %.1000s", column, fmt.Sprint(err))
					}
				}
				rules := slices.Clone(features.UsualRules)
				if sayable {
					rules = append(rules, features.Without("category", name), features.Without("channel", name))
				}
				sameAt(t, got, want, rules, start.AddDate(0, 0, 20))
			})
			var n int
			if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM customers").Scan(&n); err != nil || n != 1 {
				t.Fatalf("%s: the table of customers: %v", tries, err)
			}
		}
	})
}

// underNames is a source whose columns have the name in theirs, but for the status, which sentences name, and what the money is read of, which the features remember.
func underNames(from engine.Source, name string) engine.Source {
	kept := []string{"line", "status", "price", "quantity"}
	query := slices.Clone(from.Descriptors)
	out := from
	out.Columns = map[string]string{}
	for meaning, column := range from.Columns {
		if out.Columns[meaning] = column; slices.Contains(kept, meaning) {
			query = append(query, column)
		} else {
			out.Columns[meaning] = name + meaning
			query = append(query, column+` AS "`+strings.ReplaceAll(name+meaning, `"`, `""`)+`"`)
		}
	}
	out.Table, out.Query = "", "SELECT "+strings.Join(query, ", ")+" FROM "+from.Table
	return out
}
