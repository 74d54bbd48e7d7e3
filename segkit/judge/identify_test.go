package judge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/growtree"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/table"
)

// 24 customers with scores by a formula that anybody can repeat.
func withScores() (prob [][]float64, labels table.Labels) {
	for i := range 24 {
		labels = append(labels, i*7%11%3)
		row, sum := make([]float64, 3), 0.0
		for c := range row {
			row[c] = float64((i*5+c*3)%7 + 1)
			if labels[i] == c {
				row[c] += 2
			}
			sum += row[c]
		}
		for c := range row {
			row[c] /= sum
		}
		prob = append(prob, row)
	}
	return prob, labels
}

// roc_auc_score(multi_class="ovr", average="macro") of scikit-learn 1.9.1, the second with sample_weight.
func TestMacroAUC(t *testing.T) {
	prob, labels := withScores()
	weights := make([]float64, len(labels))
	for i := range weights {
		weights[i] = float64(1 + i%3)
	}
	for want, weights := range map[float64][]float64{0.6817901234567901: nil, 0.6940586419753085: weights} {
		if got, _, _, err := macroAUC(prob, labels, weights); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
	if _, _, _, err := macroAUC(prob[:1], labels[:1], nil); !errors.Is(err, fault.ErrUndefined) {
		t.Error(err)
	}
}

// The formula of DeLong et al. written out with numpy for two classes with ties; here with n, not n - 1.
func TestErrorOfAUC(t *testing.T) {
	labels := table.Labels{1, 1, 1, 0, 0, 0, 0, 1, 0, 0}
	var prob [][]float64
	for _, p := range []float64{.9, .8, .3, .7, .3, .2, .1, .6, .5, .4} {
		prob = append(prob, []float64{1 - p, p})
	}
	auc, se, _, err := macroAUC(prob, labels, nil)
	if err != nil || math.Abs(auc-0.8125) > 1e-12 || math.Abs(se-0.13858473641302158) > 1e-12 {
		t.Error(auc, se, err)
	}
}

// described are customers of two segments of whom city tells the share right, and who have an age that tells nothing.
func described(t testing.TB, n int, tells float64, seed uint64) (*table.Table, table.Labels) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	ids, labels, data := make([]string, n), make(table.Labels, n), []float64(nil)
	for i := range ids {
		ids[i], labels[i] = fmt.Sprint("c", i), r.IntN(2)
		city := labels[i]
		if r.Float64() > tells {
			city = r.IntN(3)
		}
		data = append(data, float64(20+r.IntN(60)), float64(city))
	}
	x, err := table.New(ids, []table.Column{{Name: "age", Role: table.Descriptor}, {Name: "city", Role: table.Descriptor, Levels: []string{"Bonn", "Köln", "Ulm"}}}, data)
	if err != nil {
		t.Fatal(err)
	}
	return x, labels
}

func TestIdentifiability(t *testing.T) {
	for tells, want := range map[float64][2]float64{1: {1, 1}, 0.5: {0.65, 0.8}, 0: {0.42, 0.58}} {
		x, labels := described(t, 600, tells, 3)
		found, err := identifiability(context.Background(), x, labels, 1)
		if err != nil || found.auc < want[0] || found.auc > want[1] || found.low > found.auc || found.high < found.auc || tells == 0 && (found.low > 0.5 || found.high < 0.5) {
			t.Errorf("where the city tells %g: %g (%g to %g), %v", tells, found.auc, found.low, found.high, err)
		}
	}
	x, labels := described(t, 50, 1, 3)
	for i := range labels {
		labels[i] = min(labels[i], 0)
	}
	if _, err := identifiability(context.Background(), x, labels, 1); !errors.Is(err, fault.ErrUndefined) {
		t.Error(err)
	}
	if _, err := identifiability(context.Background(), x.Head(1), labels[:1], 1); !errors.Is(err, fault.ErrUndefined) {
		t.Error(err)
	}
}

// A city in which two in five belong to the smaller segment tells more than one in which one in twenty does, though most customers of either are in
// the larger segment.
func TestIdentifiabilityOfARareSegment(t *testing.T) {
	x, labels := described(t, 6000, 0, 3)
	var cities [][]float64
	r := rand.New(rand.NewPCG(4, 1))
	for i, city := range x.Raw().Column(1) {
		in := []float64{.05, .2, .4}[int(city)]
		cities = append(cities, []float64{1 - in, in})
		labels[i] = 0
		if r.Float64() < in {
			labels[i] = 1
		}
	}
	want, se, _, err := macroAUC(cities, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := identifiability(context.Background(), x, labels, 1)
	if err != nil || math.Abs(found.auc-want) > 2*se {
		t.Errorf("%g, by what the cities tell it is %g (standard error %g), %v", found.auc, want, se, err)
	}
}

// Of more customers than a tree is grown on, trees are made from some and tried on all: the AUC that the city has among all these customers, where
// there are two cities, lies in the interval that is stated.
func TestIdentifiabilityOfASample(t *testing.T) {
	x, labels := described(t, 3*growtree.Rows, 0.5, 3)
	var here []int
	for i, city := range x.Raw().Column(1) {
		if city < 2 {
			here = append(here, i)
		}
	}
	x, labels = x.Rows(here), pick.At(labels, here)
	var cities [][]float64
	for _, city := range x.Raw().Column(1) {
		cities = append(cities, []float64{1 - city, city})
	}
	whole, _, _, err := macroAUC(cities, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := identifiability(context.Background(), x, labels, 1)
	if err != nil || found.low > whole || found.high < whole || found.high-found.low > .02 || found.rows != growtree.Rows || found.of != x.Len() {
		t.Errorf("%+v, of all %g, %v", found, whole, err)
	}
	if again, _ := identifiability(context.Background(), x, labels, 1); again.auc != found.auc || again.se != found.se {
		t.Errorf("%+v, once more %+v", found, again)
	}
	for n, want := range map[int]int{12_400: 0, 12_600: growtree.Rows} { // of which 80 % are seen
		if found, err := identifiability(context.Background(), x.Head(n), labels[:n], 1); err != nil || found.rows != want {
			t.Errorf("%d customers: trees are said to be made from %d, not %d; %v", n, found.rows, want, err)
		}
	}
}

// Trees of three folds tell right, those of two the other way round: 1, 1, 1, 0, 0.
func TestErrorOfAUCAcrossFolds(t *testing.T) {
	var prob [][]float64
	var labels table.Labels
	var fold []int
	for f := range identifyFolds {
		for l := range 2 {
			p := float64(l)
			if f > 2 {
				p = 1 - p
			}
			prob, labels, fold = append(prob, []float64{1 - p, p}), append(labels, l), append(fold, f)
		}
	}
	if got := acrossFolds(prob, labels, nil, fold); math.Abs(got-math.Sqrt(.3/5)) > 1e-12 {
		t.Error(got)
	}
}
