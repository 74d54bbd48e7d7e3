package chart

import (
	"fmt"
	"math"
	"testing"

	"github.com/segkit/lab/segkit"
)

// A row of weight 3 is three customers: pictures say the same of both.
func TestPicturesOfRepeatedRows(t *testing.T) {
	columns := []segkit.Column{{Name: "spend", Unit: "EUR", Role: segkit.Value}, {Name: "visits"}, {Name: "city", Levels: []string{"Leeds", "York"}},
		{Name: "bought", Role: segkit.Outcome}}
	var rows, long, weights []float64
	var ids, longIDs []string
	var labels, longLabels segkit.Labels
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
	table := func(ids []string, data []float64) *segkit.Table {
		x, err := segkit.NewTable(ids, columns, data)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	segments := func(ids []string, labels segkit.Labels) *segkit.Segments {
		s, err := segkit.NewSegments(ids, labels, []string{"a", "b", "c"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	weighted, err := table(ids, rows).WithWeights(weights, segkit.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	s, many, repeated := segments(ids, labels), segments(longIDs, longLabels), table(longIDs, long)
	for name, draw := range map[string]func(*segkit.Table, *segkit.Segments) (*Figure, error){
		"Histograms":   func(x *segkit.Table, _ *segkit.Segments) (*Figure, error) { return Histograms(x) },
		"Missingness":  func(x *segkit.Table, _ *segkit.Segments) (*Figure, error) { return Missingness(x) },
		"Lorenz":       func(x *segkit.Table, _ *segkit.Segments) (*Figure, error) { return Lorenz(x, "spend") },
		"Correlation":  func(x *segkit.Table, _ *segkit.Segments) (*Figure, error) { return Correlation(x, "spend", "visits") },
		"Sizes":        func(x *segkit.Table, s *segkit.Segments) (*Figure, error) { return Sizes(s, x, "spend") },
		"Boxes":        func(x *segkit.Table, s *segkit.Segments) (*Figure, error) { return Boxes(x, s) },
		"Mosaic":       func(x *segkit.Table, s *segkit.Segments) (*Figure, error) { return Mosaic(x, s, "city") },
		"Outcome":      func(x *segkit.Table, s *segkit.Segments) (*Figure, error) { return Outcome(s, x, "spend") },
		"Outcome of 2": func(x *segkit.Table, s *segkit.Segments) (*Figure, error) { return Outcome(s, x, "bought") },
		"Profile": func(x *segkit.Table, s *segkit.Segments) (*Figure, error) {
			p, err := segkit.Describe(x, s)
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
