package track

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// customersAt are customers of columns x and y by id.
func customersAt(t testing.TB, ids []string, values [][2]float64) *table.Table {
	t.Helper()
	var data []float64
	for _, v := range values {
		data = append(data, v[:]...)
	}
	return trial.Sure(table.New(ids, []table.Column{{Name: "x"}, {Name: "y"}}, data))
}

// anySize asks for significance alone, so that levels can be tested.
var anySize = DriftOptions{Size: -1, Draws: 99}

// rightly fails unless so many alarms of so many are what a test of this level gives: within 3.5 standard deviations of the binomial.
func rightly(t *testing.T, what string, alarms, of int, level float64) {
	t.Helper()
	t.Logf("%s: %d alarms of %d", what, alarms, of)
	mean, sd := level*float64(of), math.Sqrt(float64(of)*level*(1-level))
	if math.Abs(float64(alarms)-mean) > 3.5*sd {
		t.Errorf("%s: %d alarms of %d, want about %.0f", what, alarms, of, mean)
	}
}

// Identical data never drift: a well-known monitor flags a copy of its own reference.
func TestACopyNeverDrifts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := trial.Small(t)
		d, err := Compare(x, x, nil, DriftOptions{Size: -1})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Columns {
			if c.PSI != 0 || c.P != 1 || c.Drifted || c.KS > 0 || c.JS > 0 {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// Two halves of one month, no customer in both, raise an alarm as often as Level says.
func TestHalvesOfAMonthAlarmAtTheLevel(t *testing.T) {
	const repeats, n = 300, 120
	alarms := 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(1, uint64(rep)))
		half := func(side string) *table.Table {
			ids, values := make([]string, n), make([][2]float64, n)
			for i := range ids {
				ids[i], values[i] = fmt.Sprint(side, i), [2]float64{math.Exp(r.NormFloat64()), float64(poisson(r, 2))}
			}
			return customersAt(t, ids, values)
		}
		o := anySize
		o.Seed = rep
		if trial.Sure(Compare(half("a"), half("b"), []string{"x"}, o)).Columns[0].Drifted {
			alarms++
		}
	}
	rightly(t, "halves", alarms, repeats, .05)
}

// So do two months of one population, of which most customers are in both and resemble themselves.
func TestMonthsThatShareCustomersAlarmAtTheLevel(t *testing.T) {
	const repeats, n = 300, 150
	alarms, naive := 0, 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(2, uint64(rep)))
		habit := make([]float64, 2*n)
		for i := range habit {
			habit[i] = 6 * r.NormFloat64()
		}
		month := func(from int) *table.Table {
			ids, values := make([]string, n), make([][2]float64, n)
			for i := range ids {
				ids[i], values[i] = fmt.Sprint(from+i), [2]float64{habit[from+i] + r.NormFloat64()}
			}
			return customersAt(t, ids, values)
		}
		o := anySize
		o.Seed = rep
		a, b := month(0), month(10)
		d := trial.Sure(Compare(a, b, []string{"x"}, o))
		if d.Shared != n-10 {
			t.Fatalf("%d customers shared", d.Shared)
		}
		if d.Columns[0].Drifted {
			alarms++
		}
		strangers := make([]string, n)
		for i := range strangers {
			strangers[i] = fmt.Sprint("other ", i)
		}
		var values [][2]float64
		for _, v := range trial.Sure(b.Values("x")) {
			values = append(values, [2]float64{v})
		}
		if trial.Sure(Compare(a, customersAt(t, strangers, values), []string{"x"}, o)).Columns[0].Drifted {
			naive++
		}
	}
	rightly(t, "months", alarms, repeats, .05)
	if naive >= 6 { // as independent samples the same months are far too much alike: the test would be blind
		t.Errorf("taken for strangers, %d alarms: the test does not tell shared customers", naive)
	}
}

// A fresh sample of the training population raises an alarm against the model as often as Level says.
func TestFreshCustomersAlarmAgainstTheModelAtTheLevel(t *testing.T) {
	const repeats, n = 200, 300
	alarms, any := 0, 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(3, uint64(rep)))
		sample := func() *table.Table {
			ids, values := make([]string, n), make([][2]float64, n)
			for i := range ids {
				ids[i], values[i] = fmt.Sprint(i), [2]float64{float64(6*(i%2)) + r.NormFloat64(), r.NormFloat64()}
			}
			return customersAt(t, ids, values)
		}
		model := trial.Sure(segkit.Recipe{Method: cluster.KMeans{K: 2, Restarts: 1}}.Fit(sample()))
		o := anySize
		o.Seed = rep
		d := trial.Sure(FromModel(model, sample(), o))
		if d.Columns[1].Column != "y" {
			t.Fatal(d.Columns)
		}
		if d.Columns[1].P <= .05 {
			alarms++
		}
		if d.Drifted() != nil {
			any++
		}
	}
	rightly(t, "column y", alarms, repeats, .05)
	if any > 23 { // 10 expected, and 4 standard deviations
		t.Errorf("%d of %d fresh samples alarm in some column", any, repeats)
	}
}

