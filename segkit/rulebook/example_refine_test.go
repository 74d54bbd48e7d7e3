package rulebook_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// Somebody who knows the customers splits one segment and merges two: who moved, and how much money with them.
func ExampleRefine() {
	customers, err := table.New([]string{"Ann", "Bob", "Cay", "Dan", "Eve", "Fay"},
		[]table.Column{{Name: "orders"}, {Name: "spend", Unit: "EUR", Role: table.Value}},
		[]float64{1, 20, 1, 35, 2, 45, 3, 60, 9, 400, 12, 9000})
	if err != nil {
		log.Fatal(err)
	}
	segments, err := table.NewSegments(customers.IDs(), table.Labels{0, 0, 1, 1, 2, 2}, []string{"Once", "Seldom", "Often"})
	if err != nil {
		log.Fatal(err)
	}
	refined, err := rulebook.Refine(customers, segments,
		rulebook.Edit{Merge: []string{"Once", "Seldom"}, Into: "Occasional"},
		rulebook.Edit{Split: "Often", When: "spend > 5000", Into: "Wholesale"})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range refined.Steps {
		fmt.Printf("%s: %d customers, %.0f EUR\n", step.Edit, step.Customers, step.Value[0])
	}
	fmt.Println(refined.Segments.Names, refined.Segments.Labels)
	// Output:
	// merge "Once" and "Seldom" into "Occasional": 4 customers, 160 EUR
	// split "Wholesale" off "Often" (spend > 5000): 1 customers, 9000 EUR
	// [Occasional Often Wholesale] [0 0 0 0 1 2]
}

// Wholesale is treated apart in any case, so it must not bend the clusters.
func ExampleCarve() {
	var ids []string
	var data []float64
	for i := range 40 {
		ids = append(ids, fmt.Sprintf("C-%02d", i))
		orders := float64(1 + i%2*9 + i%3)
		data = append(data, orders, 10*orders)
	}
	copy(data, []float64{500, 90_000, 200, 30_000}) // the first two are shops
	customers, err := table.New(ids, []table.Column{{Name: "orders", High: "frequent", Low: "rare"}, {Name: "spend", Unit: "EUR", Role: table.Value}}, data)
	if err != nil {
		log.Fatal(err)
	}
	must := &rulebook.Book{Rules: []rulebook.Rule{{Name: "Wholesale", When: "spend > 5000"}}}
	carved, err := rulebook.Carve(customers, must, segkit.Recipe{Columns: []string{"orders"}, Method: cluster.KMeans{K: 2}})
	if err != nil {
		log.Fatal(err)
	}
	for i, n := range carved.Segments.Counts() {
		fmt.Println(carved.Segments.Names[i], n)
	}
	next, err := carved.Score(customers.Head(4)) // and next month's customers likewise
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(next.Labels)
	// Output:
	// Wholesale 2
	// Rare, low spend 19
	// Frequent, high spend 19
	// [0 0 1 2]
}
