package starts_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/starts"
)

// Three of four starts end at the lowest cost: another start is unlikely to find a lower one.
func ExampleEvidence() {
	evidence := starts.Evidence{{Cost: 12.5}, {Cost: 12.5}, {Cost: 17}, {Cost: 12.5}}
	fmt.Println("lowest cost:", evidence.Best())
	fmt.Printf("found by %d of %d starts\n", evidence.Hits(), len(evidence))
	// Output:
	// lowest cost: 12.5
	// found by 3 of 4 starts
}
