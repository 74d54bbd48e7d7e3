package segkit

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// blob is one Gaussian group with the covariance of a table, up to scale: what the table would look like without segments.
type blob struct {
	columns []Column
	root    *mat.Dense // (d x d) a square root of the covariance, up to a factor
}

func newBlob(x *Table) blob {
	_, d := x.Dims()
	all := make([]int, d)
	for j := range all {
		all[j] = j
	}
	_, cov := x.covariance(all)
	// Eigenvectors x root of eigenvalues: unlike Cholesky's, it exists for constant and dependent columns too.
	var eigen mat.EigenSym
	eigen.Factorize(cov, true)
	root := mat.NewDense(d, d, nil)
	eigen.VectorsTo(root)
	for j, v := range eigen.Values(nil) {
		for i := range d {
			root.Set(i, j, root.At(i, j)*math.Sqrt(max(v, 0)))
		}
	}
	if most := mat.Norm(root, math.Inf(1)); most > 0 {
		root.Scale(1/most, root) // costs are scaled back: no draw is too large to be squared
	}
	return blob{x.Columns(), root}
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
			t.data[i*d+a] = sum
		}
	}
	return t
}
