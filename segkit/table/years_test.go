package table

import (
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/wording"
)

// Years have no mark of thousands wherever a table is shown, and numbers of that size that are none have one.
func TestYearsAreShownAsYears(t *testing.T) {
	columns := []Column{{Name: "birth_year"}, {Name: "cohort"}, {Name: "opened", Role: Descriptor}, {Name: "orders"}, {Name: "year_points", Unit: "points"}, {Name: "yearly"}}
	var data []float64
	for i := range 20 {
		data = append(data, 1950, 2019, 1984, 1950, 1950, 1950)
		if i == 19 { // below the rows that are shown
			copy(data[len(data)-6:], []float64{math.NaN(), 2020, 1900, 1950, 1950, 1200})
		}
	}
	customers := sure(New(wording.Numbered(20), columns, data))
	for j, want := range []string{"1950", "2019", "1984", "1,950", "1,950", "1,950"} {
		if got := customers.Sheet().Rows[0][1+j]; got != want {
			t.Errorf("%s: %s, want %s", columns[j].Name, got, want)
		}
		s := customers.Summary().Sheet().Rows[j] // column, missing, mean, min, …, max
		if got := s[7]; (len(got) == 4) != (j < 3) || j < 3 && (strings.Contains(s[2], ",") || strings.Contains(s[5], ",")) {
			t.Errorf("summary of %s: %q", columns[j].Name, s)
		}
	}
}
