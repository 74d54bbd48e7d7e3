package describe_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/table"
)

func ExampleSegments() {
	raw := customers()
	segments, err := table.NewSegments(raw.IDs(), table.Labels{0, 0, 1, 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	profile, err := describe.Segments(raw, segments)
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