// Customers who are still those of the training raise fewer alarms against the model than Level says, since it cannot know that they are the same.
func TestSharedCustomersAlarmLessAgainstTheModel(t *testing.T) {
	const repeats, n = 100, 300
	alarms, fresh := 0, 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(8, uint64(rep)))
		ids, before, after, others := make([]string, n), make([][2]float64, n), make([][2]float64, n), make([][2]float64, n)
		for i := range ids {
			x, y, next, other := float64(6*(i%2)), r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
			ids[i], before[i], after[i], others[i] = fmt.Sprint(i), [2]float64{x, y}, [2]float64{x, .95*y + math.Sqrt(1-.95*.95)*next}, [2]float64{x, other}
		}
		model := trial.Sure(segkit.Recipe{Method: cluster.KMeans{K: 2, Restarts: 1}}.Fit(customersAt(t, ids, before)))
		o := anySize
		o.Seed = rep
		for _, month := range []struct {
			values [][2]float64
			alarms *int
		}{{after, &alarms}, {others, &fresh}} {
			d := trial.Sure(FromModel(model, customersAt(t, ids, month.values), o))
			if d.Shared != -1 {
				t.Fatalf("%d customers shared with a model", d.Shared)
			}
			if d.Columns[1].P <= .2 {
				*month.alarms++
			}
		}
	}
	if alarms > 9 || fresh < 10 { // 20 of 100 are promised: by chance fewer than 10 come at most once in 400 times
		t.Errorf("%d alarms by the same customers, %d by fresh ones, of %d at a level of .2", alarms, fresh, repeats)
	}
}

// A planted drift is found, in its column only, and a column with one drift among many is not lost for want of draws.
func TestAPlantedDriftIsFound(t *testing.T) {
	const n, d = 400, 12
	r := rand.New(rand.NewPCG(4, 4))
	month := func(shift float64, ids string) *table.Table {
		data := make([]float64, 0, n*d)
		names, columns := make([]string, n), make([]table.Column, d)
		for j := range columns {
			columns[j].Name = fmt.Sprint("c", j)
		}
		for i := range n {
			names[i] = fmt.Sprint(ids, i)
			for j := range d {
				v := r.NormFloat64()
				if j == 7 {
					v += shift
				}
				data = append(data, v)
			}
		}
		return trial.Sure(table.New(names, columns, data))
	}
	got := trial.Sure(Compare(month(0, "a"), month(.6, "b"), nil)).Drifted()
	if !slices.Equal(got, []string{"c7"}) {
		t.Errorf("drifted: %v, want c7", got)
	}
	if _, err := Compare(month(0, "a"), month(0, "b"), nil, DriftOptions{Draws: 199}); err == nil {
		t.Error("12 columns at level .05 need 239 draws, and 199 are not refused")
	}
}

// That values begin to be missing is a drift, though those that are there are as before.
func TestMissingValuesAreADrift(t *testing.T) {
	const n = 300
	r := rand.New(rand.NewPCG(5, 5))
	month := func(missing float64, side string) *table.Table {
		ids, values := make([]string, n), make([][2]float64, n)
		for i := range ids {
			ids[i], values[i] = fmt.Sprint(side, i), [2]float64{r.NormFloat64(), r.NormFloat64()}
			if r.Float64() < missing {
				values[i][0] = math.NaN()
			}
		}
		return customersAt(t, ids, values)
	}
	if got := trial.Sure(Compare(month(.02, "a"), month(.4, "b"), nil)).Drifted(); !slices.Equal(got, []string{"x"}) {
		t.Errorf("drifted: %v, want x", got)
	}
}

