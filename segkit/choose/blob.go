package choose

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/table"
)

// blob is one group shaped like a table: what its customers would look like without segments.
//
// A draw has exactly the correlation of the table, not only on average. Drawn freely, it would have a correlation of its own
// that is spread wider still than the table's, which itself is spread wider than the truth: with many columns every draw then
// looks more like groups than the table does. The distribution of a draw is that of one Gaussian group given its mean and
// covariance, which does not depend on the unknown true ones, so that comparisons are exact at any number of rows and columns
// (Langsrud 2005, "Rotation tests", doi:10.1007/s11222-005-4789-5).
type blob struct {
	like    *table.Table // (n x d) the table
	axes    *mat.Dense   // (d x rank) principal axes of the correlation behind the columns
	root    *mat.Dense   // (d x rank) a square root of it: along these axes
	spread  []float64    // (d) standard deviations, up to a factor, of normal columns
	margins []margin     // (d) distributions of the columns; nil for normal ones
}

// newBlob returns the Gaussian with the covariance of x (n x d), up to scale. It costs n*d*d + d*d*d.
func newBlob(x *table.Table) blob {
	n, d := x.Dims()
	_, cov := covariance.Of(x, pick.All(d))
	b := blob{like: x, spread: make([]float64, d)}
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
	b.axes, b.root = squareRoot(correlation, n-1)
	if most := slices.Max(b.spread); most > 0 {
		floats.Scale(1/most, b.spread) // costs are scaled back: no draw is too large to be squared
	}
	return b
}

// newCopulaBlob returns the Gaussian copula with the rank correlation of x (n x d) and the columns' own distributions, as far as
// they have one peak (margin). It costs as much as newBlob, and sorting.
func newCopulaBlob(x *table.Table) blob {
	n, d := x.Dims()
	b := blob{like: x, margins: make([]margin, d)}
	behind, scored := make([]deviates, d), x.WithData(x.Raw().Columns, make([]float64, n*d))
	for j := range d {
		column := inOrder(x.Raw().Column(j), x.Raw().Weights)
		b.margins[j], behind[j] = unimodal(column), newDeviates(n, column)
		for i, s := range behind[j].scores {
			scored.Raw().Data[i*d+j] = s
		}
	}
	_, cov := covariance.Of(scored, pick.All(d))
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
	b.axes, b.root = squareRoot(latent, n-1)
	return b
}

// negligible is the share of the largest eigenvalue below which one is rounding.
const negligible = 1e-10

// squareRoot returns the principal axes of a correlation (d x rank), and a square root of it of rank at most most but at least 1:
// axes x root of eigenvalues. Unlike Cholesky's, it exists for dependent columns too, and for constant ones, which have 0 throughout. What is not
// positive is left out, and the other rows brought back to length 1.
func squareRoot(correlation *mat.SymDense, most int) (axes, root *mat.Dense) {
	var eigen mat.EigenSym
	eigen.Factorize(correlation, true)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	values, d := eigen.Values(nil), correlation.SymmetricDim() // rising
	first := min(max(0, d-most), d-1)
	for first < d-1 && values[first] <= negligible*values[d-1] {
		first++
	}
	axes, root = mat.DenseCopyOf(vectors.Slice(0, d, first, d)), mat.NewDense(d, d-first, nil)
	for i := range d {
		row := root.RawRowView(i)
		for j := range row {
			row[j] = axes.At(i, j) * math.Sqrt(max(values[first+j], 0))
		}
		if length := floats.Norm(row, 2); length > 0 {
			floats.Scale(1/length, row)
		}
	}
	return axes, root
}

// draw returns as many customers as the table has, with its weights. It costs n*d*d.
func (b blob) draw(r *rand.Rand) *table.Table {
	n, d := b.like.Dims()
	t := b.like.WithData(b.like.Raw().Columns, make([]float64, n*d))
	t.Raw().IDs, t.Raw().Transformed = make([]string, n), true
	for i := range n {
		t.Raw().IDs[i] = strconv.Itoa(i + 1)
	}
	z, column := b.uncorrelated(r), make([]float64, n)
	for a := range d {
		clear(column)
		for j, share := range b.root.RawRowView(a) {
			floats.AddScaled(column, share, z[j])
		}
		if b.margins == nil {
			floats.Scale(b.spread[a], column)
		} else {
			b.margins[a].impose(column, b.like, r)
		}
		for i, v := range column {
			t.Raw().Data[i*d+a] = v
		}
	}
	return t
}

// uncorrelated draws a column (n) for each axis: normal deviates, made uncorrelated, with mean 0 and variance 1, so that any such
// columns are as likely as any others. Deviates are drawn for the table's columns and turned to the axes: with the same r, draws of
// blobs alike are alike.
func (b blob) uncorrelated(r *rand.Rand) [][]float64 {
	n, d := b.like.Dims()
	deviates, weight := make([][]float64, d), make([]float64, n) // weight: its root, by which sums of products are plain ones
	for i := range weight {
		weight[i] = math.Sqrt(b.like.Weight(i))
	}
	for a := range deviates {
		deviates[a] = make([]float64, n)
		for i := range deviates[a] {
			deviates[a][i] = weight[i] * r.NormFloat64()
		}
	}
	total := floats.Dot(weight, weight)
	_, rank := b.axes.Dims()
	out := make([][]float64, rank)
	for j := rank - 1; j >= 0; j-- { // the longest axis first
		z := make([]float64, n)
		for a, of := range deviates {
			floats.AddScaled(z, b.axes.At(a, j), of)
		}
		floats.AddScaled(z, -floats.Dot(weight, z)/total, weight) // the mean
		for _, before := range out[j+1:] {
			floats.AddScaled(z, -floats.Dot(before, z)/total, before)
		}
		if squares := floats.Dot(z, z); squares > 0 { // a single row is its own mean
			floats.Scale(math.Sqrt(total/squares), z)
		}
		out[j] = z
	}
	for _, z := range out {
		floats.Div(z, weight)
	}
	return out
}

// impose gives a column (n) of customers like those of x the distribution m, in the order that it has. As many lie in each piece as
// in the data, evenly at random: a sample of m would vary by more than data that m was made after, and its quantiles by less. It
// costs n log n.
func (m margin) impose(column []float64, x *table.Table, r *rand.Rand) {
	order, total := pick.All(len(column)), 0.0
	for i := range order {
		total += x.Weight(i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(column[a], column[b]) })
	below, inPiece := 0.0, make([][]int, len(m.upTo))
	for _, i := range order {
		piece := m.piece((below + x.Weight(i)/2) / total)
		inPiece[piece] = append(inPiece[piece], i)
		below += x.Weight(i)
	}
	for piece, rows := range inPiece {
		shares := make([]float64, len(rows))
		for at := range shares {
			shares[at] = r.Float64()
		}
		slices.Sort(shares)
		for at, i := range rows {
			column[i] = m.within(piece, shares[at])
		}
	}
}
