package value

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Learner learns from customers (n x d) with labels 0 to k-1 how probable each label is, as the predictors of package predict do.
type Learner[F Learned] interface {
	Check(x *table.Table, k int) error
	Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (F, error)
}

// Learned gives the probabilities of k labels for the customers of x (n x k).
type Learned interface {
	Probabilities(ctx context.Context, x *table.Table) ([][]float64, error)
}

// ChurnScore returns a table with one column, churn: the probability of leaving for each customer of now (n), learned from customers for whom the outcome is
// known. The table before has their columns at an earlier date; the column left of after says whether they have left since (yes or no, 1 or 0), joined by id. It is for contracts and visits, where
// leaving can be observed. The columns of before must have been known at its date. Before you use the score, check it on customers whose outcome was held out
// (predict.Classifier.Evaluate). Join it to a table with what customers are worth, and campaign.Test.Shortlist lists those with the most at stake. It costs as
// much as the learner.
func ChurnScore[F Learned](learner Learner[F], before, after *table.Table, left string, now *table.Table) (*table.Table, error) {
	return ChurnScoreContext(job.DefaultContext, learner, before, after, left, now)
}

// ChurnScoreContext is ChurnScore under ctx.
func ChurnScoreContext[F Learned](ctx context.Context, learner Learner[F], before, after *table.Table, left string, now *table.Table) (*table.Table, error) {
	const op = "value.ChurnScore"
	switch {
	case learner == nil:
		return nil, fault.Nil(op, "learner")
	case before == nil || after == nil || now == nil:
		return nil, fault.Nil(op, "table")
	}
	if err := before.Raw().NamedAs(op, after.Raw()); err != nil {
		return nil, err
	}
	state, fate, unknown, err := after.MetricFor(before.IDs(), left)
	if err != nil {
		return nil, err
	}
	if unknown > 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: for %s to learn from, it is not known whether they left: keep those who are in both tables", op, wording.Plural(unknown, "customer"))
	}
	labels, gone := make(table.Labels, before.Len()), 0
	for i, v := range fate {
		if v != 0 && v != 1 {
			return nil, &fault.CellError{Op: op, Row: i + 1, ID: before.Raw().IDs[i], Column: state.Name, Value: wording.Number(v), Why: "says neither that the customer left (1) nor that they stayed (0)", Remedy: "make a column of 1 and 0 with With", Err: fault.ErrOption}
		}
		labels[i] = int(v)
		gone += labels[i]
	}
	if gone == 0 || gone == len(labels) {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: %d of %d customers left: there are no two groups to tell apart", op, gone, len(labels))
	}
	for _, c := range before.Columns() {
		if err := c.Ancestry.CheckAfter(op, state); err != nil {
			return nil, err
		}
	}
	x, err := now.Select(before.Names()...)
	if err != nil {
		return nil, err
	}
	if err := learner.Check(before, 2); err != nil {
		return nil, err
	}
	learned, err := learner.Learn(ctx, before, labels, 2)
	if err != nil {
		return nil, err
	}
	chances, err := learned.Probabilities(ctx, x)
	if err != nil {
		return nil, err
	}
	scores := make([]float64, len(chances))
	for i, p := range chances {
		if scores[i] = math.NaN(); len(p) == 2 {
			scores[i] = p[1]
		}
	}
	return table.New(now.IDs(), []table.Column{{Name: "churn", LowerIsBetter: true, About: "probability that " + state.Name + " is 1", Ancestry: table.MadeOf(before.Columns()...)}}, scores)
}
