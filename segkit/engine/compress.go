package engine

// A small table that stands for all customers. Everything that is slow or tried many times, such as starts, sweeps and resampling, happens on it
// in memory; only what must see everybody goes through the database.

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// Compression says how to turn customers into a small table.
type Compression struct {
	Rows int // most rows of the small table, at least 100; 0 means 200,000
	Seed int // of the draw, if customers are drawn
}

// Kind says how a small table represents all customers.
type Kind uint8

const (
	AllRows Kind = iota // it has every customer: results are the same as in memory
	Grid                // up to four columns: a row for each non-empty cell of a grid, with the mean and the number of its customers
	Coreset             // more columns: customers drawn with a probability that rises with the distance to the mean (Bachem, Lucic & Krause 2018, doi:10.1145/3219819.3219973)
)

func (k Kind) String() string {
	return [...]string{"all customers", "cells of a grid", "a coreset", "unknown"}[min(k, Coreset+1)]
}

const (
	mostRows    = 200_000
	fewestRows  = 100 // above 2^gridColumns: cells on either side of zero never become one
	gridColumns = 4   // cells of more columns hold one customer each
	snapSteps   = 1 << 20
)

// Compressed is a small table that represents the customers of a recipe. Close drops its helper tables.
type Compressed struct {
	Recipe   segkit.Recipe // with prep.Snap as its last step
	Kind     Kind
	N        int          // customers
	Rows     *table.Table // (m x d) customers in their own units, with weights that say how many each represents; for a cell, a customer drawn from it
	Prepared *table.Table // (m x d) as the method sees them, with the same weights; for a cell, the mean
	Step     float64      // width of the grid's cells; 0 without a grid
	Within   float64      // W: sum of squared distances to the means of their cells; 0 without a grid
	Scans    int          // of all customers, that it took to make the table

	c        *Customers
	seed     int
	most     int
	learner  *learner // nil where all rows are in memory
	prepared string   // the helper table with everybody's prepared values, "" where all rows are in memory
	total    totals
}

// totals are sums over all customers, in steps of the snapping grid: the same in any order.
type totals struct {
	n       int64
	sums    []*big.Int // (d)
	squares *big.Int   // of all columns together
}

// Compress makes the small table of a recipe, whose last step becomes prep.Snap: on that grid, sums are the same in any order, so every engine gives the
// same segments. It costs three to six scans (Scans says how many).
//
//   - At most Rows customers: all of them. Everything afterwards is then as in memory, with customers in the order of their ids.
//   - Up to four prepared columns: cells of the finest grid, by halving, that has at most Rows of them. For every set of centres, the square roots of its cost on
//     the cells and of its cost on all customers differ by at most the square root of Within.
//   - More: a coreset, in which a customer's weight is 1 over the probability of being drawn. Who is drawn depends only on the seed
//     and the id. There is no bound for a single draw; Spread says how much draws differ.
func (c *Customers) Compress(recipe segkit.Recipe, o Compression) (*Compressed, error) {
	return c.CompressContext(job.DefaultContext, recipe, o)
}

// CompressContext is Compress under ctx.
func (c *Customers) CompressContext(ctx context.Context, recipe segkit.Recipe, o Compression) (*Compressed, error) {
	const op = "engine.Customers.Compress"
	switch {
	case c == nil:
		return nil, fault.Nil(op, "customers")
	case recipe.Method == nil:
		return nil, fault.Option("Recipe", "Method", nil, "a method such as cluster.KMeans{K: 4}")
	case o.Rows != 0 && o.Rows < fewestRows:
		return nil, fault.Option("engine.Compression", "Rows", o.Rows, "at least 100, or 0 for 200,000")
	}
	r := c.engine.run(ctx, 6)
	defer r.end()
	s := &Compressed{Recipe: snapped(recipe), c: c, seed: o.Seed, most: cmp.Or(o.Rows, mostRows)}
	header, err := c.chosen(r, recipe)
	if err != nil {
		return nil, err
	}
	s.Recipe.Columns = header.Names()
	if err := wrongNames(recipe, header); err != nil {
		return nil, err
	}
	l, err := c.survey(r, header)
	if err != nil {
		return nil, err
	}
	s.N = int(l.n)
	if l.n <= int64(s.most) || r.options.DryRun {
		back := r.where(fewCustomers)
		err = s.takeAll(l)
		back()
	}
	if err == nil && (l.n > int64(s.most) || r.options.DryRun) {
		defer r.where(manyCustomers)()
		err = s.compress(l)
	}
	if err != nil {
		return nil, err
	}
	s.Scans = l.scans
	for _, column := range header.Raw().Columns {
		if column.Categorical() { // whose levels were listed
			s.Scans++
		}
	}
	return s, nil
}

