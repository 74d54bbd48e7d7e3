package geo

// One place, several spellings: Köln, Koeln, KOLN.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Spellings lists the levels of a column that seem to be different spellings of one place.
type Spellings struct {
	Column string
	Groups []Spelling // places with several spellings, those with most customers first

	from *table.Table
}

// Spelling is one place with its spellings.
type Spelling struct {
	Name      string   // the right one
	Others    []string // in order of decreasing number of customers
	Customers int      // with one of the other spellings
}

var _ sheet.Sheeter = (*Spellings)(nil)

// FindSpellings finds levels of a category that differ only in capitals, spaces, punctuation and accents, where ö may be written o or oe. The right spelling of
// a place is the one among names, such as the ids of a table of places. Otherwise it is the most frequent, but capitalised like a name if somebody writes it
// so: "Leipzig", even if most write "leipzig" or "LEIPZIG". Nothing is changed: look at the list, and use Unified if it is right. Cost n, the levels and the
// names.
func FindSpellings(t *table.Table, column string, names ...string) (*Spellings, error) {
	const op = "geo.FindSpellings"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	j, err := t.Index(column)
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	c := t.Raw().Columns[j]
	if !c.Categorical() {
		return nil, numbersAsNames(op, t, c)
	}
	counts := make([]int, len(c.Levels))
	for i := range t.Len() {
		if v := t.At(i, j); !math.IsNaN(v) {
			counts[int(v)] += t.Customers(i)
		}
	}
	alike, keys := map[string][]int{}, []string(nil)
	right := map[string]string{} // by key
	for _, name := range names {
		if key := folded(name); right[key] == "" {
			right[key] = name
		}
	}
	for l, level := range c.Levels {
		if slices.Contains(names, level) { // also beside another of its spellings
			right[folded(level)] = level
		}
		key := folded(level)
		if alike[key] == nil {
			keys = append(keys, key)
		}
		alike[key] = append(alike[key], l)
	}
	out := &Spellings{Column: column, from: t}
	for _, key := range keys {
		group := alike[key]
		slices.SortStableFunc(group, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
		s := Spelling{Name: cmp.Or(right[key], withCapitals(c.Levels, group))}
		for _, l := range group {
			if c.Levels[l] != s.Name {
				s.Others, s.Customers = append(s.Others, c.Levels[l]), s.Customers+counts[l]
			}
		}
		if key != "" && s.Others != nil {
			out.Groups = append(out.Groups, s)
		}
	}
	slices.SortStableFunc(out.Groups, func(a, b Spelling) int { return cmp.Compare(b.Customers, a.Customers) })
	return out, nil
}

// withCapitals is the first level of a group, written with capitals as names are where one that differs from it only in these is.
func withCapitals(levels []string, group []int) string {
	first := levels[group[0]]
	for _, l := range group {
		if asName(levels[l]) && strings.EqualFold(levels[l], first) {
			return levels[l]
		}
	}
	return first
}

// asName reports whether a text begins with a capital and has small letters too. Scripts without capitals know no other way.
func asName(text string) bool {
	at := strings.IndexFunc(text, unicode.IsLetter)
	if at < 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text[at:])
	return unicode.IsUpper(first) && strings.ContainsFunc(text, unicode.IsLower)
}

// Unified returns the table with all spellings of each place replaced by the right one.
func (s *Spellings) Unified() (*table.Table, error) {
	if s == nil {
		return nil, fault.Nil("geo.Spellings.Unified", "receiver")
	}
	if s.from == nil {
		return nil, fault.Nil("geo.Spellings.Unified", "table")
	}
	name := map[string]string{}
	for _, g := range s.Groups {
		for _, other := range g.Others {
			name[other] = g.Name
		}
	}
	j, err := s.from.Index(s.Column)
	if err != nil {
		return nil, err
	}
	c, texts := s.from.Columns()[j], make([]string, s.from.Len())
	for i := range texts {
		if v := s.from.At(i, j); !math.IsNaN(v) {
			level := c.Levels[int(v)]
			texts[i] = cmp.Or(name[level], level)
		}
	}
	c.Labels, c.Ordered = nil, false
	out := withText(s.from, c, texts)
	return out, out.Check()
}

// folded is a name without what people write now one way and now another.
func folded(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if plain, ok := plainLetters[r]; ok {
			b.WriteString(plain)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("ae", "a", "oe", "o", "ue", "u").Replace(b.String())
}

// plainLetters are letters with marks, without them. Marks of their own (as macOS writes them) are no letters, and fall away.
var plainLetters = func() map[rune]string {
	out := map[rune]string{'ß': "ss", 'æ': "a", 'œ': "o", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d"}
	for plain, marked := range map[string]string{"a": "àáâãäåāăą", "c": "çćč", "e": "èéêëēėęě", "i": "ìíîïīı", "n": "ñńň", "o": "òóôõöōő", "s": "śšşș", "u": "ùúûüūůű", "y": "ýÿ", "z": "źżž", "g": "ğ", "r": "ř", "t": "ťțţ"} {
		for _, r := range marked {
			out[r] = plain
		}
	}
	return out
}()

// Sheet lists the places with several spellings.
func (s *Spellings) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{Caption: fault.Nil("geo.Spellings.Sheet", "spellings").Error()}
	}
	out := sheet.Sheet{Columns: []sheet.Column{{Name: s.Column, Text: true}, {Name: "also written", Text: true}, {Name: "customers"}}, Total: len(s.Groups)}
	customers := 0
	for g, group := range s.Groups {
		if customers += group.Customers; g < sheet.MaxRows {
			out.Rows = append(out.Rows, []string{group.Name, strings.Join(group.Others, ", "), sheet.Count(group.Customers)})
		}
	}
	out.Caption = fmt.Sprintf("No %s has another spelling", s.Column)
	if len(s.Groups) > 0 {
		out.Caption = fmt.Sprintf("%s in %s with another spelling, of %s", wording.Plural(len(s.Groups), "place"), s.Column, wording.Plural(customers, "customer"))
	}
	return out
}

// Frame returns a row per other spelling.
func (s *Spellings) Frame() table.Frame {
	if s == nil {
		return table.Frame{Err: fault.Nil("geo.Spellings.Frame", "spellings")}
	}
	type pair struct{ name, other string }
	var pairs []pair
	for _, g := range s.Groups {
		for _, other := range g.Others {
			pairs = append(pairs, pair{g.Name, other})
		}
	}
	return frame.New(
		frame.Each("name", pairs, func(p pair) string { return p.name }),
		frame.Each("also_written", pairs, func(p pair) string { return p.other }))
}
