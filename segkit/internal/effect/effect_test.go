package effect

import (
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Fisher's iris by species: sums of squares with numpy 2.4, P by scipy.stats.kruskal 1.17.
func TestEtaSquaredOfIris(t *testing.T) {
	iris, err := table.ReadCSV("../../testdata/iris.csv", "id")
	if err != nil {
		t.Fatal(err)
	}
	species, err := iris.SegmentsBy("species")
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string][2]float64{
		"sepal_length": {0.6187057307384857, 8.91873433246198e-22},
		"sepal_width":  {0.40078284707633405, 1.5692820940316782e-14},
		"petal_length": {0.941371719057368, 4.803973591157605e-29},
		"petal_width":  {0.9288829301012134, 3.261795552421968e-29},
	} {
		values, err := iris.Values(column)
		if err != nil {
			t.Fatal(err)
		}
		e := OfNumber(values, nil, table.SamplingWeights, species.Labels, 3)
		trial.Nearly(t, column, e.Value, want[0], 1e-12)
		trial.Nearly(t, "P of "+column, e.P, want[1], 1e-9)
		if !(0 < e.Low && e.Low < e.Value && e.Value < e.High && e.High < 1) {
			t.Errorf("%s: %g in %g to %g", column, e.Value, e.Low, e.High)
		}
	}
}

// A 3 x 3 table: P by scipy.stats.chi2_contingency 1.17, V by the formulas of Bergsma (2013) in numpy.
func TestCramersV(t *testing.T) {
	var values []float64
	var labels table.Labels
	for g, row := range [][]int{{100, 200, 50}, {150, 100, 50}, {30, 20, 60}} {
		for l, n := range row {
			for range n {
				values, labels = append(values, float64(l)), append(labels, g)
			}
		}
	}
	e := OfLevels(values, nil, table.SamplingWeights, labels, 3, 4) // no customer has the fourth level
	trial.Nearly(t, "V", e.Value, 0.2900316905108003, 1e-12)
	trial.Nearly(t, "P", e.P, 1.8345828969335352e-27, 1e-9)
	if !(0.2 < e.Low && e.Low < e.Value && e.Value < e.High && e.High < 0.4) {
		t.Errorf("%g in %g to %g", e.Value, e.Low, e.High)
	}
}

func TestUndefinedEffects(t *testing.T) {
	nan := math.NaN()
	for what, e := range map[string]Size{
		"one segment":                     OfNumber([]float64{1, 2, 3}, nil, table.SamplingWeights, table.Labels{0, 0, 0}, 1),
		"one segment with values":         OfNumber([]float64{1, 2, nan}, nil, table.SamplingWeights, table.Labels{0, 0, 1}, 2),
		"all values equal":                OfNumber([]float64{.1, .1, .1}, nil, table.SamplingWeights, table.Labels{0, 0, 1}, 2),
		"as many segments as customers":   OfNumber([]float64{1, 2, 3}, nil, table.SamplingWeights, table.Labels{0, 1, 2}, 3),
		"no customer in a segment":        OfNumber([]float64{1, 2, 3}, nil, table.SamplingWeights, table.Labels{table.Noise, table.Noise, table.Noise}, 0),
		"no values":                       OfNumber([]float64{nan, nan}, nil, table.SamplingWeights, table.Labels{0, 1}, 2),
		"one level":                       OfLevels([]float64{1, 1, 1}, nil, table.SamplingWeights, table.Labels{0, 0, 1}, 2, 2),
		"no two levels of five customers": OfLevels([]float64{0, 1, 2, 3}, nil, table.SamplingWeights, table.Labels{0, 0, 1, 1}, 2, 4),
		"one segment and two levels":      OfLevels([]float64{1, 0, 1}, nil, table.SamplingWeights, table.Labels{0, 0, 0}, 1, 2),
	} {
		for _, v := range []float64{e.Value, e.Low, e.High, e.P} {
			if !math.IsNaN(v) {
				t.Errorf("%s: %+v", what, e)
				break
			}
		}
	}
}

// By scipy.stats.ncx2 1.17, and for one degree of freedom by the normal distribution.
func TestNoncentralChiSquared(t *testing.T) {
	for _, c := range [][4]float64{{10, 3, 4, 0.7759219956986723}, {30, 12, 15, 0.6607506034963788}, {5000, 4, 4800, 0.9203181272624266},
		{3.841458820694124, 1, 0, .95}} {
		if got := noncentralChiSquared(c[0], c[1], c[2]); math.Abs(got-c[3]) > .002 {
			t.Errorf("P(chi-squared(%g, %g) <= %g) = %g, want %g", c[1], c[2], c[0], got, c[3])
		}
		if l := noncentrality(c[0], c[1], c[3]); math.Abs(l-c[2]) > .02*(c[0]+1) {
			t.Errorf("noncentrality %g, want %g", l, c[2])
		}
	}
}

// Nothing within the segments is a limit, not missing: the F ratio of the one-way layout is infinite there, and eta squared, F's share
// F/(F + (n-k)/(k-1)), is 1 with an interval that has no width. The same means are the other limit, 0.
func TestEffectsAtTheirLimits(t *testing.T) {
	labels := table.Labels{0, 0, 0, 1, 1, 1}
	if e := OfNumber([]float64{1, 1, 1, 5, 5, 5}, nil, table.SamplingWeights, labels, 2); e.Value != 1 || e.High != 1 || !(e.Low > .9) || !(e.P < .05) {
		t.Errorf("all alike within segments: %+v", e)
	}
	if e := OfNumber([]float64{1, 2, 3, 1, 2, 3}, nil, table.SamplingWeights, labels, 2); e.Value != 0 || e.Low != 0 || !(e.P > .9) {
		t.Errorf("the same in both segments: %+v", e)
	}
	levels, of := make([]float64, 40), make(table.Labels, 40)
	for i := range levels {
		levels[i], of[i] = float64(i%2), i%2
	}
	if e := OfLevels(levels, nil, table.SamplingWeights, of, 2, 2); math.Abs(e.Value-1) > 1e-12 || !(e.P < 1e-6) {
		t.Errorf("each segment has one level: %+v", e)
	}
}
