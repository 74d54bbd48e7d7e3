package privacy

import (
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Identifier is a column that tells who customers are.
type Identifier struct {
	Column string
	Holds  string // "e-mail addresses", "postcodes at full length"
	Alone  bool   // it names a customer by itself; else together with other columns, as a postcode does with a date of birth
}

// Found lists columns that tell who customers are.
type Found []Identifier

var _ sheet.Sheeter = Found(nil)

// Identifiers looks for columns of raw that tell who customers are, by what their cells look like and by what they are called: e-mail addresses, phone numbers, names, addresses, numbers that
// were given to customers, text of which most have their own; and, near to that, postcodes at full length and dates of birth. A Recipe refuses the former, and speaks of the latter. It costs a pass over each
// column. It knows usual names in eight languages (English, German, French, Spanish, Italian, Dutch, Portuguese, Polish), and no more: a column that it does not find may tell who somebody is all the same.
func Identifiers(raw *table.Table) (Found, error) {
	if raw == nil {
		return nil, fault.Nil("privacy.Identifiers", "table")
	}
	found := Found{}
	for j, c := range raw.Raw().Columns {
		if kind := identify.Column(c, raw.Raw().Column(j)); kind != identify.None {
			found = append(found, Identifier{c.Name, kind.String(), identify.Names(c, raw.Raw().Column(j)) != identify.None})
		}
	}
	return found, nil
}

// Sheet has a row per column.
func (f Found) Sheet() sheet.Sheet {
	out := sheet.Sheet{Total: len(f), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "holds", Text: true}, {Name: "so", Text: true}}}
	alone := 0
	for _, i := range f {
		so := "coarsen it"
		switch {
		case i.Holds == identify.Postcode.String():
			so += ": a region, or the first digits"
		case i.Holds == identify.BirthDate.String():
			so += ": an age, in bands"
		case i.Alone:
			so = "drop it"
		}
		if i.Alone {
			alone++
			so += "; no recipe takes it, and no page shows it"
		}
		out.Rows = append(out.Rows, []string{i.Column, i.Holds, so})
	}
	tell := func(n int) string {
		return wording.Plural(n, "column") + map[bool]string{true: " names", false: " name"}[n == 1] + " customers"
	}
	switch near := len(f) - alone; {
	case len(f) == 0:
		out.Caption = "No column names customers"
	case near == 0:
		out.Caption = tell(alone)
	case alone == 0:
		out.Caption = tell(near) + " together with others"
	default:
		out.Caption = fmt.Sprintf("%s, and %s more together with others", tell(alone), sheet.Count(near))
	}
	return out
}

// Frame returns a row per column: column, holds, alone.
func (f Found) Frame() table.Frame {
	return frame.New(
		frame.Each("column", f, func(i Identifier) string { return i.Column }),
		frame.Each("holds", f, func(i Identifier) string { return i.Holds }),
		frame.Each("alone", f, func(i Identifier) bool { return i.Alone }))
}

// split tells the columns that name customers by themselves from those that do so together with others.
func (f Found) split() (alone, together []string) {
	for _, i := range f {
		if i.Alone {
			alone = append(alone, i.Column)
		} else {
			together = append(together, i.Column)
		}
	}
	return alone, together
}
