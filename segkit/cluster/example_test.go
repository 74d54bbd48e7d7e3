package cluster_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/cluster"
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

func ExampleKMeans() {
	c, err := cluster.Fit(visits(), cluster.KMeans{K: 3, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("segments:", c.Labels)
	fmt.Println("customers:", c.Labels.Counts())
	fmt.Println(c.Restarts.Sheet().Caption)
	// Output:
	// segments: [0 0 0 0 1 1 1 2 2]
	// customers: [4 3 2]
	// The best solution was found by 10 of 10 starts
}

// The tree of a hierarchical clustering can be cut anywhere, without clustering again.
func ExampleHierarchical() {
	x, err := table.New([]string{"Ann", "Bo", "Cy", "Di", "Ed"}, []table.Column{{Name: "spend"}}, []float64{1, 2, 9, 10, 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := cluster.Fit(x, cluster.Hierarchical{K: 2, Linkage: cluster.Average})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Labels)
	fmt.Println(c.Tree.CutAt(5))
	for _, m := range c.Tree.Merges {
		fmt.Printf("%g ", m.Height)
	}
	// Output:
	// [0 0 0 0 1]
	// [0 0 1 1 2]
	// 1 1 8 24.5
}