// wrongNames finds names in the steps of a recipe that no column has, before anything is asked of the database.
func wrongNames(recipe segkit.Recipe, header *table.Table) error {
	if _, err := recipe.Prepare(pretended(header, pretendedRows)); errors.Is(err, fault.ErrMissingColumn) {
		return err
	}
	return nil // what else is wrong with made-up rows may be right with customers
}

// snapped returns the recipe with prep.Snap behind its steps.
func snapped(r segkit.Recipe) segkit.Recipe {
	if len(r.Prep) == 0 || !isSnap(r.Prep[len(r.Prep)-1]) {
		r.Prep = append(slices.Clone(r.Prep), prep.Snap{})
	}
	return r
}

func isSnap(step prep.Transformer) bool {
	s, ok := step.(prep.Snap)
	return ok && len(s.Columns) == 0
}

// takeAll brings all customers into memory, with what the recipe does not look at too: segments are named by all that is known of them.
func (s *Compressed) takeAll(l *learner) (err error) {
	l.scans++
	if s.Rows, err = s.c.all(l.run, "read all customers, who are few enough", l.header); err != nil {
		return err
	}
	if l.options.DryRun {
		return nil
	}
	for _, column := range s.Rows.Columns() {
		if column.Categorical() && !slices.Contains(l.header.Names(), column.Name) { // whose levels were listed
			l.scans++
		}
	}
	if s.Rows.Len() != s.N {
		return s.c.changed(fmt.Sprintf("it had %s, and then %s", wording.Plural(s.N, "customer"), wording.Plural(s.Rows.Len(), "customer")))
	}
	s.Prepared, err = s.Recipe.Prepare(s.Rows)
	return err
}

// compress learns the transforms, has the prepared values written beside, and makes the small table of them.
func (s *Compressed) compress(l *learner) error {
	if err := l.learn(s.Recipe.Prep); err != nil {
		return err
	}
	for _, column := range l.stage.Raw().Columns {
		if column.Categorical() {
			return &fault.CellError{Op: "engine.Customers.Compress", Column: column.Name, Err: fault.ErrSchema,
				Why: fmt.Sprintf("is a category, and %s customers are more than fit a table of %d", wording.Number(float64(s.N)), s.most), Remedy: "put prep.OneHot before the last step"}
		}
	}
	s.learner = l
	if err := s.write(l); err != nil {
		return err
	}
	var err error
	if len(l.stage.Names()) <= gridColumns {
		err = s.grid(l)
	} else {
		err = s.coreset(l)
	}
	if err != nil {
		return err
	}
	l.keep(s.prepared)
	return nil
}

// write makes the helper table: id, seen, the chosen columns as r1, r2, … and the prepared ones as z1, z2, ….
func (s *Compressed) write(l *learner) (err error) {
	var kept [][2]string
	for j, name := range l.header.Names() {
		kept = append(kept, [2]string{s.c.quote(name), fmt.Sprintf("r%d", j+1)})
	}
	q := query.From(l.speaks.SQL(), source, s.c.id, raw(l.header), kept...)
	query.Write(q, l.fitted)
	q.Limit(vec.Largest)
	asked := []string{"CAST(id AS VARCHAR) AS id", "seen"}
	for _, k := range kept {
		asked = append(asked, k[1])
	}
	for j, column := range q.Columns {
		asked = append(asked, fmt.Sprintf("%s AS z%d", column.SQL, j+1))
	}
	statement, err := q.End(asked...)
	if err != nil {
		return fault.Errorf(fault.ErrNotPortable, "segkit: engine.Customers.Compress: %w", err)
	}
	l.scans++
	s.prepared, err = l.create("write everybody's prepared values beside", s.c.over(statement))
	return err
}

// sum writes an exact sum of whole numbers, as a text.
func (r *run) sum(x string) string { return "CAST(SUM(" + r.speaks.wide(x) + ") AS VARCHAR)" }

// snap writes a snapped value in steps of the grid, as a whole number.
func (r *run) snap(z string) string {
	return r.speaks.whole(z + " * " + r.speaks.SQL().Double(snapSteps))
}

// squares writes the square of a customer's prepared values.
func (r *run) squares(d int) string {
	terms := make([]string, d)
	for j := range d {
		u := r.speaks.wide(r.snap(fmt.Sprintf("z%d", j+1)))
		terms[j] = u + " * " + u
	}
	return strings.Join(terms, " + ")
}

