package survey

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/wording"
)

// What a question asks for, from what stands in its column and from what the user says of it.

// mostChoices is how many different answers a list may have; beyond it a question is open.
const mostChoices = 50

// draft is a question on its way to be recognised.
type draft struct {
	*column
	Question
	code  []int // (levels) what each text is: a level, or dontKnow and below
	whole []int // (texts that are answers) plain whole numbers that may be a scale, nil for something else
	at    []int // (texts that are answers) indexes into column.levels
}

// recognise says what a column asks for. Plain whole numbers are left for settle, which sees all columns.
func (o Options) recognise(c *column) (*draft, error) {
	d := &draft{column: c, Question: Question{Name: c.name, Text: c.text}, code: make([]int, len(c.levels))}
	if c.why != "" {
		d.at = []int{0, 1}
		return d.is(Question{Kind: YesNo, Levels: c.levels, Values: []float64{0, 1}, Why: c.why}, []int{0, 1}), nil
	}
	levels, key, scaled := of(o.Scales, c.name)
	kind, _, given := of(o.Kinds, c.name)
	administrative := !given && !scaled && isAdministrative(c.name)
	if given && (kind == Open || kind == Administrative) || administrative {
		d.Kind, d.Why = kind, "kind given"
		if administrative {
			d.Kind, d.Why = Administrative, "its name"
		}
		return d, nil
	}
	if !given && !scaled && c.official() {
		d.Kind, d.Why = Administrative, identify.Official.String()
		return d, nil
	}
	for l, text := range c.levels {
		if !slices.Contains(levels, text) && o.isDontKnow(text) {
			d.code[l] = dontKnow - len(d.DontKnow)
			d.DontKnow = append(d.DontKnow, text)
		} else {
			d.at = append(d.at, l)
		}
	}
	if scaled {
		q, code, err := c.readGiven(d.at, levels, key)
		return d.is(q, code), err
	}
	if len(d.at) == 0 {
		d.Kind, d.Why = Open, "nobody answered"
		return d, nil
	}
	if c.read.Ordered { // of a table that knows
		q, code := c.asRead(d.at)
		return d.is(q, code), nil
	}
	if given {
		return d, d.asKind(kind)
	}
	if q, code, ok, err := c.readYesNo(d.at); ok || err != nil {
		return d.is(q, code), err
	}
	var digits cell.Digits
	for p, text := range c.textsAt(d.at) {
		digits.Add([]byte(text), p+1)
	}
	codes := digits.Padded() || digits.Others && digits.Zeros.Count > 0 // among other texts, a code is no number to ask about
	if values, ok := whole(c.textsAt(d.at)); ok && !codes {
		d.whole = values
		return d, nil
	}
	if q, code, ok, err := c.readNumbered(d.at, false); ok || err != nil {
		return d.is(q, code), err
	}
	if q, code, ok, err := c.readWords(d.at); ok || err != nil {
		return d.is(q, code), err
	}
	if q, code, ok := c.readBands(d.at); ok {
		return d.is(q, code), nil
	}
	if !codes {
		if ok, err := d.readNumbers(); ok || err != nil {
			return d, err
		}
	}
	if !codes && c.times() != nil {
		d.Kind, d.Why = Administrative, "dates"
		return d, nil
	}
	single := 0 // answers that nobody else gave
	for _, l := range d.at {
		if c.count[l] == 1 {
			single++
		}
	}
	if len(d.at) > mostChoices || len(d.at) > 12 && 2*single > len(d.at) {
		d.Kind, d.Why = Open, sayDifferent(len(d.at))
		return d, nil
	}
	d.choice("a list of answers")
	return d, nil
}

func sayDifferent(n int) string { return wording.Plural(n, "different answer") }

// is takes a question that was read over, with the codes of the answers.
func (d *draft) is(q Question, code []int) *draft {
	q.Name, q.Text, q.DontKnow = d.Name, d.Text, d.DontKnow
	d.Question = q
	for p, l := range d.at {
		if code != nil {
			d.code[l] = code[p]
		}
	}
	return d
}

// choice makes the question a list of the answers that occur.
func (d *draft) choice(why string) {
	q := Question{Kind: Choice, Levels: d.textsAt(d.at), Why: why}
	code := make([]int, len(d.at))
	for p := range code {
		code[p] = p
	}
	d.is(q, code)
}

// asRead takes the levels of a table's ordered category over.
func (c *column) asRead(at []int) (q Question, code []int) {
	q = Question{Kind: Scale, Levels: slices.Clone(c.read.Levels), Labels: slices.Clone(c.read.Labels), Why: "levels of the table"}
	q.Values = valuesOf(q.Levels)
	for _, l := range at {
		code = append(code, slices.Index(q.Levels, c.levels[l]))
	}
	return q, code
}

