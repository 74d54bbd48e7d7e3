package survey

import (
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/layout"
)

// The second and third lines of names that Qualtrics and SurveyMonkey write below the header.

// takeHeader takes the rows below the header that name the questions once more out of the columns, and names the columns by them.
// Qualtrics writes the questions as asked and a line of ImportId; SurveyMonkey writes the answers of lists and the items of batteries below
// the one question that they belong to.
func takeHeader(columns []*column, id int) (note string) {
	first := func(c *column, row int) string {
		if row >= len(c.at) || c.at[row] < 0 {
			return ""
		}
		return c.levels[c.at[row]]
	}
	for row := range 3 {
		if slices.ContainsFunc(columns, func(c *column) bool { return strings.HasPrefix(first(c, row), `{"ImportId"`) }) {
			for _, c := range columns {
				if row > 0 && folded(first(c, row-1)) != folded(c.name) {
					c.text = first(c, row-1)
				}
				c.behead(row + 1)
			}
			return "The lines below the header repeat the questions and say where Qualtrics keeps them; they are read as such."
		}
	}
	subheaded := func(j int) bool { // a column that only the second line names
		return columns[j].name == layout.Unnamed(j) && first(columns[j], 0) != ""
	}
	any := false
	for j := range columns {
		any = any || subheaded(j)
	}
	if lead := max(id, 0); !any || first(columns[lead], 0) != "" {
		return ""
	}
	group := ""
	for j, c := range columns {
		sub := first(c, 0)
		if c.name != layout.Unnamed(j) {
			group = c.name
		}
		alone := (j+1 == len(columns) || columns[j+1].name != layout.Unnamed(j+1)) && c.name != layout.Unnamed(j)
		if sub != "" && (!alone || sub != "Response" && sub != "Open-Ended Response") {
			c.name, c.group = group+": "+sub, group
		}
		c.behead(1)
	}
	return "The second line names the answers of lists and the items of batteries, as SurveyMonkey writes it; a column is named after both lines."
}

// behead takes the first rows away.
func (c *column) behead(rows int) {
	gone := c.at[:rows]
	c.at = c.at[rows:]
	for _, l := range gone {
		if l >= 0 {
			c.count[l]--
		}
	}
	var kept []int
	for l, n := range c.count {
		if n > 0 {
			kept = append(kept, l)
		}
	}
	c.remap(kept)
}
