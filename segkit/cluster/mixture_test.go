package cluster_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// Mall customers (income, score) in five: scikit-learn 1.9.1, best of 40 starts, tol=1e-12, reg_covar=1e-6. A likelier mixture is a pass.
func TestMixtureOfMallCustomers(t *testing.T) {
	x := trial.Columns(t, trial.Public(t, "mall_customers/Mall_Customers.csv", "CustomerID"), "Annual Income (k$)", "Spending Score (1-100)")
	for _, c := range []struct {
		shape          cluster.Covariance
		cost, bic, aic float64
	}{
		{cluster.FullCovariance, 1755.344271715369, 3664.339747060631, 3568.688543430738},
		{cluster.TiedCovariance, 1787.09824507299, 3664.267885377297, 3608.19649014598},
		{cluster.DiagonalCovariance, 1760.1539509727609, 3647.4675187426747, 3568.3079019455217},
		{cluster.SphericalCovariance, 1776.6949163746435, 3654.0578627136997, 3591.389832749287},
	} {
		got := fit(t, x, cluster.GaussianMixture{K: 5, Shape: c.shape, Tol: 1e-12, MaxIter: 5000, Ridge: -1})
		if got.Cost > c.cost+1e-5 || got.Likelihood.BIC() > c.bic+2e-5 || got.Likelihood.AIC() > c.aic+2e-5 || !got.Converged {
			t.Errorf("%v: cost %.6f, BIC %.6f, AIC %.6f, want at most %.6f, %.6f, %.6f",
				c.shape, got.Cost, got.Likelihood.BIC(), got.Likelihood.AIC(), c.cost, c.bic, c.aic)
		}
		if got.Cost < c.cost-1e-3 {
			t.Logf("%v: better than published: %.6f", c.shape, got.Cost)
		}
	}
}

// With one segment the most probable normal distribution has the data's own mean and covariance.
func TestOneNormalDistribution(t *testing.T) {
	x := trial.Groups(t, 500, 3, 4, 2)
	got := fit(t, x, cluster.GaussianMixture{K: 1, Ridge: -1})
	n, d := x.Dims()
	var mean [3]float64
	cov := mat.NewSymDense(d, nil)
	for i := range n {
		for j, v := range x.Row(i) {
			mean[j] += v / float64(n)
		}
	}
	for i := range n {
		row := x.Row(i)
		for a := range d {
			for b := a; b < d; b++ {
				cov.SetSym(a, b, cov.At(a, b)+(row[a]-mean[a])*(row[b]-mean[b])/float64(n))
			}
		}
	}
	want := float64(n) / 2 * (float64(d)*math.Log(2*math.Pi) + math.Log(mat.Det(cov)) + float64(d))
	if math.Abs(got.Cost-want) > 1e-9*want {
		t.Fatalf("cost %v, want %v", got.Cost, want)
	}
	if p := got.Likelihood.Parameters; p != 3+6 {
		t.Fatalf("%d parameters, want 3 means and 6 covariances", p)
	}
}

// Segments of differing width and tilt, which k-means cuts in the wrong places.
func TestMixtureFindsWhatItWasDrawnFrom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var data []float64
	var truth table.Labels
	for range 3000 {
		a, b := r.NormFloat64(), r.NormFloat64()
		if r.Float64() < .3 {
			data, truth = append(data, .3*a, 4+.3*b), append(truth, 1)
		} else {
			data, truth = append(data, 3*a, 2*a+.5*b), append(truth, 0)
		}
	}
	x := trial.Numbered(t, 2, data)
	got := fit(t, x, cluster.GaussianMixture{K: 2})
	a := got.Assigner.(cluster.FittedMixture)
	for _, c := range []struct{ got, want, sd float64 }{
		{a.Weights[1], .3, math.Sqrt(.3 * .7 / 3000)}, {a.Means[0][0], 0, 3 / math.Sqrt(2100)}, {a.Means[1][1], 4, .3 / math.Sqrt(900)},
		{a.Covariances[0][0][0], 9, 9 * math.Sqrt(2./2100)}, {a.Covariances[0][0][1], 6, math.Sqrt((9*4.25 + 36) / 2100)},
		{a.Covariances[1][0][0], .09, .09 * math.Sqrt(2./900)}, {a.Covariances[1][0][1], 0, .09 / math.Sqrt(900)},
	} {
		if math.Abs(c.got-c.want) > 4*c.sd {
			t.Errorf("%v, want %v within four standard errors of %v", c.got, c.want, c.sd)
		}
	}
	ari, _ := compare.AdjustedRand(got.Labels, truth)
	plain, _ := compare.AdjustedRand(fit(t, x, cluster.KMeans{K: 2}).Labels, truth)
	if ari < .9 || plain > .6 {
		t.Errorf("agreement with the truth %v, of k-means %v", ari, plain)
	}
	bic := math.Inf(1)
	best := 0
	for k := 1; k <= 4; k++ {
		if v := fit(t, x, cluster.GaussianMixture{K: k}).Likelihood.BIC(); v < bic {
			bic, best = v, k
		}
	}
	if best != 2 {
		t.Errorf("BIC chooses %d segments", best)
	}
}

