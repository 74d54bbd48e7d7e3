package describe

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"
)

// Orders afterwards have the name of the orders that formed the segments, and are other orders: that segments differ in them is a finding.
func TestOutcomesAreNotCircular(t *testing.T) {
	s, err := table.NewSegments([]string{"a", "b", "c", "d"}, table.Labels{0, 0, 1, 1}, []string{"few", "many"})
	if err != nil {
		t.Fatal(err)
	}
	s.FormedBy = []string{"orders"}
	for role, circular := range map[table.Role]bool{table.Feature: true, table.Outcome: false} {
		x, err := table.New(s.IDs, []table.Column{{Name: "orders", Role: role}}, []float64{1, 2, 8, 9})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Segments(x, s)
		if err != nil {
			t.Fatal(err)
		}
		if p.Effects[0].Circular != circular {
			t.Errorf("%s: circular %v", role, p.Effects[0].Circular)
		}
	}
}

// A profile of one of the columns that formed the segments does not say that it alone did.
func TestColumnsShownAreSaidToBeSomeOfThoseThatFormed(t *testing.T) {
	s, err := table.NewSegments([]string{"a", "b", "c", "d"}, table.Labels{0, 0, 1, 1}, []string{"few", "many"})
	if err != nil {
		t.Fatal(err)
	}
	x, err := table.New(s.IDs, []table.Column{{Name: "price"}}, []float64{1, 2, 8, 9})
	if err != nil {
		t.Fatal(err)
	}
	for says, formedBy := range map[string][]string{
		"The segments were formed by price, and differ there":                      {"price"},
		"Of the columns shown, price took part in forming the segments, which dif": {"price", "quality"},
	} {
		s.FormedBy = formedBy
		p, err := Segments(x, s)
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(p.Sheet().Notes, " "); !strings.Contains(notes, says) {
			t.Errorf("formed by %v: %s", formedBy, notes)
		}
	}
}
