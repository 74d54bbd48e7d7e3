package choose_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Three equal round groups: BIC has no use for a fourth, nor for shapes of their own.
func TestBICChoosesNumberAndShape(t *testing.T) {
	x := trial.Groups(t, 600, 2, 3, 6)
	s, err := choose.SweepBIC(x, 1, 5, cluster.GaussianMixture{}, cluster.GaussianMixture{Shape: cluster.SphericalCovariance})
	if err != nil {
		t.Fatal(err)
	}
	best := s.Best()
	if best.K != 3 || best.Method != "GaussianMixture, spherical" || best.Collapsed != 0 || len(s.Points) != 10 {
		t.Fatalf("of %d points the best is %+v", len(s.Points), best)
	}
	direct := fit(t, x, cluster.GaussianMixture{K: 3, Shape: cluster.SphericalCovariance})
	if best.Likelihood != *direct.Likelihood || best.Smallest != direct.Segments().Counts()[2] {
		t.Fatalf("%+v, fitted alone %+v", best, direct.Likelihood)
	}
	if sheet := s.Sheet(); sheet.Caption != "BIC chooses 3 segments by GaussianMixture, spherical" || len(sheet.Rows) != 5 ||
		len(sheet.Rows[0]) != 3 || len(sheet.Columns) != 3 || sheet.Columns[1].Name != "GaussianMixture, full" {
		t.Errorf("the sheet is %+v", sheet)
	}
	if rows := s.Frame().Nrow(); rows != 10 {
		t.Errorf("%d rows", rows)
	}
	data, err := gobs.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	var again choose.BICSweep
	if err := gobs.Decode(data, &again); err != nil || fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", *s) { // there are NaN in it
		t.Fatalf("came back as %+v (%v)", again, err)
	}
	if s, err = choose.SweepBIC(x, 1, 2, cluster.GaussianMixture{}); err != nil || !strings.Contains(strings.Join(s.Sheet().Notes, " "), "try more") {
		t.Errorf("the end of the range is not told of (%v)", err)
	}
}

// A solution on equal customers has any likelihood one likes.
func TestBICDoesNotChooseCollapsedSegments(t *testing.T) {
	x := trial.Groups(t, 100, 2, 2, 4)
	var data []float64
	for i := range x.Len() {
		data = append(data, x.Row(i)...)
	}
	for range 10 {
		data = append(data, 40, 40)
	}
	s, err := choose.SweepBIC(trial.Numbered(t, 2, data), 1, 3, cluster.GaussianMixture{})
	if err != nil {
		t.Fatal(err)
	}
	if best := s.Best(); best.K != 1 || s.Points[1].Collapsed == 0 || s.Points[1].Likelihood.BIC() > best.Likelihood.BIC() {
		t.Fatalf("the best of %+v is %+v", s.Points, best)
	}
}

func TestSweepsTakeTheirOwnMethods(t *testing.T) {
	x := trial.Groups(t, 60, 2, 2, 4)
	var option *fault.OptionError
	if _, err := choose.SweepK(x, segkit.Recipe{Method: cluster.GaussianMixture{}}, 1, 3); !errors.As(err, &option) || !strings.Contains(err.Error(), "SweepBIC") {
		t.Errorf("SweepK of a mixture: %v", err)
	}
	// It says at once what to write, before it asks for other options.
	_, err := choose.SweepK(trial.MixedTable(t, 1, 60, false), segkit.Recipe{Method: cluster.LatentClass{}}, 2, 5)
	if want := "x, err := recipe.Prepare(customers), then choose.SweepBIC(x, 2, 5, cluster.LatentClass{})"; !errors.As(err, &option) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Draws") {
		t.Errorf("SweepK of latent classes: %v", err)
	}
	if _, err := choose.SweepBIC(x, 1, 3, cluster.KMeans{}); !errors.As(err, &option) || !strings.Contains(err.Error(), "SweepK") {
		t.Errorf("SweepBIC of k-means: %v", err)
	}
	for _, try := range []func() (*choose.BICSweep, error){
		func() (*choose.BICSweep, error) { return choose.SweepBIC(x, 1, 3) },
		func() (*choose.BICSweep, error) { return choose.SweepBIC(x, 1, 3, nil) },
		func() (*choose.BICSweep, error) { return choose.SweepBIC(x, 0, 3, cluster.GaussianMixture{}) },
		func() (*choose.BICSweep, error) { return choose.SweepBIC(x, 3, 2, cluster.GaussianMixture{}) },
		func() (*choose.BICSweep, error) { return choose.SweepBIC(x, 1, 61, cluster.GaussianMixture{}) },
	} {
		if _, err := try(); !errors.As(err, &option) {
			t.Errorf("%v", err)
		}
	}
}

// The criteria can be read off any Likelihood, also one that a point holds by value.
func TestCriteriaOfALikelihoodByValue(t *testing.T) {
	s, err := choose.SweepBIC(trial.Groups(t, 60, 2, 2, 4), 1, 2, cluster.GaussianMixture{})
	if err != nil {
		t.Fatal(err)
	}
	if bic, aic := s.Best().Likelihood.BIC(), s.Best().Likelihood.AIC(); !(bic > aic) { // ln 60 > 2
		t.Errorf("BIC %v, AIC %v", bic, aic)
	}
}
