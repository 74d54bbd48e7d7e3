package chart

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/plotter"
	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// oneColumn makes a table of one column.
func oneColumn(t testing.TB, c table.Column, values ...float64) *table.Table {
	t.Helper()
	ids := make([]string, len(values))
	for i := range ids {
		ids[i] = fmt.Sprint("c", i)
	}
	out, err := table.New(ids, []table.Column{c}, values)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func segments(t testing.TB, of *table.Table, names []string, labels ...int) *table.Segments {
	t.Helper()
	s, err := table.NewSegments(of.IDs(), labels, names)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func titled(t *testing.T, want string) func(*Figure, error) {
	return func(f *Figure, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		} else if f.Title != want {
			t.Errorf("title %q, want %q", f.Title, want)
		}
	}
}

func TestLorenzTitleIsTheShareOfTheBestFifth(t *testing.T) {
	// Ten customers: the best two bring 40 + 21 of 100.
	spend := oneColumn(t, table.Column{Name: "spend", Unit: "EUR"}, 5, 5, 5, 5, 5, 5, 5, 4, 40, 21)
	titled(t, "A fifth of customers bring 61 % of spend")(Lorenz(spend, "spend"))
	alike := oneColumn(t, table.Column{Name: "spend"}, 3, 3, 3, 3, 3)
	titled(t, "A fifth of customers bring 20 % of spend")(Lorenz(alike, "spend"))
	if _, err := Lorenz(oneColumn(t, table.Column{Name: "spend"}, 1, -1), "spend"); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("a sum of 0 gives error %v", err)
	}
	if _, err := Lorenz(oneColumn(t, table.Column{Name: "spend"}, math.NaN()), "spend"); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no value gives error %v", err)
	}
	if _, err := Lorenz(spend, "spent"); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("a column that is not there gives error %v", err)
	}
}

func TestConcentrationCurveLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 60).Draw(t, "values")
		values[0] += 1 // some money there must be
		ones := make([]float64, len(values))
		for i := range ones {
			ones[i] = 1
		}
		curve, err := concentration(values, ones)
		if err != nil {
			t.Fatal(err)
		}
		// Gini's mean difference, over all pairs.
		var pairs, sum float64
		for _, a := range values {
			sum += a
			for _, b := range values {
				pairs += math.Abs(a - b)
			}
		}
		n := float64(len(values))
		if want := pairs / (2 * n * sum); math.Abs(curve.gini()-want) > 1e-9 {
			t.Fatalf("Gini %v, over all pairs %v", curve.gini(), want)
		}
		// A weight of two is two customers.
		twice, _ := concentration(append(slices.Clone(values), values...), append(slices.Clone(ones), ones...))
		for i := range ones {
			ones[i] = 2
		}
		weighted, _ := concentration(values, ones)
		for _, x := range []float64{0, 0.1, 0.2, 0.5, 0.9, 1} {
			if a, b := weighted.at(x), twice.at(x); math.Abs(a-b) > 1e-9 {
				t.Fatalf("at %v: weighted %v, repeated %v", x, a, b)
			}
			if curve.at(x) < x-1e-9 {
				t.Fatalf("the best %v bring less than their share", x)
			}
		}
		if y := rapid.Float64Range(0.01, 0.99).Draw(t, "y"); math.Abs(curve.at(curve.reach(y))-y) > 1e-9 {
			t.Fatalf("%v is reached at %v, where the curve is %v", y, curve.reach(y), curve.at(curve.reach(y)))
		}
	})
}

