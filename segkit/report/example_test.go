package report_test

import (
	"fmt"
	"os"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/table"
)

// A report of few results has few sections; a folder of files all the same.
func ExampleWrite() {
	customers := trial.Sure(table.New([]string{"a", "b", "c", "d"}, []table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}}, []float64{10, 20, 300, 400}))
	segments := trial.Sure(table.NewSegments(customers.IDs(), table.Labels{0, 0, 1, 1}, []string{"Small", "Large"}))
	dir := trial.Sure(os.MkdirTemp("", "report"))
	defer os.RemoveAll(dir)
	err := report.Write(dir, report.Contents{Customers: customers, Segments: segments, Profile: trial.Sure(describe.Segments(customers, segments)), Currency: "EUR"})
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	fmt.Println(err)
	// Output:
	// record.json
	// report.html
	// segments.csv
	// <nil>
}
