package segkit_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit"
)

func customers() *segkit.Table {
	t, err := segkit.NewTable([]string{"C-1", "C-2", "C-3", "C-4"}, []segkit.Column{
		{Name: "recency", Unit: "days", LowerIsBetter: true, High: "lapsed", Low: "recent"},
		{Name: "orders", High: "frequent", Low: "rare"},
		{Name: "spend", Unit: "EUR", Role: segkit.Value},
		{Name: "city", Levels: []string{"Leeds", "York"}, Role: segkit.Descriptor},
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
	// segkit: Where: "spent > 100", character 1: no column "spent"; did you mean "spend"?
}

func ExampleDescribe() {
	raw := customers()
	segments, err := segkit.NewSegments(raw.IDs(), segkit.Labels{0, 0, 1, 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	profile, err := segkit.Describe(raw, segments)
	if err != nil {
		log.Fatal(err)
	}
	for i, name := range profile.Names() {
		s := profile.Segments[i]
		fmt.Printf("%s: %d customers, %.0f %% of spend, median recency %g days\n", name, s.Size, 100*s.ValueShare[0], s.Stats[0].Median)
	}
	// Output:
	// Frequent, recent: 2 customers, 93 % of spend, median recency 7 days
	// Lapsed, rare: 2 customers, 7 % of spend, median recency 255 days
}
