package segmentstest

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// quoted is a name in the quotation marks that all these databases have, written here once more so that it is not what is tried.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// hostile is one trial: eight customers whose names or numbers stand where the position says. It returns the segments that the database wrote, those in memory,
// and what was refused.
type hostile struct {
	t     *testing.T
	db    *sql.DB
	e     *engine.Engine
	name  string
	ids   []string
	value []float64
	level []string
}

var reads int

const plain, written = "hostile_plain", "hostile_written"

// store keeps the customers in a table.
func (h *hostile) store(as string) error {
	statement := "CREATE TABLE " + as + " AS SELECT * FROM (VALUES "
	for i, id := range h.ids {
		statement += fmt.Sprintf("(%s, CAST(%g AS DOUBLE PRECISION), %s), ", enginetest.Text(id), h.value[i], enginetest.Text(h.level[i]))
	}
	_, err := h.db.ExecContext(h.t.Context(), strings.TrimSuffix(statement, ", ")+") AS rows (id, v, level)")
	return err
}

// inMemory are the customers under the names of columns that they have for the engine.
func (h *hostile) inMemory(v, level string) *table.Table {
	levels := slices.Compact(slices.Sorted(slices.Values(h.level)))
	var data []float64
	for i := range h.ids {
		data = append(data, h.value[i], float64(slices.Index(levels, h.level[i])))
	}
	return trial.Sure(table.New(h.ids, []table.Column{{Name: v}, {Name: level, Levels: levels}}, data))
}

// compare fails unless the table that was written holds the segments that the customers have in memory.
func (h *hostile) compare(into string, want *table.Segments) {
	h.t.Helper()
	reads++
	rows, err := h.db.QueryContext(h.t.Context(), fmt.Sprintf("SELECT * FROM %s WHERE %[2]d = %[2]d", into, reads)) // a statement of its own: drivers keep the columns of those they know
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	columns := trial.Sure(rows.Columns())
	got := map[string]string{}
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for j := range cells {
			into[j] = &cells[j]
		}
		if err := rows.Scan(into...); err != nil {
			h.t.Fatal(err)
		}
		got[cells[0].String] = cells[1].String
	}
	if len(got) != len(h.ids) {
		h.t.Fatalf("%d customers, want %d", len(got), len(h.ids))
	}
	for i, id := range want.IDs {
		if name := want.Names[want.Labels[i]]; got[id] != name {
			h.t.Fatalf("customer %.80q is in %.80q, in memory in %.80q", id, got[id], name)
		}
	}
}

// byRules puts customers into segments by rules, here and there.
func (h *hostile) byRules(s engine.Source, id string, x *table.Table, b *rulebook.Book, into string) error {
	c, err := h.e.Customers(s, id)
	if err != nil {
		return err
	}
	if err := c.Assign(b, into); err != nil {
		return err
	}
	defer h.db.Exec("DROP TABLE " + into)
	h.compare(into, trial.Sure(b.Assign(x)))
	return nil
}

// byFit does so by a fit.
func (h *hostile) byFit(s engine.Source, id string, x *table.Table, column string) error {
	c, err := h.e.Customers(s, id)
	if err != nil {
		return err
	}
	r := segkit.Recipe{Columns: []string{column}, Prep: []prep.Transformer{prep.Standardize{}, prep.Snap{}}, Method: cluster.KMeans{K: 2, Seed: 1}}
	f, err := c.Fit(r, engine.FitOptions{})
	if err != nil {
		return err
	}
	if err := c.Score(f.Model, written); err != nil {
		return err
	}
	defer h.db.Exec("DROP TABLE " + written)
	h.compare(written, trial.Sure(trial.Sure(r.Fit(x)).Score(x)))
	if p := trial.Sure(c.Profile(written)); p.All.Customers != len(h.ids) {
		h.t.Errorf("the profile is of %d customers", p.All.Customers)
	}
	return nil
}

var over5 = &rulebook.Book{Rules: []rulebook.Rule{{Name: "first", When: "v > 5"}}, Rest: "rest"}

