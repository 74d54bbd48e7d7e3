package rulebook_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

func ExampleExplain() {
	var ids []string
	var data []float64
	var labels table.Labels
	for i := range 200 {
		orders, recency := float64(1+i%10), float64(7*i%300)
		label := 0
		if orders >= 6 && recency <= 90 {
			label = 1
		}
		ids, data, labels = append(ids, fmt.Sprint("c", i)), append(data, orders, recency), append(labels, label)
	}
	customers, err := table.New(ids, []table.Column{{Name: "orders"}, {Name: "recency", Unit: "days", LowerIsBetter: true}}, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	segments, err := table.NewSegments(ids, labels, []string{"Others", "Regulars"})
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := rulebook.Explain(customers, segments, rulebook.Options{MaxConditions: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range rules.Rules {
		fmt.Printf("%s: %s\n", rule.Name, rule.When)
	}
	fmt.Println("In words:", rules.Words("Regulars"))
	fmt.Printf("%.0f %% of customers that the rules have not seen\n", 100*rules.Held.Accuracy)
	// Output:
	// Others: orders < 6
	// Others: orders >= 6 and recency > 90
	// Regulars: orders >= 6 and recency <= 90
	// In words: orders at least 6, recency at most 90 days
	// 100 % of customers that the rules have not seen
}
