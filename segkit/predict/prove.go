package predict

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Prove goes the whole way on a split, under job.DefaultContext: the recipe's transforms and clusters are fitted to the training part
// only; the frozen model labels the hold-out; the predictor learns from the training part; and the hold-out judges it. The same is done
// with data from one group (Null) for comparison. It costs one fit of recipe and predictor, as many more as Options.NullDraws of at
// most 5,000 customers, and what Evaluate costs.
func Prove(s *Split, r segkit.Recipe, p Predictor, options ...Options) (*Report, error) {
	return ProveContext(job.DefaultContext, s, r, p, options...)
}

// ProveContext is Prove under ctx.
func ProveContext(ctx context.Context, s *Split, r segkit.Recipe, p Predictor, options ...Options) (*Report, error) {
	const op = "predict.Prove"
	o, err := option.AtMostOne(op, options)
	if err != nil {
		return nil, err
	}
	switch {
	case s == nil:
		return nil, fault.Nil(op, "split")
	case s.Train == nil || s.Test == nil:
		return nil, fault.Nil(op, "table of one part of the split")
	case p == nil:
		return nil, fault.Nil(op, "predictor")
	}
	o = o.withDefaults()
	compute := func() (*Report, error) { return prove(ctx, s, r, p, o) }
	key, known := s.key(r, p, o)
	if !known {
		return compute()
	}
	return memory.Recall(ctx, key, compute)
}

// key names a proof for the memory; false where a part of it is of a type from elsewhere.
func (s *Split) key(r segkit.Recipe, p Predictor, o Options) (key string, known bool) {
	parts, spelled := []any{r.Method, p}, ""
	for _, step := range r.Prep {
		parts = append(parts, step)
	}
	known = true
	for _, part := range parts {
		text, ok := memory.Spell(part)
		spelled, known = spelled+text+"\n", known && ok
	}
	from := ""
	if o.From != nil {
		from, o.From = o.From.Fingerprint(), nil
	}
	return memory.Key("proof", s.Train.Fingerprint(), s.Test.Fingerprint(), s.How, s.unit, r.Columns, spelled, from, o), known
}

// prove is ProveContext of what was checked.
func prove(ctx context.Context, s *Split, r segkit.Recipe, p Predictor, o Options) (*Report, error) {
	const op = "predict.Prove"
	model, err := r.FitContext(ctx, s.Train)
	if err != nil {
		return nil, err
	}
	if err := o.check(op, model.Names); err != nil {
		return nil, err
	}
	train, err := model.Score(s.Train)
	if err != nil {
		return nil, err
	}
	held, err := model.Score(s.Test)
	if err != nil {
		return nil, err
	}
	learn, _, err := o.early(op, s.Train)
	if err != nil {
		return nil, err
	}
	test, absent, err := o.early(op, s.Test)
	if err != nil {
		return nil, err
	}
	c, err := FitContext(ctx, learn, train, p, o.Known)
	if err != nil {
		return nil, err
	}
	out, err := evaluate(ctx, op, c, test, held, o, s.unit)
	if err != nil {
		return nil, err
	}
	out.Model, out.How, out.LeftOut = model, s.How, out.LeftOut+absent
	if o.NullDraws > 0 {
		if out.Null, err = null(ctx, model, c, s.Train, learn, float64(test.Len())/float64(test.Len()+learn.Len()), o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// early returns what is known early of the customers of t, and how many of them are left out because nothing is.
func (o Options) early(op string, t *table.Table) (known *table.Table, absent int, err error) {
	if o.From == nil {
		return t, 0, nil
	}
	at := make(map[string]int, o.From.Len())
	for i, id := range o.From.Raw().IDs {
		at[id] = i
	}
	var rows []int
	for _, id := range t.Raw().IDs {
		if i, ok := at[id]; ok {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return nil, 0, &fault.CellError{Op: op, Err: fault.ErrSchema, Remedy: "make it from the same orders, or check the ids",
			Why: fmt.Sprintf("none of the %d customers of a part of the split has a row in Options.From, which is joined by id", t.Len())}
	}
	return o.From.Rows(rows), t.Len() - len(rows), nil
}
