package datasets

// Small made-up sets whose groups are known, one for each way in which data can be hard for a method.

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/segkit/lab/segkit/table"
)

// truth is the last column of every made-up set: the group that a row was drawn from. As an outcome it judges segments and
// never forms them.
const truth = "truth"

// A draw makes one row: the group it belongs to and its values.
type draw func(r *rand.Rand, i int) (group int, values []float64)

type madeUp struct {
	rows    int
	columns []table.Column
	groups  []string // names of the truth
	draw    draw
}

var madeSets = map[string]madeUp{
	"blobs": {600, numbers("x", "y"), []string{"a", "b", "c", "d"}, func(r *rand.Rand, i int) (int, []float64) {
		centre := [][2]float64{{0, 0}, {6, 0}, {0, 6}, {6, 6}}[i%4]
		return i % 4, []float64{centre[0] + r.NormFloat64(), centre[1] + r.NormFloat64()}
	}},
	"cloud": {600, numbers("x", "y"), []string{"all"}, func(r *rand.Rand, _ int) (int, []float64) {
		x := r.NormFloat64()
		return 0, []float64{x, float64(.8*x) + float64(.6*r.NormFloat64())}
	}},
	"stretched": {600, numbers("x", "y"), []string{"a", "b", "c"}, func(r *rand.Rand, i int) (int, []float64) {
		along, across := 4*r.NormFloat64(), .5*r.NormFloat64()
		return i % 3, []float64{along + across, along - across + 4*float64(i%3)}
	}},
	"moons": {600, numbers("x", "y"), []string{"upper", "lower"}, func(r *rand.Rand, i int) (int, []float64) {
		angle := math.Pi * r.Float64()
		x, y := math.Cos(angle), math.Sin(angle)
		if i%2 == 1 {
			x, y = 1-x, .5-y
		}
		return i % 2, []float64{x + float64(.06*r.NormFloat64()), y + float64(.06*r.NormFloat64())}
	}},
	"noisy": {600, numbers("x", "y"), []string{"a", "b", "c", "noise"}, func(r *rand.Rand, i int) (int, []float64) {
		if i%6 == 5 {
			return 3, []float64{-4 + float64(14*r.Float64()), -4 + float64(14*r.Float64())}
		}
		centre := [][2]float64{{0, 0}, {6, 0}, {3, 6}}[i%3]
		return i % 3, []float64{centre[0] + float64(.6*r.NormFloat64()), centre[1] + float64(.6*r.NormFloat64())}
	}},
	// Three groups that differ by factors: on the scale of the file the few great ones are all that distance sees.
	"spenders": {600, []table.Column{
		{Name: "visits", Unit: "per year", High: "frequent", Low: "rare"},
		{Name: "spend", Unit: "EUR", High: "high-value", Low: "low-value"},
	}, []string{"occasional", "regular", "wholesale"}, func(r *rand.Rand, i int) (int, []float64) {
		centre := [][2]float64{{1, 4}, {3, 4.8}, {2.2, 7.6}}[i%3]
		return i % 3, []float64{math.Ceil(math.Exp(centre[0] + float64(.35*r.NormFloat64()))), math.Exp(centre[1] + float64(.6*r.NormFloat64()))}
	}},
	"answers": {900, yesNo("cheap", "quick", "near", "tasty", "fresh", "healthy", "stylish", "quiet"),
		[]string{"price", "taste", "place"}, func(r *rand.Rand, i int) (int, []float64) {
			chance := [][]float64{{.9, .85, .6, .3, .2, .15, .1, .2}, {.3, .3, .4, .9, .85, .7, .4, .4}, {.2, .4, .8, .6, .4, .3, .85, .8}}[i%3]
			row := make([]float64, len(chance))
			for j, p := range chance {
				switch {
				case r.Float64() < .03:
					row[j] = math.NaN() // no answer
				case r.Float64() < p:
					row[j] = 1
				}
			}
			return i % 3, row
		}},
	"mixed": {600, []table.Column{
		{Name: "age", Unit: "years", High: "older", Low: "younger"},
		{Name: "income", Unit: "EUR per month", High: "well-off", Low: "modest"},
		{Name: "housing", Levels: []string{"flat", "house", "shared"}},
		{Name: "pays", Levels: []string{"card", "cash", "invoice", "phone"}},
	}, []string{"students", "families", "retired"}, func(r *rand.Rand, i int) (int, []float64) {
		g := i % 3
		centre := [][2]float64{{24, 1100}, {42, 4200}, {68, 2300}}[g]
		row := []float64{math.Round(centre[0] + float64(5*r.NormFloat64())), math.Round(centre[1] * math.Exp(.3*r.NormFloat64())),
			float64([]int{2, 1, 0}[g]), float64([]int{3, 0, 1}[g])}
		for j, levels := range []int{3, 4} {
			if r.Float64() < .3 {
				row[2+j] = float64(r.IntN(levels))
			}
		}
		for j := range row {
			if r.Float64() < .02 {
				row[j] = math.NaN()
			}
		}
		return g, row
	}},
}

// made draws the named set, always the same, with three decimals.
func made(name string) (*table.Table, error) {
	set := madeSets[name]
	r := rand.New(rand.NewPCG(1, uint64(len(name))))
	ids, data := make([]string, set.rows), []float64(nil)
	for i := range ids {
		group, row := set.draw(r, i)
		for _, v := range row {
			data = append(data, math.Round(v*1000)/1000)
		}
		data = append(data, float64(group))
		ids[i] = fmt.Sprintf("%04d", i+1)
	}
	columns := append(append([]table.Column(nil), set.columns...), table.Column{Name: truth, Levels: set.groups, Role: table.Outcome})
	return table.New(ids, columns, data)
}

func numbers(names ...string) []table.Column {
	columns := make([]table.Column, len(names))
	for j, name := range names {
		columns[j].Name = name
	}
	return columns
}

func yesNo(names ...string) []table.Column {
	columns := numbers(names...)
	for j := range columns {
		columns[j].Levels = []string{"no", "yes"}
	}
	return columns
}
