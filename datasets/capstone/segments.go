package capstone

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// ofThatShop is the hint for what describes the segments of another model than the one asked for.
const ofThatShop = "Model is what recipe.Fit(customers) gave, in the shop that has groups"

// gradeSegments looks at the number of segments, their names and their cards.
func gradeSegments(named map[string]*Criterion, b *known, h HandIn) {
	few, number, names, cards := named["few segments"], named["as many as there are"], named["names"], named["cards"]
	segments, problem := scored(h.Model, b)
	if problem != "" {
		for _, c := range []*Criterion{few, number, names} {
			c.Found, c.Hint = problem, ofThatShop
		}
	} else {
		gradeNumber(few, number, b, segments)
		gradeNames(names, b, segments)
	}
	gradeCards(cards, h, problem)
}

// scored is who of a shop is in which segment, or what stands against it.
func scored(m *segkit.Model, k *known) (*table.Segments, string) {
	if m == nil {
		return nil, "no model is handed in yet"
	}
	if !near(m.Customers, k.customers.Len()) {
		return nil, fmt.Sprintf("the model was made from %s customers; that is not the shop with groups as of 30 June 2025", sheet.Count(m.Customers))
	}
	segments, err := m.Score(k.customers)
	if err != nil {
		return nil, "the model reads something that clean.Features does not give: " + err.Error()
	}
	return segments, ""
}

func gradeNumber(few, number *Criterion, b *known, s *table.Segments) {
	const least, most, share = 3, 5, .05
	smallest := float64(slices.Min(s.Counts())) / float64(s.Count())
	few.Found = fmt.Sprintf("%s, the smallest with %s of the customers", plural(s.K(), "segment"), sheet.Percent(smallest))
	if s.K() >= least && s.K() <= most && smallest >= share {
		few.Points = few.Of
	} else {
		few.Hint = "few companies can treat more than five groups differently, and a handful of customers is not a segment (lesson 11)"
	}
	number.Found = plural(s.K(), "segment")
	if s.K() == b.kinds {
		number.Points = number.Of
	} else {
		number.Hint = "sweep.Advice() says which number the evidence favours; segments beyond it cut a group in two"
	}
}

// gradeNames wants names that differ from one another, that are words, and that somebody thought of.
func gradeNames(c *Criterion, b *known, s *table.Segments) {
	machine, err := describe.Names(b.customers, s)
	var quoted []string // a name may have a comma in it
	for _, name := range s.Names {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	c.Found = sheet.List(quoted)
	seen := map[string]bool{}
	for _, name := range s.Names {
		word := strings.IndexFunc(name, unicode.IsLetter) >= 0 && len([]rune(name)) >= 3
		if !word || seen[name] || err == nil && slices.Contains(machine, name) {
			c.Found += fmt.Sprintf(": not %q", name)
			c.Hint = "the machine's names say what stands out on one day. Look at what these customers do in the course of a year, and set model.Names"
			return
		}
		seen[name] = true
	}
	c.Points = c.Of
}

// gradeCards wants a card for each segment of the model, with sentences and a rule; problem is what stands against the model.
func gradeCards(c *Criterion, h HandIn, problem string) {
	const hint = "profile.Personas(rules) makes them, from a profile of the segments under their own names (lesson 10)"
	if len(h.Cards) == 0 {
		c.missing(hint)
		return
	}
	if problem != "" {
		c.Found, c.Hint = problem, ofThatShop
		return
	}
	cards := map[string]describe.Persona{}
	for _, card := range h.Cards {
		cards[card.Name] = card
	}
	c.Found = fmt.Sprintf("%s for %s", plural(len(h.Cards), "card"), plural(h.Model.K(), "segment"))
	for _, name := range h.Model.Names {
		card, has := cards[name]
		switch {
		case !has:
			c.Found += fmt.Sprintf(", none of them for %q", name)
		case len(card.Sentences) == 0:
			c.Found += fmt.Sprintf("; that of %q does not say what stands out", name)
		case card.Rule == "":
			c.Found += fmt.Sprintf("; that of %q does not say how to recognise it", name)
		default:
			continue
		}
		c.Hint = hint
		return
	}
	c.Points = c.Of
}

// gradeRules tries the rules on customers who are in no file.
func gradeRules(c *Criterion, b, unseen *known, h HandIn) {
	const enough = .80
	fidelity, problem := agreement(h, b, unseen)
	if problem != "" {
		c.Found, c.Hint = problem, "rulebook.Explain(part, segments, …) says the segments of the shop that has groups as rules (lesson 08)"
		return
	}
	c.Found = fmt.Sprintf("of %s other customers of the shop, %s are where the model has them", sheet.Count(unseen.customers.Len()), sheet.Percent(fidelity))
	if fidelity >= enough {
		c.Points = c.Of
	} else {
		c.Hint = "one more condition (MaxConditions), or fewer segments"
	}
}

// agreement is the share of the unseen customers of shop b for whom rules and model name the same segment. A model of another shop has no share:
// its rules may well agree with it here, and say nothing about the groups that are asked for.
func agreement(h HandIn, b, unseen *known) (share float64, problem string) {
	if h.Model == nil || h.Rules == nil {
		return math.NaN(), "nothing is handed in yet"
	}
	if _, problem := scored(h.Model, b); problem != "" {
		return math.NaN(), problem
	}
	byModel, err := h.Model.Score(unseen.customers)
	if err != nil {
		return math.NaN(), "the model cannot place other customers: " + err.Error()
	}
	byRules, err := h.Rules.Assign(unseen.customers)
	if err != nil {
		return math.NaN(), "the rules cannot place other customers: " + err.Error()
	}
	model, same := byModel.NameOfEach(), 0
	for i, name := range byRules.NameOfEach() {
		if name == model[i] {
			same++
		}
	}
	return float64(same) / float64(len(model)), ""
}

// gradeHeldBack asks whether the rules were made without some customers, and whether what is said of these comes true.
func gradeHeldBack(c *Criterion, b, unseen *known, h HandIn) {
	const least, most, within = .50, .90, .05
	fidelity, problem := agreement(h, b, unseen)
	if problem != "" {
		c.Found, c.Hint = problem, "in the shop that has groups, hold a fifth of the customers back, make the rules from the others, and try them on the fifth"
		return
	}
	madeOf := float64(madeFrom(h.Rules)) / float64(h.Model.Customers)
	c.Found = fmt.Sprintf("the rules were made from %s of the customers of the model; you state a fidelity of %s, and on other customers it is %s",
		sheet.Percent(madeOf), sheet.Percent(h.Fidelity), sheet.Percent(fidelity))
	switch {
	case madeOf > most:
		c.Hint = "rules that have seen every customer can be tried on none: customers.Rows takes a part of them"
	case madeOf < least:
		c.Hint = "that is too few to make rules from: hold a fifth back"
	case !(math.Abs(h.Fidelity-fidelity) <= within): // NaN included
		c.Hint = "Fidelity is a share of 1, of the customers that you held back; rulebook.Adopt(held, …) counts it"
	default:
		c.Points = c.Of
	}
}

// madeFrom is how many customers an explanation was made of: its rules take each of them once, but for those who lack a value.
func madeFrom(e *rulebook.Explanation) int {
	n := e.Untaken
	for _, rule := range e.Evidence {
		n += rule.Customers
	}
	return n
}
