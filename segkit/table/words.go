package table

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/internal/wording"
)

// How columns and levels are spoken of, the same in names, personas, rules and charts: the user's spelling is kept, a code stands
// behind its column's name, an answer of yes or no is said by the column's name, and a negation is never doubled.

// Word returns what people read for a level: its label, or the level itself if it has none.
func (c Column) Word(level int) string {
	if c.Labels != nil && c.Labels[level] != "" {
		return c.Labels[level]
	}
	return c.Levels[level]
}

// answers are the pairs of levels that answer the question in a column's name: no first, then yes.
var answers = [][2]string{{"no", "yes"}, {"n", "y"}, {"false", "true"}, {"f", "t"}, {"0", "1"}, {"nein", "ja"}, {"non", "oui"}, {"no", "si"}, {"no", "sí"}}

// Yes returns the level that means yes in a category of two levels such as No and Yes or FALSE and TRUE, in either order, and -1 for
// every other column. Texts refer to such a column by its own name: "yummy", "not yummy".
func (c Column) Yes() int {
	if len(c.Levels) == 2 {
		a, b := strings.ToLower(c.Levels[0]), strings.ToLower(c.Levels[1])
		switch {
		case slices.Contains(answers, [2]string{a, b}):
			return 1
		case slices.Contains(answers, [2]string{b, a}):
			return 0
		}
	}
	return -1
}

// Answer says yes or no for a column of yes and no, by the user's word for the answer or by the column's name.
func (c Column) Answer(yes bool) string {
	low, high, name := c.Low, c.High, wording.InWords(c.Name)
	if c.Labels != nil {
		low, high = c.Labels[1-c.Yes()], c.Labels[c.Yes()]
	}
	switch {
	case yes && high != "":
		return high
	case yes:
		return name
	case low != "":
		return low
	case high != "":
		return negated(high)
	}
	return negated(name)
}

// spoken is the name of the column in a sentence; a trait of an area is one of the area: "purchasing power of the postcode".
func (c Column) spoken() string {
	if c.Area == "" {
		return wording.InWords(c.Name)
	}
	return wording.InWords(c.Name) + " of the " + wording.InWords(c.Area)
}

// Level says that a category has a level, after the name of the column: "city Leeds". A level that repeats the name stands alone.
func (c Column) Level(level int) string {
	word, name := wording.Clip(c.Word(level)), c.spoken()
	switch {
	case strings.TrimSpace(word) == "":
		return name + " " + strconv.Quote(word)
	case len(word) > len(name) && strings.EqualFold(word[:len(name)], name) && wording.NotInName(rune(word[len(name)])):
		return word
	case isNegation(lastWord(name)):
		return name + ": " + word
	}
	return name + " " + word
}

// Speaks reports whether a level can be understood without the name of its column: "Leeds" can, but "C22", "4", "DE", "Yes" or a
// step of a scale cannot. The user's own word for a code always can, unless it is an answer such as "yes" or "often".
func (c Column) Speaks(level int) bool {
	word := c.Word(level)
	switch {
	case c.Area != "" || slices.Contains(replies, strings.ToLower(lastWord(word))):
		return false
	case word != c.Levels[level]:
		return true
	}
	return !c.Ordered && !isCode(word)
}

func lastWord(s string) string { return s[strings.LastIndexAny(s, " -")+1:] }

// replies end the answers to a question that they do not repeat: "yes", "strongly agree", "no answer".
var replies = []string{"yes", "no", "true", "false", "ja", "nein", "oui", "non", "other", "others", "none", "unknown", "missing", "n/a", "applicable", "answer",
	"any", "all", "never", "rarely", "seldom", "sometimes", "often", "usually", "always", "low", "medium", "high", "small", "large", "good", "bad", "poor",
	"agree", "disagree", "neutral", "likely", "unlikely", "satisfied", "dissatisfied", "maybe", "partly", "sure", "know"}

// isCode reports whether a level looks like a code: with a digit, without small letters, or of fewer than three letters. Scripts
// without capitals have words of one or two letters.
func isCode(level string) bool {
	letters, small, cased := 0, false, false
	for _, r := range level {
		if unicode.IsDigit(r) {
			return true
		}
		if unicode.IsLetter(r) {
			letters++
			small = small || unicode.IsLower(r)
			cased = cased || unicode.IsLower(r) || unicode.IsUpper(r)
		}
	}
	return letters == 0 || cased && (!small || letters < 3)
}

// negations deny the words behind them; denying those words once more takes the negation away.
var negations = []string{"not", "no", "non", "never", "without"}

func isNegation(word string) bool { return slices.Contains(negations, strings.ToLower(word)) }

// negated denies what a name says: "yummy" becomes "not yummy", "is active" "is not active", "has car" "has no car", "uses app" "do not use
// app", and "not noisy", "non-smoker" and "NoReturns" become "noisy", "smoker" and "Returns". A name that is left open, such as "or not",
// and a phrase of other words get ": no".
func negated(name string) string {
	if asked, denied := strings.CutSuffix(name, ": no"); denied {
		return asked
	}
	words := strings.Fields(name)
	if isNegation(lastWord(name)) {
		return name + ": no"
	}
	for i, w := range words {
		if isNegation(w) {
			return strings.Join(slices.Delete(words, i, i+1), " ")
		}
		if positive, ok := affirmed(w); ok {
			words[i] = positive
			return strings.Join(words, " ")
		}
	}
	if len(words) > 1 {
		if base, ok := verbs[words[0]]; ok {
			return "do not " + strings.Join(append([]string{base}, words[1:]...), " ")
		}
		switch strings.ToLower(words[0]) {
		case "is", "was", "are", "were", "can", "will":
			return strings.Join(slices.Insert(words, 1, "not"), " ")
		case "has", "had":
			return strings.Join(slices.Insert(words, 1, "no"), " ")
		}
	}
	if len(words) > 2 || len(words) > 1 && strings.HasSuffix(words[0], "s") { // what kind of phrase it is cannot be told
		return name + ": no"
	}
	return "not " + name
}

// verbs are those with which the names of yes/no columns begin, and what follows "do not": customers are many.
var verbs = map[string]string{"uses": "use", "owns": "own", "likes": "like", "loves": "love", "wants": "want", "buys": "buy", "reads": "read", "pays": "pay",
	"opens": "open", "visits": "visit", "prefers": "prefer", "lives": "live", "works": "work", "drives": "drive", "needs": "need", "knows": "know",
	"travels": "travel", "rents": "rent", "plays": "play", "watches": "watch", "drinks": "drink", "eats": "eat", "smokes": "smoke", "gets": "get",
	"receives": "receive", "subscribes": "subscribe", "follows": "follow", "accepts": "accept", "wears": "wear", "cooks": "cook", "sends": "send"}

// affirmed takes the negation off a word that begins with one: "non-smoker", "NoReturns". ok is false for "notes", "Norwegian", "NOTES".
func affirmed(word string) (positive string, ok bool) {
	for _, n := range negations {
		if len(word) <= len(n) || !strings.EqualFold(word[:len(n)], n) {
			continue
		}
		rest := word[len(n):]
		if strings.HasPrefix(rest, "-") {
			return rest[1:], len(rest) > 1
		}
		if first, _ := utf8.DecodeRuneInString(rest); unicode.IsUpper(first) && word[:len(n)] != strings.ToUpper(n) {
			return rest, true
		}
	}
	return "", false
}
