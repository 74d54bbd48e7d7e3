package segkit

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/par"
)

// NearestMedoid assigns every row to the nearest of k medoids, ties to the lowest. It is the fitted state of k-medoids, and
// holds the medoids' values in the columns that were clustered, without their ids.
type NearestMedoid struct {
	Before                 // Columns (d)
	Distance   Distance    `json:"distance"`
	Asymmetric []string    `json:"asymmetric,omitempty"`
	Ranges     []float64   `json:"ranges,omitempty"` // (d) for Gower: largest minus smallest value
	Medoids    [][]float64 `json:"medoids"`          // (k x d)
}

var _ Assigner = NearestMedoid{}

// Kind implements Assigner.
func (NearestMedoid) Kind() string { return "medoids" }

// Reorder implements Assigner.
func (a NearestMedoid) Reorder(order []int) Assigner {
	a.Medoids = picked(a.Medoids, order)
	return a
}

func (a NearestMedoid) space() space {
	s := space{distance: a.Distance}
	if a.Distance == Gower {
		s.gower = gowerColumns(a.Columns, a.Asymmetric, a.Ranges)
	}
	return s
}

// Assign implements Assigner. Columns are found by name, and must have the levels that were clustered; others are ignored.
// The distances it returns are squares, whatever the Distance. It costs n*k*d.
func (a NearestMedoid) Assign(x *Table) (labels Labels, nearest, second []float64, err error) {
	if _, err := a.find("Assign", x); err != nil {
		return nil, nil, nil, err
	}
	if x, err = x.Select((&Table{columns: a.Columns}).Names()...); err != nil {
		return nil, nil, nil, err
	}
	if x.Len() > 0 {
		if err := a.Distance.check("Assign", x, a.Asymmetric); err != nil {
			return nil, nil, nil, err
		}
	}
	n, d := x.Dims()
	medoids := &Table{columns: x.columns, ids: make([]string, len(a.Medoids))}
	for s, row := range a.Medoids {
		if len(row) != d {
			return nil, nil, nil, fmt.Errorf("segkit: medoid %d has %d values for %d columns: %w", s+1, len(row), d, ErrSchema)
		}
		medoids.data = append(medoids.data, row...)
	}
	space := a.space()
	rows, flat, between := space.ready(x), space.ready(medoids), space.between()
	centers := make([][]float64, len(a.Medoids))
	for s := range centers {
		centers[s] = flat[s*d : (s+1)*d]
	}
	labels, nearest, second = make(Labels, n), make([]float64, n), make([]float64, n)
	err = par.Rows(DefaultContext, n, func(_, from, to int) {
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

func (a NearestMedoid) centers() [][]float64 { return a.Medoids }

func (a NearestMedoid) valid() error {
	if len(a.Medoids) == 0 {
		return fmt.Errorf("segkit: model has no medoids: %w", ErrFormat)
	}
	for s, row := range a.Medoids {
		if len(row) != len(a.Columns) {
			return fmt.Errorf("segkit: medoid %d has %d values for %d columns: %w", s+1, len(row), len(a.Columns), ErrFormat)
		}
	}
	if a.Distance == Gower && len(a.Ranges) != len(a.Columns) {
		return fmt.Errorf("segkit: Gower's distance has %d ranges for %d columns: %w", len(a.Ranges), len(a.Columns), ErrFormat)
	}
	return nil
}

// medoidFile is NearestMedoid with medoids that may have missing values.
type medoidFile struct {
	plainMedoid
	Medoids [][]jsonFloat `json:"medoids"`
}

type plainMedoid NearestMedoid

// MarshalJSON writes missing values of medoids as "NaN".
func (a NearestMedoid) MarshalJSON() ([]byte, error) {
	file := medoidFile{plainMedoid: plainMedoid(a), Medoids: make([][]jsonFloat, len(a.Medoids))}
	for s, row := range a.Medoids {
		file.Medoids[s] = converted[jsonFloat](row)
	}
	return json.Marshal(file)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *NearestMedoid) UnmarshalJSON(data []byte) error {
	var file medoidFile
	if err := strict(data, &file); err != nil {
		return err
	}
	*a = NearestMedoid(file.plainMedoid)
	a.Medoids = make([][]float64, len(file.Medoids))
	for s, row := range file.Medoids {
		a.Medoids[s] = converted[float64](row)
	}
	return nil
}

// converted returns the numbers of v as another type.
func converted[To, From ~float64](v []From) []To {
	out := make([]To, len(v))
	for i, x := range v {
		out[i] = To(x)
	}
	return out
}
