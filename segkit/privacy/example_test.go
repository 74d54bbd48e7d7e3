package privacy_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/privacy"
)

func ExampleSuppress() {
	shared, err := privacy.Suppress(privacy.Crosstab{
		Row: "segment", Column: "city", Rows: []string{"big spenders", "regulars", "newcomers"}, Columns: []string{"Bonn", "Leeds", "Turin"},
		Customers: [][]int{{3, 40, 50}, {60, 20, 80}, {90, 70, 99}},
	}, privacy.Rules{MinCount: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range shared.Sheet().Rows {
		fmt.Println(row)
	}
	small := shared.Cells[0][0]
	fmt.Printf("%s: between %v and %v\n", small.Why, small.Low, small.High)
	// Output:
	// [big spenders × × 50 93]
	// [regulars × × 80 160]
	// [newcomers 90 70 99 259]
	// [all 153 130 229 512]
	// too few customers: between 0 and 43
}
