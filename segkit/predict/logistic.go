package predict

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/table"
)

// Logistic is multinomial logistic regression on standardised columns with a ridge penalty (le Cessie & van Houwelingen 1992,
// doi:10.2307/2347628), fitted by L-BFGS. For two segments it is binomial. It costs n·d·k per step, for a few dozen steps.
type Logistic struct {
	Ridge float64 // shrinks the coefficients towards 0: half of it times their squares is added to the log loss of all customers; 0 means 1
}

var _ Predictor = Logistic{}

func (p Logistic) Check(x *table.Table, _ int) error {
	if err := given("predict.Logistic", x); err != nil {
		return err
	}
	if !(p.Ridge >= 0) || math.IsInf(p.Ridge, 0) {
		return fault.Option("predict.Logistic", "Ridge", p.Ridge, "a number above 0, or 0 for 1")
	}
	return nil
}

func (p Logistic) Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	if p.Ridge == 0 {
		p.Ridge = 1
	}
	f := fittedLogistic{Design: newDesign(x), K: k}
	l := &logit{ctx: ctx, rows: f.Design.rows(x), w: f.Design.width(), labels: labels, weights: x.Raw().Weights, outputs: outputs(k), ridge: p.Ridge}
	at, err := l.minimum()
	if err != nil {
		return nil, err
	}
	for o := range l.outputs {
		f.Coefficients = append(f.Coefficients, at[o*(l.w+1):(o+1)*(l.w+1)])
	}
	return f, nil
}

// outputs is how many scores k segments need: of two segments, one says all.
func outputs(k int) int {
	if k == 2 {
		return 1
	}
	return k
}

// fromScores turns the scores of outputs(k) in out into the probabilities of k segments.
func fromScores(out []float64) {
	if len(out) == 2 {
		out[1] = 1 / (1 + math.Exp(-out[0]))
		out[0] = 1 - out[1]
		return
	}
	softmax(out)
}

type fittedLogistic struct {
	Design       design      `json:"design"`
	K            int         `json:"k"`
	Coefficients [][]float64 `json:"coefficients"` // (outputs x width+1) the last is the intercept
}

func (f fittedLogistic) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	out := matrix(x.Len(), f.K)
	err := par.Rows(ctx, x.Len(), func(_, from, to int) {
		row := make([]float64, f.Design.width())
		for i := from; i < to; i++ {
			f.Design.row(x.Raw().Row(i), row)
			for o, c := range f.Coefficients {
				out[i][o] = linear(c, row)
			}
			fromScores(out[i])
		}
	})
	return out, err
}

// linear is the score of a row by coefficients whose last is the intercept.
func linear(c, row []float64) float64 {
	sum := c[len(row)]
	for j, v := range row {
		sum += float64(c[j] * v)
	}
	return sum
}

// logit is the penalised log loss of customers, divided by what they weigh.
type logit struct {
	ctx     context.Context
	rows    []float64 // (n x w)
	w       int
	labels  table.Labels
	weights []float64 // (n) or nil
	outputs int
	ridge   float64

	at       []float64 // where loss and gradient were found last
	loss     float64
	gradient []float64
}

// minimum returns the coefficients (outputs x w+1) of least loss.
func (l *logit) minimum() ([]float64, error) {
	start := make([]float64, l.outputs*(l.w+1))
	settings := &optimize.Settings{GradientThreshold: 1e-7, MajorIterations: 1000, Recorder: stopper{l.ctx},
		Converger: &optimize.FunctionConverge{Relative: 1e-12, Iterations: 20}}
	result, err := optimize.Minimize(optimize.Problem{
		Func: func(at []float64) float64 { l.find(at); return l.loss },
		Grad: func(grad, at []float64) { l.find(at); copy(grad, l.gradient) },
	}, start, settings, &optimize.LBFGS{})
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	if result == nil {
		return nil, fmt.Errorf("segkit: predict.Logistic: the loss has no minimum that can be found: %w", err)
	}
	return result.X, nil // a line search that finds no lower loss has arrived as far as rounding allows
}

// stopper ends a search when its context does.
type stopper struct{ ctx context.Context }

func (s stopper) Init() error { return s.ctx.Err() }
func (s stopper) Record(*optimize.Location, optimize.Operation, *optimize.Stats) error {
	return s.ctx.Err()
}

// find makes loss and gradient those at the coefficients.
func (l *logit) find(at []float64) {
	if l.at != nil && slices.Equal(l.at, at) {
		return
	}
	l.at = append(l.at[:0], at...)
	n, size := len(l.labels), l.w+1
	sums := make([][]float64, par.Chunks(n)) // gradient, then loss, then weight
	par.Rows(context.WithoutCancel(l.ctx), n, func(chunk, from, to int) {
		sum, scores := make([]float64, len(at)+2), make([]float64, max(l.outputs, 2))
		for i := from; i < to; i++ {
			row, weight := l.rows[i*l.w:(i+1)*l.w], 1.0
			if l.weights != nil {
				weight = l.weights[i]
			}
			for o := range l.outputs {
				scores[o] = linear(at[o*size:(o+1)*size], row)
			}
			fromScores(scores)
			sum[len(at)] -= float64(weight * math.Log(max(scores[l.labels[i]], 1e-300)))
			sum[len(at)+1] += weight
			for o := range l.outputs {
				l1 := o
				if l.outputs == 1 {
					l1 = 1
				}
				pull := scores[l1]
				if l.labels[i] == l1 {
					pull--
				}
				pull *= weight
				g := sum[o*size : (o+1)*size]
				for j, v := range row {
					g[j] += float64(pull * v)
				}
				g[l.w] += pull
			}
		}
		sums[chunk] = sum
	})
	total := make([]float64, len(at)+2)
	for _, sum := range sums {
		for j, v := range sum {
			total[j] += v
		}
	}
	all := total[len(at)+1]
	l.loss = total[len(at)]
	for j, v := range at {
		if j%size != l.w { // intercepts are free
			l.loss += float64(l.ridge / 2 * v * v)
			total[j] += float64(l.ridge * v)
		}
		total[j] /= all
	}
	l.loss /= all
	l.gradient = total[:len(at)]
}

func (f fittedLogistic) valid(columns []table.Column, k int) error {
	if err := f.Design.valid(columns); err != nil {
		return err
	}
	if f.K != k || len(f.Coefficients) != outputs(k) {
		return fmt.Errorf("%d rows of coefficients for %d segments", len(f.Coefficients), k)
	}
	for _, c := range f.Coefficients {
		if len(c) != f.Design.width()+1 || !finite(c...) {
			return errors.New("coefficients do not fit the columns")
		}
	}
	return nil
}
