// Package basket asks what is bought together, by whom, and what to offer next.
//
//	baskets, err := basket.FromOrders(clean, basket.OrdersOptions{})    // or ReadLists, ReadCSV, FromLists
//	rules, err := baskets.Rules(basket.Options{MinSupport: .001})       // who buys these also buys those
//	strong := rules.Significant().Pruned()                              // what chance does not explain, said once
//
//	Baskets      sets of items, with their customers and what was paid, if known
//	Itemsets     what occurs together in many baskets: exact, found by Eclat on sparse lists
//	Rules        antecedent, consequent, nine measures, and tests over all candidates, not over the survivors
//	Contrasts    rules within a segment, compared with the same items among the other customers (BySegment)
//	Penetration  who has bought what at least once, by segment
//	Headroom     the distance to the upper quartile of the buyers in the same segment
//	Sizes        how large the baskets of each segment are
//	Offers       what each customer could be offered next, with what it may be worth
//
// Everything here describes what customers did. Only a test can show what an offer would change.
package basket
