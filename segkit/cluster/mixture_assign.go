package cluster

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/em"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// FittedMixture is the fitted state of a GaussianMixture: k normal distributions and their weights. It assigns every row to
// the likeliest, ties to the first. It has no distances, because the nearest segment need not be the likeliest if one is
// wider than another; Memberships gives probabilities instead.
type FittedMixture struct {
	Columns     []string      `json:"columns"`     // (d) names of the columns that were clustered
	Weights     []float64     `json:"weights"`     // (k) shares of all customers, adding up to 1
	Means       [][]float64   `json:"means"`       // (k x d)
	Covariances [][][]float64 `json:"covariances"` // (k x d x d)
	Collapsed   []bool        `json:"collapsed"`   // (k) the segment has too few customers for its shape, or hardly any width in some direction compared with the others or with Ridge
}

var _ sheet.Sheeter = FittedMixture{}

func newFittedMixture(columns []string, p em.Params, collapsed []bool) FittedMixture {
	a := FittedMixture{Columns: columns, Weights: p.Weights, Collapsed: collapsed}
	for c := range p.K {
		a.Means = append(a.Means, p.Means[c*p.D:(c+1)*p.D:(c+1)*p.D])
		cov := make([][]float64, p.D)
		for i := range cov {
			at := (c*p.D + i) * p.D
			cov[i] = p.Cov[at : at+p.D : at+p.D]
		}
		a.Covariances = append(a.Covariances, cov)
	}
	return a
}

// params is the mixture as the kernel wants it, copied.
func (a FittedMixture) params() em.Params {
	p := em.Params{K: len(a.Weights), D: len(a.Columns), Weights: slices.Clone(a.Weights)}
	for c, mean := range a.Means {
		p.Means = append(p.Means, mean...)
		for _, row := range a.Covariances[c] {
			p.Cov = append(p.Cov, row...)
		}
	}
	return p
}

// Kind implements Assigner.
func (FittedMixture) Kind() string { return "mixture" }

// Reorder implements Assigner.
func (a FittedMixture) Reorder(order []int) Assigner {
	return FittedMixture{a.Columns, pick.At(a.Weights, order), pick.At(a.Means, order), pick.At(a.Covariances, order), pick.At(a.Collapsed, order)}
}

// Assign implements Assigner, without distances. It costs n*k*d*d.
func (a FittedMixture) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	labels, err = likeliest("cluster.FittedMixture.Assign", x, a.members)
	return labels, nil, nil, err
}

// Memberships returns the probability of every segment for every row of x (n x k). It costs n*k*d*d.
func (a FittedMixture) Memberships(x *table.Table) (*mat.Dense, error) {
	return probabilities("cluster.FittedMixture.Memberships", x, a.members)
}

// members returns the likeliest segment of every row, and if wanted the probabilities (n x k).
func (a FittedMixture) members(ctx context.Context, x *table.Table, want bool) (table.Labels, *mat.Dense, error) {
	x, err := x.Only(a.Columns)
	if err == nil {
		err = x.CheckFinite("cluster.Assigner.Assign")
	}
	if err == nil {
		err = a.Valid()
	}
	if err != nil {
		return nil, nil, err
	}
	fit, singular := em.New(a.params())
	if singular >= 0 {
		return nil, nil, fault.Errorf(fault.ErrFormat, "segkit: the covariance of segment %d is not positive definite", singular+1)
	}
	n, d := x.Dims()
	k := len(a.Weights)
	labels := make(table.Labels, n)
	var shares []float64
	if want {
		shares = make([]float64, n*k)
	}
	err = par.Rows(ctx, n, func(_, from, to int) {
		var part []float64
		if want {
			part = shares[from*k : to*k]
		}
		fit.Members(x.Raw().Data[from*d:to*d], labels[from:to], part)
	})
	if err != nil || !want {
		return labels, nil, err
	}
	return labels, mat.NewDense(n, k, shares), nil
}

func (a FittedMixture) CenterRows() [][]float64 { return a.Means }

// Valid refuses numbers that cannot be a mixture. Whether covariances are positive definite shows only when they are used.
func (a FittedMixture) Valid() error {
	k, d := len(a.Weights), len(a.Columns)
	if k == 0 || len(a.Means) != k || len(a.Covariances) != k || len(a.Collapsed) != k {
		return fault.Errorf(fault.ErrFormat, "segkit: a mixture of %d weights, %d means, %d covariances and %d marks of collapse",
			k, len(a.Means), len(a.Covariances), len(a.Collapsed))
	}
	for c, w := range a.Weights {
		if !(w >= 0 && w <= 1+1e-9) {
			return fault.Errorf(fault.ErrFormat, "segkit: segment %d has weight %v, want a share", c+1, w)
		}
		for _, row := range slices.Concat(a.Covariances[c], a.Means[c:c+1]) {
			if len(row) != d || len(a.Covariances[c]) != d {
				return fault.Errorf(fault.ErrFormat, "segkit: the mean and covariance of segment %d do not have %d columns", c+1, d)
			}
			for _, v := range row {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return fault.Errorf(fault.ErrFormat, "segkit: segment %d has a mean or covariance of %v", c+1, v)
				}
			}
		}
	}
	return nil
}

// Sheet lays out the segments: shares, means, and standard deviations within.
func (a FittedMixture) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("A mixture of %s", wording.Plural(len(a.Weights), "normal distribution")),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "share"}}}
	for _, name := range a.Columns {
		s.Columns = append(s.Columns, sheet.Column{Name: name}, sheet.Column{Name: name, Unit: "sd"})
	}
	for c, w := range a.Weights {
		row := []string{sheet.Count(c + 1), sheet.Percent(w)}
		for j, mean := range a.Means[c] {
			row = append(row, sheet.Number(mean), sheet.Number(math.Sqrt(a.Covariances[c][j][j])))
		}
		s.Rows = append(s.Rows, row)
		if a.Collapsed[c] {
			s.Notes = append(s.Notes, fmt.Sprintf("Segment %d has collapsed onto a few nearly equal customers, or onto fewer directions than there are columns: "+
				"use fewer segments or a simpler Shape, or leave out columns that follow from others.", c+1))
		}
	}
	return s.Clip()
}
