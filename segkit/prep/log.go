package prep

import (
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// Log1p replaces x with ln(1+x): for counts and money, where ten and twenty differ as much as a hundred and two
// hundred. Zero stays zero, missing stays missing, and values of −1 or less are refused, naming the cell. Weights make
// no difference. Fit and Apply cost n·c.
type Log1p struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
}

// fittedLog1p is Log1p bound to its columns.
type fittedLog1p struct{ table.Schema }

var (
	_ Transformer = Log1p{}
	_ Inverter    = fittedLog1p{}
)

// Fit binds the columns; there are no numbers to learn.
func (o Log1p) Fit(t *table.Table) (Fitted, error) {
	b, at, err := table.SchemaOf("prep.Log1p", t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	return fittedLog1p{b}, refuseNoLog(t, at)
}

func refuseNoLog(t *table.Table, at []int) error {
	return t.Refuse(at, func(v float64) bool { return v <= -1 }, fault.CellError{Op: "prep.Log1p", Err: fault.ErrSchema,
		Why: "has no ln(1+x), which needs values above −1", Remedy: "use prep.Robust for this column, or prep.Winsor before it"})
}

// Apply takes the logarithm. The unit "EUR" becomes "ln(1+EUR)".
func (f fittedLog1p) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Log1p", t)
	if err != nil {
		return nil, err
	}
	if err := refuseNoLog(t, at); err != nil {
		return nil, err
	}
	out := change(t, at, func(_ int, v float64) float64 { return log1p(v) })
	return left(out, at, func(c table.Column) string {
		if c.Unit == "" {
			return "ln(1+x)"
		}
		return "ln(1+" + c.Unit + ")"
	}), nil
}

// log1p is one function for all ways to apply the step.
func log1p(v float64) float64 { return math.Log1p(v) }

// Invert restores x, to 1e-12 of its size.
func (f fittedLog1p) Invert(t *table.Table) (*table.Table, error) {
	at, err := f.FindBack("prep.Log1p", t)
	if err != nil {
		return nil, err
	}
	return f.Restore(change(t, at, func(_ int, v float64) float64 { return math.Expm1(v) }), at), nil
}

// Kind is "log1p".
func (fittedLog1p) Kind() string { return "log1p" }

func (f fittedLog1p) Valid() error { return f.Check("log1p") }
