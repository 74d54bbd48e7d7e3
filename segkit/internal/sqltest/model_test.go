package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// crowd is n customers with skewed numbers, a category, missing cells, and names that need quoting.
func crowd(t *testing.T, n int, seed uint64) *table.Table {
	r := rand.New(rand.NewPCG(seed, 1))
	columns := []table.Column{{Name: `spend; --"x"`, Unit: "EUR"}, {Name: "orders"}, {Name: "c2"}, {Name: "plan", Levels: []string{"basic", "l'autre", "pro\\x"}}}
	ids, data := make([]string, n), []float64(nil)
	for i := range ids {
		ids[i] = fmt.Sprintf("c'%d", i)
		rich := float64(i % 3)
		data = append(data, math.Exp(r.NormFloat64()+2*rich), math.Floor(math.Exp(r.NormFloat64()/2+rich)), r.NormFloat64()*10, float64(r.IntN(3)))
		if i%97 == 0 {
			data[len(data)-1-i%4] = math.NaN()
		}
	}
	return trial.Table(t, ids, columns, data)
}

// recipes are those with a form in SQL: every step and every assigner stands in one.
func recipes() map[string]segkit.Recipe {
	numbers := []string{`spend; --"x"`, "orders", "c2"}
	all := append([]string{"plan"}, numbers...)
	logs := prep.Log1p{Columns: numbers[:2]}
	return map[string]segkit.Recipe{
		"k-means on logs":      {Columns: numbers, Prep: []prep.Transformer{logs, prep.Standardize{}}, Method: cluster.KMeans{K: 4, Seed: 1}},
		"k-means, snapped":     {Columns: numbers, Prep: []prep.Transformer{logs, prep.Standardize{}, prep.Snap{}}, Method: cluster.KMeans{K: 4, Seed: 1}},
		"mini-batch, winsor":   {Columns: numbers, Prep: []prep.Transformer{prep.Impute{}, prep.Winsor{}, prep.Robust{}, prep.Snap{}}, Method: cluster.MiniBatch{K: 3, Seed: 1}},
		"one-hot, components":  {Columns: all, Prep: []prep.Transformer{prep.Impute{}, prep.OneHot{}, logs, prep.Standardize{}, prep.PCA{Components: 3}, prep.Snap{}}, Method: cluster.KMeans{K: 3, Seed: 1}},
		"k-prototypes":         {Columns: all, Prep: []prep.Transformer{prep.Impute{}, prep.MinMax{}, prep.Snap{}}, Method: cluster.KPrototypes{K: 3, Seed: 1}},
		"k-medoids, power":     {Columns: numbers, Prep: []prep.Transformer{prep.Impute{}, prep.YeoJohnson{}, prep.Standardize{}, prep.Snap{}}, Method: cluster.KMedoids{K: 3}},
		"k-medoids, Manhattan": {Columns: numbers, Prep: []prep.Transformer{prep.Impute{}, prep.Quantile{Points: 20}, prep.Snap{}}, Method: cluster.KMedoids{K: 3, Distance: distance.Manhattan}},
		"pooled, in bands":     {Columns: all, Prep: []prep.Transformer{prep.Impute{}, prep.Bands{Columns: numbers[1:2], Cuts: []float64{1, 3.5}}, prep.Pool{Share: .335}, prep.OneHot{}, prep.Snap{}}, Method: cluster.KMeans{K: 3, Seed: 1}},
		"one segment":          {Columns: numbers, Prep: []prep.Transformer{prep.Impute{}, prep.Standardize{}}, Method: cluster.KMeans{K: 1}},
	}
}

// inSegment is a row of what a statement gives.
type inSegment struct {
	segment          string // "" for none
	distance, margin float64
}

