// Package segmentstest compares segments that a SQL engine makes with those in memory.
package segmentstest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

var dialects = map[string]engine.Dialect{connect.DuckDB: engine.DuckDB, connect.PostgreSQL: engine.PostgreSQL, connect.Trino: engine.Trino}

const n = 1000

// crowd is n customers in four groups: recency, orders and spend, two more numbers, and a plan. Names need quoting.
func crowd() *table.Table {
	r := rand.New(rand.NewPCG(7, 1))
	columns := []table.Column{{Name: "recency"}, {Name: "orders"}, {Name: `spend "x"; --`}, {Name: "basket"}, {Name: "items"}, {Name: "plan", Levels: []string{"basic", "l'autre", "pro"}}}
	var ids []string
	var data []float64
	for i := range n {
		g := float64(i % 4)
		cents := func(v float64) float64 { return math.Floor(100*v) / 100 }
		ids = append(ids, fmt.Sprintf("c'%03d", i))
		data = append(data, math.Floor(40+80*math.Mod(g, 2)+8*r.NormFloat64()), math.Floor(math.Exp(1+.7*g+.3*r.NormFloat64())), cents(math.Exp(4+.8*g+.5*r.NormFloat64())),
			cents(math.Exp(3+.4*r.NormFloat64())), math.Floor(20+3*g+2*r.NormFloat64()), float64(r.IntN(3)))
	}
	t, err := table.New(ids, columns, data)
	if err != nil {
		panic(err)
	}
	return t
}

// stored is a crowd in an engine.
func stored(t *testing.T, db *sql.DB, kind string, x *table.Table) (*engine.Engine, *engine.Customers) {
	t.Helper()
	columns := []string{`"the ""id""" VARCHAR`}
	for _, c := range x.Columns() {
		typ := "DOUBLE PRECISION"
		if kind == connect.Trino {
			typ = "DOUBLE"
		}
		if c.Categorical() {
			typ = "VARCHAR"
		}
		columns = append(columns, `"`+strings.ReplaceAll(c.Name, `"`, `""`)+`" `+typ)
	}
	name := `"odd ""crowd"""`
	if kind == connect.Trino {
		name = "odd_crowd" // whose files have no quotes in their names
	}
	enginetest.Store(t, db, name, columns, func(yield func([]string) bool) {
		for i, id := range x.IDs() {
			row := []string{enginetest.Text(id)}
			for j, c := range x.Columns() {
				switch v := x.At(i, j); {
				case math.IsNaN(v):
					row = append(row, "NULL")
				case c.Categorical():
					row = append(row, enginetest.Text(c.Levels[int(v)]))
				default:
					row = append(row, fmt.Sprintf("%.17e", v))
				}
			}
			if !yield(row) {
				return
			}
		}
	})
	e, err := engine.Open(db, dialects[kind])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	c, err := e.Customers(engine.Source{Table: name}, `the "id"`)
	if err != nil {
		t.Fatal(err)
	}
	return e, c
}

func recipe(columns ...string) segkit.Recipe {
	return segkit.Recipe{Columns: columns, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}, prep.Snap{}}, Method: cluster.KMeans{K: 4, Seed: 1, Tol: -1}}
}

var three, five = []string{"recency", "orders", `spend "x"; --`}, []string{"recency", "orders", `spend "x"; --`, "basket", "items"}

