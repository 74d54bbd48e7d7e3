package describe

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Every number worked out by hand; quartiles are type 7.
func TestDescribeByHand(t *testing.T) {
	rows := trial.TableOf(t, `id,orders,spend,city,returned
a,1,10,Leeds,0
b,2,20,Leeds,0
c,3,30,York,0
d,4,40,York,0
e,10,300,York,5
`, table.CSVOptions{Roles: map[string]table.Role{"spend": table.Value}, Units: map[string]string{"spend": "EUR"}})
	s, err := table.NewSegments([]string{"e", "d", "c", "b", "a"}, table.Labels{1, 0, 0, 0, 0}, []string{"Many", "One"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	many, one := p.Segments[0], p.Segments[1]
	for what, c := range map[string][2]float64{
		"share":                        {many.Share, 0.8},
		"value share":                  {one.ValueShare[0], 0.75},
		"value base":                   {p.ValueTotals[0], 400},
		"mean of orders":               {many.Stats[0].Mean, 2.5},
		"median of orders":             {many.Stats[0].Median, 2.5},
		"first quartile":               {many.Stats[0].Q1, 1.75},
		"third quartile":               {many.Stats[0].Q3, 3.25},
		"index of orders":              {one.Stats[0].Index, 250},
		"unit of orders":               {p.Scale[0].Unit, 2 / 1.349},
		"difference of orders":         {one.Stats[0].Difference, 7 * 1.349 / 2},
		"difference of the whole":      {p.All[0].Difference, 0},
		"index of the whole":           {p.All[0].Index, 100},
		"share of York":                {many.Stats[2].Levels[1], 0.5},
		"share of York in all":         {p.All[2].Levels[1], 0.6},
		"returned, in sd of the whole": {one.Stats[3].Difference, (5 - 1) / 2.0},
	} {
		if math.Abs(c[0]-c[1]) > 1e-12 {
			t.Errorf("%s = %g, want %g", what, c[0], c[1])
		}
	}
	if p.Scale[0].ByMean || !p.Scale[3].ByMean || !many.Small || many.Size != 4 {
		t.Errorf("scales %+v, segment %+v", p.Scale, many)
	}
}

func TestDescribeRefusesAndTells(t *testing.T) {
	rows := trial.Shop(t)
	all := table.Labels{0, 0, 0, 0, 0}
	s, _ := table.NewSegments(rows.IDs(), all, nil)
	scaled := *rows
	scaled.Raw().Transformed = true
	if _, err := Segments(&scaled, s); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "before transforming") {
		t.Errorf("transformed table: %v", err)
	}
	short, _ := table.NewSegments(rows.IDs()[:3], all[:3], nil)
	if _, err := Segments(rows, short); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "(id d)") || !strings.Contains(err.Error(), "2 such") {
		t.Errorf("customers without a segment: %v", err)
	}
	if _, err := Segments(rows.Head(0), s); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no customers: %v", err)
	}
	some, err := Segments(rows.Head(2), s)
	if err != nil || some.Absent != 3 {
		t.Errorf("a filtered table: %+v, %v", some, err)
	}
	if p, _ := Segments(rows, s); !math.IsNaN(p.All[0].Index) {
		t.Error("an index for a column with negative values")
	}
}

// randomProfiled draws a table with ties, missing values, a category and noise labels, and segments for it.
func randomProfiled(t *rapid.T) (*table.Table, *table.Segments) {
	n, k := rapid.IntRange(1, 40).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "k")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	var data []float64
	labels := make(table.Labels, n)
	for i := range labels {
		labels[i] = r.IntN(k+1) - 1
		visits := float64(r.IntN(6))
		if r.IntN(8) == 0 {
			visits = math.NaN()
		}
		data = append(data, visits, math.Round(r.ExpFloat64()*100)+1, float64(r.IntN(3)))
	}
	rows, err := table.New(wording.Numbered(n), []table.Column{{Name: "visits"}, {Name: "spend", Role: table.Value},
		{Name: "city", Levels: []string{"Hull", "Leeds", "York"}}}, data)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, k)
	for l := range names {
		names[l] = fmt.Sprint(l)
	}
	s, err := table.NewSegments(rows.Raw().IDs, labels, names)
	if err != nil {
		t.Fatal(err)
	}
	return rows, s
}

func TestDescribeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, s := randomProfiled(t)
		p, err := Segments(rows, s)
		if err != nil {
			t.Fatal(err)
		}
		var customers int
		var share, value, visits float64
		cities := make([]float64, 3)
		for _, g := range p.each() {
			customers += g.Size
			share += g.Share
			value += g.ValueShare[0]
			if g.Stats[0].N > 0 {
				visits += g.Stats[0].Mean * float64(g.Stats[0].N)
			}
			for l := range cities {
				if g.Size > 0 {
					cities[l] += g.Stats[2].Levels[l] * g.Share
				}
			}
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
				t.Fatalf("%s: %g, want %g", what, got, want)
			}
		}
		if customers != p.N {
			t.Fatalf("segments hold %d of %d customers", customers, p.N)
		}
		near("shares", share, 1)
		near("value shares", value, 1)
		if p.All[0].N > 0 {
			near("mean of segment means", visits/float64(p.All[0].N), p.All[0].Mean)
		}
		for l := range cities {
			near("share of a city", cities[l], p.All[2].Levels[l])
		}
	})
}

// The order of customers changes nothing but the last bits of sums.
func TestDescribeIsBlindToTheOrderOfCustomers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, s := randomProfiled(t)
		order := rapid.Permutation(numberedRows(rows.Len())).Draw(t, "order")
		a, err := Segments(rows, s)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Segments(rows.Rows(order), s)
		if err != nil {
			t.Fatal(err)
		}
		for g, x := range a.each() {
			y := b.each()[g]
			if x.Size != y.Size {
				t.Fatalf("sizes %d and %d", x.Size, y.Size)
			}
			for j := range x.Stats {
				for what, pair := range map[string][2]float64{"mean": {x.Stats[j].Mean, y.Stats[j].Mean}, "median": {x.Stats[j].Median, y.Stats[j].Median},
					"difference": {x.Stats[j].Difference, y.Stats[j].Difference}} {
					if d := math.Abs(pair[0] - pair[1]); d > 1e-9 {
						t.Fatalf("%s of column %d: %g and %g", what, j, pair[0], pair[1])
					}
				}
			}
		}
		if got, want := b.Names(), a.Names(); !slices.Equal(got, want) {
			t.Fatalf("names %q and %q", got, want)
		}
	})
}

func numberedRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// A customer of weight w is the same as w customers.
func TestDescribeTakesWeightsAsCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, s := randomProfiled(t)
		weights := make([]float64, rows.Len())
		repeated := table.FromRaw(table.Raw{Columns: rows.Raw().Columns})
		var labels table.Labels
		for i := range weights {
			w := rapid.IntRange(1, 3).Draw(t, "weight")
			weights[i] = float64(w)
			for r := range w {
				repeated.Raw().IDs = append(repeated.Raw().IDs, fmt.Sprint(i, " ", r))
				repeated.Raw().Data = append(repeated.Raw().Data, rows.Raw().Row(i)...)
				labels = append(labels, s.Labels[i])
			}
		}
		weighted, err := rows.WithWeights(weights, table.FrequencyWeights)
		if err != nil {
			t.Fatal(err)
		}
		many, err := table.NewSegments(repeated.Raw().IDs, labels, s.Names)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Segments(weighted, s)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Segments(repeated, many)
		if err != nil {
			t.Fatal(err)
		}
		if a.N != b.N {
			t.Fatalf("%d customers weighted, %d repeated", a.N, b.N)
		}
		for j, x := range a.Effects {
			y := b.Effects[j]
			for i, pair := range [][2]float64{{x.Value, y.Value}, {x.Low, y.Low}, {x.High, y.High}, {x.P, y.P}, {x.Adjusted, y.Adjusted}} {
				tolerance := 1e-7 // an effect is a root: where groups are equal, a rounding error of 1e-16 shows as 1e-8
				if i >= 3 {       // and p is 1 less such a root, for several degrees of freedom a few times as much
					tolerance = 1e-6
				}
				if math.Abs(pair[0]-pair[1]) > tolerance || math.IsNaN(pair[0]) != math.IsNaN(pair[1]) {
					t.Fatalf("figure %d of the effect of column %d: %g weighted, %g repeated", i, j, pair[0], pair[1])
				}
			}
		}
		for g, x := range a.each() {
			y := b.each()[g]
			pairs := [][2]float64{{x.Share, y.Share}, {x.ValueShare[0], y.ValueShare[0]}, {float64(x.Size), float64(y.Size)}}
			for j := range x.Stats {
				pairs = append(pairs, [2]float64{x.Stats[j].Low, y.Stats[j].Low}, [2]float64{x.Stats[j].High, y.Stats[j].High},
					[2]float64{float64(x.Stats[j].N), float64(y.Stats[j].N)}, [2]float64{float64(x.Stats[j].Missing), float64(y.Stats[j].Missing)},
					[2]float64{x.Stats[j].Mean, y.Stats[j].Mean}, [2]float64{x.Stats[j].Median, y.Stats[j].Median},
					[2]float64{x.Stats[j].Q1, y.Stats[j].Q1}, [2]float64{x.Stats[j].Difference, y.Stats[j].Difference})
			}
			for i, pair := range pairs {
				if d := math.Abs(pair[0] - pair[1]); d > 1e-9 {
					t.Fatalf("figure %d of segment %d: %g weighted, %g repeated", i, g, pair[0], pair[1])
				}
			}
		}
	})
}

