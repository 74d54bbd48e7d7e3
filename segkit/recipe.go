package segkit

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Recipe is an analysis as plain data: which columns to use, how to transform them, and how to cluster them. The same
// recipe, table and seed give the same model.
type Recipe struct {
	Columns []string           // empty: every feature, or every column but outcomes of a prepared table; categories only if the method or a step of Prep takes them, and no column that identifies customers
	Prep    []prep.Transformer // applied in this order
	Method  cluster.Method
}

// Prepare returns the chosen columns of raw (n x d) as the method will see them. It fits the transforms to raw; to
// prepare other customers as a fitted model does, use Model.Prepare.
func (r Recipe) Prepare(raw *table.Table) (*table.Table, error) {
	x, _, _, err := r.prepare(raw)
	return x, err
}

// prepare returns the prepared table, the raw columns it was made of, and the fitted transforms.
func (r Recipe) prepare(raw *table.Table) (x, chosen *table.Table, fitted []prep.Fitted, err error) {
	if err := r.checkSteps(); err != nil {
		return nil, nil, nil, err
	}
	if chosen, err = r.Select(raw); err != nil {
		return nil, nil, nil, err
	}
	if chosen.Len() == 1 && len(r.Prep) > 0 {
		return nil, nil, nil, fault.Errorf(fault.ErrUndefined, "segkit: Recipe: one customer; segments need at least k customers, and no step of Prep can say what is usual from one")
	}
	x = chosen
	for _, step := range r.Prep {
		f, err := step.Fit(x)
		if err != nil {
			return nil, nil, nil, err
		}
		if x, err = f.Apply(x); err != nil {
			return nil, nil, nil, err
		}
		fitted = append(fitted, f)
	}
	return x, chosen, fitted, nil
}

