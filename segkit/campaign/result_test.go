package campaign

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// after makes what the customers of a manifest did afterwards: they spend in proportion to before and by chance, and effect(segment, offered) is added.
func after(t testing.TB, m *Manifest, random int, effect func(segment int, r *rand.Rand) float64) *table.Table {
	t.Helper()
	r := seed.Stream(random, "after", 0)
	var ids []string
	var data []float64
	for _, a := range m.Drawn {
		spend := 0.0
		if r.Float64() < .25+.3*a.Response {
			spend = .5*a.Revenue + math.Exp(2.5+.8*r.NormFloat64())
		}
		extra := effect(a.Segment, r)
		if a.Arm == Offered {
			spend += extra
		}
		active := 0.0
		if spend > 0 {
			active = 1
		}
		ids, data = append(ids, a.Customer), append(data, active, spend)
	}
	return trial.Sure(table.New(ids, []table.Column{{Name: "active"}, {Name: "spend", Unit: "EUR"}}, data))
}

func nothing(int, *rand.Rand) float64 { return 0 }

// Fisher's exact test on the examples of R's help page of fisher.test, with the two-sided p that it prints: the lady tasting tea, 3 and 1 of 4, p = 0.4857; convictions, c(2, 10, 15, 3), p = 0.0005367.
func TestFisherAsInR(t *testing.T) {
	trial.Nearly(t, "tea", unlike(3, 4, 1, 4), .4857143, 1e-6)
	trial.Nearly(t, "convictions", unlike(2, 12, 15, 18), 0.0005367, 1e-3)
	if p := unlike(0, 50, 0, 50); p != 1 {
		t.Errorf("nobody in either arm: p = %g", p)
	}
}

// Newcombe 1998, table II, example (a): 56/70 and 48/80 by method 10 give 0.0524 to 0.3339.
func TestNewcombe(t *testing.T) {
	low, high := newcombe(56./70, 70, 48./80, 80)
	if math.Abs(low-.0524) > 5e-5 || math.Abs(high-.3339) > 5e-5 {
		t.Errorf("%.4f to %.4f", low, high)
	}
}

// Without what customers did before, an effect is Welch's: on the sleep data, R's help page of t.test prints t = -1.8608, df = 17.776, p = 0.07939, -3.3654832 to 0.2054832.
func TestPlainEffectIsWelchs(t *testing.T) {
	one := arm{y: []float64{.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2}}
	two := arm{y: []float64{1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4}}
	e := estimate(one, two, false)
	trial.Nearly(t, "low", e.Low, -3.3654832, 1e-6)
	trial.Nearly(t, "high", e.High, .2054832, 1e-6)
	trial.Nearly(t, "p", e.P, .07939, 1e-3)
	trial.Nearly(t, "df", e.degrees, 17.776, 1e-4)
}

// The adjusted effect and its error, against the regression with interactions and the HC2 sandwich written out with matrices: y on 1, arm, x - mean, arm (x - mean).
func TestAdjustedEffectIsLins(t *testing.T) {
	r := seed.Stream(1, "lin", 0)
	var a, b arm
	for i := range 150 {
		x := math.Exp(r.NormFloat64())
		y := 1 + x + r.NormFloat64()*x
		if i%3 > 0 {
			a.x, a.y = append(a.x, x), append(a.y, y+2+.5*x)
		} else {
			b.x, b.y = append(b.x, x), append(b.y, y)
		}
	}
	e := estimate(a, b, false)
	center := (sum(a.x) + sum(b.x)) / 150
	var rows [][]float64
	var ys []float64
	for _, in := range []struct {
		arm
		d float64
	}{{a, 1}, {b, 0}} {
		for i, x := range in.x {
			rows, ys = append(rows, []float64{1, in.d, x - center, in.d * (x - center)}), append(ys, in.y[i])
		}
	}
	beta, variance := hc2(rows, ys)
	trial.Nearly(t, "effect", e.Value, beta[1], 1e-10)
	trial.Nearly(t, "standard error", e.SE, math.Sqrt(variance[1][1]), 1e-10)
	if !e.Adjusted {
		t.Error("not adjusted")
	}
	if few := estimate(arm{a.y[:29], a.x[:29]}, b, false); few.Adjusted || few.Value != few.Raw {
		t.Error("29 customers in an arm were adjusted")
	}
}

