package track

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// three are customers of three overlapping kinds, the third of which has moved.
func three(t testing.TB, r *rand.Rand, n int, moved float64) *table.Table {
	ids, values := make([]string, n), make([][2]float64, n)
	for i := range ids {
		at := [][2]float64{{0, 0}, {4, 0}, {2 + moved, 4}}[i%3]
		ids[i], values[i] = fmt.Sprint(i), [2]float64{at[0] + r.NormFloat64(), at[1] + r.NormFloat64()}
	}
	return customersAt(t, ids, values)
}

var threeMeans = segkit.Recipe{Method: cluster.KMeans{K: 3, Restarts: 3}}

// A model of one sample is called old on another sample of the same customers as seldom as its level says, also where it was made of fewer.
func TestAModelOfTheSameCustomersIsNotOld(t *testing.T) {
	const repeats = 60
	old := 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(12, uint64(rep)))
		model := trial.Sure(threeMeans.Fit(three(t, r, 90, 0)))
		if trial.Sure(Refresh(model, three(t, r, 300, 0), RefreshOptions{Pairs: 19, Seed: rep})).P <= .05 {
			old++
		}
	}
	rightly(t, "models", old, repeats, .05)
}

// A segment that has moved makes the model old, and the decision says refit; one that has gone elsewhere, rethink.
func TestDecisionsFollowWhatWasPlanted(t *testing.T) {
	r := seedOf(13)
	model := trial.Sure(threeMeans.Fit(three(t, r, 600, 0)))
	nothing := &Drift{}
	for moved, want := range map[float64]Action{0: Keep, 2.5: Renew} {
		x := three(t, r, 600, moved)
		d := trial.Sure(Decide(nothing, trial.Sure(Refresh(model, x, RefreshOptions{Seed: 1}))))
		if said := fmt.Sprint(d.Reasons); !strings.Contains(said, "On the 600 customers, the frozen model") || !strings.Contains(said, "p is at most 0.05 and its agreement falls short by at least 0.05") {
			t.Errorf("what was compared is not said: %s", said)
		}
		if d.Action != want || d.Look != (want != Keep) {
			t.Errorf("moved by %v: %v %v, want %v", moved, d, d.Reasons, want)
		}
	}
	ids, values := make([]string, 600), make([][2]float64, 600)
	for i := range ids { // three other kinds, all where one was
		ids[i], values[i] = fmt.Sprint(i), [2]float64{float64(i%3)*5 - 5 + r.NormFloat64()/2, 9 + r.NormFloat64()/2}
	}
	x := customersAt(t, ids, values)
	if d := trial.Sure(Decide(trial.Sure(FromModel(model, x)), trial.Sure(Refresh(model, x)))); d.Action != Rethink || !strings.Contains(fmt.Sprint(d.Reasons), "drifted between the training customers and 600 customers") {
		t.Errorf("other customers: %v %v", d, d.Reasons)
	}
}

// Names that were made are renamed where they no longer say what segments are, names given by hand never.
func TestOnlyMadeNamesAreRenamed(t *testing.T) {
	r := seedOf(14)
	model := trial.Sure(threeMeans.Fit(three(t, r, 600, 0)))
	x := three(t, r, 600, 0)
	if d := trial.Sure(Decide(&Drift{}, trial.Sure(Refresh(model, x)))); d.Action != Keep {
		t.Errorf("%v %v %v", d, d.Reasons, model.Names)
	}
	made := model.Names
	model.Names = []string{made[1], made[2], made[0]} // as if customers had changed places
	if d := trial.Sure(Decide(&Drift{}, trial.Sure(Refresh(model, x)))); d.Action != Rename || fmt.Sprint(d.NewNames) != fmt.Sprint(made) {
		t.Errorf("%v, new names %v, want %v", d, d.NewNames, made)
	}
	model.Names = []string{"Gold", "Silver", "Bronze"}
	if rf := trial.Sure(Refresh(model, x)); rf.NamesToday != nil || trial.Sure(Decide(&Drift{}, rf)).Action != Keep {
		t.Errorf("given names would be %v", rf.NamesToday)
	}
}

// A warm refit keeps the identity of segments from date to date and costs at most a little more than a cold one.
func TestRefitKeepsTheIdentityOfSegments(t *testing.T) {
	r := seedOf(15)
	var orders []bought
	for i := range 300 {
		every, cents := []float64{9, 30, 30}[i%3], []int{2000, 2000, 15000}[i%3]
		for at := every * r.Float64(); at < 360; at += every * (.5 + r.Float64()) {
			orders = append(orders, bought{fmt.Sprintf("%03d", i), int(at), int(float64(cents) * math.Exp(.3*r.NormFloat64()))})
		}
	}
	recipe := segkit.Recipe{Columns: []string{"orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3}}
	dates := MonthEnds(day(150), day(330))
	f := trial.Sure(Refit(logOf(t, orders), recipe, features.Spec{Window: 120}, dates))
	if len(f.Names) != 3 || len(f.Models) != len(dates) {
		t.Fatalf("%d models with the names %v", len(f.Models), f.Names)
	}
	for at := 1; at < len(dates); at++ {
		m := trial.Sure(f.Migration(at-1, at, DrawOptions{Draws: -1}))
		for l := range f.Names {
			if share, _ := m.Stayed(l); share < .95 {
				t.Errorf("%s: only %.2f stay in %s", dates[at].Format("2006-01"), share, f.Names[l])
			}
		}
		if f.Warm[at] > 1.01*f.Cold[at] || f.Rand[at] < .95 {
			t.Errorf("%s: warm %v, cold %v, agreement %v", dates[at].Format("2006-01"), f.Warm[at], f.Cold[at], f.Rand[at])
		}
	}
}