// asKind reads the column as the kind that the user says.
func (d *draft) asKind(kind Kind) error {
	var q Question
	var code []int
	ok, err := false, error(nil)
	switch kind {
	case Choice:
		d.choice("kind given")
		return nil
	case Number:
		if ok, err = d.readNumbers(); err == nil && ok {
			d.Why = "kind given"
			return nil
		}
	case YesNo:
		q, code, ok, err = d.readYesNo(d.at)
	case Scale:
		if q, code, ok, err = d.readWords(d.at); !ok && err == nil {
			q, code, ok, err = d.readNumbered(d.at, true)
		}
		if !ok && err == nil {
			q, code, ok = d.readBands(d.at)
		}
	}
	if err != nil {
		return err
	}
	if !ok {
		remedy := "list its levels from low to high in Options.Scales"
		if kind == YesNo {
			remedy = `say which answers mean "no" and "yes" in Options.Means`
		} else if kind == Number {
			remedy = "mend the cell, or leave the kind open"
		}
		return d.refuse(d.at[0], remedy, fmt.Sprintf("cannot be read as the kind that Options.Kinds says, %v", kind))
	}
	d.is(q, code)
	return nil
}

// readNumbers reads the answers as numbers: age, hours, euros. Where most are and some are not, it asks.
func (d *draft) readNumbers() (ok bool, err error) {
	var seen cell.Numbers
	good, bad, strange := 0, 0, -1
	for p, text := range d.textsAt(d.at) {
		before := seen.Bad().Count
		seen.Add([]byte(text), p+1)
		if seen.Bad().Count == before {
			good += d.count[d.at[p]]
			continue
		}
		bad += d.count[d.at[p]]
		if strange < 0 {
			strange = p
		}
	}
	if seen.Count() == 0 || good < 4*bad {
		return false, nil
	}
	if strange >= 0 {
		return false, d.refuse(d.at[strange], "mend the cell, say what it means in Options.Means or Options.DontKnow, "+d.asNone(d.at[strange])+", or set Options.Kinds to survey.Open",
			fmt.Sprintf("is not a number, as %s in the column are", wording.Plural(good, "answer")))
	}
	read := seen.Readings(0)
	if len(read) != 1 {
		return false, d.refuse(d.at[0], "set Options.CSV.Decimal to '.' or ','", "can be read with a decimal point or a decimal comma")
	}
	values := make([]float64, len(d.levels))
	for _, l := range d.at {
		v, ok := read[0].Float([]byte(d.levels[l]))
		if !ok {
			return false, nil
		}
		values[l] = v
	}
	d.number(values)
	return true, nil
}

// number makes the question one for a number; values (levels) are what the texts are.
func (d *draft) number(values []float64) {
	d.is(Question{Kind: Number, Why: "numbers", numbers: numbersOf(d.column, values, d.code)}, nil)
	for _, l := range d.at {
		d.code[l] = 0
	}
}

// settle decides on what columns show together: which of plain whole numbers are scales, and from where to where; and which steps a battery
// in words has, though nobody may have chosen some of them in one of its questions.
func (o Options) settle(drafts []*draft) error {
	settleWords(drafts)
	scales := map[[2]int]int{} // how many columns run from low to high
	common, most := [2]int{}, 0
	for _, d := range drafts {
		if low, high, ok := d.scale(); ok {
			scales[[2]int{low, high}]++
			if n := scales[[2]int{low, high}]; n > most {
				common, most = [2]int{low, high}, n
			}
		}
	}
	for _, d := range drafts {
		if d.whole == nil {
			continue
		}
		low, high, ok := d.said()
		why := "as the question says"
		if !ok {
			why = ""
			if err := d.outside(common, most); err != nil {
				return err
			}
			low, high, ok = d.scale()
		}
		switch {
		case why != "":
		case ok && most > 2 && low == common[0] && high < common[1]: // nobody chose its top
			high = common[1]
		case !ok && len(d.whole) <= 2 && slices.Max(d.whole)-slices.Min(d.whole) == 1 && slices.Min(d.whole) == 1 && most > 2 && common[0] == 1:
			low, high, ok = common[0], common[1], true
		}
		if !ok && len(d.whole) <= 2 {
			d.choice("numbers that may be codes")
			continue
		}
		if !ok {
			values := make([]float64, len(d.levels))
			for p, l := range d.at {
				values[l] = float64(d.whole[p])
			}
			d.number(values)
			continue
		}
		q := steps(low, high, nil)
		q.Why = fmt.Sprintf("whole numbers from %d to %d", low, high)
		if why == "" && low == 0 && d.promoter() && slices.Min(d.whole) > 0 {
			why = "as a Net Promoter Score has them, though nobody chose 0"
		}
		if why != "" {
			q.Why += ", " + why
		}
		code := make([]int, len(d.at))
		for p, v := range d.whole {
			code[p] = v - low
		}
		d.is(q, code)
	}
	return nil
}

