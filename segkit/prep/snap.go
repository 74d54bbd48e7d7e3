package prep

import (
	"math"

	"github.com/segkit/lab/segkit/table"
)

// Snap moves every value to the nearest point of a grid with steps of 2⁻²⁰, about a millionth. Use it as the last step of a recipe.
// Databases differ from Go and from each other in the last digit of a logarithm, and in the order in which they add. On the grid,
// sums and squared distances are exact in any order as long as n·max|x| stays below 2³³, so Model.SQL gives the same segment for
// every row on every engine. Scale first, because a step is meant to be small compared with a standard deviation. Units stay,
// missing stays missing. Weights make no difference. Fit costs c, Apply n·c.
type Snap struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
}

// fittedSnap is Snap bound to its columns.
type fittedSnap struct{ table.Schema }

// snapSteps is how many steps of the grid make 1: a power of two, so that dividing by it is exact.
const snapSteps = 1 << 20

var (
	_ Transformer = Snap{}
	_ Inverter    = fittedSnap{}
)

// Fit binds the columns; there are no numbers to learn.
func (o Snap) Fit(t *table.Table) (Fitted, error) {
	b, _, err := table.SchemaOf("prep.Snap", t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	return fittedSnap{b}, nil
}

// Apply moves values to the grid.
func (f fittedSnap) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Snap", t)
	if err != nil {
		return nil, err
	}
	return change(t, at, f.value), nil
}

func (fittedSnap) value(_ int, v float64) float64 {
	return math.Floor(float64(v*snapSteps)+.5) / snapSteps
}

// Invert returns t unchanged: the loss is at most half a step.
func (f fittedSnap) Invert(t *table.Table) (*table.Table, error) {
	_, err := f.FindBack("prep.Snap", t)
	return t, err
}

// Kind is "snap".
func (fittedSnap) Kind() string { return "snap" }

func (f fittedSnap) Valid() error { return f.Check("snap") }
