package describe

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Three on a line around b, one alone, and a segment of nobody: what is not there is missing.
func TestExamplesSheet(t *testing.T) {
	x, err := table.New([]string{"a", "b", "c", "far"}, []table.Column{{Name: "orders"}}, []float64{1, 2, 4, 90})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(x.Raw().IDs, table.Labels{0, 0, 0, 1}, []string{"few", "many", "none"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(x, s)
	if err != nil {
		t.Fatal(err)
	}
	rows := p.Examples().Rows
	if few := rows[0]; !strings.HasPrefix(few[1], "b") || few[2] != "a, c" || few[3] != "c" {
		t.Errorf("few: %q", few)
	}
	if many := rows[1]; !strings.HasPrefix(many[1], "far") || many[2] != sheet.Missing || many[3] != sheet.Missing {
		t.Errorf("one customer: %q", many)
	}
	for _, cell := range rows[2][1:] {
		if cell != sheet.Missing {
			t.Errorf("nobody: %q", rows[2])
		}
	}
}
