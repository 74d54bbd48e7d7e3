package segkit

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// blob is one Gaussian group with the covariance of a table: what the table would look like if there were no segments.
type blob struct {
	columns []Column
	root    *mat.Dense // (d x d) a square root of the covariance
}

func newBlob(x *Table) blob {
	n, d := x.Dims()
	mean, weight := make([]float64, d), 0.0
	for i := range n {
		w := x.weight(i)
		weight += w
		for j, v := range x.row(i) {
			mean[j] += float64(w * v)
		}
	}
	cov := mat.NewSymDense(d, nil)
	for i := range n {
		w, row := x.weight(i)/weight, x.row(i)
		for a := range d {
			for b := a; b < d; b++ {
				e := float64((row[a] - mean[a]/weight) * (row[b] - mean[b]/weight))
				cov.SetSym(a, b, cov.At(a, b)+float64(w*e))
			}
		}
	}
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
