package segkit

// Rules that people write, and that decide who is in which segment.

// Rule gives a name to the customers for whom a condition holds.
type Rule struct {
	Name string `json:"name"`
	When string `json:"when"` // "orders >= 6 and recency <= 90", over the columns of a table
}

// RuleBook is a segmentation by rules: the first rule that holds decides, and whoever no rule takes is in the rest.
type RuleBook struct {
	Rules []Rule `json:"rules"`
	Rest  string `json:"rest"` // name of the segment of all others; "" means "Rest"
}
