package segkit

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// Distance says how far two customers are apart.
type Distance uint8

const (
	Euclidean Distance = iota // root of the summed squared differences; scale the columns first
	Manhattan                 // sum of the differences: one column far off counts for less; scale the columns first
	Cosine                    // 1 - cosine of the angle between rows: proportions, whatever the amounts
	Jaccard                   // yes/no answers: of those that either says yes to, the share that the other does not
	Gower                     // mixed columns and missing cells: mean difference over the columns known of both, 0 to 1
)

var distanceNames = [...]string{Euclidean: "Euclidean", Manhattan: "Manhattan", Cosine: "cosine", Jaccard: "Jaccard", Gower: "Gower"}

func (d Distance) String() string {
	if int(d) < len(distanceNames) {
		return distanceNames[d]
	}
	return fmt.Sprintf("Distance(%d)", uint8(d))
}

// MarshalText writes the distance as its name.
func (d Distance) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Distance) UnmarshalText(text []byte) error {
	at := slices.Index(distanceNames[:], string(text))
	if at < 0 {
		return fmt.Errorf("segkit: %q is not a distance, want one of %s: %w", clip(string(text)), strings.Join(distanceNames[:], ", "), ErrFormat)
	}
	*d = Distance(at)
	return nil
}

// check refuses a table whose columns or cells the distance cannot take. It costs n*d.
func (d Distance) check(op string, x *Table, asymmetric []string) error {
	n, columns := x.Dims()
	switch {
	case int(d) >= len(distanceNames):
		return &OptionError{op, "Distance", uint8(d), "one of " + strings.Join(distanceNames[:], ", ")}
	case d != Gower && len(asymmetric) > 0:
		return &OptionError{op, "Asymmetric", strings.Join(asymmetric, ", "), fmt.Sprintf("none: the %s distance has no such columns (Gower has)", d)}
	case n == 0:
		return fmt.Errorf("segkit: %s: %w", op, ErrEmpty)
	case columns == 0:
		return fmt.Errorf("segkit: %s: the table has no columns to cluster: %w", op, ErrSchema)
	case d == Gower:
		return checkGower(op, x, asymmetric)
	}
	for j, c := range x.columns {
		switch {
		case d == Jaccard:
			if err := checkYesNo(op, x, j, false); err != nil {
				return err
			}
		case c.Categorical() && c.Ordered:
			return &CellError{Op: op, Column: c.Name, Err: ErrSchema, Why: fmt.Sprintf("holds ordered categories, which are no numbers: the %s distance cannot take them", d),
				Remedy: "use Distance: Gower, which compares their ranks"}
		case c.Categorical():
			return &CellError{Op: op, Column: c.Name, Err: ErrSchema, Why: fmt.Sprintf("holds categories: the %s distance cannot take them", d),
				Remedy: "use Distance: Gower, or leave the column out"}
		}
	}
	if err := checkFinite(op, x); err != nil {
		return err
	}
	if d == Cosine {
		for i := range x.ids {
			if norm(x.row(i)) == 0 {
				return &CellError{Op: op, File: x.source, Row: i + 1, ID: x.ids[i], Err: ErrUndefined,
					Why: "the customer is zero in every column, and has no direction", Remedy: "leave such customers out, or use another Distance"}
			}
		}
	}
	return nil
}

// checkYesNo refuses a column that does not hold answers: two levels, the first of which means no, or 0
// and 1; with missing, cells may be missing too.
func checkYesNo(op string, x *Table, j int, missing bool) error {
	c := x.columns[j]
	switch {
	case c.Categorical() && len(c.Levels) > 2:
		return &CellError{Op: op, Column: c.Name, Err: ErrSchema, Why: fmt.Sprintf("has %d levels, and is no yes/no answer", len(c.Levels)),
			Remedy: "use Distance: Gower"}
	case c.Categorical() && slices.Contains([]string{"yes", "y", "true", "1"}, strings.ToLower(c.Levels[0])):
		return &CellError{Op: op, Column: c.Name, Err: ErrSchema, Why: fmt.Sprintf("has %q as its first level, which must mean no", c.Levels[0]),
			Remedy: "put the level that means no first"}
	}
	return x.refuse([]int{j}, func(v float64) bool { return v != 0 && v != 1 && !(missing && math.IsNaN(v)) }, CellError{Op: op, Err: ErrNotFinite,
		Why: "is not a yes/no answer, which is 1 or 0", Remedy: "use another Distance; for missing answers Impute or Distance: Gower"})
}

// space is the columns of a table as a distance sees them.
type space struct {
	distance Distance
	gower    []gowerColumn // (d) for Gower
}

// ready returns the rows of x (n*d) in the form that between compares, so that what one row needs is done once and not n
// times. The data may be those of x itself.
func (s space) ready(x *Table) []float64 {
	if s.distance != Cosine {
		return x.data
	}
	_, d := x.Dims()
	rows := slices.Clone(x.data)
	for i := range x.ids {
		row := rows[i*d : (i+1)*d]
		length := norm(row)
		for j := range row {
			row[j] /= length
		}
	}
	return rows
}

// between returns the function that gives the distance of two ready rows. The order of the two makes no difference.
func (s space) between() func(a, b []float64) float64 {
	switch s.distance {
	case Euclidean:
		return func(a, b []float64) float64 { return math.Sqrt(squares(a, b)) }
	case Manhattan:
		return manhattan
	case Cosine: // of unit rows: exact for nearly parallel ones, where 1 - the product would lose all digits
		return func(a, b []float64) float64 { return squares(a, b) / 2 }
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

func squares(a, b []float64) (sum float64) {
	b = b[:len(a)]
	for j, v := range a {
		e := v - b[j]
		sum += float64(e * e)
	}
	return sum
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

// diameter is a bound on the distances between ready rows (n*d).
func (s space) diameter(rows []float64, d int) (sum float64) {
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

// different finds the different rows among n: first (u) is where each stands first, of (n) which of them each row is.
// It costs n*d, and memory in n.
func different(rows []float64, n, d int) (first, of []int) {
	type place struct {
		mark uint32 // of the hash
		row  int32  // number of the different row plus 1, 0 for none; rows whose place is taken take the next
	}
	first, of = make([]int, 0, n), make([]int, n)
	shift := 64 - bits.Len(uint(2*n))
	places := make([]place, 1<<(64-shift))
	for i := range n {
		row, hash := rows[i*d:(i+1)*d], uint64(0)
		odd := uint64(0x9e3779b97f4a7c15)
		for _, v := range row { // products that do not wait for each other
			hash += (pattern(v) ^ pattern(v)>>32) * odd
			odd += 0x632be59bd9b4e01a
		}
		hash = (hash ^ hash>>32) * 0x9e3779b97f4a7c15
		at, mark := hash>>shift, uint32(hash)
		for p := places[at]; p.row > 0 && !(p.mark == mark && samePatterns(row, rows[first[p.row-1]*d:][:d])); p = places[at] {
			at = (at + 1) % uint64(len(places))
		}
		if places[at].row == 0 {
			first = append(first, i)
			places[at] = place{mark, int32(len(first))}
		}
		of[i] = int(places[at].row - 1)
	}
	return first, of
}

func samePatterns(a, b []float64) bool {
	for j, v := range a {
		if pattern(v) != pattern(b[j]) {
			return false
		}
	}
	return true
}

// pattern is the same for values that are the same: for 0 and -0, and for all the patterns of bits that are not a number.
func pattern(v float64) uint64 {
	if math.IsNaN(v) {
		v = math.NaN()
	}
	return math.Float64bits(v + 0) // -0 + 0 is 0
}
