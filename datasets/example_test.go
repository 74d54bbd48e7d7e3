package datasets_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/datasets"
)

func ExampleOrders() {
	orders, err := datasets.Orders("shop")
	if err != nil {
		log.Fatal(err)
	}
	count, err := orders.Count()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(count.Lines, "lines,", count.Net(), orders.Currency())
	// Output: 60105 lines, 1,431,322.98 EUR
}

func ExampleTruth() {
	truth, err := datasets.Truth("shop")
	if err != nil {
		log.Fatal(err)
	}
	for label, n := range truth.Counts() {
		fmt.Println(n, truth.Names[label])
	}
	// Output:
	// 1319 one-timers
	// 1000 big baskets
	// 880 lapsed
	// 800 regulars
}
