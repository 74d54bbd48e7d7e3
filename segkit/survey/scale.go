package survey

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Scales of numbers, with or without words at their ends: 1 to 5, "0 - not at all likely", "I hate it!-5".

// mostSteps is how far a scale of numbers may reach: 0 to 10, -5 to 5.
const mostSteps = 10

// whole returns the texts as whole numbers; ok is false if one is none.
func whole(texts []string) (values []int, ok bool) {
	for _, text := range texts {
		v, err := strconv.ParseFloat(strings.Replace(text, "−", "-", 1), 64)
		if err != nil || v != float64(int(v)) || v > 1e6 || v < -1e6 {
			return nil, false
		}
		values = append(values, int(v))
	}
	return values, true
}

// ended takes a text apart into a word and a number at its end or its beginning. strong is the number with the sign that may as well
// be a dash: "I hate it!-5" is 5 behind a dash, or -5.
func ended(text string) (word string, plain, strong int, ok bool) {
	digits := func(r rune) bool { return r >= '0' && r <= '9' }
	const between = " \t-–—:=.,)(][|/\u00a0"
	if head := strings.TrimRightFunc(strings.TrimRight(text, ")] "), digits); len(head) < len(strings.TrimRight(text, ")] ")) {
		number := strings.TrimRight(text, ")] ")[len(head):]
		if v, err := strconv.Atoi(number); err == nil {
			word, plain, strong = strings.Trim(head, between+"+−"), v, v
			if strings.HasSuffix(head, "-") || strings.HasSuffix(head, "−") {
				strong = -v
			}
			return word, plain, strong, lettered(word)
		}
	}
	sign, rest := 1, text
	for _, minus := range []string{"-", "−"} {
		if tail, negative := strings.CutPrefix(text, minus); negative {
			sign, rest = -1, tail
		}
	}
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "+"), "([ ")
	tail := strings.TrimLeftFunc(rest, digits)
	if v, err := strconv.Atoi(rest[:len(rest)-len(tail)]); err == nil && tail != "" && strings.ContainsAny(tail[:1], between+"\u2013") || err == nil && strings.HasPrefix(tail, "–") {
		word = strings.Trim(tail, between)
		return word, sign * v, sign * v, lettered(word)
	}
	return "", 0, 0, false
}

func lettered(word string) bool { return strings.ContainsFunc(word, unicode.IsLetter) }

// numbered returns the number of each text and the word beside it, "" where there is none. ok is false where they are no scale of numbers.
func numbered(texts []string) (values []int, beside []string, ok bool) {
	plain, strong := make([]int, len(texts)), make([]int, len(texts))
	beside = make([]string, len(texts))
	for l, text := range texts {
		if v, is := whole([]string{text}); is {
			plain[l], strong[l] = v[0], v[0]
		} else if beside[l], plain[l], strong[l], is = ended(text); !is {
			return nil, nil, false
		}
	}
	reach := func(values []int) int {
		for l, v := range values {
			if slices.Contains(values[:l], v) {
				return mostSteps + 1
			}
		}
		return slices.Max(values) - slices.Min(values)
	}
	a, b := reach(plain), reach(strong)
	switch {
	case min(a, b) > mostSteps:
		return nil, nil, false
	case b < a || b == a && slices.Min(strong) == -slices.Max(strong):
		return strong, beside, true
	}
	return plain, beside, true
}

// steps are the numbers from low to high as levels, with the words that stand at some of them.
func steps(low, high int, words map[int]string) (q Question) {
	q.Kind = Scale
	for v := low; v <= high; v++ {
		q.Levels, q.Labels, q.Values = append(q.Levels, strconv.Itoa(v)), append(q.Labels, words[v]), append(q.Values, float64(v))
	}
	if len(words) == 0 {
		q.Labels = nil
	}
	return q
}

