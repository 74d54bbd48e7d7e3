package value_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/nb"
	"github.com/segkit/lab/segkit/value"
)

// Two customers came 52 weeks ago and ordered on five more days. One ordered last two weeks ago, the other 37 weeks ago and has probably left.
func Example() {
	clean, err := datasets.Cleaned("shop", features.UsualRules)
	if err != nil {
		log.Fatal(err)
	}
	summary, err := value.Summarize(clean, nb.Date("2025-09-30"))
	if err != nil {
		log.Fatal(err)
	}
	buying, err := value.BGNBD{}.Fit(summary)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("probably still customers: %.2f and %.2f\n", buying.Alive(5, 50, 52), buying.Alive(5, 15, 52))
	fmt.Printf("expected orders in 90 days: %.1f and %.1f\n", buying.Orders(5, 50, 52, 90), buying.Orders(5, 15, 52, 90))
	// Output:
	// probably still customers: 0.95 and 0.07
	// expected orders in 90 days: 1.1 and 0.1
}
