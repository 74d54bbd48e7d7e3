package predict_test

import (
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// visitors are 900 customers of two kinds: what they came to spend, how often they order, and what was known at their first order.
func visitors() *table.Table {
	r := rand.New(rand.NewPCG(1, 1))
	var ids []string
	var data []float64
	for i := range 900 {
		kind := float64(i % 2)
		ids = append(ids, fmt.Sprintf("C-%03d", i))
		data = append(data, 100+400*kind+60*r.NormFloat64(), 2+10*kind+2*r.NormFloat64(), 30+25*kind+18*r.NormFloat64(), float64(min(1, r.IntN(3)*int(kind))))
	}
	t, err := table.New(ids, []table.Column{{Name: "spend", Unit: "EUR", High: "high spend", Low: "low spend"}, {Name: "orders", High: "frequent", Low: "rare"},
		{Name: "first_basket", Unit: "EUR", Role: table.Descriptor}, {Name: "newsletter", Levels: []string{"no", "yes"}, Role: table.Descriptor}}, data)
	if err != nil {
		log.Fatal(err)
	}
	return t
}

// Who will be in which segment, from what is known at the first order?
func Example() {
	customers := visitors()
	split, err := predict.Random(customers, .3, 1) // nothing is learned from these 30 %
	if err != nil {
		log.Fatal(err)
	}
	recipe := segkit.Recipe{Columns: []string{"spend", "orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 2, Seed: 1}}
	early := predict.Known{Columns: []string{"first_basket", "newsletter"}}
	report, err := predict.Prove(split, recipe, predict.Logistic{}, predict.Options{Known: early})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Says())
	for _, row := range report.Segments().Rows {
		fmt.Println(row[0], "| recall", row[5])
	}
	for _, of := range report.Importance {
		fmt.Printf("without %s: %.0f points of accuracy lost\n", of.Columns[0], 100*of.Accuracy)
	}
	if sure, ok := report.Answered(.95); ok {
		fmt.Printf("95 %% of answers are right for %.0f %% of customers, the others stay unknown\n", 100*sure.Coverage)
	}
	// Output:
	// Logistic names the segment of 87.8 % of 270 customers correctly (83.7 % to 91.5 %), 38.5 points more than naming the largest segment for all (30.0 to 45.9).
	// Frequent, high spend | recall 81.2 %
	// Low spend, rare | recall 94.2 %
	// without newsletter: 30 points of accuracy lost
	// without first_basket: 10 points of accuracy lost
	// 95 % of answers are right for 80 % of customers, the others stay unknown
}

// Customers who look like those that you name, and why.
func ExampleLookalikes() {
	customers := visitors()
	var seeds []string
	for i := 1; i < 60; i += 2 { // thirty of the second kind
		seeds = append(seeds, customers.IDs()[i])
	}
	alike, err := predict.Lookalikes(customers, seeds, predict.Known{Columns: []string{"first_basket", "newsletter"}})
	if err != nil {
		log.Fatal(err)
	}
	for i := range 2 {
		fmt.Println(alike.IDs[i])
		for _, part := range alike.Because[i] {
			fmt.Printf("  %s %s: %+.1f\n", part.Column, part.Value, part.Adds)
		}
	}
	// Output:
	// C-619
	//   first_basket 109 EUR: +1.9
	//   newsletter yes: +0.3
	// C-325
	//   first_basket 95.47 EUR: +1.5
	//   newsletter yes: +0.3
}
