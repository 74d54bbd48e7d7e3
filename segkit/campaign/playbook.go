package campaign

// A Play is one thing to do about a segment, and when. A play book is a list of them that you edit: the first play whose condition a segment meets is proposed.
//
// Conditions are written as Table.Where reads them, over the figures of the segment: the median of each numeric column (the share of yes for one of yes and no) under the column's name, that of
// all customers as NAME_all, and customers, share (of all customers), expected (money per customer in the time ahead) and risk (the share expected not to order).
type Play struct {
	Name       string // "Win back"
	When       string // "orders >= orders_all and recency >= 1.5 * recency_all"
	Because    string // the figure that speaks for it, by its column: "recency"
	Do         string // what to do, as a sentence
	Success    string // what one success is: "orders once more"
	Worth      string // the figure that says what a success is worth: "basket"; "" where nobody can say
	Hypothesis string // what only a test can show, as a clause behind "that"
}

// PlayBook returns the plays that Plan proposes where no others are given, for customers as package features makes them: copy it, change it, add
// your own.
func PlayBook() []Play {
	return []Play{
		{Name: "Second order", When: "orders <= 1 and recency <= recency_all", Because: "recency", Do: "Invite them to a second order while the first is fresh.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that an invitation makes them come back who would not have come"},
		{Name: "Leave alone", When: "orders <= 1", Because: "orders", Do: "Send them what everybody gets, and spend nothing extra.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that they stay away whatever is sent"},
		{Name: "Win back", When: "orders >= orders_all and recency >= 1.5 * recency_all", Because: "recency", Do: "Offer them a reason to come back.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that an offer brings back those who left: they are often not those who respond"},
		{Name: "Larger basket", When: "orders >= 1.5 * orders_all and basket < 0.8 * basket_all", Because: "basket", Do: "Show them what goes with what they buy; free delivery from a somewhat larger order on.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that they put more into a basket rather than order less often"},
		{Name: "Thank", When: "orders >= 1.5 * orders_all and recency <= recency_all", Because: "orders", Do: "Thank them, with a present or early access, and no discount: they order anyway.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that thanks keep them longer"},
		{Name: "One order more", When: "basket >= basket_all", Because: "basket", Do: "Invite them to one order more: each is large.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that an invitation adds an order rather than bringing the next one forward"},
		{Name: "Leave alone", When: "customers >= 0", Because: "orders", Do: "Send them what everybody gets, and spend nothing extra.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that nothing extra would pay here"},
	}
}