// agree fails unless an engine scores every customer as Go does: the same segment to the last row, and the same distance and margin.
func agree(t *testing.T, m *segkit.Model, x *table.Table, rows func(statement string) (map[string]inSegment, error)) {
	t.Helper()
	statement, err := m.SQL(dialect.Standard, "customers")
	if err != nil {
		t.Fatal(err)
	}
	inSQL, err := rows(statement)
	if err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
	s := trial.Sure(m.Score(x))
	if len(inSQL) != len(s.IDs) {
		t.Fatalf("%d rows for %d customers", len(inSQL), len(s.IDs))
	}
	for i, id := range s.IDs {
		got, want := inSQL[id], inSegment{"", math.NaN(), math.NaN()}
		if s.Labels[i] >= 0 {
			want = inSegment{s.Names[s.Labels[i]], s.Distance[i], s.Margin[i]}
		}
		if got.segment != want.segment || !near(got.distance, want.distance) || !near(got.margin, want.margin) {
			t.Fatalf("customer %s %v: %+v by SQL, %+v in Go\n%s", id, x.Row(i), got, want, statement)
		}
	}
}

func near(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-12*max(1, math.Abs(b))
}

// strangers are customers that the model was not fitted on. Some of them it cannot score: a new level, a value without a logarithm.
func strangers(t *testing.T) *table.Table {
	x := crowd(t, 1500, 2)
	columns := x.Columns()
	columns[3].Levels = append(columns[3].Levels, "new'level")
	data := append([]float64(nil), x.Raw().Data...)
	data[4*7+3], data[4*8], data[4*9+1], data[4*10+2], data[4*11] = 3, -5, -1, 1e7, 0
	data[4*12+2], data[4*13+2], data[4*14], data[4*15+1] = math.Inf(1), math.Inf(-1), 1e300, -1e300
	return trial.Table(t, x.IDs(), columns, data)
}

func TestModelsInSQLiteScoreAsGoDoes(t *testing.T) {
	train, x := crowd(t, 600, 1), strangers(t)
	db := database(t)
	if err := store(db, x); err != nil {
		t.Fatal(err)
	}
	for name, r := range recipes() {
		t.Run(name, func(t *testing.T) {
			agree(t, trial.Sure(r.Fit(complete(t, r, train))), x, func(statement string) (map[string]inSegment, error) {
				rows, err := db.QueryContext(context.Background(), statement)
				if err != nil {
					return nil, err
				}
				defer rows.Close()
				out := map[string]inSegment{}
				for rows.Next() {
					var id string
					var segment sql.NullString
					var distance, margin sql.NullFloat64
					if err := rows.Scan(&id, &segment, &distance, &margin); err != nil {
						return nil, err
					}
					row := inSegment{segment.String, math.NaN(), math.NaN()}
					if distance.Valid {
						row.distance, row.margin = distance.Float64, margin.Float64
					}
					out[id] = row
				}
				return out, rows.Err()
			})
		})
	}
}

func TestModelsInPostgreSQLScoreAsGoDoes(t *testing.T) {
	p := startPostgres(t)
	train, x := crowd(t, 600, 1), strangers(t)
	if err := p.store(x, "customers"); err != nil {
		t.Fatal(err)
	}
	for name, r := range recipes() {
		t.Run(name, func(t *testing.T) {
			agree(t, trial.Sure(r.Fit(complete(t, r, train))), x, func(statement string) (map[string]inSegment, error) {
				rows, err := p.query(statement)
				out := map[string]inSegment{}
				for _, cells := range rows {
					row := inSegment{cells[1], number(cells[2]), number(cells[3])}
					if row.segment == `\N` {
						row.segment = ""
					}
					out[cells[0]] = row
				}
				return out, err
			})
		})
	}
}

func number(cell string) float64 {
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// complete leaves out the customers that a recipe without Impute cannot be fitted on.
func complete(t *testing.T, r segkit.Recipe, x *table.Table) *table.Table {
	if _, imputes := r.Prep[0].(prep.Impute); imputes {
		return x
	}
	var conditions []string
	for _, name := range r.Columns {
		conditions = append(conditions, "not missing(col("+strconv.Quote(name)+"))")
	}
	out, err := x.Where(strings.Join(conditions, " and "))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
