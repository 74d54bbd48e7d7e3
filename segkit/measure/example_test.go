package measure_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/table"
)

// visits is a shop with three kinds of customers.
func visits() *table.Table {
	ids := []string{"ann", "bob", "cid", "dee", "eve", "fay", "gil", "hal", "ida"}
	columns := []table.Column{{Name: "orders"}, {Name: "basket", Unit: "EUR"}}
	t, err := table.New(ids, columns, []float64{1, 20, 2, 25, 1, 22, 2, 21, 12, 30, 13, 28, 11, 33, 2, 90, 3, 95})
	if err != nil {
		log.Fatal(err)
	}
	return t
}

func ExampleSilhouette() {
	x := visits()
	c, err := cluster.Fit(x, cluster.KMeans{K: 3, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	s, err := measure.Silhouette(x, c.Segments())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", s.Mean)
	// Output:
	// 0.80
}