// ends are numbers of which a question says what they mean: "(0 = never, 10 = always)".
var anchors = regexp.MustCompile(`(?:^|[^\d.,-])(-?\d{1,2}) ?= ?["'“„«]?\pL`)

// said returns from where to where the question itself says that its numbers run, if all answers keep to it.
func (d *draft) said() (low, high int, ok bool) {
	var numbers []int
	for _, match := range anchors.FindAllStringSubmatch(d.Name+" \n"+d.Text, -1) {
		v, _ := strconv.Atoi(match[1]) // two digits at most
		numbers = append(numbers, v)
	}
	if len(numbers) < 2 || d.whole == nil {
		return 0, 0, false
	}
	low, high = slices.Min(numbers), slices.Max(numbers)
	return low, high, high-low > 1 && high-low <= mostSteps && slices.Min(d.whole) >= low && slices.Max(d.whole) <= high
}

// scale returns from where to where plain whole numbers run, if they look like a scale: from 0, 1, or as far below 0 as above.
func (d *draft) scale() (low, high int, ok bool) {
	if len(d.whole) < 3 {
		return 0, 0, false
	}
	low, high = slices.Min(d.whole), slices.Max(d.whole)
	switch {
	case low < 0:
		high = max(high, -low)
		low = -high
	case low > 0:
		low = 1
	}
	if low == 1 && high > 6 && d.promoter() {
		low = 0
	}
	if low == 0 && high > 6 && high < mostSteps { // 0 to 10, of which nobody chose the top
		high = mostSteps
	}
	return low, high, high-low <= mostSteps && (low < 0 || high > 2)
}

// promoter reports whether the column's name says that it holds the question of the Net Promoter Score, whose answers run from 0 to 10.
func (d *draft) promoter() bool {
	words := strings.FieldsFunc(strings.ToLower(d.Name+" "+d.Text), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.Contains(words, "nps") || strings.Contains(strings.Join(words, " "), "net promoter")
}

// codesFor are numbers that programs write where no answer was given.
var codesFor = []int{-1, -2, -7, -8, -9, -66, -77, -88, -97, -98, -99, 66, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999, 9999, -999}

// outside asks about a few answers that lie beyond the scale that nearly all of the column, or most columns of the sheet, keep to.
func (d *draft) outside(common [2]int, columns int) error {
	within := func(low, high int) (inside, beyond, first int) {
		first = -1
		for p, v := range d.whole {
			if n := d.count[d.at[p]]; v >= low && v <= high {
				inside += n
			} else if beyond += n; first < 0 {
				first = p
			}
		}
		return inside, beyond, first
	}
	const rare = 20 // one answer in so many, at most
	if columns >= 2 {
		inside, beyond, first := within(common[0], common[1])
		if beyond > 0 && inside >= rare*beyond {
			return d.refuse(d.at[first], "mend the cell, say what it means in Options.Means or Options.DontKnow, "+d.asNone(d.at[first])+", or give the scale in Options.Scales",
				fmt.Sprintf("lies outside the scale from %d to %d that %s of the column and %s keep to", common[0], common[1], wording.Plural(inside, "answer"), wording.Plural(columns, "question")))
		}
	}
	var codes, rest []int
	first := -1
	for p, v := range d.whole {
		if slices.Contains(codesFor, v) {
			codes = append(codes, v)
			if first < 0 {
				first = p
			}
		} else {
			rest = append(rest, v)
		}
	}
	if len(codes) == 0 || len(rest) < 3 || slices.Min(rest) < 0 || slices.Max(rest) > mostSteps {
		return nil
	}
	return d.refuse(d.at[first], "list it in Options.DontKnow or in Options.CSV.Missing, or set Options.Kinds to survey.Number",
		fmt.Sprintf("may be a code for no answer, as the other answers run from %d to %d", slices.Min(rest), slices.Max(rest)))
}

// finish turns the draft into the question and what everybody answered (n).
func (d *draft) finish(reversed bool) (Question, []int32, error) {
	q := d.Question
	q.Reversed = reversed
	if reversed && q.Kind != Scale && q.Kind != YesNo {
		return q, nil, fault.Option("survey.Options", "Reversed", d.name, fmt.Sprintf("questions with a scale, or of yes and no; this one is of the kind %q", q.Kind))
	}
	given := make([]int32, len(d.column.at))
	for i, l := range d.column.at {
		given[i] = missing
		if l >= 0 {
			given[i] = int32(d.code[l])
		}
	}
	if c := d.column; q.Kind == Open || q.Kind == Administrative {
		q.texts = make([]string, len(c.at))
		for i, l := range c.at {
			if l >= 0 {
				q.texts[i] = c.levels[l]
			}
		}
	}
	return q, given, nil
}
