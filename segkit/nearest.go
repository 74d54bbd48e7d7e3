package segkit

import (
	"fmt"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// Nearest assigns every row to the nearest of k centres, ties to the lowest. It is the fitted state of k-means.
type Nearest struct {
	Columns []string    `json:"columns"` // (d) names of the columns that were clustered
	Centers [][]float64 `json:"centers"` // (k x d)
}

var _ Assigner = Nearest{}

// Kind implements Assigner.
func (Nearest) Kind() string { return "nearest" }

// Reorder implements Assigner.
func (a Nearest) Reorder(order []int) Assigner { return Nearest{a.Columns, picked(a.Centers, order)} }

// Assign implements Assigner. Columns are found by name; others are ignored. It costs n*k*d.
func (a Nearest) Assign(x *Table) (labels Labels, nearest, second []float64, err error) {
	x, err = x.only(a.Columns)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := checkFinite("Assign", x); err != nil {
		return nil, nil, nil, err
	}
	n, d := x.Dims()
	var centers []float64
	for s, row := range a.Centers {
		if len(row) != d {
			return nil, nil, nil, fmt.Errorf("segkit: centre %d has %d values for %d columns: %w", s+1, len(row), d, ErrSchema)
		}
		centers = append(centers, row...)
	}
	short := make([]int32, n)
	labels, nearest, second = make(Labels, n), make([]float64, n), make([]float64, n)
	err = par.Rows(DefaultContext, n, func(_, from, to int) {
		vec.NearestTwo(x.data[from*d:to*d], d, centers, short[from:to], nearest[from:to], second[from:to])
		for i := from; i < to; i++ {
			labels[i] = int(short[i])
		}
	})
	return labels, nearest, second, err
}