// readNumbered reads the levels at the given indexes as a scale of numbers with words at some of them.
func (c *column) readNumbered(at []int, given bool) (q Question, code []int, ok bool, err error) {
	texts := c.textsAt(at)
	values, beside, ok := numbered(texts)
	if !ok {
		return q, nil, false, c.mixed(at)
	}
	words := map[int]string{}
	for l, v := range values {
		if beside[l] != "" {
			words[v] = beside[l]
		}
	}
	_, known := bestWords(beside)
	if len(words) == len(values) && known < len(words) && !given { // a list whose answers are numbered, as far as one can see
		return q, nil, false, nil
	}
	low, high := slices.Min(values), slices.Max(values)
	order := make([]string, 0, len(words))
	for v := low; v <= high; v++ {
		order = append(order, words[v])
	}
	if direction(order) < 0 && !given {
		top, bottom := slices.IndexFunc(order, func(w string) bool { return w != "" }), wording.LastIndex(order, lastWord(order))
		return q, nil, false, c.refuse(at[slices.Index(values, low+top)], "if so, list the cells from low to high in Options.Scales",
			fmt.Sprintf("is %d for %q and %d for %q, so the scale seems to be upside down", low+top, order[top], low+bottom, order[bottom]))
	}
	q = steps(low, high, words)
	q.Why = fmt.Sprintf("numbers from %d to %d with words", low, high)
	for _, v := range values {
		code = append(code, v-low)
	}
	return q, code, true, nil
}

// mixed asks about a column of plain numbers in which a few have words beside them, and that is no scale all the same: two texts may stand
// for one step, or a number may be too far away.
func (c *column) mixed(at []int) error {
	plain, worded, first := 0, 0, 0
	for _, l := range at {
		if _, is := whole([]string{c.levels[l]}); is {
			plain++
		} else if _, _, _, is := ended(c.levels[l]); is {
			worded, first = worded+1, l
		}
	}
	if plain < 3 || worded == 0 || worded > 2 || plain+worded < len(at) {
		return nil
	}
	return c.refuse(first, "say in Options.Means which cells mean the same, or list the levels from low to high in Options.Scales",
		fmt.Sprintf("is among plain numbers, which make no scale with it: a number appears twice, or more than %d steps apart", mostSteps))
}

func lastWord(words []string) string {
	for l := len(words) - 1; l >= 0; l-- {
		if words[l] != "" {
			return words[l]
		}
	}
	return ""
}

// readWords reads the levels at the given indexes as steps of a common scale in words. Where only some are known it asks.
func (c *column) readWords(at []int) (q Question, code []int, ok bool, err error) {
	texts := c.textsAt(at)
	s, known := bestWords(texts)
	if known < 2 {
		return q, nil, false, nil
	}
	if unknown := len(texts) - known; unknown > 0 {
		strange := slices.IndexFunc(texts, func(text string) bool { return s.step(folded(text)) < 0 })
		if known < 3 || unknown > 2 {
			return q, nil, false, nil
		}
		return q, nil, false, c.refuse(at[strange], "say what it means in Options.Means, "+c.asNone(at[strange])+", list the levels from low to high in Options.Scales, or set Options.Kinds to survey.Choice",
			fmt.Sprintf("is not a known step of a scale of %s in %s, as the other %s are", s.about, s.language, wording.Plural(known, "answer")))
	}
	q = Question{Kind: Scale, Why: s.why()}
	code = make([]int, len(at))
	for step := range s.steps {
		first := -1
		for p, text := range texts {
			if s.step(folded(text)) != step {
				continue
			}
			if first >= 0 && folded(texts[first]) != folded(text) {
				return q, nil, false, c.refuse(at[p], "list the levels from low to high in Options.Scales, or give both one word in Options.Means",
					fmt.Sprintf("and %q are the same step of a scale of %s, as far as is known", texts[first], s.about))
			}
			if first < 0 {
				first = p
				q.Levels, q.Values = append(q.Levels, text), append(q.Values, float64(len(q.Values)+1))
			}
			code[p] = len(q.Levels) - 1
		}
	}
	return q, code, true, nil
}

// settleWords gives questions that stand beside each other, on the same scale of words, all steps that occur in any of them. One in which
// everybody chose the same step belongs to them.
func settleWords(drafts []*draft) {
	for from := 0; from < len(drafts); {
		s, ok := drafts[from].words()
		to := from + 1
		for ok && to < len(drafts) && drafts[to].onScale(s) {
			to++
		}
		for ok && from > 0 && drafts[from-1].Kind == Choice && drafts[from-1].onScale(s) {
			from--
		}
		if ok && to-from > 1 {
			unite(s, drafts[from:to])
		}
		from = to
	}
}

