package engine

// Transforms learn from a few rows that stand in for all customers. What a transform asks of a column is little: mean and standard
// deviation, or some quantiles, or how frequent levels are. The database reckons these, and a table is made of which the transform,
// by its own Fit, learns the same.

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// learner fits the steps of a recipe, one after the other.
type learner struct {
	*run
	c      *Customers
	n      int64
	header *table.Table // the chosen columns in customers' own units, without rows
	fitted []prep.Fitted

	stage *table.Table    // the columns after the fitted steps, without rows
	span  map[string]ends // of the numbers of the stage, as far as they are known
	scans int             // of the customers, so far
}

// ends are the smallest and the largest value of a column, and how many customers have none.
type ends struct {
	low, high float64
	missing   int64
}

// survey counts the customers and asks for the ends of every number: one scan. It refuses ids that are missing or stand there twice, and infinite numbers.
func (c *Customers) survey(r *run, header *table.Table) (*learner, error) {
	l := &learner{run: r, c: c, header: header, stage: header, span: map[string]ends{}}
	id := c.quote(c.id)
	asked := []string{"COUNT(*)", "COUNT(" + id + ")", "COUNT(DISTINCT " + id + ")"}
	var known, different int64
	into := []any{&l.n, &known, &different}
	columns := header.Raw().Columns
	got := make([]struct {
		present, infinite sql.NullInt64
		low, high         sql.NullFloat64
	}, len(columns))
	for j, column := range columns {
		name := c.quote(column.Name)
		asked, into = append(asked, "COUNT("+name+")"), append(into, &got[j].present)
		if column.Numeric() {
			asked = append(asked, "MIN("+name+")", "MAX("+name+")", fmt.Sprintf("SUM(CASE WHEN NOT ABS(%s) <= %s THEN 1 ELSE 0 END)", name, r.speaks.SQL().Double(math.MaxFloat64)))
			into = append(into, &got[j].low, &got[j].high, &got[j].infinite)
		}
	}
	l.scans++
	if err := r.row("count the customers, and find the smallest and largest values", c.over("SELECT "+strings.Join(asked, ",\n  ")+"\nFROM "+source), into...); err != nil {
		return nil, err
	}
	const op = "engine.Customers"
	switch {
	case l.n == 0 && !r.options.DryRun:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: %s has no customer", op, c.name)
	case known < l.n:
		return nil, &fault.CellError{Op: op, File: c.name, Column: c.id, Count: int(l.n - known), Err: fault.ErrNotFinite, Why: "has no id for some customers", Remedy: "leave them out with Source.Query"}
	case different < known:
		return nil, &fault.CellError{Op: op, File: c.name, Column: c.id, Count: int(known - different), Err: fault.ErrDuplicate, Why: "holds an id more than once", Remedy: "keep one row per customer"}
	}
	for j, column := range columns {
		if got[j].infinite.Int64 > 0 {
			return nil, &fault.CellError{Op: op, File: c.name, Column: column.Name, Count: int(got[j].infinite.Int64), Err: fault.ErrNotFinite, Why: "is infinite, or no number", Remedy: "correct it, or make it NULL"}
		}
		l.span[column.Name] = ends{got[j].low.Float64, got[j].high.Float64, l.n - got[j].present.Int64}
		if column.Numeric() && got[j].present.Int64 == 0 {
			l.span[column.Name] = ends{math.NaN(), math.NaN(), l.n}
		}
	}
	if r.options.DryRun {
		l.pretend(mostRows)
	}
	return l, nil
}

// learn fits the steps. The customers stay where they are.
func (l *learner) learn(steps []prep.Transformer) error {
	for i, step := range steps {
		if d, ok := step.(interface{ WithDefaults() prep.Transformer }); ok {
			step = d.WithDefaults()
		}
		few, err := l.standIn(step)
		if err != nil {
			return err
		}
		f, err := step.Fit(few)
		if err != nil {
			return ofNobody(err, l.c.name)
		}
		if _, ok := f.(interface{ SQL(q *query.Query) }); !ok {
			return fault.Errorf(fault.ErrNotPortable, "segkit: engine: step %d of the recipe, %s, has no form in SQL", i+1, wording.TypeName(step))
		}
		if err := l.apply(f); err != nil {
			return err
		}
	}
	return nil
}

