package predict

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Null says how well the same recipe and predictor do with customers from one group. Their columns are correlated as in the training
// part, through one underlying Gaussian, and each has about its own distribution, with a single peak (a Yeo-Johnson power of a normal
// one; categories, and numbers with few values, keep their own). Clustering cuts even such a cloud into parts, and the parts can be
// predicted.
type Null struct {
	Draws     int // that gave at least two segments
	Customers int // in each draw, both parts together
	Accuracy  []float64
	MacroF1   []float64
	LogLoss   []float64
	Largest   []float64 // accuracy of naming the largest segment
	Failed    string    // why there is no draw; "" if there is one
}

const (
	nullRows = 5000 // customers of a draw at most
	fewest   = 10   // a number with so few values keeps its own distribution
)

// null draws customers of one group, segments them by the recipe of the model, and predicts a share of them from the others.
func null(ctx context.Context, m *segkit.Model, c *Classifier, raw, learn *table.Table, share float64, o Options) (*Null, error) {
	ctx = memory.With(ctx, nil) // the whole proof is remembered, not each draw
	out := &Null{Customers: min(nullRows, int(float64(raw.Len())/(1-share)))}
	g, err := newOneGroup(m, c, raw, learn, o.From != nil)
	if err != nil {
		return nil, err
	}
	for b := range o.NullDraws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := g.prove(ctx, m.Recipe, c.Predictor, out.Customers, share, o.Seed, b)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil: // such as one segment only, or values that the recipe cannot use
			out.Failed = fault.Trimmed(err).Error()
			continue
		}
		out.Draws++
		out.Accuracy, out.MacroF1 = append(out.Accuracy, r.Scores[0].Value), append(out.MacroF1, r.Scores[1].Value)
		out.LogLoss, out.Largest = append(out.LogLoss, r.Scores[2].Value), append(out.Largest, r.Scores[0].Largest)
	}
	if out.Draws > 0 {
		out.Failed = ""
	}
	return out, nil
}

// oneGroup draws customers of one group.
type oneGroup struct {
	columns       []table.Column // (d) of recipe and predictor
	segment, tell []int          // those of the recipe, and of the predictor
	transformed   bool
	margins       []margin   // (d)
	means         []float64  // (d) of the deviates behind the columns
	axes          *mat.Dense // (d x d) from independent deviates to those
}

// margin is how one column is distributed.
type margin struct {
	bent      prep.Inverter // from deviates to values; nil where the column keeps its own
	low, high float64       // of its values
	whole     bool          // they are whole numbers
	own       []float64     // its values, in the order of their deviates
	sd        float64       // of its deviates
	lost      float64       // share that is missing
}

// newOneGroup learns how the columns are distributed and go together. learn has the columns of the predictor, raw those of the recipe;
// apart says that they are different columns even where they have the same name.
func newOneGroup(m *segkit.Model, c *Classifier, raw, learn *table.Table, apart bool) (*oneGroup, error) {
	at := make(map[string]int, raw.Len())
	for i, id := range raw.Raw().IDs {
		at[id] = i
	}
	rows := make([]int, learn.Len())
	for i, id := range learn.Raw().IDs {
		rows[i] = at[id]
	}
	g := &oneGroup{transformed: raw.Transformed()}
	var values [][]float64
	add := func(t *table.Table, rows []int, column string) (int, error) {
		j, err := t.Index(column)
		if err != nil {
			return 0, err
		}
		g.columns, values = append(g.columns, t.Raw().Columns[j]), append(values, pick.At(t.Raw().Column(j), rows))
		return len(g.columns) - 1, nil
	}
	for _, column := range m.Columns {
		j, err := add(raw, rows, column.Name)
		if err != nil {
			return nil, err
		}
		g.segment = append(g.segment, j)
	}
	for _, column := range c.Columns {
		j := slices.IndexFunc(g.columns, func(has table.Column) bool { return has.Name == column.Name })
		if apart || j < 0 {
			var err error
			if j, err = add(learn, pick.All(learn.Len()), column.Name); err != nil {
				return nil, err
			}
		}
		g.tell = append(g.tell, j)
	}
	n, d := len(rows), len(g.columns)
	data, plain := make([]float64, n*d), make([]table.Column, d)
	for j := range g.columns {
		plain[j].Name = fmt.Sprint(j)
		of, deviates := newMargin(g.columns[j], values[j], values[0])
		g.margins = append(g.margins, of)
		for i, z := range deviates {
			data[i*d+j] = z
		}
	}
	learned := learn.Raw()
	var cov *mat.SymDense
	g.means, cov = covariance.Of(table.FromRaw(table.Raw{IDs: learned.IDs, Columns: plain, Data: data, Weights: learned.Weights}), pick.All(d))
	g.axes = root(cov)
	for j := range g.margins {
		g.margins[j].sd = math.Sqrt(cov.At(j, j))
	}
	return g, nil
}

