package distance

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// Distance says how far two customers are apart.
type Distance uint8

const (
	Euclidean Distance = iota // square root of the sum of squared differences; scale the columns first
	Manhattan                 // sum of the absolute differences: a single large difference counts for less; scale the columns first
	Cosine                    // 1 - cosine of the angle between rows: proportions, whatever the amounts
	Jaccard                   // yes/no answers: of those to which either says yes, the share to which the other does not
	Gower                     // mixed columns and missing cells: mean difference over the columns known for both, 0 to 1
)

var distanceNames = [...]string{Euclidean: "Euclidean", Manhattan: "Manhattan", Cosine: "cosine", Jaccard: "Jaccard", Gower: "Gower"}

func (d Distance) String() string { return enum.Name(d, distanceNames[:]) }

// MarshalText writes the distance as its name.
func (d Distance) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Distance) UnmarshalText(text []byte) error {
	return enum.Read(d, text, "distance", distanceNames[:])
}

// Check refuses a table whose columns or cells the distance cannot take. It costs n*d.
func (d Distance) Check(op string, x *table.Table, asymmetric []string) error {
	if x == nil {
		return fault.Nil(op, "table")
	}
	n, columns := x.Dims()
	switch {
	case int(d) >= len(distanceNames):
		return fault.Option(op, "Distance", uint8(d), "one of "+strings.Join(distanceNames[:], ", "))
	case d != Gower && len(asymmetric) > 0:
		return fault.Option(op, "Asymmetric", strings.Join(asymmetric, ", "), fmt.Sprintf("none: the %s distance has no such columns (Gower has)", d))
	case n == 0:
		return fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	case columns == 0:
		return fault.Errorf(fault.ErrSchema, "segkit: %s: the table has no columns to cluster", op)
	case d == Gower:
		return checkGower(op, x, asymmetric)
	}
	for j, c := range x.Raw().Columns {
		switch {
		case d == Jaccard:
			if err := checkYesNo(op, x, j, false); err != nil {
				return err
			}
		case c.Categorical() && c.Ordered:
			return &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Why: fmt.Sprintf("holds ordered categories, which are not numbers: the %s distance cannot take them", d),
				Remedy: "use Distance: distance.Gower, which compares their ranks"}
		case c.Categorical():
			return &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Why: fmt.Sprintf("holds categories: the %s distance cannot take them", d),
				Remedy: "use Distance: distance.Gower, or leave the column out"}
		}
	}
	if err := x.CheckFinite(op); err != nil {
		return err
	}
	if d == Cosine {
		for i := range x.Raw().IDs {
			if norm(x.Raw().Row(i)) == 0 {
				return &fault.CellError{Op: op, File: x.Raw().Source, Row: i + 1, ID: x.Raw().IDs[i], Err: fault.ErrUndefined,
					Why: "the customer is zero in every column, so has no direction", Remedy: "leave such customers out, or use another Distance"}
			}
		}
	}
	return nil
}

// checkYesNo refuses a column that does not hold answers: two levels, the first of which means no, or 0
// and 1; with missing, cells may be missing too.
func checkYesNo(op string, x *table.Table, j int, missing bool) error {
	c := x.Raw().Columns[j]
	switch {
	case c.Categorical() && len(c.Levels) > 2:
		return &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Why: fmt.Sprintf("has %d levels, so it is not a yes/no answer", len(c.Levels)),
			Remedy: "use Distance: distance.Gower"}
	case c.Categorical() && slices.Contains([]string{"yes", "y", "true", "1"}, strings.ToLower(c.Levels[0])):
		return &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Why: fmt.Sprintf("has %q as its first level, which must mean no", c.Levels[0]),
			Remedy: "put the level that means no first"}
	}
	return x.Refuse([]int{j}, func(v float64) bool { return v != 0 && v != 1 && !(missing && math.IsNaN(v)) }, fault.CellError{Op: op, Err: fault.ErrNotFinite,
		Why: "is not a yes/no answer, which is 1 or 0", Remedy: "use another Distance; for missing answers prep.Impute or Distance: distance.Gower"})
}

// Space is the columns of a table as a distance sees them.
type Space struct {
	distance Distance
	gower    []gowerColumn // (d) for Gower
}

// Space returns the columns of x as the distance sees them. Asymmetric columns are Gower's: to share a no there is no likeness.
// Check must have passed.
func (d Distance) Space(x *table.Table, asymmetric ...string) Space {
	if d != Gower {
		return Space{distance: d}
	}
	return d.Fitted(x.Raw().Columns, asymmetric, Ranges(x))
}

// Fitted is the Space of columns (d) whose ranges (d, as Ranges gives them; nil but for Gower) come from another table.
func (d Distance) Fitted(columns []table.Column, asymmetric []string, ranges []float64) Space {
	s := Space{distance: d}
	if d == Gower {
		s.gower = gowerColumns(columns, asymmetric, ranges)
	}
	return s
}

// Unit says how the distance takes column j: as the same or another category, or as a number of which a step of 1 counts so much.
func (s Space) Unit(j int) (category bool, step float64) {
	if s.distance != Gower {
		return s.distance == Jaccard, 1
	}
	return s.gower[j].category, s.gower[j].inverse
}

// Ready returns the rows of x (n*d) in the form that Between compares, so that what one row needs is done once and not n
// times. The data may be those of x itself.
func (s Space) Ready(x *table.Table) []float64 {
	if s.distance != Cosine {
		return x.Raw().Data
	}
	_, d := x.Dims()
	rows := slices.Clone(x.Raw().Data)
	for i := range x.Raw().IDs {
		row := rows[i*d : (i+1)*d]
		length := norm(row)
		for j := range row {
			row[j] /= length
		}
	}
	return rows
}

// Between returns the function that gives the distance of two ready rows. The order of the two makes no difference.
func (s Space) Between() func(a, b []float64) float64 {
	switch s.distance {
	case Euclidean:
		return func(a, b []float64) float64 { return math.Sqrt(vec.Square(a, b)) }
	case Manhattan:
		return manhattan
	case Cosine: // of unit rows: exact for nearly parallel ones, where 1 - the product would lose all digits
		return func(a, b []float64) float64 { return vec.Square(a, b) / 2 }
	case Jaccard:
		return jaccard
	default:
		return func(a, b []float64) float64 { return gower(s.gower, a, b) }
	}
}

func norm(row []float64) float64 {
	largest, sum := 0.0, 0.0
	for _, v := range row {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 0
	}
	for _, v := range row { // scaled, so that no square underflows
		sum += float64((v / largest) * (v / largest))
	}
	return largest * math.Sqrt(sum)
}

func manhattan(a, b []float64) (sum float64) {
	b = b[:len(a)]
	for j, v := range a {
		sum += math.Abs(v - b[j])
	}
	return sum
}

// jaccard of answers (Jaccard 1912, doi:10.1111/j.1469-8137.1912.tb05611.x). Two customers who say no to everything are alike.
func jaccard(a, b []float64) float64 {
	either, differ := 0, 0
	for j, v := range a {
		switch {
		case v != b[j]:
			differ++
			either++
		case v == 1:
			either++
		}
	}
	if either == 0 {
		return 0
	}
	return float64(differ) / float64(either)
}

// Diameter is a bound on the distances between ready rows (n*d).
func (s Space) Diameter(rows []float64, d int) (sum float64) {
	if s.distance != Euclidean && s.distance != Manhattan {
		return 2
	}
	for j := range d {
		low, high := rows[j], rows[j]
		for i := j; i < len(rows); i += d {
			low, high = min(low, rows[i]), max(high, rows[i])
		}
		sum += high - low
	}
	return sum
}