// ofNobody takes row and id out of an error, since the rows that a step was fitted on are no customers.
func ofNobody(err error, name string) error {
	var cell *fault.CellError
	if errors.As(err, &cell) {
		own := *cell
		own.Row, own.ID, own.Count, own.File = 0, "", 0, name
		return &own
	}
	return err
}

// apply makes f a step of the stage. The ends of a column follow, since all steps that change one column alone keep the order of its values.
func (l *learner) apply(f prep.Fitted) error {
	both := l.rowsOf(func(j int, name string) []float64 { return []float64{l.span[name].low, l.span[name].high} })
	after, err := f.Apply(both)
	if err != nil {
		return ofNobody(err, l.c.name)
	}
	span := map[string]ends{}
	before := l.stage.Names()
	for j, name := range after.Names() {
		old, known := l.span[name]
		if !known || !slices.Contains(before, name) {
			continue // asked for when needed
		}
		if a, b := after.At(0, j), after.At(1, j); a == a && b == b {
			span[name] = ends{min(a, b), max(a, b), old.missing}
			if f.Kind() == "impute" {
				span[name] = ends{min(a, b), max(a, b), 0}
			}
		}
	}
	raw := *after.Raw()
	raw.IDs, raw.Data = nil, nil
	l.stage, l.span, l.fitted = table.FromRaw(raw), span, append(l.fitted, f)
	return nil
}

// rowsOf makes a table of the stage's columns; values gives those of a number, category cells are the first level.
func (l *learner) rowsOf(values func(j int, name string) []float64) *table.Table {
	raw := *l.stage.Raw()
	raw.IDs, raw.Data = nil, nil
	var columns [][]float64
	for j, column := range raw.Columns {
		if column.Categorical() {
			columns = append(columns, nil)
			continue
		}
		columns = append(columns, values(j, column.Name))
	}
	rows := 2
	for _, own := range columns {
		if own != nil {
			rows = len(own)
		}
	}
	for i := range rows {
		raw.IDs = append(raw.IDs, fmt.Sprint(i+1))
		for _, own := range columns {
			if own == nil {
				raw.Data = append(raw.Data, 0)
			} else {
				raw.Data = append(raw.Data, own[i])
			}
		}
	}
	return table.FromRaw(raw)
}

// standIn returns the few rows that a step learns from.
func (l *learner) standIn(step prep.Transformer) (*table.Table, error) {
	switch o := step.(type) {
	case prep.Standardize:
		mean, sd, err := l.moments()
		if err != nil {
			return nil, err
		}
		return l.rowsOf(func(j int, _ string) []float64 { return []float64{mean[j] - sd[j], mean[j] + sd[j]} }), nil
	case prep.PCA:
		return l.directions()
	case prep.Robust:
		return l.marginalsAt(.25, .5, .75)
	case prep.Winsor:
		return l.marginalsAt(max(o.Low, 0), o.High)
	case prep.YeoJohnson:
		return l.marginalsAt()
	case prep.Quantile:
		at := make([]float64, o.Points)
		for i := range at {
			at[i] = float64(i) / float64(o.Points-1)
		}
		return l.marginalsAt(at...)
	case prep.Impute:
		if o.Fill == prep.FillMode {
			return l.mostFrequent()
		}
		return l.marginalsAt(.5)
	case prep.Pool:
		return l.marginalsAt()
	case prep.Log1p, prep.MinMax, prep.Snap, prep.Bands, prep.OneHot, prep.Ordinal:
		if err := l.surveyStage(); err != nil {
			return nil, err
		}
		return l.rowsOf(func(_ int, name string) []float64 { return []float64{l.span[name].low, l.span[name].high} }), nil
	}
	return nil, fault.Errorf(fault.ErrNotPortable, "segkit: engine: %s cannot learn from aggregates: fit the recipe in memory, and score with Customers.Score", wording.TypeName(step))
}

