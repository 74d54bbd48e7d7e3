package segkit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/sheet"
)

// PCA replaces columns by their principal components "PC1", "PC2", …: uncorrelated directions of falling variance (Pearson
// 1901, doi:10.1080/14786440109462720). It works on the covariance, so Standardize first where units differ. Other columns
// stay and come before the components. A component's sign is such that its largest loading is positive. Missing values are
// refused. Fit costs n·c² + c³.
type PCA struct {
	Columns    []string `json:"columns,omitempty"` // empty: every numeric column
	Components int      `json:"components"`        // how many to keep; 0 means as many as Share asks for
	Share      float64  `json:"share"`             // of the variance that the kept ones hold; 0 means 1, which is all
}

// FittedPCA is PCA with its directions.
type FittedPCA struct {
	Before
	Center   []float64   `json:"center"`   // (c) means
	Loadings [][]float64 `json:"loadings"` // (m x c) rows of length 1, at right angles
	Variance []float64   `json:"variance"` // (c) of every component, kept or not, falling; with n as the divisor
}

var (
	_ Transformer   = PCA{}
	_ Inverter      = FittedPCA{}
	_ sheet.Sheeter = FittedPCA{}
)

func (o PCA) withDefaults() Transformer {
	if o.Share == 0 {
		o.Share = 1
	}
	return o
}

// Fit finds the components.
func (o PCA) Fit(t *Table) (Fitted, error) {
	o = o.withDefaults().(PCA)
	b, at, err := scope("PCA", t, o.Columns, isNumber)
	if err != nil {
		return nil, err
	}
	switch c := len(at); {
	case o.Components < 0 || o.Components > c:
		return nil, &OptionError{"PCA", "Components", o.Components, fmt.Sprintf("1 to %d (the number of columns), or 0 to choose by Share", c)}
	case !(o.Share > 0 && o.Share <= 1):
		return nil, &OptionError{"PCA", "Share", o.Share, "a share above 0 and up to 1"}
	case o.Components > 0 && o.Share != 1:
		return nil, &OptionError{"PCA", "Share", o.Share, "either Components or Share, not both"}
	}
	if err := refuseMissing(t, at); err != nil {
		return nil, err
	}
	center, cov := t.covariance(at)
	var eigen mat.EigenSym
	if math.IsInf(mat.Trace(cov), 0) || math.IsNaN(mat.Trace(cov)) || !eigen.Factorize(cov, true) {
		return nil, &CellError{Op: "PCA", File: t.source, Why: "the columns hold values too large to be squared", Remedy: "use Log1p first, or another unit", Err: ErrUndefined}
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
		return nil, &CellError{Op: "PCA", File: t.source, Why: "all customers are alike in the columns, so there are no directions", Err: ErrUndefined}
	}
	f := FittedPCA{Before: b, Center: center, Variance: variance}
	sum := 0.0
	for i, v := range variance {
		if o.Components > 0 && i == o.Components || o.Components == 0 && o.Share < 1 && sum >= o.Share*total {
			break
		}
		sum += v
		f.Loadings = append(f.Loadings, positive(mat.Col(nil, len(at)-1-i, &vectors)))
	}
	return f, nil
}

