package predict

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Tuned tries several predictors by cross-validation among the training customers, and learns with the one that has the lowest log
// loss, the first if several are equal. The hold-out plays no part in this.
type Tuned struct {
	Try   []Predictor // empty means a logistic regression with ridges of 1, 10 and 100, a Forest with leaves of 1 and 10, and Boosted with 3, 8 and 31 leaves
	Folds int         // 0 means 5
	Seed  int
}

var _ Predictor = Tuned{}

// Trial is how well a predictor did in cross-validation.
type Trial struct {
	Predictor Predictor
	LogLoss   float64 // per customer, of probabilities by predictors that had not seen them
}

func (p Tuned) withDefaults() Tuned {
	if p.Try == nil {
		p.Try = []Predictor{Logistic{Ridge: 1}, Logistic{Ridge: 10}, Logistic{Ridge: 100}, Forest{Seed: p.Seed}, Forest{MinLeaf: 10, Seed: p.Seed},
			Boosted{Leaves: 3}, Boosted{Leaves: 8}, Boosted{}}
	}
	if p.Folds == 0 {
		p.Folds = 5
	}
	return p
}

func (p Tuned) Check(x *table.Table, k int) error {
	if err := given("predict.Tuned", x); err != nil {
		return err
	}
	p = p.withDefaults()
	if p.Folds < 2 || p.Folds > x.Len() {
		return fault.Option("predict.Tuned", "Folds", p.Folds, fmt.Sprintf("2 to %d (the customers to learn from), or 0 for 5", x.Len()))
	}
	if len(p.Try) == 0 {
		return fault.Option("predict.Tuned", "Try", "none", "at least one predictor")
	}
	for i, each := range p.Try {
		if each == nil {
			return fault.Option("predict.Tuned", fmt.Sprintf("Try[%d]", i), nil, "a predictor such as Forest{}")
		}
		if err := each.Check(x, k); err != nil {
			return err
		}
	}
	return nil
}

func (p Tuned) Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	chosen, _, err := p.choose(ctx, x, labels, k)
	if err != nil {
		return nil, err
	}
	return chosen.Learn(ctx, x, labels, k)
}

// choose tries the predictors on parts of the customers in which every segment has its share.
func (p Tuned) choose(ctx context.Context, x *table.Table, labels table.Labels, k int) (Predictor, []Trial, error) {
	p = p.withDefaults()
	fold := folds.Deal(x.Raw().IDs, labels, p.Folds, p.Seed)
	losses, failed := make([]float64, len(p.Try)*p.Folds), make([]error, len(p.Try)*p.Folds)
	step := job.Steps(ctx, "tuning", len(losses))
	err := par.Items(ctx, len(losses), func(at int) {
		losses[at], failed[at] = p.loss(par.Inside(ctx), p.Try[at/p.Folds], x, labels, k, fold, at%p.Folds)
		step()
	})
	if err != nil {
		return nil, nil, err
	}
	trials, best := make([]Trial, len(p.Try)), 0
	for t, each := range p.Try {
		if i := slices.IndexFunc(failed[t*p.Folds:(t+1)*p.Folds], func(err error) bool { return err != nil }); i >= 0 {
			return nil, nil, failed[t*p.Folds+i]
		}
		trials[t].Predictor = each
		for _, loss := range losses[t*p.Folds : (t+1)*p.Folds] {
			trials[t].LogLoss += loss
		}
		if trials[t].LogLoss /= allWeight(x); trials[t].LogLoss < trials[best].LogLoss {
			best = t
		}
	}
	return p.Try[best], trials, nil
}

// loss is the log loss of a predictor on the customers of one fold, summed.
func (p Tuned) loss(ctx context.Context, each Predictor, x *table.Table, labels table.Labels, k int, fold []int, f int) (sum float64, err error) {
	var seen, held []int
	for i := range fold {
		if fold[i] == f {
			held = append(held, i)
		} else {
			seen = append(seen, i)
		}
	}
	inner := x.Rows(seen)
	if err := each.Check(inner, k); err != nil {
		return 0, err
	}
	fitted, err := each.Learn(ctx, inner, pick.At(labels, seen), k)
	if err != nil {
		return 0, err
	}
	prob, err := fitted.Probabilities(ctx, x.Rows(held))
	if err != nil {
		return 0, err
	}
	for p, i := range held {
		sum += float64(x.Weight(i) * logLoss(prob[p][labels[i]]))
	}
	return sum, nil
}

// logLoss is the surprise at what had this probability; where that was 0, as of one in 10^15, since infinity would drown all else.
func logLoss(p float64) float64 { return -math.Log(max(p, 1e-15)) }

// trialsSay lists what was tried, the best first.
func trialsSay(trials []Trial) string {
	trials = slices.Clone(trials)
	slices.SortStableFunc(trials, func(a, b Trial) int { return int(math.Copysign(1, a.LogLoss-b.LogLoss)) })
	var parts []string
	for _, t := range trials[:min(3, len(trials))] {
		parts = append(parts, fmt.Sprintf("%s %s", spelled(t.Predictor), sheet.Fixed(t.LogLoss, 3)))
	}
	return fmt.Sprintf("Chosen by log loss in cross-validation among %s, without the hold-out; the best were %s.", wording.Plural(len(trials), "predictor"), sheet.List(parts))
}

// spelled writes a predictor with the options that are set: "Logistic{Ridge: 10}".
func spelled(p Predictor) string {
	v, name := reflect.ValueOf(p), wording.TypeName(p)
	if v.Kind() != reflect.Struct {
		return name
	}
	var set []string
	for i := range v.NumField() {
		if !v.Field(i).IsZero() && v.Type().Field(i).Name != "Seed" {
			set = append(set, fmt.Sprintf("%s: %v", v.Type().Field(i).Name, v.Field(i)))
		}
	}
	if set == nil {
		return name
	}
	return name + "{" + strings.Join(set, ", ") + "}"
}
