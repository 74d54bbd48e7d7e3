package survey

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Bands of numbers, such as "18-24", "under 18" and "65+": a scale whose steps say where they stand.

// band is from where to where; open at one end at most.
type band struct{ low, high float64 }

var (
	belowWords = []string{"under", "below", "less", "up to", "younger", "<", "≤", "unter", "bis", "weniger", "jünger", "moins", "menos", "meno", "minder", "fewer"}
	aboveWords = []string{"+", "over", "above", "more", "older", "at least", ">", "≥", "über", "ab ", "mehr", "älter", "plus", "más", "mas de", "oltre", "meer", "ouder"}
)

// bandOf reads one band.
func bandOf(text string) (b band, ok bool) {
	text = folded(text)
	var numbers []float64
	var run strings.Builder
	end := func() bool {
		digits := strings.NewReplacer(",", "", "'", "", " ", "").Replace(strings.TrimRight(run.String(), ",.' "))
		run.Reset()
		if digits == "" {
			return true
		}
		v, err := strconv.ParseFloat(digits, 64)
		numbers = append(numbers, v)
		return err == nil
	}
	for _, r := range text {
		if unicode.IsDigit(r) || run.Len() > 0 && strings.ContainsRune(",.'", r) {
			run.WriteRune(r)
		} else if !end() {
			return b, false
		}
	}
	if !end() {
		return b, false
	}
	says := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
	}
	const far = 1e300
	switch {
	case len(numbers) == 2 && numbers[0] < numbers[1]:
		return band{numbers[0], numbers[1]}, true
	case len(numbers) == 1 && says(aboveWords):
		return band{numbers[0], far}, true
	case len(numbers) == 1 && says(belowWords):
		return band{-far, numbers[0]}, true
	}
	return b, false
}

// readBands reads the levels at the given indexes as bands that do not overlap, two of them closed at least.
func (c *column) readBands(at []int) (q Question, code []int, ok bool) {
	bands := make([]band, len(at))
	order := make([]int, len(at))
	closed := 0
	for p, text := range c.textsAt(at) {
		if bands[p], ok = bandOf(text); !ok {
			return q, nil, false
		}
		if bands[p].low > -1e300 && bands[p].high < 1e300 {
			closed++
		}
		order[p] = p
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(bands[a].low, bands[b].low) })
	for i := 1; i < len(order); i++ {
		if before, here := bands[order[i-1]], bands[order[i]]; before.high > here.low || before.low == here.low {
			return q, nil, false
		}
	}
	if closed < 2 {
		return q, nil, false
	}
	q = Question{Kind: Scale, Why: "bands of numbers"}
	code = make([]int, len(at))
	for l, p := range order {
		code[p] = l
		q.Levels, q.Values = append(q.Levels, c.levels[at[p]]), append(q.Values, float64(l+1))
	}
	return q, code, true
}
