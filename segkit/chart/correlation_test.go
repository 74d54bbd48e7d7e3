package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// columnsOf makes a table of equally long columns named a, b, c, …
func columnsOf(t testing.TB, columns ...[]float64) *table.Table {
	t.Helper()
	var ids []string
	var data []float64
	about := make([]table.Column, len(columns))
	for j := range columns {
		about[j].Name = string(rune('a' + j))
	}
	for i := range columns[0] {
		ids = append(ids, fmt.Sprint("c", i))
		for _, c := range columns {
			data = append(data, c[i])
		}
	}
	x, err := table.New(ids, about, data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestSpearmanOfAPublishedExample(t *testing.T) {
	// Intelligence quotient and hours of television of ten people, ρ = −29/165: Wikipedia, "Spearman's rank correlation
	// coefficient", after Myers & Well 2003.
	x := columnsOf(t, []float64{106, 100, 86, 101, 99, 103, 97, 113, 112, 110}, []float64{7, 27, 2, 50, 28, 29, 20, 12, 6, 17})
	if got := spearman(newRanking(x, 0), newRanking(x, 1), nil); math.Abs(got+29.0/165) > 1e-12 {
		t.Errorf("Spearman's correlation %v, want −29/165", got)
	}
	titled(t, "A and b move in opposite directions: rank correlation −0.18")(Correlation(x))
}

func TestSpearmanLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(t, "n")
		cell := rapid.OneOf(rapid.Float64Range(-3, 3), rapid.Map(rapid.IntRange(-2, 2), func(i int) float64 { return float64(i) }), rapid.Just(math.NaN()))
		a, b := rapid.SliceOfN(cell, n, n).Draw(t, "a"), rapid.SliceOfN(cell, n, n).Draw(t, "b")
		weights := rapid.SliceOfN(rapid.IntRange(1, 3), n, n).Draw(t, "weights")
		column := func(values []float64) ranking {
			ids := make([]string, len(values))
			for i := range ids {
				ids[i] = fmt.Sprint(i)
			}
			x, err := table.New(ids, []table.Column{{Name: "x"}}, values)
			if err != nil {
				t.Fatal(err)
			}
			return newRanking(x, 0)
		}
		same := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
				t.Fatalf("%s: %v, want %v", what, got, want)
			}
		}
		r := spearman(column(a), column(b), nil)
		same("against Pearson's correlation of mean ranks", r, slowSpearman(a, b))
		same("the other way round", spearman(column(b), column(a), nil), r)
		grown := make([]float64, n)
		for i, v := range b {
			if grown[i] = -8 * v; v > 0 { // bent, and exact: no two values become one
				grown[i] = -64 * v
			}
		}
		same("a falling function of one column", spearman(column(a), column(grown), nil), -r)

		// A weight of w is the customer w times over. Three customers must be there before they are repeated.
		var manyA, manyB, w []float64
		for i, k := range weights {
			w = append(w, float64(k))
			for range k {
				manyA, manyB = append(manyA, a[i]), append(manyB, b[i])
			}
		}
		if weighted := spearman(column(a), column(b), w); finite(r) {
			same("weights", weighted, spearman(column(manyA), column(manyB), nil))
		}
	})
}

// slowSpearman counts for each customer who is below and who is level.
func slowSpearman(a, b []float64) float64 {
	var x, y []float64
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	rank := func(v []float64) []float64 {
		out := make([]float64, len(v))
		for i := range v {
			for j := range v {
				switch {
				case v[j] < v[i]:
					out[i]++
				case v[j] == v[i]:
					out[i] += 0.5
				}
			}
		}
		return out
	}
	if len(x) < 3 || slices.Min(x) == slices.Max(x) || slices.Min(y) == slices.Max(y) {
		return math.NaN()
	}
	x, y = rank(x), rank(y)
	mean := float64(len(x)) / 2
	var sxy, sxx, syy float64
	for i := range x {
		sxy += (x[i] - mean) * (y[i] - mean)
		sxx += (x[i] - mean) * (x[i] - mean)
		syy += (y[i] - mean) * (y[i] - mean)
	}
	return sxy / math.Sqrt(sxx*syy)
}