// words returns the scale of words that a draft was recognised by.
func (d *draft) words() (s wordScale, ok bool) {
	for _, s := range wordScales {
		if d.Kind == Scale && d.Why == s.why() {
			return s, true
		}
	}
	return s, false
}

// lopsided returns a step of a scale in words whose opposite nobody chose, though such scales are balanced: "Strongly disagree" without "Strongly agree". "" if there is none.
func (d *draft) lopsided() string {
	s, ok := d.words()
	if !ok || !slices.Contains([]string{"agreement", "satisfaction", "likelihood"}, s.about) || len(s.steps)%2 == 0 {
		return ""
	}
	var taken []int
	for _, level := range d.Levels {
		taken = append(taken, s.step(folded(level)))
	}
	for l, step := range taken {
		if !slices.Contains(taken, len(s.steps)-1-step) {
			return d.Levels[l]
		}
	}
	return ""
}

// onScale reports whether all answers of a draft are steps of s.
func (d *draft) onScale(s wordScale) bool {
	if d.Kind == Choice && len(d.Levels) == 1 {
		return s.step(folded(d.Levels[0])) >= 0
	}
	return d.Kind == Scale && d.Why == s.why()
}

// unite gives all drafts the steps that occur in any of them, each in its own spelling where it has one.
func unite(s wordScale, drafts []*draft) {
	spelling := map[int]string{}
	for _, d := range drafts {
		for _, level := range d.Levels {
			if step := s.step(folded(level)); spelling[step] == "" {
				spelling[step] = level
			}
		}
	}
	steps := slices.Sorted(maps.Keys(spelling))
	for _, d := range drafts {
		q := Question{Kind: Scale, Why: s.why()}
		for l, step := range steps {
			q.Levels, q.Values = append(q.Levels, spelling[step]), append(q.Values, float64(l+1))
		}
		code := make([]int, len(d.at))
		for p, text := range d.textsAt(d.at) {
			code[p] = slices.Index(steps, s.step(folded(text)))
			q.Levels[code[p]] = d.Levels[d.code[d.at[p]]]
		}
		d.is(q, code)
	}
}

// readGiven reads the levels at the given indexes as those that the user lists from low to high.
func (c *column) readGiven(at []int, levels []string, key string) (q Question, code []int, err error) {
	q = Question{Kind: Scale, Levels: slices.Clone(levels), Why: "levels given"}
	values, beside, isNumbered := numbered(levels)
	upside := !isNumbered && direction(levels) < 0
	if isNumbered && len(values) > 1 && slices.IsSortedFunc(values, func(a, b int) int { return b - a }) {
		upside = direction(beside) <= 0 // numbers fall, and no words say that they should
	}
	if upside {
		return q, nil, fault.Option("survey.Options", fmt.Sprintf("Scales[%q]", key), quoted(levels),
			"levels from low to high: these are upside down. For a statement that is worded against its battery use Options.Reversed")
	}
	q.Values = valuesOf(levels)
	for _, l := range at {
		p := slices.Index(levels, c.levels[l])
		if p < 0 {
			p = slices.IndexFunc(levels, func(level string) bool { return folded(level) == folded(c.levels[l]) })
		}
		if v, ok := whole(c.textsAt([]int{l})); p < 0 && ok && isNumbered { // "5" where the scale says "5 - fully"
			p = slices.Index(values, v[0])
		}
		if p < 0 {
			return q, nil, c.refuse(l, "mend the cell, say what it means in Options.Means, list it in Options.DontKnow, or "+c.asNone(l),
				fmt.Sprintf("is not one of the levels of its scale, %s", wording.List(levels)))
		}
		code = append(code, p)
	}
	return q, code, nil
}

// valuesOf are the numbers of levels that run from low to high: those that stand in them where these rise, else 1, 2, 3.
func valuesOf(levels []string) []float64 {
	numbers, _, ok := numbered(levels)
	values := make([]float64, len(levels))
	for l := range values {
		values[l] = float64(l + 1)
	}
	if ok && slices.IsSorted(numbers) {
		for l, v := range numbers {
			values[l] = float64(v)
		}
	}
	return values
}

// textsAt are the texts of the levels at the given indexes.
func (c *column) textsAt(at []int) []string {
	texts := make([]string, len(at))
	for p, l := range at {
		texts[p] = c.levels[l]
	}
	return texts
}
