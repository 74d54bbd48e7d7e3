package shop

// The survey: ten statements answered from 1 (not at all) to 5 (fully), four questions answered yes or no. Answers follow
// the latent segment, the person's own style (some agree with everything), and chance; some answers are missing.

// Answers is one returned sheet. 0 is a missing answer.
type Answers struct {
	Customer string
	Scale    [10]int // 1 to 5
	YesNo    [4]int  // 1 no, 2 yes
}

var (
	// Statements are the column names of the ten scale items.
	Statements = [10]string{"price_matters", "quality_matters", "try_new_things", "plan_purchases", "enjoy_browsing",
		"service_matters", "loyal_to_brands", "buy_as_gifts", "sustainability_matters", "compare_shops"}
	// Questions are the column names of the four yes/no items.
	Questions = [4]string{"reads_newsletter", "has_garden", "has_children", "buys_elsewhere"}
)

const missingAnswer = .03

// Survey returns the sheets by customer number; who did not reply has none.
func (s *Shop) Survey() []Answers {
	var sheets []Answers
	for i, c := range s.Customers {
		r := newStream(s.Options.Seed, "survey", i)
		if c.Segment == NoSegment || !r.chance(c.story.replies) {
			continue
		}
		a := Answers{Customer: c.ID}
		style := float64(.45 * r.normal())
		for k, attitude := range c.story.attitudes {
			answer := attitude + style + float64(.85*r.normal())
			if !r.chance(missingAnswer) {
				a.Scale[k] = min(max(int(answer+.5), 1), 5)
			}
		}
		for k, p := range c.story.yes {
			yes := r.chance(p)
			switch {
			case r.chance(missingAnswer):
			case yes:
				a.YesNo[k] = 2
			default:
				a.YesNo[k] = 1
			}
		}
		sheets = append(sheets, a)
	}
	return sheets
}