// Select returns the columns of raw (n x any) that the recipe clusters, unchanged. Outcomes are refused: what customers did
// afterwards is there to judge the segments, and must never form them.
func (r Recipe) Select(raw *table.Table) (*table.Table, error) {
	if raw == nil {
		return nil, fault.Nil("Recipe", "table")
	}
	names := r.Columns
	if len(names) == 0 {
		categories := r.takesCategories()
		for j, c := range raw.Raw().Columns {
			if (c.Role == table.Feature || raw.Transformed() && c.Role != table.Outcome) && (c.Numeric() || categories) && identifying(raw, j) == identify.None {
				names = append(names, c.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: Recipe: none of the columns %s is a numeric feature: name the columns to cluster in Columns",
			strings.Join(raw.Names(), ", "))
	}
	x, err := raw.Select(names...)
	if err != nil {
		return nil, err
	}
	for j, c := range x.Raw().Columns {
		if c.Role == table.Outcome {
			return nil, &fault.CellError{Op: "Recipe", Column: c.Name, Err: fault.ErrSchema,
				Why: "is an outcome, which judges segments and must not form them", Remedy: "leave it out of Columns"}
		}
		if kind := identifying(x, j); kind != identify.None {
			return nil, &fault.CellError{Op: "Recipe", Column: c.Name, Err: fault.ErrSchema,
				Why: fmt.Sprintf("holds %s, which identify customers and make no two of them alike", kind), Remedy: "leave it out of Columns"}
		}
	}
	return x, nil
}

// takesCategories reports whether the method, or a step before it, can use categories.
func (r Recipe) takesCategories() bool {
	takes := func(v any) bool {
		c, ok := v.(interface{ TakesCategories() bool })
		return ok && c.TakesCategories()
	}
	return takes(r.Method) || slices.ContainsFunc(r.Prep, func(step prep.Transformer) bool { return takes(step) })
}

// Fit prepares raw (n x d), clusters it, and names the segments by what stands out, under DefaultContext.
func (r Recipe) Fit(raw *table.Table) (*Model, error) { return r.FitContext(job.DefaultContext, raw) }

// FitContext is Fit under ctx.
func (r Recipe) FitContext(ctx context.Context, raw *table.Table) (*Model, error) {
	if raw == nil {
		return nil, fault.Nil("Recipe.Fit", "table")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	compute := func() (*Model, error) { return r.fit(ctx, raw) }
	options, known := memory.Spell(r.Method)
	for _, step := range r.Prep {
		text, ok := memory.Spell(step)
		options, known = options+"\n"+text, known && ok
	}
	if !known || memory.From(ctx) == nil {
		return compute()
	}
	return memory.Recall(ctx, memory.Key("model", raw.Fingerprint(), r.Columns, options), compute)
}

// leftOut says, in a sentence, which columns of raw an empty Columns leaves out, and why; "" where it leaves out none.
func (r Recipe) leftOut(raw *table.Table) string {
	if len(r.Columns) > 0 {
		return ""
	}
	const category = "not numbers"
	whys := []string{category}
	for kind := identify.Email; kind <= identify.BirthDate; kind++ {
		whys = append(whys, kind.String())
	}
	var parts []string
	for _, why := range append(whys, table.Descriptor.String(), table.Value.String(), table.Outcome.String()) {
		var names []string
		for j, c := range raw.Raw().Columns {
			is := c.Role.String()
			if c.Role != table.Outcome && raw.Transformed() || c.Role == table.Feature {
				if is = identifying(raw, j).String(); c.Categorical() && !r.takesCategories() {
					is = category
				}
			}
			if is == why {
				names = append(names, c.Name)
			}
		}
		if names != nil {
			parts = append(parts, fmt.Sprintf("%s (%s)", sheet.List(names), why))
		}
	}
	if parts == nil {
		return ""
	}
	return "Recipe.Columns is empty, which takes every feature that the method can use; left out are " + strings.Join(parts, ", ") + "."
}

func (r Recipe) check() error {
	if r.Method == nil {
		return &fault.OptionError{Method: "Recipe", Field: "Method", Value: nil, Want: "a method such as cluster.KMeans{K: 4}"}
	}
	return r.checkSteps()
}

func (r Recipe) checkSteps() error {
	if i := slices.Index(r.Prep, nil); i >= 0 {
		return &fault.OptionError{Method: "Recipe", Field: fmt.Sprintf("Prep[%d]", i), Value: nil, Want: "a transform such as prep.Standardize{}"}
	}
	return nil
}

func (r Recipe) fit(ctx context.Context, raw *table.Table) (*Model, error) {
	x, chosen, fitted, err := r.prepare(raw)
	if err != nil {
		return nil, err
	}
	c, err := cluster.FitContext(ctx, x, r.Method)
	if err != nil {
		return nil, err
	}
	return r.built(raw, chosen, x, fitted, c)
}

// Built returns the model of a clustering whose Assigner was found elsewhere, such as on a SQL engine. The argument fitted has the recipe's
// transforms, and raw (n x any) has customers who stand for all, with weights: they name the segments and say what is typical. Counts are of raw's
// rows.
func (r Recipe) Built(raw *table.Table, fitted []prep.Fitted, c *cluster.Clustering) (*Model, error) {
	switch {
	case raw == nil:
		return nil, fault.Nil("Recipe.Built", "table")
	case c == nil:
		return nil, fault.Nil("Recipe.Built", "clustering")
	}
	chosen, err := r.Select(raw)
	if err != nil {
		return nil, err
	}
	x := chosen
	for _, f := range fitted {
		if x, err = f.Apply(x); err != nil {
			return nil, err
		}
	}
	own := *c
	own.IDs = raw.Raw().IDs
	if own.Labels, err = c.Predict(x); err != nil {
		return nil, err
	}
	return r.built(raw, chosen, x, fitted, &own)
}

// built puts the model together, once everything is fitted.
func (r Recipe) built(raw, chosen, x *table.Table, fitted []prep.Fitted, c *cluster.Clustering) (*Model, error) {
	segments := c.Segments()
	var names []string
	var trainedOn, leftOut string
	var err error
	said := [...]func(){
		func() { names, err = describe.Names(raw, segments, chosen.Names()...) },
		func() { trainedOn = chosen.Fingerprint() },
		func() {
			leftOut = sentences(r.leftOut(raw), codes(chosen), near(chosen), outweighs(r.Method, x), twins(x), r.madeUp(chosen))
		},
	}
	_ = par.Items(context.Background(), len(said), func(i int) { said[i]() })
	if err != nil {
		return nil, err
	}
	m := &Model{
		Recipe:     r.resolved(chosen, c.Method),
		Schema:     table.Schema{Columns: table.CloneColumns(chosen.Raw().Columns), Transformed: chosen.Raw().Transformed},
		Transforms: fitted,
		Assigner:   c.Assigner,
		Names:      names,
		Sizes:      segments.Counts(),
		Customers:  x.Count(),
		Cost:       c.Cost,
		Iterations: c.Iterations,
		Converged:  c.Converged,
		Starts:     c.Restarts,
		TrainedOn:  trainedOn,
		ID:         raw.Raw().IDName,
		Spec:       raw.Raw().Spec,
		MadeBy:     madeBy(),
		leftOut:    leftOut,
	}
	return m, m.remember(chosen, x, segments.Labels)
}

// remember keeps of the training customers what tells later ones from them: the distribution of each column and of the distances, and
// what is typical of each segment.
func (m *Model) remember(chosen, prepared *table.Table, labels table.Labels) error {
	weights, repeated := chosen.Raw().Weights, chosen.Raw().Weighting == table.FrequencyWeights
	m.Typical = make([][]float64, m.K())
	for l := range m.Typical {
		m.Typical[l] = make([]float64, len(m.Columns))
	}
	m.Training = make([]Distribution, len(m.Columns))
	var nearest []float64
	if m.Assigner != nil {
		var err error
		if _, nearest, _, err = m.assign(prepared); err != nil {
			return err
		}
		for i, v := range nearest {
			nearest[i] = math.Sqrt(v)
		}
	}
	_ = par.Items(context.Background(), 1+len(m.Columns), func(j int) {
		if j == len(m.Columns) {
			if nearest != nil {
				m.Distances = distributionOf(table.Column{}, nearest, weights, repeated)
			}
			return
		}
		c, values := m.Columns[j], chosen.Raw().Column(j)
		m.Training[j] = distributionOf(c, values, weights, repeated)
		for l := range m.Typical {
			m.Typical[l][j] = typical(c, values, weights, repeated, labels, l)
		}
	})
	return nil
}

// typical is the median of a number, or the most frequent level of a category, the first of equals, among the customers of label l; NaN where none has a value.
func typical(c table.Column, values, weights []float64, repeated bool, labels table.Labels, l int) float64 {
	var own, w []float64
	for i, v := range values {
		if labels[i] == l {
			if own = append(own, v); weights != nil {
				w = append(w, weights[i])
			}
		}
	}
	if !c.Categorical() {
		return quantile.Of(own, w, repeated).At(.5)
	}
	d := distributionOf(c, own, w, repeated)
	if d.Count == 0 {
		return math.NaN()
	}
	return float64(slices.Index(d.Shares, slices.Max(d.Shares)))
}

// madeBy is the version of this package in the running program.
func madeBy() string {
	const module = "github.com/segkit/lab"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, of := range append(info.Deps, &info.Main) {
		if of.Path == module && of.Version != "" && of.Version != "(devel)" {
			return "segkit " + of.Version
		}
	}
	return "segkit from a checkout"
}

// resolved returns the recipe with its columns named and every default filled in, so that a saved model still says what
// was done should a default ever change. Given starting centres are not kept: the model's own centres continue them.
func (r Recipe) resolved(chosen *table.Table, m cluster.Method) Recipe {
	out := Recipe{Columns: chosen.Names(), Method: m}
	if w, ok := m.(memory.Continuing); ok {
		cold, _ := w.WithoutStart()
		out.Method = cold.(cluster.Method)
	}
	for _, step := range r.Prep {
		if d, ok := step.(interface{ WithDefaults() prep.Transformer }); ok {
			step = d.WithDefaults()
		}
		out.Prep = append(out.Prep, step)
	}
	return out
}