// check refuses customers who cannot be prepared, and a table that has changed since the survey.
func (s *Compressed) check(l *learner, n int64, unseen int64, present []int64) error {
	if n != l.n {
		return s.c.changed(fmt.Sprintf("it had %s, and then %s", wording.Plural(s.N, "customer"), wording.Plural(int(n), "customer")))
	}
	if unseen > 0 {
		return s.c.changed(wording.Plural(int(unseen), "customer") + " had a value that was not there before")
	}
	for j, column := range l.stage.Raw().Columns {
		if missing := n - present[j]; missing > 0 {
			return &fault.CellError{Op: "engine.Customers.Compress", File: s.c.name, Column: column.Name, Count: int(missing), Err: fault.ErrNotFinite,
				Why: "has no value for some customers", Remedy: "use prep.Impute in the recipe, or leave these customers out"}
		}
	}
	return nil
}

// grid makes the cells: one scan for the finest grid, which is then coarsened by halves, cells alone, until there are few enough; one more reads the small table.
func (s *Compressed) grid(l *learner) error {
	d := len(l.stage.Names())
	halvings := int(math.Ceil(math.Log2(float64(s.most)) / float64(d)))
	s.Step = math.Ldexp(1, -min(halvings, 20))
	var cells, sums, again, merged []string
	for j := range d {
		z := fmt.Sprintf("z%d", j+1)
		cells = append(cells, fmt.Sprintf("%s AS g%d", l.speaks.whole("FLOOR("+z+" * "+l.speaks.SQL().Double(1/s.Step)+")"), j+1))
		sums = append(sums, fmt.Sprintf("SUM(%s) AS s%d", l.speaks.wide(l.snap(z)), j+1))
		again = append(again, fmt.Sprintf("%s AS g%d", l.speaks.whole(fmt.Sprintf("FLOOR(%s / %s)", l.speaks.double(fmt.Sprintf("g%d", j+1)), l.speaks.SQL().Double(2))), j+1))
		merged = append(merged, fmt.Sprintf("SUM(%s) AS s%d", l.speaks.wide(fmt.Sprintf("s%d", j+1)), j+1))
	}
	by := "GROUP BY "
	for j := range d {
		by += fmt.Sprintf("%d, ", j+1)
	}
	by = strings.TrimSuffix(by, ", ")
	hashed := l.speaks.sorted("CONCAT(" + l.hash("id", s.seed) + ", id)")
	l.scans++
	at, err := l.create("group customers by the cells of a grid", "SELECT "+strings.Join(append(append(cells, "COUNT(*) AS n", "SUM(1 - seen) AS unseen"), append(sums,
		"SUM("+l.squares(d)+") AS squares", "MIN("+hashed+") AS drawn")...), ",\n  ")+"\nFROM "+s.prepared+"\n"+by)
	if err != nil {
		return err
	}
	for {
		n, err := l.count("count the cells", at)
		if err != nil {
			return err
		}
		if n <= int64(s.most) {
			break
		}
		s.Step *= 2
		coarser, err := l.create("make the cells twice as wide", "SELECT "+strings.Join(append(append(again, "SUM("+l.speaks.wide("n")+") AS n", "SUM("+l.speaks.wide("unseen")+") AS unseen"), append(merged,
			"SUM("+l.speaks.wide("squares")+") AS squares", "MIN("+l.speaks.sorted("drawn")+") AS drawn")...), ",\n  ")+"\nFROM "+at+"\n"+by)
		if err != nil {
			return err
		}
		l.discard(at)
		at = coarser
	}
	return s.readCells(l, at)
}

// readCells reads the small table: of each cell its sums, and the customer drawn from it.
func (s *Compressed) readCells(l *learner, at string) (err error) {
	d := len(l.stage.Names())
	asked := []string{"p.id"}
	for j := range l.header.Names() {
		asked = append(asked, fmt.Sprintf("p.r%d", j+1))
	}
	var n, unseen, squares exact
	sums, into, order := make([]exact, d), []any{&n, &unseen, &squares}, make([]string, d)
	asked = append(asked, "CAST(c.n AS VARCHAR)", "CAST(c.unseen AS VARCHAR)", "CAST(c.squares AS VARCHAR)")
	for j := range d {
		asked, order[j] = append(asked, fmt.Sprintf("CAST(c.s%d AS VARCHAR)", j+1)), fmt.Sprintf("c.g%d", j+1)
		into = append(into, &sums[j])
	}
	cells := newCells(d)
	l.scans++
	s.Rows, err = s.c.fetch(l.run, "read the cells, with a customer drawn from each", l.header, "SELECT "+strings.Join(asked, ", ")+"\nFROM "+at+" AS c\nJOIN "+s.prepared+" AS p ON p.id = SUBSTR(c.drawn, 33)\nORDER BY "+strings.Join(order, ", "),
		scanned(into, func() { cells.add(n, unseen, squares, sums) })...)
	if err != nil {
		return err
	}
	if s.Kind = Grid; l.options.DryRun {
		s.pretendRows(l)
		return nil
	}
	if err := s.check(l, cells.n, cells.unseen, cells.present); err != nil {
		return err
	}
	s.total, s.Within = totals{cells.n, cells.sums, cells.squares}, cells.within()
	if s.Rows, err = s.Rows.WithWeights(cells.counts); err != nil {
		return err
	}
	s.Prepared = s.like(l, cells.means)
	return nil
}

