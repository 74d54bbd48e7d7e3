package predict

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Options are the choices of Classifier.Evaluate and Prove.
type Options struct {
	Known                  // Prove: what the predictor may read
	From      *table.Table // Prove: what is known early about both parts, joined by id; nil means the columns of the split itself. Customers without a row are left out
	Ordered   bool         // the order of the segments' names is meaningful, lowest first: adds the ranked probability score
	Seen      string       // column with the number of orders seen, to report quality by it; "" for none
	Draws     int          // of the bootstrap; 0 means 400
	Shuffles  int          // of every group of columns, for the importances; 0 means 10, below 0 none
	NullDraws int          // Prove: draws from one group; 0 means 3, below 0 none
	Seed      int

	// Payoff is what it brings to treat customers as members of a segment, by that segment and then by the one that they are really in, in a unit of your
	// choice, with losses below 0. "" stands for all segments that are not named; without an entry, the payoff is 0. {"Big": {"": -6, "Big": 9}} is a
	// catalogue that costs 6, is sent to those predicted to be "Big", and earns 15 from those who are. nil for none.
	Payoff map[string]map[string]float64
}

// payoff has a row for each segment that customers are in, and a column for each that they are treated as; nil for none.
func (o Options) payoff(names []string) [][]float64 {
	if o.Payoff == nil {
		return nil
	}
	out := matrix(len(names), len(names))
	for l, segment := range names {
		for m, as := range names {
			for _, at := range [][2]string{{"", ""}, {"", segment}, {as, ""}, {as, segment}} { // the most particular counts
				if v, ok := o.Payoff[at[0]][at[1]]; ok {
					out[l][m] = v
				}
			}
		}
	}
	return out
}

