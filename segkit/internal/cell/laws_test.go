package cell

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// dialect is how one program writes all numbers of a column.
type dialect struct {
	decimal, group string
	indian         bool
	before, after  string
	unit           string
	negative       string // with %s for the number
	decimals       int
}

func dialects(t *rapid.T) dialect {
	var d dialect
	d.decimal = rapid.SampledFrom([]string{".", ","}).Draw(t, "decimal")
	d.group = rapid.SampledFrom([]string{"", "", map[string]string{".": ",", ",": "."}[d.decimal], "'", "’", " ", "\u00a0", "\u202f"}).Draw(t, "group")
	d.indian = d.group == "," && rapid.Bool().Draw(t, "Indian")
	c := rapid.SampledFrom([][3]string{{}, {}, {"$", "", "$"}, {"$ ", "", "$"}, {"€", "", "EUR"}, {"", " €", "EUR"}, {"", "€", "EUR"}, {"EUR ", "", "EUR"}, {"", " EUR", "EUR"}, {"US$", "", "USD"},
		{"CHF ", "", "CHF"}, {"", " kr", "kr"}, {"", " kr.", "kr"}, {"", " zł", "PLN"}, {"R$ ", "", "BRL"}, {"£", "", "GBP"}, {"¥", "", "¥"}, {"₹ ", "", "INR"}, {"Rs. ", "", "Rs"}, {"", " %", "%"}, {"", "%", "%"},
		{"", "\u00a0€", "EUR"}, {"$", " USD", "USD"}}).Draw(t, "unit")
	d.before, d.after, d.unit = c[0], c[1], c[2]
	d.negative = rapid.SampledFrom([]string{"-%s", "−%s", "(%s)", "%s-", "- %s", "%s−"}).Draw(t, "negative")
	d.decimals = rapid.IntRange(0, 4).Draw(t, "decimals")
	return d
}

// write formats v units of ten to the power of minus d.decimals. outer puts the sign outside the unit.
func (d dialect) write(v int64, outer bool) string {
	digits := strconv.FormatUint(uint64(max(v, -v)), 10)
	for len(digits) <= d.decimals {
		digits = "0" + digits
	}
	whole, fraction := digits[:len(digits)-d.decimals], digits[len(digits)-d.decimals:]
	size := 3
	for i := len(whole) - size; i > 0; i -= size {
		whole = whole[:i] + d.group + whole[i:]
		if d.indian {
			size = 2
		}
	}
	if fraction != "" {
		whole += d.decimal + fraction
	}
	if v >= 0 {
		return d.before + whole + d.after
	}
	if outer {
		return fmt.Sprintf(d.negative, d.before+whole+d.after)
	}
	return d.before + fmt.Sprintf(d.negative, whole) + d.after
}

func toFloat(v int64, decimals int) float64 {
	f, _ := strconv.ParseFloat(fmt.Sprintf("%de-%d", v, decimals), 64)
	return f
}

