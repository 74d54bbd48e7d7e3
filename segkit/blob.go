package segkit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// blob is one group shaped like a table: what its customers would look like without segments.
//
// A draw has exactly the correlation of the table, not only on average. Drawn freely, it would have a correlation of its own
// that is spread wider still than the table's, which itself is spread wider than the truth: with many columns every draw then
// looks more like groups than the table does. The distribution of a draw is that of one Gaussian group given its mean and
// covariance, which does not depend on the unknown true ones, so that comparisons are exact at any number of rows and columns
// (Langsrud 2005, "Rotation tests", doi:10.1007/s11222-005-4789-5).
type blob struct {
	columns []Column
	weights []float64  // (n) of the table's rows, or nil
	rows    int        // n
	root    *mat.Dense // (d x rank) a square root of the correlation behind the columns
	spread  []float64  // (d) standard deviations, up to a factor, of normal columns
	margins []margin   // (d) distributions of the columns; nil for normal ones
}

// newBlob returns the Gaussian with the covariance of x (n x d), up to scale. It costs n*d*d + d*d*d.
func newBlob(x *Table) blob {
	n, d := x.Dims()
	_, cov := x.covariance(allRows(d))
	b := blob{columns: x.Columns(), weights: x.weights, rows: n, spread: make([]float64, d)}
	for j := range d {
		b.spread[j] = math.Sqrt(cov.At(j, j))
	}
	correlation := mat.NewSymDense(d, nil)
	for a := range d {
		for c := range a + 1 {
			if both := b.spread[a] * b.spread[c]; both > 0 {
				correlation.SetSym(a, c, cov.At(a, c)/both)
			}
		}
	}
	b.root = squareRoot(correlation, n-1)
	if most := slices.Max(b.spread); most > 0 {
		floats.Scale(1/most, b.spread) // costs are scaled back: no draw is too large to be squared
	}
	return b
}

// newCopulaBlob returns the Gaussian copula with the rank correlation of x (n x d) and the columns' own distributions, as far as
// they have one peak (margin). It costs as much as newBlob, and sorting.
func newCopulaBlob(x *Table) blob {
	n, d := x.Dims()
	b := blob{columns: x.Columns(), weights: x.weights, rows: n, margins: make([]margin, d)}
	behind, scored := make([]deviates, d), x.with(x.columns, make([]float64, n*d))
	for j := range d {
		column := inOrder(x.values(j), x.weights)
		b.margins[j], behind[j] = unimodal(column), newDeviates(n, column)
		for i, s := range behind[j].scores {
			scored.data[i*d+j] = s
		}
	}
	_, cov := scored.covariance(allRows(d))
	latent := mat.NewSymDense(d, nil)
	for a := range d {
		if cov.At(a, a) == 0 {
			continue
		}
		latent.SetSym(a, a, 1)
		for c := range a {
			if cov.At(c, c) > 0 {
				latent.SetSym(a, c, behind[a].correlation(behind[c], cov.At(a, c)))
			}
		}
	}
	b.root = squareRoot(latent, n-1)
	return b
}

// negligible is the share of the largest eigenvalue below which one is rounding.
const negligible = 1e-10

// squareRoot returns a square root (d x rank) of a correlation, of rank at most most but at least 1: eigenvectors x root of
// eigenvalues. Unlike Cholesky's, it exists for dependent columns too, and for constant ones, which have 0 throughout. What is not
// positive is left out, and the other rows brought back to length 1.
func squareRoot(correlation *mat.SymDense, most int) *mat.Dense {
	var eigen mat.EigenSym
	eigen.Factorize(correlation, true)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	values, d := eigen.Values(nil), correlation.SymmetricDim() // rising
	first := min(max(0, d-most), d-1)
	for first < d-1 && values[first] <= negligible*values[d-1] {
		first++
	}
	root := mat.NewDense(d, d-first, nil)
	for i := range d {
		row := root.RawRowView(i)
		for j := range row {
			row[j] = vectors.At(i, first+j) * math.Sqrt(max(values[first+j], 0))
		}
		if length := floats.Norm(row, 2); length > 0 {
			floats.Scale(1/length, row)
		}
	}
	return root
}

// draw returns as many customers as the table has, with its weights. It costs n*d*d.
func (b blob) draw(r *rand.Rand) *Table {
	n, d := b.rows, len(b.columns)
	t := &Table{ids: make([]string, n), columns: b.columns, data: make([]float64, n*d), weights: b.weights, transformed: true}
	for i := range n {
		t.ids[i] = strconv.Itoa(i + 1)
	}
	_, rank := b.root.Dims()
	z, column := uncorrelated(n, rank, b.weights, r), make([]float64, n)
	for a := range d {
		clear(column)
		for j, share := range b.root.RawRowView(a) {
			floats.AddScaled(column, share, z[j])
		}
		if b.margins == nil {
			floats.Scale(b.spread[a], column)
		} else {
			b.margins[a].impose(column, b.weights)
		}
		for i, v := range column {
			t.data[i*d+a] = v
		}
	}
	return t
}

// uncorrelated draws count < n columns (count x n) of normal deviates and makes them uncorrelated, each with mean 0 and variance 1
// by the weights (n) or nil: any such columns are as likely as any others. It costs n*count*count.
func uncorrelated(n, count int, weights []float64, r *rand.Rand) [][]float64 {
	weigh := func(v []float64) []float64 {
		if weights == nil {
			return v
		}
		return floats.MulTo(make([]float64, n), v, weights)
	}
	total := float64(n)
	if weights != nil {
		total = floats.Sum(weights)
	}
	out := make([][]float64, count)
	for j := range out {
		z := make([]float64, n)
		for i := range z {
			z[i] = r.NormFloat64()
		}
		floats.AddConst(-floats.Sum(weigh(z))/total, z)
		for _, before := range out[:j] {
			floats.AddScaled(z, -floats.Dot(weigh(before), z)/total, before)
		}
		if squares := floats.Dot(weigh(z), z); squares > 0 { // a single row is its own mean
			floats.Scale(math.Sqrt(total/squares), z)
		}
		out[j] = z
	}
	return out
}

// impose gives a column (n) the distribution m and leaves its order as it is.
func (m margin) impose(column, weights []float64) {
	order, total := allRows(len(column)), float64(len(column))
	if weights != nil {
		total = floats.Sum(weights)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(column[a], column[b]) })
	below := 0.0
	for _, i := range order {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		column[i] = m.at((below + w/2) / total)
		below += w
	}
}