// like makes the prepared table of the small table's rows.
func (s *Compressed) like(l *learner, data []float64) *table.Table {
	stage := *l.stage.Raw()
	stage.IDs, stage.Data, stage.Weights, stage.Weighting = s.Rows.Raw().IDs, data, s.Rows.Raw().Weights, table.SamplingWeights
	return table.FromRaw(stage)
}

// scanned returns the destinations of a row's further columns; done is called when the last one is set.
func scanned(into []any, done func()) []any {
	last := into[len(into)-1]
	into = slices.Clone(into)
	into[len(into)-1] = &after{last, done}
	return into
}

// after is a destination of Scan that calls done.
type after struct {
	into any
	done func()
}

// Scan implements sql.Scanner.
func (a *after) Scan(v any) error {
	switch into := a.into.(type) {
	case *exact:
		if err := into.Scan(v); err != nil {
			return err
		}
	case *float64:
		var number sql.NullFloat64
		if err := number.Scan(v); err != nil {
			return err
		}
		*into = number.Float64
	}
	a.done()
	return nil
}

// cells are groups of customers with their exact sums, in steps of the snapping grid.
type cells struct {
	n, unseen int64
	present   []int64 // (d) customers with a value
	counts    []float64
	means     []float64  // (m*d)
	sums      []*big.Int // (d) of all
	squares   *big.Int   // of all
	between   *big.Rat   // Σ s²/n over cells and columns
}

func newCells(d int) *cells {
	c := &cells{present: make([]int64, d), sums: make([]*big.Int, d), squares: new(big.Int), between: new(big.Rat)}
	for j := range c.sums {
		c.sums[j] = new(big.Int)
	}
	return c
}

// add adds a cell, as the database writes it.
func (c *cells) add(n, unseen, squares exact, sums []exact) {
	count := n.orZero()
	c.n += count.Int64()
	c.unseen += unseen.orZero().Int64()
	c.counts = append(c.counts, float64(count.Int64()))
	c.squares.Add(c.squares, squares.orZero())
	for j := range sums {
		sum := sums[j].orZero()
		if sums[j].n != nil {
			c.present[j] += count.Int64()
		}
		c.sums[j].Add(c.sums[j], sum)
		c.means = append(c.means, ratio(sum, count)/snapSteps)
		c.between.Add(c.between, new(big.Rat).SetFrac(new(big.Int).Mul(sum, sum), count))
	}
}

// within is W: what the squares are more than those of the means.
func (c *cells) within() float64 {
	w, _ := new(big.Rat).Sub(new(big.Rat).SetInt(c.squares), c.between).Float64()
	return max(w, 0) / snapSteps / snapSteps
}

// ratio is a/b.
func ratio(a, b *big.Int) float64 {
	v, _ := new(big.Rat).SetFrac(a, b).Float64()
	return v
}

// coreset draws the small table: one scan for mean and variance, one that draws.
func (s *Compressed) coreset(l *learner) error {
	d := len(l.stage.Names())
	asked := []string{"COUNT(*)", "SUM(1 - seen)"}
	var unseen sql.NullInt64
	present, sums, squares := make([]int64, d), make([]exact, d), exact{}
	into := []any{&s.total.n, &unseen}
	for j := range d {
		z := fmt.Sprintf("z%d", j+1)
		asked, into = append(asked, "COUNT("+z+")", l.sum(l.snap(z))), append(into, &present[j], &sums[j])
	}
	asked, into = append(asked, l.sum(l.squares(d))), append(into, &squares)
	l.scans++
	if err := l.row("sum everybody's prepared values and their squares", "SELECT "+strings.Join(asked, ",\n  ")+"\nFROM "+s.prepared, into...); err != nil {
		return err
	}
	if l.options.DryRun {
		s.pretendRows(l)
	} else {
		if err := s.check(l, s.total.n, unseen.Int64, present); err != nil {
			return err
		}
		s.total.squares = squares.orZero()
		for j := range d {
			s.total.sums = append(s.total.sums, sums[j].orZero())
		}
	}
	l.scans++
	return s.draw(l, s.seed)
}