// A column that one program wrote is read as it was meant, or both readings are offered, and the right one is among them:
// never is one number misread.
func TestNoDialectIsMisread(t *testing.T) {
	asked := 0
	rapid.Check(t, func(t *rapid.T) {
		d := dialects(t)
		truth := rapid.OneOf(
			rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-3000, 3000), rapid.Int64Range(-1e7, 1e7), rapid.Int64Range(-1e14, 1e14)), 1, 12),
			rapid.SliceOfN(rapid.Int64Range(1000, 999_999), 1, 3), // thousands alone, which most often leave a question
		).Draw(t, "truth")
		outer := rapid.Bool().Draw(t, "sign outside")
		n := new(Numbers)
		var cells []string
		sum := Amount{}
		for i, v := range truth {
			cells = append(cells, d.write(v, outer))
			n.Add([]byte(cells[i]), i+2)
			sum.Units += v
		}
		sum.Units, sum.Decimals = trimmed(sum.Units, d.decimals)
		if n.Bad().Count > 0 {
			t.Fatalf("%q: %q is not understood", cells, n.Bad().Cell)
		}
		readings := n.Readings(0)
		q := n.Question(0, words)
		if len(readings) == 2 != (q != nil) {
			t.Fatalf("%q: %d readings, question %+v", cells, len(readings), q)
		}
		if q != nil {
			asked++
			r := n.Readings(rune(d.decimal[0])) // what the user answers
			if n.Question(rune(d.decimal[0]), words) != nil || len(r) != 1 || !strings.Contains(q.Remedy, fmt.Sprintf("%q for %v", d.decimal[0], r[0].Sum)) {
				t.Fatalf("%q: answered, there are %v; the sentence says %q", cells, r, q.Remedy)
			}
			readings = r
		}
		if len(readings) != 1 {
			t.Fatalf("%q: %d readings", cells, len(readings))
		}
		r := readings[0]
		if r.Sum != sum || !r.Exact || r.Unit != d.unit {
			t.Fatalf("%q: add up to %v %q, not %v %q", cells, r.Sum, r.Unit, sum, d.unit)
		}
		for i, c := range cells {
			v, decimals, ok := r.Parse([]byte(c))
			want, wantDecimals := trimmed(truth[i], d.decimals)
			if !ok || v != want || decimals != wantDecimals && v != 0 {
				t.Fatalf("%q: %q is read as %d with %d decimals, not %d with %d", cells, c, v, decimals, want, wantDecimals)
			}
			if f, ok := r.Float([]byte(c)); !ok || f != toFloat(truth[i], d.decimals) {
				t.Fatalf("%q: %q is read as %v, not %v", cells, c, f, toFloat(truth[i], d.decimals))
			}
		}
	})
	if asked == 0 {
		t.Error("no column was asked about: the law was not tried")
	}
}

// Two halves of a column, merged, are the column.
func TestMergedIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dialects(t)
		odd := []string{"x", "12.5", "12,5", "1.000", "$5", "€ 7", "1e-20", "99999999999999999999", "0"}
		cells := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.Custom(func(t *rapid.T) string {
			return d.write(rapid.Int64Range(-1e6, 1e6).Draw(t, "v"), true)
		})), 1, 20).Draw(t, "cells")
		cut := rapid.IntRange(0, len(cells)).Draw(t, "cut")
		whole, a, b := new(Numbers), new(Numbers), new(Numbers)
		for i, c := range cells {
			whole.Add([]byte(c), i+1)
			if i < cut {
				a.Add([]byte(c), i+1)
			} else {
				b.Add([]byte(c), i+1-cut)
			}
		}
		a.Merge(b, cut)
		if got, want := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", whole); got != want {
			t.Fatalf("%q cut at %d:\n%s\n%s", cells, cut, got, want)
		}
	})
}

// The short way for grouped numbers is the long way.
func TestGroupedIsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,4}([.,][0-9]{2,4}){1,4}([.,][0-9]{0,3})?`).Draw(t, "text")
		for _, mark := range []byte{'.', ','} {
			v, decimals, ok := grouped([]byte(text), mark)
			if !ok {
				continue
			}
			var f form
			f.split([]byte(text))
			want, wantDecimals, _, how := f.value(mark)
			if _, _, _, otherwise := f.value(other(mark)); how != fits || v != want || decimals != wantDecimals || otherwise != unfit {
				t.Fatalf("%q with %q: %d with %d decimals, want %d with %d; %v, %v", text, mark, v, decimals, want, wantDecimals, how, otherwise)
			}
		}
	})
}

// Plain numbers are what strconv makes of them, on every way through the package.
func TestPlainNumbersAreThoseOfStrconv(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[+-]?[0-9]{0,12}(\.[0-9]{0,5})?`).Draw(t, "text")
		v, decimals, ok := ParsePlain([]byte(text), '.')
		want, err := strconv.ParseFloat(text, 64)
		if ok != (err == nil) {
			t.Fatalf("%q: ok %v, strconv %v", text, ok, err)
		}
		if ok && toFloat(v, decimals) != math.Abs(want)*float64(sign(v)) {
			t.Fatalf("%q: %d with %d decimals, strconv has %v", text, v, decimals, want)
		}
		r := Reading{Decimal: '.'}
		if p, pd, pok := r.Parse([]byte(text)); p != v || pd != decimals || ok && !pok {
			t.Fatalf("%q: Parse %d %d %v, ParsePlain %d %d %v", text, p, pd, pok, v, decimals, ok)
		}
	})
}