func TestSizesTitleIsTheSegmentThatBringsMostPerCustomer(t *testing.T) {
	// Two of ten customers bring 60 of 100; the one in no segment brings most of all and is not a finding.
	spend := oneColumn(t, table.Column{Name: "spend", Unit: "EUR"}, 4, 4, 4, 2, 2, 2, 1, 30, 30, 21)
	s := segments(t, spend, []string{"many", "few"}, 0, 0, 0, 0, 0, 0, 0, 1, 1, table.Noise)
	titled(t, "“few”: 20 % of customers bring 60 % of spend")(Sizes(s, spend, "spend"))
	titled(t, "“many” is the largest of 2 segments: 70 % of customers")(Sizes(s, spend, ""))
	empty := segments(t, spend, []string{"nobody", "many", "few"}, 1, 1, 1, 1, 1, 1, 1, 2, 2, table.Noise)
	titled(t, "“few”: 20 % of customers bring 60 % of spend")(Sizes(empty, spend, "spend"))
	other := oneColumn(t, table.Column{Name: "spend"}, make([]float64, 11)...)
	if _, err := Sizes(s, other, "spend"); !errors.Is(err, fault.ErrUnmatched) {
		t.Errorf("a customer without a segment gives error %v", err)
	}
	if _, err := Sizes(segments(t, other, nil, make([]int, 11)...), other, "spend"); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("a sum of 0 gives error %v", err)
	}
}

func TestMissingnessTitleCounts(t *testing.T) {
	nan := math.NaN()
	titled(t, "gap is missing for 75 % of customers; no column is complete")(Missingness(oneColumn(t, table.Column{Name: "gap"}, 1, nan, nan, nan)))
	titled(t, "No value is missing: 2 customers, 1 column")(Missingness(oneColumn(t, table.Column{Name: "gap"}, 1, 2)))
}

func TestElbowWithoutSilhouettes(t *testing.T) {
	s := &choose.Sweep{N: 100, D: 2, Method: "KPrototypes", Total: 100}
	for i, cost := range []float64{60, 30, 10, 9} {
		s.Points = append(s.Points, choose.SweepPoint{K: i + 2, Cost: cost, Silhouette: math.NaN()})
	}
	f, err := Elbow(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Panels[0]) != 1 || strings.Contains(f.Title, "silhouette") || strings.Contains(f.Note, "squares") {
		t.Errorf("%d panels, %q, %q", len(f.Panels[0]), f.Title, f.Note)
	}
}

func TestElbowTitleNeverInventsAnElbow(t *testing.T) {
	// Costs fall by halves to k = 4 and then hardly; on the null draws they fall evenly.
	sweep := func(costs []float64, null func(i int) float64, draws int) *choose.Sweep {
		s := &choose.Sweep{N: 100, D: 2, Method: "KMeans", Total: 100, Draws: draws}
		for i, c := range costs {
			p := choose.SweepPoint{K: i + 2, Cost: c, Silhouette: 0.3 - 0.01*float64(i), NullLow: math.NaN(), NullMedian: math.NaN(), NullHigh: math.NaN(), NullSilhouetteHigh: math.NaN()}
			if draws > 0 {
				v := null(i)
				p.P, p.NullLow, p.NullMedian, p.NullHigh, p.NullSilhouetteHigh = 1, v, v, v, 0.2
				if c < v {
					p.P = 0.01
				}
			}
			s.Points = append(s.Points, p)
		}
		return s
	}
	bent := []float64{60, 30, 10, 9, 8, 7.5, 7}
	even := func(i int) float64 { return 60 * math.Pow(0.8, float64(i)) }
	same := func(i int) float64 { return bent[i] }
	const best = "; the silhouette is highest at 2 (0.30)"
	titled(t, "Kneedle marks 4, and the drop there is beyond what data without groups shows"+best)(Elbow(sweep(bent, even, 1)))
	titled(t, "No elbow between 2 and 8: Kneedle marks 4, but data without groups drops as far"+best)(Elbow(sweep(bent, same, 1)))
	titled(t, "Kneedle marks 4; whether data without groups bends there, too, was not tried"+best)(Elbow(sweep(bent, nil, 0)))
	straight := []float64{70, 60, 50, 40, 30, 20, 10}
	titled(t, "No elbow between 2 and 8: the curve has no knee"+best)(Elbow(sweep(straight, even, 1)))
	if _, err := Elbow(&choose.Sweep{}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("an empty sweep gives error %v", err)
	}
}

