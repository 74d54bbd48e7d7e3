package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// buyers is a made-up summary of customers who order at paces of their own and leave at times of their own, with a hold-out, and the segments of those with one order, a few, and many.
func buyers(t testing.TB, n int) (*value.Summary, *table.Segments) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	s := &value.Summary{Unit: value.Week, Currency: "EUR", Later: &value.Later{Days: 182, Orders: make([]int, n), Spend: make([]float64, n), Before: make([]int, n)}}
	labels := make(table.Labels, n)
	for i := range n {
		age, pace, gone, typical := 52-26*r.Float64(), .25*r.ExpFloat64()*r.ExpFloat64(), 80*r.ExpFloat64(), 20+60*r.Float64()
		x, last, money := 0, 0.0, 0.0
		for at := r.ExpFloat64() / pace; at < min(age+26, gone); at += r.ExpFloat64() / pace {
			switch {
			case at > age:
				s.Later.Orders[i]++
			default:
				if at > age-26 {
					s.Later.Before[i]++
				}
				x, last, money = x+1, at, money+typical*math.Exp(.3*r.NormFloat64())
			}
		}
		s.IDs, s.Repeats, s.Last, s.Age = append(s.IDs, fmt.Sprint("c", i)), append(s.Repeats, x), append(s.Last, last), append(s.Age, age)
		s.Spend = append(s.Spend, money/float64(x))
		labels[i] = min(2, (x+3)/4)
	}
	segments, err := table.NewSegments(s.IDs, labels, []string{"Ordered once", "Ordered two to five times", "Frequent"})
	if err != nil {
		t.Fatal(err)
	}
	return s, segments
}

func addValue(t testing.TB, add func(name string) func(*Figure, error)) {
	s, segments := buyers(t, 600)
	buying, err := value.MBGNBD{}.Fit(s)
	sure(t, err)
	spend, err := value.GammaGamma{}.Fit(s)
	sure(t, err)
	ahead, err := buying.Forecast(s, value.Horizon{Days: 182, Spend: spend, Draws: 60})
	sure(t, err)
	worth, err := ahead.By(segments)
	sure(t, err)
	proof, err := buying.Holdout(s)
	sure(t, err)
	add("alive")(Alive(buying, s))
	add("repeat-orders")(RepeatOrders(proof))
	add("value-risk")(ValueRisk(worth))
	add("survival")(Survival(madeSurvival(t)))
}

// A title says exactly as many only where the numbers in it are the same.
func TestRepeatOrdersAreExactlyAsManyOrNot(t *testing.T) {
	for forecast, want := range map[float64]string{26884.3: "exactly as many", 26824: "0.2 % too few", 26890: "nearly as many", 28000: "4 % too many"} {
		h := &value.Holdout{Model: "M", Actual: 26884, AsLastTime: 26888}
		h.Orders.Mean = forecast
		if title := repeatTitle(h); !strings.Contains(title, "orders, and 26,884 came: "+want+"; repeating last time would be nearly as many") {
			t.Errorf("%v: %s", forecast, title)
		}
	}
}

// madeSurvival is two plans of made-up customers, of whom those of one leave twice as readily.
func madeSurvival(t testing.TB) *value.Survival {
	t.Helper()
	r := rand.New(rand.NewPCG(8, 9))
	ids, labels := make([]string, 160), make(table.Labels, 160)
	var data []float64
	for i := range ids {
		ids[i], labels[i] = fmt.Sprint("c", i), i%2
		stay, followed := r.ExpFloat64()*float64(30-15*(i%2)), 12+24*r.Float64()
		left := 0.0
		if stay < followed {
			left = 1
		}
		data = append(data, math.Ceil(min(stay, followed)), left)
	}
	rows, err := table.New(ids, []table.Column{{Name: "months", Unit: "months"}, {Name: "left"}}, data)
	sure(t, err)
	plans, err := table.NewSegments(ids, labels, []string{"Yearly plan", "Monthly plan"})
	sure(t, err)
	s, err := value.SurvivalOf(rows, "months", "left", plans)
	sure(t, err)
	return s
}

// Titles of value say the finding, and what cannot be drawn is a sentence.
func TestTitlesOfValue(t *testing.T) {
	figures := map[string]*Figure{}
	addValue(t, func(name string) func(*Figure, error) {
		return func(f *Figure, err error) { sure(t, err); figures[name] = f }
	})
	for name, words := range map[string][]string{"alive": {"of silence", "2 repeat days"}, "repeat-orders": {"MBG/NBD forecast", "repeating last time would be"}, "value-risk": {"Most is at risk in ", " EUR in 182 days, "}, "survival": {"Segments differ", "log-rank"}} {
		for _, w := range words {
			if !strings.Contains(figures[name].Title, w) {
				t.Errorf("%s: %q lacks %q", name, figures[name].Title, w)
			}
		}
	}
	if _, err := ValueRisk(&value.Worth{Segments: []value.SegmentWorth{{Segment: "A", Customers: 3}}}); err == nil || !strings.Contains(err.Error(), "nothing is at risk") {
		t.Error(err)
	}
	if _, err := Alive(&value.Buying{}, &value.Summary{}); err == nil {
		t.Error("nobody is drawn")
	}
}

func sure(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTitlesOfValueAtRisk(t *testing.T) {
	of := func(name string, n int, silent, risk float64) value.SegmentWorth {
		return value.SegmentWorth{Segment: name, Customers: n, Silent: silent, AtRisk: risk, Value: value.Range{Mean: 10}, Orders: value.Range{Mean: 2}}
	}
	few, many := of("few", 1, .25, 1500), of("many", 30, .5, 500)
	titled(t, "Most is at risk in “few”: 1,500 EUR in 90 days, 75 % of the total; 25 % of its customers are expected not to order")(
		ValueRisk(&value.Worth{Days: 90, Money: true, Currency: "EUR", Segments: []value.SegmentWorth{many, few}}))
	titled(t, "Most is at risk in “few”: 1,500 orders in 1 day; 25 % of its customers are expected not to order")(
		ValueRisk(&value.Worth{Days: 1, Segments: []value.SegmentWorth{few, of("nobody", 0, 0, 0)}}))
}

func TestSurvivalCountsWhoIsLeftOut(t *testing.T) {
	s := madeSurvival(t)
	for left, says := range []string{"95 % intervals.", "1 customer is left out.", "2 customers are left out."} {
		s.LeftOut = left
		if fig, err := Survival(s); err != nil || !strings.HasSuffix(fig.Note, says) {
			t.Errorf("%q does not end in %q (%v)", fig.Note, says, err)
		}
	}
}
