package features

// Columns that are made of those of the file: a name of first and last name, a date of year, month and day, money out less money back, ids without what does not matter in them.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// compound is such a column.
type compound struct {
	parts []int        // columns of the file
	less  bool         // the second of two is money back
	form  suggest.Form // what does not matter in the ids of customers
}

// What stands between the names of the parts.
const (
	withNext = " + "
	lessNext = " - "
)

// columnOf is where a column of the file stands, or one that is put together of some, which is added behind the others; -1 if a part is not there.
func (p *plan) columnOf(name string) int {
	if i := slices.Index(p.header, name); i >= 0 {
		return i
	}
	j, between := compound{}, withNext
	if strings.Contains(name, lessNext) {
		j.less, between = true, lessNext
	}
	for part := range strings.SplitSeq(name, between) {
		i := slices.Index(p.header[:p.width], part)
		if i < 0 {
			return -1
		}
		j.parts = append(j.parts, i)
	}
	if len(j.parts) < 2 || j.less && len(j.parts) > 2 {
		return -1
	}
	p.header, p.compounds = append(slices.Clip(p.header), name), append(p.compounds, j)
	return len(p.header) - 1
}

// partsOf are the columns of the file that a column is made of.
func (p *plan) partsOf(column int) []int {
	if column < p.width {
		return []int{column}
	}
	return p.compounds[column-p.width].parts
}

// text appends the text of the column; cell has those of the file.
func (j *compound) text(out []byte, p *plan, cell func(column int) []byte) []byte {
	if j.less {
		plus, minus := cell(j.parts[0]), cell(j.parts[1])
		nothing := func(f []byte) bool { return len(f) == 0 || p.missing.Find(f) >= 0 || isNothing(f) }
		switch {
		case nothing(minus):
			return append(out, plus...)
		case nothing(plus) && minus[0] == '-':
			return append(out, minus...)
		case nothing(plus):
			return append(append(out, '-'), minus...)
		}
		return append(append(append(out, plus...), lessNext...), minus...) // both: no number
	}
	start := len(out)
	for _, part := range j.parts {
		if f := cell(part); len(f) > 0 {
			if len(out) > start {
				out = append(out, ' ')
			}
			out = append(out, f...)
		}
	}
	if id := out[start:]; j.form != 0 && !p.noID(id) {
		out = append(out[:start], j.form.Of(string(id))...)
	}
	return out
}

// ignore has the ids of customers read without the differences that do not matter, and notes it.
func (p *plan) ignore(names []string) {
	at := p.at[customerColumn]
	if form, _ := suggest.Named(names); form != 0 && at >= 0 { // the names were checked
		p.header, p.compounds = append(slices.Clip(p.header), p.header[at]), append(p.compounds, compound{parts: p.partsOf(at), form: form})
		p.at[customerColumn] = len(p.header) - 1
		p.notes = append(p.notes, fmt.Sprintf("The ids of customers are read without %s, as features.OrdersOptions.Ignore says.", form.Says()))
	}
}

// join adds the columns that are put together to the grid of s.
func (p *plan) join(s *records.Scanner) {
	for k := range p.compounds {
		column := make([]records.Span, len(s.Starts))
		for i := range column {
			from := uint32(len(s.Data))
			s.Data = p.compounds[k].text(s.Data, p, func(c int) []byte { return trim(s.Columns[c][i].Of(s.Data)) })
			column[i] = records.Span{From: from, To: uint32(len(s.Data))}
		}
		s.Columns = append(s.Columns, column)
	}
	if p.compounds != nil {
		s.Data = append(s.Data, make([]byte, records.Behind)...)
	}
}

// together are headers, as exports.Simple has them, of columns that make one when they stand in a file side by side.
var together = []struct {
	meaning
	between string
	parts   [][]string
}{
	{dateColumn, withNext, [][]string{{"year", "yyyy", "jahr", "annee", "ano", "anno", "jaar"}, {"month", "mm", "monat", "mois", "mes", "mese", "maand"}, {"day", "dd", "dayofmonth", "tag", "jour", "dia", "giorno", "dag"}}},
	{customerColumn, withNext, [][]string{{"firstname", "givenname", "forename", "vorname", "prenom", "nombre", "voornaam"}, {"lastname", "surname", "familyname", "nachname", "nom", "apellido", "apellidos", "cognome", "achternaam"}}},
	{amountColumn, lessNext, [][]string{{"debit", "debitamount", "soll", "debe", "dare"}, {"credit", "creditamount", "haben", "haber", "avere"}}},
}

// offered are the columns that can be put together to one of this meaning.
func (p *plan) offered(m meaning) (out []kept.Setting) {
next:
	for _, t := range together {
		if t.meaning != m {
			continue
		}
		var names []string
		for _, known := range t.parts {
			i := slices.IndexFunc(p.header[:p.width], func(h string) bool { return slices.Contains(known, exports.Header(h)) })
			if i < 0 {
				continue next
			}
			names = append(names, p.header[i])
		}
		out = append(out, kept.Setting{Key: kept.Key(optionNames[m]), Value: strings.Join(names, t.between)})
	}
	return out
}

// clocks are headers of a time of day that stands beside its date.
var clocks = []string{"time", "ordertime", "purchasetime", "transactiontime", "saletime", "timeofday", "uhrzeit", "heure", "hora", "ora", "tijd"}

// tellsTime notes that the time of day stands in a column of its own.
func (p *plan) tellsTime(plain []string, taken []bool) {
	for i, h := range plain {
		if !taken[i] && slices.Contains(clocks, h) && p.at[dateColumn] >= 0 && p.at[dateColumn] < p.width {
			p.notes = append(p.notes, fmt.Sprintf("The time of day in %q was left out; features.OrdersOptions.Date = %q reads both.", p.header[i], p.header[p.at[dateColumn]]+withNext+p.header[i]))
			return
		}
	}
}
