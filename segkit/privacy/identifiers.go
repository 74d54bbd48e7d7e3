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
// column. It knows usual names in six languages, and no more: a column that it does not find may tell who somebody is all the same.
func Identifiers(raw *table.Table) (Found, error) {
	if raw == nil {
		return nil, fault.Nil("privacy.Identifiers", "table")
	}
	found := Found{}
	for j, c := range raw.Raw().Columns {
		if kind := identify.Column(c, raw.Raw().Column(j)); kind != identify.None {
			found = append(found, Identifier{c.Name, kind.String(), kind.Tells()})
		}
	}
	return found, nil
}

// Sheet has a row per column.
func (f Found) Sheet() sheet.Sheet {
	out := sheet.Sheet{Total: len(f), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "holds", Text: true}, {Name: "so", Text: true}}}
	alone := 0
	for _, i := range f {
		so := "coarsen it: region instead of postcode, age band instead of date of birth"
		if i.Alone {
			alone++
			so = "drop it: no recipe takes it, and no page may show it"
		}
		out.Rows = append(out.Rows, []string{i.Column, i.Holds, so})
	}
	tell := func(n int) string {
		return wording.Plural(n, "column") + map[bool]string{true: " tells", false: " tell"}[n == 1]
	}
	switch near := len(f) - alone; {
	case len(f) == 0:
		out.Caption = "No column was found that tells who customers are"
	case near == 0:
		out.Caption = tell(alone) + " who a customer is"
	case alone == 0:
		out.Caption = tell(near) + " who a customer is, together with others"
	default:
		out.Caption = fmt.Sprintf("%s who a customer is by itself, %s together with others", tell(alone), sheet.Count(near))
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

// naming returns the columns of raw that name customers by themselves.
func naming(raw *table.Table) []string {
	var out []string
	for j, c := range raw.Raw().Columns {
		if identify.Column(c, raw.Raw().Column(j)).Tells() {
			out = append(out, c.Name)
		}
	}
	return out
}