func TestProfileTitleAndColoursFollowTheBetterSide(t *testing.T) {
	recency := table.Column{Name: "recency", Unit: "days", LowerIsBetter: true}
	days := oneColumn(t, recency, 1, 2, 3, 100, 101, 102)
	s := segments(t, days, nil, 0, 0, 0, 1, 1, 1)
	p, err := describe.Segments(days, s)
	if err != nil {
		t.Fatal(err)
	}
	titled(t, "Segments differ most in recency: medians from 2 to 101 days")(Profile(p))
	bluer := func(difference float64, lowerIsBetter bool) bool {
		r, _, b, _ := tint(difference, lowerIsBetter).RGBA()
		return b > r
	}
	if !bluer(-1, true) || bluer(1, true) || !bluer(1, false) || bluer(-1, false) {
		t.Error("blue is not the better side")
	}
	for _, d := range []float64{-9, -1, 0, 1, 9, math.NaN()} {
		if ratio := contrast(tint(d, false), ink); ratio < 4.5 {
			t.Errorf("text on the colour of %v has contrast %.1f, want 4.5", d, ratio)
		}
	}
}

// Half of the customers never return anything, so both quartiles are 0 and the cell shows a mean: a reader of the alt text gets the
// same numbers as one who sees the picture, and is told which they are.
func TestProfilesAltTextSaysWhatItsCellsShow(t *testing.T) {
	returns := oneColumn(t, table.Column{Name: "returns"}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0)
	p, err := describe.Segments(returns, segments(t, returns, nil, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Profile(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"returns 0 on average", "returns 1 on average", "means where a column says so"} {
		if !strings.Contains(f.Alt, want) {
			t.Errorf("the alt text %q lacks %q", f.Alt, want)
		}
	}
}

// contrast is the ratio of relative luminances in WCAG 2.1.
func contrast(a, b interface{ RGBA() (r, g, b, a uint32) }) float64 {
	luminance := func(c interface{ RGBA() (r, g, b, a uint32) }) float64 {
		r, g, b, _ := c.RGBA()
		linear := func(v uint32) float64 {
			s := float64(v) / 0xFFFF
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	high, low := luminance(a), luminance(b)
	return (max(high, low) + 0.05) / (min(high, low) + 0.05)
}

func TestSilhouetteTitleNamesTheWeakest(t *testing.T) {
	titled(t, "Mean silhouette 0.35; “b” is weakest (0.10), where 50 % of customers are nearer to another segment")(Silhouette(&measure.Silhouettes{
		Values: []float64{0.6, 0.6, 0.4, -0.2}, Labels: table.Labels{0, 0, 1, 1}, Names: []string{"a", "b"}, Mean: 0.35,
		Segments: []measure.SegmentSilhouette{{Size: 2, Mean: 0.6}, {Size: 2, Mean: 0.1, BelowZero: 0.5}}}))
	if _, err := Silhouette(&measure.Silhouettes{Mean: math.NaN()}); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("no silhouette gives error %v", err)
	}
}

// A mean has the digits that its interval leaves meaningful: one of the half width, two where the first is a 1.
func TestMeansAreWrittenAsExactlyAsTheyAreKnown(t *testing.T) {
	for _, c := range []struct {
		e    estimate
		want string
	}{
		{estimate{mean: 113.6, low: 101.1, high: 126.1}, "114 101 126"},
		{estimate{mean: 92.58, low: 86.49, high: 98.66}, "93 86 99"},
		{estimate{mean: 2.2, low: 1.56, high: 2.84}, "2.2 1.6 2.8"},
		{estimate{mean: .1048, low: .0812, high: .1283}, "0.10 0.08 0.13"},
		{estimate{mean: 3.4, low: 3.21, high: 3.59}, "3.40 3.21 3.59"},
		{estimate{mean: 4512.3, low: 3600, high: 5424.6}, "4,512 3,600 5,425"},
		{estimate{mean: 2, low: math.NaN(), high: math.NaN()}, "2 – –"},
		{estimate{mean: 7.25, low: 7.25, high: 7.25}, "7.25 7.25 7.25"},
	} {
		mean, low, high := c.e.digits()
		if got := mean + " " + low + " " + high; got != c.want {
			t.Errorf("%v reads %s, want %s", c.e, got, c.want)
		}
	}
}

func TestOutcomeTitleTellsWhetherALeadIsChance(t *testing.T) {
	column := table.Column{Name: "spend", Unit: "EUR", Role: table.Outcome}
	names := []string{"a", "b"}
	of := func(c table.Column, a, b []float64, times int) *Figure { // the values of each segment, so many times
		values := append(slices.Repeat(a, times), slices.Repeat(b, times)...)
		next := oneColumn(t, c, values...)
		labels := append(slices.Repeat([]int{0}, len(a)*times), slices.Repeat([]int{1}, len(b)*times)...)
		f, err := Outcome(segments(t, next, names, labels...), next, c.Name)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := of(column, []float64{9, 10, 11}, []float64{1, 2, 3}, 10); !strings.HasPrefix(f.Title, "“a” has the highest mean spend, 10.0 EUR (95 % interval 9.7 to 10.3)") ||
		!strings.HasSuffix(f.Title, ", a lead beyond chance") {
		t.Error(f.Title)
	}
	if f := of(column, []float64{9, 10, 11}, []float64{8.8, 9.8, 10.8}, 10); !strings.HasSuffix(f.Title, ", but its lead over “b” may be chance") {
		t.Error(f.Title)
	}
	// Intervals 10.34 to 11.66 and 9.34 to 10.66 overlap; the difference is 1 with a standard error of .47, and 2.1 of these are no chance.
	if f := of(column, []float64{11 - 2.31, 11 + 2.31}, []float64{10 - 2.31, 10 + 2.31}, 25); !strings.HasSuffix(f.Title, ", a lead beyond chance") {
		t.Error(f.Title)
	}
	column.LowerIsBetter = true
	if f := of(column, []float64{9, 10, 11}, []float64{1, 2, 3}, 10); !strings.HasPrefix(f.Title, "“b” has the lowest mean spend, 2.0 EUR") {
		t.Error(f.Title)
	}
	if f := of(column, []float64{9, 10, 11}, []float64{1, 2, 3}, 9); f.Title != "Too few customers for an interval of the mean spend in any segment" {
		t.Error(f.Title)
	}
}

// Customers who came after the segments were made are left out and counted: the rest is drawn as if they were not there.
func TestOutcomeLeavesOutCustomersWithoutASegment(t *testing.T) {
	column := table.Column{Name: "spend", Unit: "EUR"}
	var values []float64
	for i := range 80 {
		values = append(values, float64(10+40*(i/40)+i%7))
	}
	known := oneColumn(t, column, values...)
	s := segments(t, known, []string{"a", "b"}, append(slices.Repeat([]int{0}, 40), slices.Repeat([]int{1}, 40)...)...)
	plain, err := Outcome(s, known, "spend")
	sure(t, err)
	for left, says := range map[int]string{1: "1 customer without a segment left out.", 2: "2 customers without a segment left out."} {
		more, err := Outcome(s, oneColumn(t, column, append(slices.Clone(values), slices.Repeat([]float64{1e6}, left)...)...), "spend")
		sure(t, err)
		if more.Title != plain.Title || more.Note != plain.Note+" "+says {
			t.Errorf("%q and %q, want %q and %q", more.Title, more.Note, plain.Title, plain.Note+" "+says)
		}
	}
	stranger := trial.Sure(table.New([]string{"stranger"}, []table.Column{column}, []float64{1}))
	if _, err := Outcome(s, stranger, "spend"); !errors.Is(err, fault.ErrUnmatched) {
		t.Errorf("nobody with a segment gives error %v", err)
	}
}

// Newcombe 1998, table II, method 10 (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I); Welch by SciPy 1.17.1's
// ttest_ind(a, b, equal_var=False).confidence_interval().
func TestLeads(t *testing.T) {
	ones := func(of, n int) sample {
		values := make([]float64, n)
		for i := range of {
			values[i] = 1
		}
		return plain(values)
	}
	for _, c := range []struct {
		a, b   sample
		binary bool
		low    float64
	}{{ones(56, 70), ones(48, 80), true, 0.0524}, {ones(3, 10), ones(9, 10), true, 0.1705},
		{plain([]float64{3.1, 4.7, 5.0, 6.2, 2.9, 4.4}), plain([]float64{1.0, 2.5, 9.5, 0.5}), false, -5.4293}} {
		if got := lead(c.a, c.b, c.binary, .05); math.Abs(got-c.low) > 5e-5 {
			t.Errorf("%.5f, want %.4f", got, c.low)
		}
	}
}

func TestIntervals(t *testing.T) {
	// Quantiles of Student's t at 0.975 from the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
	for nu, want := range map[int]float64{1: 12.706, 4: 2.776, 9: 2.262, 29: 2.045, 99: 1.984} {
		values := make([]float64, nu+1)
		for i := range values {
			values[i] = float64(i * i)
		}
		var sum, squares float64
		n := float64(len(values))
		for _, v := range values {
			sum += v
		}
		for _, v := range values {
			squares += (v - sum/n) * (v - sum/n)
		}
		e := plain(values).student(.05)
		if got := (e.high - e.low) / 2 / math.Sqrt(squares/(n-1)/n); math.Abs(got-want) > 5e-4 {
			t.Errorf("%d degrees of freedom: t = %.4f, want %.3f", nu, got, want)
		}
	}
	// Newcombe 1998, table I, method 3 (doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E).
	for _, c := range []struct {
		ones, n   int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		values := make([]float64, c.n)
		for i := range c.ones {
			values[i] = 1
		}
		if e := plain(values).wilson(.05); math.Abs(e.low-c.low) > 5e-5 || math.Abs(e.high-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.ones, c.n, e.low, e.high, c.low, c.high)
		}
	}
	if plain([]float64{3}).student(.05).known() || plain(nil).wilson(.05).known() {
		t.Error("one value, or none, has an interval")
	}
}

func plain(values []float64) sample {
	return sample{values: values, weights: slices.Repeat([]float64{1}, len(values))}
}

// 900 customers of weight 1 and 100 of weight 9, half of each with the value 1, are worth 360 (Kish): the interval is that of 360
// customers without weights. Weights that repeat rows make it that of 1,800.
func TestOutcomesAskWhatRowsAreWorth(t *testing.T) {
	values, weights := make([]float64, 1000), make([]float64, 1000)
	for i := range values {
		values[i], weights[i] = float64(i%2), 1
		if i >= 900 {
			weights[i] = 9
		}
	}
	for weighting, worth := range map[table.Weighting]int{table.SamplingWeights: 360, table.FrequencyWeights: 1800} {
		as := make([]float64, worth)
		for i := range as {
			as[i] = float64(i % 2)
		}
		s := sample{values, weights, weighting}
		for what, pair := range map[string][2]estimate{"student": {s.student(.05), plain(as).student(.05)}, "wilson": {s.wilson(.05), plain(as).wilson(.05)}} {
			if got, want := pair[0], pair[1]; math.Abs(got.low-want.low)+math.Abs(got.high-want.high)+math.Abs(got.mean-want.mean) > 1e-12 {
				t.Errorf("%s, %v: %+v, want %+v", what, weighting, got, want)
			}
		}
	}
}

func TestPrincipalAxesLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	columns := []table.Column{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	var ids []string
	var data []float64
	for i := range 200 {
		ids = append(ids, fmt.Sprint(i))
		a, b := 3*r.NormFloat64(), r.NormFloat64()
		data = append(data, a, b, 2*a-b) // two dimensions in three columns
	}
	data[5] = math.NaN()
	x, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	c, err := principal("Scatter", x)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.rows) != 199 || len(c.points) != 199 {
		t.Errorf("%d of 199 complete rows", len(c.rows))
	}
	if math.Abs(c.share[0]+c.share[1]-1) > 1e-9 || c.share[0] < c.share[1] {
		t.Errorf("shares %v of data in a plane", c.share)
	}
	var cross float64
	for _, p := range c.points {
		cross += p.X * p.Y
	}
	if math.Abs(cross) > 1e-6*float64(len(c.points)) {
		t.Errorf("the axes are correlated: %v", cross)
	}
	for a := range 2 {
		if largest := slices.MaxFunc(c.loadings[a], func(x, y float64) int {
			if math.Abs(x) < math.Abs(y) {
				return -1
			}
			return 1
		}); largest < 0 {
			t.Errorf("axis %d points down along its strongest column: %v", a+1, c.loadings[a])
		}
	}
}

func TestScatterDrawsFewPointsAndOfEverySegment(t *testing.T) {
	const n = 20000
	r := rand.New(rand.NewPCG(5, 6))
	ids, labels, data := make([]string, n), make(table.Labels, n), make([]float64, 0, 2*n)
	for i := range n {
		ids[i] = fmt.Sprint(i)
		if i%1000 == 0 { // 20 customers in the second segment
			labels[i] = 1
		}
		data = append(data, r.NormFloat64(), r.NormFloat64())
	}
	x, err := table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := table.NewSegments(ids, labels, nil)
	f, err := Scatter(x, s)
	if err != nil {
		t.Fatal(err)
	}
	if want := "2,018 of 20,000 customers drawn"; !strings.HasPrefix(f.Note, want) {
		t.Errorf("note %q, want %q: all 20 of the small segment, 1,998 of the other", f.Note, want)
	}
	one, _ := x.Select("a")
	if _, err := Scatter(one, s); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("one column gives error %v", err)
	}
	alike := oneColumn(t, table.Column{Name: "a"}, 1, 1)
	two, _ := table.New(alike.IDs(), []table.Column{{Name: "a"}, {Name: "b"}}, []float64{1, 2, 1, 2})
	if _, err := Scatter(two, segments(t, two, nil, 0, 0)); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("customers all alike give error %v", err)
	}
}

