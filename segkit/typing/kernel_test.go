package typing

import (
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Wilks' lambda of items of the fast-food survey by how often respondents go there, by numpy's covariance and determinant.
func TestWilksLambda(t *testing.T) {
	x := trial.Public(t, "mcdonalds/mcdonalds.csv", "", "yummy", "cheap", "healthy", "VisitFrequency")
	s := trial.Sure(x.SegmentsBy("VisitFrequency"))
	for _, c := range []struct {
		items  []string
		lambda float64
	}{{[]string{"yummy"}, .7258646715078869}, {[]string{"yummy", "cheap"}, .723182819054062}, {[]string{"yummy", "cheap", "healthy"}, .7179080971104029}} {
		questions, _, err := askable("", trial.Sure(x.Select(c.items...)), nil, func(int) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		of, err := newStudy("", x, s.Labels, s.K(), questions)
		if err != nil {
			t.Fatal(err)
		}
		at, width := places(questions)
		parts, err := of.products(t.Context(), of.rows(at, width), make([]int, x.Len()), 1)
		if err != nil {
			t.Fatal(err)
		}
		sums := parts[0].scatter()
		told := sums.told(pick.All(width)) + float64(2*(s.K()-1)*width)
		trial.Nearly(t, "lambda", math.Exp(-told/float64(x.Len())), c.lambda, 2e-3) // one respondent's worth is added
	}
}

// Of two segments the sizes are Rogan & Gladen's (share + specificity - 1) / (sensitivity + specificity - 1), and 0 where that is below.
func TestSizesOfTwoSegments(t *testing.T) {
	for _, c := range []struct{ named, sensitivity, specificity float64 }{{.3, .9, .8}, {.5, .7, .95}, {.1, .9, .8}, {.95, .9, .8}} {
		confusion := [][]float64{{c.sensitivity, 1 - c.sensitivity}, {1 - c.specificity, c.specificity}}
		want := math.Min(1, math.Max(0, (c.named+c.specificity-1)/(c.sensitivity+c.specificity-1)))
		if got := sizesOf([]float64{c.named, 1 - c.named}, confusion)[0]; math.Abs(got-want) > 1e-4 {
			t.Errorf("%+v: %.6f, want %.6f", c, got, want)
		}
	}
}
