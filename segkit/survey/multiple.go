package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Lists of which people may choose several, in one cell: "Laptop, Phone", as Google Forms writes it.

// other is what the words of people's own in such a list are called.
const other = "other"

// takeMultiple returns the columns, where one that holds several answers in a cell gives way to one of no and yes for each answer.
func (o Options) takeMultiple(columns []*column) (out []*column, err error) {
	for _, c := range columns {
		offered, _, given := of(o.Multiple, c.name)
		_, _, scaled := of(o.Scales, c.name)
		_, _, kind := of(o.Kinds, c.name)
		var parts [][]string // (levels)
		switch {
		case given && len(offered) > 0:
			parts = c.found(offered)
		case given:
			if parts, offered = c.parted(); offered == nil {
				return nil, fault.Option("survey.Options", fmt.Sprintf("Multiple[%q]", c.name), "no answers", "the answers offered, because no separator splits the cells into answers that recur")
			}
		case !scaled && !kind && !isAdministrative(c.name):
			if parts, offered = c.parted(); !c.several(parts) {
				offered = nil
			} else if half := c.half(); half >= 0 {
				return nil, c.refuse(half, fmt.Sprintf("set Options.Kinds[%q] to survey.Number, or Options.Multiple[%q] to the answers offered", c.name, c.name), "is a number with a decimal comma, or two answers of a list")
			}
		}
		if offered == nil {
			out = append(out, c)
			continue
		}
		has := make([]map[string]bool, len(parts))
		own := false
		for l := range parts {
			has[l] = map[string]bool{}
			for _, part := range parts[l] {
				if !slices.Contains(offered, part) {
					part, own = other, true
				}
				has[l][part] = true
			}
		}
		if own && !slices.Contains(offered, other) {
			offered = append(slices.Clone(offered), other)
		}
		for _, answer := range offered {
			one := &column{name: c.name + ": " + answer, text: c.text, group: c.name, at: slices.Clone(c.at), place: c.place}
			one.made(fmt.Sprintf("one of %d answers in the cells of %q", len(offered), wording.Clip(c.name)), func(i int) int {
				switch l := c.at[i]; {
				case l < 0 || o.isDontKnow(c.levels[l]):
					return missing
				case has[l][answer]:
					return 1
				}
				return 0
			})
			out = append(out, one)
		}
	}
	return out, nil
}

// found takes every cell apart into the answers offered, the longest first, and what is left over.
func (c *column) found(offered []string) [][]string {
	longest := slices.Clone(offered)
	slices.SortStableFunc(longest, func(a, b string) int { return len(b) - len(a) })
	parts := make([][]string, len(c.levels))
	for l, text := range c.levels {
		for _, answer := range longest {
			if before, behind, in := cutAnswer(text, answer); in {
				parts[l] = append(parts[l], answer)
				text = before + ";" + behind
			}
		}
		if rest := strings.Trim(text, ",;| \n"); rest != "" {
			parts[l] = append(parts[l], rest)
		}
	}
	return parts
}

// cutAnswer cuts an answer out of a text where it stands alone between separators.
func cutAnswer(text, answer string) (before, behind string, ok bool) {
	for from := 0; ; {
		at := strings.Index(text[from:], answer)
		if at < 0 {
			return "", "", false
		}
		before, behind = strings.TrimSpace(text[:from+at]), strings.TrimSpace(text[from+at+len(answer):])
		if (before == "" || strings.ContainsAny(before[len(before)-1:], ",;|\n")) && (behind == "" || strings.ContainsAny(behind[:1], ",;|\n")) {
			return before, behind, true
		}
		from += at + len(answer)
	}
}

// parted takes every cell apart at the separator that leaves the fewest different answers, and returns those that come back, the commonest
// first. Answers that never come without each other are one, with the separator in it.
func (c *column) parted() (parts [][]string, offered []string) {
	for _, separator := range []string{";", "|", "\n", ","} {
		if !slices.ContainsFunc(c.levels, func(text string) bool { return strings.Contains(text, separator) }) {
			continue
		}
		parts = make([][]string, len(c.levels))
		for l, text := range c.levels {
			for part := range strings.SplitSeq(text, separator) {
				if part = strings.TrimSpace(part); part != "" {
					parts[l] = append(parts[l], part)
				}
			}
		}
		c.rejoin(parts, separator)
		count := c.tally(parts)
		for part, n := range count {
			if n >= max(2, c.answered()/50) {
				offered = append(offered, part)
			}
		}
		slices.SortFunc(offered, func(a, b string) int {
			if count[a] != count[b] {
				return count[b] - count[a]
			}
			return strings.Compare(a, b)
		})
		return parts, offered
	}
	return nil, nil
}

// tally counts the cells that hold each part.
func (c *column) tally(parts [][]string) map[string]int {
	count := map[string]int{}
	for l := range parts {
		for _, part := range parts[l] {
			count[part] += c.count[l]
		}
	}
	return count
}

// rejoin makes one of parts that stand behind each other wherever either of them stands, and do so often.
func (c *column) rejoin(parts [][]string, separator string) {
	const often = 5
	for again := true; again; {
		again = false
		count := c.tally(parts)
		pairs := map[[2]string]int{}
		for l := range parts {
			for p := 1; p < len(parts[l]); p++ {
				pairs[[2]string{parts[l][p-1], parts[l][p]}] += c.count[l]
			}
		}
		for l := range parts {
			for p := 1; p < len(parts[l]); p++ {
				a, b := parts[l][p-1], parts[l][p]
				if n := pairs[[2]string{a, b}]; n >= often && n == count[a] && n == count[b] {
					parts[l] = slices.Replace(parts[l], p-1, p+1, a+separator+" "+b)
					p--
					again = true
				}
			}
		}
	}
}

// half is a level such as "1,5" where all that hold a comma are halves or quarters: -1 for none.
func (c *column) half() int {
	found := -1
	for l, text := range c.levels {
		whole, fraction, comma := strings.Cut(text, ",")
		if strings.Trim(whole, "0123456789") != "" || comma && !slices.Contains([]string{"5", "25", "50", "75"}, fraction) {
			return -1
		}
		if comma && found < 0 {
			found = l
		}
	}
	return found
}

// several reports whether cells hold several answers of a list: most parts come back, and cells hold now one, now more.
func (c *column) several(parts [][]string) bool {
	count := c.tally(parts)
	common, all, single, many := 0, 0, 0, 0
	kinds := 0
	for _, n := range count {
		all += n
		if n >= max(2, c.answered()/50) {
			common += n
			kinds++
		}
	}
	for l := range parts {
		if len(parts[l]) > 1 {
			many += c.count[l]
		} else {
			single += c.count[l]
		}
	}
	return kinds >= 2 && kinds <= 40 && 10*common >= 8*all && single > 0 && many > 1 && 10*many >= c.answered()
}
