package chart_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/table"
)

// The title of a chart states what it shows. In a notebook, nb.Show(chart.Sizes(…)) shows the picture itself.
func Example() {
	customers, err := table.New([]string{"Ann", "Bob", "Cem", "Dee", "Eve"},
		[]table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}}, []float64{610, 120, 100, 90, 80})
	if err != nil {
		log.Fatal(err)
	}
	segments, err := table.NewSegments(customers.IDs(), table.Labels{1, 0, 0, 0, 0}, []string{"regular", "champion"})
	if err != nil {
		log.Fatal(err)
	}
	sizes, err := chart.Sizes(segments, customers, "spend")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sizes.Title)
	fmt.Println(sizes.Alt)
	svg, err := sizes.SVG() // and sizes.Save("sizes.png") for a report
	fmt.Println(len(svg) > 0, err)
	// Output:
	// “champion”: 20 % of customers bring 61 % of spend
	// regular: 80 % (4) of customers, 39 % of spend. champion: 20 % (1) of customers, 61 % of spend.
	// true <nil>
}
