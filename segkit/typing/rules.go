package typing

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/rulebook"
)

// The scoring sheet as a rule book: what a person adds up, a database does too.

// Rules returns the scoring sheet as a rule book, whose Assign gives the same segments as Score and whose SQL runs on a database. There is a rule for each segment
// except the last, which takes the rest; it says that no other segment has more points. If points are equal, the first rule decides, and a missing answer gives no
// points. For rules to read rather than to add up, use rulebook.Explain on the same columns.
func (p *Points) Rules() (*rulebook.Book, error) {
	if p == nil {
		return nil, fault.Nil("typing.Points.Rules", "scoring sheet")
	}
	last := len(p.Names) - 1
	book := &rulebook.Book{Rest: p.Names[last]} // somebody has the most points
	for l, name := range p.Names[:last] {
		var parts []string
		for m := range p.Names {
			if m != l {
				parts = append(parts, p.leadOf(l, m)+" >= 0")
			}
		}
		book.Rules = append(book.Rules, rulebook.Rule{Name: name, When: strings.Join(parts, " and ")})
	}
	return book, nil
}

// leadOf writes how many points segment l has more than segment m.
func (p *Points) leadOf(l, m int) string {
	sum := strconv.Itoa(p.Start[l] - p.Start[m])
	for j, q := range p.Questions {
		column := condition.Name(q.Name)
		var points []string
		for a, level := range q.Levels {
			value := strconv.Quote(level)
			if q.Numbers {
				value = level
			}
			if d := p.Answers[j][a][l] - p.Answers[j][a][m]; d != 0 {
				points = append(points, fmt.Sprintf("%d * (%s == %s)", d, column, value))
			}
		}
		if points != nil {
			sum += fmt.Sprintf(" + if(missing(%s), 0, %s)", column, strings.Join(points, " + "))
		}
	}
	return sum
}