// Eight schools (Rubin 1981; Gelman et al. 2013, section 5.5): effects 28, 8, -3, 7, -1, 1, 18, 12 with standard errors 15, 10, 16, 11, 9, 11, 10, 18. Pooled estimate 7.7 (standard error 4.1), by weights
// 1/s^2, and far from any sign that the schools differ. Shrunk effects lie between the pooled estimate and their own, and shrink the more the larger their error.
func TestEightSchools(t *testing.T) {
	effects := make([]Effect, 8)
	for l, v := range []float64{28, 8, -3, 7, -1, 1, 18, 12} {
		effects[l] = Effect{Value: v, SE: []float64{15, 10, 16, 11, 9, 11, 10, 18}[l]}
	}
	var values, errors []float64
	for _, e := range effects {
		values, errors = append(values, e.Value), append(errors, e.SE)
	}
	for l, g := range drawn(values, errors) {
		effects[l].Shrunk, effects[l].ShrunkLow, effects[l].ShrunkHigh = g.mean, g.low, g.high
	}
	var weight, weighted float64
	for _, e := range effects {
		weight += 1 / e.SE / e.SE
		weighted += e.Value / e.SE / e.SE
	}
	if pooled := weighted / weight; math.Abs(pooled-7.7) > .05 || math.Abs(math.Sqrt(1/weight)-4.1) > .05 {
		t.Fatalf("pooled %g, error %g", pooled, math.Sqrt(1/weight))
	}
	q, p := heterogeneity(effects)
	if q > 7 || p < .5 { // seven degrees of freedom
		t.Errorf("Q %g, p %g", q, p)
	}
	for _, e := range effects {
		low, high := min(e.Value, 7.7)-.5, max(e.Value, 7.7)+.5
		if e.Shrunk < low || e.Shrunk > high || e.ShrunkHigh-e.ShrunkLow >= 2*1.96*e.SE {
			t.Errorf("%+v", e)
		}
	}
	// Gelman et al. find posterior medians from 5 to 10 with a uniform prior; this one shrinks about as much.
	if a, g := effects[0].Shrunk, effects[4].Shrunk; a < 9 || a > 14 || g < 3 || g > 7 {
		t.Errorf("school A %g, school E %g", a, g)
	}
}

// Holm 1979: .01, .04, .03 and .005 become .03, .06, .06 and .02 (p.adjust of R).
func TestHolm(t *testing.T) {
	effects := []Effect{{P: .01}, {P: .04}, {P: .03}, {P: .005}, {P: math.NaN(), Corrected: math.NaN()}}
	correct(effects)
	for l, want := range []float64{.03, .06, .06, .02} {
		trial.Nearly(t, "corrected", effects[l].Corrected, want, 1e-12)
	}
	if !math.IsNaN(effects[4].Corrected) {
		t.Error("of nothing")
	}
}

