package combine

// Ids of one customer that are written in two ways: found before the join, and asked.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// IDForm says which differences between two spellings of an id do not matter. The values can be added: IgnoreZeros | IgnoreCase.
type IDForm uint8

const (
	AskIDs      IDForm = 0         // ids join exactly as written; if another form would join more of them, you are asked
	IgnoreZeros IDForm = 1 << iota // "00123" is "123"
	IgnoreCase                     // "C-17" is "c-17"
	IgnoreBlank                    // "C 17", " C17" and "C17" are the same, whatever the kind of blank
	IgnorePoint                    // "123.0" is "123", as a spreadsheet or a data frame writes numbers
	ExactIDs                       // ids join exactly as written, those that only number rows too, and nothing is asked
)

// idForms are the single forms with what ignoring them means, the most usual first.
var idForms = []struct {
	form       IDForm
	name, says string
}{
	{IgnoreZeros, "IgnoreZeros", "leading zeros"},
	{IgnoreBlank, "IgnoreBlank", "blanks"},
	{IgnoreCase, "IgnoreCase", "capitals"},
	{IgnorePoint, "IgnorePoint", `".0" at the end`},
}

const everyForm = IgnoreZeros | IgnoreCase | IgnoreBlank | IgnorePoint

// normal is the id without the differences that do not matter.
func (f IDForm) normal(id string) string {
	if f&IgnoreBlank != 0 {
		id = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
				return -1
			}
			return r
		}, id)
	}
	if f&IgnorePoint != 0 {
		if whole, fraction, ok := strings.Cut(id, "."); ok && whole != "" && fraction != "" && strings.Trim(fraction, "0") == "" && digits(whole) {
			id = whole
		}
	}
	if f&IgnoreCase != 0 {
		id = strings.ToLower(id)
	}
	if f&IgnoreZeros != 0 {
		if rest := strings.TrimLeft(id, "0"); rest != "" {
			id = rest
		} else if id != "" {
			id = "0"
		}
	}
	return id
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

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
func (f IDForm) says() string {
	var words []string
	for _, one := range idForms {
		if f&one.form != 0 {
			words = append(words, one.says)
		}
	}
	return sheet.List(words)
}

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
	row      int    // of the first such id, in to
	id, like string // that id in to, and its other form in from
	customer int    // how many
	form     IDForm
}

// askAbout looks for ids that two sources write in two ways, given where each source has its ids as the form now is. It returns the question
// that concerns most customers, nil for none. It costs O(n) for every pair of sources.
func askAbout(sources Sources, at []map[string]int, now IDForm) *question {
	var most *question
	for a := range sources {
		for b := range a {
			if q := differing(sources[b], sources[a], at[b], at[a], now); q != nil && (most == nil || q.customer > most.customer) {
				most = q
			}
		}
	}
	return most
}

// differing looks for customers of to who are not in from, but would be in another form of their ids.
func differing(from, to Source, inFrom, inTo map[string]int, now IDForm) *question {
	left, right := alone(from.Table, inTo, now), alone(to.Table, inFrom, now)
	if len(left) == 0 || len(right) == 0 {
		return nil
	}
	try := func(f IDForm) *question {
		q := &question{from: from.Name, to: to.Name, form: f}
		known := make(map[string]string, len(left))
		for _, i := range left {
			id := from.Table.Raw().IDs[i]
			known[(f | now).normal(id)] = id
		}
		for _, i := range right {
			id := to.Table.Raw().IDs[i]
			if like, ok := known[(f | now).normal(id)]; ok {
				if q.customer++; q.customer == 1 {
					q.row, q.id, q.like = i+1, id, like
				}
			}
		}
		return q
	}
	all := try(everyForm)
	if all.customer == 0 {
		return nil
	}
	for _, one := range idForms { // the fewest differences that explain as much
		if q := try(all.form &^ one.form); q.customer == all.customer {
			all = q
		}
	}
	return all
}

// alone returns the rows of t whose ids another source does not have.
func alone(t *table.Table, other map[string]int, now IDForm) (rows []int) {
	for i, id := range t.Raw().IDs {
		if _, ok := other[now.normal(id)]; !ok {
			rows = append(rows, i)
		}
	}
	return rows
}

func (q *question) Error() error {
	return &fault.CellError{Op: "combine.Tables", File: q.to, Row: q.row, ID: q.id, Err: fault.ErrUnmatched,
		Why: fmt.Sprintf("may be the customer %q of %s: %s would join if %s were ignored", wording.Clip(q.like), q.from,
			wording.Plural(q.customer, "more customer"), q.form.says()),
		Remedy: fmt.Sprintf("give combine.Options{IDs: %v}, or combine.ExactIDs if they are not the same people", q.form)}
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
