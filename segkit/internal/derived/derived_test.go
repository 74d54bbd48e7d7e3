package derived

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// made returns 300 customers with independent columns, and columns made from them.
func made(n int) (map[string]Column, []string) {
	r := rand.New(rand.NewPCG(7, 8))
	columns, names := map[string]Column{}, []string(nil)
	add := func(name string, category bool, value func(i int) float64) {
		values := make([]float64, n)
		for i := range values {
			values[i] = value(i)
		}
		columns[name], names = Column{name, category, func(i int) float64 { return values[i] }}, append(names, name)
	}
	of := func(name string) func(i int) float64 { return func(i int) float64 { return columns[name].At(i) } }
	a, b := of("online"), of("offline")
	add("online", false, func(int) float64 { return float64(r.IntN(40)) })
	add("offline", false, func(int) float64 { return float64(r.IntN(40)) })
	add("orders", false, func(i int) float64 { return a(i) + b(i) })
	add("basket", false, func(int) float64 { return math.Round(100*(20+30*r.ExpFloat64())) / 100 })
	add("spend", false, func(i int) float64 { return math.Round(100*(1+of("orders")(i))*of("basket")(i)) / 100 })
	add("days", false, func(i int) float64 { return 1 + of("orders")(i) })
	add("gross", false, func(i int) float64 { return math.Round(100*1.19*of("spend")(i)) / 100 })
	add("log_spend", false, func(i int) float64 { return math.Log(of("spend")(i)) })
	add("band", true, func(i int) float64 { return []float64{4, 2, 0, 1, 3}[min(4, int(of("spend")(i)/500))] })
	add("heavy", false, func(i int) float64 { return float64(int(of("spend")(i)) / 3000) })
	add("region", true, func(int) float64 { return float64(r.IntN(12)) })
	add("country", true, func(i int) float64 { return float64(int(of("region")(i)) % 5) })
	add("age", false, func(int) float64 { return float64(18 + r.IntN(60)) })
	add("rare", false, func(i int) float64 {
		if i == 17 {
			return 1
		}
		return 0
	})
	add("rare_too", false, of("rare"))
	add("missing", false, func(i int) float64 {
		if i%3 == 0 {
			return math.NaN()
		}
		return -of("age")(i)
	})
	return columns, names
}

