package segkit_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit"
)

// Somebody who knows the customers splits one segment and merges two: who moved, and how much money with them.
func ExampleRefine() {
	customers, err := segkit.NewTable([]string{"Ann", "Bob", "Cay", "Dan", "Eve", "Fay"},
		[]segkit.Column{{Name: "orders"}, {Name: "spend", Unit: "EUR", Role: segkit.Value}},
		[]float64{1, 20, 1, 35, 2, 45, 3, 60, 9, 400, 12, 9000})
	if err != nil {
		log.Fatal(err)
	}
	segments, err := segkit.NewSegments(customers.IDs(), segkit.Labels{0, 0, 1, 1, 2, 2}, []string{"Once", "Seldom", "Often"})
	if err != nil {
		log.Fatal(err)
	}
	refined, err := segkit.Refine(customers, segments,
		segkit.Edit{Merge: []string{"Once", "Seldom"}, Into: "Occasional"},
		segkit.Edit{Split: "Often", When: "spend > 5000", Into: "Wholesale"})
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
	customers, err := segkit.NewTable(ids, []segkit.Column{{Name: "orders", High: "frequent", Low: "rare"}, {Name: "spend", Unit: "EUR", Role: segkit.Value}}, data)
	if err != nil {
		log.Fatal(err)
	}
	must := &segkit.RuleBook{Rules: []segkit.Rule{{Name: "Wholesale", When: "spend > 5000"}}}
	carved, err := segkit.Carve(customers, must, segkit.Recipe{Columns: []string{"orders"}, Method: segkit.KMeans{K: 2}})
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
