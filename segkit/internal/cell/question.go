package cell

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
)

// Kind is what a question is about.
type Kind int

const (
	TwoReadings Kind = iota // thousands or decimals, day or month, one epoch or another
	Mixed                   // cells of one column contradict each other, or what the user said
	TwoUnits                // two currencies, or percent beside plain numbers
	Unreadable              // cells that are no numbers, or no dates
	TooLarge                // cells that 64 bits do not hold
)

// Question is why a column cannot be read without a word from the user. "%q Why: Remedy", with the cell in front, is a sentence.
type Question struct {
	Kind
	Seen          // the first cell that asks it, and how many there are
	Why    string // a clause about that cell
	Remedy string // an imperative; an option that it names gives one reading, and no other question, of this column
}

// Words are how questions speak: the caller's options and whether its rows are lines of a file.
type Words struct {
	Row     string // "line" or "row"
	Decimal string // "OrdersOptions.Decimal"
	Layout  string // "OrdersOptions.DateLayout"
	Zone    string // "OrdersOptions.Zone"
}

// Question returns what stands in the way of reading the column with the decimal mark that the user gave (0: none), nil
// if nothing does.
func (n *Numbers) Question(answer rune, w Words) *Question {
	readings := n.Readings(answer)
	switch {
	case n.bad.Count > 0:
		return &Question{Unreadable, n.bad, "is not a number", "mend the cell"}
	case len(n.units) > 1:
		var parts []string
		for _, u := range n.units {
			parts = append(parts, fmt.Sprintf("%s in %s (first in %s %d)", u.Unit, wording.Plural(u.Count, "cell"), w.Row, u.Row))
		}
		return &Question{TwoUnits, n.units[1].Seen, "has another unit than others of this column, " + strings.Join(parts, ", ") + ", and they cannot be added up",
			"keep the rows of one unit, or convert the others first"}
	case len(n.units) == 1 && n.units[0].Unit == Percent && n.bare.Count > 0:
		return &Question{TwoUnits, n.bare, fmt.Sprintf("has no percent sign while %s of this column, such as %q, %s, so it may be a share", wording.Plural(n.units[0].Count, "cell"),
			n.units[0].Cell, map[bool]string{true: "has one", false: "have one"}[n.units[0].Count == 1]), "write all cells of the column in one way"}
	case len(readings) == 0 && answer == '.':
		return &Question{Mixed, n.comma, "cannot be read with a decimal point", n.tried(',', w)}
	case len(readings) == 0 && answer == ',':
		return &Question{Mixed, n.point, "cannot be read with a decimal comma", n.tried('.', w)}
	case len(readings) == 0:
		few, many := n.comma, n.point
		comma, point := "comma", "point"
		if few.Count > many.Count {
			few, many, comma, point = many, few, point, comma
		}
		return &Question{Mixed, few, fmt.Sprintf("can only have a decimal %s, but %q in %s %d can only have a decimal %s", comma, many.Cell, w.Row, many.Row, point),
			"write all cells of the column in one way"}
	case len(readings) == 2:
		return n.thousands(readings[0], readings[1], w)
	case n.large.Count > 0:
		return &Question{TooLarge, n.large, "is too large to be summed exactly", "mend the cell"}
	}
	return nil
}

// tried is the advice to give another decimal mark, where that reads the column.
func (n *Numbers) tried(mark rune, w Words) string {
	if n.Question(mark, w) == nil {
		return fmt.Sprintf("set %s to %q", w.Decimal, mark)
	}
	return "write all cells of the column in one way"
}

// thousands asks whether a mark is the decimal mark or sets thousands apart.
func (n *Numbers) thousands(points, commas Reading, w Words) *Question {
	q := &Question{Kind: TwoReadings, Seen: n.either}
	mark, asDecimal, asGroup, decimal, group := "point", points, commas, '.', ','
	if strings.Contains(q.Cell, ",") {
		mark, asDecimal, asGroup, decimal, group = "comma", commas, points, ',', '.'
	}
	d, dd, _ := asDecimal.Parse([]byte(q.Cell))
	g, gd, _ := asGroup.Parse([]byte(q.Cell))
	q.Why = fmt.Sprintf("is %v if its %s sets thousands apart, and %v if that is a decimal %s; no cell of the column decides, and it adds up to %v or to %v",
		Amount{g, gd}, mark, Amount{d, dd}, mark, asGroup.Sum, asDecimal.Sum)
	q.Remedy = fmt.Sprintf("set %s to %q for %v, or to %q for %v", w.Decimal, group, asGroup.Sum, decimal, asDecimal.Sum)
	return q
}
