package rfm_test

import (
	"fmt"
	"log"
	"strconv"

	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/table"
)

func Example() {
	var ids []string
	var data []float64
	for i := range 100 { // the longer ago the last order, the fewer orders
		ids = append(ids, "C-"+strconv.Itoa(i))
		data = append(data, float64(3*i), float64(20-i/5), float64(1000-10*i))
	}
	customers, err := table.New(ids, []table.Column{{Name: "recency"}, {Name: "orders"}, {Name: "spend"}}, data)
	if err != nil {
		log.Fatal(err)
	}
	scores, err := rfm.Score(customers, rfm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	segments, err := scores.Segments(nil)
	if err != nil {
		log.Fatal(err)
	}
	for i, n := range segments.Counts() {
		if n > 0 {
			fmt.Println(segments.Names[i], n)
		}
	}
	// Output:
	// Champions 20
	// Loyal 20
	// Need attention 20
	// Hibernating 40
}
