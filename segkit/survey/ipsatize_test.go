package survey_test

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/survey"
	"github.com/segkit/lab/segkit/table"
)

// statements are the shop's ten statements as numbers.
func statements() *table.Table {
	a := trial.Sure(survey.FromTable(trial.Sure(datasets.Survey("shop")), survey.Options{}))
	return trial.Sure(a.Scores(a.Batteries()[0]...))
}

// Rows add up to 0, a respondent's habit of answering higher makes no difference, and missing answers stay missing.
func TestIpsatizeTakesTheMeanAway(t *testing.T) {
	x := statements()
	out := trial.Sure(trial.Sure(survey.Ipsatize{}.Fit(x)).Apply(x))
	n, d := x.Dims()
	for i := range n {
		sum := 0.0
		for j := range d {
			if v := out.At(i, j); !math.IsNaN(v) {
				sum += v
			} else if v := x.At(i, j); !math.IsNaN(v) {
				t.Fatalf("row %d lost the answer %v", i+1, v)
			}
		}
		near(t, "the sum of a row", sum, 0, 1e-12)
	}
	higher := x.WithData(x.Columns(), append([]float64(nil), x.Raw().Data...))
	for j := range d {
		higher.Raw().Data[j] += 2
	}
	again := trial.Sure(trial.Sure(survey.Ipsatize{}.Fit(x)).Apply(higher))
	for j := range d {
		if a, b := out.At(0, j), again.At(0, j); !(math.Abs(a-b) < 1e-12) && a == a {
			t.Errorf("a respondent who answers 2 higher differs: %v, %v", a, b)
		}
	}
}

// On the synthetic shop, whose respondents have a style by construction, centring brings the segments nearer to the true ones.
func TestIpsatizeFindsTheTruthBehindStyle(t *testing.T) {
	x, truth := statements(), trial.Sure(datasets.Truth("shop"))
	label := map[string]int{}
	for i, id := range truth.IDs {
		label[id] = truth.Labels[i]
	}
	agreement := func(steps ...prep.Transformer) float64 {
		recipe := segkit.Recipe{Prep: steps, Method: cluster.KMeans{K: 4, Seed: 1}}
		s := trial.Sure(trial.Sure(recipe.Fit(x)).Score(x))
		var want table.Labels
		for _, id := range s.IDs {
			want = append(want, label[id])
		}
		return trial.Sure(compare.AdjustedRand(s.Labels, want))
	}
	raw, centred := agreement(prep.Impute{}), agreement(survey.Ipsatize{}, prep.Impute{})
	if centred < raw+.1 {
		t.Errorf("adjusted Rand with the truth %.3f as answered, %.3f ipsatized", raw, centred)
	}
}

func TestIpsatizeRefusesWhatIsNoStyle(t *testing.T) {
	lines := []string{"id,a,b,c,d,e"}
	for i := range 40 {
		v := i%5 + 1
		lines = append(lines, fmt.Sprintf("%d,%d,%d,%d,%d,%d", i, v, v, min(v+i%2, 5), v, max(v-i%3/2, 1)))
	}
	x := trial.Sure(trial.Sure(parse(survey.Options{}, lines...)).Scores())
	for _, c := range []struct {
		o    survey.Ipsatize
		says string
	}{
		{survey.Ipsatize{}, "go together (alpha"},
		{survey.Ipsatize{Columns: []string{"a", "b"}}, "5 at least"},
	} {
		if _, err := c.o.Fit(x); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.o, err, c.says)
		}
		c.o.Anyway = true
		out := trial.Sure(trial.Sure(c.o.Fit(x)).Apply(x))
		if !strings.Contains(out.Raw().Note, "distance from the respondent's own mean") {
			t.Errorf("%+v says %q", c.o, out.Raw().Note)
		}
	}
}

// A full covariance has no width along (1, …, 1): the mixture says so, and its remedies work.
func TestMixtureRefusesRowsThatAddUpToZero(t *testing.T) {
	x := statements()
	x = trial.Sure(trial.Sure(prep.Impute{}.Fit(x)).Apply(x))
	recipe := segkit.Recipe{Prep: []prep.Transformer{survey.Ipsatize{}}, Method: cluster.GaussianMixture{K: 2, Seed: 1, Restarts: 1}}
	if _, err := recipe.Fit(x); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), "prep.PCA") || !strings.Contains(err.Error(), "price_matters") {
		t.Errorf("full covariance: %v", err)
	}
	recipe.Prep = append(recipe.Prep, prep.PCA{}, prep.Standardize{})
	model := trial.Sure(recipe.Fit(x))
	if got := len(trial.Sure(recipe.Prepare(x)).Names()); got != 9 {
		t.Errorf("whitened, ten ipsatized columns are %d, want 9", got)
	}
	path := filepath.Join(t.TempDir(), "model.json")
	if err := model.Save(path); err != nil {
		t.Fatal(err)
	}
	again := trial.Sure(segkit.LoadModel(path))
	a, b := trial.Sure(model.Score(x)), trial.Sure(again.Score(x))
	if fmt.Sprint(a.Labels) != fmt.Sprint(b.Labels) {
		t.Error("a saved model scores otherwise")
	}
	recipe = segkit.Recipe{Prep: []prep.Transformer{survey.Ipsatize{}}, Method: cluster.GaussianMixture{K: 2, Seed: 1, Restarts: 1, Shape: cluster.DiagonalCovariance}}
	trial.Sure(recipe.Fit(x))
	if _, err := (prep.PCA{Components: 10}).Fit(trial.Sure(trial.Sure(survey.Ipsatize{}.Fit(x)).Apply(x))); !errors.Is(err, fault.ErrOption) {
		t.Errorf("ten components of nine directions: %v", err)
	}
}
