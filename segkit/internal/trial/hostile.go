package trial

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/segkit/lab/segkit/internal/inert"
)

// Hostile are names that do harm wherever they are taken for more than text, by what they try. In each stands the word evil, by which a test knows that
// it is there at all.
var Hostile = map[string]string{
	"script":             `<script>evil()</script>`,
	"picture":            `<img src=x onerror=evil()>`,
	"closed elements":    `</title></text></svg></style></pre></td><img src=x onerror=evil()>`,
	"attribute, double":  `" onmouseover="evil()" style="x`,
	"attribute, single":  `' onload='evil()`,
	"comment":            `<!-- evil`,
	"cdata":              `]]><evil/>`,
	"entities":           `&lt;evil&#x3c;b&#62;`,
	"template":           `{{evil}} ${evil} %s %n`,
	"link":               `javascript:evil()`,
	"formula":            `=HYPERLINK("http://evil.example","x")`,
	"formula, plus":      `+evil()`,
	"formula, minus":     `-evil()`,
	"formula, at":        `@evil()`,
	"formula, tab":       "\t=evil()",
	"formula, return":    "\r=evil()",
	"formula, new line":  "\n=evil()",
	"formula, wide":      `＝evil()`,
	"quotes":             "'\"`´‘’“”«»evil",
	"text ended":         `evil'; DROP TABLE customers; --`,
	"name ended":         `evil"; DROP TABLE customers; --`,
	"name ended, MySQL":  "evil`; DROP TABLE customers; --",
	"name ended, T-SQL":  `evil]; DROP TABLE customers; --`,
	"backslash":          `evil\' OR 1=1 \" \`,
	"remark":             "evil */ -- \n; DROP TABLE customers; # /*",
	"terminal":           "\x1b]0;evil\x07\x1b[2J\x1b[31mevil",
	"terminal, one byte": "\u009b31mevil",
	"over the line":      "\revil\b\b\b\b",
	"turned":             "evil\u202egnp.exe\u202c \u2066evil\u2069",
	"lines of Unicode":   "evil\u2028=evil()\u2029evil\u0085evil",
	"NUL":                "evil\x00evil",
	"no text":            "evil\xff\xfe",
	"Markdown":           "evil | [x](javascript:evil()) *b* `c` <b>\n# h",
	"longest":            strings.Repeat("evil ", 1<<18),
}

// MostOfAPage is how many bytes a page of a few names may have, however long these are.
const MostOfAPage = 8 << 20

// Page fails unless a page has nothing but the elements and attributes that the same page of harmless names has, and shows the name.
func Page(t *testing.T, page, plain string) {
	t.Helper()
	got, text := elements(t, page)
	want, _ := elements(t, plain)
	alike(t, got, want, text, len(page))
}

// elements are those of a page as browsers read it, with their attributes, and its text with what attributes say to readers.
func elements(t *testing.T, page string) (kinds []string, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.TextNode:
			said.WriteString(n.Data)
		case html.CommentNode:
			kinds = append(kinds, "a comment")
		case html.ElementNode:
			kinds = append(kinds, n.Data)
			for _, a := range n.Attr {
				kinds = append(kinds, n.Data+" "+a.Key)
				said.WriteString(spoken(t, a.Key, a.Val))
			}
		}
	}
	return kinds, said.String()
}

// spoken is what an attribute says to readers. In others a name has no place.
func spoken(t *testing.T, key, value string) string {
	t.Helper()
	if key == "aria-label" || key == "title" {
		return value
	}
	if strings.Contains(value, "evil") {
		t.Errorf("a name stands in the attribute %s: %.80q", key, value)
	}
	return ""
}

// Picture is Page for SVG, read as strict XML.
func Picture(t *testing.T, svg, plain []byte) {
	t.Helper()
	got, text := parts(t, svg)
	want, _ := parts(t, plain)
	alike(t, got, want, text, len(svg))
}

// turned is a text that stands at another angle.
var turned = regexp.MustCompile(`^(rotate|translate|scale)\([-0-9., ]*\)( (rotate|translate|scale)\([-0-9., ]*\))*$`)

func parts(t *testing.T, svg []byte) (kinds []string, text string) {
	t.Helper()
	var said strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return kinds, said.String()
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			kinds = append(kinds, e.Name.Local)
			for _, a := range e.Attr {
				if a.Name.Local == "transform" && turned.MatchString(a.Value) { // long names may be turned
					continue
				}
				kinds = append(kinds, e.Name.Local+" "+a.Name.Local)
				said.WriteString(spoken(t, a.Name.Local, a.Value))
			}
		case xml.CharData:
			said.Write(e)
		default:
			kinds = append(kinds, "what is neither element nor text")
		}
	}
}

func alike(t *testing.T, got, want []string, text string, size int) {
	t.Helper()
	for _, kind := range got {
		if !slices.Contains(want, kind) && kind != "tspan" && kind != "wbr" && kind != "br" { // lines are broken elsewhere
			t.Errorf("a name makes <%s>", kind)
		}
	}
	if size > MostOfAPage {
		t.Errorf("%d MB", size>>20)
	}
	Plain(t, text)
}

// Plain fails unless text holds the name, and nothing that steers what shows it.
func Plain(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(text, "evil") {
		t.Error("the name is not shown at all")
	}
	if at := strings.IndexFunc(text, inert.Steers); at >= 0 {
		t.Errorf("%q steers", text[max(0, at-20):min(len(text), at+20)])
	}
}

// Cells fails unless a text is CSV of rows of one length, with the name in it, and no cell that a spreadsheet runs.
func Cells(t *testing.T, text []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for i, row := range rows {
		for _, cell := range row {
			found = found || strings.Contains(cell, "evil")
			if inert.Formula(cell) {
				t.Errorf("row %d: a spreadsheet runs %.60q", i+1, cell)
			}
		}
	}
	if !found {
		t.Error("the name is not in the file")
	}
}
