package layout

// What a cell looks like: enough to tell names of columns from data.

import (
	"slices"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/internal/cell"
)

// monthNames are how months begin in English, German, French, Spanish, Italian, Portuguese and Dutch.
const monthNames = " jan feb mar apr may jun jul aug sep oct nov dec mär mai okt dez fév avr aoû déc ene abr ago dic gen mag giu lug set ott out fev mrt mei maa "

// isValue reports whether a cell is a number or a date, roughly: it has digits, and letters only as a month, a zone, half of the
// day, an exponent or a currency.
func isValue(cell string) bool {
	digits, word := 0, strings.Builder{}
	fits := true
	check := func() {
		w := strings.ToLower(word.String())
		word.Reset()
		switch w {
		case "", "t", "z", "e", "am", "pm", "utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "st", "nd", "rd", "th", "de", "eur", "usd", "gbp", "chf", "kr", "rs", "cr", "dr", "uhr":
			return
		}
		fits = fits && isMonth(w)
	}
	for _, r := range cell {
		switch {
		case r >= '0' && r <= '9':
			digits++
			check()
		case unicode.IsLetter(r):
			word.WriteRune(r)
		case unicode.IsSpace(r), strings.ContainsRune(".,:;/-+−()%'’$€£¥₹", r):
			check()
		default:
			return false
		}
	}
	check()
	return fits && digits > 0
}

func isMonth(word string) bool {
	r := []rune(strings.ToLower(word))
	return len(r) >= 3 && strings.Contains(monthNames, " "+string(r[:3])+" ")
}

// isPeriod reports whether a header cell names a month: 2024-01, 01/2024, Jan 2024, January, 2024-01-01, 202401.
func isPeriod(header string) bool {
	if !isValue(header) && !isMonth(header) || len(header) > 20 || strings.ContainsAny(header, ",'") {
		return false
	}
	if words := strings.FieldsFunc(header, func(r rune) bool { return !unicode.IsLetter(r) }); len(words) > 0 {
		return slices.ContainsFunc(words, isMonth)
	}
	if _, compact := cell.ParseMonth(header); compact && len(header) == 6 {
		return true
	}
	groups := strings.FieldsFunc(header, func(r rune) bool { return r < '0' || r > '9' })
	year := func(g string) bool { return len(g) == 4 && (strings.HasPrefix(g, "19") || strings.HasPrefix(g, "20")) }
	switch {
	case len(groups) == 2 && strings.Contains(header, "."): // 01.2024, but not 2024.01, which may be money
		return len(groups[0]) <= 2 && year(groups[1])
	case len(groups) == 2 || len(groups) == 3:
		return slices.ContainsFunc(groups, year)
	}
	return false
}

// SaysTotal reports whether a cell calls its line a total, in English, German, French, Spanish, Italian, Portuguese, Dutch or one of their neighbours.
func SaysTotal(cell string) bool {
	if len(cell) < 3 || len(cell) > 40 {
		return false
	}
	text := strings.ToLower(strings.Trim(cell, " :.*"))
	if text == "" || strings.IndexByte("tgszeocrymadp\xc3\xd0", text[0]) < 0 { // with which all of them begin
		return false
	}
	for _, word := range [...]string{"total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "summe", "gesamt", "gesamtsumme", "gesamtbetrag",
		"zwischensumme", "somme", "suma", "totale", "totaal", "subtotaal", "soma", "endsumme", "gesamtergebnis", "teilergebnis", "ergebnis", "overall result", "overall total",
		"résultat", "razem", "celkem", "összesen", "toplam", "summa", "totalt", "yhteensä", "итого"} {
		if rest, ok := strings.CutPrefix(text, word); ok && (rest == "" || rest[0] == ' ' || rest[0] == ':') {
			return true
		}
	}
	return slices.Contains([]string{"average", "mean", "mittelwert", "durchschnitt", "moyenne", "promedio", "gemiddelde"}, text) // and no name that begins so
}

// SaysSubtotal reports whether a cell calls its line the total of a group, with the name of the group in front.
func SaysSubtotal(cell string) bool {
	text := strings.ToLower(strings.TrimSpace(cell))
	return slices.ContainsFunc([]string{" total", " ergebnis", " summe", " gesamt", " subtotal", " totaal", " totale", " suma"}, func(end string) bool { return strings.HasSuffix(text, end) })
}

// IsRule reports whether a cell is a line that is drawn, as in ----- or ====, and no text.
func IsRule(cell []byte) bool {
	drawn := 0
	for _, c := range cell {
		switch c {
		case '-', '=', '_', '+', '*', '~', ':', '|':
			drawn++
		case ' ', '\t', '\r':
		default:
			return false
		}
	}
	return drawn > 2
}
