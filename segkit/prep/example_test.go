package prep_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// Spend has a long tail: after its logarithm, the largest customer stands about as far from the mean as the smallest.
func ExampleApply() {
	spend, err := table.New([]string{"ann", "bob", "cid"}, []table.Column{{Name: "spend", Unit: "EUR"}}, []float64{9, 99, 999})
	if err != nil {
		log.Fatal(err)
	}
	prepared, err := prep.Apply(spend, prep.Log1p{}, prep.Standardize{})
	if err != nil {
		log.Fatal(err)
	}
	for i, id := range prepared.IDs() {
		fmt.Printf("%s %.2f\n", id, prepared.Row(i)[0])
	}
	// Output:
	// ann -1.22
	// bob 0.00
	// cid 1.22
}
