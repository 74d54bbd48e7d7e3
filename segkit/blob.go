package segkit

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// blob is one group shaped like a table: what its customers would look like without segments.
type blob struct {
	columns []Column
	root    *mat.Dense // (d x d) a square root of the covariance, up to a factor; of the correlation where there are margins
	margins []margin   // (d) distributions of the columns; nil for normal ones
}

// newBlob returns the Gaussian with the covariance of x, up to scale.
func newBlob(x *Table) blob {
	_, cov := x.covariance(allRows(len(x.columns)))
	root := squareRoot(cov)
	if most := mat.Norm(root, math.Inf(1)); most > 0 {
		root.Scale(1/most, root) // costs are scaled back: no draw is too large to be squared
	}
	return blob{columns: x.Columns(), root: root}
}

// newCopulaBlob returns the Gaussian copula with the rank correlation of x and the columns' own distributions, as far as they
// have one peak (margin).
func newCopulaBlob(x *Table) blob {
	n, d := x.Dims()
	b := blob{columns: x.Columns(), margins: make([]margin, d)}
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
		latent.SetSym(a, a, 1)
		for c := range a {
			if cov.At(a, a) > 0 && cov.At(c, c) > 0 {
				latent.SetSym(a, c, behind[a].correlation(behind[c], cov.At(a, c)))
			}
		}
	}
	b.root = squareRoot(latent)
	for a := range d { // negative eigenvalues were left out
		row := b.root.RawRowView(a)
		length := 0.0
		for _, v := range row {
			length += float64(v * v)
		}
		for j := range row {
			row[j] /= math.Sqrt(length)
		}
	}
	return b
}

// squareRoot returns a square root of a covariance: eigenvectors x root of eigenvalues. Unlike Cholesky's, it exists for
// constant and dependent columns too.
func squareRoot(cov *mat.SymDense) *mat.Dense {
	var eigen mat.EigenSym
	eigen.Factorize(cov, true)
	var root mat.Dense
	eigen.VectorsTo(&root)
	for j, v := range eigen.Values(nil) {
		for i := range cov.SymmetricDim() {
			root.Set(i, j, root.At(i, j)*math.Sqrt(max(v, 0)))
		}
	}
	return &root
}

// draw returns n customers.
func (b blob) draw(n int, r *rand.Rand) *Table {
	d := len(b.columns)
	t := &Table{ids: make([]string, n), columns: b.columns, data: make([]float64, n*d), transformed: true}
	z := make([]float64, d)
	for i := range n {
		t.ids[i] = strconv.Itoa(i + 1)
		for j := range z {
			z[j] = r.NormFloat64()
		}
		for a := range d {
			sum := 0.0
			for j, v := range z {
				sum += float64(b.root.At(a, j) * v)
			}
			if b.margins != nil {
				sum = b.margins[a].at(normalShare(sum))
			}
			t.data[i*d+a] = sum
		}
	}
	return t
}
