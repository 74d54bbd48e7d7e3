package query

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/pick"
)

// Write writes fitted steps, one over the other, and returns the first that has no form in SQL, or -1.
func Write[S any](q *Query, steps []S) (without int) {
	for i, step := range steps {
		s, ok := any(step).(interface{ SQL(q *Query) })
		if !ok {
			return i
		}
		s.SQL(q)
	}
	return -1
}

// Limit makes numbers that are too large to be squared NULL, as a missing value is.
func (q *Query) Limit(largest float64) {
	var numbers []int
	for j, c := range q.Columns {
		if c.Levels == nil {
			numbers = append(numbers, j)
		}
	}
	if numbers != nil {
		q.Change("values that can be squared", numbers, func(_ int, x string) string {
			return fmt.Sprintf("CASE WHEN ABS(%[1]s) <= %[2]s THEN %[1]s END", x, q.Number(largest))
		})
	}
}

// Nearest computes the squared distances to the centres as d1, d2, … (Square), and which is the nearest, the first of equals, as nearest: 0 to
// k-1, NULL for a customer who cannot be compared.
func (q *Query) Nearest(distances []string) {
	var squared, again [][2]string
	for i, text := range distances {
		squared, again = append(squared, [2]string{text, Square(i)}), append(again, [2]string{Square(i), Square(i)})
	}
	q.Select("squared distance to every centre", squared...)
	q.Select("the nearest centre, the first of equals",
		append(again, [2]string{"CASE WHEN seen = 1 AND d1 IS NOT NULL THEN " + Lowest(pick.All(len(distances)), strconv.Itoa) + " END", "nearest"})...)
}

// Square is what the squared distance to centre i is called.
func Square(i int) string { return fmt.Sprintf("d%d", i+1) }

// Lowest writes which of the centres is nearest, the first of equals, as value says it.
func Lowest(of []int, value func(i int) string) string {
	text := ""
	for p, a := range of[:len(of)-1] {
		var less []string
		for _, b := range of[p+1:] {
			less = append(less, Square(a)+" <= "+Square(b))
		}
		text += " WHEN " + strings.Join(less, " AND ") + " THEN " + value(a)
	}
	last := value(of[len(of)-1])
	if text == "" {
		return last
	}
	return "CASE" + text + " ELSE " + last + " END"
}
