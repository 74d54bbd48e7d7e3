package segkit

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A first name for every segment, from what stands out in it: "Frequent, high-value", "Lapsed, rare". The same profile gives
// the same names, whatever the order of the customers.

const (
	nameClear      = 0.4 // a difference from the whole that names a segment, in robust standard deviations
	nameNoticeable = 0.1 // one that tells two segments of the same name apart
	nameWords      = 2   // of a name, unless more are needed to tell it from another
	nameMostWords  = 4
)

// marker is one thing that stands out in a segment.
type marker struct {
	word     string
	strength float64 // in robust standard deviations of the whole
	spoken   bool    // the column has words of its own
}

// Names returns a unique name for every segment (k), made of the words of those columns in which it differs most from the
// whole: Column.High and Low where given, "high <name>" and "low <name>" otherwise (without the unit that some names
// carry in parentheses), the level of a category. Only
// features and values give names, those with words of their own first. A segment in which nothing stands out is
// "Average"; equal names get one more word each, and a number when words do not help.
func (p *Profile) Names() []string {
	markers, taken := make([][]marker, len(p.Segments)), make([]int, len(p.Segments))
	for g, segment := range p.Segments {
		markers[g] = p.markers(segment)
		for taken[g] < min(nameWords, len(markers[g])) && markers[g][taken[g]].strength >= nameClear {
			taken[g]++
		}
	}
	names := make([]string, len(p.Segments))
	for {
		for g, segment := range p.Segments {
			names[g] = nameOf(segment, markers[g][:taken[g]])
		}
		longer := false
		for g := range names {
			if taken[g] < min(nameMostWords, len(markers[g])) && slices.Index(names, names[g]) != lastIndex(names, names[g]) {
				taken[g]++
				longer = true
			}
		}
		if !longer {
			return numberEqual(names)
		}
	}
}

// markers returns what stands out in a segment, the strongest first; ties go to the first column. Strengths are rounded
// so that the order of additions cannot decide.
func (p *Profile) markers(g SegmentProfile) []marker {
	var out []marker
	for j, c := range p.Columns {
		if c.Role != Feature && c.Role != Value {
			continue
		}
		m := marker{spoken: c.High != "" && c.Low != ""}
		if c.Categorical() {
			m.word, m.strength = levelMarker(c, g.Stats[j].Levels, p.All[j].Levels)
		} else {
			d := g.Stats[j].Difference
			m.strength = math.Abs(d)
			if m.word = cmp.Or(c.High, "high "+inWords(c.Name)); d < 0 {
				m.word = cmp.Or(c.Low, "low "+inWords(c.Name))
			}
		}
		if m.strength = math.Round(m.strength*1e6) / 1e6; m.strength >= nameNoticeable { // NaN is not
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b marker) int {
		if aFirst, bFirst := a.spoken && a.strength >= nameClear, b.spoken && b.strength >= nameClear; aFirst != bFirst {
			return map[bool]int{true: -1, false: 1}[aFirst]
		}
		return cmp.Compare(b.strength, a.strength)
	})
	return out
}

// levelMarker returns the level whose share differs most from the whole, in standard deviations of a yes/no column. A column of
// two levels such as No and Yes is named by its own name: "yummy", "not yummy".
func levelMarker(c Column, share, whole []float64) (word string, strength float64) {
	for l := range share {
		z := (share[l] - whole[l]) / math.Sqrt(whole[l]*(1-whole[l]))
		if z > strength {
			word, strength = c.Levels[l], z
		}
	}
	if len(c.Levels) == 2 && slices.Contains([]string{"no/yes", "false/true"}, strings.ToLower(c.Levels[0]+"/"+c.Levels[1])) {
		no, yes := cmp.Or(c.Low, "not "+inWords(c.Name)), cmp.Or(c.High, inWords(c.Name))
		if word == c.Levels[0] {
			return no, strength
		}
		return yes, strength
	}
	return word, strength
}

func nameOf(g SegmentProfile, markers []marker) string {
	if g.Size == 0 {
		return "Empty"
	}
	if len(markers) == 0 {
		return "Average"
	}
	words := make([]string, len(markers))
	for i, m := range markers {
		words[i] = m.word
	}
	return capital(strings.Join(words, ", "))
}

// numberEqual puts a number behind every name that occurs more than once: "Average 1", "Average 2", in order of label.
func numberEqual(names []string) []string {
	count, next := make(map[string]int), make(map[string]int)
	for _, name := range names {
		count[name]++
	}
	out := slices.Clone(names)
	for g, name := range names {
		for count[name] > 1 && count[out[g]] != 1 {
			next[name]++
			if numbered := fmt.Sprintf("%s %d", name, next[name]); count[numbered] == 0 {
				out[g], count[numbered] = numbered, 1
			}
		}
	}
	return out
}

func lastIndex(names []string, name string) int {
	for g := len(names) - 1; g >= 0; g-- {
		if names[g] == name {
			return g
		}
	}
	return -1
}

// capital begins with a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// inWords makes a column's name part of a sentence: "Annual Income (k$)" reads "annual income", "return_share" "return share".
func inWords(name string) string {
	if bare, _, ok := strings.Cut(name, "("); ok && strings.TrimSpace(bare) != "" {
		name = bare
	}
	words := strings.Fields(strings.ReplaceAll(name, "_", " "))
	for i, w := range words {
		if w != strings.ToUpper(w) { // "GDP" stays
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}
