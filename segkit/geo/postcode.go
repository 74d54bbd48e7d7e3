package geo

// Postcodes: text of digits that spreadsheets take for numbers, and whose first digits are larger areas.

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Postcodes says which column has postcodes and how long they are.
type Postcodes struct {
	Column  string         // "" means "postcode"
	Country string         // column of the country, if customers live in several; "" for one country
	Digits  map[string]int // number of digits in the codes of each country: {"Germany": 5, "Austria": 4}, or {"": 5} without Country
}

// Pad returns t with numeric postcodes as text of full length: the text or the number 4109 becomes 04109 if codes have 5 digits. Codes
// with letters, and those of countries that Digits does not name, stay as they are. A code with more digits than its country's codes
// have, or one that is not a whole number, is an error.
//
// Without Digits nothing is changed, and a column that seems to have lost zeros is an error that asks: numbers, or codes of digits
// some of which are one digit shorter than most. The summary says what was repaired. Cost n.
func (p Postcodes) Pad(t *table.Table) (*table.Table, error) {
	out, _, err := p.read(t)
	return out, err
}

// Prefixes adds a column for each length (at least 1 digit, in rising order) with the first digits of the postcode, such as "postcode 2": the fewer
// digits, the larger the area. Codes are padded first, as by Pad. With Country, the country comes first: "Germany 04".
func (p Postcodes) Prefixes(t *table.Table, lengths ...int) (*table.Table, error) {
	for i, n := range lengths {
		if n < 1 || i > 0 && n <= lengths[i-1] {
			return nil, fault.Option("geo.Postcodes.Prefixes", "lengths", n, "numbers of digits from 1, rising")
		}
	}
	out, codes, err := p.read(t)
	if err != nil {
		return nil, err
	}
	for _, n := range lengths {
		names := make([]string, len(codes))
		for i, c := range codes {
			if c.text == "" {
				continue
			}
			names[i] = strings.TrimSpace(c.country + " " + string([]rune(c.text)[:min(n, utf8.RuneCountInString(c.text))]))
		}
		name := fmt.Sprintf("%s %d", p.column(), n)
		if slices.Contains(out.Names(), name) {
			return nil, fault.Errorf(fault.ErrDuplicate, "segkit: geo.Postcodes.Prefixes: there is a column %q already: Drop it first", name)
		}
		from, _ := out.Column(p.column())
		out = withText(out, table.Column{Name: name, Role: table.Descriptor, Ancestry: table.MadeOf(from)}, names)
	}
	return out, out.Check()
}

func (p Postcodes) column() string { return cmp.Or(p.Column, "postcode") }

type postcode struct{ text, country string }