// What a test finds: a segment in which 12 EUR were planted, three in which nothing was.
func TestReadFindsWhatWasPlanted(t *testing.T) {
	earlier, s := people(t, 4000, 4, .3, 1)
	m := trial.Sure(voucher.Draw(earlier, s))
	outcome := after(t, m, 2, func(segment int, r *rand.Rand) float64 {
		if m.Segments[segment] == "Rarely" {
			return 12
		}
		return 0
	})
	r := trial.Sure(m.Read(outcome))
	for _, e := range r.Revenue.Segments {
		truth := map[bool]float64{true: 12}[e.Segment == "Rarely"]
		if e.Low > truth || e.High < truth || e.Shown(.05) != (truth > 0) || !e.Adjusted {
			t.Errorf("%+v", e)
		}
		if math.Abs(e.Shrunk-r.Revenue.Total.Value) > math.Abs(e.Value-r.Revenue.Total.Value) {
			t.Errorf("shrunk away from the mean: %+v", e)
		}
	}
	if !r.Revenue.Differ() || len(r.Pays()) > 1 {
		t.Errorf("p %g, pays in %v", r.Revenue.P, r.Pays())
	}
	// all get 5 EUR when they order: in the segment where 12 EUR make everybody order, .4 x 12 - .5 - 5 is a loss
	for l, e := range r.Return.Segments {
		want := .4*r.Revenue.Segments[l].MeanOffered - .5 - 5*r.Response.Segments[l].MeanOffered
		trial.Nearly(t, "return of who was offered", e.MeanOffered, want, 1e-9)
	}
	if says := r.says(1); says != "an effect is shown, but not that it pays" {
		t.Errorf("of a planted effect: %q", says)
	}
	if says := r.says(0); says != "no effect shown; it costs more than it brings" {
		t.Errorf("of none: %q", says)
	}
	if text := r.Sheet().Text() + r.Revenue.Sheet().Text(); strings.Contains(text, "NaN") {
		t.Error(text)
	}
}

// All who were drawn are compared: whether they opened the offer is not even looked at, and leaving out those who did not is refused.
func TestIntentionToTreat(t *testing.T) {
	earlier, s := people(t, 2000, 2, .3, 1)
	m := trial.Sure(voucher.Draw(earlier, s))
	outcome := after(t, m, 2, nothing)
	opened := func(i int) bool { return i%3 > 0 }
	var rows []int
	flags := make([]float64, outcome.Len())
	for i, a := range m.Drawn {
		if opened(i) {
			flags[i] = 1
		}
		if a.Arm == HeldOut || opened(i) {
			rows = append(rows, i)
		}
	}
	with := trial.Sure(outcome.Join(trial.Sure(table.New(outcome.IDs(), []table.Column{{Name: "opened"}}, flags))))
	plain, told := trial.Sure(m.Read(outcome)), trial.Sure(m.Read(with))
	if plain.Revenue.Total.Value != told.Revenue.Total.Value || plain.Response.Total.P != told.Response.Total.P {
		t.Error("a column of who opened the offer changes the result")
	}
	_, err := m.Read(outcome.Rows(rows))
	if err == nil || !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "in all segments, 66") || !strings.Contains(err.Error(), "did not open the offer") {
		t.Error(err)
	}
	// the same in one segment only: it is that one which is named
	rows = rows[:0]
	for i, a := range m.Drawn {
		if a.Arm == HeldOut || a.Segment == 0 || i%25 != 0 {
			rows = append(rows, i)
		}
	}
	if _, err = m.Read(outcome.Rows(rows)); err == nil || !strings.Contains(err.Error(), "of ") {
		t.Error(err)
	}
	// customers lost by accident, as many in either arm, leave a result with a note
	rows = rows[:0]
	for i := range m.Drawn {
		if i%17 > 0 {
			rows = append(rows, i)
		}
	}
	r := trial.Sure(m.Read(outcome.Rows(rows)))
	if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "118 customers of the manifest without an outcome") {
		t.Error(r.Notes)
	}
}

func TestReadWhatCannotBeRead(t *testing.T) {
	earlier, s := people(t, 400, 2, .3, 1)
	m := trial.Sure(voucher.Draw(earlier, s))
	outcome := after(t, m, 2, nothing)
	if _, err := m.Read(nil); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if _, err := (*Manifest)(nil).Read(outcome); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	others := trial.Sure(table.New([]string{"x", "y"}, outcome.Columns(), make([]float64, 4)))
	if _, err := m.Read(others); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "none of the 400 customers") {
		t.Error(err)
	}
	if _, err := m.Read(trial.Sure(outcome.Select("active"))); !errors.Is(err, fault.ErrMissingColumn) {
		t.Error(err)
	}
	if (*Result)(nil).Pays() != nil {
		t.Error("nothing pays in nothing")
	}
}

