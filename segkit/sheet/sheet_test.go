package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
)

func sample(rows int) Sheet {
	s := Sheet{
		Caption: `Spend of <script>alert("x")</script> & friends`,
		Columns: []Column{{Name: "segment", Text: true}, {Name: "spend", Unit: "EUR"}},
		Notes:   []string{"Amounts are net & < gross."},
	}
	for i := range rows {
		s.Rows = append(s.Rows, []string{fmt.Sprintf("<b>%d</b>", i), Count(1000 * i)})
	}
	return s
}

// elements parses page as XML, so that anything unescaped or unclosed fails, and returns the text in each kind of element.
func elements(t *testing.T, page string) map[string][]string {
	t.Helper()
	in := xml.NewDecoder(strings.NewReader(page))
	found := map[string][]string{}
	var open []string
	for {
		token, err := in.Token()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatalf("%v in %s", err, page)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			for _, a := range token.Attr {
				if a.Name.Local == "scope" {
					name += "." + a.Value
				}
			}
			open = append(open, name)
			found[name] = append(found[name], "")
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, name := range open {
				found[name][len(found[name])-1] += string(token)
			}
		}
	}
}

func TestHTMLEscapesAndHasItsParts(t *testing.T) {
	got := elements(t, sample(2).HTML())
	for name, want := range map[string][]string{
		"caption": {`Spend of <script>alert("x")</script> & friends`},
		"th.col":  {"segment", "spend (EUR)"},
		"th.row":  {"<b>0</b>", "<b>1</b>"},
		"td":      {"0", "1,000"},
		"p":       {"Amounts are net & < gross."},
	} {
		if strings.Join(got[name], "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if len(got["script"])+len(got["b"]) > 0 {
		t.Error("data became markup")
	}
}

func TestAtMostTwelveRowsAndTheCountOfTheRest(t *testing.T) {
	for _, c := range []struct {
		rows, total, shown int
		rest               string
	}{
		{0, 0, 0, "no rows"}, {12, 0, 12, ""}, {13, 0, 12, "… and 1 more row"},
		{12, 4338, 12, "… and 4,326 more rows"}, {5, 4338, 5, "… and 4,333 more rows"},
	} {
		s := sample(c.rows)
		s.Total = c.total
		got := elements(t, s.HTML())
		if n := len(got["th.row"]); n != c.shown {
			t.Errorf("%d rows: %d shown in HTML", c.rows, n)
		}
		if rest := strings.Join(got["tfoot"], ""); rest != c.rest {
			t.Errorf("%d of %d rows: %q, want %q", c.rows, c.total, rest, c.rest)
		}
		if text := s.Text(); c.rest != "" && !strings.Contains(text, "\n  "+c.rest+"\n") || strings.Count(text, "<b>") != c.shown {
			t.Errorf("%d of %d rows as text:\n%s", c.rows, c.total, text)
		}
	}
}

func TestRaggedHugeAndUnprintableCells(t *testing.T) {
	s := Sheet{
		Columns: []Column{{Name: "a", Text: true}, {Name: "b"}},
		Rows:    [][]string{{"short"}, {"x\x1b[31m\nred\x00", "1"}, {strings.Repeat("ä", 10<<20), "2"}, {"bad \xff utf-8", "3", "too much"}},
	}
	page := s.HTML()
	elements(t, page)
	if len(page) > 10000 {
		t.Errorf("page of %d bytes", len(page))
	}
	text := s.Text()
	if strings.ContainsAny(text, "\x1b\x00") || strings.Count(text, "\n") != 6 {
		t.Errorf("%q", text)
	}
	for _, line := range strings.Split(text, "\n") {
		if width(line) > columns {
			t.Errorf("line of %d columns", width(line))
		}
	}
}

func TestTextAlignsWideAndCombiningCharacters(t *testing.T) {
	s := Sheet{
		Columns: []Column{{Name: "city", Text: true}, {Name: "n", Unit: "people"}},
		Rows:    [][]string{{"東京", "9,700"}, {"Köln", "1,100"}, {"Ko\u0308ln", "1"}, {"🏠", "12"}},
	}
	lines := strings.Split(strings.TrimSuffix(s.Text(), "\n"), "\n")
	for _, line := range lines {
		if width(line) != len("  city  n (people)") {
			t.Errorf("%q takes %d columns", line, width(line))
		}
	}
	if want := "  東京       9,700"; lines[2] != want {
		t.Errorf("%q, want %q", lines[2], want)
	}
}

func TestNumbersReadWell(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 12: "12", 1234: "1,234", -1234567: "−1,234,567", 12.345: "12.35", 123.456: "123", 99.994: "99.99", 1234.5: "1,234", 0.1234: "0.1234",
		0.5: "0.5", 0.00001234: "1.23e-05", math.Inf(1): "+∞", math.Inf(-1): "-∞",
	} {
		if got := Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
	if got := Number(math.NaN()); got != Missing {
		t.Error(got)
	}
	if got := Percent(0.1824); got != "18.2 %" {
		t.Error(got)
	}
	if got := Fixed(-0.001, 2) + Fixed(math.Inf(1), 2); got != "0.00+∞" {
		t.Error(got)
	}
	if got := List([]string{"a", "b", "c"}); got != "a, b and c" {
		t.Error(got)
	}
}

func TestNumbersOfAColumnReadAlike(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{1, 20, 3000}, "1 20 3,000"},
		{[]float64{2.6, 16.3, 3289.4}, "3 16 3,289"},
		{[]float64{16.3, 469.13, 199}, "16 469 199"},
		{[]float64{16.3, 69.13, 19}, "16.30 69.13 19.00"},
		{[]float64{1.5, math.NaN(), -2}, "1.5 – −2.0"},
		{[]float64{0.5, 0.00001, 0}, "0.5 1e-05 0.0"},
		{[]float64{0.91, 1, 0.05}, "0.91 1.00 0.05"},
		{[]float64{0.25, 5000}, "0.25 5,000"},
		{nil, ""},
	} {
		if got := strings.Join(Numbers(c.values), " "); got != c.want {
			t.Errorf("Numbers(%v) = %q, want %q", c.values, got, c.want)
		}
	}
}