func TestMixtureCostNeverRises(t *testing.T) {
	x := trial.Groups(t, 400, 2, 3, 2)
	for shape := cluster.FullCovariance; shape <= cluster.SphericalCovariance; shape++ {
		last := math.Inf(1)
		for iterations := 1; iterations <= 40; iterations++ {
			got := fit(t, x, cluster.GaussianMixture{K: 4, Shape: shape, Restarts: 1, MaxIter: iterations, Tol: -1, Ridge: -1})
			if got.Cost > last+1e-9 {
				t.Fatalf("%v: iteration %d takes the cost from %v to %v", shape, iterations, last, got.Cost)
			}
			last = got.Cost
		}
	}
}

func TestMoreStartsOfAMixtureAreNeverWorse(t *testing.T) {
	x := trial.Groups(t, 200, 2, 5, 1)
	ten, twenty := fit(t, x, cluster.GaussianMixture{K: 4, Restarts: 10, Seed: 2}), fit(t, x, cluster.GaussianMixture{K: 4, Restarts: 20, Seed: 2})
	if !sameStarts(ten.Restarts, twenty.Restarts[:10]) || twenty.Cost > ten.Cost {
		t.Fatalf("20 starts cost %v, 10 of them %v", twenty.Cost, ten.Cost)
	}
}

func TestMixtureWeightsAreRepetitions(t *testing.T) {
	x := trial.Groups(t, 120, 2, 3, 3)
	var weights []float64
	var rows []int
	var ids []string
	for i := range x.Len() {
		weights = append(weights, float64(1+i%3))
		for j := range 1 + i%3 {
			rows, ids = append(rows, i), append(ids, fmt.Sprint(i, "-", j))
		}
	}
	weighted, err := x.WithWeights(weights, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	var data []float64
	for _, i := range rows {
		data = append(data, x.Row(i)...)
	}
	repeated := trial.Table(t, ids, x.Columns(), data)
	start := fit(t, x, cluster.GaussianMixture{K: 3, MaxIter: 1}).Assigner.(cluster.FittedMixture)
	for shape := cluster.FullCovariance; shape <= cluster.SphericalCovariance; shape++ {
		m := cluster.GaussianMixture{Start: &start, Shape: shape, Tol: -1, MaxIter: 30}
		a, b := fit(t, weighted, m), fit(t, repeated, m)
		if math.Abs(a.Cost-b.Cost) > 1e-9*math.Abs(b.Cost) || math.Abs(a.Likelihood.BIC()-b.Likelihood.BIC()) > 1e-6 {
			t.Fatalf("%v: cost %v, repeated %v", shape, a.Cost, b.Cost)
		}
		for p, i := range rows {
			if a.Labels[i] != b.Labels[p] {
				t.Fatalf("%v: customer %d is in segment %d, repeated in %d", shape, i, a.Labels[i], b.Labels[p])
			}
		}
	}
}

func TestMembershipAddsUpAndGoesWithLabels(t *testing.T) {
	x := trial.Groups(t, 300, 2, 3, 2)
	got := fit(t, x, cluster.GaussianMixture{K: 3})
	again, err := got.Assigner.(cluster.FittedMixture).Memberships(x)
	if err != nil || !mat.Equal(again, got.Membership) {
		t.Fatalf("memberships of the training rows differ (%v)", err)
	}
	for i, l := range got.Labels {
		row := got.Membership.RawRowView(i)
		sum := 0.0
		for _, p := range row {
			sum += p
		}
		if math.Abs(sum-1) > 1e-12 || row[l] != slices.Max(row) {
			t.Fatalf("customer %d in segment %d has memberships %v", i, l, row)
		}
	}
}

func TestAMixtureContinuesItsStart(t *testing.T) {
	x := trial.Groups(t, 300, 2, 3, 6)
	first := fit(t, x, cluster.GaussianMixture{K: 3})
	a := first.Assigner.Reorder([]int{2, 0, 1}).(cluster.FittedMixture)
	got := fit(t, x, cluster.GaussianMixture{Start: &a})
	for i, l := range got.Labels {
		if []int{2, 0, 1}[l] != first.Labels[i] {
			t.Fatalf("customer %d, of segment %d, is in segment %d now", i, first.Labels[i], l)
		}
	}
	if got.Iterations > 2 || got.K != 3 {
		t.Fatalf("%d iterations from the solution", got.Iterations)
	}
}

func TestCollapsedSegmentsAreTold(t *testing.T) {
	x := trial.Groups(t, 200, 2, 2, 3)
	var data []float64
	for i := range x.Len() {
		data = append(data, x.Row(i)...)
	}
	for i := range 8 { // customers all but equal, far from the rest
		data = append(data, 50+1e-9*float64(i), 50)
	}
	far := trial.Numbered(t, 2, data)
	a := fit(t, far, cluster.GaussianMixture{K: 3}).Assigner.(cluster.FittedMixture)
	if !slices.Equal(a.Collapsed, []bool{false, false, true}) {
		t.Fatalf("collapsed: %v", a.Collapsed)
	}
	if notes := a.Sheet().Notes; len(notes) != 1 || !strings.Contains(notes[0], "Segment 3") {
		t.Errorf("the sheet says %q", notes)
	}
	if a := fit(t, x, cluster.GaussianMixture{K: 2}).Assigner.(cluster.FittedMixture); slices.Contains(a.Collapsed, true) {
		t.Errorf("ordinary segments are said to be collapsed: %v", a.Collapsed)
	}
	var option *fault.OptionError
	if _, err := cluster.Fit(far, cluster.GaussianMixture{K: 3, Ridge: -1}); !errors.As(err, &option) || option.Field != "Ridge" {
		t.Errorf("without a ridge: %v", err)
	}
}

func TestMixtureOptionsAreChecked(t *testing.T) {
	x := trial.Groups(t, 30, 2, 2, 3)
	start := fit(t, x, cluster.GaussianMixture{K: 2}).Assigner.(cluster.FittedMixture)
	other, broken := start, start
	other.Columns = []string{"b", "a"}
	broken.Means = broken.Means[:1]
	for _, c := range []struct {
		m    cluster.GaussianMixture
		says string
	}{
		{cluster.GaussianMixture{K: 2, Shape: 9}, "Shape = 9"},
		{cluster.GaussianMixture{K: 2, Restarts: -1}, "Restarts = -1"},
		{cluster.GaussianMixture{K: 2, MaxIter: -1}, "MaxIter = -1"},
		{cluster.GaussianMixture{K: 2, Tol: math.NaN()}, "Tol = NaN"},
		{cluster.GaussianMixture{K: 2, Ridge: 2}, "Ridge = 2"},
		{cluster.GaussianMixture{K: 3, Start: &start}, "a mixture of 2"},
		{cluster.GaussianMixture{Start: &other}, "b, a"},
		{cluster.GaussianMixture{Start: &broken}, "1 means"},
	} {
		if err := c.m.Check(x); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.m, err)
		}
	}
}

