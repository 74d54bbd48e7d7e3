package sqltest

import (
	"math"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/typing"
)

// A scoring sheet names the same segments in a database as in Go, where answers are missing too.
func TestScoringSheetsInSQLiteNameAsGoDoes(t *testing.T) {
	x := trial.MixedTable(t, 3, 300, false)
	recipe := segkit.Recipe{Prep: []prep.Transformer{prep.Impute{}, prep.OneHot{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
	s := trial.Sure(trial.Sure(recipe.Fit(x)).Score(x))
	data := slices.Clone(x.Raw().Data)
	for at := 0; at < len(data); at += 7 {
		data[at] = math.NaN()
	}
	x = x.WithData(x.Columns(), data)
	tool := trial.Sure(typing.Find(x, s, typing.Options{}))
	db := database(t)
	if err := store(db, x); err != nil {
		t.Fatal(err)
	}
	if err := same(db, x, trial.Sure(tool.Points.Rules())); err != nil {
		t.Error(err)
	}
}
