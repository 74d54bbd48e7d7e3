// Command orders takes a CSV of order lines to segments in memory: the way that bench/engines.py sets beside those on SQL engines.
package main

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/prep"
)

func main() {
	orders, err := features.ReadOrders(os.Args[1], features.OrdersOptions{})
	check(err)
	clean, err := orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled)
	check(err)
	customers, err := clean.Features(time.Date(2025, time.September, 30, 0, 0, 0, 0, time.UTC))
	check(err)
	recipe := segkit.Recipe{
		Columns: []string{"recency", "orders", "basket"},
		Prep:    []prep.Transformer{prep.Log1p{}, prep.Standardize{}, prep.Snap{}},
		Method:  cluster.KMeans{K: 5, Seed: 1},
	}
	model, err := recipe.Fit(customers)
	check(err)
	segments, err := model.Score(customers)
	check(err)
	fmt.Println(segments.Sizes())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