func TestAMixtureIsAModel(t *testing.T) {
	x := trial.Groups(t, 300, 3, 3, 5)
	start := fit(t, x, cluster.GaussianMixture{K: 3}).Assigner.(cluster.FittedMixture)
	for _, recipe := range []segkit.Recipe{
		{Prep: []prep.Transformer{prep.Robust{}}, Method: cluster.GaussianMixture{K: 3}},
		{Method: cluster.GaussianMixture{Start: &start}},
	} {
		model, err := recipe.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		data, err := model.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var again segkit.Model
		if err := again.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		a, err := model.Score(x)
		if err != nil {
			t.Fatal(err)
		}
		b, err := again.Score(x)
		if err != nil || !slices.Equal(a.Labels, b.Labels) || a.Distance != nil {
			t.Fatalf("the loaded model scores otherwise (%v)", err)
		}
		centers, err := again.Centers()
		if err != nil || centers.Len() != 3 {
			t.Fatalf("centres: %v", err)
		}
		if bad := bytes.Replace(data, []byte(`"collapsed": [`), []byte(`"collapsed": [true,`), 1); again.UnmarshalBinary(bad) == nil {
			t.Error("a mixture with a mark too many was read")
		}
	}
}

// A wide ridge blurs nine distributions into few that are anybody's likeliest. The model has all nine, the empty ones too.
func TestMixtureWithSegmentsOfNobody(t *testing.T) {
	x := trial.Corners(t, 60, 3)
	m, err := segkit.Recipe{Method: cluster.GaussianMixture{K: 9, Ridge: .5}}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Score(x)
	if err != nil {
		t.Fatal(err)
	}
	if empty := s.Labels.K(); empty == 9 || m.K() != 9 || m.Sizes[8] != 0 || s.K() != 9 {
		t.Errorf("%d segments have customers; the model has %d of sizes %v", empty, m.K(), m.Sizes)
	}
	if centers, err := m.Centers(); err != nil || centers.Len() != 9 {
		t.Errorf("centres: %v", err)
	}
	path := t.TempDir() + "/model.json"
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	if again, err := segkit.LoadModel(path); err != nil || !slices.Equal(again.Names, m.Names) {
		t.Errorf("loaded: %v", err)
	}
}
