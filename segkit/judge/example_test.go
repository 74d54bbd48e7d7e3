package judge_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/table"
)

// The verdict begins with what customers did after the day on which the segments were made.
func ExampleSegments() {
	var ids []string
	var data, later []float64
	var labels table.Labels
	for i := range 200 {
		label := i % 2
		ids, labels = append(ids, fmt.Sprint("c", i)), append(labels, label)
		data = append(data, float64(2+8*label+i%3))
		later = append(later, float64(20+60*label+i%7))
	}
	customers, err := table.New(ids, []table.Column{{Name: "orders"}}, data)
	if err != nil {
		log.Fatal(err)
	}
	next, err := table.New(ids, []table.Column{{Name: "spend", Unit: "EUR", Role: table.Outcome}}, later)
	if err != nil {
		log.Fatal(err)
	}
	segments, err := table.NewSegments(ids, labels, []string{"Occasional", "Regular"})
	if err != nil {
		log.Fatal(err)
	}
	verdict, err := judge.Segments(customers, segments, judge.Options{Outcome: next, Goal: choose.Goal{Metric: "spend"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Metric.Question())
	fmt.Println(verdict.Metric.Says)
	// Output:
	// Do they differ in what happened afterwards?
	// Afterwards the mean of spend is 82.98 EUR in "Regular", and 22.96 EUR in "Occasional".
}
