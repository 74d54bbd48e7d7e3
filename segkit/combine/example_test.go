package combine_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

func ExampleTables() {
	orders := trial.Sure(table.New([]string{"001", "002", "003"}, []table.Column{{Name: "spend", Unit: "EUR"}}, []float64{120, 40, 75}))
	survey := trial.Sure(table.New([]string{"1", "3"}, []table.Column{{Name: "satisfied"}}, []float64{5, 2}))
	sources := combine.Sources{{Name: "orders", Table: orders}, {Name: "survey", Table: survey}}
	_, err := combine.Tables(sources)
	fmt.Println(err)
	joined, err := combine.Tables(sources, combine.Options{IDs: combine.IgnoreZeros})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(joined.Table.Sheet().Text())
	// Output:
	// segkit: combine.Tables: survey, row 1 (id 1): may be the customer "001" of orders: 2 more customers would join if leading zeros were ignored: give combine.Options{IDs: combine.IgnoreZeros}, or combine.ExactIDs if they are not the same people
	// 3 customers, 2 columns
	//   id   spend (EUR)  satisfied
	//   ───  ───────────  ─────────
	//   001          120          5
	//   002           40          –
	//   003           75          2
}

func ExampleCross() {
	ids := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	bought := trial.Sure(table.NewSegments(ids, table.Labels{0, 0, 0, 0, 1, 1, 1, 1}, []string{"often", "seldom"}))
	said := trial.Sure(table.NewSegments(ids, table.Labels{0, 0, 0, 1, 1, 1, 1, 1}, []string{"content", "critical"}))
	crossed, err := combine.Cross(combine.Views{{Name: "orders", Segments: bought}, {Name: "survey", Segments: said}}, combine.Limits{MinShare: .2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(crossed.Segments.Sizes())
	// Output:
	// 8 customers in 2 segments: often · content (4); seldom · critical (4)
}
