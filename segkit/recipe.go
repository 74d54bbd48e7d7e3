package segkit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/memory"
)

// Recipe is an analysis as plain data: which columns, what happens to them, how they are clustered. The same recipe, table
// and seed give the same model.
type Recipe struct {
	Columns []string      // empty: every numeric column whose Role is Feature
	Prep    []Transformer // applied in this order
	Method  Method
}

// Prepare returns the chosen columns of raw (n x d) as the method will see them. It fits the transforms on raw; to
// prepare other customers as a fitted model does, use Model.Prepare.
func (r Recipe) Prepare(raw *Table) (*Table, error) {
	x, _, _, err := r.prepare(raw)
	return x, err
}

// prepare returns the prepared table, the raw columns it was made of, and the fitted transforms.
func (r Recipe) prepare(raw *Table) (x, chosen *Table, fitted []Fitted, err error) {
	if err := r.checkSteps(); err != nil {
		return nil, nil, nil, err
	}
	if raw == nil {
		return nil, nil, nil, nilError("Recipe", "table")
	}
	if chosen, err = r.choose(raw); err != nil {
		return nil, nil, nil, err
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

// choose selects the columns to cluster. What customers did afterwards must never form the segments it will judge.
func (r Recipe) choose(raw *Table) (*Table, error) {
	names := r.Columns
	if len(names) == 0 {
		for _, c := range raw.columns {
			if c.Role == Feature && isNumber(c) {
				names = append(names, c.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("segkit: Recipe: none of the columns %s is a numeric feature: name the columns to cluster in Columns: %w",
			strings.Join(raw.Names(), ", "), ErrSchema)
	}
	x, err := raw.Select(names...)
	if err != nil {
		return nil, err
	}
	for _, c := range x.columns {
		if c.Role == Outcome {
			return nil, &CellError{Op: "Recipe", Column: c.Name, Err: ErrSchema,
				Why: "is an outcome, which judges segments and must not form them", Remedy: "leave it out of Columns"}
		}
	}
	return x, nil
}

// SweepK runs the recipe at every number of segments from..to; see the function SweepK.
func (r Recipe) SweepK(raw *Table, from, to int, o ...SweepOptions) (*Sweep, error) {
	return r.SweepKContext(DefaultContext, raw, from, to, o...)
}

// SweepKContext is SweepK under ctx.
func (r Recipe) SweepKContext(ctx context.Context, raw *Table, from, to int, o ...SweepOptions) (*Sweep, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	m, ok := r.Method.(KMethod)
	if !ok {
		return nil, &OptionError{Method: "Recipe", Field: "Method", Value: fmt.Sprintf("%T", r.Method), Want: "a method whose number of segments is given, such as KMeans"}
	}
	x, err := r.Prepare(raw)
	if err != nil {
		return nil, err
	}
	return SweepKContext(ctx, x, m, from, to, o...)
}

// Fit prepares raw (n x d), clusters it, and names the segments by what stands out, under DefaultContext.
func (r Recipe) Fit(raw *Table) (*Model, error) { return r.FitContext(DefaultContext, raw) }

// FitContext is Fit under ctx.
func (r Recipe) FitContext(ctx context.Context, raw *Table) (*Model, error) {
	if raw == nil {
		return nil, nilError("Recipe.Fit", "table")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	compute := func() (*Model, error) { return r.fit(ctx, raw) }
	options, known := spellOut(r.Method)
	for _, step := range r.Prep {
		text, ok := spellOut(step)
		options, known = options+"\n"+text, known && ok
	}
	if !known {
		return compute()
	}
	return memory.Recall(ctx, memory.Key("model", raw.Fingerprint(), r.Columns, options), compute)
}

func (r Recipe) check() error {
	if r.Method == nil {
		return &OptionError{Method: "Recipe", Field: "Method", Value: nil, Want: "a method such as KMeans{K: 4}"}
	}
	return r.checkSteps()
}

func (r Recipe) checkSteps() error {
	if i := slices.Index(r.Prep, nil); i >= 0 {
		return &OptionError{Method: "Recipe", Field: fmt.Sprintf("Prep[%d]", i), Value: nil, Want: "a transform such as Standardize{}"}
	}
	return nil
}

func (r Recipe) fit(ctx context.Context, raw *Table) (*Model, error) {
	x, chosen, fitted, err := r.prepare(raw)
	if err != nil {
		return nil, err
	}
	c, err := FitContext(ctx, x, r.Method)
	if err != nil {
		return nil, err
	}
	segments := c.Segments()
	names, err := segmentNames(raw, chosen, segments)
	if err != nil {
		return nil, err
	}
	return &Model{
		Recipe:     r.resolved(chosen, c.Method),
		Before:     Before{Columns: cloneColumns(chosen.columns), Transformed: chosen.transformed},
		Transforms: fitted,
		Assigner:   c.Assigner,
		Names:      names,
		Sizes:      segments.Counts(),
		Customers:  x.Len(),
		Cost:       c.Cost,
		Iterations: c.Iterations,
		Converged:  c.Converged,
		Starts:     c.Restarts,
		TrainedOn:  chosen.Fingerprint(),
	}, nil
}

// resolved returns the recipe with its columns named and every default filled in, so that a saved model still says what
// was done should a default ever change. Given starting centres are not kept: the model's own centres continue them.
func (r Recipe) resolved(chosen *Table, m Method) Recipe {
	out := Recipe{Columns: chosen.Names(), Method: m}
	if w, ok := m.(warm); ok {
		out.Method, _ = w.cold()
	}
	for _, step := range r.Prep {
		if d, ok := step.(interface{ withDefaults() Transformer }); ok {
			step = d.withDefaults()
		}
		out.Prep = append(out.Prep, step)
	}
	return out
}

// segmentNames names segments by what stands out, in the customers' own units, in the columns that were clustered and in what
// customers are worth: other columns would put into a name what did not form the segment. A table that was transformed
// before has no such units, and its segments stay "1", "2", ….
func segmentNames(raw, chosen *Table, s *Segments) ([]string, error) {
	if raw.transformed {
		return s.Names, nil
	}
	before := chosen.Names()
	for _, c := range raw.columns {
		if c.Role == Value && !slices.Contains(before, c.Name) {
			before = append(before, c.Name)
		}
	}
	known, err := raw.Select(before...)
	if err != nil {
		return nil, err
	}
	profile, _, err := describe(known, s)
	if err != nil {
		return nil, err
	}
	return profile.Names(), nil
}