func refuseMissing(t *Table, at []int) error {
	return t.refuse(at, math.IsNaN, CellError{Op: "PCA", Err: ErrNotFinite, Why: "value is missing", Remedy: "use Impute before it"})
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

// covariance returns the weighted means (c) and covariances (c x c, divisor n) of columns at. Partial sums are added in
// chunk order.
func (t *Table) covariance(at []int) (means []float64, cov *mat.SymDense) {
	c := len(at)
	sums := t.chunkSums(c+1, func(sum []float64, row []float64, w float64) {
		sum[c] += w
		for p, j := range at {
			sum[p] += float64(w * row[j])
		}
	})
	count := sums[c]
	means = sums[:c]
	for p := range means {
		means[p] /= count
	}
	products := t.chunkSums(c*c, func(sum []float64, row []float64, w float64) {
		for p, j := range at {
			x := float64(w * (row[j] - means[p]))
			for q := p; q < c; q++ {
				sum[p*c+q] += float64(x * (row[at[q]] - means[q]))
			}
		}
	})
	cov = mat.NewSymDense(c, nil)
	for p := range c {
		for q := p; q < c; q++ {
			cov.SetSym(p, q, products[p*c+q]/count)
		}
	}
	return means, cov
}

// chunkSums adds up m sums over all rows, in parallel, the same at any number of processors.
func (t *Table) chunkSums(m int, add func(sum, row []float64, weight float64)) []float64 {
	partial := make([][]float64, par.Chunks(t.Len()))
	// A background context is never cancelled: the passes take milliseconds.
	_ = par.Rows(context.Background(), t.Len(), func(chunk, from, to int) {
		sum := make([]float64, m)
		for i := from; i < to; i++ {
			add(sum, t.row(i), t.weight(i))
		}
		partial[chunk] = sum
	})
	total := make([]float64, m)
	for _, sum := range partial {
		for p, v := range sum {
			total[p] += v
		}
	}
	return total
}

// Apply returns the other columns and then the components.
func (f FittedPCA) Apply(t *Table) (*Table, error) {
	at, err := f.find("PCA", t)
	if err != nil {
		return nil, err
	}
	if err := refuseMissing(t, at); err != nil {
		return nil, err
	}
	rest := others(len(t.columns), at)
	out := t.with(nil, make([]float64, 0, t.Len()*(len(rest)+len(f.Loadings))))
	out.transformed = true
	for _, j := range rest {
		out.columns = append(out.columns, t.columns[j])
	}
	parents := make([]Column, len(at))
	for p, j := range at {
		parents[p] = t.columns[j]
	}
	for i := range f.Loadings {
		out.columns = append(out.columns, Column{Name: component(i), Ancestry: MadeOf(parents...)})
	}
	for i := range t.ids {
		row := t.row(i)
		for _, j := range rest {
			out.data = append(out.data, row[j])
		}
		for _, loading := range f.Loadings {
			score := 0.0
			for p, j := range at {
				score += float64(loading[p] * (row[j] - f.Center[p]))
			}
			out.data = append(out.data, score)
		}
	}
	return out, out.check()
}

// Invert returns the other columns and then the columns as they were: exactly those, to rounding, if all components were
// kept; otherwise the nearest point that the kept ones can express.
func (f FittedPCA) Invert(t *Table) (*Table, error) {
	at := make([]int, len(f.Loadings))
	for i := range f.Loadings {
		j, err := t.index(component(i))
		if err != nil {
			return nil, fmt.Errorf("segkit: PCA: %w", trimmed(err))
		}
		at[i] = j
	}
	rest := others(len(t.columns), at)
	out := t.with(nil, make([]float64, 0, t.Len()*(len(rest)+len(f.Columns))))
	out.transformed = f.Transformed
	for _, j := range rest {
		out.columns = append(out.columns, t.columns[j])
	}
	out.columns = append(out.columns, f.Columns...)
	for i := range t.ids {
		row := t.row(i)
		for _, j := range rest {
			out.data = append(out.data, row[j])
		}
		for p := range f.Columns {
			v := f.Center[p]
			for q, j := range at {
				v += float64(row[j] * f.Loadings[q][p])
			}
			out.data = append(out.data, v)
		}
	}
	return out, out.check()
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

// Share returns the share of the variance that each component holds (c), kept or not.
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

func (f FittedPCA) valid() error {
	if len(f.Loadings) == 0 || len(f.Loadings) > len(f.Columns) {
		return fmt.Errorf("segkit: transform \"pca\" has %d components of %d columns: %w", len(f.Loadings), len(f.Columns), ErrFormat)
	}
	return f.check("pca", append([][]float64{f.Center, f.Variance}, f.Loadings...)...)
}
