package prep

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// PCA replaces columns with their principal components "PC1", "PC2", …: uncorrelated directions of decreasing variance (Pearson 1901,
// doi:10.1080/14786440109462720). It works on the covariance, so Standardize first if units differ. Other columns stay and come before the components. A component's
// sign is chosen so that its largest loading is positive. Missing values are refused. Directions in which customers do not differ, because columns add up to a
// constant, are left out. Means and covariances are weighted by the table's weights. Fit costs n·c² + c³.
type PCA struct {
	Columns    []string `json:"columns,omitempty"` // empty: every numeric column
	Components int      `json:"components"`        // how many to keep; 0 means as many as Share requires
	Share      float64  `json:"share"`             // of the variance to keep; 0 means 1, which is all
}

// FittedPCA is PCA with its directions.
type FittedPCA struct {
	table.Schema
	Center   []float64   `json:"center"`   // (c) means
	Loadings [][]float64 `json:"loadings"` // (m x c) rows of length 1, at right angles to each other
	Variance []float64   `json:"variance"` // (c) of every component, kept or not, in decreasing order; with n as the divisor
}

var (
	_ Transformer   = PCA{}
	_ Inverter      = FittedPCA{}
	_ sheet.Sheeter = FittedPCA{}
)

func (o PCA) WithDefaults() Transformer {
	if o.Share == 0 {
		o.Share = 1
	}
	return o
}

