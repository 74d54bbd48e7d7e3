package engine

// The fit: starts on the small table in memory, then passes over all customers that move the centres to the true means.

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/big"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// FitOptions say how far a fit goes. The zero value is chosen for few scans.
type FitOptions struct {
	Compression      // how to turn customers into a small table; the zero value is the default
	Passes      int  // most passes over all customers to improve the centres; 0 means as many as keep the whole fit, with scoring, within 10 scans; negative means one, for the exact cost
	FixedPoint  bool // until no customer changes segment, in at most 300 passes if Passes is 0
}

// Fit is a model of all customers, with the cost of making it and what is known about its quality.
type Fit struct {
	Model     *segkit.Model
	Kind      Kind
	Cost      float64 // of all customers at the model's centres, exact: sums of whole numbers
	CellsCost float64 // of the grid's cells at the model's centres, or of the coreset
	Within    float64 // W of the grid: |√Cost - √CellsCost| is at most √W, for these and any other centres; 0 for all customers, NaN for a coreset, which has no such bound
	Passes    int     // that improved the centres
	AtRest    bool    // the last pass moved no centre, or by less than the method's tolerance
	Scans     int     // of all customers, including those to make the small table
}

const (
	mostScans  = 10  // of a default fit with its scoring
	mostPasses = 300 // to a fixed point
)

// Fit compresses the customers, clusters the small table, and improves the centres by passes over all customers. It is Compress, Compressed.Fit and Close;
// keep the Compressed to sweep, judge and fit without compressing again.
func (c *Customers) Fit(recipe segkit.Recipe, o FitOptions) (*Fit, error) {
	return c.FitContext(job.DefaultContext, recipe, o)
}

// FitContext is Fit under ctx.
func (c *Customers) FitContext(ctx context.Context, recipe segkit.Recipe, o FitOptions) (*Fit, error) {
	s, err := c.CompressContext(ctx, recipe, o.Compression)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.FitContext(ctx, o)
}

// Fit clusters the small table by the recipe's method and improves k-means' centres by passes over all customers, each one GROUP BY, until nothing changes or the
// passes are used up. With all customers in memory, it is Recipe.Fit. Other methods, and k-means with a smallest size, keep the centres of the small table.
func (s *Compressed) Fit(o FitOptions) (*Fit, error) { return s.FitContext(job.DefaultContext, o) }

// FitContext is Fit under ctx.
func (s *Compressed) FitContext(ctx context.Context, o FitOptions) (*Fit, error) {
	if s == nil {
		return nil, fault.Nil("engine.Compressed.Fit", "small table")
	}
	if s.Kind == AllRows {
		m, err := s.Recipe.FitContext(ctx, s.Rows)
		if err != nil {
			return nil, err
		}
		return &Fit{Model: m, Cost: m.Cost, CellsCost: m.Cost, AtRest: true, Scans: s.Scans}, nil
	}
	clustering, err := s.cluster(ctx)
	if err != nil {
		return nil, err
	}
	nearest, ok := clustering.Assigner.(cluster.Nearest)
	if !ok {
		return nil, fault.Errorf(fault.ErrNotPortable, "segkit: engine.Compressed.Fit: of methods on more than %d customers, only those that assign by the nearest mean can be fitted here (k-means, mini-batch)", s.most)
	}
	f := &Fit{Kind: s.Kind, Within: s.Within, Scans: s.Scans}
	if s.Kind == Coreset {
		f.Within = math.NaN()
	}
	sizes, err := s.polish(ctx, f, &nearest, o)
	if err != nil {
		return nil, err
	}
	order := pick.BySize(identity(len(sizes)), sizes, len(sizes))
	clustering.Assigner = nearest.Reorder(order)
	if f.CellsCost, err = s.cost(nearest.Centers); err != nil {
		return nil, err
	}
	if f.Model, err = s.Recipe.Built(s.Rows, s.learner.fitted, clustering); err != nil {
		return nil, err
	}
	f.Model.Cost, f.Model.Customers, f.Model.Converged = f.Cost, s.N, f.AtRest
	for l, old := range order {
		f.Model.Sizes[l] = int(sizes[old])
	}
	return f, nil
}

// cluster clusters the small table. k-means then goes on from the best start until nothing changes, which is cheap here and spares passes over everybody.
func (s *Compressed) cluster(ctx context.Context) (*cluster.Clustering, error) {
	method, ok := kmeans(s.Recipe.Method)
	if ok && method.K > 0 && s.c.engine.options.DryRun {
		return s.pretendFit(ctx, method)
	}
	found, err := cluster.FitContext(ctx, s.Prepared, s.Recipe.Method)
	if err != nil || !ok {
		return found, err
	}
	method.Start, method.Tol = found.Centers, -1
	rested, err := cluster.FitContext(ctx, s.Prepared, method)
	if err != nil {
		return nil, err
	}
	rested.Method, rested.Restarts = found.Method, found.Restarts
	return rested, nil
}

// identity labels k rows 0 to k-1.
func identity(k int) table.Labels { return table.Labels(pick.All(k)) }

