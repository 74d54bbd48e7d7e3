package segkit_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// A recipe is fitted once; its model is kept as a file, and puts later customers into the same segments.
func Example() {
	columns := []table.Column{{Name: "orders"}, {Name: "basket", Unit: "EUR"}}
	customers, err := table.New([]string{"ann", "bob", "cid", "dee", "eve", "fay"}, columns, []float64{1, 20, 2, 25, 1, 22, 2, 21, 12, 30, 13, 28})
	if err != nil {
		log.Fatal(err)
	}
	recipe := segkit.Recipe{
		Columns: []string{"orders", "basket"},
		Prep:    []prep.Transformer{prep.Log1p{}, prep.Standardize{}},
		Method:  cluster.KMeans{K: 2, Seed: 1},
	}
	model, err := recipe.Fit(customers)
	if err != nil {
		log.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "model.json")
	if err := model.Save(file); err != nil {
		log.Fatal(err)
	}

	kept, err := segkit.LoadModel(file)
	if err != nil {
		log.Fatal(err)
	}
	later, err := table.New([]string{"gil", "hal"}, columns, []float64{11, 27, 2, 23})
	if err != nil {
		log.Fatal(err)
	}
	segments, err := kept.Score(later)
	if err != nil {
		log.Fatal(err)
	}
	for i, id := range segments.IDs {
		fmt.Println(id, "is in", segments.Names[segments.Labels[i]])
	}
	// Output:
	// gil is in High orders, high basket
	// hal is in Low basket
}
