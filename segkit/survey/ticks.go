package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
)

// Lists of which people may choose several, in many columns: each holds one text where it was chosen and nothing where it was not.

// takeTicks finds such columns and makes them columns of no and yes. Somebody who chose nothing in the whole list left it out, as far as
// one can see.
func (o Options) takeTicks(columns []*column) (notes []string) {
	for from := 0; from < len(columns); {
		to := from + 1
		for to < len(columns) && groupOf(columns[to]) == groupOf(columns[from]) {
			to++
		}
		if note := o.tick(columns[from:to]); note != "" {
			notes = append(notes, note)
		}
		from = to
	}
	return notes
}

// groupOf is the question that the item of a column belongs to, as far as its name tells: "Q3" of Q3_1, Q3[SQ001], "Q3 [Laptop]".
func groupOf(c *column) string {
	if c.group != "" {
		return c.group
	}
	if at := strings.LastIndexAny(c.name, "[_.:"); at > 0 {
		return strings.TrimSpace(c.name[:at])
	}
	return c.name
}

func (o Options) tick(columns []*column) (note string) {
	var ticks, beside []*column // beside: words of one's own behind "other"
	for _, c := range columns {
		_, _, scaled := of(o.Scales, c.name)
		_, _, kind := of(o.Kinds, c.name)
		marks := len(c.levels) == 1 && slices.Contains(c.at, missing) && !o.isDontKnow(c.levels[0])
		switch {
		case scaled || kind || isAdministrative(c.name):
			return ""
		case marks:
			ticks = append(ticks, c)
		case strings.Contains(folded(c.name), "other") || len(c.levels) == 0:
			beside = append(beside, c)
		default:
			return ""
		}
	}
	if len(ticks) < 2 {
		return ""
	}
	n := len(ticks[0].at)
	skipped := 0
	touched := make([]bool, n)
	for _, c := range append(slices.Clone(ticks), beside...) {
		for i, l := range c.at {
			touched[i] = touched[i] || l >= 0
		}
	}
	for _, yes := range touched {
		if !yes {
			skipped++
		}
	}
	for _, c := range ticks {
		c.made(fmt.Sprintf("ticked or left empty, one of %d of its list", len(ticks)), func(i int) int {
			switch {
			case !touched[i]:
				return missing
			case c.at[i] >= 0:
				return 1
			}
			return 0
		})
	}
	if skipped == 0 {
		return ""
	}
	return fmt.Sprintf("%s ticked nothing in the list %q, so all of it is missing: those who chose nothing cannot be told from those who skipped it.",
		wording.Capital(wording.Plural(skipped, "respondent")), groupOf(ticks[0]))
}

// made makes the column one of no and yes (0 and 1); why says how that is known.
func (c *column) made(why string, answer func(i int) int) {
	at, count := make([]int, len(c.at)), []int{0, 0}
	for i := range at {
		if at[i] = answer(i); at[i] >= 0 {
			count[at[i]]++
		}
	}
	c.at, c.count, c.levels, c.why = at, count, []string{"no", "yes"}, why
}
