package chart

import (
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/prep"
)

// fittedPCA makes a fitted PCA of which kept components are kept.
func fittedPCA(kept int, variance ...float64) prep.FittedPCA {
	f := prep.FittedPCA{Variance: variance, Center: make([]float64, len(variance))}
	f.Transformed = true
	for i := range kept {
		loading := make([]float64, len(variance))
		loading[i] = 1
		f.Loadings = append(f.Loadings, loading)
	}
	return f
}

func TestScreeTitleTellsWhatComponentsHold(t *testing.T) {
	titled(t, "2 of 4 components hold 71 % of the variance")(Scree(fittedPCA(2, 50, 21, 20, 9)))
	titled(t, "1 of 4 components holds 50 % of the variance")(Scree(fittedPCA(1, 50, 21, 20, 9)))
	titled(t, "3 of 4 components hold 91 % of the variance")(Scree(fittedPCA(4, 50, 21, 20, 9))) // the fewest above four fifths
	titled(t, "2 of 2 components hold 100 % of the variance")(Scree(fittedPCA(2, 1, 1)))
	titled(t, "1 of 3 components holds 100 % of the variance")(Scree(fittedPCA(3, 1, 0, 0)))
	titled(t, "One column has one component, which holds all of the variance")(Scree(fittedPCA(1, 4)))
}

func TestScreeOfManyAndOfUnscaledColumns(t *testing.T) {
	many := make([]float64, 60)
	for i := range many {
		many[i] = float64(60 - i)
	}
	f, err := Scree(fittedPCA(30, many...))
	if err != nil || !strings.Contains(f.Note, "40 smaller components not drawn") {
		t.Errorf("note %q, error %v", f.Note, err)
	}
	if _, err := f.SVG(); err != nil {
		t.Error(err)
	}
	raw := fittedPCA(1, 9, 1)
	raw.Transformed = false
	if f, err = Scree(raw); err != nil || !strings.Contains(f.Note, "Standardize first") {
		t.Errorf("columns in their own units: note %q, error %v", f.Note, err)
	}
}

func TestScreeWantsAPCA(t *testing.T) {
	scale, err := prep.Standardize{}.Fit(columnsOf(t, []float64{1, 2, 4}))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []prep.Fitted{scale, nil} {
		if _, err := Scree(other); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "prep.PCA{}.Fit") {
			t.Errorf("%T gives error %v", other, err)
		}
	}
	if _, err := Scree(prep.FittedPCA{}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no component gives error %v", err)
	}
}