// newMargin returns how values (n) are distributed, and the deviates behind them (n), a missing one in the middle. Levels without order
// are put in that of their customers on the column first.
func newMargin(c table.Column, values, first []float64) (m margin, deviates []float64) {
	known := slices.DeleteFunc(pick.All(len(values)), func(i int) bool { return math.IsNaN(values[i]) })
	m.lost = 1 - float64(len(known))/float64(len(values))
	there := pick.At(values, known)
	slices.Sort(there)
	if c.Numeric() && len(slices.Compact(slices.Clone(there))) > fewest {
		m.low, m.high, m.whole = there[0], there[len(there)-1], !slices.ContainsFunc(there, func(v float64) bool { return v != math.Trunc(v) })
		alone := table.FromRaw(table.Raw{IDs: make([]string, len(values)), Columns: []table.Column{{Name: "it"}}, Data: values})
		if fitted, err := (prep.YeoJohnson{}).Fit(alone); err == nil {
			if bent, err := fitted.Apply(alone); err == nil {
				deviates = bent.Raw().Column(0)
				middle := stats.MeanKnown(deviates)
				for i, z := range deviates {
					if math.IsNaN(z) {
						deviates[i] = middle
					}
				}
				m.bent, _ = fitted.(prep.Inverter)
				return m, deviates
			}
		}
	}
	order := values
	if c.Categorical() && !c.Ordered {
		order = byFirst(values, first, len(c.Levels))
	}
	slices.SortStableFunc(known, func(a, b int) int { return cmp.Compare(order[a], order[b]) })
	m.own = pick.At(values, known)
	deviates = ranked01(order)
	for i, rank := range deviates {
		deviates[i] = math.Sqrt2 * math.Erfinv(2*rank*float64(len(values))/float64(len(values)+1)-1)
	}
	return m, deviates
}

// byFirst replaces levels (n) by the mean of their customers in first.
func byFirst(levels, first []float64, k int) []float64 {
	of, out := make([][]float64, k), make([]float64, len(levels))
	for i, l := range levels {
		if !math.IsNaN(l) {
			of[int(l)] = append(of[int(l)], first[i])
		}
	}
	for i, l := range levels {
		if out[i] = l; !math.IsNaN(l) {
			out[i] = stats.MeanKnown(of[int(l)])
		}
	}
	return out
}

// root returns a matrix whose product with its transpose is the covariance, which may be singular.
func root(cov *mat.SymDense) *mat.Dense {
	var eigen mat.EigenSym
	d := cov.SymmetricDim()
	out := mat.NewDense(d, d, nil)
	if !eigen.Factorize(cov, true) {
		for j := range d { // then as if the columns had nothing to do with each other
			out.Set(j, j, math.Sqrt(cov.At(j, j)))
		}
		return out
	}
	eigen.VectorsTo(out)
	for j, v := range eigen.Values(nil) {
		for i := range d {
			out.Set(i, j, out.At(i, j)*math.Sqrt(max(v, 0)))
		}
	}
	return out
}

