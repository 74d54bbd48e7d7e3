package suggest

import (
	"slices"
	"strings"
	"testing"
)

// Every form ignores one difference and keeps the others.
func TestFormsOfAnID(t *testing.T) {
	for _, c := range []struct {
		form     Form
		id, want string
	}{
		{Zeros, "00123", "123"}, {Zeros, "000", "0"}, {Zeros, "1-00", "1-00"}, {Case, "C-17", "c-17"}, {Blanks, " C\u00a017", "C17"}, {Point, "123.0", "123"}, {Point, "1.5", "1.5"}, {Point, "A.0", "A.0"},
		{Marks, "123.456.789-09", "12345678909"}, {Marks, "123456/7", "1234567"}, {Marks, "+55 (11) 98765-4321", "55 11 987654321"}, {Marks | Blanks, "+55 (11) 98765-4321", "5511987654321"},
		{Marks, "-1", "-1"}, {Marks, "-", "-"}, {Marks, "a.b@x.org", "a.b@x.org"}, {Every, "01.B@x.org ", "01.b@x.org"}, {Every, "095.170.678-01", "9517067801"}, {Every, "AB-1", "ab1"}, {0, " 0A-1.0", " 0A-1.0"},
	} {
		if got := c.form.Of(c.id); got != c.want || c.form.Of(got) != got {
			t.Errorf("%q without %s: %q, want %q", c.id, c.form.Says(), got, c.want)
		}
	}
}

func TestSpellingsOfIDs(t *testing.T) {
	for _, c := range []struct {
		ids   []string
		fewer int
		says  string
	}{
		{[]string{"123.456.789-09", "12345678909", "98765432100"}, 1, `3 ids are 2 if punctuation marks are ignored, as in "123.456.789-09" and "12345678909"`},
		{[]string{"095.170.678-01", "x", "9517067801", "09517067801"}, 2, `4 ids are 2 if leading zeros and punctuation marks are ignored, as in "095.170.678-01", "9517067801" and "09517067801"`},
		{[]string{"AB-1", "ab 1"}, 1, `2 ids are 1 if blanks, capitals and punctuation marks are ignored, as in "AB-1" and "ab 1"`},
		{[]string{"17850.0", "17850", "17851.0"}, 1, `".0" at the end are ignored, as in "17850.0" and "17850"`},
		{[]string{"Rene\u0301", "Ren\u00e9", "Ren\u00e8"}, 1, `the ways to store accents and blanks are ignored, as in "Rene\u0301" and "Ren\u00e9"`},
		{[]string{"ann", "bob", "Ann", "ANN"}, 2, `capitals are ignored`},
		{[]string{"4000-1234-5678-9010", "4000 1234 5678 9010"}, 1, `blanks and punctuation marks are ignored`},
		{[]string{"1-12", "11-2", "1 12", "C-1", "C-2", "-1", "1", "a.b@x.org", "ab@x.org", "ann", "\u00e1nn"}, 1, `"1-12" and "1 12"`}, // 11-2 is another, and -1 is not 1
		{[]string{"007", "08", "1.0", "A.0", "C-1", "C-2"}, 0, ""},
		{[]string{"x", "x", ""}, 0, ""},
	} {
		got := Spellings(c.ids)
		if got.Fewer != c.fewer || c.fewer > 0 && !strings.Contains(got.Among(len(c.ids), "ids"), c.says) {
			t.Errorf("%+q: %s", c.ids, got.Among(len(c.ids), "ids"))
		}
		back := slices.Clone(c.ids)
		slices.Reverse(back)
		if turned := Spellings(back); turned.Form != got.Form && c.fewer > 0 {
			t.Errorf("%+q the other way round: %+v", c.ids, turned)
		}
	}
}
