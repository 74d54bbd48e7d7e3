package predict

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Predictor is a way to learn who is in which segment: options as plain data, whose zero value works.
type Predictor interface {
	// Check refuses options that cannot work for the customers x (n x d) in k segments, before any work is done.
	Check(x *table.Table, k int) error
	// Learn learns the labels (n, each 0..k-1) of the customers x from their columns. It may assume that Check passed and that
	// numbers are finite or missing (NaN). It modifies neither x nor the receiver, and stops when the context is done.
	Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error)
}

// Fitted is what a Predictor has learned.
type Fitted interface {
	// Probabilities returns how likely each customer of x is in each segment (n x k, rows add up to 1). x has the training columns,
	// with the same levels; a value may be missing (NaN).
	Probabilities(ctx context.Context, x *table.Table) ([][]float64, error)
}

// namer is a Fitted that does not name the likeliest segment.
type namer interface {
	names(x *table.Table) table.Labels // (n)
}

// Known says what is known when a prediction is made.
type Known struct {
	Columns []string  // to predict from; empty means all but outcomes
	AsOf    time.Time // last day that may be used; zero is the last day of what formed the segments, if the table knows it
}

// Classifier names the segments of customers, as learned from others. It is saved as a file that contains no customer.
type Classifier struct {
	Predictor    Predictor // with the choice of Tuned
	table.Schema           // Columns (d): what it reads of a table, by name
	Fitted       Fitted
	Names        []string  // (k) of the segments
	Shares       []float64 // (k) of the training customers
	Customers    int       // that it learned from
	Formed       []string  // its columns that formed the segments, or were made from what did: predicting from them only repeats the recipe
	SameSource   []string  // columns from the same records of the same days as those that formed the segments
	Trials       []Trial   // what Tuned tried, in order; nil for other predictors
}

// Fit trains a predictor on who is in which segment, joined by id, under job.DefaultContext. Customers in no segment are left out.
// It refuses a column that uses later days than the day of the prediction, a single segment, and a segment with a single customer.
func Fit(t *table.Table, s *table.Segments, p Predictor, known ...Known) (*Classifier, error) {
	return FitContext(job.DefaultContext, t, s, p, known...)
}

// FitContext is Fit under ctx.
func FitContext(ctx context.Context, t *table.Table, s *table.Segments, p Predictor, known ...Known) (*Classifier, error) {
	const op = "predict.Fit"
	k, err := option.AtMostOne(op, known)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	if p == nil {
		return nil, fault.Nil(op, "predictor")
	}
	labels, err := s.LabelsFor(op, t)
	if err != nil {
		return nil, err
	}
	x, err := k.read(op, t, s)
	if err != nil {
		return nil, err
	}
	var in []int
	for i, l := range labels {
		if l != table.Noise {
			in = append(in, i)
		}
	}
	x, labels = x.Rows(in), pick.At(labels, in)
	if long, of := x.Repeated(); of != nil {
		x, labels = long, pick.At(labels, of)
	}
	x.Raw().Weights = x.EvidenceWeights() // what is learned depends on how many were seen
	if err := learnable(op, labels, s.Names); err != nil {
		return nil, err
	}
	c := &Classifier{Predictor: p, Schema: table.Schema{Columns: x.Columns(), Transformed: x.Transformed()},
		Names: slices.Clone(s.Names), Shares: sharesOf(x, labels, s.K()), Customers: x.Len()}
	formers := s.FormingColumns(t)
	for _, column := range c.Columns {
		switch circular, sameSource := formers.Tie(column); {
		case circular:
			c.Formed = append(c.Formed, column.Name)
		case sameSource:
			c.SameSource = append(c.SameSource, column.Name)
		}
	}
	if err := p.Check(x, s.K()); err != nil {
		return nil, err
	}
	options, recalled := memory.Spell(p)
	learn := func() (*Classifier, error) { return c.learn(ctx, x, labels) }
	if !recalled {
		return learn()
	}
	return memory.Recall(ctx, memory.Key("classifier", x.Fingerprint(), labels, c.Names, c.Formed, c.SameSource, options), learn)
}

// learn fills in what is learned from the customers x.
func (c *Classifier) learn(ctx context.Context, x *table.Table, labels table.Labels) (*Classifier, error) {
	var err error
	if tuned, ok := c.Predictor.(Tuned); ok {
		if c.Predictor, c.Trials, err = tuned.choose(ctx, x, labels, c.K()); err != nil {
			return nil, err
		}
	}
	if c.Fitted, err = c.Predictor.Learn(ctx, x, labels, c.K()); err != nil {
		return nil, err
	}
	return c, ctx.Err()
}

// given refuses a table that is nil.
func given(op string, x *table.Table) error {
	if x == nil {
		return fault.Nil(op, "table")
	}
	return nil
}

// learnable refuses labels (n, no noise) from which nothing can be learned.
func learnable(op string, labels table.Labels, names []string) error {
	var filled []string
	for l, n := range labels.Counts() {
		if n == 1 {
			return &fault.CellError{Op: op, Err: fault.ErrUndefined, Remedy: "merge it with a similar one, or take it out of the segments",
				Why: fmt.Sprintf("segment %q has 1 customer to learn from, and what one customer is like says nothing about others", wording.Clip(names[l]))}
		}
		if n > 0 {
			filled = append(filled, names[l])
		}
	}
	switch len(filled) {
	case 0:
		return fault.Errorf(fault.ErrEmpty, "segkit: %s: no customer to learn from is in a segment", op)
	case 1:
		return &fault.CellError{Op: op, Err: fault.ErrUndefined, Remedy: "give customers of at least two segments",
			Why: fmt.Sprintf("all %s are in segment %q, so there is nothing to tell apart", wording.Plural(len(labels), "customer"), wording.Clip(filled[0]))}
	}
	return nil
}