// polish moves the centres by passes, and returns the customers nearest to each. The centres are those that the last pass has priced.
func (s *Compressed) polish(ctx context.Context, f *Fit, nearest *cluster.Nearest, o FitOptions) (sizes []float64, err error) {
	method, moves := kmeans(s.Recipe.Method)
	most, tol := o.Passes, 0.0
	switch {
	case !moves || most < 0:
		most = 1
	case most == 0 && o.FixedPoint:
		most = mostPasses
	case most == 0:
		most = max(1, mostScans-1-s.Scans)
	}
	if method.Tol >= 0 {
		_, spread := s.total.center()
		tol = cmp.Or(method.Tol, 1e-4) * spread / float64(s.total.n) / float64(len(s.total.sums))
	}
	r := s.c.engine.run(ctx, most)
	defer r.end()
	defer r.where(manyCustomers)()
	for pass := 1; ; pass++ {
		counts, sums, err := s.pass(r, *nearest)
		if err != nil {
			return nil, err
		}
		f.Scans++
		f.Passes, f.Cost = pass, s.total.cost(nearest.Centers, counts, sums)
		moved, shift := move(nearest.Centers, counts, sums)
		if r.options.DryRun { // an estimate: whether fewer are enough only the passes tell
			f.Scans += most - 1
			return counts, nil
		}
		if f.AtRest = shift <= tol; shift == 0 || pass == most {
			return counts, nil
		}
		nearest.Centers = moved
	}
}

// pass assigns all customers to the nearest centre and adds them up: one scan.
func (s *Compressed) pass(r *run, nearest cluster.Nearest) (counts []float64, sums [][]*big.Int, err error) {
	d, k := len(nearest.Columns), len(nearest.Centers)
	var columns []query.Column
	var kept [][2]string
	nearest.Columns = nil
	for j := range d {
		z := fmt.Sprintf("z%d", j+1)
		columns, kept, nearest.Columns = append(columns, query.Column{Name: z}), append(kept, [2]string{z, z}), append(nearest.Columns, z)
	}
	q := query.From(r.speaks.SQL(), s.prepared, "id", columns, kept...)
	q.Nearest(nearest.Distances(q))
	asked := []string{"nearest", "COUNT(*)"}
	for j := range d {
		asked = append(asked, r.sum(r.snap(fmt.Sprintf("z%d", j+1))))
	}
	statement, err := q.End(asked...)
	if err != nil {
		return nil, nil, err
	}
	counts, sums = make([]float64, k), make([][]*big.Int, k)
	for l := range sums {
		sums[l] = make([]*big.Int, d)
		for j := range sums[l] {
			sums[l][j] = new(big.Int)
		}
	}
	seen := 0
	err = r.read("add up the customers nearest to each centre", statement+"GROUP BY nearest\n", func(rows *sql.Rows) error {
		var label sql.NullInt64
		var count int64
		own, into := make([]exact, d), []any{&label, &count}
		for j := range own {
			into = append(into, &own[j])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if !label.Valid || int(label.Int64) >= k {
			return s.c.changed("customers have no value that had one")
		}
		seen += int(count)
		counts[label.Int64] = float64(count)
		for j := range own {
			sums[label.Int64][j] = own[j].orZero()
		}
		return nil
	})
	if err == nil && seen != s.N && !r.options.DryRun {
		err = s.c.changed(fmt.Sprintf("%d customers were prepared, and then %d found", s.N, seen))
	}
	return counts, sums, err
}

// move returns the means of the segments (an empty one stays where it is) and the sum of the squared moves.
func move(centers [][]float64, counts []float64, sums [][]*big.Int) (moved [][]float64, shift float64) {
	for l, center := range centers {
		own := append([]float64(nil), center...)
		for j := range own {
			if counts[l] > 0 {
				own[j] = ratio(sums[l][j], big.NewInt(int64(counts[l]))) / snapSteps
			}
			away := own[j] - center[j]
			shift += float64(away * away)
		}
		moved = append(moved, own)
	}
	return moved, shift
}

// cost is the sum of squared distances of all customers to the centres that they were assigned to: Σx² - 2 Σ c·Σx + Σ n c², of
// whole numbers and of centres as the exact fractions that they are.
func (t totals) cost(centers [][]float64, counts []float64, sums [][]*big.Int) float64 {
	total := new(big.Rat).SetInt(t.squares)
	steps := new(big.Rat).SetInt64(snapSteps)
	for l, center := range centers {
		n := new(big.Rat).SetFloat64(counts[l])
		for j, v := range center {
			c := new(big.Rat).SetFloat64(v)
			c.Mul(c, steps)
			term := new(big.Rat).Mul(n, c)
			term.Sub(term, new(big.Rat).SetInt(new(big.Int).Lsh(sums[l][j], 1)))
			total.Add(total, term.Mul(term, c))
		}
	}
	v, _ := total.Float64()
	return v / snapSteps / snapSteps
}

// cost is that of the small table at the centres.
func (s *Compressed) cost(centers [][]float64) (total float64, err error) {
	_, distances, _, err := cluster.Nearest{Columns: s.Prepared.Names(), Centers: centers}.Assign(s.Prepared)
	for i, v := range distances {
		total += s.Prepared.Weight(i) * v
	}
	return total, err
}
