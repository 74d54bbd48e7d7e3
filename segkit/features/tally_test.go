package features

import (
	"context"
	"fmt"
	"runtime"
	"testing"
)

// everyoneOnce makes n customers with one order of one product each.
func everyoneOnce(t *testing.T, n int) *view {
	t.Helper()
	l := &lines{counted: true, details: &details{}}
	for _, column := range []*texts{&l.customer, &l.order, &l.product} {
		column.names = []string{""}
		for i := range n {
			column.codes, column.names = append(column.codes, uint32(i+1)), append(column.names, fmt.Sprint(i))
		}
	}
	l.when.long, l.quantity.long, l.price.long = make([]int64, n), make([]int64, n), make([]int64, n)
	for i := range n {
		l.quantity.long[i] = 1
		l.line.append(int32(i) + 2)
	}
	if err := l.finish("", ""); err != nil {
		t.Fatal(err)
	}
	return l.all()
}

// Counting takes memory in proportion to the lines: four times as many take four times as much (and the tables of a chunk of
// customers some), where a cell for every order number in every chunk of customers would take ten times as much.
func TestCountingTakesMemoryInProportion(t *testing.T) {
	bytes := func(n int) uint64 {
		v := everyoneOnce(t, n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, err := v.people(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		days, err := p.tallies(context.Background(), []stretch{{0, 0}}, Spec{})
		runtime.ReadMemStats(&after)
		if err != nil || len(days[0]) != n || days[0][n-1].orders != 1 || days[0][n-1].products != 1 {
			t.Fatalf("%d customers, the last %+v (%v)", len(days[0]), days[0][len(days[0])-1], err)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	if once, four := bytes(50_000), bytes(200_000); four > 5*once {
		t.Errorf("50,000 customers take %d bytes, 200,000 take %d", once, four)
	}
}
