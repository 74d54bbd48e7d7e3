package distance_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/table"
)

// Of 40 years between the youngest and the oldest, ann and bob are 10 apart, a quarter; their cities differ, which counts 1.
func ExampleDistance() {
	customers, err := table.New([]string{"ann", "bob", "cid"}, []table.Column{
		{Name: "age", Unit: "years"},
		{Name: "city", Levels: []string{"Leeds", "York"}},
	}, []float64{20, 0, 30, 1, 60, 1})
	if err != nil {
		log.Fatal(err)
	}
	space := distance.Gower.Space(customers)
	rows, between := space.Ready(customers), space.Between()
	fmt.Println(between(rows[0:2], rows[2:4]))
	// Output:
	// 0.625
}
