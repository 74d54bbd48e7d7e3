package combine

// Ids of one customer that are written in two ways: found before the join, and asked.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
)

// IDForm says which differences between two spellings of an id do not matter. The values can be added: IgnoreZeros | IgnoreCase.
type IDForm uint8

const (
	AskIDs      IDForm = 0                         // ids join exactly as written; if another form would join more of them, you are asked
	IgnoreZeros        = IDForm(suggest.Zeros)     // "00123" is "123"
	IgnoreCase         = IDForm(suggest.Case)      // "C-17" is "c-17"
	IgnoreBlank        = IDForm(suggest.Blanks)    // "C 17", " C17" and "C17" are the same, whatever the kind of blank
	IgnorePoint        = IDForm(suggest.Point)     // "123.0" is "123", as a spreadsheet or a data frame writes numbers
	IgnoreMarks        = IDForm(suggest.Marks)     // "123.456-7" and "123456/7" are "1234567": points, hyphens, slashes, brackets and other marks between the parts
	ExactIDs           = IDForm(suggest.Every + 1) // ids join exactly as written, those that only number rows too, and nothing is asked
)

// idForms are the single forms by name.
var idForms = []struct {
	form IDForm
	name string
}{{IgnoreZeros, "IgnoreZeros"}, {IgnoreBlank, "IgnoreBlank"}, {IgnoreCase, "IgnoreCase"}, {IgnorePoint, "IgnorePoint"}, {IgnoreMarks, "IgnoreMarks"}}

// normal is the id without the differences that do not matter.
func (f IDForm) normal(id string) string { return suggest.Form(f &^ ExactIDs).Of(id) }

func (f IDForm) String() string {
	var names []string
	for _, one := range idForms {
		if f&one.form != 0 {
			names = append(names, "combine."+one.name)
		}
	}
	return strings.Join(names, " | ")
}

// says reads like "leading zeros and capitals".
func (f IDForm) says() string { return suggest.Form(f).Says() }

// keyed returns where each customer of a source stands, by the id in form f. Two rows of one customer are refused, and so is a row of
// nobody.
func keyed(s Source, f IDForm) (map[string]int, error) {
	at := make(map[string]int, s.Table.Len())
	for i, id := range s.Table.Raw().IDs {
		bad := fault.CellError{Op: "combine.Tables", File: s.Name, Row: i + 1, ID: id}
		if IgnoreBlank.normal(id) == "" {
			bad.Why, bad.Remedy, bad.Err = "has no id, so that no other source can know this customer", "leave the row out", fault.ErrSchema
			return nil, &bad
		}
		key := f.normal(id)
		if first, twice := at[key]; twice {
			bad.Why, bad.Remedy, bad.Err = fmt.Sprintf("is the customer of row %d", first+1), "keep one row per customer", fault.ErrDuplicate
			if other := s.Table.Raw().IDs[first]; other != id {
				bad.Why = fmt.Sprintf("is the customer of row %d (id %s) once %s are ignored", first+1, wording.Clip(other), f.says())
				bad.Remedy = "keep one row per customer, or let ids differ in these"
			}
			return nil, &bad
		}
		at[key] = i
	}
	return at, nil
}

// question is ids of two sources that are the same once some differences are ignored, and not before.
type question struct {
	from, to string // sources
	suggest.Respelled
}

// askAbout looks for ids that two sources write in two ways, given the form they now join in. It returns the question that concerns most customers, nil for none. It
// costs O(n) for every pair of sources.
func askAbout(sources Sources, now IDForm) *question {
	var most *question
	for a, to := range sources {
		for _, from := range sources[:a] {
			q := suggest.Elsewhere(to.Table.Raw().IDs, from.Table.Raw().IDs, suggest.Form(now))
			if q.IDs > 0 && (most == nil || q.IDs > most.IDs) {
				q.Form |= suggest.Form(now)
				most = &question{from.Name, to.Name, q}
			}
		}
	}
	return most
}

func (q *question) Error() error {
	return &fault.CellError{Op: "combine.Tables", File: q.to, Row: q.Row + 1, ID: q.ID, Err: fault.ErrUnmatched,
		Why: fmt.Sprintf("may be the customer %q of %s: %s would join if %s were ignored", wording.Clip(q.Like), q.from,
			wording.Plural(q.IDs, "more customer"), q.Form.Says()),
		Remedy: fmt.Sprintf("give combine.Options{IDs: %v}, or combine.ExactIDs if they are not the same people", IDForm(q.Form))}
}

// customer is an id as it is written, and as it joins.
type customer struct{ id, key string }

// spelled returns everybody whom a source knows, each id as the first source that has it writes it, in the order of these.
func spelled(sources Sources, at []map[string]int) []customer {
	var all []customer
	for s, source := range sources {
		for key, i := range at[s] {
			if !slices.ContainsFunc(at[:s], func(earlier map[string]int) bool { _, ok := earlier[key]; return ok }) {
				all = append(all, customer{source.Table.Raw().IDs[i], key})
			}
		}
	}
	slices.SortFunc(all, func(a, b customer) int { return cmp.Or(strings.Compare(a.id, b.id), strings.Compare(a.key, b.key)) })
	return all
}
