package prep

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/table"
)

// Ordinal replaces ordered categories with numbers: 1 for the lowest level, 2 for the next. It treats the steps between levels
// as equal, which is your decision: those between "never", "monthly" and "weekly" are not. Missing values stay missing. Weights
// make no difference. Fit and Apply cost n·c.
type Ordinal struct {
	Columns []string `json:"columns,omitempty"` // empty: every ordered category
}

// TakesCategories says that a recipe without Columns includes categories.
func (Ordinal) TakesCategories() bool { return true }

// fittedOrdinal is Ordinal bound to its columns and their levels.
type fittedOrdinal struct{ table.Schema }

var (
	_ Transformer = Ordinal{}
	_ Inverter    = fittedOrdinal{}
)

// Fit binds the columns; there are no numbers to learn.
func (o Ordinal) Fit(t *table.Table) (Fitted, error) {
	b, _, err := table.SchemaOf("prep.Ordinal", t, o.Columns, func(c table.Column) bool { return c.Categorical() && c.Ordered })
	if err != nil {
		return nil, err
	}
	return fittedOrdinal{b}, nil
}

// Apply numbers the levels. The unit of five levels becomes "1 to 5".
func (f fittedOrdinal) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Ordinal", t)
	if err != nil {
		return nil, err
	}
	out := change(t, at, func(_ int, v float64) float64 { return v + 1 })
	for _, j := range at {
		c := &out.Raw().Columns[j]
		c.Unit = fmt.Sprintf("1 to %d", len(c.Levels))
		c.Levels, c.Ordered = nil, false
	}
	out.Raw().Transformed = true
	return out, nil
}

// Invert restores the levels; a number between two levels, such as a mean, becomes the nearer one.
func (f fittedOrdinal) Invert(t *table.Table) (*table.Table, error) {
	at, err := f.FindBack("prep.Ordinal", t)
	if err != nil {
		return nil, err
	}
	out := change(t, at, func(p int, v float64) float64 {
		return math.Min(math.Max(math.Round(v-1), 0), float64(len(f.Columns[p].Levels)-1))
	})
	return f.Restore(out, at), nil
}

// Kind is "ordinal".
func (fittedOrdinal) Kind() string { return "ordinal" }

func (f fittedOrdinal) Valid() error { return f.Check("ordinal") }