// Two columns are drawn as they are, and long groups side by side are not blamed for lying near each other's centres.
func TestScatterOfTwoColumns(t *testing.T) {
	var data []float64
	labels := make(table.Labels, 60)
	for i := range labels { // two columns of customers, 30 high and 10 apart
		labels[i] = i % 2
		data = append(data, float64(10*(i%2)), float64(i/2))
	}
	ids := make([]string, len(labels))
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	x, err := table.New(ids, []table.Column{{Name: "x", Unit: "km"}, {Name: "y", Unit: "km"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Scatter(x, segments(t, x, []string{"left", "right"}, labels...))
	if err != nil || f.Title != "By x and y, segments hardly mix: 0 % of customers have their nearest neighbour in another" {
		t.Errorf("%q, %v", f.Title, err)
	}
	if p := f.Panels[0][0]; p.X.Label.Text != "x (km)" || p.Y.Label.Text != "y (km)" || !strings.Contains(f.Alt, "left at (0, 14.50). right at (10, 14.50).") {
		t.Errorf("axes %q and %q; %s", p.X.Label.Text, p.Y.Label.Text, f.Alt)
	}
	for i := range labels { // every second customer above another is of the other segment
		labels[i] = i / 2 % 2
	}
	if f, err := Scatter(x, segments(t, x, nil, labels...)); err != nil || !strings.Contains(f.Title, "segments mix: 100 % of customers") {
		t.Errorf("%q, %v", f.Title, err)
	}
}

func TestHistogramCountsEveryValueOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Just(0.0), rapid.Float64Range(0, 1),
			rapid.Map(rapid.IntRange(-20, 20), func(i int) float64 { return float64(i) })), 1, 200).Draw(t, "values")
		slices.Sort(values)
		d := distribution{values: values}
		start, width, counts, below, above := d.bins()
		total := below + above
		for i, n := range counts {
			total += n
			if n > 0 && start+float64(i+1)*width < values[0]-1e-9*width {
				t.Fatalf("bar %d lies left of all values", i)
			}
		}
		if total != len(values) {
			t.Fatalf("%d of %d values counted", total, len(values))
		}
		if len(counts) > 100 || !(width > 0) {
			t.Fatalf("%d bars of width %v", len(counts), width)
		}
	})
}

