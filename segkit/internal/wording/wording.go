// Package wording puts names, counts and lists into the sentences of messages and results.
package wording

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/sheet"
)

func CellCount(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

// Numbered returns the ids "1", "2", … of customers who have none.
func Numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	return ids
}

// Quoted lists names of segments, which may have commas in them: `"Recent, rare" and "New"`.
func Quoted(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strconv.Quote(name)
	}
	return sheet.List(out)
}

// Curled is a sentence of a sheet as charts and reports write it: sheets have straight quotation marks, which can be copied into code, what is printed has curly
// ones.
func Curled(sentence string) string { return straight.ReplaceAllString(sentence, "$1“"+"$2”") }

// straight is text in straight quotation marks, those that stand for inches or seconds left alone.
var straight = regexp.MustCompile(`(^|[\s(\[])"([^"]*)"`)

// Code quotes a formula: in backticks where it has quotation marks of its own, and nothing else that would be escaped.
func Code(formula string) string {
	quoted := strconv.Quote(formula)
	if strings.Contains(formula, `"`) && !strings.Contains(formula, "`") && quoted == `"`+strings.ReplaceAll(formula, `"`, `\"`)+`"` {
		return "`" + formula + "`"
	}
	return quoted
}

// Shorten cuts s to n letters, the last of which is then an ellipsis.
func Shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Clip keeps a 10 MB field out of an error message.
func Clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "…"
	}
	return s
}

func LastIndex(names []string, name string) int {
	for g := len(names) - 1; g >= 0; g-- {
		if names[g] == name {
			return g
		}
	}
	return -1
}

// Columns begins a sentence about columns: "Spend comes", "First basket and city come".
func Columns(names []string, one, several string) string {
	if len(names) == 1 {
		return Capital(InWords(names[0])) + " " + one
	}
	return Capital(ColumnList(names)) + " " + several
}

// ColumnList lists columns within a sentence: "first basket and city".
func ColumnList(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = InWords(name)
	}
	return sheet.List(words)
}

// Percent reads like "12 %".
func Percent(share float64) string { return sheet.Fixed(100*share, 0) + " %" }

// TwoDecimals writes a value of a criterion: shares and indices to two decimals, so that they compare at a glance;
// what that would make 0 keeps its digits.
func TwoDecimals(v float64) string {
	if size := math.Abs(v); size < 10 && (size == 0 || size >= .01) {
		return sheet.Fixed(v, 2)
	}
	return sheet.Number(v)
}

// Decimals returns how many decimals a value takes, least and up, for what holds of the value itself to hold of the rounded one, too.
func Decimals(v float64, least int, holds func(rounded float64) bool) int {
	for least < 9 && !holds(math.Round(v*math.Pow10(least))/math.Pow10(least)) {
		least++
	}
	return least
}

// Plural reads like "1 customer" or "3,912 customers".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return sheet.Count(n) + " " + noun + "s"
}

func List(levels []string) string {
	if len(levels) == 0 {
		return "none"
	}
	return Clip(strings.Join(levels, ", "))
}

// InWords makes a column's name part of a sentence, in the user's spelling: "Annual Income (k$)" reads "Annual Income",
// "return_share" "return share".
func InWords(name string) string {
	if bare, _, ok := strings.Cut(name, "("); ok && strings.TrimSpace(bare) != "" {
		name = bare
	}
	if words := strings.Join(strings.Fields(strings.ReplaceAll(name, "_", " ")), " "); words != "" {
		return words
	}
	return strconv.Quote(name) // of marks or blanks alone
}

// Capital begins with a capital, unless the first word has one further on and so a spelling of its own: "iPhone".
func Capital(s string) string {
	first, _, _ := strings.Cut(s, " ")
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || strings.ContainsFunc(first, unicode.IsUpper) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// TypeName is the name of v's type without its package: "KMeans".
func TypeName(v any) string {
	name := fmt.Sprintf("%T", v)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// NotInName reports whether a formula cannot have r in the bare name of a column.
func NotInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// Number is a number in the fewest digits that give it back exactly.
func Number(v float64) string {
	if a := math.Abs(v); v != 0 && (a < 1e-5 || a >= 1e15) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Have is the verb of so many customers: "has" or "have".
func Have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// Be is the verb of so many customers: "is" or "are".
func Be(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// FigureDecimals is how many decimals a reader needs: two below 10, one below 100.
func FigureDecimals(v float64) int {
	switch size := math.Abs(v); {
	case size < 10:
		return 2
	case size < 100:
		return 1
	}
	return 0
}

// Figure writes v with the digits that a reader needs: 306, 27.8, 11.5, 4, 0.25.
func Figure(v float64) string {
	text := sheet.Fixed(v, FigureDecimals(v))
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}
