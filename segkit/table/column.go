package table

import (
	"cmp"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Role says what a column is for. Only features are clustered unless you name columns.
type Role uint8

const (
	Feature    Role = iota // what customers do: may be clustered
	Descriptor             // who and where they are: describes segments, is not clustered by default
	Value                  // what they are worth
	Outcome                // what they did afterwards: judges segments, must never form them
)

// Column describes one column of a Table.
type Column struct {
	Name          string   `json:"name"`
	Unit          string   `json:"unit,omitempty"`            // labels axes and profiles: "EUR", "days"; "" for none
	Levels        []string `json:"levels,omitempty"`          // nil for a number; otherwise the cells are indexes into it
	Labels        []string `json:"labels,omitempty"`          // (levels) words for codes, "" if a level has none; nil for none: see Labelled
	Ordered       bool     `json:"ordered,omitempty"`         // the order of Levels means something
	LowerIsBetter bool     `json:"lower_is_better,omitempty"` // recency: 3 days ago is better than 300
	Role          Role     `json:"role"`
	Area          string   `json:"area,omitempty"`    // the column with the areas that this column describes, such as "postcode"; "" for a trait of the customers themselves
	High          string   `json:"high,omitempty"`    // words for a high and a low value in segment names
	Low           string   `json:"low,omitempty"`     // ("frequent", "rare"); "" means "high <name>", "low <name>"
	Formula       string   `json:"formula,omitempty"` // how With computed it from other columns; "" for one that was read
	About         string   `json:"-"`                 // how it was computed, as a phrase: "number of distinct orders"; "" if unknown
	Phrase        string   `json:"-"`                 // a value in a sentence: "last order %s ago"; a form for 1 may come first: "%s order|%s orders"; "" for "<name> %s"
	Ancestry      Ancestry `json:"-"`                 // what it was made from, so that it does not count as evidence for segments formed from the same
}

// Categorical reports whether the cells are indexes into Levels.
func (c Column) Categorical() bool { return c.Levels != nil }

// Numeric reports whether the cells are numbers.
func (c Column) Numeric() bool { return !c.Categorical() }

// Years reports whether values, all that a column has or its least and greatest, are years, which are shown as 1984 and not as 1,984: whole numbers from 1850 to 2150
// without a unit, in a descriptor, or in a column whose name says so.
func (c Column) Years(values []float64) bool {
	return c.Numeric() && c.Unit == "" && wording.Years(c.Name, c.Role == Descriptor, values)
}

// LevelOf returns the index of the level that a text means: its name, its label, or, if all levels are numbers, its value, so that
// 1.0 is the level 1. It reports false if there is no such level.
func (c Column) LevelOf(text string) (l int, ok bool) {
	if l = slices.Index(c.Levels, text); l < 0 && text != "" {
		l = slices.Index(c.Labels, text)
	}
	if v, numeric := number(text); l < 0 && numeric {
		l = slices.IndexFunc(c.Levels, func(level string) bool { w, ok := number(level); return ok && w == v })
		if slices.ContainsFunc(c.Levels, func(level string) bool { _, ok := number(level); return !ok }) {
			l = -1
		}
	}
	return l, l >= 0
}

// Label returns the column's name with its unit: "recency (days)".
func (c Column) Label() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

// Saying returns a value, already written as number, as part of a sentence: "last order 12 days ago", or "recency 12 days" for a
// column without a Phrase.
func (c Column) Saying(number string) string {
	phrase := cmp.Or(c.Phrase, c.spoken()+" %s")
	if one, more, forms := strings.Cut(phrase, "|"); forms && number == "1" {
		phrase = one
	} else if forms {
		phrase = more
	}
	return strings.Replace(phrase, "%s", wording.Measured(number, c.Unit), 1)
}

func (r Role) String() string { return enum.Name(r, roleNames[:]) }

// MarshalText writes the role as its name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Role) UnmarshalText(text []byte) error { return enum.Read(r, text, "role", roleNames[:]) }

var roleNames = [...]string{Feature: "feature", Descriptor: "descriptor", Value: "value", Outcome: "outcome"}

func CloneColumns(cs []Column) []Column {
	out := slices.Clone(cs)
	for j := range out {
		out[j].Levels, out[j].Labels = slices.Clone(out[j].Levels), slices.Clone(out[j].Labels)
		out[j].Ancestry = out[j].Ancestry.And(Ancestry{})
	}
	return out
}

// lineage is the column itself with its ancestry.
func (c Column) lineage() Ancestry {
	name := c.Name
	if c.Role == Outcome {
		name = "outcome " + name
	}
	return c.Ancestry.And(Ancestry{Columns: []string{name}})
}