// sharesOf returns the share of the customers in each of k segments.
func sharesOf(x *table.Table, labels table.Labels, k int) []float64 {
	shares, all := make([]float64, k), allWeight(x)
	for i, l := range labels {
		shares[l] += x.Weight(i)
	}
	for l := range shares {
		shares[l] /= all
	}
	return shares
}

// allWeight is what all customers weigh.
func allWeight(x *table.Table) (all float64) {
	for i := range x.Len() {
		all += x.Weight(i)
	}
	return all
}

// K returns the number of segments.
func (c *Classifier) K() int { return len(c.Names) }

// Predict names the segment of every customer of raw (n x any), whose columns are found by name. A level that was not in the
// training data counts as missing; Predictions says how many there were.
func (c *Classifier) Predict(raw *table.Table) (*Predictions, error) {
	return c.PredictContext(job.DefaultContext, raw)
}

// PredictContext is Predict under ctx.
func (c *Classifier) PredictContext(ctx context.Context, raw *table.Table) (*Predictions, error) {
	if c == nil {
		return nil, fault.Nil("predict.Classifier.Predict", "classifier")
	}
	x, unseen, err := c.reread("predict.Classifier.Predict", raw)
	if err != nil {
		return nil, err
	}
	return c.predict(ctx, x, unseen)
}

// predict names the segments of x, which has the columns of c.
func (c *Classifier) predict(ctx context.Context, x *table.Table, unseen int) (*Predictions, error) {
	prob, err := c.Fitted.Probabilities(ctx, x)
	if err != nil {
		return nil, err
	}
	out := &Predictions{IDs: x.IDs(), Names: slices.Clone(c.Names), Probability: prob, UnseenLevels: unseen}
	if n, ok := c.Fitted.(namer); ok {
		out.Labels = n.names(x)
	} else {
		out.Labels = likeliest(prob)
	}
	return out, nil
}

// likeliest returns the segment with the highest probability (n), ties to the first.
func likeliest(prob [][]float64) table.Labels {
	labels := make(table.Labels, len(prob))
	for i, p := range prob {
		for l, v := range p {
			if v > p[labels[i]] {
				labels[i] = l
			}
		}
	}
	return labels
}

// Sheet lays out what the classifier learned from; the notes say how its columns are tied to the segments.
func (c *Classifier) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("%s, learned from %s in %d segments", wording.TypeName(c.Predictor), wording.Plural(c.Customers, "customer"), c.K()),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "share of those learned from"}}}
	for l, name := range c.Names {
		s.Rows = append(s.Rows, []string{name, sheet.Percent(c.Shares[l])})
	}
	s.Notes = append([]string{fmt.Sprintf("Predicts from %s.", wording.ColumnList(c.ColumnNames()))}, c.ties()...)
	if c.Trials != nil {
		s.Notes = append(s.Notes, trialsSay(c.Trials))
	}
	return s
}

// ties are sentences about columns that are no independent evidence.
func (c *Classifier) ties() (notes []string) {
	if c.Formed != nil {
		notes = append(notes, wording.Columns(c.Formed, "formed the segments, or is derived from what did: predicting from it", "formed the segments, or are derived from what did: predicting from them")+" only repeats the recipe.")
	}
	if c.SameSource != nil {
		notes = append(notes, wording.Columns(c.SameSource, "comes", "come")+" from the same records of the same days as what formed the segments.")
	}
	return notes
}

// Predictions are the segments that a Classifier names, with their probabilities.
type Predictions struct {
	IDs          []string     // (n)
	Names        []string     // (k)
	Probability  [][]float64  // (n x k)
	Labels       table.Labels // (n) the predicted segment
	UnseenLevels int          // cells with a level that was not in the training data; they count as missing
}

// Segments returns the predicted segment of every customer, or none (table.Noise) if its probability is below least, 0 to 1.
func (p *Predictions) Segments(least float64) (*table.Segments, error) {
	if p == nil {
		return nil, fault.Nil("predict.Predictions.Segments", "prediction")
	}
	if !(least >= 0 && least <= 1) {
		return nil, fault.Option("predict.Predictions", "least", least, "a probability from 0 to 1")
	}
	labels := slices.Clone(p.Labels)
	for i, l := range labels {
		if p.Probability[i][l] < least {
			labels[i] = table.Noise
		}
	}
	return table.NewSegments(slices.Clone(p.IDs), labels, slices.Clone(p.Names))
}

// Sheet lays out the first customers with the predicted segment and its probability.
func (p *Predictions) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("Segments predicted for %s", wording.Plural(len(p.IDs), "customer")), Total: len(p.IDs),
		Columns: []sheet.Column{{Name: "id", Text: true}, {Name: "segment", Text: true}, {Name: "probability"}}}
	for i := range min(len(p.IDs), sheet.MaxRows) {
		s.Rows = append(s.Rows, []string{p.IDs[i], p.Names[p.Labels[i]], sheet.Percent(p.Probability[i][p.Labels[i]])})
	}
	if p.UnseenLevels > 0 {
		s.Notes = []string{fmt.Sprintf("%s with a level that was not in the data learned from: counted as missing.", wording.Capital(wording.CellCount(p.UnseenLevels)))}
	}
	return s
}

// Frame returns the predictions as a gota frame: id, segment, and a column of probabilities for each segment under its name.
func (p *Predictions) Frame() table.Frame {
	names := make([]string, len(p.Names))
	for l, name := range p.Names {
		names[l] = "probability of " + name
	}
	return frame.New(frame.Column("id", p.IDs), frame.Each("segment", p.Labels, func(l int) string { return p.Names[l] }),
		frame.Numbers(names, p.Probability, func(row []float64) []float64 { return row }))
}
