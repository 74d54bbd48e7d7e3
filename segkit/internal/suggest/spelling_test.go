package suggest

import "testing"

func TestIDsThatAreSpelledAlike(t *testing.T) {
	for _, c := range []struct {
		ids []string
		n   int
	}{
		{[]string{"17850.0", "17850", "17851.0"}, 1},
		{[]string{"00123", "123", "0123", "124"}, 2},
		{[]string{"Rene\u0301", "Ren\u00e9", "Ren\u00e8"}, 1},
		{[]string{"Mu\u0308ller", "M\u00fcller"}, 1},
		{[]string{"Ann\u00a0A", "Ann A", "Ann  A", "AnnA"}, 2},
		{[]string{"\u200bann", "ann"}, 1},
		{[]string{"007", "08", "19"}, 0},
		{[]string{"1.0.0", "1.0", "A.0", "0"}, 0},
		{[]string{"ann", "Ann", "ánn"}, 0},
		{nil, 0},
	} {
		if n, a, b := Alike(c.ids); n != c.n || n > 0 && a == b {
			t.Errorf("%+q: %d (%+q, %+q), want %d", c.ids, n, a, b, c.n)
		}
	}
}
