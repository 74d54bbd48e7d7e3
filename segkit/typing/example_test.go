package typing_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/typing"
)

// One of three questions tells who is in which segment; the others were answered by chance.
func ExampleFind() {
	var ids []string
	var data []float64
	var labels table.Labels
	for i := range 120 {
		label := i % 2
		ids, labels = append(ids, fmt.Sprint("r", i)), append(labels, label)
		data = append(data, float64(1+i/2%5), float64(1+3*label+i/2%2), float64(1+i/2%3))
	}
	answers, err := table.New(ids, []table.Column{{Name: "app"}, {Name: "price"}, {Name: "service"}}, data)
	if err != nil {
		log.Fatal(err)
	}
	segments, err := table.NewSegments(ids, labels, []string{"Loyal", "Bargain hunters"})
	if err != nil {
		log.Fatal(err)
	}
	tool, err := typing.Find(answers, segments, typing.Options{Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	for _, q := range tool.Questions {
		fmt.Println("ask:", q.Name)
	}
	fmt.Printf("right for %.0f %% of respondents\n", 100*tool.Accuracy.Value)
	// Output:
	// ask: price
	// right for 100 % of respondents
}