func (o Options) checkPayoff(op string, names []string) error {
	known := func(name string) error {
		if name != "" && !slices.Contains(names, name) {
			return fault.Option(op, "Payoff", fmt.Sprintf("%q", name), "names of segments"+suggest.Suggestion(name, names))
		}
		return nil
	}
	for _, as := range slices.Sorted(maps.Keys(o.Payoff)) {
		if err := known(as); err != nil {
			return err
		}
		for _, segment := range slices.Sorted(maps.Keys(o.Payoff[as])) {
			if err := known(segment); err != nil {
				return err
			}
			if v := o.Payoff[as][segment]; math.IsNaN(v) || math.IsInf(v, 0) {
				return fault.Option(op, "Payoff", v, "finite numbers")
			}
		}
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.Draws == 0 {
		o.Draws = 400
	}
	if o.Shuffles == 0 {
		o.Shuffles = 10
	}
	if o.NullDraws == 0 {
		o.NullDraws = 3
	}
	return o
}

func (o Options) check(op string, names []string) error {
	if o.Draws < 20 || o.Draws > 100_000 {
		return fault.Option(op, "Draws", o.Draws, "20 to 100,000, or 0 for 400")
	}
	return o.checkPayoff(op, names)
}

// Report says how well a Classifier names the segments of customers whom it has not seen.
type Report struct {
	Classifier *Classifier
	Model      *segkit.Model // the model that formed the segments of the training part and labelled the hold-out; nil if segments were given
	How        string        // how the customers were split; "" if unknown
	Customers  int           // held out, and judged
	LeftOut    int           // held out, but in no segment, or not in Options.From
	Unseen     int           // cells with a level that was not in the training data
	Confusion  [][]float64   // (k x k) customers by their segment (row) and the segment predicted (column); weighted
	Scores     []Score       // accuracy, macro F1, log loss, then as requested
	Each       []SegmentScore
	Bins       []CalibrationBin // customers by the probability of the predicted segment, lowest first
	Off        float64          // expected calibration error: mean difference between probability and share correct over the bins
	Coverage   []CoveragePoint  // what is correct if only the most certain customers get an answer, from the most certain to all
	ColdStart  []ColdStartGroup // by orders seen; nil if not requested
	Importance []Importance     // the most important first; nil if not requested
	Null       *Null            // the same with data from one group; nil if no recipe formed the segments, or if not requested
	Decision   *Decision        // by payoff; nil if not requested

	IDs         []string     // (n) of the customers judged
	Truth       table.Labels // (n) their segments
	Probability [][]float64  // (n x k) as predicted
	Weights     []float64    // (n) of these customers
}

// Evaluate judges the classifier on customers of t from whom it did not learn, and whose true segments are truth, under job.DefaultContext.
// Customers in no segment are left out. It costs Draws x n, and a prediction for each group of columns and each shuffle.
func (c *Classifier) Evaluate(t *table.Table, truth *table.Segments, options ...Options) (*Report, error) {
	return c.EvaluateContext(job.DefaultContext, t, truth, options...)
}

// EvaluateContext is Evaluate under ctx.
func (c *Classifier) EvaluateContext(ctx context.Context, t *table.Table, truth *table.Segments, options ...Options) (*Report, error) {
	const op = "predict.Classifier.Evaluate"
	o, err := option.AtMostOne(op, options)
	if err != nil {
		return nil, err
	}
	switch {
	case c == nil:
		return nil, fault.Nil(op, "classifier")
	case t == nil:
		return nil, fault.Nil(op, "table")
	case truth == nil:
		return nil, fault.Nil(op, "segmentation")
	}
	return evaluate(ctx, op, c, t, truth, o, "")
}

// evaluate judges; customers with the same value in the column unit are drawn together.
func evaluate(ctx context.Context, op string, c *Classifier, t *table.Table, truth *table.Segments, o Options, unit string) (*Report, error) {
	o = o.withDefaults()
	if err := o.check(op, c.Names); err != nil {
		return nil, err
	}
	labels, err := truth.LabelsFor(op, t)
	if err != nil {
		return nil, err
	}
	to := make([]int, truth.K()) // the classifier's labels of the true segments
	for l, name := range truth.Names {
		if to[l] = slices.Index(c.Names, name); to[l] < 0 && truth.Counts()[l] > 0 {
			return nil, &fault.CellError{Op: op, Value: name, Why: "is a segment of the hold-out that the classifier does not know", Err: fault.ErrSchema,
				Remedy: "its segments are " + wording.Quoted(c.Names)}
		}
	}
	var in []int
	for i, l := range labels {
		if l != table.Noise {
			labels[i] = to[l]
			in = append(in, i)
		}
	}
	if len(in) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no customer of the hold-out is in a segment", op)
	}
	r := &Report{Classifier: c, LeftOut: t.Len() - len(in)}
	t, labels = t.Rows(in), pick.At(labels, in)
	if long, of := t.Repeated(); of != nil {
		t, labels = long, pick.At(labels, of)
	}
	x, unseen, err := c.reread(op, t)
	if err != nil {
		return nil, err
	}
	p, err := c.predict(ctx, x, unseen)
	if err != nil {
		return nil, err
	}
	r.Customers, r.Unseen, r.Truth, r.Probability, r.IDs, r.Weights = t.Len(), unseen, labels, p.Probability, t.IDs(), make([]float64, t.Len())
	for i := range r.Weights {
		r.Weights[i] = t.Weight(i)
	}
	units, err := unitsOf(t, unit)
	if err != nil {
		return nil, err
	}
	if err := r.score(ctx, x, p.Labels, units, o); err != nil {
		return nil, err
	}
	r.calibrate()
	r.cover(p.Labels)
	if o.Seen != "" {
		if err := r.coldStart(op, t, o.Seen, p.Labels); err != nil {
			return nil, err
		}
	}
	if o.Shuffles > 0 {
		if err := r.importance(ctx, x, p.Labels, o); err != nil {
			return nil, err
		}
	}
	return r, ctx.Err()
}

// unitsOf numbers the customers, or the groups of them, that are drawn again together (n).
func unitsOf(t *table.Table, column string) ([]int, error) {
	if column == "" {
		return pick.All(t.Len()), nil
	}
	groups, err := groupsOf(t, column)
	if err != nil {
		return nil, err
	}
	number, units := map[string]int{}, make([]int, len(groups))
	for i, g := range groups {
		if _, ok := number[g]; !ok {
			number[g] = len(number)
		}
		units[i] = number[g]
	}
	return units, nil
}
