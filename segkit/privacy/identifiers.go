package privacy

import (
	"cmp"
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Identifier is a column that identifies customers, or the ids of the rows where they do.
type Identifier struct {
	Column string
	Holds  string // "e-mail addresses", "postcodes at full length"
	Alone  bool   // it identifies a customer by itself; else together with other columns, as a postcode does with a date of birth
	IDs    bool   // it is no column, but the ids of the rows
}

// Found lists columns that identify customers.
type Found []Identifier

var _ sheet.Sheeter = Found(nil)

// Identifiers looks for columns of raw that identify customers, by the form of their cells and by their names. These are e-mail addresses, phone numbers,
// names, addresses, customer numbers, numbers of taxpayers, cards and bank accounts (by their check digits), and text that is different for most customers;
// nearly as revealing are full postcodes and dates of birth. A Recipe refuses the former, and mentions the latter. The ids of the rows are looked at too:
// those that a shop made up itself tell nobody else anything, but an e-mail address, a phone number or the number of a taxpayer does. It costs a pass over
// each column. It knows the usual names in eight languages (English, German, French, Spanish, Italian, Dutch, Portuguese, Polish), and no more: a column
// that it does not find may still identify somebody.
func Identifiers(raw *table.Table) (Found, error) {
	if raw == nil {
		return nil, fault.Nil("privacy.Identifiers", "table")
	}
	found := Found{}
	if kind := identify.IDs(raw.Raw().IDName, raw.Raw().IDs); kind != identify.None {
		found = append(found, Identifier{Column: cmp.Or(raw.Raw().IDName, "id"), Holds: kind.String(), Alone: true, IDs: true})
	}
	for j, c := range raw.Raw().Columns {
		if kind := identify.Column(c, raw.Raw().Column(j)); kind != identify.None {
			found = append(found, Identifier{Column: c.Name, Holds: kind.String(), Alone: identify.Names(c, raw.Raw().Column(j)) != identify.None})
		}
	}
	return found, nil
}

// Sheet has a row per column, and one for the ids where they identify customers.
func (f Found) Sheet() sheet.Sheet {
	out := sheet.Sheet{Total: len(f), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "holds", Text: true}, {Name: "so", Text: true}}}
	alone, near, ids := 0, 0, ""
	for _, i := range f {
		name, so := i.Column, "coarsen it"
		switch {
		case i.IDs:
			ids, name, so = i.Holds, name+" (ids of the rows)", "give customers numbers of your own before a list with ids leaves the company"
		case i.Holds == identify.Postcode.String():
			so += ": a region, or the first digits"
		case i.Holds == identify.BirthDate.String():
			so += ": an age, in bands"
		case i.Alone:
			so = "drop it"
		}
		switch {
		case i.IDs:
		case i.Alone:
			alone++
			so += "; no recipe takes it, and no page shows it"
		default:
			near++
		}
		out.Rows = append(out.Rows, []string{name, i.Holds, so})
	}
	tell := func(n int) string {
		return wording.Plural(n, "column") + map[bool]string{true: " names", false: " name"}[n == 1] + " customers"
	}
	switch {
	case alone == 0 && near == 0:
		out.Caption = "No column names customers"
	case near == 0:
		out.Caption = tell(alone)
	case alone == 0:
		out.Caption = tell(near) + " together with others"
	default:
		out.Caption = fmt.Sprintf("%s, and %s more together with others", tell(alone), sheet.Count(near))
	}
	if ids != "" {
		out.Caption += "; the ids of the rows do: they are " + ids
	}
	return out
}

// Frame returns a row per column: column, holds, alone, ids.
func (f Found) Frame() table.Frame {
	return frame.New(
		frame.Each("column", f, func(i Identifier) string { return i.Column }),
		frame.Each("holds", f, func(i Identifier) string { return i.Holds }),
		frame.Each("alone", f, func(i Identifier) bool { return i.Alone }),
		frame.Each("ids", f, func(i Identifier) bool { return i.IDs }))
}

// split tells the columns that name customers by themselves from those that do so together with others.
func (f Found) split() (alone, together []string) {
	for _, i := range f {
		switch {
		case i.IDs:
		case i.Alone:
			alone = append(alone, i.Column)
		default:
			together = append(together, i.Column)
		}
	}
	return alone, together
}
