package prep

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/query"
)

// Fitted transforms as steps of a SELECT: the same formulas in the same order of operations. NULL is a missing value, and what a
// transform refuses in Go is NULL here, because one customer must not end a statement over all others.

// SQL implements the step of Model.SQL.
func (f fittedLog1p) SQL(q *query.Query) {
	q.Change("Log1p", q.At(f.ColumnNames()), func(_ int, x string) string {
		return "CASE WHEN " + x + " > -1 THEN " + q.Dialect.Log("1 + "+x) + " END"
	})
}

// SQL implements the step of Model.SQL.
func (f fittedScale) SQL(q *query.Query) {
	q.Change(f.name(), q.At(f.ColumnNames()), func(p int, x string) string {
		return "(" + x + " - " + q.Number(f.Center[p]) + ") / " + q.Number(f.Scale[p])
	})
}

// SQL implements the step of Model.SQL.
func (f fittedWinsor) SQL(q *query.Query) {
	q.Change("Winsor", q.At(f.ColumnNames()), func(p int, x string) string {
		text := "CASE"
		if low := f.Low[p]; low != -math.MaxFloat64 {
			text += " WHEN " + x + " < " + q.Number(low) + " THEN " + q.Number(low)
		}
		if high := f.High[p]; high != math.MaxFloat64 {
			text += " WHEN " + x + " > " + q.Number(high) + " THEN " + q.Number(high)
		}
		if text == "CASE" {
			return x
		}
		return text + " ELSE " + x + " END"
	})
}

// SQL implements the step of Model.SQL.
func (f fittedYeoJohnson) SQL(q *query.Query) {
	bent := func(x string, l float64) string { // x is not negative
		log := q.Dialect.Log("1 + " + x)
		if l == 0 {
			return log
		}
		return fmt.Sprintf("CASE WHEN %[1]s * %[2]s <= 700 THEN (EXP(%[1]s * %[2]s) - 1) / %[1]s END", q.Number(l), log)
	}
	q.Change("YeoJohnson", q.At(f.ColumnNames()), func(p int, x string) string {
		return "CASE WHEN " + x + " >= 0 THEN " + bent(x, f.Lambda[p]) + " WHEN " + x + " < 0 THEN -(" + bent("(-"+x+")", 2-f.Lambda[p]) + ") END"
	})
}

// SQL implements the step of Model.SQL.
func (f fittedImpute) SQL(q *query.Query) {
	q.Change("Impute", q.At(f.ColumnNames()), func(p int, x string) string {
		if c := f.Columns[p]; c.Categorical() {
			return "COALESCE(" + x + ", " + q.Text(c.Levels[int(f.Values[p])]) + ")"
		}
		return "COALESCE(" + x + ", " + q.Number(f.Values[p]) + ")"
	})
}

// SQL implements the step of Model.SQL.
func (f fittedOrdinal) SQL(q *query.Query) {
	at := q.At(f.ColumnNames())
	q.Change("Ordinal", at, func(p int, x string) string {
		text := "CASE " + x
		for l, level := range f.Columns[p].Levels {
			text += " WHEN " + q.Text(level) + " THEN " + q.Number(float64(l+1))
		}
		return text + " END"
	})
	for _, j := range at {
		q.Columns[j].Levels = nil
	}
}

// SQL implements the step of Model.SQL.
func (f fittedOneHot) SQL(q *query.Query) {
	at := q.At(f.ColumnNames())
	var columns []query.Column
	for j, c := range q.Columns {
		p := slices.Index(at, j)
		if p < 0 {
			columns = append(columns, c)
			continue
		}
		for _, level := range f.Columns[p].Levels {
			text := q.Text(level)
			columns = append(columns, query.Column{Name: levelColumn(f.Columns[p], level),
				SQL: fmt.Sprintf("CASE WHEN %[1]s = %[2]s THEN %[3]s WHEN %[1]s <> %[2]s THEN %[4]s END", c.SQL, text, q.Number(1), q.Number(0))})
		}
	}
	q.Step("OneHot", columns)
}

// SQL implements the step of Model.SQL.
func (f FittedPCA) SQL(q *query.Query) {
	at := q.At(f.ColumnNames())
	var columns []query.Column
	for _, j := range others(len(q.Columns), at) {
		columns = append(columns, q.Columns[j])
	}
	for i, loading := range f.Loadings {
		terms := make([]string, len(at))
		for p, j := range at {
			terms[p] = q.Number(loading[p]) + " * (" + q.Columns[j].SQL + " - " + q.Number(f.Center[p]) + ")"
		}
		columns = append(columns, query.Column{Name: component(i), SQL: strings.Join(terms, " + ")})
	}
	q.Step("PCA", columns)
}

// SQL implements the step of Model.SQL.
func (f fittedSnap) SQL(q *query.Query) {
	q.Change("Snap", q.At(f.ColumnNames()), func(_ int, x string) string {
		return fmt.Sprintf("FLOOR(%s * %[2]s + %[3]s) / %[2]s", x, q.Number(snapSteps), q.Number(.5))
	})
}

// SQL implements the step of Model.SQL. A normal score has no formula that every engine knows.
func (f fittedQuantile) SQL(q *query.Query) {
	if f.Normal {
		q.Refuse("Quantile{Normal: true} cannot be written in SQL: use Quantile{} or Log1p{}")
		return
	}
	q.Change("Quantile", q.At(f.ColumnNames()), func(p int, x string) string { return placeSQL(q, x, f.References[p]) })
}

// placeSQL is place as a list of cases.
func placeSQL(q *query.Query, x string, references []float64) string {
	last := len(references) - 1
	share := func(v float64) string { return q.Number(v / float64(last)) }
	text := fmt.Sprintf("CASE WHEN %s < %s THEN %s", x, q.Number(references[0]), share(0))
	for low := 0; low <= last; low++ {
		high := low
		for high < last && references[high+1] == references[low] {
			high++
		}
		text += fmt.Sprintf(" WHEN %s = %s THEN %s", x, q.Number(references[low]), q.Number(float64(low+high)/2/float64(last)))
		if low = high; high < last {
			text += fmt.Sprintf(" WHEN %[1]s < %[2]s THEN (%[3]s + (%[1]s - %[4]s) / %[5]s) / %[6]s", x, q.Number(references[high+1]),
				q.Number(float64(high)), q.Number(references[high]), q.Number(references[high+1]-references[high]), q.Number(float64(last)))
		}
	}
	return text + fmt.Sprintf(" WHEN %s > %s THEN %s END", x, q.Number(references[last]), share(float64(last)))
}
