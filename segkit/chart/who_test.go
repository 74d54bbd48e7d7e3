package chart

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/table"
)

// A column with a long tail has a logarithmic axis and says so in its heading; one that goes below 0, or spans less, has none.
func TestBoxesOfALongTail(t *testing.T) {
	x, err := table.New(ids(4), []table.Column{{Name: "tail"}, {Name: "owing"}, {Name: "short"}}, []float64{1, -5, 1, 2, 1, 2, 3, 50, 3, 60, 90, 20})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Boxes(x, segments(t, x, nil, 0, 0, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []bool{true, false, false} {
		if _, got := f.Panels[0][j].X.Scale.(plot.LogScale); got != want {
			t.Errorf("panel %d: logarithmic %v", j, got)
		}
	}
	var marks []string
	for _, m := range (steps{room: 150}).Ticks(7, 800) {
		marks = append(marks, m.Label)
	}
	if got := strings.Join(marks, " "); got != "10 30 100 300" {
		t.Error(got)
	}
}

func TestBoxesTitleNamesTheColumnFarthestApart(t *testing.T) {
	near, far := []float64{1, 2, 3, 2, 3, 4}, []float64{10, 20, 30, 110, 120, 130}
	var data []float64
	for i := range near {
		data = append(data, near[i], far[i])
	}
	x, err := table.New(ids(6), []table.Column{{Name: "near"}, {Name: "far", Unit: "EUR"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s := segments(t, x, nil, 0, 0, 0, 1, 1, 1)
	titled(t, "Segments are farthest apart in far: medians from 20 to 120 EUR")(Boxes(x, s))
	titled(t, "Segments are farthest apart in near: medians from 2 to 3")(Boxes(x, s, "near"))
	noise := segments(t, x, nil, 0, 0, 0, 0, 0, table.Noise)
	titled(t, "A single segment, which is everyone")(Boxes(x, noise))
	if _, err := Boxes(x, s, "nowhere"); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("a column that is not there gives error %v", err)
	}
	city := oneColumn(t, table.Column{Name: "city", Levels: []string{"Leeds"}}, 0, 0)
	if _, err := Boxes(city, segments(t, city, nil, 0, 1)); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "Mosaic") {
		t.Errorf("no number gives error %v", err)
	}
}

func TestBoxIsQuartilesAndMissingValuesAreNoNumbers(t *testing.T) {
	b, ok := boxOf([]float64{5, 1, math.NaN(), 3, 2, 4}, nil, false, 0)
	if !ok || b != (boxplot{1, 2, 3, 4, 5}) { // quantiles of 1 to 5, type 7
		t.Errorf("box %+v", b)
	}
	twice, _ := boxOf([]float64{1, 1, 2, 3, 3, 3}, nil, false, 0.05)
	weighted, _ := boxOf([]float64{1, 2, 3}, []float64{2, 1, 3}, true, 0.05)
	if twice != weighted {
		t.Errorf("a weight of two is two customers: %+v, %+v", twice, weighted)
	}
	if _, ok := boxOf([]float64{math.NaN()}, nil, false, 0); ok {
		t.Error("a box of nothing")
	}
}

// The residuals of Friendly's table of hair and eye colour (1994, table 1: 592 students), as its figure 4 shades them: among
// the blond, blue eyes 7.05 and brown eyes −5.85; of black hair, brown eyes 4.40, blue eyes −3.07.
func TestMosaicShadesHairAndEyes(t *testing.T) {
	counts := map[string][]float64{"black": {68, 20, 15, 5}, "brown": {119, 84, 54, 29}, "red": {26, 17, 14, 14}, "blond": {7, 94, 10, 16}}
	hair := []string{"black", "brown", "red", "blond"}
	var eyes []float64
	var labels table.Labels
	for l, h := range hair {
		for eye, n := range counts[h] {
			for range int(n) {
				eyes, labels = append(eyes, float64(eye)), append(labels, l)
			}
		}
	}
	x, err := table.New(ids(len(eyes)), []table.Column{{Name: "eyes", Levels: []string{"brown", "blue", "hazel", "green"}}}, eyes)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(x.IDs(), labels, hair)
	if err != nil {
		t.Fatal(err)
	}
	titled(t, "eyes: “blue” is over-represented in “blond”, 74 % against 36 % of all customers")(Mosaic(x, s, "eyes"))
	levels, of, err := levelsOf(x, "eyes")
	if err != nil {
		t.Fatal(err)
	}
	m := mosaic{groups: groupsOf(s, labels), levels: levels}
	m.count(labels, of, nil, func(int) int { return 1 })
	for _, c := range []struct {
		hair, eyes int
		want       float64
	}{{3, 1, 7.05}, {3, 0, -5.85}, {0, 0, 4.40}, {0, 1, -3.07}} {
		if got := m.residual(c.hair, c.eyes); math.Abs(got-c.want) > 0.005 {
			t.Errorf("residual of %s and %s %.3f, want %.2f", hair[c.hair], levels[c.eyes], got, c.want)
		}
	}
}

func TestMosaicCutsNumbersAndRareLevels(t *testing.T) {
	cuts, names := quarters([]float64{1, 2, 3, 4, 5, math.NaN()}, nil, false, "EUR")
	if !slices.Equal(cuts, []float64{2, 3, 4}) || !slices.Equal(names, []string{"up to 2 EUR", "2 to 3 EUR", "3 to 4 EUR", "above 4 EUR"}) {
		t.Errorf("cuts %v, names %q", cuts, names)
	}
	cuts, names = quarters([]float64{0, 0, 0, 0, 7}, nil, false, "")
	if !slices.Equal(cuts, []float64{0}) || !slices.Equal(names, []string{"up to 0", "above 0"}) {
		t.Errorf("of few values cuts %v, names %q", cuts, names)
	}
	if _, names = quarters([]float64{4, 4}, nil, false, ""); !slices.Equal(names, []string{"4"}) {
		t.Errorf("of one value %q", names)
	}
	var levels []string
	var data []float64
	for l := range 30 {
		levels = append(levels, string(rune('a'+l)))
		for range 31 - l {
			data = append(data, float64(l))
		}
	}
	x := oneColumn(t, table.Column{Name: "code", Levels: levels}, data...)
	shown, of, err := levelsOf(x, "code")
	if err != nil || len(shown) != mostLevels || shown[0] != "a" || shown[mostLevels-1] != "23 others" || of[len(of)-1] != mostLevels-1 {
		t.Errorf("levels %q, error %v", shown, err)
	}
}

func TestRecencyFrequencyIsTheMeanOfEachCell(t *testing.T) {
	spend := oneColumn(t, table.Column{Name: "spend", Unit: "EUR"}, 10, 30, 5, math.NaN())
	s := &rfm.Scores{IDs: spend.IDs(), R: []int{2, 2, 1, 1}, F: []int{1, 1, 2, 1}, M: []int{1, 1, 1, 1}, Bins: 2, Columns: [3]table.Column{2: {Name: "spend"}}}
	f, err := RecencyFrequency(s, spend, "")
	titled(t, "Mean spend from 5 (R 1, F 2) to 20 EUR (R 2, F 1)")(f, err)
	if !strings.Contains(f.Alt, "R 1, F 1: – (1).") || !strings.Contains(f.Note, "1 customer without a value") {
		t.Errorf("description %q, note %q", f.Alt, f.Note)
	}
	more := oneColumn(t, table.Column{Name: "spend"}, 1, 2, 3, 4, 5)
	if _, err := RecencyFrequency(s, more, "spend"); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "row 5") {
		t.Errorf("a customer without scores gives error %v", err)
	}
}

func TestVerdictBoardTitleCounts(t *testing.T) {
	v := &judge.Verdict{Natural: true, Solution: []judge.Check{{Demand: "few", Grade: judge.Pass}, {Demand: "stable", Grade: judge.Weak}, {Demand: "distinct"}}}
	titled(t, "The solution passes 1 of 2 demands, and fails none")(VerdictBoard(v))
	v.Solution[1].Grade = judge.Fail
	titled(t, "The solution passes 1 of 2 demands, and fails: stable")(VerdictBoard(v))
	v.Solution = append(v.Solution, judge.Check{Demand: "natural", Grade: judge.Weak}) // groups, though hardly so many
	titled(t, "The solution passes 1 of 2 demands, and fails: stable")(VerdictBoard(v))
	v.Natural = false
	titled(t, "No natural segments, but a construction. The solution passes 1 of 2 demands, and fails: stable")(VerdictBoard(v))
	if _, err := VerdictBoard(&judge.Verdict{}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no check gives error %v", err)
	}
}

func TestBubbleAreasAreInProportion(t *testing.T) {
	x, err := table.New(ids(5), []table.Column{{Name: "recency"}, {Name: "orders"}, {Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "debt"}},
		[]float64{1, 2, 10, -1, 1, 2, 30, -1, 5, 7, 60, 1, 5, 7, 50, 1, 5, 7, 50, 1})
	if err != nil {
		t.Fatal(err)
	}
	p, err := describe.Segments(x, segments(t, x, []string{"many", "few"}, 0, 0, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Bubble(p, "recency", "orders", "spend")
	titled(t, "Largest by share of spend is “few” (80 %): median recency 5, median orders 7")(f, err)
	var radii []vg.Length
	for _, plotter := range f.Panels[0][0].GlyphBoxes(f.Panels[0][0]) {
		if r := plotter.Rectangle.Max.X; r > 0 && plotter.Rectangle.Min.X == -r {
			radii = append(radii, r)
		}
	}
	if len(radii) != 2 || math.Abs(float64(radii[0]/radii[1])-2) > 1e-9 { // 80 % and 20 %: four times the area
		t.Errorf("radii %v", radii)
	}
	if _, err := Bubble(p, "recency", "orders", "debt"); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("a negative size gives error %v", err)
	}
	if _, err := Bubble(p, "nowhere", "", ""); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("a column that is not there gives error %v", err)
	}
}