// read returns t with its postcodes as text, and the codes (n).
func (p Postcodes) read(t *table.Table) (*table.Table, []postcode, error) {
	const op = "geo.Postcodes"
	if t == nil {
		return nil, nil, fault.Nil(op, "table")
	}
	if t.Len() == 0 {
		return nil, nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	}
	for country, n := range p.Digits {
		if n < 1 || n > 12 {
			return nil, nil, fault.Option(op, "Digits", fmt.Sprintf("%d for %q", n, country), "1 to 12")
		}
	}
	j, err := t.Index(p.column())
	if err != nil {
		return nil, nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	c := t.Raw().Columns[j]
	countries, err := p.countries(t)
	if err != nil {
		return nil, nil, err
	}
	if !c.Categorical() && len(p.Digits) == 0 {
		e := numbersAsNames(op, t, c).(*fault.CellError)
		e.Remedy = fmt.Sprintf("read it as text, with table.CSVOptions{Text: []string{%q}}, or say how many digits codes have: geo.Postcodes{Digits: …}", c.Name)
		return nil, nil, e
	}
	codes, texts, mended := make([]postcode, t.Len()), make([]string, t.Len()), 0
	refuse := func(i int, value, why, remedy string) error {
		return &fault.CellError{Op: op, File: t.Raw().Source, Row: i + 1, ID: t.Raw().IDs[i], Column: c.Name, Value: value, Why: why, Remedy: remedy, Err: fault.ErrSchema}
	}
	for i := range codes {
		v := t.At(i, j)
		if math.IsNaN(v) {
			continue
		}
		text := ""
		switch {
		case c.Categorical():
			text = strings.TrimSpace(c.Levels[int(v)])
		case v != math.Trunc(v) || v < 0:
			return nil, nil, refuse(i, fmt.Sprint(v), "is not a postcode", "correct it, or make it missing")
		default:
			text = fmt.Sprintf("%.0f", v)
		}
		full := p.Digits[countries[i]]
		if full > 0 && digitsOnly(text) {
			if len(text) > full {
				return nil, nil, refuse(i, text, fmt.Sprintf("has %d digits, where codes have %d", len(text), full), "correct it, or make it missing")
			}
			if zeros := full - len(text); zeros > 0 {
				text = strings.Repeat("0", zeros) + text
				mended++
			}
		}
		codes[i], texts[i] = postcode{text, countries[i]}, text
	}
	if err := p.lost(t, codes); err != nil {
		return nil, nil, err
	}
	kept := c
	kept.Levels, kept.Labels, kept.Unit, kept.Ordered = nil, nil, "", false
	out := withText(t, kept, texts)
	if mended > 0 {
		out.Raw().Note = strings.TrimSpace(fmt.Sprintf("%s %s of %s got their leading zeros back.", out.Raw().Note, sheet.Count(mended), c.Name))
	}
	return out, codes, out.Check()
}

// countries returns the country of every customer (n), "" where there is one country.
func (p Postcodes) countries(t *table.Table) ([]string, error) {
	out := make([]string, t.Len())
	if p.Country == "" {
		for _, name := range slices.Sorted(maps.Keys(p.Digits)) {
			if name != "" {
				return nil, fault.Option("geo.Postcodes", "Country", `""`, fmt.Sprintf(`the column that says %q, or Digits: {"": %d} for one country`, name, p.Digits[name]))
			}
		}
		return out, nil
	}
	j, err := t.Index(p.Country)
	if err != nil {
		return nil, fmt.Errorf("segkit: geo.Postcodes: %w", fault.Trimmed(err))
	}
	c := t.Raw().Columns[j]
	if !c.Categorical() {
		return nil, c.KindError("geo.Postcodes")
	}
	for name := range p.Digits {
		if !slices.Contains(c.Levels, name) {
			return nil, fault.Option("geo.Postcodes", "Digits", fmt.Sprintf("%q", name), "countries of the column "+p.Country+": "+some(c.Levels))
		}
	}
	for i := range out {
		if v := t.At(i, j); !math.IsNaN(v) {
			out[i] = c.Levels[int(v)]
		}
	}
	return out, nil
}

// lost asks about codes of digits that are one shorter than most of their country's, where Digits does not say how long these are.
func (p Postcodes) lost(t *table.Table, codes []postcode) error {
	lengths := map[string]map[int]int{}
	for _, c := range codes {
		if digitsOnly(c.text) && p.Digits[c.country] == 0 {
			if lengths[c.country] == nil {
				lengths[c.country] = map[int]int{}
			}
			lengths[c.country][len(c.text)]++
		}
	}
	for _, country := range slices.Sorted(maps.Keys(lengths)) {
		of, full := lengths[country], 0
		for n, count := range of {
			if count > of[full] || count == of[full] && n > full {
				full = n
			}
		}
		short := of[full-1]
		if short == 0 {
			continue
		}
		for i, c := range codes {
			if c.country == country && len(c.text) == full-1 && digitsOnly(c.text) {
				remedy := fmt.Sprintf("put zeros in front with geo.Postcodes{Digits: map[string]int{%q: %d}}, and name the column of the countries in Country if there are several", country, full)
				return &fault.CellError{Op: "geo.Postcodes", File: t.Raw().Source, Row: i + 1, ID: t.Raw().IDs[i], Column: p.column(), Value: c.text, Count: short, Err: fault.ErrSchema,
					Why: fmt.Sprintf("has %d digits, where %s codes have %d: it may have lost a leading zero in a spreadsheet", full-1, sheet.Count(of[full]), full), Remedy: remedy}
			}
		}
	}
	return nil
}

// withText returns t with a column of text (n, "" for missing), in the place of the column of that name or behind all.
func withText(t *table.Table, c table.Column, texts []string) *table.Table {
	levels := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(texts))), func(s string) bool { return s == "" })
	c.Levels = append([]string{}, levels...)
	at := make(map[string]float64, len(levels))
	for l, level := range levels {
		at[level] = float64(l)
	}
	columns := t.Columns()
	j := slices.IndexFunc(columns, func(have table.Column) bool { return have.Name == c.Name })
	if j < 0 {
		j = len(columns)
		columns = append(columns, c)
	}
	columns[j] = c
	data := make([]float64, 0, t.Len()*len(columns))
	for i := range t.Len() {
		row := append(slices.Clone(t.Raw().Row(i)), math.NaN())[:len(columns)]
		if row[j] = math.NaN(); texts[i] != "" {
			row[j] = at[texts[i]]
		}
		data = append(data, row...)
	}
	return t.WithData(columns, data)
}