// Separators of lines and paragraphs in data break no line and fold nothing away, on a page, in a terminal or in a heading.
func TestSeparatorsInDataAreBlanks(t *testing.T) {
	s := Sheet{Caption: "a\u2028b", Columns: []Column{{Name: "c\u2029d", Text: true}}, Rows: [][]string{{"one\u2028two\u2029three"}, {Lines("four\u2029five", "six")}, {Folded("seven\u2028eight", "nine\u2029ten")}}}
	page, text := s.HTML(), s.Text()
	for _, words := range []string{"a b", "c d", "one two three", "four five", "seven eight", "nine ten"} {
		if !strings.Contains(page, words) || !strings.Contains(text, words) {
			t.Errorf("%q is not shown in %s\n%s", words, text, page)
		}
	}
	if got := elements(t, page); len(got["details"]) != 1 {
		t.Errorf("folded: %q", got["details"])
	}
}

// Only Lines breaks a cell: neither what is in data, nor a separator smuggled into a line.
func TestCellsOfSeveralLines(t *testing.T) {
	long := strings.Repeat("word ", 30)
	s := Sheet{Columns: []Column{{Name: "segment", Text: true}, {Name: "who", Text: true}},
		Rows: [][]string{{Lines("Good <ones>", "", "12 customers"), Lines("one\ntwo", "three"+lineBreak+"four", long)}, {"Others", ""}}}
	page := s.HTML()
	elements(t, page)
	if !strings.Contains(page, "<strong>Good &lt;ones&gt;</strong><br/>12 customers</th>") || !strings.Contains(page, ">one two<br/>three four<br/>word") {
		t.Error(page)
	}
	lines := strings.Split(s.Text(), "\n")
	for i, want := range []string{2: "  Good <ones>   one two", 3: "  12 customers  three four", 4: "                word word"} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d: %q, want %q", i, lines[i], want)
		}
	}
	for _, line := range lines {
		if width(line) > columns {
			t.Errorf("line of %d columns", width(line))
		}
	}
}

// Whatever the texts, a terminal shows all their words, and no line is wider than the terminal.
func TestWhatIsFoldedOpensOnAPageAndStandsInATerminal(t *testing.T) {
	s := Sheet{Columns: []Column{{Name: "why", Text: true}}, Rows: [][]string{{Folded("They <differ>.", "eta² 0.29", "", "a: 1", "b: 2")}}}
	got := elements(t, s.HTML())
	if got["summary"][0] != "They <differ>." || got["details"][0] != "They <differ>.eta² 0.29a: 1b: 2" {
		t.Errorf("%q", got)
	}
	if text := s.Text(); !strings.Contains(text, "They <differ>.\n  eta² 0.29\n  a: 1\n  b: 2\n") {
		t.Error(text)
	}
	if Folded("alone", "", "") != "alone" {
		t.Error("a cell with nothing behind it can be opened")
	}
	if inner := Folded("a", Folded("b", "c")); strings.Count(inner, fold) != 1 {
		t.Errorf("%q opens more than once", inner)
	}
}

func TestTextWrapsToTheTerminal(t *testing.T) {
	reason := "the silhouette is highest there, and the drop lies outside what data without groups show"
	s := Sheet{Caption: strings.Repeat("finding ", 20), Columns: []Column{{Name: "segments"}, {Name: "for", Text: true}, {Name: "against", Text: true}, {Name: "share of customers"}},
		Rows: [][]string{{"3", reason, "stability, which asks for two", "12.0 %"}, {"4", "", reason + " " + reason, "8.0 %"}}}
	for _, room := range []int{60, 80, 100, 160} {
		text := s.TextIn(room)
		if got := strings.Count(strings.Join(strings.Fields(text), " "), "…"); got > 0 {
			t.Errorf("%d columns: something is cut off:\n%s", room, text)
		}
		if n := strings.Count(text, "silhouette"); n != 3 {
			t.Errorf("%d columns: %d of 3 reasons:\n%s", room, n, text)
		}
		for _, line := range strings.Split(text, "\n") {
			if width(line) > room {
				t.Errorf("%d columns: a line of %d:\n%s", room, width(line), text)
			}
		}
	}
}

// What stands on one line where there is room wraps where a page has none: names last.
func TestTextsWrapWhereAPageIsFull(t *testing.T) {
	narrow := Sheet{Columns: []Column{{Name: "segment", Text: true}}, Rows: [][]string{{"Big-basket, high-value"}}}
	wide := narrow
	for range 11 {
		wide.Columns = append(wide.Columns, Column{Name: "customers", Unit: "thousand"})
		wide.Rows = [][]string{append(wide.Rows[0], "1,234")}
	}
	const whole = `nowrap">Big-basket`
	if !strings.Contains(narrow.HTML(), whole) || strings.Contains(wide.HTML(), whole) {
		t.Errorf("alone:\n%s\nbeside eleven columns:\n%s", narrow.HTML(), wide.HTML())
	}
}