// draw draws n customers.
func (g *oneGroup) draw(n, random, b int) (*table.Table, error) {
	r, d := seed.Stream(random, "one group", b), len(g.columns)
	t := table.FromRaw(table.Raw{IDs: wording.Numbered(n), Columns: table.CloneColumns(g.columns), Data: make([]float64, n*d), Transformed: g.transformed})
	for j := range d { // draws have no days to look past, and no two columns of one name
		t.Raw().Columns[j] = table.Column{Name: fmt.Sprint(j), Levels: t.Raw().Columns[j].Levels, Ordered: t.Raw().Columns[j].Ordered}
	}
	deviates := make([]float64, d)
	for i := range n {
		row := t.Raw().Row(i)
		copy(row, g.means)
		for p := range deviates {
			z := r.NormFloat64()
			for j := range row {
				row[j] += float64(g.axes.At(j, p) * z)
			}
		}
	}
	for j, m := range g.margins {
		values := t.Raw().Column(j)
		if m.bent != nil {
			back, err := m.bent.Invert(table.FromRaw(table.Raw{IDs: t.Raw().IDs, Columns: []table.Column{{Name: "it"}}, Data: values, Transformed: true}))
			if err != nil {
				return nil, err
			}
			values = back.Raw().Column(0)
		}
		for i, v := range values {
			switch {
			case r.Float64() < m.lost:
				v = math.NaN()
			case m.bent == nil && len(m.own) > 0:
				u := math.Erfc(-(v-g.means[j])/max(m.sd, 1e-12)/math.Sqrt2) / 2
				v = m.own[min(int(u*float64(len(m.own))), len(m.own)-1)]
			default:
				if math.IsNaN(v) || v > m.high { // beyond what the power can give
					v = m.high
				}
				if v = max(v, m.low); m.whole {
					v = math.Round(v)
				}
			}
			t.Raw().Row(i)[j] = v
		}
	}
	return t, nil
}

// prove is Prove on one draw.
func (g *oneGroup) prove(ctx context.Context, recipe segkit.Recipe, p Predictor, n int, share float64, random, b int) (*Report, error) {
	t, err := g.draw(n, random, b)
	if err != nil {
		return nil, err
	}
	some := func(at []int) (*table.Table, error) {
		x, err := t.Select(table.Schema{Columns: pick.At(t.Raw().Columns, at)}.ColumnNames()...)
		if err == nil {
			for p, j := range at {
				x.Raw().Columns[p].Name = g.columns[j].Name
			}
		}
		return x, err
	}
	x, err := some(g.segment)
	if err != nil {
		return nil, err
	}
	known, err := some(g.tell)
	if err != nil {
		return nil, err
	}
	order := folds.Draw(t.Raw().IDs, random, "null hold-out")
	cut := int(math.Round(share * float64(n)))
	test, train := order[:cut], order[cut:]
	m, err := recipe.FitContext(ctx, x.Rows(train))
	if err != nil {
		return nil, err
	}
	s, err := m.Score(x)
	if err != nil {
		return nil, err
	}
	c, err := FitContext(ctx, known.Rows(train), s, p)
	if err != nil {
		return nil, err
	}
	return evaluate(ctx, "predict.Prove", c, known.Rows(test), s, Options{Draws: 20, Shuffles: -1, Seed: random}, "")
}

// says compares the null with what was found.
func (n *Null) says(found Score) string {
	if n.Draws == 0 {
		return fmt.Sprintf("No comparison with data of one group: %s.", n.Failed)
	}
	low, high := slices.Min(n.Accuracy), slices.Max(n.Accuracy)
	between := sheet.Percent(low)
	if n.Draws > 1 && sheet.Percent(high) != between {
		between += " to " + sheet.Percent(high)
	}
	end := "Being predictable is no evidence that segments exist."
	if found.Value > high {
		end = "Even accuracy above that shows only that the segments can be told apart, not that they exist."
	}
	return fmt.Sprintf("In data of one group, cut by the same recipe, the same predictor is right for %s (%s of %s). %s", between,
		wording.Plural(n.Draws, "draw"), wording.Plural(n.Customers, "customer"), end)
}
