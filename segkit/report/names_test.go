package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A long name takes as many lines as it needs, at most three, none wider than the picture, and what comes next stands below.
func TestLongNamesOfPictures(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines int
		ends  string
	}{
		{"Big basket", 1, "Big basket"},
		{"Families in the suburbs who order on weekends, mostly from their phones", 2, "their phones"},
		{strings.Repeat("very long ", 30), 3, "…"},
		{strings.Repeat("客", 40), 1, "…"},
	} {
		var d picture
		y := d.name(8, 20, c.name)
		texts := strings.Split(strings.TrimSpace(d.body.String()), "\n")
		if len(texts) != c.lines || y != 20+16*float64(c.lines-1) || !strings.HasSuffix(texts[len(texts)-1], c.ends+"</text>") {
			t.Errorf("%q: %v, then %v", c.name, texts, y)
		}
		for _, text := range texts {
			if shown := text[strings.Index(text, ">")+1 : strings.LastIndex(text, "<")]; utf8.RuneCountInString(shown) > names+2 {
				t.Errorf("%q is too wide", shown)
			}
		}
	}
}
