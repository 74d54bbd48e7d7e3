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

// Rules returns the scoring sheet as a rule book, whose Assign names the same segments as Score and whose SQL runs on a database: a rule for each
// segment says that no other has more points. Of equal points the first rule decides, and a missing answer gives none. Rules that people read
// rather than add up come from rulebook.Explain over the same columns.
func (p *Points) Rules() (*rulebook.Book, error) {
	if p == nil {
		return nil, fault.Nil("typing.Points.Rules", "scoring sheet")
	}
	book := new(rulebook.Book)
	for l, name := range p.Names {
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
		column, points := condition.Name(q.Name), "0"
		for a := len(q.Levels) - 1; a >= 0; a-- {
			if d := p.Answers[j][a][l] - p.Answers[j][a][m]; d != 0 {
				value := strconv.Quote(q.Levels[a])
				if q.Numbers {
					value = q.Levels[a]
				}
				points = fmt.Sprintf("if(%s == %s, %d, %s)", column, value, d, points)
			}
		}
		if points != "0" {
			sum += fmt.Sprintf(" + if(missing(%s), 0, %s)", column, points)
		}
	}
	return sum
}