// query begins a SELECT over the columns of the stage.
func (l *learner) query() *query.Query {
	q := query.From(l.speaks.SQL(), source, l.c.id, raw(l.header))
	query.Write(q, l.fitted)
	return q
}

// numbers are the places of the stage's numbers.
func (l *learner) numbers() (at []int) {
	for j, column := range l.stage.Raw().Columns {
		if column.Numeric() {
			at = append(at, j)
		}
	}
	return at
}

// surveyStage asks for the ends of the numbers of the stage where they are not known: after OneHot or PCA.
func (l *learner) surveyStage() error {
	var unknown []int
	for _, j := range l.numbers() {
		if _, ok := l.span[l.stage.Names()[j]]; !ok {
			unknown = append(unknown, j)
		}
	}
	if unknown == nil {
		return nil
	}
	q := l.query()
	var asked []string
	var into []any
	got := make([]struct {
		present   int64
		low, high sql.NullFloat64
	}, len(unknown))
	for p, j := range unknown {
		name := q.Columns[j].SQL
		asked = append(asked, "COUNT("+name+")", "MIN("+name+")", "MAX("+name+")")
		into = append(into, &got[p].present, &got[p].low, &got[p].high)
	}
	statement, err := q.End(asked...)
	if err != nil {
		return err
	}
	l.scans++
	if err := l.row("find the smallest and largest values of the columns that a step has made", l.c.over(statement), into...); err != nil {
		return err
	}
	for p, j := range unknown {
		l.span[l.stage.Names()[j]] = ends{got[p].low.Float64, got[p].high.Float64, l.n - got[p].present}
		if l.options.DryRun {
			l.span[l.stage.Names()[j]] = ends{low: 0, high: 1}
		}
	}
	return nil
}

// fine is how many steps a column's span is cut into before it is summed: sums of whole numbers are the same in any order.
const fine = 1 << 30

// steps writes column j of the stage as a whole number, 0 at the smallest value and fine at the largest.
func (l *learner) steps(j int, x string) string {
	span := l.span[l.stage.Names()[j]]
	if !(span.high > span.low) {
		return "CASE WHEN " + x + " IS NOT NULL THEN 0 END"
	}
	d := l.speaks.SQL()
	return l.speaks.whole(fmt.Sprintf("FLOOR((%s - %s) / %s * %s + %s)", x, d.Double(span.low), d.Double(span.high-span.low), d.Double(fine), d.Double(.5)))
}

// summed asks for sums of products of the numbers of the stage in steps: one scan. Pairs are places in numbers(); -1 stands for 1, so that {-1, -1} counts
// rows and {3, -1} sums. A customer who misses one of the two counts in neither.
func (l *learner) summed(purpose string, pairs [][2]int) (sums []*big.Int, err error) {
	if err := l.surveyStage(); err != nil {
		return nil, err
	}
	q, at := l.query(), l.numbers()
	var computed [][2]string
	for p, j := range at {
		computed = append(computed, [2]string{l.steps(j, q.Columns[j].SQL), fmt.Sprintf("u%d", p+1)})
	}
	q.Select("in whole steps of the span", computed...)
	asked, found, into := make([]string, len(pairs)), make([]exact, len(pairs)), make([]any, len(pairs))
	for i, pair := range pairs {
		into[i] = &found[i]
		factors := []string{}
		for _, p := range pair {
			if p >= 0 {
				factors = append(factors, fmt.Sprintf("u%d", p+1))
			}
		}
		switch len(factors) {
		case 0:
			asked[i] = "CAST(COUNT(*) AS VARCHAR)"
		default:
			asked[i] = "CAST(SUM(" + l.speaks.wide(strings.Join(factors, " * ")) + ") AS VARCHAR)"
		}
	}
	statement, err := q.End(asked...)
	if err != nil {
		return nil, err
	}
	l.scans++
	if err := l.row(purpose, l.c.over(statement), into...); err != nil {
		return nil, err
	}
	if l.options.DryRun {
		return l.pretendSums(pairs), nil
	}
	for _, sum := range found {
		sums = append(sums, sum.orZero())
	}
	return sums, nil
}

