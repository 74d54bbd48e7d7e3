package table_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/table"
)

func customers() *table.Table {
	t, err := table.New([]string{"C-1", "C-2", "C-3", "C-4"}, []table.Column{
		{Name: "recency", Unit: "days", LowerIsBetter: true, High: "lapsed", Low: "recent"},
		{Name: "orders", High: "frequent", Low: "rare"},
		{Name: "spend", Unit: "EUR", Role: table.Value},
		{Name: "city", Levels: []string{"Leeds", "York"}, Role: table.Descriptor},
	}, []float64{
		5, 12, 900, 0,
		9, 8, 500, 1,
		200, 1, 40, 0,
		310, 2, 60, 0,
	})
	if err != nil {
		log.Fatal(err)
	}
	return t
}

func ExampleTable_Where() {
	good, err := customers().Where(`spend / orders > 30 and city in ["Leeds"]`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(good.IDs())
	_, err = good.Where("spent > 100")
	fmt.Println(err)
	// Output:
	// [C-1 C-3]
	// segkit: table.Table.Where: "spent > 100", character 1: no column "spent"; did you mean "spend"?
}
