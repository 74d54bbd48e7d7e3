package chart

import (
	"fmt"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/table"
)

// A row of weight 3 is three customers: pictures say the same of both.
func TestPicturesOfRepeatedRows(t *testing.T) {
	columns := []table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "visits"}, {Name: "city", Levels: []string{"Leeds", "York"}},
		{Name: "bought", Role: table.Outcome}}
	var rows, long, weights []float64
	var ids, longIDs []string
	var labels, longLabels table.Labels
	for i := range 60 {
		v := []float64{float64(i * i % 37), float64(i%7) + float64(i%3), float64(i % 5 / 3), float64(i * i % 3 % 2)}
		if i%13 == 0 {
			v[1] = math.NaN()
		}
		id := fmt.Sprint("c", i)
		ids, labels, rows, weights = append(ids, id), append(labels, i%3), append(rows, v...), append(weights, float64(1+i%4))
		for r := range 1 + i%4 {
			longIDs, longLabels, long = append(longIDs, fmt.Sprint(id, " ", r)), append(longLabels, i%3), append(long, v...)
		}
	}
	tableWith := func(ids []string, data []float64) *table.Table {
		x, err := table.New(ids, columns, data)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	segments := func(ids []string, labels table.Labels) *table.Segments {
		s, err := table.NewSegments(ids, labels, []string{"a", "b", "c"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	weighted, err := tableWith(ids, rows).WithWeights(weights, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	s, many, repeated := segments(ids, labels), segments(longIDs, longLabels), tableWith(longIDs, long)
	for name, draw := range map[string]func(*table.Table, *table.Segments) (*Figure, error){
		"Histograms":   func(x *table.Table, _ *table.Segments) (*Figure, error) { return Histograms(x) },
		"Missingness":  func(x *table.Table, _ *table.Segments) (*Figure, error) { return Missingness(x) },
		"Lorenz":       func(x *table.Table, _ *table.Segments) (*Figure, error) { return Lorenz(x, "spend") },
		"Correlation":  func(x *table.Table, _ *table.Segments) (*Figure, error) { return Correlation(x, "spend", "visits") },
		"Sizes":        func(x *table.Table, s *table.Segments) (*Figure, error) { return Sizes(s, x, "spend") },
		"Boxes":        func(x *table.Table, s *table.Segments) (*Figure, error) { return Boxes(x, s) },
		"Mosaic":       func(x *table.Table, s *table.Segments) (*Figure, error) { return Mosaic(x, s, "city") },
		"Outcome":      func(x *table.Table, s *table.Segments) (*Figure, error) { return Outcome(s, x, "spend") },
		"Outcome of 2": func(x *table.Table, s *table.Segments) (*Figure, error) { return Outcome(s, x, "bought") },
		"Profile": func(x *table.Table, s *table.Segments) (*Figure, error) {
			p, err := describe.Segments(x, s)
			if err != nil {
				return nil, err
			}
			return Profile(p)
		},
	} {
		a, err := draw(weighted, s)
		if err != nil {
			t.Fatal(name, err)
		}
		b, err := draw(repeated, many)
		if err != nil {
			t.Fatal(name, err)
		}
		if a.Title != b.Title || a.Note != b.Note || a.Alt != b.Alt {
			t.Errorf("%s: %q, %q, %q\nwant %q, %q, %q", name, a.Title, a.Note, a.Alt, b.Title, b.Note, b.Alt)
		}
	}
}
