package cell

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The names of months as the Unicode Common Locale Data Repository has them (read from Babel 2.19, Locale.months, "format"), full and short.
func TestMonthsOfCLDR(t *testing.T) {
	for _, c := range []struct{ locale, names string }{
		{"en", "January|February|March|April|May|June|July|August|September|October|November|December"},
		{"en", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"},
		{"de", "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"},
		{"de", "Jan.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sept.|Okt.|Nov.|Dez."},
		{"de_AT", "Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"},
		{"de_AT", "Jän.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sep.|Okt.|Nov.|Dez."},
		{"fr", "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"},
		{"fr", "janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc."},
		{"fr_CA", "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"},
		{"fr_CA", "janv.|févr.|mars|avr.|mai|juin|juill.|août|sept.|oct.|nov.|déc."},
		{"es", "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"},
		{"es", "ene|feb|mar|abr|may|jun|jul|ago|sept|oct|nov|dic"},
		{"es_MX", "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"},
		{"es_MX", "ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic"},
		{"it", "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"},
		{"it", "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic"},
		{"pt", "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"},
		{"pt", "jan.|fev.|mar.|abr.|mai.|jun.|jul.|ago.|set.|out.|nov.|dez."},
		{"pt_PT", "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"},
		{"pt_PT", "jan.|fev.|mar.|abr.|mai.|jun.|jul.|ago.|set.|out.|nov.|dez."},
		{"nl", "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"},
		{"nl", "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec"},
	} {
		for m, name := range strings.Split(c.names, "|") {
			if got, ok := ParseMonth(name + " 2024"); !ok || got != (Month{2024, m + 1, 0}) {
				t.Errorf("%s: %q is %v, %v", c.locale, name, got, ok)
			}
			var d Dates
			d.Add([]byte(fmt.Sprintf("17 %s 2024", name)), 1)
			if r := d.Readings(); len(r) != 1 {
				t.Errorf("%s: a day of %q has %d readings", c.locale, name, len(r))
			} else if when, ok := r[0].Parse([]byte(fmt.Sprintf("17 %s 2024", name))); !ok || when != secondsOf(2024, m+1, 17) {
				t.Errorf("%s: a day of %q is %d", c.locale, name, when)
			}
		}
	}
}

func secondsOf(year, month, day int) int64 {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()
}

// What is no month, or not a clear one, is none.
func TestNoMonths(t *testing.T) {
	for _, text := range []string{"", "2024", "13/2024", "2024-00", "Q1 2024", "Total", "01/02/2024", "2024.5", "31 Feb 2024", "Jan Feb 2024", "1,5", "12-24"} {
		if m, ok := ParseMonth(text); ok {
			t.Errorf("%q is %v", text, m)
		}
	}
	for text, want := range map[string]string{"2024-02": "2024-02-01 2024-02-29", "Feb. '23": "2023-02-01 2023-02-28", "2024-01-15": "2024-01-15 2024-01-15", "5 de mayo de 2019": "2019-05-05 2019-05-05"} {
		m, ok := ParseMonth(text)
		if got := m.First() + " " + m.Last(); !ok || got != want {
			t.Errorf("%q is %s", text, got)
		}
	}
}
