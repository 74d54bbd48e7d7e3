package basket_test

import (
	"fmt"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/basket"
)

// The rules of the made-up shop that chance does not explain.
func ExampleBaskets_Rules() {
	baskets, err := datasets.Baskets("shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := baskets.Rules(basket.Options{MinSupport: .01})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rules.Significant().Pruned().Rules[:2] {
		fmt.Printf("%v: %v, lift %.1f\n", r.Antecedent, r.Consequent, r.Lift)
	}
	// Output:
	// [Candle holder]: [Taper candle], lift 26.2
	// [Taper candle]: [Candle holder], lift 26.2
}

// What those could be offered next who have left it out so far.
func ExampleBaskets_Offers() {
	baskets, err := datasets.Baskets("shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	segments, err := datasets.Truth("shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := baskets.Rules(basket.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	offers, err := baskets.Offers(rules.Significant().Pruned(), segments, basket.OfferOptions{Never: []string{"Bath towel"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	best := offers.Offers[0]
	fmt.Printf("%s, since they bought %v\n", best.Item, best.Because)
	// Output: Black tea, since they bought [Teapot]
}
