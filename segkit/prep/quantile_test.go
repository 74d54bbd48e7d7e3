package prep

import (
	"fmt"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// scikit-learn 1.9.1: QuantileTransformer(n_quantiles=5) of the same eight values.
func TestQuantileAgreesWithScikitLearn(t *testing.T) {
	numbers := func(values ...float64) *table.Table {
		var ids []string
		for i := range values {
			ids = append(ids, fmt.Sprint(i))
		}
		x, err := table.New(ids, []table.Column{{Name: "v"}}, values)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	f, err := Quantile{Points: 5}.Fit(numbers(1, 2, 2, 2, 3, 7, 8, 20))
	if err != nil {
		t.Fatal(err)
	}
	trial.Near(t, []float64{1, 2, 2.5, 7.25, 20}, f.(fittedQuantile).References[0], 1e-15)
	y, err := f.Apply(numbers(0, 1, 2, 2.5, 3, 10, 20, 30))
	if err != nil {
		t.Fatal(err)
	}
	trial.Near(t, []float64{0, 0, .25, .5, 0.52631578947368421, 0.80392156862745101, 1, 1}, y.Raw().Data, 1e-15)
}

func TestEqualCustomersShareTheMiddleOfTheirPlaces(t *testing.T) {
	references := []float64{0, 0, 0, 1, 2}
	for v, want := range map[float64]float64{-1: 0, 0: .25, .5: .625, 1: .75, 2: 1, 3: 1} {
		if got := place(v, references); got != want {
			t.Errorf("the place of %v is %v, want %v", v, got, want)
		}
	}
}

// Whatever the column, its normal scores have the quantiles of a normal distribution.
func TestNormalScoresAreNormal(t *testing.T) {
	x := someCustomers(2000)
	f, err := Quantile{Columns: []string{"spend"}, Normal: true, Points: 1000}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	y, err := f.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	mean, sd, skewness := stats.Moments(y.Raw().Column(2), nil)
	if math.Abs(mean) > .01 || math.Abs(sd-1) > .01 || math.Abs(skewness) > .02 {
		t.Errorf("mean %v, sd %v, skewness %v", mean, sd, skewness)
	}
}
