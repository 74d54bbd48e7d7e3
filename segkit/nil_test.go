package segkit

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// A nil mostly is what a call gave that failed and whose error was passed over. Whoever gets it says what is missing, in a
// sentence, and never panics.
func TestNilIsAnsweredWithASentence(t *testing.T) {
	raw := threeGroups(30)
	s := scored(t, fitted(t, threeRecipe, raw), raw)
	m := KMeans{K: 2}
	for name, call := range map[string]func() error{
		"Fit without a table":         func() error { _, err := Fit(nil, m); return err },
		"Fit without a method":        func() error { _, err := Fit(raw, nil); return err },
		"Recipe.Fit without a table":  func() error { _, err := threeRecipe.Fit(nil); return err },
		"Recipe.Fit without a method": func() error { _, err := Recipe{}.Fit(raw); return err },
		"Recipe.Prepare":              func() error { _, err := threeRecipe.Prepare(nil); return err },
		"Recipe.SweepK":               func() error { _, err := threeRecipe.SweepK(nil, 2, 4); return err },
		"Recipe.Stability":            func() error { _, err := threeRecipe.Stability(nil); return err },
		"Model.Score":                 func() error { _, err := s.Model.Score(nil); return err },
		"Model.Prepare":               func() error { _, err := s.Model.Prepare(nil); return err },
		"Table.Join":                  func() error { _, err := raw.Join(nil); return err },
		"SweepK without a table":      func() error { _, err := SweepK(nil, m, 2, 4); return err },
		"SweepK without a method":     func() error { _, err := SweepK(raw, nil, 2, 4); return err },
		"Stability without a table":   func() error { _, err := Stability(nil, m); return err },
		"Stability without a method":  func() error { _, err := Stability(raw, nil); return err },
		"Silhouette without a table":  func() error { _, err := Silhouette(nil, s); return err },
		"Silhouette without segments": func() error { _, err := Silhouette(raw, nil); return err },
		"CalinskiHarabasz":            func() error { _, err := CalinskiHarabasz(nil, s); return err },
		"DaviesBouldin":               func() error { _, err := DaviesBouldin(nil, s); return err },
		"Dunn":                        func() error { _, err := Dunn(nil, s); return err },
		"Influence without a table":   func() error { _, err := Influence(nil, s, m); return err },
		"Influence without segments":  func() error { _, err := Influence(raw, nil, m); return err },
		"Describe without a table":    func() error { _, err := Describe(nil, s); return err },
		"Describe without segments":   func() error { _, err := Describe(raw, nil); return err },
		"Explain without a table":     func() error { _, err := Explain(nil, s, RuleOptions{}); return err },
		"Explain without segments":    func() error { _, err := Explain(raw, nil, RuleOptions{}); return err },
		"Judge without a table":       func() error { _, err := Judge(nil, s, VerdictOptions{}); return err },
		"Judge without segments":      func() error { _, err := Judge(raw, nil, VerdictOptions{}); return err },
		"Match from nothing":          func() error { _, err := Match(nil, s); return err },
		"Match to nothing":            func() error { _, err := Match(s, nil); return err },
		"Refine without a table":      func() error { _, err := Refine(nil, s, Edit{}); return err },
		"Refine without segments":     func() error { _, err := Refine(raw, nil, Edit{}); return err },
		"Adopt without a table":       func() error { _, err := Adopt(nil, &RuleBook{}, s); return err },
		"Adopt without rules":         func() error { _, err := Adopt(raw, nil, s); return err },
		"Carve without a table":       func() error { _, err := Carve(nil, &RuleBook{}, threeRecipe); return err },
		"Carve without rules":         func() error { _, err := Carve(raw, nil, threeRecipe); return err },
		"Carve with two options": func() error {
			_, err := Carve(raw, &RuleBook{}, threeRecipe, CarveOptions{}, CarveOptions{})
			return err
		},
		"Stability with two options":    func() error { _, err := Stability(raw, m, StabilityOptions{}, StabilityOptions{}); return err },
		"RuleBook.Assign":               func() error { _, err := (&RuleBook{}).Assign(nil); return err },
		"RuleBook.Lint":                 func() error { _, err := (&RuleBook{}).Lint(nil); return err },
		"Segments.LabelsOf":             func() error { _, err := s.LabelsOf(nil); return err },
		"Clustering.Predict":            func() error { _, err := (&Clustering{Assigner: s.Model.Assigner}).Predict(nil); return err },
		"KMeans.Check":                  func() error { return m.Check(nil) },
		"KMedoids.Check":                func() error { return KMedoids{K: 2}.Check(nil) },
		"KPrototypes.Check":             func() error { return KPrototypes{K: 2}.Check(nil) },
		"GaussianMixture.Check":         func() error { return GaussianMixture{K: 2}.Check(nil) },
		"LatentClass.Check":             func() error { return LatentClass{K: 2}.Check(nil) },
		"MiniBatch.Check":               func() error { return MiniBatch{K: 2}.Check(nil) },
		"Hierarchical.Check":            func() error { return Hierarchical{K: 2}.Check(nil) },
		"DBSCAN.Check":                  func() error { return DBSCAN{}.Check(nil) },
		"HDBSCAN.Check":                 func() error { return HDBSCAN{}.Check(nil) },
		"Log1p.Fit":                     func() error { _, err := Log1p{}.Fit(nil); return err },
		"Standardize.Fit":               func() error { _, err := Standardize{}.Fit(nil); return err },
		"Robust.Fit":                    func() error { _, err := Robust{}.Fit(nil); return err },
		"Winsor.Fit":                    func() error { _, err := Winsor{}.Fit(nil); return err },
		"MinMax.Fit":                    func() error { _, err := MinMax{}.Fit(nil); return err },
		"YeoJohnson.Fit":                func() error { _, err := YeoJohnson{}.Fit(nil); return err },
		"Quantile.Fit":                  func() error { _, err := Quantile{}.Fit(nil); return err },
		"Impute.Fit":                    func() error { _, err := Impute{}.Fit(nil); return err },
		"OneHot.Fit":                    func() error { _, err := OneHot{}.Fit(nil); return err },
		"Ordinal.Fit":                   func() error { _, err := Ordinal{}.Fit(nil); return err },
		"PCA.Fit":                       func() error { _, err := PCA{}.Fit(nil); return err },
		"a recipe with a step left out": func() error { _, err := Recipe{Prep: []Transformer{nil}, Method: m}.Fit(raw); return err },
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
	raw := threeGroups(30)
	s := scored(t, fitted(t, threeRecipe, raw), raw)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	old := DefaultContext
	DefaultContext = ctx
	defer func() { DefaultContext = old }()
	if p, err := Describe(raw, s); !errors.Is(err, context.Canceled) || p != nil {
		t.Errorf("%v, %v", p, err)
	}
}