// named describes segments whose medians in robust deviations from the whole are given, one column after the other.
func named(columns []table.Column, differences ...[]float64) []string {
	p := &Profile{Columns: columns}
	for range columns {
		p.All = append(p.All, table.Stats{})
	}
	for _, d := range differences {
		g := SegmentProfile{Size: 1}
		for j := range columns {
			g.Stats = append(g.Stats, table.Stats{Difference: d[j]})
		}
		p.Segments = append(p.Segments, g)
	}
	return p.Names()
}

func TestNames(t *testing.T) {
	columns := []table.Column{{Name: "recency", LowerIsBetter: true, High: "lapsed", Low: "recent"},
		{Name: "orders", High: "frequent", Low: "rare"}, {Name: "spend", High: "high-value", Low: "low-value"},
		{Name: "Age (years)"}, {Name: "churned", Role: table.Outcome}, {Name: "income", Role: table.Descriptor}}
	nan := math.NaN()
	for what, c := range map[string]struct {
		differences [][]float64
		want        []string
	}{
		"what stands out most, first":     {[][]float64{{-0.6, 2, 3, 0, 9, 9}, {1.5, -0.5, -0.2, 0, 0, 0}}, []string{"High-value, frequent", "Lapsed, rare"}},
		"nothing":                         {[][]float64{{nan, nan, nan, nan, 9, 9}}, []string{"Average"}},
		"little, beside nothing":          {[][]float64{{0.1, -0.2, 0.3, 0, 9, 9}, {nan, nan, nan, nan, nan, nan}}, []string{"High-value", "Average"}},
		"columns with words first":        {[][]float64{{0.5, 0, 0, 9, 0, 0}}, []string{"Lapsed, high Age"}},
		"one more word":                   {[][]float64{{-2, 2, 0.2, 0, 0, 0}, {-2, 2, -0.2, 0, 0, 0}}, []string{"Recent, frequent, high-value", "Recent, frequent, low-value"}},
		"the same words in another order": {[][]float64{{0, 2, 3, 0, 0, 0}, {0, 3, 2, 0, 0, 0}, {0, -3, -2, 0, 0, 0}}, []string{"High-value, frequent 1", "High-value, frequent 2", "Rare, low-value"}},
		"and told apart":                  {[][]float64{{0.5, 2, 3, 0, 0, 0}, {-0.5, 3, 2, 0, 0, 0}}, []string{"High-value, frequent, lapsed", "Frequent, high-value, recent"}},
		"a number at last":                {[][]float64{{-2, 0, 0, 0, 0, 0}, {-2, 0, 0, 0, 0, 0}, {2, 0, 0, 0, 0, 0}}, []string{"Recent 1", "Recent 2", "Lapsed"}},
	} {
		got := named(columns, c.differences...)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

func TestNamesOfAnswers(t *testing.T) {
	p := &Profile{Columns: []table.Column{{Name: "yummy", Levels: []string{"No", "Yes"}}, {Name: "city", Levels: []string{"Hull", "Leeds", "York"}}},
		All: []table.Stats{{Levels: []float64{.5, .5}}, {Levels: []float64{.2, .4, .4}}},
		Segments: []SegmentProfile{
			{Size: 1, Stats: []table.Stats{{Levels: []float64{.1, .9}}, {Levels: []float64{.2, .4, .4}}}},
			{Size: 1, Stats: []table.Stats{{Levels: []float64{.9, .1}}, {Levels: []float64{.8, .1, .1}}}},
			{Size: 0, Stats: []table.Stats{{Levels: []float64{math.NaN(), math.NaN()}}, {Levels: []float64{math.NaN(), math.NaN(), math.NaN()}}}},
		}}
	if got, want := p.Names(), []string{"Yummy", "Hull, not yummy", "Empty"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNamesAreUnique(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := []table.Column{{Name: "a"}, {Name: "b", High: "big", Low: "small"}}
		var differences [][]float64
		for range rapid.IntRange(1, 12).Draw(t, "k") {
			differences = append(differences, []float64{float64(rapid.IntRange(-2, 2).Draw(t, "a")) / 4, float64(rapid.IntRange(-2, 2).Draw(t, "b")) / 4})
		}
		names := named(columns, differences...)
		seen := make(map[string]bool)
		for _, name := range names {
			if name == "" || seen[name] {
				t.Fatalf("names %q", names)
			}
			seen[name] = true
		}
	})
}

func TestSummaryByHand(t *testing.T) {
	s := trial.Shop(t).Summary()
	spend := s.Columns[0]
	for what, c := range map[string][2]float64{ // spend: -20, 50, 150, 900 and one missing
		"mean": {spend.Mean, 270}, "median": {spend.Median, 100}, "q1": {spend.Q1, 32.5}, "q3": {spend.Q3, 337.5},
		"min": {spend.Min, -20}, "max": {spend.Max, 900}, "missing": {float64(spend.Missing), 1}, "n": {float64(spend.N), 4},
		"zeros of orders": {s.Columns[1].Zeros, 0.2}, "share of Leeds": {s.Columns[2].Levels[1], 0.5},
		"sd": {spend.SD, math.Sqrt((290*290 + 220*220 + 120*120 + 630*630) / 4.0)},
	} {
		if math.Abs(c[0]-c[1]) > 1e-9 {
			t.Errorf("%s = %g, want %g", what, c[0], c[1])
		}
	}
	if skew := spend.Skewness; skew < 0.9 || skew > 1.2 { // long tail to the right
		t.Errorf("skewness %g", skew)
	}
	if frame := s.Frame(); frame.Err != nil || frame.Nrow() != 5 {
		t.Errorf("frame: %v", frame.Err)
	}
}

func TestSheetsSayWhatTheReaderMustKnow(t *testing.T) {
	rows := trial.TableOf(t, "id,spend,orders,city,returned\na,10,1,Hull,0\nb,20,2,Hull,0\nc,70,3,York,0\nd,100,4,York,9\ne,0,,,0\n",
		table.CSVOptions{Roles: map[string]table.Role{"spend": table.Value}, Units: map[string]string{"spend": "EUR"}})
	s, err := table.NewSegments([]string{"a", "b", "c", "d", "e", "gone"}, table.Labels{0, 0, 1, table.Noise, 0, 0}, []string{"Low, rare", "High"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		text  string
		parts []string
	}{
		"profile": {p.Sheet().Text(), []string{"High: 20.0 % of customers, 35.0 % of spend", "no segment", "all", "Hull 100 %", "York 100 %",
			"All customers together: spend 200 EUR.", "Low, rare (3)", "share one value of returned", "leaves out 1 customer in a segment but not in the table."}},
		"segments": {s.Sheet().Text(), []string{"6 customers in 2 segments: Low, rare (4); High (1); in no segment (1)"}},
		"summary":  {rows.Summary().Sheet().Text(), []string{"5 customers, 4 columns", "spend (EUR)", "city: Hull 50 %, York 50 %; 1 missing"}},
		"table":    {rows.Sheet().Text(), []string{"5 customers, 4 columns", "spend (EUR)", "Hull", "–"}},
	} {
		for _, part := range c.parts {
			if !strings.Contains(c.text, part) {
				t.Errorf("%s does not say %q:\n%s", what, part, c.text)
			}
		}
	}
	if f := p.Frame(); f.Err != nil || f.Nrow() != 3 || !slices.Contains(f.Names(), "city_Hull") || !slices.Contains(f.Names(), "spend_share") {
		t.Errorf("frame: %v, %v", f.Err, f.Names())
	}
}

// Without columns, names come from those that formed the segments, where that is known, and never from none at all.
func TestNamesWithoutColumns(t *testing.T) {
	x, err := table.New([]string{"a", "b", "c", "d"}, []table.Column{{Name: "spend"}, {Name: "noise"}}, []float64{1, 9, 2, -9, 100, 9, 101, -9})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(x.IDs(), table.Labels{0, 0, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, formedBy := range [][]string{{"spend"}, nil} {
		s.FormedBy = formedBy
		got, err := Names(x, s)
		if want := []string{"Low spend", "High spend"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("formed by %v: %q, %v, want %q", formedBy, got, err, want)
		}
	}
}

// What is typical of a column of years is a year, in the profile, in its sentences and of the typical customer.
func TestYearsInAProfile(t *testing.T) {
	var data []float64
	labels := make(table.Labels, 40)
	for i := range labels {
		labels[i] = i % 2
		data = append(data, float64(1950+30*labels[i]+i%3), float64(1950+30*labels[i]+i%3))
	}
	rows := trial.Sure(table.New(wording.Numbered(40), []table.Column{{Name: "birth_year", Role: table.Descriptor}, {Name: "points"}}, data))
	p := trial.Sure(Segments(rows, trial.Sure(table.NewSegments(rows.Raw().IDs, labels, []string{"old", "young"}))))
	if years, points := p.cells(0, p.each()), p.cells(1, p.each()); years[0] != "1951" || years[1] != "1981" || points[0] != "1,951" {
		t.Errorf("%q and %q", years, points)
	}
	said := ""
	for _, m := range p.Segments[0].Markers {
		said += m.Says + "; "
	}
	if !strings.Contains(said, "birth year: 1951") {
		t.Error(said)
	}
}

// A category whose levels are in order is shown by the level in the middle, as a number by its median: of "never, never, weekly" that is "never", though weekly
// is further above its overall share.
func TestOrderedLevelsAreShownByTheirMiddle(t *testing.T) {
	levels := []string{"never", "monthly", "weekly"}
	for name, c := range map[string]struct {
		ordered bool
		want    []string
	}{
		"in order":    {true, []string{"never", "monthly", "–", "never"}},
		"in no order": {false, []string{"weekly 33 %", "monthly 67 %", "–", "never 50 %"}},
	} {
		missing := math.NaN()
		raw := trial.Sure(table.New([]string{"a", "b", "c", "d", "e", "f", "g", "h"}, []table.Column{{Name: "visits", Levels: levels, Ordered: c.ordered}},
			[]float64{0, 0, 2, 0, 1, 1, missing, missing}))
		s := trial.Sure(table.NewSegments(raw.IDs(), table.Labels{0, 0, 0, 1, 1, 1, 2, 2}, nil))
		out := trial.Sure(Segments(raw, s)).Sheet()
		var got []string
		for _, row := range out.Rows {
			got = append(got, row[len(row)-1])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if said := strings.Contains(strings.Join(out.Notes, " "), "the level in the middle"); said != c.ordered {
			t.Errorf("%s: %q", name, out.Notes)
		}
	}
}