// Fit finds the components.
func (o PCA) Fit(t *table.Table) (Fitted, error) {
	o = o.WithDefaults().(PCA)
	b, at, err := table.SchemaOf("prep.PCA", t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	switch c := len(at); {
	case o.Components < 0 || o.Components > c:
		return nil, fault.Option("prep.PCA", "Components", o.Components, fmt.Sprintf("1 to %d (the number of columns), or 0 to choose by Share", c))
	case !(o.Share > 0 && o.Share <= 1):
		return nil, fault.Option("prep.PCA", "Share", o.Share, "a share above 0 and up to 1")
	case o.Components > 0 && o.Share != 1:
		return nil, fault.Option("prep.PCA", "Share", o.Share, "either Components or Share, not both")
	}
	if err := refuseMissing(t, at); err != nil {
		return nil, err
	}
	center, cov := covariance.Of(t, at)
	var eigen mat.EigenSym
	if math.IsInf(mat.Trace(cov), 0) || math.IsNaN(mat.Trace(cov)) || !eigen.Factorize(cov, true) {
		return nil, &fault.CellError{Op: "prep.PCA", File: t.Raw().Source, Why: "the columns hold values too large to square", Remedy: "use prep.Log1p first, or another unit", Err: fault.ErrUndefined}
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	variance := eigen.Values(nil) // rising
	slices.Reverse(variance)
	total := 0.0
	for i, v := range variance {
		variance[i] = max(v, 0) // rounding may leave −1e-18
		total += variance[i]
	}
	if total == 0 {
		return nil, &fault.CellError{Op: "prep.PCA", File: t.Raw().Source, Why: "all customers are identical in these columns, so there are no directions", Err: fault.ErrUndefined}
	}
	rank := len(variance)
	for rank > 1 && empty(mat.Col(nil, len(at)-rank, &vectors), cov, variance[rank-1]) {
		rank--
	}
	if o.Components > rank {
		return nil, fault.Option("prep.PCA", "Components", o.Components, fmt.Sprintf("1 to %d, or 0: the %d columns depend on each other and have no more directions", rank, len(at)))
	}
	f := FittedPCA{Schema: b, Center: center, Variance: variance}
	sum := 0.0
	for i, v := range variance[:rank] {
		if o.Components > 0 && i == o.Components || o.Components == 0 && o.Share < 1 && sum >= o.Share*total {
			break
		}
		sum += v
		f.Loadings = append(f.Loadings, positive(mat.Col(nil, len(at)-1-i, &vectors)))
	}
	return f, nil
}

// empty reports whether customers do not differ along v (c) but for rounding, which Standardize would blow up: the variance there is
// nothing beside what the columns would have there if they were uncorrelated.
func empty(v []float64, cov *mat.SymDense, variance float64) bool {
	alone := 0.0
	for j, x := range v {
		alone += float64(x * x * cov.At(j, j))
	}
	return variance <= 1e-12*alone
}

func refuseMissing(t *table.Table, at []int) error {
	return t.Refuse(at, math.IsNaN, fault.CellError{Op: "prep.PCA", Err: fault.ErrNotFinite, Why: "value is missing", Remedy: "use prep.Impute before it"})
}

// positive turns the direction v so that its largest loading, the first of equals, is positive.
func positive(v []float64) []float64 {
	largest := 0
	for j, x := range v {
		// Loadings that are equal but for rounding count as equal, or the sign would hang on the last bit.
		if math.Abs(x) > math.Abs(v[largest])*(1+1e-9) {
			largest = j
		}
	}
	if v[largest] < 0 {
		for j := range v {
			v[j] = -v[j]
		}
	}
	return v
}

// Apply returns the other columns and then the components.
func (f FittedPCA) Apply(t *table.Table) (*table.Table, error) {
	if t == nil {
		return nil, fault.Nil("prep.FittedPCA.Apply", "table")
	}
	at, err := f.Find("prep.PCA", t)
	if err != nil {
		return nil, err
	}
	if err := refuseMissing(t, at); err != nil {
		return nil, err
	}
	rest := others(len(t.Raw().Columns), at)
	out := t.WithData(nil, make([]float64, 0, t.Len()*(len(rest)+len(f.Loadings))))
	out.Raw().Transformed = true
	for _, j := range rest {
		out.Raw().Columns = append(out.Raw().Columns, t.Raw().Columns[j])
	}
	parents := make([]table.Column, len(at))
	for p, j := range at {
		parents[p] = t.Raw().Columns[j]
	}
	for i := range f.Loadings {
		out.Raw().Columns = append(out.Raw().Columns, table.Column{Name: component(i), Ancestry: table.MadeOf(parents...)})
	}
	for i := range t.Raw().IDs {
		row := t.Raw().Row(i)
		for _, j := range rest {
			out.Raw().Data = append(out.Raw().Data, row[j])
		}
		for _, loading := range f.Loadings {
			score := 0.0
			for p, j := range at {
				score += float64(loading[p] * (row[j] - f.Center[p]))
			}
			out.Raw().Data = append(out.Raw().Data, score)
		}
	}
	return out, out.Check()
}

// Invert returns the other columns and then the original columns: exact but for rounding if all components were kept,
// otherwise the nearest point that the kept ones can express.
func (f FittedPCA) Invert(t *table.Table) (*table.Table, error) {
	if t == nil {
		return nil, fault.Nil("prep.FittedPCA.Invert", "table")
	}
	at := make([]int, len(f.Loadings))
	for i := range f.Loadings {
		j, err := t.Index(component(i))
		if err != nil {
			return nil, fmt.Errorf("segkit: prep.PCA: %w", fault.Trimmed(err))
		}
		at[i] = j
	}
	rest := others(len(t.Raw().Columns), at)
	out := t.WithData(nil, make([]float64, 0, t.Len()*(len(rest)+len(f.Columns))))
	out.Raw().Transformed = f.Transformed
	for _, j := range rest {
		out.Raw().Columns = append(out.Raw().Columns, t.Raw().Columns[j])
	}
	out.Raw().Columns = append(out.Raw().Columns, f.Columns...)
	for i := range t.Raw().IDs {
		row := t.Raw().Row(i)
		for _, j := range rest {
			out.Raw().Data = append(out.Raw().Data, row[j])
		}
		for p := range f.Columns {
			v := f.Center[p]
			for q, j := range at {
				v += float64(row[j] * f.Loadings[q][p])
			}
			out.Raw().Data = append(out.Raw().Data, v)
		}
	}
	return out, out.Check()
}

func component(i int) string { return fmt.Sprintf("PC%d", i+1) }

// others returns the numbers below n that are not in at.
func others(n int, at []int) []int {
	var rest []int
	for j := range n {
		if !slices.Contains(at, j) {
			rest = append(rest, j)
		}
	}
	return rest
}

// Share returns the share of the variance in each component (c), kept or not.
func (f FittedPCA) Share() []float64 {
	total := 0.0
	for _, v := range f.Variance {
		total += v
	}
	share := make([]float64, len(f.Variance))
	for i, v := range f.Variance {
		share[i] = v / total
	}
	return share
}

// Sheet lays out the loadings, a row per component.
func (f FittedPCA) Sheet() sheet.Sheet {
	s := sheet.Sheet{Columns: []sheet.Column{{Name: "component", Text: true}, {Name: "variance", Unit: "share"}}}
	for _, c := range f.Columns {
		s.Columns = append(s.Columns, sheet.Column{Name: c.Name})
	}
	share, sum := f.Share(), 0.0
	for i, loading := range f.Loadings {
		sum += share[i]
		row := []string{component(i), sheet.Percent(share[i])}
		for _, v := range loading {
			row = append(row, sheet.Fixed(v, 2))
		}
		s.Rows = append(s.Rows, row)
	}
	s.Caption = fmt.Sprintf("%d of %d principal components hold %s of the variance", len(f.Loadings), len(f.Columns), sheet.Percent(sum))
	return s.Clip()
}

// Kind is "pca".
func (FittedPCA) Kind() string { return "pca" }

func (f FittedPCA) Valid() error {
	if len(f.Loadings) == 0 || len(f.Loadings) > len(f.Columns) {
		return fault.Errorf(fault.ErrFormat, "segkit: transform \"pca\" has %d components of %d columns", len(f.Loadings), len(f.Columns))
	}
	return f.Check("pca", append([][]float64{f.Center, f.Variance}, f.Loadings...)...)
}
