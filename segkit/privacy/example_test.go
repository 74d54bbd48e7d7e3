package privacy_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/privacy"
	"github.com/segkit/lab/segkit/table"
)

// A page for others: profile, cards and tables are made from what Share gives.
func ExampleShare() {
	var ids []string
	var labels table.Labels
	var data []float64
	for i := range 64 { // 40 regulars, 20 newcomers, 4 big spenders
		label, spend := 0, 50.0+float64(i)
		switch {
		case i >= 60:
			label, spend = 2, 5000
		case i >= 40:
			label, spend = 1, 10+float64(i)
		}
		ids, labels, data = append(ids, fmt.Sprint("C-", i)), append(labels, label), append(data, spend, float64(i%3))
	}
	customers, err := table.New(ids, []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "city", Levels: []string{"Bonn", "Leeds", "Turin"}}}, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	segments, err := table.NewSegments(ids, labels, []string{"regulars", "newcomers", "big spenders"})
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := privacy.Share(customers, segments, privacy.Rules{MinCount: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range page.Sheet().Rows {
		fmt.Println(row)
	}
	for _, card := range page.Profile.Personas() {
		fmt.Println(card.Like)
	}
	cities, err := page.Cross("city")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range cities.Sheet().Rows {
		fmt.Println(row)
	}
	// Output:
	// [regulars 40 62.5 % 69.5 –]
	// [others 24 37.5 % 61.5 –]
	// [all 64 100.0 % 65.5 Bonn 34 %]
	// spend 70 EUR
	// spend 62 EUR
	// [regulars × × × 40]
	// [others × × × 24]
	// [all 22 21 21 64]
}

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
