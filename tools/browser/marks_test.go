package browser

import (
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	hidden   = regexp.MustCompile(`(?s)<(style|script)\b.*?</(style|script)>`)
	tag      = regexp.MustCompile(`<[^>]*>`)
	curly    = regexp.MustCompile(`“[^“”\n]+”`)
	straight = regexp.MustCompile(`"[^"\n]+"`)
)

// mixed returns a text in curly and one in straight quotation marks, if an output of a cell has both; else two empty ones.
func mixed(output string) (one, other string) {
	text := html.UnescapeString(tag.ReplaceAllString(hidden.ReplaceAllString(output, ""), "\n"))
	one, other = curly.FindString(text), straight.FindString(text)
	if one == "" || other == "" {
		return "", ""
	}
	return one, other
}

// TestOutputsMixNoQuotationMarks looks at what the lessons show: charts and reports have curly marks, sheets and messages straight ones, and none has both.
func TestOutputsMixNoQuotationMarks(t *testing.T) {
	for output, want := range map[string]bool{
		`<svg class="a"><title>“Lapsed” has 3 customers</title></svg>`:                    false,
		`<table class="a"><caption>&#34;Lapsed&#34; has 3</caption></table>`:              false,
		`<p>“Lapsed” has 3</p><p>“Frequent” has 4, &quot;Lapsed&quot; had 2</p>`:          true,
		`<style>a::before{content:"x"}</style><table><caption>“Lapsed”</caption></table>`: false,
	} {
		if one, _ := mixed(output); (one != "") != want {
			t.Errorf("%s: mixed %v, want %v", output, !want, want)
		}
	}
	lessons, err := filepath.Glob(filepath.Join(checkout, "build/notebooks/[0-9]*.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if len(lessons) == 0 {
		t.Skip("no lesson has been run: `segkit nb run notebooks/*.ipynb` does it")
	}
	for _, path := range lessons {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var executed struct {
			Cells []struct {
				ID      string
				Outputs []struct {
					Data map[string]json.RawMessage
					Text []string
				}
			}
		}
		if err := json.Unmarshal(b, &executed); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, c := range executed.Cells {
			for _, o := range c.Outputs {
				outputs := []string{strings.Join(o.Text, "")}
				for kind, data := range o.Data {
					var lines []string
					var text string
					if strings.HasPrefix(kind, "text/") && json.Unmarshal(data, &lines) != nil && json.Unmarshal(data, &text) != nil {
						t.Errorf("%s, cell %s: %s is no text", filepath.Base(path), c.ID, kind)
					}
					outputs = append(outputs, text+strings.Join(lines, ""))
				}
				for _, output := range outputs {
					if one, other := mixed(output); one != "" {
						t.Errorf("%s, cell %s: an output has %s and %s", filepath.Base(path), c.ID, one, other)
					}
				}
			}
		}
	}
}
