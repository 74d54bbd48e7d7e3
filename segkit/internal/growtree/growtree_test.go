package growtree

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/tree"
	"github.com/segkit/lab/segkit/table"
)

// crowd are n customers of three segments that two columns tell apart in part.
func crowd(t *testing.T, n int) (*table.Table, table.Labels) {
	t.Helper()
	r := rand.New(rand.NewPCG(2, 1))
	ids, data, labels := make([]string, n), []float64(nil), make(table.Labels, n)
	for i := range ids {
		ids[i], labels[i] = fmt.Sprint("c", i), r.IntN(3)
		data = append(data, float64(labels[i])+r.NormFloat64(), float64(labels[i]%2)+r.NormFloat64())
	}
	x, err := table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	return x, labels
}

// A tree of some customers knows nothing of the others, whether a sample of them is drawn or all are taken.
func TestTreeOfSome(t *testing.T) {
	x, labels := crowd(t, 3*Rows)
	drawn := Draw(x)
	for what, in := range map[string]func(i int) bool{
		"more than a sample": func(i int) bool { return i%3 > 0 },
		"fewer":              func(i int) bool { return i%40 == 1 },
		"as many":            func(i int) bool { return i%3 == 1 },
	} {
		var rows []int
		for i := range labels {
			if in(i) {
				rows = append(rows, i)
			}
		}
		alone, o := x.Rows(rows), tree.Options{Conditions: 2, Worth: .001}
		want := Grow(alone, pick.At(labels, rows), 3, func(int) bool { return true }, Draw(alone), o)
		if got := Grow(x, labels, 3, in, drawn, o); got.Leaf() || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, alone %+v", what, got, want)
		}
		seen := 0.0
		for _, n := range want.Counts {
			seen += n
		}
		if int(seen) != min(len(rows), Rows) {
			t.Errorf("%s: grown on %g of %d", what, seen, len(rows))
		}
	}
}
