package cluster

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/internal/query"
)

// Assigners that look for the nearest centre, as SQL: what a customer's distance to each centre is, in the same order of additions
// as in Go.

// Distances writes the squared distance to each centre (k), from the columns of q.
func (a Nearest) Distances(q *query.Query) []string {
	at := q.At(a.Columns)
	out := make([]string, len(a.Centers))
	for s, center := range a.Centers {
		out[s] = squares(q, at, center)
	}
	return out
}

// Distances writes the squared distance to each prototype (k), from the columns of q.
func (a Prototypes) Distances(q *query.Query) []string {
	at := q.At(a.ColumnNames())
	out := make([]string, len(a.Centers))
	for s, center := range a.Centers {
		var numbers []int
		var values []float64
		var unlike []string
		for p, c := range a.Columns {
			if !c.Categorical() {
				numbers, values = append(numbers, at[p]), append(values, center[p])
				continue
			}
			unlike = append(unlike, fmt.Sprintf("CASE WHEN %[1]s <> %[2]s THEN %[3]s WHEN %[1]s = %[2]s THEN %[4]s END",
				q.Columns[at[p]].SQL, q.Text(c.Levels[int(center[p])]), q.Number(1), q.Number(0)))
		}
		out[s] = squares(q, numbers, values)
		if unlike != nil {
			out[s] += " + " + q.Number(a.Gamma) + " * (" + strings.Join(unlike, " + ") + ")"
		}
	}
	return out
}

// Distances writes the squared distance to each medoid (k), from the columns of q.
func (a NearestMedoid) Distances(q *query.Query) []string {
	at := q.At(a.ColumnNames())
	out := make([]string, len(a.Medoids))
	for s, medoid := range a.Medoids {
		switch a.Distance {
		case distance.Euclidean:
			out[s] = squares(q, at, medoid)
		case distance.Manhattan:
			sum := make([]string, len(at))
			for p, j := range at {
				sum[p] = "ABS(" + q.Columns[j].SQL + " - " + q.Number(medoid[p]) + ")"
			}
			total := "(" + strings.Join(sum, " + ") + ")"
			out[s] = total + " * " + total
		default:
			q.Refuse(fmt.Sprintf("the %s distance cannot be written in SQL: write rules for the segments (rulebook.Explain) and export those", a.Distance))
			return nil
		}
	}
	return out
}

// squares writes the sum of the squared differences between columns at and a centre.
func squares(q *query.Query, at []int, center []float64) string {
	terms := make([]string, len(at))
	for p, j := range at {
		difference := "(" + q.Columns[j].SQL + " - " + q.Number(center[p]) + ")"
		terms[p] = difference + " * " + difference
	}
	if len(terms) == 0 {
		return q.Number(0)
	}
	return strings.Join(terms, " + ")
}