func TestCorrelationTitleIsTheStrongestPair(t *testing.T) {
	up, down := []float64{1, 2, 3, 4, 5, 6, 7, 8}, []float64{8, 7, 6, 5, 4, 3, 2, 1}
	nearly, flat := []float64{1, 2, 3, 4, 5, 6, 8, 7}, []float64{3, 3, 3, 3, 3, 3, 3, 3}
	titled(t, "A and b move in opposite directions: rank correlation −1.00, the strongest of 3 pairs")(Correlation(columnsOf(t, up, down, nearly)))
	titled(t, "A and c rise together: rank correlation 0.98")(Correlation(columnsOf(t, up, down, nearly), "a", "c"))
	unrelated := []float64{1, -1, -1, 1, 1, -1, -1, 1}
	titled(t, "A and b are hardly related: rank correlation 0.00")(Correlation(columnsOf(t, up, unrelated)))
	pairs := []float64{1, 1, -1, -1, -1, -1, 1, 1}
	titled(t, "No two columns are related: even a and b have a rank correlation of only 0.00")(Correlation(columnsOf(t, up, unrelated, pairs)))

	f, err := Correlation(columnsOf(t, up, flat, nearly))
	if err != nil || !strings.Contains(f.Note, "Not drawn because the same for all customers: b.") {
		t.Errorf("a column that never varies: note %q, error %v", f.Note, err)
	}
	nan := math.NaN()
	f, err = Correlation(columnsOf(t, up, nearly, []float64{1, 2, nan, nan, nan, nan, nan, nan}))
	if err != nil || strings.Contains(f.Alt, "NaN") || !strings.Contains(f.Note, "who have both values") {
		t.Errorf("a pair of two customers: %q, note %q, error %v", f.Alt, f.Note, err)
	}

	for what, c := range map[string]struct {
		of      *table.Table
		columns []string
		want    error
	}{
		"one column":                {columnsOf(t, up), nil, fault.ErrSchema},
		"a column twice":            {columnsOf(t, up, down), []string{"a", "a"}, fault.ErrDuplicate},
		"a column that is not here": {columnsOf(t, up, down), []string{"a", "z"}, fault.ErrMissingColumn},
		"two customers":             {columnsOf(t, up[:2], down[:2]), nil, fault.ErrEmpty},
		"nothing varies":            {columnsOf(t, up, flat), nil, fault.ErrUndefined},
	} {
		if _, err := Correlation(c.of, c.columns...); !errors.Is(err, c.want) {
			t.Errorf("%s gives error %v, want %v", what, err, c.want)
		}
	}
}

func TestCorrelationTakesOrderedCategoriesOnly(t *testing.T) {
	about := []table.Column{{Name: "spend"}, {Name: "rating", Levels: []string{"bad", "fair", "good"}, Ordered: true}, {Name: "city", Levels: []string{"Leeds", "York"}}}
	x, err := table.New([]string{"a", "b", "c", "d"}, about, []float64{10, 0, 0, 20, 1, 1, 30, 2, 1, 40, 2, 0})
	if err != nil {
		t.Fatal(err)
	}
	titled(t, "Spend and rating rise together: rank correlation 0.95")(Correlation(x))
	if _, err := Correlation(x, "spend", "city"); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `"city"`) {
		t.Errorf("levels without an order give error %v", err)
	}
}

func TestCorrelationKeepsTheMostCorrelatedColumns(t *testing.T) {
	// 12 pairs of opposites and one column that goes with none: 25 columns of which 20 have room.
	var columns [][]float64
	for j := range 12 {
		up, down := make([]float64, 60), make([]float64, 60)
		for i := range up {
			up[i] = math.Sin(float64((j + 2) * (i + 1) * (i + 3)))
			down[i] = -up[i]
		}
		columns = append(columns, up, down)
	}
	columns = append(columns, make([]float64, 60))
	for i := range columns[24] {
		columns[24][i] = math.Cos(float64(i * i))
	}
	x := columnsOf(t, columns...)
	f, err := Correlation(x)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Note, "less correlated") || !strings.HasSuffix(f.Note, " and "+x.Names()[24]+".") || !strings.Contains(f.Title, "300 pairs") {
		t.Errorf("title %q, note %q", f.Title, f.Note)
	}
}
