package table

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
)

// What columns are made of. Segments differ by construction in what formed them, and nearly so in its parts, sums and ratios. So a
// column keeps its ancestry, and what it says about segments is circular, or comes from the same source, or is independent.

// Ancestry is what a column was made from. The zero value belongs to a column that is itself a source, such as one read from a file.
type Ancestry struct {
	Columns []string // other columns: its parents, their parents and so on, sorted; an outcome is "outcome spend", because it is not the earlier spend
	Sources []Source // the records that it was computed from, sorted
}

// Source is a set of records from which columns were computed, with the days that were used.
type Source struct {
	Name     string // as in "the orders of shop.csv"
	From, To string // first and last day, both included, as in "2011-12-09"; "" if there is no such limit
}

// MadeOf returns the ancestry of a column that is computed from others: these columns, and everything that they were made from.
func MadeOf(parents ...Column) Ancestry {
	var a Ancestry
	for _, c := range parents {
		a = a.And(c.lineage())
	}
	return a
}

// And joins two ancestries into a new one.
func (a Ancestry) And(b Ancestry) Ancestry {
	a = Ancestry{slices.Concat(a.Columns, b.Columns), slices.Concat(a.Sources, b.Sources)}
	slices.Sort(a.Columns)
	slices.SortFunc(a.Sources, func(x, y Source) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	return Ancestry{slices.Compact(a.Columns), slices.Compact(a.Sources)}
}

// overlap returns a source of a and one of b that hold the same records of the same days.
func (a Ancestry) overlap(b Ancestry) (x, y Source, found bool) {
	for _, x := range a.Sources {
		for _, y := range b.Sources {
			if x.Name == y.Name && !x.before(y) && !y.before(x) {
				return x, y, true
			}
		}
	}
	return x, y, false
}

// before reports whether all days of s lie before those of other.
func (s Source) before(other Source) bool { return s.To != "" && other.From != "" && s.To < other.From }

func (s Source) String() string {
	switch {
	case s.From != "" && s.To != "":
		return fmt.Sprintf("%s, %s to %s", s.Name, s.From, s.To)
	case s.To != "":
		return s.Name + " up to " + s.To
	case s.From != "":
		return s.Name + " from " + s.From
	}
	return s.Name
}

// CheckAfter refuses an outcome that uses any of the days used by the columns that formed the segments.
func (a Ancestry) CheckAfter(op string, outcome Column) error {
	label, had, found := outcome.Ancestry.overlap(a)
	if !found {
		return nil
	}
	return &fault.CellError{Op: op, Column: outcome.Name, Err: fault.ErrSchema,
		Why:    fmt.Sprintf("is not an outcome: its days (%s) overlap those that formed the segments (%s)", label, had),
		Remedy: "make features up to a day, and the outcome from the days after it"}
}
