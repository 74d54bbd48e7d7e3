package shop_test

import (
	"fmt"

	"github.com/segkit/lab/datasets/shop"
)

// A shop for each student of a class: the same kind, other customers.
func ExampleGenerate() {
	for seed := 1; seed <= 3; seed++ {
		s := shop.Generate(shop.Options{Seed: seed, Customers: 500})
		fmt.Println(len(s.Customers), "customers,", s.Dirt.Duplicates, "lines written twice")
	}
	// Output:
	// 500 customers, 45 lines written twice
	// 500 customers, 45 lines written twice
	// 500 customers, 45 lines written twice
}
