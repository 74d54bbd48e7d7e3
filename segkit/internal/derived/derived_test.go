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
