// Draw makes the pictures of README.md: go run ./docs
package main

import (
	"log"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/nb"
)

func main() {
	log.SetFlags(0)
	orders := nb.Must(datasets.Orders("shop"))
	clean := nb.Must(orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled))
	customers := nb.Must(clean.Features(nb.Date("2025-09-30")))
	model := nb.Must(segkit.Recipe{
		Columns: []string{"recency", "orders", "basket"},
		Prep:    []segkit.Transformer{segkit.Log1p{}, segkit.Standardize{}},
		Method:  segkit.KMeans{K: 4, Seed: 1},
	}.Fit(customers))
	segments := nb.Must(model.Score(customers))
	nb.Check(nb.Must(chart.Sizes(segments, customers, "spend")).Save("docs/segments.svg"))
}
