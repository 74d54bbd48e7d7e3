package prep

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Bands replaces numbers with ordered levels, as ages are usually shown: Cuts of 25, 35 and 50 make "under 25", "25 to 34", "35 to 49" and "50
// and over". A band begins with its cut. Bands are for display, and for methods on categories. For all other methods, the number keeps more
// information: in bands, 34 and 35 are as different as 20 and 49. Missing values stay missing. Weights make no difference. Fit costs n·c, Apply
// n·c·log of the cuts.
type Bands struct {
	Columns []string  `json:"columns"` // numeric columns, all with the same cuts; at least one
	Cuts    []float64 `json:"cuts"`    // where bands begin, in rising order; at least one
}

// fittedBands is Bands bound to its columns and the words for them.
type fittedBands struct {
	table.Schema
	Cuts   []float64 `json:"cuts"`
	Levels []string  `json:"levels"` // (cuts + 1)
}

var (
	_ Transformer = Bands{}
	_ Fitted      = fittedBands{}
)

// Fit binds the columns. Whole numbers give "25 to 34", others "25 to under 35".
func (o Bands) Fit(t *table.Table) (Fitted, error) {
	const op = "prep.Bands"
	if len(o.Columns) == 0 {
		return nil, fault.Option(op, "Columns", "nothing", `the numeric columns to cut: []string{"age"}`)
	}
	for i, c := range o.Cuts {
		if math.IsNaN(c) || math.IsInf(c, 0) || i > 0 && !(c > o.Cuts[i-1]) {
			return nil, fault.Option(op, "Cuts", o.Cuts, "finite numbers that rise")
		}
	}
	if len(o.Cuts) == 0 {
		return nil, fault.Option(op, "Cuts", "nothing", "where bands begin, such as []float64{25, 35, 50} for ages")
	}
	b, at, err := table.SchemaOf(op, t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	whole := !slices.ContainsFunc(o.Cuts, broken)
	for _, j := range at {
		whole = whole && !slices.ContainsFunc(t.Raw().Column(j), broken)
	}
	return fittedBands{b, slices.Clone(o.Cuts), bandNames(o.Cuts, whole)}, nil
}

func broken(v float64) bool { return v != math.Trunc(v) && !math.IsNaN(v) }

func bandNames(cuts []float64, whole bool) []string {
	names := []string{"under " + sheet.Number(cuts[0])}
	for i, from := range cuts[:len(cuts)-1] {
		switch next := cuts[i+1]; {
		case whole && next == from+1:
			names = append(names, sheet.Number(from))
		case whole:
			names = append(names, fmt.Sprintf("%s to %s", sheet.Number(from), sheet.Number(next-1)))
		default:
			names = append(names, fmt.Sprintf("%s to under %s", sheet.Number(from), sheet.Number(next)))
		}
	}
	return append(names, sheet.Number(cuts[len(cuts)-1])+" and over")
}

// Apply turns the numbers into levels. A customer's level is the number of cuts that are not above the value.
func (f fittedBands) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Bands", t)
	if err != nil {
		return nil, err
	}
	out := change(t, at, func(_ int, v float64) float64 {
		if math.IsNaN(v) {
			return v
		}
		band, exact := slices.BinarySearch(f.Cuts, v)
		if exact {
			band++
		}
		return float64(band)
	})
	for _, j := range at {
		c := &out.Raw().Columns[j]
		c.Unit, c.Phrase, c.Levels, c.Ordered = "", "", slices.Clone(f.Levels), true
	}
	return out, nil
}

// Kind is "bands".
func (fittedBands) Kind() string { return "bands" }

func (f fittedBands) Valid() error {
	if len(f.Cuts) == 0 || len(f.Levels) != len(f.Cuts)+1 || !slices.IsSorted(f.Cuts) {
		return fault.Errorf(fault.ErrFormat, "segkit: transform \"bands\" has %d cuts and %d levels", len(f.Cuts), len(f.Levels))
	}
	return f.Check("bands")
}

// SQL implements the step of Model.SQL.
func (f fittedBands) SQL(q *query.Query) {
	at := q.At(f.ColumnNames())
	q.Change("Bands", at, func(_ int, x string) string {
		var text strings.Builder
		text.WriteString("CASE")
		for i, c := range f.Cuts {
			fmt.Fprintf(&text, " WHEN %s < %s THEN %s", x, q.Number(c), q.Text(f.Levels[i]))
		}
		last := len(f.Cuts) - 1
		fmt.Fprintf(&text, " WHEN %s >= %s THEN %s END", x, q.Number(f.Cuts[last]), q.Text(f.Levels[last+1]))
		return text.String()
	})
	for _, j := range at {
		q.Columns[j].Levels = f.Levels
	}
}
