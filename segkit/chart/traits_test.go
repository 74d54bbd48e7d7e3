package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// answers are eight customers in two segments who said yes or no, live in one of three cities, and gave a mark.
func answers(t testing.TB) (*table.Table, *table.Segments) {
	t.Helper()
	rows, err := table.New(ids(8), []table.Column{{Name: "cheap", Levels: []string{"No", "Yes"}}, {Name: "city", Levels: []string{"Leeds", "York", "Hull"}},
		{Name: "mark", LowerIsBetter: true}, {Name: "same"}},
		slices.Concat([]float64{1, 0, -2, 5}, []float64{1, 0, -1, 5}, []float64{1, 1, 0, 5}, []float64{1, 0, 1, 5},
			[]float64{0, 1, 0, 5}, []float64{0, 1, 1, 5}, []float64{0, 1, 2, 5}, []float64{1, 1, 3, 5}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(rows.IDs(), table.Labels{0, 0, 0, 0, 1, 1, 1, 1}, []string{"first", "2"})
	if err != nil {
		t.Fatal(err)
	}
	return rows, s
}

func TestTraitsAreNumbersLevelsAndYes(t *testing.T) {
	rows, s := answers(t)
	p := madeProfile(t, rows, s)
	p.Segments[1].Markers = []describe.Marker{{Column: "cheap", Level: "No"}, {Column: "city", Level: "York"}}
	shown, left := traitsOf(p)
	of := map[string]trait{}
	for _, tr := range shown {
		of[tr.name] = tr
	}
	if len(of) != 4 || !slices.Equal(left, []string{"same", "city: Hull"}) && !slices.Equal(left, []string{"city: Hull", "same"}) {
		t.Fatalf("traits %v, left out %v: nobody lives in Hull, and all are the same in same", of, left)
	}
	cheap, york, mark := of["cheap"], of["city: York"], of["mark ↓"]
	if cheap.whole != 5./8 || cheap.share[0] != 1 || cheap.share[1] != 0.25 || !cheap.marked[1] || cheap.marked[0] && !cheap.level {
		t.Errorf("cheap %+v: 5 of 8 say yes, all of the first segment, one of four of the second, which No marks", cheap)
	}
	if want := (1 - 5./8) / math.Sqrt(5./8*3/8); math.Abs(cheap.difference[0]-want) > 1e-12 || math.Abs(cheap.index[0]-160) > 1e-9 {
		t.Errorf("cheap %+v: %v standard deviations of its share, index 160", cheap, want)
	}
	if !york.marked[1] || york.marked[0] || of["city: Leeds"].marked[1] {
		t.Error("York alone of the cities marks the second segment")
	}
	if finite(mark.index[0]) || !mark.lowerIsBetter || mark.difference[0] >= 0 {
		t.Errorf("mark %+v: values below 0 have no index", mark)
	}
}

func TestTitlesOfWhatStandsOut(t *testing.T) {
	rows, s := answers(t)
	cheap, _ := rows.Select("cheap")
	titled(t, "“first” stands out most: cheap 100 %, against 62 % for all customers")(ProfilePlot(madeProfile(t, cheap, s)))
	titled(t, "Farthest from all customers: cheap of segment 2, index 40 (all customers 100)")(Heatmap(madeProfile(t, cheap, s)))
	mark, _ := rows.Select("mark")
	f, err := ProfilePlot(madeProfile(t, mark, s))
	if err != nil || !strings.HasPrefix(f.Title, "Segment 2 stands out most: mark ") && !strings.HasPrefix(f.Title, "“first” stands out most: mark ") {
		t.Errorf("title %q, error %v", f.Title, err)
	}
	same, _ := rows.Select("same")
	for name, draw := range map[string]func(*describe.Profile) (*Figure, error){"ProfilePlot": ProfilePlot, "Heatmap": Heatmap} {
		if _, err := draw(madeProfile(t, same, s)); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s of a column that is the same for all gives error %v", name, err)
		}
		if _, err := draw(&describe.Profile{}); !errors.Is(err, fault.ErrEmpty) {
			t.Errorf("%s of no segment gives error %v", name, err)
		}
	}
}

// A category of thousands of levels neither fills the picture nor the note.
func TestManyLevelsLeaveRoom(t *testing.T) {
	const n = 3000
	levels := make([]string, n)
	data := make([]float64, n)
	labels := make(table.Labels, n)
	for i := range levels {
		levels[i], data[i], labels[i] = fmt.Sprint("level ", i), float64(i), i%2
	}
	rows, err := table.New(ids(n), []table.Column{{Name: "code", Levels: levels}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := table.NewSegments(rows.IDs(), labels, nil)
	p, err := describe.Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Heatmap(p)
	if err != nil || len(f.Note) > 500 {
		t.Fatalf("note of %d characters, error %v", len(f.Note), err)
	}
}