func TestHugeValuesAreRefusedWithASentence(t *testing.T) {
	wide := oneColumn(t, table.Column{Name: "wide"}, -1.5e308, 0, 1.5e308)
	two, err := wide.With("half", "wide / 2")
	if err != nil {
		t.Fatal(err)
	}
	for want, draw := range map[string]func() (*Figure, error){
		`column "wide" holds values too far apart`: func() (*Figure, error) { return Histograms(wide) },
		"too large to scale":                       func() (*Figure, error) { return Scatter(two, segments(t, two, nil, 0, 0, 1)) },
	} {
		if _, err := draw(); err == nil || !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestBeforeAfterTitleComparesSkewness(t *testing.T) {
	var values []float64
	for i := range 101 {
		values = append(values, math.Exp(float64(i-50)/12)-1e-9)
	}
	x := oneColumn(t, table.Column{Name: "spend"}, values...)
	recipe := segkit.Recipe{Columns: []string{"spend"}, Prep: []prep.Transformer{prep.Log1p{}}, Method: cluster.KMeans{K: 2}}
	f, err := BeforeAfter(x, recipe)
	if err != nil || !strings.HasPrefix(f.Title, "The transforms shorten the tails: skewness falls from ") {
		t.Errorf("title %q, error %v", f.Title, err)
	}
	recipe.Prep = []prep.Transformer{prep.Standardize{}}
	f, err = BeforeAfter(x, recipe)
	if err != nil || !strings.HasPrefix(f.Title, "The transforms leave the shape as it is") {
		t.Errorf("title %q, error %v", f.Title, err)
	}
}

func TestDailyRevenueFillsDaysAndFindsTheBusiestWeek(t *testing.T) {
	d := days(59)
	d[20].Revenue = 100_000
	f, err := DailyRevenue(d)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(f.Title, "Busiest week: ") || !strings.Contains(f.Title, "times the median week") {
		t.Errorf("title %q", f.Title)
	}
	if !strings.Contains(f.Note, "59 days") || !strings.Contains(f.Note, "No orders on any Saturday") {
		t.Errorf("note %q: in 59 days the Saturdays have no orders", f.Note)
	}
	filled := everyDay(d)
	var sum, want float64
	for i, day := range filled {
		sum += day.Revenue
		if i > 0 && day.Date.Sub(filled[i-1].Date).Hours() != 24 {
			t.Fatalf("from %v to %v is not a day", filled[i-1].Date, day.Date)
		}
	}
	for _, day := range d {
		want += day.Revenue
	}
	if sum != want {
		t.Errorf("filled days hold %v of %v", sum, want)
	}
	if _, err := DailyRevenue(dailies(nil)); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no orders give error %v", err)
	}
}

func TestThinKeepsTheEndsAndTheShape(t *testing.T) {
	var points plotter.XYs
	for i := range 100_000 {
		x := float64(i) / 99_999
		points = append(points, plotter.XY{X: x, Y: math.Sqrt(x)})
	}
	got := thin(points)
	if len(got) > 1000 || got[0] != points[0] || got[len(got)-1] != points[len(points)-1] {
		t.Fatalf("%d points from %v to %v", len(got), got[0], got[len(got)-1])
	}
	for i := 1; i < len(got); i++ {
		if got[i].Y-got[i-1].Y > 0.01 {
			t.Fatalf("a gap from %v to %v", got[i-1], got[i])
		}
	}
}
