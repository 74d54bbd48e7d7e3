package track_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
)

// Baskets have grown by 10 EUR since last month, and the number of orders has stayed as it was.
func ExampleCompare() {
	columns := []table.Column{{Name: "orders"}, {Name: "basket", Unit: "EUR"}}
	var ids []string
	var may, june []float64
	for i := range 300 {
		orders, basket := float64(1+i%5), float64(20+i%30)
		ids = append(ids, fmt.Sprint("c", i))
		may, june = append(may, orders, basket), append(june, orders, basket+10)
	}
	before, err := table.New(ids, columns, may)
	if err != nil {
		log.Fatal(err)
	}
	now, err := table.New(ids, columns, june)
	if err != nil {
		log.Fatal(err)
	}
	drift, err := track.Compare(before, now, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("has drifted:", drift.Drifted())
	// Output:
	// has drifted: [basket]
}