// draw draws a coreset by a seed: one scan.
func (s *Compressed) draw(l *learner, seed int) error {
	d := len(l.stage.Names())
	number := l.speaks.SQL().Double
	mean, spread := s.total.center()
	if spread == 0 {
		return fault.Errorf(fault.ErrUndefined, "segkit: engine.Customers.Compress: all customers of %s are alike in the prepared columns", s.c.name)
	}
	terms := make([]string, d)
	for j := range d {
		away := fmt.Sprintf("(z%d - %s)", j+1, number(mean[j]))
		terms[j] = away + " * " + away
	}
	asked, prepared := []string{"id"}, []string{}
	for j := range l.header.Names() {
		asked = append(asked, fmt.Sprintf("r%d", j+1))
	}
	for j := range d {
		prepared = append(prepared, fmt.Sprintf("z%d", j+1))
	}
	chance := fmt.Sprintf("%s + (%s) * %s", number(.5*float64(s.most)/float64(s.total.n)), strings.Join(terms, " + "), number(.5*float64(s.most)/spread))
	hash := l.hash("id", seed)
	into, data, weights := make([]any, d+1), []float64(nil), []float64(nil)
	values := make([]float64, d+1)
	for j := range into {
		into[j] = &values[j]
	}
	statement := "SELECT " + strings.Join(append(append(asked, prepared...), "chance"), ", ") + "\nFROM (SELECT " + strings.Join(append(append(slices.Clone(asked), prepared...), chance+" AS chance"), ",\n  ") +
		"\n  FROM " + s.prepared + ") AS everybody\nWHERE " + l.uniform(hash) + " < chance\nORDER BY " + hash
	rows, err := s.c.fetch(l.run, "draw customers, those far from the mean more often", l.header, statement, scanned(into, func() {
		data = append(data, values[:d]...)
		weights = append(weights, 1/min(1, values[d]))
	})...)
	if err != nil {
		return err
	}
	if s.Kind = Coreset; l.options.DryRun {
		s.pretendRows(l)
		return nil
	}
	if s.Rows, err = rows.WithWeights(weights); err != nil {
		return err
	}
	s.Prepared = s.like(l, data)
	return nil
}

// center returns the mean of all customers (d) and the sum of their squared distances to it.
func (t totals) center() (mean []float64, spread float64) {
	n := big.NewInt(t.n)
	rest := new(big.Rat).SetInt(t.squares)
	for _, sum := range t.sums {
		mean = append(mean, ratio(sum, n)/snapSteps)
		rest.Sub(rest, new(big.Rat).SetFrac(new(big.Int).Mul(sum, sum), n))
	}
	spread, _ = rest.Float64()
	return mean, spread / snapSteps / snapSteps
}

// hash writes 32 hexadecimal digits that follow from a seed and an id, the same on every engine.
func (r *run) hash(id string, seed int) string {
	text := fmt.Sprintf("CONCAT('%d|', %s)", seed, id)
	if r.speaks == Trino {
		return "LOWER(TO_HEX(MD5(TO_UTF8(" + text + "))))"
	}
	return "MD5(" + text + ")"
}

// uniform writes the first 8 digits of a hash as a number from 0 up to 1.
func (r *run) uniform(hash string) string {
	digits := "SUBSTR(" + hash + ", 1, 8)"
	switch r.speaks {
	case PostgreSQL:
		digits = "('x' || " + digits + ")::bit(32)::bigint"
	case Trino:
		digits = "FROM_BASE(" + digits + ", 16)"
	default:
		digits = "CAST('0x' || " + digits + " AS BIGINT)"
	}
	return r.speaks.double(digits) + " / " + r.speaks.SQL().Double(1<<32)
}

// Close drops the helper tables.
func (s *Compressed) Close() error {
	if s == nil || s.prepared == "" {
		return nil
	}
	r := s.c.engine.run(context.Background(), 0)
	r.forget(s.prepared)
	r.end()
	s.prepared = ""
	return nil
}

// kmeans reports whether a method is k-means whose centres can be improved by passes over all customers.
func kmeans(m cluster.Method) (cluster.KMeans, bool) {
	k, ok := m.(cluster.KMeans)
	return k, ok && k.MinSize == 0 && k.MinShare == 0
}
