package geo

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Pool adds a column "place", in which every customer has the smallest place with at least the given number of customers; levels are columns from small to
// large, such as "city", "region", "country". A small city becomes "other Saxony", with all the small cities of its region; if together they have too few
// customers, they become part of "other Germany", and finally of "elsewhere". So no place with fewer customers is named, except that "elsewhere" may be
// small. Customers without a value at some level begin at the next larger one. A place that belongs to two larger ones is an error: there are two towns
// called Halle. Cost n·levels.
func Pool(t *table.Table, least int, levels ...string) (*table.Table, error) {
	const op = "geo.Pool"
	switch {
	case t == nil:
		return nil, fault.Nil(op, "table")
	case t.Len() == 0:
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	case least < 1:
		return nil, fault.Option(op, "least", least, "1 customer or more")
	case len(levels) == 0:
		return nil, fault.Option(op, "levels", "nothing", `columns from small to large, such as "city", "region"`)
	}
	if _, err := t.Column("place"); err == nil {
		return nil, fault.Errorf(fault.ErrDuplicate, `segkit: %s: there is a column "place" already: Drop it first`, op)
	}
	var made []table.Column
	names := make([][]string, len(levels)) // (levels, n) "" where missing
	for l, name := range levels {
		j, err := t.Index(name)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
		}
		c := t.Raw().Columns[j]
		if !c.Categorical() {
			return nil, c.KindError(op)
		}
		made = append(made, c)
		names[l] = make([]string, t.Len())
		for i := range names[l] {
			if v := t.At(i, j); !math.IsNaN(v) {
				names[l][i] = c.Levels[int(v)]
			}
		}
		if l > 0 {
			if err := nested(t, levels[l-1], name, names[l-1], names[l]); err != nil {
				return nil, err
			}
		}
	}
	place, open := make([]string, t.Len()), make([]bool, t.Len())
	for i := range open {
		open[i] = true
	}
	for l := range levels {
		count := map[string]int{} // customers in a place who have none yet
		for i, name := range names[l] {
			if open[i] {
				count[name] += t.Customers(i)
			}
		}
		for i, name := range names[l] {
			if !open[i] || name == "" || count[name] < least {
				continue
			}
			place[i], open[i] = name, false
			if l > 0 {
				place[i] = "other " + name
			}
		}
	}
	for i := range place {
		known := false
		for l := range levels {
			known = known || names[l][i] != ""
		}
		if open[i] && known {
			place[i] = "elsewhere"
		}
	}
	out := withText(t, table.Column{Name: "place", Role: table.Descriptor, Ancestry: table.MadeOf(made...)}, place)
	return out, out.Check()
}

// nested refuses a place that lies in two larger ones.
func nested(t *table.Table, small, large string, of, in []string) error {
	first := map[string]int{}
	for i := range of {
		if of[i] == "" || in[i] == "" {
			continue
		}
		at, seen := first[of[i]]
		if !seen {
			first[of[i]] = i
		} else if in[at] != in[i] {
			return &fault.CellError{Op: "geo.Pool", File: t.Raw().Source, Row: i + 1, ID: t.Raw().IDs[i], Column: small, Value: of[i], Err: fault.ErrSchema,
				Why:    fmt.Sprintf("lies in %s %q, but in %q for the customer of row %s", large, in[i], in[at], sheet.Count(at+1)),
				Remedy: "correct one of them, or give two places of the same name different names"}
		}
	}
	return nil
}
