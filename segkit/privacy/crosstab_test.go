package privacy

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"
)

// eight customers: two segments and one in none, a city that one of them lacks, money, and whether they use the app.
func eight(t *testing.T) (*table.Table, *table.Segments) {
	t.Helper()
	no := math.NaN()
	ids := strings.Fields("a b c d e f g h")
	raw, err := table.New(ids, []table.Column{{Name: "city", Levels: []string{"Bonn", "Leeds"}, Role: table.Descriptor}, {Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "app"}}, []float64{
		0, 10, 1, 0, 20, 0, 1, 5, 0, 1, no, 1, 0, 7, 1, no, 8, 0, 1, 9, 0, 1, 90, 1})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, table.Labels{0, 0, 0, 1, 1, 1, table.Noise, 1}, []string{"X", "Y"})
	if err != nil {
		t.Fatal(err)
	}
	return raw, s
}

func TestCrossCountsAndAddsUp(t *testing.T) {
	raw, s := eight(t)
	x, err := Cross(raw, s, "city", "spend")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(x.Columns, []string{"Bonn", "Leeds", "unknown"}) || len(x.Rows) != 3 || x.Rows[0] != "X" {
		t.Fatalf("%v %v", x.Rows, x.Columns)
	}
	for r, want := range [][]int{{2, 1, 0}, {1, 1, 1}, {0, 1, 0}} {
		if !slices.Equal(x.Customers[r], want) {
			t.Errorf("row %d: %v, want %v", r, x.Customers[r], want)
		}
	}
	if x.Sums[0][0] != 30 || x.Largest[0][0] != [2]float64{20, 10} || x.Sums[1][1] != 90 || x.Largest[1][1] != [2]float64{90, 0} || x.Unit != "EUR" {
		t.Errorf("%+v", x)
	}
	if x, err = Cross(raw, s, "app"); err != nil || !slices.Equal(x.Columns, []string{"no", "yes"}) || !slices.Equal(x.Customers[0], []int{2, 1}) {
		t.Errorf("%+v %v", x, err)
	}
	if x, err = Cross(raw, s, ""); err != nil || !slices.Equal(x.Columns, []string{"customers"}) || x.Customers[1][0] != 4 {
		t.Errorf("%+v %v", x, err)
	}
	for what, call := range map[string]func() error{
		"bands":      func() error { _, err := Cross(raw, s, "spend"); return err },
		"added up":   func() error { _, err := Cross(raw, s, "app", "city"); return err },
		"one amount": func() error { _, err := Cross(raw, s, "app", "spend", "spend"); return err },
		"city":       func() error { _, err := Cross(raw, s, "citty"); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%v does not speak of %q", err, what)
		}
	}
}

// Totals are cells too: a table of one column has a total that could give the only small segment away.
func TestTheTotalGivesNoSingleSegmentAway(t *testing.T) {
	s, err := Suppress(Crosstab{Row: "segment", Rows: []string{"A", "B", "C"}, Columns: []string{"customers"}, Customers: [][]int{{4}, {30}, {50}}}, Rules{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Cells[0][0].Why != Small || s.Cells[1][0].Why != Complement || s.Cells[2][0].Why != Shown || s.Cells[3][0].Value != 84 || s.Cells[0][0].High != 34 {
		t.Errorf("%+v", s.Cells)
	}
	if got := len(s.Sheet().Columns); got != 2 {
		t.Errorf("the sheet has %d columns: the total of one column is that column", got)
	}
}

func TestSuppressRefusesTablesThatDoNotFit(t *testing.T) {
	good := func() Crosstab {
		return Crosstab{Row: "segment", Rows: []string{"A", "B"}, Columns: []string{"x"}, Customers: [][]int{{20}, {30}}, Amount: "spend", Sums: [][]float64{{100}, {200}},
			Largest: [][][2]float64{{{9, 8}}, {{9, 9}}}}
	}
	if _, err := Suppress(good(), Rules{}); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(x *Crosstab){
		"names of rows":    func(x *Crosstab) { x.Rows = x.Rows[:1] },
		"cells":            func(x *Crosstab) { x.Customers[1] = nil },
		"-1 customers":     func(x *Crosstab) { x.Customers[0][0] = -1 },
		"NaN":              func(x *Crosstab) { x.Sums[0][0] = math.NaN() },
		"the larger first": func(x *Crosstab) { x.Largest[0][0] = [2]float64{8, 9} },
		"Amount":           func(x *Crosstab) { x.Amount = "" },
		"two largest":      func(x *Crosstab) { x.Largest = nil },
		"0 rows":           func(x *Crosstab) { *x = Crosstab{} },
	} {
		x := good()
		spoil(&x)
		if _, err := Suppress(x, Rules{}); err == nil || !strings.HasPrefix(err.Error(), "segkit: privacy.Suppress: ") || !strings.Contains(err.Error(), what) {
			t.Errorf("%v does not speak of %q", err, what)
		}
	}
}
