package rulebook

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/tree"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// A rule twice: as a formula that Where, rule books and SQL read, and in words. Both say exactly the same.

// comparisons is what they are called in a formula, or in words.
type comparisons struct{ below, atMost, atLeast, above, is, isNot string }

var (
	inFormula = comparisons{"<", "<=", ">=", ">", "==", "!="}
	inSpeech  = comparisons{"below", "at most", "at least", "above", "is", "is not"}
)

// each calls say with every comparison of b and its value, and none with the levels that b rules out where they are several.
func (w comparisons) each(c table.Column, b tree.Bound, say func(comparison string, v float64), none func(levels []float64)) {
	below, above := w.below, w.atLeast
	if c.LowerIsBetter {
		below, above = w.atMost, w.above
	}
	if !math.IsNaN(b.From) {
		say(above, b.From)
	}
	if !math.IsNaN(b.To) {
		say(below, b.To)
	}
	if !math.IsNaN(b.Is) {
		say(w.is, b.Is)
	}
	switch {
	case len(b.Not) == 0:
	case len(c.Levels) == 2:
		say(w.is, 1-b.Not[0])
	case len(b.Not) == 1:
		say(w.isNot, b.Not[0])
	default:
		none(b.Not)
	}
}

// ruleFormula reads like "orders >= 6 and recency <= 90".
func ruleFormula(columns []table.Column, path tree.Path) string {
	var parts []string
	for _, b := range path {
		c := columns[b.Column]
		name := condition.Name(c.Name)
		is := func(operator string, v float64) {
			value := wording.Number(v)
			if c.Categorical() {
				value = strconv.Quote(c.Levels[int(v)])
			}
			parts = append(parts, fmt.Sprintf("%s %s %s", name, operator, value))
		}
		inFormula.each(c, b, is, func(levels []float64) {
			quoted := make([]string, len(levels))
			for i, l := range levels {
				quoted[i] = strconv.Quote(c.Levels[int(l)])
			}
			parts = append(parts, fmt.Sprintf("%s not in [%s]", name, strings.Join(quoted, ", ")))
		})
	}
	if parts == nil {
		return "true"
	}
	return strings.Join(parts, " and ")
}

// ruleWords reads like "orders at least 6, recency at most 90 days, not sports". yesNo (d) tells the columns that hold 0 and 1.
func ruleWords(columns []table.Column, yesNo []bool, path tree.Path) string {
	var parts []string
	for _, b := range path {
		c := columns[b.Column]
		if yes := c.Yes(); yes >= 0 || yesNo[b.Column] {
			one := !math.IsNaN(b.From) || b.Is == 1 || len(b.Not) == 1 && b.Not[0] == 0 // of the two values, 0 and 1
			parts = append(parts, c.Answer(one == (yes != 0)))
			continue
		}
		var says []string
		is := func(word string, v float64) {
			if c.Categorical() {
				says = append(says, word+" "+c.Word(int(v)))
				return
			}
			digits := wording.Number(v)
			if _, fraction, _ := strings.Cut(digits, "."); !strings.Contains(digits, "e") {
				digits = sheet.Fixed(v, len(fraction))
			}
			says = append(says, word+" "+digits)
		}
		inSpeech.each(c, b, is, func(levels []float64) {
			names := make([]string, len(levels))
			for i, l := range levels {
				names[i] = c.Word(int(l))
			}
			says = append(says, "is none of "+sheet.List(names))
		})
		text := wording.InWords(c.Name) + " " + strings.Join(says, " and ")
		if !c.Categorical() {
			text = wording.Measured(text, c.Unit)
		}
		parts = append(parts, text)
	}
	if parts == nil {
		return "everyone"
	}
	return strings.Join(parts, ", ")
}
