package campaign

import "github.com/segkit/lab/segkit/sheet"

// A Play is something to do about a segment, and when. A play book is a list of plays that you edit: the first play whose condition a segment meets is
// proposed.
//
// Conditions are written as Table.Where reads them, over the figures of the segment: the median of each numeric column (the share of yes for one of yes and no)
// under the column's name, the same for all customers as NAME_all, and customers, share (of all customers), expected (money per customer in the time ahead) and risk
// (the share expected not to order).
type Play struct {
	Name       string // "Win back"
	When       string // "orders >= orders_all and recency >= 1.5 * recency_all"
	Because    string // the figure that speaks for it, by its column: "recency"
	Do         string // what to do, as a sentence
	Success    string // what one success is: "orders once more"; "" if nothing is done that could be tested
	Worth      string // the figure that says what a success is worth: "basket"; "" if nobody can say
	Hypothesis string // what only a test can show, as a clause after "that"
}

// Plays is a play book, in the order in which plays are tried.
type Plays []Play

// Sheet lists the plays with their conditions.
func (p Plays) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: "What to do with a segment: the first play whose condition it meets", Total: len(p),
		Columns: []sheet.Column{{Name: "play", Text: true}, {Name: "when", Text: true}, {Name: "what to do", Text: true}, {Name: "only a test can show", Text: true}}}
	for _, play := range p {
		out.Rows = append(out.Rows, []string{play.Name, play.When, play.Do, play.Hypothesis})
	}
	return out
}

// PlayBook returns the plays that Plan proposes if no others are given, for customers as made by package features: copy it, change it, add your
// own.
func PlayBook() Plays {
	return Plays{
		{Name: "Second order", When: "orders <= 1 and recency <= recency_all", Because: "recency", Do: "Invite them to place a second order while the first is fresh.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that an invitation brings back customers who would not have come"},
		{Name: "Leave alone", When: "orders <= 1", Because: "orders", Do: "Send them what everybody gets, and spend nothing extra.",
			Hypothesis: "that they stay away whatever is sent"},
		{Name: "Win back", When: "orders >= orders_all and recency >= 1.5 * recency_all", Because: "recency", Do: "Offer them a reason to come back.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that an offer brings back those who left: those who respond are often others"},
		{Name: "Larger basket", When: "orders >= 1.5 * orders_all and basket < 0.8 * basket_all", Because: "basket", Do: "Show them what goes with what they buy; offer free delivery on somewhat larger orders.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that they put more into a basket rather than order less often"},
		{Name: "Thank", When: "orders >= 1.5 * orders_all and recency <= recency_all", Because: "orders", Do: "Thank them, with a present or early access; no discount unless a test shows that it adds orders.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that thanking them keeps them longer"},
		{Name: "One order more", When: "basket >= 1.2 * basket_all", Because: "basket", Do: "Invite them to place one more order: each is large.",
			Success: "orders once more", Worth: "basket", Hypothesis: "that an invitation adds an order rather than bringing the next one forward"},
		{Name: "Leave alone", When: "customers >= 0", Because: "orders", Do: "Send them what everybody gets, and spend nothing extra.",
			Hypothesis: "that nothing extra would pay off here"},
	}
}
