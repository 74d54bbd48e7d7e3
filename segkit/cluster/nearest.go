package cluster

import (
	"encoding/json"
	"math"

	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Nearest assigns every row to the nearest of k centres, ties to the lowest. It is the fitted state of k-means.
type Nearest struct {
	Columns []string    `json:"columns"` // (d) names of the columns that were clustered
	Centers [][]float64 `json:"centers"` // (k x d)
}

var (
	_ Assigner = Nearest{}
	_ Assigner = NearestMedoid{}
)

// Kind implements Assigner.
func (Nearest) Kind() string { return "nearest" }

// Reorder implements Assigner.
func (a Nearest) Reorder(order []int) Assigner { return Nearest{a.Columns, pick.At(a.Centers, order)} }

// Assign implements Assigner. Columns are found by name; others are ignored. It costs n*k*d.
func (a Nearest) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	x, centers, err := a.ready(x)
	if err != nil {
		return nil, nil, nil, err
	}
	n, d := x.Dims()
	short := make([]int32, n)
	labels, nearest, second = make(table.Labels, n), make([]float64, n), make([]float64, n)
	err = par.Rows(job.DefaultContext, n, func(_, from, to int) {
		vec.NearestTwo(x.Raw().Data[from*d:to*d], d, centers, short[from:to], nearest[from:to], second[from:to])
		for i := from; i < to; i++ {
			labels[i] = int(short[i])
		}
	})
	return labels, nearest, second, err
}

// labels is Assign without the distances, and takes half the time.
func (a Nearest) labels(x *table.Table) (table.Labels, error) {
	x, centers, err := a.ready(x)
	if err != nil {
		return nil, err
	}
	n, d := x.Dims()
	labels := make(table.Labels, n)
	var screen vec.Screen
	quick := screen.Set(centers, d)
	err = par.Rows(job.DefaultContext, n, func(_, from, to int) {
		rows, short := x.Raw().Data[from*d:to*d], make([]int32, to-from)
		if quick {
			screen.Nearest(rows, short, nil, 0, nil, nil)
		} else {
			vec.Nearest(rows, d, centers, short, make([]float64, to-from))
		}
		for i, l := range short {
			labels[from+i] = int(l)
		}
	})
	return labels, err
}

// ready returns the columns of x that were clustered, which can be used in distances, and the centres (k*d).
func (a Nearest) ready(x *table.Table) (columns *table.Table, centers []float64, err error) {
	if x == nil {
		return nil, nil, fault.Nil("cluster.Nearest.Assign", "table")
	}
	if x, err = x.Only(a.Columns); err != nil {
		return nil, nil, err
	}
	if err := x.CheckFinite("cluster.Assigner.Assign"); err != nil {
		return nil, nil, err
	}
	for s, row := range a.Centers {
		if d := len(x.Raw().Columns); len(row) != d {
			return nil, nil, fault.Errorf(fault.ErrSchema, "segkit: centre %d has %d values for %d columns", s+1, len(row), d)
		}
		centers = append(centers, row...)
	}
	return x, centers, nil
}

func (a Nearest) CenterRows() [][]float64 { return a.Centers }

func (a Nearest) Valid() error {
	if len(a.Centers) == 0 {
		return fault.Errorf(fault.ErrFormat, "segkit: model has no centres")
	}
	for s, row := range a.Centers {
		if len(row) != len(a.Columns) {
			return fault.Errorf(fault.ErrFormat, "segkit: centre %d has %d values for %d columns", s+1, len(row), len(a.Columns))
		}
	}
	return nil
}

// NearestMedoid assigns every row to the nearest of k medoids, ties to the lowest. It is the fitted state of k-medoids, and
// contains the medoids' values in the columns that were clustered, but not their ids.
type NearestMedoid struct {
	table.Schema                   // Columns (d)
	Distance     distance.Distance `json:"distance"`
	Asymmetric   []string          `json:"asymmetric,omitempty"`
	Ranges       []float64         `json:"ranges,omitempty"` // (d) for Gower: largest minus smallest value
	Medoids      [][]float64       `json:"medoids"`          // (k x d)
}

// Kind implements Assigner.
func (NearestMedoid) Kind() string { return "medoids" }

// Reorder implements Assigner.
func (a NearestMedoid) Reorder(order []int) Assigner {
	a.Medoids = pick.At(a.Medoids, order)
	return a
}

