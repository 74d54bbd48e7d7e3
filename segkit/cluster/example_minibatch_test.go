package cluster_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/table"
)

// Tables come one after the other, here twice the same; in earnest each is read from a file of its own.
func ExampleMiniBatch_FitBatches() {
	batches := func(yield func(*table.Table, error) bool) {
		for range 2 {
			if !yield(visits(), nil) {
				return
			}
		}
	}
	c, err := cluster.MiniBatch{K: 3}.FitBatches(batches)
	if err != nil {
		log.Fatal(err)
	}
	labels, err := c.Predict(visits())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Iterations, "batches, then:", labels)
	// Output: 2 batches, then: [0 0 0 0 1 1 1 2 2]
}