// column reads a text column of a table by id.
func column(t *testing.T, db *sql.DB, from, name string) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT "the ""id""", CAST(`+name+" AS VARCHAR) FROM "+from)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, value string
		if err := rows.Scan(&id, &value); err != nil {
			t.Fatal(err)
		}
		out[id] = value
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return out
}

// With no more customers than the small table holds, the labels are those in memory, to the last one, and the table that was written says so.
func TestFewCustomersAreAsInMemory(t *testing.T) {
	x := crowd()
	m := trial.Sure(recipe(three...).Fit(x))
	s := trial.Sure(m.Score(x))
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		_, c := stored(t, db, kind, x)
		f := trial.Sure(c.Fit(recipe(three...), engine.FitOptions{}))
		if f.Kind != engine.AllRows || f.Cost != m.Cost || !slices.Equal(f.Model.Sizes, m.Sizes) || f.Scans != 3 { // the survey, the values of plan, and the customers
			t.Fatalf("%s, cost %v, sizes %v, %d scans; in memory %v, %v", f.Kind, f.Cost, f.Model.Sizes, f.Scans, m.Cost, m.Sizes)
		}
		defer db.Exec("DROP TABLE written")
		for range 2 { // the second time it replaces the first
			if err := c.Score(f.Model, "written"); err != nil {
				t.Fatal(err)
			}
		}
		got := column(t, db, "written", "segment")
		for i, id := range x.IDs() {
			if want := s.Names[s.Labels[i]]; got[id] != want {
				t.Fatalf("customer %s is in %q, in memory in %q", id, got[id], want)
			}
		}
		p := trial.Sure(c.Profile("written"))
		for g, segment := range p.Segments {
			at := slices.Index(m.Names, segment.Name)
			if at < 0 || segment.Customers != m.Sizes[at] {
				t.Errorf("segment %d is %q with %d customers, in memory %v with %v", g, segment.Name, segment.Customers, m.Names, m.Sizes)
			}
			var sum float64
			for i, l := range s.Labels {
				if l == at {
					sum += x.At(i, 2)
				}
			}
			if mean := sum / float64(m.Sizes[at]); math.Abs(segment.Mean[2]-mean) > 1e-6 {
				t.Errorf("mean spend of %q is %v, in memory %v", segment.Name, segment.Mean[2], mean)
			}
		}
	})
}

// Few customers are there as they are, with what no recipe looks at too.
func TestFewCustomersComeWhole(t *testing.T) {
	x := crowd()
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		_, c := stored(t, db, kind, x)
		few, small := trial.Sure(c.Few()), trial.Sure(c.Compress(recipe("recency"), engine.Compression{}))
		for _, got := range []*table.Table{few, small.Rows} {
			if !slices.Equal(got.Names(), x.Names()) || !slices.Equal(got.IDs(), x.IDs()) || !slices.Equal(got.Raw().Data, x.Raw().Data) {
				t.Errorf("%d customers with %q, in memory %d with %q", got.Len(), got.Names(), x.Len(), x.Names())
			}
		}
	})
}

// With more customers the cost is that of all of them, the grid keeps its bound, and engines agree to the last bit.
func TestManyCustomers(t *testing.T) {
	x := crowd()
	for _, shape := range []struct {
		columns []string
		kind    engine.Kind
		least   float64 // share of labels as in memory
	}{{three, engine.Grid, .98}, {five, engine.Coreset, .9}} {
		t.Run(shape.kind.String(), func(t *testing.T) {
			m := trial.Sure(recipe(shape.columns...).Fit(x))
			inMemory := trial.Sure(m.Score(x))
			first := ""
			enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
				_, c := stored(t, db, kind, x)
				f := trial.Sure(c.Fit(recipe(shape.columns...), engine.FitOptions{Compression: engine.Compression{Rows: 150}, FixedPoint: true}))
				if f.Kind != shape.kind || !f.AtRest {
					t.Fatalf("%s, at rest: %v", f.Kind, f.AtRest)
				}
				s := trial.Sure(f.Model.Score(x))
				cost, same := 0.0, 0
				for i, l := range overlap.Continue(inMemory.Labels, s.Labels) { // segments of like size may change their numbers
					cost += s.Distance[i] * s.Distance[i]
					if l == inMemory.Labels[i] {
						same++
					}
				}
				if math.Abs(cost-f.Cost) > 1e-6*cost || f.Cost < .99*m.Cost {
					t.Errorf("cost %v, of the customers in memory %v, of the best there %v", f.Cost, cost, m.Cost)
				}
				if !slices.Equal(s.Counts(), f.Model.Sizes) {
					t.Errorf("sizes %v, counted %v", f.Model.Sizes, s.Counts())
				}
				if f.Kind == engine.Grid && math.Abs(math.Sqrt(f.Cost)-math.Sqrt(f.CellsCost)) > math.Sqrt(f.Within) {
					t.Errorf("cost %v, of cells %v, W %v", f.Cost, f.CellsCost, f.Within)
				}
				if share := float64(same) / n; share < shape.least {
					t.Errorf("%.1f %% of labels as in memory", 100*share)
				}
				bits := fmt.Sprintf("%x %v %x %x", f.Cost, f.Model.Sizes, f.CellsCost, f.Model.Assigner)
				if first == "" {
					first = bits
				} else if bits != first {
					t.Errorf("%s, on the engine before %s", bits, first)
				}
			})
		})
	}
}

// Steps learn from aggregates what they learn in memory: what asks for quantiles exactly, means to a thousand-millionth.
func TestStepsLearnTheSame(t *testing.T) {
	x := crowd()
	data := slices.Clone(x.Raw().Data)
	for i := 0; i < len(data); i += 6 * 13 {
		data[i+1], data[i+5] = math.NaN(), math.NaN()
	}
	x = trial.Sure(table.New(x.IDs(), x.Columns(), data))
	steps := map[string][]prep.Transformer{
		"median, robust":     {prep.Impute{}, prep.Robust{}},
		"mode, min and max":  {prep.Impute{Fill: prep.FillMode}, prep.MinMax{}},
		"winsor, power":      {prep.Impute{}, prep.Winsor{Low: .03, High: .9}, prep.YeoJohnson{}, prep.Standardize{}},
		"places":             {prep.Impute{}, prep.Quantile{Points: 12}},
		"components":         {prep.Impute{}, prep.Log1p{}, prep.Standardize{}, prep.PCA{Components: 3}},
		"constant, then log": {prep.Impute{Fill: prep.FillConstant, Value: 2}, prep.Log1p{}, prep.Standardize{}},
		"levels":             {prep.Impute{}, prep.Pool{Share: .34}, prep.OneHot{}, prep.Standardize{}},
	}
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		_, c := stored(t, db, kind, x)
		for name, own := range steps {
			t.Run(name, func(t *testing.T) {
				columns, near := five, 3e-6
				switch name {
				case "levels":
					columns = append(slices.Clone(five), "plan")
				case "winsor, power":
					near = .02 // the power is found on bins
				}
				r := segkit.Recipe{Columns: columns, Prep: append(own, prep.Snap{}), Method: cluster.KMeans{K: 3, Seed: 1}}
				f := trial.Sure(c.Fit(r, engine.FitOptions{Compression: engine.Compression{Rows: 100}, Passes: -1}))
				got, want := trial.Sure(f.Model.Prepare(x)), trial.Sure(r.Prepare(x))
				if !slices.Equal(got.Names(), want.Names()) {
					t.Fatalf("columns %v, in memory %v", got.Names(), want.Names())
				}
				for i, v := range got.Raw().Data {
					if math.Abs(v-want.Raw().Data[i]) > near {
						t.Fatalf("row %d, %s: %v, in memory %v", i/len(got.Names()), got.Names()[i%len(got.Names())], v, want.Raw().Data[i])
					}
				}
			})
		}
	})
}

// Scores, rules over them, and rules over the customers are those in memory.
func TestScoresAndRules(t *testing.T) {
	x := crowd()
	o := rfm.Options{Monetary: `spend "x"; --`}
	scores := trial.Sure(rfm.Score(x, o))
	named := trial.Sure(scores.Segments(nil))
	book := &rulebook.Book{Rest: "others", Rules: []rulebook.Rule{{Name: "it's big", When: `col("spend \"x\"; --") > 300 and plan != "basic"`}, {Name: "late", When: "recency > 80"}}}
	ruled := trial.Sure(book.Assign(x))
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		_, c := stored(t, db, kind, x)
		defer db.Exec("DROP TABLE scored")
		defer db.Exec("DROP TABLE ruled")
		cuts := trial.Sure(c.RFM(o, rfm.TenSegments(), "scored"))
		if !slices.Equal(cuts.Recency, scores.Cuts.Recency) || !slices.Equal(cuts.Frequency, scores.Cuts.Frequency) || !slices.Equal(cuts.Monetary, scores.Cuts.Monetary) {
			t.Fatalf("cuts %v, in memory %v", cuts, scores.Cuts)
		}
		code, segment := column(t, db, "scored", "100 * r + 10 * f + m"), column(t, db, "scored", "segment")
		for i, id := range x.IDs() {
			if code[id] != scores.Code(i) || segment[id] != named.Names[named.Labels[i]] {
				t.Fatalf("customer %s is %s, %q; in memory %s, %q", id, code[id], segment[id], scores.Code(i), named.Names[named.Labels[i]])
			}
		}
		if err := c.Assign(book, "ruled"); err != nil {
			t.Fatal(err)
		}
		segment = column(t, db, "ruled", "segment")
		for i, id := range x.IDs() {
			if want := ruled.Names[ruled.Labels[i]]; segment[id] != want {
				t.Fatalf("customer %s is in %q, in memory in %q", id, segment[id], want)
			}
		}
	})
}

// Sweep, stability and verdict run on the small table with its weights, and draws spread.
func TestTheSmallTableStandsForAll(t *testing.T) {
	_, c := stored(t, enginetest.Open(t, connect.DuckDB), connect.DuckDB, crowd())
	s := trial.Sure(c.Compress(recipe(five...), engine.Compression{Rows: 100}))
	defer s.Close()
	f := trial.Sure(s.Fit(engine.FitOptions{}))
	if again := trial.Sure(s.Fit(engine.FitOptions{})); again.Cost != f.Cost || again.Passes != f.Passes {
		t.Errorf("a second fit costs %v after %d passes, the first %v after %d", again.Cost, again.Passes, f.Cost, f.Passes)
	}
	if _, err := c.Compress(recipe(five...), engine.Compression{Rows: 9}); !errors.Is(err, fault.ErrOption) {
		t.Errorf("a small table of 9 rows: %v", err)
	}
	sweep := trial.Sure(s.Sweep(2, 5, choose.SweepOptions{Draws: -1}))
	if k, cost := sweep.Points[2].K, sweep.Points[2].Cost; k != 4 || math.Abs(cost/f.CellsCost-1) > .05 {
		t.Errorf("k = %d costs %v on the small table, the fit %v", k, cost, f.CellsCost)
	}
	if found := trial.Sure(s.Stability(choose.StabilityOptions{Pairs: 3, Draws: -1})); !(found.Mean > .5) {
		t.Errorf("stability %v", found.Mean)
	}
	if v := trial.Sure(s.Judge(f.Model, judge.Options{Sweep: sweep})); len(v.Names) != 4 {
		t.Errorf("a verdict on %v", v.Names)
	}
	costs := trial.Sure(s.Spread(5))
	if len(costs) != 5 || costs[0] > 1.2*f.Cost || costs[0] < .95*f.Cost || costs[4] == costs[0] {
		t.Errorf("costs of draws %v, the fit %v", costs, f.Cost)
	}
	total := 0.0
	for i := range 40 { // the weights of a draw add up to n in expectation
		more := trial.Sure(c.Compress(recipe(five...), engine.Compression{Rows: 100, Seed: i + 1}))
		for row := range more.Rows.Len() {
			total += more.Rows.Weight(row)
		}
		more.Close()
	}
	if mean := total / 40; math.Abs(mean-n) > .03*n {
		t.Errorf("weights add up to %v on average, want %v", mean, n)
	}
}

// atPurpose runs do once, when the engine is about to do something.
func atPurpose(ctx context.Context, purpose string, do func()) context.Context {
	return job.WithProgress(ctx, func(p job.Progress) {
		if strings.Contains(p.Task, purpose) && do != nil {
			do()
			do = nil
		}
	})
}

// left lists helper tables.
func left(t *testing.T, db *sql.DB) []string {
	t.Helper()
	return tables(t, db, "table_name LIKE 'segkit%'")
}

// tables lists those that fulfil a condition.
func tables(t *testing.T, db *sql.DB, where string) (names []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT table_name FROM information_schema.tables WHERE "+where+" ORDER BY table_name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// Customers who change between two passes are noticed, a cancelled call says so, and neither leaves a table behind.
func TestWhatGoesWrongLeavesNothing(t *testing.T) {
	x := crowd()
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		e, c := stored(t, db, kind, x)
		small := engine.Compression{Rows: 100}
		if kind != connect.Trino { // whose files do not change
			ctx := atPurpose(t.Context(), "prepared values beside", func() {
				if _, err := db.Exec(`DELETE FROM "odd ""crowd""" WHERE recency > 120`); err != nil {
					t.Error(err)
				}
			})
			if _, err := c.CompressContext(ctx, recipe(three...), small); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "changed between two passes") {
				t.Errorf("changed: %v", err)
			}
		}
		for _, purpose := range []string{"squares", "cells of a grid", "nearest to each centre"} {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := c.FitContext(atPurpose(ctx, purpose, cancel), recipe(three...), engine.FitOptions{Compression: small})
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled before %q: %v", purpose, err)
			}
		}
		if err := c.Score(&segkit.Model{}, "written"); err == nil {
			t.Error("a model without segments was scored")
		}
		if _, err := c.Fit(recipe("recency", "nothing"), engine.FitOptions{}); !errors.Is(err, fault.ErrMissingColumn) {
			t.Errorf("a column that is not there: %v", err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if names := left(t, db); names != nil {
			t.Errorf("left behind: %v", names)
		}
	})
}

// A dry run writes every statement, reads nothing, makes nothing, and estimates the scans: those that are sent whatever the data are as often as they are sent,
// those that some data ask for once.
func TestADryRunWritesEveryStatement(t *testing.T) {
	x := crowd()
	r := recipe(five...)
	r.Prep = append([]prep.Transformer{prep.Impute{}}, r.Prep...)
	small := engine.FitOptions{Compression: engine.Compression{Rows: 100}}
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		e, c := stored(t, db, kind, x)
		book := &rulebook.Book{Rest: "others", Rules: []rulebook.Rule{{Name: "late", When: `recency > 80 and plan != "basic"`}}}
		purposes := func(c *engine.Customers, e *engine.Engine) (all, perhaps []string, scans int) {
			f := trial.Sure(c.Fit(r, small))
			if err := c.Score(f.Model, "written"); err != nil {
				t.Fatal(err)
			}
			trial.Sure(c.RFM(rfm.Options{Monetary: three[2]}, nil, "scored"))
			if err := c.Assign(book, "ruled"); err != nil {
				t.Fatal(err)
			}
			for _, s := range e.Statements() {
				switch {
				case strings.HasPrefix(s.SQL, "DROP TABLE IF EXISTS"):
				case s.Where == "":
					all = append(all, s.Purpose)
				default:
					perhaps = append(perhaps, s.Purpose+", "+s.Where)
				}
			}
			return all, perhaps, f.Scans
		}
		dry := trial.Sure(engine.Open(db, dialects[kind], engine.Options{DryRun: true}))
		defer dry.Close()
		name := map[bool]string{true: "odd_crowd", false: `"odd ""crowd"""`}[kind == connect.Trino]
		said, offered, estimate := purposes(trial.Sure(dry.Customers(engine.Source{Table: name}, `the "id"`)), dry)
		if names := left(t, db); names != nil {
			t.Errorf("a dry run made %v", names)
		}
		defer db.Exec("DROP TABLE written")
		defer db.Exec("DROP TABLE scored")
		defer db.Exec("DROP TABLE ruled")
		done, chosen, scans := purposes(c, e)
		if !slices.Equal(said, done) {
			t.Errorf("the dry run says\n%q\nand it was\n%q", said, done)
		}
		for _, purpose := range chosen {
			if !slices.Contains(offered, purpose) {
				t.Errorf("%q was sent, and the dry run has only %q", purpose, offered)
			}
		}
		if slices.ContainsFunc(chosen, func(p string) bool { return strings.Contains(p, "up to 200,000") }) || len(chosen) == 0 {
			t.Errorf("of these customers were sent %q", chosen)
		}
		if scans > estimate || estimate > 10 {
			t.Errorf("%d scans, estimated %d", scans, estimate)
		}
	})
}