// Money below zero counts as it is, and is told.
func TestNegativeMoneyIsTold(t *testing.T) {
	earlier, s := people(t, 400, 2, .3, 1)
	m := trial.Sure(voucher.Draw(earlier, s))
	outcome := after(t, m, 2, nothing)
	data := outcome.Dense().RawMatrix().Data
	data[1], data[3] = -40, -2
	r := trial.Sure(m.Read(outcome.WithData(outcome.Columns(), data)))
	if !strings.Contains(strings.Join(r.Notes, " "), "2 customers got back more than they paid") {
		t.Error(r.Notes)
	}
}

// A segment of three customers gives no interval and no part in the total; of nobody who spends, no effect is invented.
func TestTooFewToCompare(t *testing.T) {
	earlier, s := people(t, 403, 1, .3, 1)
	s.Names = append(s.Names, "VIP")
	for i := range 3 {
		s.Labels[i] = 1
	}
	m := trial.Sure(voucher.Draw(earlier, s))
	r := trial.Sure(m.Read(after(t, m, 2, nothing)))
	if e := r.Revenue.Segments[1]; !math.IsNaN(e.Low) || !math.IsNaN(e.P) {
		t.Errorf("%+v", e)
	}
	if text := r.Sheet().Text(); !strings.Contains(text, `"VIP" (1 and 2 customers)`) || strings.Contains(text, "NaN") {
		t.Error(text)
	}
	none := trial.Sure(table.New(earlier.IDs(), earlier.Columns(), make([]float64, 2*403)))
	if r = trial.Sure(m.Read(none)); !math.IsNaN(r.Revenue.Total.SE) || r.Response.Segments[0].P != 1 {
		t.Errorf("%+v", r.Revenue.Total)
	}
}

// What pays over all segments, and in none on its own, is said to do both.
func TestFindingSaysWhatPaysOverAllSegments(t *testing.T) {
	effects := func(one, all float64) *Effects {
		return &Effects{Measure: "return", P: math.NaN(), Test: voucher, Segments: []Effect{{Segment: "Often", Value: 5, SE: 2, Corrected: one}}, Total: Effect{Segment: "all segments", Value: 5, SE: 2, Corrected: all}}
	}
	test := trial.Sure(voucher.checked())
	for want, back := range map[string]*Effects{"It pays in \"Often\"": effects(.01, .01), "It is shown to pay over all segments, but in none of them on its own": effects(.2, .01), "In no segment is it shown to pay": effects(.2, .2)} {
		main := effects(.2, .2)
		main.Measure, main.Test = "revenue", test
		r := &Result{Test: test, Revenue: main, Return: back}
		if said := r.finding(); !strings.HasSuffix(said, want) {
			t.Errorf("%q, want %q", said, want)
		}
	}
}

// A test has as many segments as there are offers: its tables are read whole, down to the row of all segments.
func TestTablesOfManySegmentsEndWithAllOfThem(t *testing.T) {
	earlier, s := people(t, 1400, 1, .5, 3)
	for i := range s.Labels {
		s.Labels[i] = i % 14
	}
	s.Names = wording.Numbered(14)
	m := trial.Sure(voucher.Draw(earlier, s))
	later, _ := people(t, 1400, 1, .5, 4)
	r := trial.Sure(m.Read(later))
	for name, page := range map[string]sheet.Sheet{"size": trial.Sure(voucher.Size(earlier, s)).Sheet(), "result": r.Sheet(), "revenue": r.Revenue.Sheet()} {
		if rows := page.Clip().Rows; len(rows) != 15 || rows[14][0] != "all segments" {
			t.Errorf("%s: %d rows, and the last is %q", name, len(rows), rows[len(rows)-1])
		}
	}
	if rows := m.Sheet().Clip().Rows; len(rows) != 14 {
		t.Errorf("the manifest shows %d segments", len(rows))
	}
}
