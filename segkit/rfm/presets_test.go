package rfm

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// The rules as R package rfm prints them, lower and upper ends of recency, frequency and monetary score: in ?rfm_segment of 0.3.0,
// and in that of 0.2.2, which its tests use.
var (
	vignette = []block{{"Champions", 5, 5, 5, 5, 5, 5}, {"Potential Loyalist", 3, 5, 3, 5, 2, 5}, {"Loyal Customers", 2, 4, 2, 4, 2, 4},
		{"Promising", 3, 4, 1, 3, 3, 5}, {"New Customers", 4, 5, 1, 3, 1, 5}, {"Can't Lose Them", 1, 2, 3, 4, 4, 5}, {"At Risk", 1, 2, 2, 5, 4, 5},
		{"Need Attention", 1, 3, 3, 5, 3, 5}, {"About To Sleep", 2, 3, 1, 3, 1, 4}, {"Lost", 1, 1, 1, 5, 1, 5}}
	tests = []block{{"Champions", 4, 5, 4, 5, 4, 5}, {"Loyal Customers", 2, 5, 3, 5, 3, 5}, {"Potential Loyalist", 3, 5, 1, 3, 1, 3},
		{"New Customers", 4, 5, 1, 1, 1, 1}, {"Promising", 3, 4, 1, 1, 1, 1}, {"Need Attention", 2, 3, 2, 3, 2, 3}, {"About To Sleep", 2, 3, 1, 2, 1, 2},
		{"At Risk", 1, 2, 2, 5, 2, 5}, {"Can't Lose Them", 1, 1, 4, 5, 4, 5}, {"Lost", 1, 2, 1, 2, 1, 2}}
)

// block is a name and the lowest and highest scores it takes.
type block struct {
	name                   string
	r1, r2, f1, f2, m1, m2 float64
}

func (b block) holds(r, f, m float64) bool {
	return b.r1 <= r && r <= b.r2 && b.f1 <= f && f <= b.f2 && b.m1 <= m && m <= b.m2
}

// Putler's rules as several scripts print them (4 <= r <= 5 and 4 <= fm <= 5: Champions, …), fm being the mean of f and m.
var putler = []block{{"Champions", 4, 5, 4, 5, 4, 5}, {"Loyal", 2, 5, 3, 5, 3, 5}, {"Potential loyalists", 3, 5, 1, 3, 1, 3}, {"New", 4, 5, 0, 1, 0, 1},
	{"Promising", 3, 4, 0, 1, 0, 1}, {"Need attention", 2, 3, 2, 3, 2, 3}, {"About to sleep", 2, 3, 0, 2, 0, 2}, {"At risk", 0, 2, 2, 5, 2, 5},
	{"Can't lose", 0, 1, 4, 5, 4, 5}, {"Hibernating", 1, 2, 1, 2, 1, 2}, {"Lost", 0, 2, 0, 2, 0, 2}}

// Every preset against its published ranges, looked up for all 125 cells: the same first name, and the linter counts the same
// cells in none and in more than one. The numbers were counted twice, here and in another language.
func TestPresetsAreThePublishedMaps(t *testing.T) {
	mean := func(r, f, m float64) [3]float64 { return [3]float64{r, (f + m) / 2, (f + m) / 2} }
	plain := func(r, f, m float64) [3]float64 { return [3]float64{r, f, m} }
	for name, c := range map[string]struct {
		book          *rulebook.Book
		published     []block
		scores        func(r, f, m float64) [3]float64
		none, several int
	}{
		"RVignette": {RVignette(), vignette, plain, 10, 58},
		"RTests":    {RTests(), tests, plain, 36, 39},
		"Putler":    {Putler(), putler, mean, 0, 76},
	} {
		scores, none, several := everyScore(), 0, 0
		var want []string
		for i := range scores.IDs {
			var holding []string
			at := c.scores(float64(scores.R[i]), float64(scores.F[i]), float64(scores.M[i]))
			for _, b := range c.published {
				if b.holds(at[0], at[1], at[2]) {
					holding = append(holding, b.name)
				}
			}
			switch len(holding) {
			case 0:
				none++
				holding = []string{"Others"}
			case 1:
			default:
				several++
			}
			want = append(want, holding[0])
		}
		if none != c.none || several != c.several {
			t.Errorf("%s as published: %d cells in none, %d in several, want %d and %d", name, none, several, c.none, c.several)
		}
		lint, err := scores.Lint(c.book)
		if err != nil {
			t.Fatal(err)
		}
		if cells := lint.Cells; cells.N != 125 || cells.None != none || cells.Several != several {
			t.Errorf("%s: the linter finds %d and %d of %d cells, counting finds %d and %d", name, cells.None, cells.Several, cells.N, none, several)
		}
		segments, err := scores.Segments(c.book)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range segments.Labels {
			if segments.Names[l] != want[i] {
				t.Errorf("%s: scores %s are %q, want %q", name, segments.IDs[i], segments.Names[l], want[i])
			}
		}
	}
}

// Rules for five scores must not send customers with a score of 7 to sleep.
func TestRestIsNoSegmentOfOtherScores(t *testing.T) {
	var data []float64
	var ids []string
	for i := range 70 {
		ids = append(ids, string(rune('A'+i)))
		data = append(data, float64(70-i), float64(i), float64(i))
	}
	table, err := table.New(ids, []table.Column{{Name: "recency"}, {Name: "orders"}, {Name: "spend"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Score(table, Options{Bins: 7})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Segments(nil); err == nil || !strings.Contains(err.Error(), `98 of 343 combinations of scores fit no rule, and would be "Hibernating"`) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := s.Segments(RTests()); err != nil { // whose rest has a name of its own
		t.Error(err)
	}
	if l, err := s.Lint(nil); err != nil || l.Cells.None != 98 {
		t.Errorf("%v, %v", l, err)
	}
}