// Why the rules of thumb .1 and .25 mislead: at 500 customers a PSI of .068 is what chance gives, at 100,000 one of .0004 is significant, and nothing.
// For b bins PSI is, without drift, about (1/n + 1/m) times chi-square of b - 1 degrees (Yurdakul 2018): its 95 % point for 10 bins is 16.92.
func TestSizeAndChanceAreBothAsked(t *testing.T) {
	counts := func(n int, tilt float64) []int {
		out := make([]int, 10)
		for b := range out {
			out[b] = int(math.Round(float64(n) / 10 * (1 + tilt*(float64(b)-4.5)/4.5)))
		}
		return out
	}
	for _, c := range []struct {
		n            int
		tilt         float64
		significant  bool
		limit, wants float64
	}{{500, 0, false, 16.92 * 2 / 500, 0}, {100_000, .0313, true, 16.92 * 2 / 100_000, .0004}} {
		o := trial.Sure(DriftOptions{}.withDefaults())
		o = trial.Sure(o.forColumns(1))
		then, now := counts(c.n, 0), counts(c.n, c.tilt)
		d := Drift{Options: o, Columns: []ColumnDrift{judged("x", then, now, independent(o, 0, then, now), o)}}
		d.adjust()
		got := d.Columns[0]
		if math.Abs(got.Limit/c.limit-1) > .2 || math.Abs(got.PSI-c.wants) > .00002 || got.Drifted || (got.Q <= .05) != c.significant {
			t.Errorf("%d customers: %+v, want a limit of about %v", c.n, got, c.limit)
		}
	}
}

// Benjamini and Hochberg's adjustment, as R's p.adjust(c(.01, .04, .03, .005), "BH") gives it.
func TestFalseDiscoveriesAreControlled(t *testing.T) {
	d := Drift{Options: DriftOptions{Level: .05, Size: -1}}
	for _, p := range []float64{.01, .04, .03, .005} {
		d.Columns = append(d.Columns, ColumnDrift{P: p})
	}
	d.adjust()
	for c, want := range []float64{.02, .04, .04, .02} {
		if math.Abs(d.Columns[c].Q-want) > 1e-12 {
			t.Errorf("q of %v is %v, want %v", d.Columns[c].P, d.Columns[c].Q, want)
		}
	}
}

// Kolmogorov and Smirnov's difference by its definition: at every value, the shares up to it.
func TestKolmogorovSmirnovIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 5), 1, 30)
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		for i := range a { // ties within and between
			a[i] = math.Floor(a[i])
		}
		for i := range b {
			b[i] = math.Floor(b[i])
		}
		upTo := func(x []float64, v float64) (share float64) {
			for _, w := range x {
				if w <= v {
					share += 1 / float64(len(x))
				}
			}
			return share
		}
		want := 0.0
		for _, v := range slices.Concat(a, b) {
			want = max(want, math.Abs(upTo(a, v)-upTo(b, v)))
		}
		if got := kolmogorovSmirnov(append(a, math.NaN()), b); math.Abs(got-want) > 1e-12 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// Jensen-Shannon: 0 for the same shares, 1 bit for shares that have nothing in common, and .5 (H of the mean less the mean of H) in between.
func TestJensenShannonInBits(t *testing.T) {
	for _, c := range []struct {
		a, b []int
		want float64
	}{{[]int{3, 1}, []int{6, 2}, 0}, {[]int{5, 0}, []int{0, 7}, 1}, {[]int{1, 1, 0}, []int{0, 1, 1}, .5}} {
		if got := jensenShannon(c.a, c.b); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v against %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// Customers age, the oldest leave and new ones come: every customer changes, those who leave are unlike those who come, and the months are alike. That raises an alarm as
// often as Level says. Where the leavers are not replaced, it is a drift, and the limit is not widened by it.
func TestTurnoverIsNoDrift(t *testing.T) {
	const repeats, n = 300, 200
	alarms := 0
	for rep := range repeats {
		r := rand.New(rand.NewPCG(16, uint64(rep)))
		var ids [2][]string
		var ages [2][][2]float64
		for i := range n * 11 / 10 {
			age := float64(r.IntN(11)) - 1 // of 0 to 9 in the first month; -1 comes in the second
			for month := range 2 {
				if now := age + float64(month); now >= 0 && now <= 9 {
					ids[month], ages[month] = append(ids[month], fmt.Sprint(i)), append(ages[month], [2]float64{now})
				}
			}
		}
		o := anySize
		o.Seed = rep
		if trial.Sure(Compare(customersAt(t, ids[0], ages[0]), customersAt(t, ids[1], ages[1]), []string{"x"}, o)).Columns[0].Drifted {
			alarms++
		}
	}
	rightly(t, "ageing customers", alarms, repeats, .05)

	r := seedOf(17)
	var ids [2][]string
	var values [2][][2]float64
	for i := range 600 {
		kind := i % 2 // the second kind leaves
		for month := range 2 {
			if month == 0 || kind == 0 {
				ids[month], values[month] = append(ids[month], fmt.Sprint(i)), append(values[month], [2]float64{6*float64(kind) + r.NormFloat64()})
			}
		}
	}
	c := trial.Sure(Compare(customersAt(t, ids[0], values[0]), customersAt(t, ids[1], values[1]), []string{"x"})).Columns[0]
	if !c.Drifted || c.Limit > .1 {
		t.Errorf("half of all customers left: %+v", c)
	}
}
