package describe

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// The four segments of the McDonald's survey as Dolnicar, Grün & Leisch (2018, 8.3.1) tell them: one is all praise (tasty, yummy,
// cheap and to some degree healthy), one finds it expensive but tasty and yummy, one cheap but neither, one disgusting and expensive.
func TestMarkersOfTheMcDonaldsSurvey(t *testing.T) {
	x := trial.Mcdonalds(t)
	c, err := cluster.Fit(x, cluster.KMeans{K: 4, Restarts: 100})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(x, c.Segments())
	if err != nil {
		t.Fatal(err)
	}
	for l, want := range []string{
		"-expensive +tasty +yummy +cheap -disgusting +healthy", "+expensive -cheap +yummy +tasty -disgusting",
		"-yummy -tasty -expensive +cheap -healthy +disgusting", "-tasty +disgusting +expensive -cheap -yummy -healthy",
	} {
		var got []string
		for _, m := range p.Segments[l].Markers {
			sign := map[bool]string{true: "+", false: "-"}[m.Strength > 0]
			got = append(got, sign+m.Column)
			here, all := p.shares(m, &p.Segments[l], p.Index(m.Column))
			if apart := math.Abs(here - all); !(apart > .25 || apart > .5*all) {
				t.Errorf("segment %d: %s is no marker by the book's rule", l+1, m.Says)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("segment %d: %q, want %q", l+1, got, want)
		}
	}
	if names := p.Names(); names[0] != "Not expensive, tasty" || names[3] != "Not tasty, disgusting" {
		t.Errorf("names %q", names)
	}
}

// The book's own examples: of .20 in all, .60 is a marker by its distance; of a rare item, half as much again is one.
func TestMarkerRuleOfTheBook(t *testing.T) {
	for what, c := range map[string]struct {
		whole, here float64
		want        bool
	}{
		"far in absolute terms":     {.2, .6, true},
		"a quarter is not more":     {.5, .75, false},
		"just more than a quarter":  {.5, .76, true},
		"near":                      {.8, .6, false},
		"rare, and half more":       {.04, .07, true},
		"rare, and less than half":  {.04, .05, false},
		"rare, and half is missing": {.04, .01, true},
	} {
		sd := math.Sqrt(c.whole * (1 - c.whole))
		p := &Profile{Columns: []table.Column{{Name: "tasty"}}, All: []table.Stats{{Mean: c.whole}}, Scale: []Scale{{Unit: sd, ByMean: true, YesNo: true}}}
		g := &SegmentProfile{Stats: []table.Stats{{Mean: c.here, Difference: (c.here - c.whole) / sd}}}
		if got := len(p.markers(g)) == 1; got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

func TestMarkersSayWhatStandsOut(t *testing.T) {
	columns := []table.Column{{Name: "recency", Unit: "days", LowerIsBetter: true}, {Name: "orders"}, {Name: "age", Role: table.Descriptor},
		{Name: "City", Levels: []string{"Hull", "Leeds", "York"}}, {Name: "Yummy", Levels: []string{"No", "Yes"}}, {Name: "returned"}}
	p := &Profile{Columns: columns, Scale: []Scale{{}, {}, {}, {}, {YesNo: true}, {ByMean: true}},
		All: []table.Stats{{Median: 90}, {Median: 4}, {Median: 40}, {Levels: []float64{.2, .4, .4}}, {Levels: []float64{.45, .55}}, {Mean: .52}}}
	nan := math.NaN()
	g := &SegmentProfile{Stats: []table.Stats{{Median: 12.4, Difference: -1}, {Median: 9, Difference: 2.5}, {Median: 39, Difference: -.5},
		{Levels: []float64{0, .8, .2}}, {Levels: []float64{.97, .03}}, {Mean: 2.25, Difference: .7}}}
	var says []string
	var better []int
	for _, m := range p.markers(g) {
		says, better = append(says, m.Says), append(better, m.Better)
	}
	want := []string{"orders: 9, far above the typical 4", "Yummy: 3.0 %, clearly below the overall 55 %", "recency: 12 days, clearly below the typical 90",
		"City Leeds: 80 %, clearly above the overall 40 %", "returned: 2.2 on average, above the overall 0.5", "age: 39, below the typical 40"}
	if !slices.Equal(says, want) || !slices.Equal(better, []int{1, 0, 1, 0, 1, 0}) {
		t.Errorf("%q %v", says, better)
	}
	empty := &SegmentProfile{Stats: []table.Stats{{Difference: nan}, {Difference: nan}, {Difference: nan}, {Levels: []float64{nan, nan, nan}},
		{Levels: []float64{nan, nan}}, {Difference: nan}}}
	if got := p.markers(empty); got != nil {
		t.Errorf("an empty segment has markers %+v", got)
	}
}

// A column of 0 and 1 is compared by its share, which its median knows nothing of.
func TestYesNoAsNumbers(t *testing.T) {
	rows := trial.TableOf(t, "id,visited,half\na,0,0\nb,0,1\nc,1,0.5\nd,1,0\ne,1,1\nf,0,0\n", table.CSVOptions{})
	s, err := table.NewSegments(rows.IDs(), table.Labels{0, 0, 0, 1, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	trial.Nearly(t, "difference", p.Segments[1].Stats[0].Difference, (2./3-.5)/.5, 1e-12)
	if !p.Scale[0].YesNo || p.Scale[1].YesNo {
		t.Errorf("%+v", p.Scale)
	}
	if text := p.Sheet().Text(); !strings.Contains(text, "66.7 %") || !strings.Contains(text, "For visited, the table shows the share of customers with 1") {
		t.Error(text)
	}
}