// moments returns mean and standard deviation of every column of the stage (d; those of categories mean nothing), in thousand-millionths of the column's span.
// A step of the span is far below what tells customers apart, and makes the two numbers the same on every engine.
func (l *learner) moments() (mean, sd []float64, err error) {
	at := l.numbers()
	var pairs [][2]int
	for p := range at {
		pairs = append(pairs, [2]int{p, -1}, [2]int{p, p})
	}
	sums, err := l.summed("sum each column and its squares", pairs)
	if err != nil {
		return nil, nil, err
	}
	mean, sd = make([]float64, len(l.stage.Names())), make([]float64, len(l.stage.Names()))
	for p, j := range at {
		span := l.span[l.stage.Names()[j]]
		center, variance := momentsOf(l.n-span.missing, sums[2*p], sums[2*p+1])
		width := (span.high - span.low) / fine
		mean[j], sd[j] = span.low+math.Round(center)*width, math.Round(math.Sqrt(variance))*width
	}
	return mean, sd, nil
}

// momentsOf is the mean and the variance of n whole numbers that add up to sum, and their squares to squares.
func momentsOf(n int64, sum, squares *big.Int) (mean, variance float64) {
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	count := big.NewInt(n)
	mean, _ = new(big.Rat).SetFrac(sum, count).Float64()
	over := new(big.Int).Mul(count, squares) // n Σx² - (Σx)², over n²
	over.Sub(over, new(big.Int).Mul(sum, sum))
	variance, _ = new(big.Rat).SetFrac(over, new(big.Int).Mul(count, count)).Float64()
	return mean, variance
}

// directions returns rows that have the means and the covariance of the stage's numbers: for each column of the Cholesky factor, one
// on either side of the mean.
func (l *learner) directions() (*table.Table, error) {
	at := l.numbers()
	var pairs [][2]int
	for p := range at {
		if l.span[l.stage.Names()[at[p]]].missing > 0 {
			return nil, &fault.CellError{Op: "prep.PCA", File: l.c.name, Column: l.stage.Names()[at[p]], Err: fault.ErrNotFinite, Why: "misses values", Remedy: "use prep.Impute first"}
		}
		pairs = append(pairs, [2]int{p, -1})
	}
	for a := range at {
		for b := range a + 1 {
			pairs = append(pairs, [2]int{a, b})
		}
	}
	sums, err := l.summed("sum each column and the products of every two", pairs)
	if err != nil {
		return nil, err
	}
	k := len(at)
	mean, width, cov := make([]float64, k), make([]float64, k), mat.NewSymDense(k, nil)
	next := k
	for a, j := range at {
		span := l.span[l.stage.Names()[j]]
		center, _ := momentsOf(l.n, sums[a], new(big.Int))
		width[a] = (span.high - span.low) / fine
		mean[a] = span.low + math.Round(center)*width[a]
		for b := range a + 1 {
			over := new(big.Int).Mul(big.NewInt(l.n), sums[next])
			over.Sub(over, new(big.Int).Mul(sums[a], sums[b]))
			product, _ := new(big.Rat).SetFrac(over, new(big.Int).Mul(big.NewInt(l.n), big.NewInt(l.n))).Float64()
			cov.SetSym(a, b, product*width[a]*width[b])
			next++
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: engine: the covariance of %s cannot be taken apart", wording.List(l.stage.Names()))
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	return l.rowsOf(func(j int, _ string) (values []float64) {
		a := slices.Index(at, j)
		for i, variance := range eigen.Values(nil) {
			away := vectors.At(a, i) * math.Sqrt(max(variance, 0)*float64(k))
			values = append(values, mean[a]-away, mean[a]+away)
		}
		return values
	}), nil
}