// positions are where a name may stand.
var positions = map[string]func(h *hostile) error{
	"column": func(h *hostile) error {
		s := engine.Source{Query: "SELECT id, v AS " + quoted(h.name) + ", level FROM " + plain}
		return h.byFit(s, "id", h.inMemory(h.name, "level"), h.name)
	},
	"column of a rule": func(h *hostile) error {
		s := engine.Source{Query: "SELECT id, v, level AS " + quoted(h.name) + " FROM " + plain}
		return h.byRules(s, "id", h.inMemory("v", h.name), &rulebook.Book{Rules: []rulebook.Rule{{Name: "first", When: fmt.Sprintf("col(%q) == %q", h.name, "a")}}, Rest: "rest"}, written)
	},
	"column called so": func(h *hostile) error {
		s := engine.Source{Table: plain, Columns: map[string]string{h.name: "v"}}
		return h.byRules(s, "id", h.inMemory(h.name, "level"), &rulebook.Book{Rules: []rulebook.Rule{{Name: "first", When: fmt.Sprintf("col(%q) > 5", h.name)}}, Rest: "rest"}, written)
	},
	"column of the ids": func(h *hostile) error {
		s := engine.Source{Query: "SELECT id AS " + quoted(h.name) + ", v, level FROM " + plain}
		return h.byRules(s, h.name, h.inMemory("v", "level"), over5, written)
	},
	"customer": func(h *hostile) error {
		for i := range h.ids {
			h.ids[i] = fmt.Sprint(h.name, i)
		}
		return h.stored(func(s engine.Source) error { return h.byFit(s, "id", h.inMemory("v", "level"), "v") })
	},
	"level": func(h *hostile) error {
		for i := range h.level {
			h.level[i] = map[bool]string{true: h.name, false: h.name + "2"}[i%2 == 0]
		}
		return h.stored(func(s engine.Source) error {
			return h.byRules(s, "id", h.inMemory("v", "level"), &rulebook.Book{Rules: []rulebook.Rule{{Name: "first", When: fmt.Sprintf("level == %q", h.name)}}, Rest: "rest"}, written)
		})
	},
	"segment": func(h *hostile) error {
		return h.byRules(engine.Source{Table: plain}, "id", h.inMemory("v", "level"), &rulebook.Book{Rules: []rulebook.Rule{{Name: h.name, When: "v > 5"}}, Rest: h.name + " rest"}, written)
	},
	"table": func(h *hostile) error {
		if err := h.store(quoted(h.name)); err == nil {
			defer h.db.Exec("DROP TABLE " + quoted(h.name))
		} // else the database has no such table, and the engine has to say so
		return h.byFit(engine.Source{Table: quoted(h.name)}, "id", h.inMemory("v", "level"), "v")
	},
	"table of segments": func(h *hostile) error {
		return h.byRules(engine.Source{Table: plain}, "id", h.inMemory("v", "level"), over5, quoted(h.name))
	},
}

// stored keeps the customers in a table of their own while do runs, and refuses what the database cannot hold.
func (h *hostile) stored(do func(engine.Source) error) error {
	const own = "hostile_own"
	if err := h.store(own); err != nil {
		return fmt.Errorf("segkit: the database does not hold it: %w", err)
	}
	defer h.db.Exec("DROP TABLE " + own)
	return do(engine.Source{Table: own})
}

// mayRefuse says which names a database cannot have: those that no statement can say, and as identifiers those that are too long for PostgreSQL or that Trino's
// files cannot be called.
func mayRefuse(kind, position, tries string) bool {
	identifier := strings.HasPrefix(position, "column") || strings.HasPrefix(position, "table")
	switch {
	case tries == "NUL" || tries == "no text":
		return true
	case kind == connect.PostgreSQL:
		return identifier && len(trial.Hostile[tries]) > 63
	case kind == connect.Trino:
		return identifier
	}
	return strings.HasPrefix(position, "table") && tries == "longest"
}

// Names that do harm wherever they are taken for more than text, in every position of the statements: nothing but what was asked happens, and the segments
// are those in memory, or it is refused with a sentence.
func TestHostileNamesOnEngines(t *testing.T) {
	names := maps.Clone(trial.Hostile)
	names["ends in a point"] = "Segments Sept."
	names["a statement begun again"] = "evil WITH\nevil AS (SELECT 1); DROP TABLE customers; --"
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		enginetest.Store(t, db, "customers", []string{"a INTEGER"}, slices.Values([][]string{{"1"}})) // which some names would drop
		e := trial.Sure(engine.Open(db, dialects[kind]))
		defer e.Close()
		fresh := func(t *testing.T, name string) *hostile {
			h := &hostile{t: t, db: db, e: e, name: name[:min(len(name), 10_000)]}
			for i := range 8 {
				h.ids, h.value, h.level = append(h.ids, fmt.Sprint("c", i)), append(h.value, float64(i%2*10)+float64(i)/8), append(h.level, []string{"a", "b"}[i%2])
			}
			return h
		}
		if err := fresh(t, "").store(plain); err != nil {
			t.Fatal(err)
		}
		defer db.Exec("DROP TABLE " + plain)
		const others = "table_schema NOT IN ('information_schema', 'pg_catalog') AND table_name NOT LIKE 'featurestest%'" // another package's, whose tests may run meanwhile
		before := tables(t, db, others)
		for i, tries := range slices.Sorted(maps.Keys(names)) {
			for j, position := range slices.Sorted(maps.Keys(positions)) {
				if kind == connect.Trino && (i+j)%len(positions) != 0 { // every name and every position, but not every pair: a statement takes a second there
					continue
				}
				t.Run(tries+" as "+position, func(t *testing.T) {
					err := positions[position](fresh(t, names[tries]))
					if err != nil && (!mayRefuse(kind, position, tries) || !strings.HasPrefix(err.Error(), "segkit: ")) {
						t.Errorf("%.1000s", err)
					}
					if after := tables(t, db, others); !slices.Equal(after, before) {
						t.Fatalf("tables %q, before %q", after, before)
					}
				})
			}
		}
	})
}