func sign(v int64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// Dates that one program wrote come back, or the question names the layout that brings them back.
func TestNoDateIsMisread(t *testing.T) {
	asked := 0
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006/1/2", "2/1/2006", "1/2/2006", "02-01-2006", "01-02-2006", "2.1.2006", "02.01.06", "1/2/06", "02/01/06", "06-01-02", "20060102",
			"2 Jan 2006", "January 2, 2006", "02-Jan-06", "Mon, 02 Jan 2006", "2006-Jan-02", "02Jan2006", "excel", "excel 1904", "unix", "unix ms", "unix us"}).Draw(t, "layout")
		clock := rapid.SampledFrom([]string{"", "", " 15:04", " 15:04:05", "T15:04:05Z", " 3:04 PM", " 15:04:05.000", " 15.04", " 15:04:05 -0700", " 3:04:05 PM MST"}).Draw(t, "clock")
		days := rapid.SliceOfN(rapid.Int64Range(14610, 20500), 1, 10).Draw(t, "days") // 2010 to 2026
		d := new(Dates)
		var cells []string
		for i, day := range days {
			at := time.Unix(day*86400+rapid.Int64Range(0, 86399).Draw(t, "second"), 0).UTC()
			text := at.Format(layout + clock)
			switch layout {
			case "excel":
				text = strconv.FormatInt(day+25569, 10)
			case "excel 1904":
				text = strconv.FormatInt(day+24107, 10)
			case "unix":
				text = strconv.FormatInt(at.Unix(), 10)
			case "unix ms":
				text = strconv.FormatInt(at.UnixMilli(), 10)
			case "unix us":
				text = strconv.FormatInt(at.UnixMicro(), 10)
			}
			cells = append(cells, text)
			d.Add([]byte(text), i+2)
		}
		q, readings := d.Question(words), d.Readings()
		if q != nil {
			asked++
			if q.Kind != TwoReadings {
				t.Fatalf("%q: %+v", cells, q)
			}
			given := ""
			for _, r := range readings { // what the user answers
				name := r.String()
				l, err := ParseLayouts(name)
				if err != nil || !strings.Contains(q.Remedy, strconv.Quote(name)) {
					t.Fatalf("%q: %q is no advice: %v", q.Remedy, name, err)
				}
				sample := time.Date(2013, 4, 5, 0, 0, 0, 0, time.UTC)
				if s, ok := l[0].match([]byte(sample.Format(layout))); ok && days2(s) == days2(stamp{year: 2013, month: 4, day: 5}) || name == layout {
					given = name
				}
			}
			if given == "" {
				t.Fatalf("%q as %s: none of the answers in %q is right", cells, layout, q.Remedy)
			}
			l, _ := ParseLayouts(given)
			again := &Dates{Layouts: l}
			for i, c := range cells {
				again.Add([]byte(c), i+2)
			}
			if q := again.Question(words); q != nil {
				t.Fatalf("%q with %q: %+v", cells, given, q)
			}
			readings = again.Readings()
		}
		if len(readings) != 1 {
			t.Fatalf("%q: %d readings", cells, len(readings))
		}
		for i, c := range cells {
			at, ok := readings[0].Parse([]byte(c))
			if got := at / 86400; !ok || got != days[i] {
				t.Fatalf("%q: %q is day %d (%v), not %d, as %v", cells, c, got, ok, days[i], readings[0].String())
			}
		}
	})
	if asked == 0 {
		t.Error("no column was asked about: the law was not tried")
	}
}

func days2(s stamp) int64 { return days(s.year, s.month, s.day) }

