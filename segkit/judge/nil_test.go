package judge

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
)

// A nil mostly is what a call gave that failed and whose error was passed over. Whoever gets it says what is missing, in a
// sentence, and never panics.
func TestNilIsAnsweredWithASentence(t *testing.T) {
	raw := trial.ThreeGroups(30)
	s := scored(t, fitted(t, threeRecipe, raw), raw)
	m := cluster.KMeans{K: 2}
	for name, call := range map[string]func() error{
		"Fit without a table":         func() error { _, err := cluster.Fit(nil, m); return err },
		"Fit without a method":        func() error { _, err := cluster.Fit(raw, nil); return err },
		"Recipe.Fit without a table":  func() error { _, err := threeRecipe.Fit(nil); return err },
		"Recipe.Fit without a method": func() error { _, err := segkit.Recipe{}.Fit(raw); return err },
		"Recipe.Prepare":              func() error { _, err := threeRecipe.Prepare(nil); return err },
		"Recipe.SweepK":               func() error { _, err := choose.SweepK(nil, threeRecipe, 2, 4); return err },
		"Recipe.Stability":            func() error { _, err := choose.Stability(nil, threeRecipe); return err },
		"Model.Score":                 func() error { _, err := s.Model.(*segkit.Model).Score(nil); return err },
		"Model.Prepare":               func() error { _, err := s.Model.(*segkit.Model).Prepare(nil); return err },
		"Table.Join":                  func() error { _, err := raw.Join(nil); return err },
		"SweepK without a table":      func() error { _, err := choose.SweepK(nil, segkit.Recipe{Method: m}, 2, 4); return err },
		"SweepK without a method":     func() error { _, err := choose.SweepK(raw, segkit.Recipe{Method: nil}, 2, 4); return err },
		"Stability without a table":   func() error { _, err := choose.Stability(nil, segkit.Recipe{Method: m}); return err },
		"Stability without a method":  func() error { _, err := choose.Stability(raw, segkit.Recipe{Method: nil}); return err },
		"Silhouette without a table":  func() error { _, err := measure.Silhouette(nil, s); return err },
		"Silhouette without segments": func() error { _, err := measure.Silhouette(raw, nil); return err },
		"CalinskiHarabasz":            func() error { _, err := measure.CalinskiHarabasz(nil, s); return err },
		"DaviesBouldin":               func() error { _, err := measure.DaviesBouldin(nil, s); return err },
		"Dunn":                        func() error { _, err := measure.Dunn(nil, s); return err },
		"Influence without a table":   func() error { _, err := describe.Influence(nil, s, m); return err },
		"Influence without segments":  func() error { _, err := describe.Influence(raw, nil, m); return err },
		"Describe without a table":    func() error { _, err := describe.Segments(nil, s); return err },
		"Describe without segments":   func() error { _, err := describe.Segments(raw, nil); return err },
		"Explain without a table":     func() error { _, err := rulebook.Explain(nil, s, rulebook.Options{}); return err },
		"Explain without segments":    func() error { _, err := rulebook.Explain(raw, nil, rulebook.Options{}); return err },
		"Judge without a table":       func() error { _, err := Segments(nil, s, Options{}); return err },
		"Judge without segments":      func() error { _, err := Segments(raw, nil, Options{}); return err },
		"Match from nothing":          func() error { _, err := compare.Match(nil, s); return err },
		"Match to nothing":            func() error { _, err := compare.Match(s, nil); return err },
		"Refine without a table":      func() error { _, err := rulebook.Refine(nil, s, rulebook.Edit{}); return err },
		"Refine without segments":     func() error { _, err := rulebook.Refine(raw, nil, rulebook.Edit{}); return err },
		"Adopt without a table":       func() error { _, err := rulebook.Adopt(nil, &rulebook.Book{}, s); return err },
		"Adopt without rules":         func() error { _, err := rulebook.Adopt(raw, nil, s); return err },
		"Carve without a table":       func() error { _, err := rulebook.Carve(nil, &rulebook.Book{}, threeRecipe); return err },
		"Carve without rules":         func() error { _, err := rulebook.Carve(raw, nil, threeRecipe); return err },
		"Carve with two options": func() error {
			_, err := rulebook.Carve(raw, &rulebook.Book{}, threeRecipe, rulebook.CarveOptions{}, rulebook.CarveOptions{})
			return err
		},
		"Stability with two options": func() error {
			_, err := choose.Stability(raw, segkit.Recipe{Method: m}, choose.StabilityOptions{}, choose.StabilityOptions{})
			return err
		},
		"Book.Assign":       func() error { _, err := (&rulebook.Book{}).Assign(nil); return err },
		"Book.Lint":         func() error { _, err := (&rulebook.Book{}).Lint(nil); return err },
		"Segments.LabelsOf": func() error { _, err := s.LabelsOf(nil); return err },
		"Clustering.Predict": func() error {
			_, err := (&cluster.Clustering{Assigner: s.Model.(*segkit.Model).Assigner}).Predict(nil)
			return err
		},
		"KMeans.Check":                  func() error { return m.Check(nil) },
		"KMedoids.Check":                func() error { return cluster.KMedoids{K: 2}.Check(nil) },
		"KPrototypes.Check":             func() error { return cluster.KPrototypes{K: 2}.Check(nil) },
		"GaussianMixture.Check":         func() error { return cluster.GaussianMixture{K: 2}.Check(nil) },
		"LatentClass.Check":             func() error { return cluster.LatentClass{K: 2}.Check(nil) },
		"MiniBatch.Check":               func() error { return cluster.MiniBatch{K: 2}.Check(nil) },
		"Hierarchical.Check":            func() error { return cluster.Hierarchical{K: 2}.Check(nil) },
		"DBSCAN.Check":                  func() error { return cluster.DBSCAN{}.Check(nil) },
		"HDBSCAN.Check":                 func() error { return cluster.HDBSCAN{}.Check(nil) },
		"Log1p.Fit":                     func() error { _, err := prep.Log1p{}.Fit(nil); return err },
		"Standardize.Fit":               func() error { _, err := prep.Standardize{}.Fit(nil); return err },
		"Robust.Fit":                    func() error { _, err := prep.Robust{}.Fit(nil); return err },
		"Winsor.Fit":                    func() error { _, err := prep.Winsor{}.Fit(nil); return err },
		"MinMax.Fit":                    func() error { _, err := prep.MinMax{}.Fit(nil); return err },
		"YeoJohnson.Fit":                func() error { _, err := prep.YeoJohnson{}.Fit(nil); return err },
		"Quantile.Fit":                  func() error { _, err := prep.Quantile{}.Fit(nil); return err },
		"Impute.Fit":                    func() error { _, err := prep.Impute{}.Fit(nil); return err },
		"OneHot.Fit":                    func() error { _, err := prep.OneHot{}.Fit(nil); return err },
		"Ordinal.Fit":                   func() error { _, err := prep.Ordinal{}.Fit(nil); return err },
		"PCA.Fit":                       func() error { _, err := prep.PCA{}.Fit(nil); return err },
		"a recipe with a step left out": func() error { _, err := segkit.Recipe{Prep: []prep.Transformer{nil}, Method: m}.Fit(raw); return err },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("panics: %v", p)
				}
			}()
			if err := call(); err == nil || !strings.HasPrefix(err.Error(), "segkit: ") {
				t.Errorf("answers %v", err)
			}
		})
	}
}

// Interrupting a cell ends the profile of a large table too.
func TestDescribeHearsAnInterrupt(t *testing.T) {
	raw := trial.ThreeGroups(30)
	s := scored(t, fitted(t, threeRecipe, raw), raw)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	old := job.DefaultContext
	job.DefaultContext = ctx
	defer func() { job.DefaultContext = old }()
	if p, err := describe.Segments(raw, s); !errors.Is(err, context.Canceled) || p != nil {
		t.Errorf("%v, %v", p, err)
	}
}

// threeRecipe finds the three groups of trial.ThreeGroups.
var threeRecipe = segkit.Recipe{Prep: []prep.Transformer{prep.Log1p{}, prep.Winsor{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}

func fitted(t *testing.T, r segkit.Recipe, raw *table.Table) *segkit.Model {
	t.Helper()
	return trial.Sure(r.Fit(raw))
}

func scored(t *testing.T, m *segkit.Model, raw *table.Table) *table.Segments {
	t.Helper()
	return trial.Sure(m.Score(raw))
}
