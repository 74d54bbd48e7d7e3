package compare_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/table"
)

func ExampleAdjustedRand() {
	march := table.Labels{0, 0, 0, 1, 1, 2}
	april := table.Labels{1, 1, 1, 0, 0, 0}
	agreement, err := compare.AdjustedRand(march, april)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", agreement)
	// Output:
	// 0.71
}

// Last month's segments keep their numbers, and with them their colours.
func ExampleMatch() {
	march, err := table.NewSegments([]string{"ann", "bob", "cid", "dee", "eve"}, table.Labels{0, 0, 0, 1, 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	april, err := table.NewSegments([]string{"bob", "cid", "dee", "eve", "fay"}, table.Labels{1, 1, 0, 0, 0}, nil)
	if err != nil {
		log.Fatal(err)
	}
	m, err := compare.Match(march, april)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Sheet().Caption)
	fmt.Println(april.Labels, "are now", m.Aligned().Labels)
	// Output:
	// 2 of 2 segments continue; 100.0 % of customers stay in them
	// [1 1 0 0 0] are now [0 0 1 1 1]
}
