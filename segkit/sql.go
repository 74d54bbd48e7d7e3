package segkit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
)

// SQL writes the model as one SELECT that scores the customers of a table in the database. It applies the transforms and finds the nearest
// centre; columns have their own names, and the id has the name that it had in the training table. The result has a row for each customer:
// the id, segment, distance and margin of Model.Score, NULL for a customer whom Score leaves in no segment. NULL in the table is a missing
// value; a customer with an infinite number or NaN is in no segment.
//
//	WITH … SELECT id, segment, distance, margin FROM …
//
// The table may be in a schema ("crm.customers"). Numbers are compared as float64s, categories as text. Engines differ in the last digit of a logarithm:
// a recipe whose last step is prep.Snap gives the same segment on every engine and in Go, for every row; without it, customers within about 1e-6 of a
// border may fall on either side of it. Only methods that assign by the nearest centre can be written in this form (k-means, mini-batch, k-prototypes,
// k-medoids by Euclidean or Manhattan distance); for others, write rules with rulebook.Explain and export those. The statement grows with k³ and d; it is
// a few kilobytes for k = 5.
func (m *Model) SQL(d dialect.SQL, table string) (string, error) {
	const op = "Model.SQL"
	if m == nil {
		return "", fault.Nil(op, "model")
	}
	if err := d.Check(op); err != nil {
		return "", err
	}
	assigner, ok := m.Assigner.(interface {
		Distances(q *query.Query) []string
	})
	if !ok {
		return "", fault.Errorf(fault.ErrNoPredict, "segkit: %s: %s does not assign by the nearest centre: write rules for the segments (rulebook.Explain) and export those",
			op, wording.TypeName(m.Recipe.Method))
	}
	columns := make([]query.Column, len(m.Columns))
	for j, c := range m.Columns {
		columns[j] = query.Column{Name: c.Name, Levels: c.Levels}
	}
	if _, err := d.Table(table); err != nil {
		return "", fault.Option(op, "table", table, err.Error())
	}
	q := query.From(d, table, cmp.Or(m.ID, "id"), columns)
	if i := query.Write(q, m.Transforms); i >= 0 {
		return "", fault.Errorf(fault.ErrNotPortable, "segkit: %s: the step %s has no form in SQL", op, wording.TypeName(m.Recipe.Prep[i]))
	}
	q.Limit(vec.Largest)
	distances := assigner.Distances(q)
	if q.Err != nil {
		return "", fmt.Errorf("segkit: %s: %w: %w", op, q.Err, fault.ErrNotPortable)
	}
	k := len(distances)
	q.Nearest(distances)
	first, second, segment := "CASE nearest", "CASE nearest", "CASE nearest"
	for i := range k {
		name := m.Names[i]
		if m.Labels != nil {
			name = m.Names[m.Labels[i]]
		}
		segment += fmt.Sprintf("\n    WHEN %d THEN %s", i, q.Text(name))
		first += fmt.Sprintf(" WHEN %d THEN %s", i, query.Square(i))
		others := slices.Delete(pick.All(k), i, i+1)
		if k > 1 {
			second += fmt.Sprintf(" WHEN %d THEN %s", i, query.Lowest(others, query.Square))
		}
	}
	margin := "CASE WHEN next2 > 0 THEN 1 - SQRT(nearest2 / next2) WHEN next2 = 0 THEN " + q.Number(0) + " END"
	if k == 1 { // there is no border to be near to
		second, margin = "CASE nearest WHEN 0 THEN "+q.Number(1), "next2"
	}
	q.Select("its squared distance, and that of the next", [2]string{"nearest", "nearest"}, [2]string{first + " END", "nearest2"}, [2]string{second + " END", "next2"})
	id := cmp.Or(m.ID, "id")
	if slices.ContainsFunc([]string{"segment", "distance", "margin"}, func(name string) bool { return strings.EqualFold(name, id) }) {
		id = "id" // no two columns of a result have one name
	}
	text, err := q.End("id AS "+q.Quote(id), segment+"\n  END AS segment", "SQRT(nearest2) AS distance", margin+" AS margin")
	if err != nil {
		return "", fmt.Errorf("segkit: %s: %w: %w", op, err, fault.ErrNotPortable)
	}
	if n := len(m.Transforms); slices.ContainsFunc(m.Transforms, logarithmic) && m.Transforms[n-1].Kind() != "snap" {
		text = "-- Engines differ in the last digit of a logarithm, and so may the segment of a customer on the very border.\n" +
			"-- prep.Snap as the last step of the recipe rules that out.\n" + text
	}
	return text, nil
}

// logarithmic reports whether engines may differ in the last digit of what a step gives.
func logarithmic(f prep.Fitted) bool { return f.Kind() == "log1p" || f.Kind() == "yeojohnson" }