// Every month of seven languages, full as unicode.org's CLDR 46 has it.
func TestMonthNames(t *testing.T) {
	for language, list := range map[string]string{
		"en": "January February March April May June July August September October November December",
		"de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
		"fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		"pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
		"nl": "januari februari maart april mei juni juli augustus september oktober november december",
		// abbreviations
		"en.": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "de.": "Jan. Feb. Mär. Apr. Mai Jun. Jul. Aug. Sep. Okt. Nov. Dez.", "fr.": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
		"es.": "ene feb mar abr may jun jul ago sept oct nov dic", "it.": "gen feb mar apr mag giu lug ago set ott nov dic", "pt.": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
		"nl.": "jan feb mrt apr mei jun jul aug sep okt nov dec",
	} {
		for m, name := range strings.Fields(list) {
			for _, spelled := range []string{name, strings.ToUpper(name)} {
				d := datesOf("", "", "5 "+spelled+" 2019")
				if r := d.Readings(); len(r) != 1 || r[0].First != days(2019, m+1, 5)*86400 {
					t.Errorf("%s: %q is not month %d: %v", language, spelled, m+1, r)
				}
			}
		}
	}
}

// Whatever a column holds, nothing panics, and what is said to be readable is read.
func FuzzColumn(f *testing.F) {
	for _, s := range []string{"1.234,50;7", "$5;(3)", "3/8/2019;27.1.2019", "1e-400;e5", "\xa05\x80", "٣", "5 de mayo de 2019", "12:00", "-", "((5))", "1 234;1'234", "1.23450;2,50"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cells := strings.Split(text, ";")
		n, d := new(Numbers), new(Dates)
		for i, c := range cells {
			v, decimals, ok := n.Add([]byte(c), i)
			r := Reading{Decimal: '.', Unit: unitIn(c), Decimals: MaxDecimals}
			if v2, d2, ok2 := r.Parse([]byte(c)); ok && (!ok2 || v2 != v || d2 != decimals) {
				t.Fatalf("%q: Add %d %d, Parse %d %d %v", c, v, decimals, v2, d2, ok2)
			}
			d.Add([]byte(c), i)
		}
		for _, answer := range []rune{0, '.', ','} {
			if q := n.Question(answer, words); q == nil && n.Count() > 0 {
				r := n.Readings(answer)[0]
				for _, c := range cells {
					if _, _, ok := r.Parse([]byte(c)); !ok {
						t.Fatalf("%q: %q cannot be read, and no question was asked", cells, c)
					}
				}
			}
		}
		if q := d.Question(words); q == nil && d.Count() > 0 {
			r := d.Readings()[0]
			for _, c := range cells {
				if _, ok := r.Parse([]byte(c)); !ok {
					t.Fatalf("%q: %q cannot be read as a date, and no question was asked", cells, c)
				}
			}
		}
	})
}

func unitIn(c string) string {
	var f form
	f.split([]byte(c))
	return f.unit
}

// Two halves of a column of dates, merged, say what the column says.
func TestMergedDatesAreWhole(t *testing.T) {
	cells := []string{"3/8/2019", "1/27/2019", "27/1/2019", "01-05-2019", "2019-05-01", "43831", "2019-05-01 10:00Z", "2019-05-01 10:00 CET", "x", "5 mai 2019", "01/05/19"}
	rapid.Check(t, func(t *rapid.T) {
		column := rapid.SliceOfN(rapid.SampledFrom(cells), 1, 8).Draw(t, "column")
		cut := rapid.IntRange(0, len(column)).Draw(t, "cut")
		whole, a, b := new(Dates), new(Dates), new(Dates)
		for i, c := range column {
			whole.Add([]byte(c), i+1)
			if i < cut {
				a.Add([]byte(c), i+1)
			} else {
				b.Add([]byte(c), i+1-cut)
			}
		}
		a.Merge(b, cut)
		if got, want := fmt.Sprintf("%+v %+v", a.Question(words), a.Readings()), fmt.Sprintf("%+v %+v", whole.Question(words), whole.Readings()); got != want {
			t.Fatalf("%q cut at %d:\n%s\n%s", column, cut, got, want)
		}
	})
}
