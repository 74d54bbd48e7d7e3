package describe

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// A first name for every segment, from what stands out in it: "Frequent, high-value", "Lapsed, rare". The same profile gives
// the same names, whatever the order of the customers.

const (
	nameNoticeable = 0.1 // a difference that tells two segments of the same name apart, in robust standard deviations
	nameWords      = 2   // of a name, unless more are needed to tell it from another
	nameMostWords  = 4
)

// nameWord is a marker in a word.
type nameWord struct {
	word     string
	strength float64
	spoken   bool // the column has words of its own
}

// Names returns a unique name for every segment (k), made from the words for the columns in which it differs most from the whole. The words are Column.High and Low
// if given, otherwise "high <name>" and "low <name>" (without the unit that some names carry in parentheses); "<name>" and "not <name>" for yes and no; and for a
// category the level or its label, after the column's name if the level alone says nothing ("plan C22"). Only features and values give names, beginning with those
// that have words of their own. A segment in which nothing stands out is "Average"; names with the same words, in any order, get one more word each, or a number if
// words do not help.
func (p *Profile) Names() []string {
	words, taken := make([][]nameWord, len(p.Segments)), make([]int, len(p.Segments))
	for g := range p.Segments {
		words[g] = p.nameWords(&p.Segments[g])
		for taken[g] < min(nameWords, len(words[g])) && words[g][taken[g]].strength >= clearDifference {
			taken[g]++
		}
	}
	names := make([]string, len(p.Segments))
	for {
		said := make(map[string]string) // by the words in any order: "Lapsed, rare" and "Rare, lapsed" say the same
		for g, segment := range p.Segments {
			own := words[g][:taken[g]]
			key := nameOf(segment, slices.SortedFunc(slices.Values(own), func(a, b nameWord) int { return cmp.Compare(a.word, b.word) }))
			if said[key] == "" {
				said[key] = nameOf(segment, own)
			}
			names[g] = said[key]
		}
		longer := false
		for g := range names {
			if taken[g] < min(nameMostWords, len(words[g])) && slices.Index(names, names[g]) != wording.LastIndex(names, names[g]) {
				taken[g]++
				longer = true
			}
		}
		if !longer {
			return numberEqual(names)
		}
	}
}

// nameWords returns the words for a segment, the strongest first; ties go to the first column.
func (p *Profile) nameWords(g *SegmentProfile) []nameWord {
	var out []nameWord
	for j, c := range p.Columns {
		if c.Role != table.Feature && c.Role != table.Value {
			continue
		}
		if m := p.markerOf(g, j); math.Abs(m.Strength) >= nameNoticeable {
			out = append(out, nameWord{p.wordFor(m, j), math.Abs(m.Strength), c.High != "" && c.Low != ""})
		}
	}
	slices.SortStableFunc(out, func(a, b nameWord) int {
		if aFirst, bFirst := a.spoken && a.strength >= clearDifference, b.spoken && b.strength >= clearDifference; aFirst != bFirst {
			return map[bool]int{true: -1, false: 1}[aFirst]
		}
		return cmp.Compare(b.strength, a.strength)
	})
	return out
}

// wordFor is the word for a marker of column j.
func (p *Profile) wordFor(m Marker, j int) string {
	c := p.Columns[j]
	switch name := wording.InWords(c.Name); {
	case p.isAnswer(j):
		return c.Answer(m.Strength > 0)
	case c.Categorical():
		l := slices.Index(c.Levels, m.Level)
		if p.needsColumn(j, l) {
			return c.Level(l)
		}
		return c.Word(l)
	case m.Strength < 0:
		return cmp.Or(c.Low, "low "+name)
	default:
		return cmp.Or(c.High, "high "+name)
	}
}

// needsColumn reports whether level l of column j says too little without the column's name, or the same as a level of another column.
func (p *Profile) needsColumn(j, l int) bool {
	c := p.Columns[j]
	return !c.Speaks(l) || slices.ContainsFunc(p.Columns, func(other table.Column) bool {
		return other.Name != c.Name && slices.Contains(other.Levels, c.Levels[l])
	})
}

func nameOf(g SegmentProfile, strongest []nameWord) string {
	if g.Size == 0 {
		return "Empty"
	}
	if len(strongest) == 0 {
		return "Average"
	}
	words := make([]string, len(strongest))
	for i, w := range strongest {
		words[i] = w.word
	}
	return wording.Capital(strings.Join(words, ", "))
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

// Names names segments by what stands out, in the customers' own units, in the columns that formed them and in what
// customers are worth: other columns would put into a name something that did not form the segment. Without formedBy,
// these are the columns that the segments remember, or all columns if they remember none. A transformed table no longer
// has such units, and its segments keep their names.
func Names(raw *table.Table, s *table.Segments, formedBy ...string) ([]string, error) {
	if raw == nil {
		return nil, fault.Nil("describe.Names", "table")
	}
	if s == nil {
		return nil, fault.Nil("describe.Names", "segments")
	}
	if raw.Raw().Transformed {
		return s.Names, nil
	}
	if len(formedBy) == 0 {
		if formedBy = raw.Names(); s.FormedBy != nil {
			formedBy = slices.DeleteFunc(slices.Clone(s.FormedBy), func(name string) bool { return !slices.Contains(raw.Names(), name) })
		}
	}
	for _, c := range raw.Raw().Columns {
		if c.Role == table.Value && !slices.Contains(formedBy, c.Name) {
			formedBy = append(formedBy, c.Name)
		}
	}
	known, err := raw.Select(formedBy...)
	if err != nil {
		return nil, err
	}
	profile, _, err := describe(job.DefaultContext, known, s)
	if err != nil {
		return nil, err
	}
	return profile.Names(), nil
}
