package judge

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// mixedTruth has three groups that two numbers and a category know; another number and another category are noise.
func mixedTruth(t *testing.T) *table.Table {
	r := seed.Stream(1, "mixed truth", 0)
	var ids []string
	var data []float64
	for i := range 240 {
		group := float64(i % 3)
		ids = append(ids, fmt.Sprint(i))
		data = append(data, 10*group+r.NormFloat64(), 10*float64((i+1)%3)+r.NormFloat64(), r.NormFloat64(), group, float64(r.IntN(2)))
	}
	return trial.Table(t, ids, []table.Column{{Name: "spend"}, {Name: "orders"}, {Name: "noise"}, {Name: "plan", Levels: []string{"a", "b", "c"}}, {Name: "coin", Levels: []string{"head", "tail"}}}, data)
}

func TestNoiseIsNotMissedAndNothingHangsOnIt(t *testing.T) {
	x := mixedTruth(t)
	for _, r := range []segkit.Recipe{
		{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KPrototypes{K: 3, Seed: 1}},
		{Method: cluster.KMedoids{K: 3, Distance: distance.Gower, Seed: 1}},
		{Columns: []string{"spend", "orders", "noise", "plan"}, Prep: []prep.Transformer{prep.OneHot{}, prep.Standardize{Columns: []string{"spend", "orders"}}}, Method: cluster.KMeans{K: 3, Seed: 1}},
	} {
		f, err := Importance(x, r)
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]ColumnImportance{}
		for _, c := range f.Columns {
			by[c.Column] = c
		}
		if f.K != 3 || f.Again < .9 {
			t.Errorf("%s: %+v", f.Method, f)
		}
		if by["noise"].Without < .9 || by["noise"].Shuffled < .9 {
			t.Errorf("%s: something hangs on noise: %+v", f.Method, by["noise"])
		}
		if again := trial.Sure(Importance(x, r)); !reflect.DeepEqual(again, f) {
			t.Errorf("%s: not the same again", f.Method)
		}
	}
}

// Spend is ten times as wide as noise: shuffled, it makes other segments, and nothing is left of these without it.
func TestThePartitionHangsOnTheWideColumn(t *testing.T) {
	f := trial.Sure(Importance(trial.Columns(t, mixedTruth(t), "noise", "spend"), segkit.Recipe{Method: cluster.KMeans{K: 3}}))
	if noise, spend := f.Columns[0], f.Columns[1]; noise.Shuffled < .95 || noise.Without < .95 || math.Abs(spend.Shuffled) > .1 || math.Abs(spend.Without) > .1 {
		t.Errorf("%+v", f.Columns)
	}
	if got := f.Sheet().Caption; got != "The 3 segments of KMeans depend most on spend" {
		t.Error(got)
	}
}

// One column alone cannot be left out; a column that a principal component mixes with others neither, but it can be shuffled.
func TestColumnsThatCannotBeLeftOut(t *testing.T) {
	x := trial.Columns(t, mixedTruth(t), "spend", "noise")
	alone := trial.Sure(Importance(trial.Columns(t, x, "spend"), segkit.Recipe{Method: cluster.KMeans{K: 3}}))
	if c := alone.Columns[0]; !math.IsNaN(c.Without) || c.Shuffled > .2 {
		t.Errorf("%+v", c)
	}
	mixed := trial.Sure(Importance(x, segkit.Recipe{Prep: []prep.Transformer{prep.PCA{Components: 1}}, Method: cluster.KMeans{K: 3}}))
	if c := mixed.Columns[0]; !math.IsNaN(c.Without) || math.IsNaN(c.Shuffled) {
		t.Errorf("%+v", c)
	}
	if _, err := Importance(x, segkit.Recipe{Method: cluster.KMeans{K: 3}}, ImportanceOptions{Draws: -1}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
}