// Assign implements Assigner. Columns are found by name, and must have the levels that were clustered; others are ignored.
// The distances it returns are squares, whatever the Distance. It costs n*k*d.
func (a NearestMedoid) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	if x, err = clustered("cluster.NearestMedoid.Assign", a.Schema, x); err != nil {
		return nil, nil, nil, err
	}
	if x.Len() > 0 {
		if err := a.Distance.Check("cluster.Assigner.Assign", x, a.Asymmetric); err != nil {
			return nil, nil, nil, err
		}
	}
	n, d := x.Dims()
	medoids := table.FromRaw(table.Raw{Columns: x.Raw().Columns, IDs: make([]string, len(a.Medoids))})
	for s, row := range a.Medoids {
		if len(row) != d {
			return nil, nil, nil, fault.Errorf(fault.ErrSchema, "segkit: medoid %d has %d values for %d columns", s+1, len(row), d)
		}
		medoids.Raw().Data = append(medoids.Raw().Data, row...)
	}
	space := a.Distance.Fitted(a.Columns, a.Asymmetric, a.Ranges)
	rows, flat, between := space.Ready(x), space.Ready(medoids), space.Between()
	centers := make([][]float64, len(a.Medoids))
	for s := range centers {
		centers[s] = flat[s*d : (s+1)*d]
	}
	labels, nearest, second = make(table.Labels, n), make([]float64, n), make([]float64, n)
	err = par.Rows(job.DefaultContext, n, func(_, from, to int) {
		for i := from; i < to; i++ {
			l, first, next := nearestMedoid(rows[i*d:(i+1)*d], centers, between)
			labels[i], nearest[i], second[i] = l, first*first, next*next
		}
	})
	return labels, nearest, second, err
}

// nearestMedoid returns the nearest of the centres, the first of several, its distance, and that to the second-nearest, +Inf
// where there is none.
func nearestMedoid(row []float64, centers [][]float64, between func(a, b []float64) float64) (label int, nearest, second float64) {
	nearest, second = math.Inf(1), math.Inf(1)
	for c, center := range centers {
		switch d := between(row, center); {
		case d < nearest:
			label, nearest, second = c, d, nearest
		case d < second:
			second = d
		}
	}
	return label, nearest, second
}

// TakesMissing says that missing values are allowed with Gower's distance, which is the mean over the known columns.
func (a NearestMedoid) TakesMissing() bool { return a.Distance == distance.Gower }

func (a NearestMedoid) CenterRows() [][]float64 { return a.Medoids }

func (a NearestMedoid) Valid() error {
	if len(a.Medoids) == 0 {
		return fault.Errorf(fault.ErrFormat, "segkit: model has no medoids")
	}
	for s, row := range a.Medoids {
		if len(row) != len(a.Columns) {
			return fault.Errorf(fault.ErrFormat, "segkit: medoid %d has %d values for %d columns", s+1, len(row), len(a.Columns))
		}
	}
	if a.Distance == distance.Gower && len(a.Ranges) != len(a.Columns) {
		return fault.Errorf(fault.ErrFormat, "segkit: Gower's distance has %d ranges for %d columns", len(a.Ranges), len(a.Columns))
	}
	return nil
}

// medoidFile is NearestMedoid with medoids that may have missing values.
type medoidFile struct {
	plainMedoid
	Medoids [][]kinds.Float `json:"medoids"`
}

type plainMedoid NearestMedoid

// MarshalJSON writes missing values of medoids as "NaN".
func (a NearestMedoid) MarshalJSON() ([]byte, error) {
	file := medoidFile{plainMedoid: plainMedoid(a), Medoids: make([][]kinds.Float, len(a.Medoids))}
	for s, row := range a.Medoids {
		file.Medoids[s] = kinds.Converted[kinds.Float](row)
	}
	return json.Marshal(file)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *NearestMedoid) UnmarshalJSON(data []byte) error {
	var file medoidFile
	if err := kinds.Strict(data, &file); err != nil {
		return err
	}
	*a = NearestMedoid(file.plainMedoid)
	a.Medoids = make([][]float64, len(file.Medoids))
	for s, row := range file.Medoids {
		a.Medoids[s] = kinds.Converted[float64](row)
	}
	return nil
}

// clustered returns the columns of x that were clustered, in their order, if they still are what they were.
func clustered(op string, s table.Schema, x *table.Table) (*table.Table, error) {
	if _, err := s.Find(op, x); err != nil {
		return nil, err
	}
	return x.Select(s.ColumnNames()...)
}