// Whatever formed something: columns made from it, or from which it was made, are found, and others are not.
func TestTies(t *testing.T) {
	columns, names := made(300)
	for _, c := range []struct{ formed, want []string }{
		{[]string{"orders"}, []string{"online", "offline", "days"}},
		{[]string{"online"}, []string{"orders", "days"}}, // which hold it; offline does not
		{[]string{"online", "orders"}, []string{"offline", "days"}},
		{[]string{"spend"}, []string{"orders", "basket", "days", "gross", "log_spend", "band"}}, // days times basket, and orders are days less 1
		{[]string{"log_spend"}, []string{"spend", "gross", "band"}},
		{[]string{"band"}, []string{"spend", "gross", "log_spend"}},
		{[]string{"region"}, []string{"country"}},
		{[]string{"country"}, []string{"region"}},
		{[]string{"basket"}, []string{"spend", "gross", "log_spend", "band"}}, // days times basket, and what is made from it
		{[]string{"age"}, []string{"missing"}},
		{[]string{"rare"}, nil},  // one customer of 300: may be chance
		{[]string{"heavy"}, nil}, // three values in the order of spend: customers who spend much may be others
	} {
		var list []Column
		formed := make([]bool, len(names))
		for at, name := range names {
			list = append(list, columns[name])
			for _, f := range c.formed {
				formed[at] = formed[at] || f == name
			}
		}
		var got []string
		for at, of := range Ties(300, list, formed) {
			if of != nil {
				got = append(got, names[at])
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("formed by %v: %v, want %v", c.formed, got, c.want)
		}
	}
}

// tied says of each column whether its values are tied to those of the first, which formed something.
func tied(n int, columns ...func(i int) float64) string {
	list, formed := make([]Column, len(columns)), make([]bool, len(columns))
	for c, at := range columns {
		list[c] = Column{Name: fmt.Sprint(c), At: at}
	}
	formed[0] = true
	return says(n, list, formed)
}

func says(n int, columns []Column, formed []bool) (out string) {
	for c, of := range Ties(n, columns, formed)[1:] {
		out += map[bool]string{true: "t", false: "f"}[of != nil]
		if of != nil && of[0] != columns[0].Name {
			out += columns[c+1].Name + " by " + of[0]
		}
	}
	return out
}

// Small cases whose answers are plain, most of them by what one customer does.
func TestTiesOfSmallTables(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	x, y, z := make([]float64, 200), make([]float64, 200), make([]float64, 200)
	for i := range x {
		x[i], y[i], z[i] = float64(r.IntN(60)), r.NormFloat64(), r.ExpFloat64()
	}
	cost := func(i int) float64 { return 3*z[i] + .1*y[i] } // rises with revenue, and with profit
	revenue := func(i int) float64 { return 5*z[i] + .1*x[i] }
	for _, c := range []struct {
		what    string
		n       int
		columns []func(i int) float64
		want    string
	}{
		{"the square of a number that is never below 0, and minus its cube", 200, []func(int) float64{
			func(i int) float64 { return x[i] }, func(i int) float64 { return x[i] * x[i] }, func(i int) float64 { return -x[i] * x[i] * x[i] }}, "tt"},
		{"in order but for one customer", 200, []func(int) float64{
			func(i int) float64 { return x[i] }, func(i int) float64 { return x[i]*x[i] + map[bool]float64{i == 150: -5000}[true] }}, "f"},
		{"in order, but some with the same value differ, and some with different ones do not", 200, []func(int) float64{
			func(i int) float64 { return x[i] }, func(i int) float64 { return math.Floor(x[i]/3) + map[bool]float64{x[i] == 0: -1 - z[i]}[true] }}, "f"},
		{"the same, falling", 200, []func(int) float64{
			func(i int) float64 { return x[i] }, func(i int) float64 { return -math.Floor(x[i]/3) + map[bool]float64{x[i] == 0: 1 + z[i]}[true] }}, "f"},
		{"the same but for the last digit", 200, []func(int) float64{
			func(i int) float64 { return math.Floor(x[i] / 20) }, func(i int) float64 { return math.Exp(math.Floor(x[i]/20)) * (1 + 1e-15*float64(i%3)) }}, "t"},
		{"constants, one of them but for rounding", 200, []func(int) float64{
			func(i int) float64 { return y[i] }, func(int) float64 { return 0 }, func(i int) float64 { return 1e6 * (1 + 1e-15*y[i]) }}, "ff"},
		{"what is left of revenue after cost holds no cost", 200, []func(int) float64{
			func(i int) float64 { return revenue(i) - cost(i) }, revenue, cost}, "tf"},
		{"and revenue holds both", 200, []func(int) float64{revenue, func(i int) float64 { return revenue(i) - cost(i) }, cost}, "tt"},
		{"too few customers", 9, []func(int) float64{func(i int) float64 { return y[i] }, func(i int) float64 { return 2 * y[i] }}, "f"},
		{"enough", 20, []func(int) float64{func(i int) float64 { return y[i] }, func(i int) float64 { return 2 * y[i] }}, "t"},
		{"a share of a count that may be 0 is no product", 200, []func(int) float64{
			func(i int) float64 { return float64(i%4) * (1 + z[i]) }, func(i int) float64 { return float64(i % 4) }, func(i int) float64 { return 1 + z[i] }}, "ff"},
		{"a share of a share", 200, []func(int) float64{
			func(i int) float64 { return math.Exp(-z[i]) / (2 + x[i]) }, func(i int) float64 { return math.Exp(-z[i]) }, func(i int) float64 { return 1 / (2 + x[i]) }}, "tt"},
		{"the first 150 customers are not known", 200, []func(int) float64{
			func(i int) float64 { return x[i] }, func(i int) float64 { return []float64{math.NaN(), 3 * x[i] * x[i]}[i/150] }}, "t"},
		{"of the first 150 only one column is known", 200, []func(int) float64{
			func(i int) float64 { return x[i] }, func(i int) float64 { return []float64{math.NaN(), 3*y[i] + x[i]}[i/150] }}, "f"},
	} {
		if got := tied(c.n, c.columns...); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// The numbers of levels are no numbers.
func TestLevelsAddNothingUp(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	level, y := make([]float64, 200), make([]float64, 200)
	for i := range level {
		level[i], y[i] = float64(r.IntN(6)), r.NormFloat64()
	}
	columns := []Column{{Name: "sum", At: func(i int) float64 { return level[i] + y[i] }}, {Name: "level", Category: true, At: func(i int) float64 { return level[i] }},
		{Name: "rest", At: func(i int) float64 { return y[i] }}}
	if got := says(200, columns, []bool{true, false, false}); got != "ff" {
		t.Error(got)
	}
}

// Bands of two customers each may be chance where there are ten, whose 20 customers can be dealt out in so many ways, and are none where there are twenty.
func TestBandsOfFewCustomers(t *testing.T) {
	number := Column{Name: "number", At: func(i int) float64 { return float64(i * i) }}
	pairs := Column{Name: "pairs", Category: true, At: func(i int) float64 { return float64(i / 2 * 7 % 23) }}
	uneven := Column{Name: "uneven", Category: true, At: func(i int) float64 { return float64(i / 2 * 7 % 19 % 17) }} // the eighteenth band is the first again
	apart := Column{Name: "apart", Category: true, At: func(i int) float64 { return float64((i + 1) / 2 % 20) }}
	twins := Column{Name: "twins", At: func(i int) float64 { return float64(i / 2) }}
	formed := []bool{true, false}
	for _, c := range []struct {
		n       int
		columns []Column
		want    string
	}{
		{20, []Column{number, pairs}, "f"},
		{40, []Column{number, pairs}, "t"},
		{40, []Column{number, uneven}, "f"},
		{40, []Column{twins, pairs}, "t"},
		{40, []Column{twins, apart}, "f"}, // two customers with one number are in different bands
	} {
		if got := says(c.n, c.columns, formed); got != c.want {
			t.Errorf("%d customers, %s: %s, want %s", c.n, c.columns[1].Name, got, c.want)
		}
	}
}
