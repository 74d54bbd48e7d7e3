package describe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"

	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Intervals: scipy.stats 1.17, t.interval and binomtest(7, 20).proportion_ci("wilson").
func TestIntervalsOfMeansAndShares(t *testing.T) {
	s := table.NewPart(table.Column{Name: "x"}, []float64{3, 1, 4, math.NaN(), 1, 5, 9, 2, 6}, nil, table.SamplingWeights).Stats()
	trial.Nearly(t, "low", s.Low, 1.5773000431592457, 1e-9)
	trial.Nearly(t, "high", s.High, 6.172699956840754, 1e-9)
	low, high := stats.Wilson(.35, 20, stats.Normal95)
	trial.Nearly(t, "low", low, 0.1811918241010821, 1e-12)
	trial.Nearly(t, "high", high, 0.5671457233147637, 1e-12)
	if one := table.NewPart(table.Column{Name: "x"}, []float64{3}, nil, table.SamplingWeights).Stats(); !math.IsNaN(one.Low) {
		t.Errorf("the interval of one value starts at %g", one.Low)
	}
}

// The wide and the long frame say the same.
func TestFramesOfAProfile(t *testing.T) {
	p := introduced(t)
	wide, long := p.Frame(), p.Long()
	if rows := 3 * (4 + 2); long.Err != nil || long.Nrow() != rows {
		t.Fatalf("%d rows, want %d: %v", long.Nrow(), rows, long.Err)
	}
	cell := func(segment, column, level, what string) float64 {
		found := long.Filter(dataframe.F{Colname: "segment", Comparator: "==", Comparando: segment}).
			Filter(dataframe.F{Colname: "column", Comparator: "==", Comparando: column}).
			Filter(dataframe.F{Colname: "level", Comparator: "==", Comparando: level})
		if found.Nrow() != 1 {
			t.Fatalf("%d rows for %s %s %s", found.Nrow(), segment, column, level)
		}
		return found.Col(what).Float()[0]
	}
	for g, name := range []string{"Many", "Good"} {
		for what, pair := range map[string][2]float64{
			"mean":           {wide.Col("spend_mean").Float()[g], cell(name, "spend", "", "value")},
			"low":            {wide.Col("spend_low").Float()[g], cell(name, "spend", "", "low")},
			"median":         {wide.Col("recency_median").Float()[g], cell(name, "recency", "", "median")},
			"share of York":  {wide.Col("city_York").Float()[g], cell(name, "city", "York", "value")},
			"lift of York":   {100 * wide.Col("city_York").Float()[g] / .6, cell(name, "city", "York", "index")},
			"index of spend": {wide.Col("spend_index").Float()[g], cell(name, "spend", "", "index")},
			"values":         {float64(p.Segments[g].Size), cell(name, "spend", "", "customers")},
		} {
			trial.Nearly(t, name+": "+what, pair[1], pair[0], 1e-12)
		}
	}
	trial.Nearly(t, "York in all", cell("all", "city", "York", "value"), .6, 1e-12)
}

// A category of 10,000 levels neither fills the screen nor the frame, and chance finds nothing in it.
func TestManyLevels(t *testing.T) {
	const n, levels = 20_000, 10_000
	c := table.Column{Name: "product", Levels: make([]string, levels)}
	for l := range c.Levels {
		c.Levels[l] = fmt.Sprint("p", l)
	}
	data, labels := make([]float64, n), make(table.Labels, n)
	for i := range data {
		if data[i] = float64((i*7919 + i/3) % levels); i%10 == 0 {
			data[i] = 3
		}
		labels[i] = i % 4
	}
	rows, err := table.New(wording.Numbered(n), []table.Column{c}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(rows.Raw().IDs, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	wide := p.Frame()
	names := wide.Names()
	if len(names) != 3+mostLevels+1 || !slices.Contains(names, "product_p3") || !slices.Contains(names, "product_(other)") {
		t.Fatalf("%d columns: %q", len(names), names)
	}
	sum := 0.0
	for _, name := range names[3:] {
		sum += wide.Col(name).Float()[0]
	}
	trial.Nearly(t, "shares", sum, 1, 1e-9)
	if long := p.Long(); long.Nrow() != 5*(mostLevels+1) {
		t.Errorf("%d rows", long.Nrow())
	}
	if text := p.Sheet().Text(); len(text) > 2000 || !strings.Contains(text, "product") {
		t.Errorf("%d characters", len(text))
	}
}
