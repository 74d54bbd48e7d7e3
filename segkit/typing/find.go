package typing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/table"
)

// Options are the choices of Find.
type Options struct {
	Accuracy float64       // desired share of new respondents classified correctly; 0 takes the shortest tool within one standard error of the best
	Recipe   segkit.Recipe // the recipe that made the segments, which gives the ceiling; without a Method there is none
	From     *table.Table  // the table from which the recipe made them; nil means the answers
	Columns  []string      // that may be asked; nil means all but values and outcomes
	Most     int           // most questions in the tool; 0 means 10
	Folds    int           // of the cross-validation; 0 means 10
	Samples  int           // drawn for the ceiling; 0 means 50
	Seed     int           // of folds and samples
}

// Tool predicts the segment of a respondent from a few questions.
type Tool struct {
	Questions []Question   // (m) the most telling first
	Folds     int          // of the cross-validation
	Chosen    []int        // (m) folds in which the question was chosen for a tool of this length
	Names     []string     // (k) of the segments
	Curve     []CurvePoint // (Most) accuracy with 1, 2, … questions
	All       CurvePoint   // with every question that can be asked
	Wanted    float64      // desired accuracy; 0 for none
	Reached   bool         // a tool with at most Most questions reaches it, or none was desired

	Respondents int                     // learned from
	Accuracy    predict.Interval        // share classified correctly, out of fold
	Largest     float64                 // share of the largest segment: what predicting it for everybody would get right
	Gain        predict.Interval        // how much likelier the true segments are with the answers than with the segments' shares alone: mean log ratio per respondent, out of fold; not above 0 if the answers say nothing
	Hand        predict.Interval        // share classified correctly by the scoring sheet, out of fold
	Ceiling     float64                 // share of respondents whom a new sample would put into the same segment; NaN if no recipe was given
	Each        []SegmentAccuracy       // (k)
	Confusion   [][]float64             // (k x k) respondents by their segment (row) and the segment predicted (column), out of fold; weighted if the answers are
	Rates       [][]float64             // (k x k) the same with exactly these questions in every fold, which Sizes uses for its correction
	OneMissing  float64                 // Accuracy if one question is unanswered, averaged over the questions
	Sure        []predict.CoveragePoint // result of naming a segment only if its probability is at least .5, .6, .7, .8, .9, out of fold

	Points     *Points             // the scoring sheet
	LeftOut    []string            // columns that cannot be asked, and why
	Classifier *predict.Classifier // used by Score: numbers for scales, levels for other questions
}

// CurvePoint is the accuracy of a tool of a given length.
type CurvePoint struct {
	Questions int      // how many
	Accuracy  float64  // share of respondents classified correctly, out of fold
	SE        float64  // standard error of Accuracy, over the folds
	Asked     []string // questions chosen from all respondents; those of the folds may differ
}

// SegmentAccuracy says how well the members of one segment are found.
type SegmentAccuracy struct {
	Name        string
	Respondents int
	Named       predict.Interval // share of its members who are assigned to it, out of fold (recall)
	Right       predict.Interval // share of those assigned to it who are its members (precision)
	Ceiling     float64          // share of its members who would come into it again if the recipe were fitted to a new sample; NaN if no recipe was given
}

// Find chooses questions from the columns of answers (n x d) that distinguish the segments, joined by id, under job.DefaultContext; see
// FindContext.
func Find(answers *table.Table, segments *table.Segments, o Options) (*Tool, error) {
	return FindContext(job.DefaultContext, answers, segments, o)
}

// FindContext chooses questions from the columns of answers (n x d) that distinguish the segments, joined by id; respondents in no
// segment are left out. For every length, the questions are chosen by stepwise discriminant analysis, and predict.Logistic learns what
// each answer says for each segment: one coefficient for the steps of a scale, one for each answer without an order. All of this is done
// without the respondents of a fold, who are then classified (Stone 1974, doi:10.1111/j.2517-6161.1974.tb00994.x); choosing questions
// from all of them would flatter the tool (Ambroise & McLachlan 2002, doi:10.1073/pnas.102102699). Only the length is chosen from the
// same curve that gives the accuracy, from at most Most lengths, which flatters it by less than its standard error. The length is the
// shortest with the desired accuracy; if none was desired or none reaches it, the shortest within one standard error of the best
// (Breiman, Friedman, Olshen & Stone 1984, "Classification and Regression Trees", 3.4.3).
//
// An unanswered question counts as if it had a typical answer. A column with more than 12 different numbers or 20 levels,
// or with a single answer, cannot be asked; LeftOut lists such columns.
//
// Cost: n·d² for the sums used in choosing, d·Most⁴ and about a hundred passes of n·Most·k for each fold, then up to 2·Folds·Most fits of
// predict.Logistic (1,000 respondents, 40 questions, 4 segments: below a second); Samples fits of the recipe for the ceiling.
func FindContext(ctx context.Context, answers *table.Table, segments *table.Segments, o Options) (*Tool, error) {
	const op = "typing.Find"
	if answers == nil {
		return nil, fault.Nil(op, "table")
	}
	labels, err := segments.LabelsFor(op, answers)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	o.Folds, o.Samples, o.Most = cmp.Or(o.Folds, 10), cmp.Or(o.Samples, 50), cmp.Or(o.Most, 10)
	questions, leftOut, err := askable(op, answers, o.Columns, namesSegments(answers, labels, segments.Names))
	if err != nil {
		return nil, err
	}
	if err := learnable(op, labels, segments.Names); err != nil {
		return nil, err
	}
	o.Most = min(o.Most, len(questions))
	find := func() (*Tool, error) {
		quiet := job.WithProgress(ctx, func(job.Progress) {})
		t := &Tool{Names: slices.Clone(segments.Names), Wanted: o.Accuracy, LeftOut: leftOut, Ceiling: math.NaN()}
		ceilings, err := ceilingOf(ctx, op, answers, segments, o)
		if err != nil {
			return nil, err
		}
		s, err := newStudy(op, answers, labels, segments.K(), questions)
		if err != nil {
			return nil, err
		}
		if err := s.run(ctx, quiet, t, o); err != nil {
			return nil, err
		}
		t.setCeilings(ceilings, labels, answers)
		return t, nil
	}
	recipe, known := memory.Spell(o.Recipe.Method)
	for _, step := range o.Recipe.Prep {
		text, ok := memory.Spell(step)
		recipe, known = recipe+"\n"+text, known && ok
	}
	if !known && o.Recipe.Method != nil {
		return find()
	}
	from := ""
	if o.From != nil {
		from = o.From.Fingerprint()
	}
	return memory.Recall(ctx, memory.Key("typing tool", answers.Fingerprint(), labels, segments.Names, recipe, o.Recipe.Columns, from,
		o.Accuracy, o.Columns, o.Most, o.Folds, o.Samples, o.Seed), find)
}

func (o Options) check() error {
	switch {
	case !(o.Accuracy >= 0 && o.Accuracy <= 1):
		return fault.Option("typing.Options", "Accuracy", o.Accuracy, "a share from 0 to 1, such as .85 for 85 %")
	case o.Most < 0:
		return fault.Option("typing.Options", "Most", o.Most, "at least 1, or 0 for 10")
	case o.Folds == 1 || o.Folds < 0:
		return fault.Option("typing.Options", "Folds", o.Folds, "at least 2, or 0 for 10")
	case o.Samples < 0:
		return fault.Option("typing.Options", "Samples", o.Samples, "at least 1, or 0 for 50")
	}
	return nil
}

// learnable refuses segments that cannot be learned from some respondents and tried on others.
func learnable(op string, labels table.Labels, names []string) error {
	filled := 0
	for l, n := range labels.Counts() {
		if n == 1 {
			return &fault.CellError{Op: op, Err: fault.ErrUndefined, Remedy: "merge it with a similar one, or take it out of the segments",
				Why: fmt.Sprintf("segment %q has 1 respondent, who cannot be both learned from and tested on", wording.Clip(names[l]))}
		}
		if n > 0 {
			filled++
		}
	}
	switch filled {
	case 0:
		return fault.Errorf(fault.ErrEmpty, "segkit: %s: no respondent is in a segment", op)
	case 1:
		return fault.Errorf(fault.ErrUndefined, "segkit: %s: all respondents are in one segment, so there is nothing to tell apart", op)
	}
	return nil
}

// study is the answers of the respondents who are in a segment.
type study struct {
	questions []Question
	ids       []string
	replies   replies      // (n x questions)
	labels    table.Labels // (n)
	weights   []float64    // (n) or nil
	k         int
}

func newStudy(op string, answers *table.Table, labels table.Labels, k int, questions []Question) (*study, error) {
	if long, of := answers.Repeated(); of != nil {
		answers, labels = long, pick.At(labels, of)
	}
	in := make([]int, 0, len(labels))
	for i, l := range labels {
		if l != table.Noise {
			in = append(in, i)
		}
	}
	answers = answers.Rows(in)
	r, _, err := read(op, answers, questions)
	return &study{questions, answers.Raw().IDs, r, pick.At(labels, in), answers.EvidenceWeights(), k}, err
}

// fold is what was learned without some respondents, at one length.
type fold struct {
	asked  []int // questions
	fitted predict.Fitted
	points *Points
}

// run fills in everything but the ceiling.
func (s *study) run(ctx, quiet context.Context, t *Tool, o Options) error {
	n := len(s.labels)
	count := min(o.Folds, n)
	of := folds.Deal(s.ids, s.labels, count, o.Seed)
	at, width := places(s.questions)
	rows := s.rows(at, width)
	parts, err := s.products(ctx, rows, of, count)
	if err != nil {
		return err
	}
	whole := newProducts(width, s.k)
	for _, p := range parts {
		whole = whole.and(p, 1)
	}
	sets := make([][][][]int, count+1) // those to try of each length, the last all questions; without each fold, and behind them without none
	err = par.Items(ctx, count+1, func(f int) {
		from := whole
		if f < count {
			from = whole.and(parts[f], -1)
		}
		train, _ := split(of, f)
		d := from.discriminant(pick.At(rows, train), pick.At(s.labels, train), nil)
		if s.weights != nil {
			d.weights = pick.At(s.weights, train)
		}
		sets[f] = append(d.paths(at, o.Most), [][]int{pick.All(len(s.questions))})
	})
	if err != nil {
		return err
	}
	lengths := o.Most + 1
	report := job.Steps(ctx, "a tool of few questions", (count+1)*lengths)
	learned, probability := make([]fold, (count+1)*lengths), make([][][]float64, lengths)
	for m := range probability {
		probability[m] = make([][]float64, n)
	}
	errs := make([]error, len(learned))
	err = par.Items(ctx, len(learned), func(item int) {
		f, m := item/lengths, item%lengths
		train, test := split(of, f)
		one, err := s.best(par.Inside(quiet), sets[f][m], train)
		if err == nil {
			learned[item] = one
			var p [][]float64
			p, err = one.fitted.Probabilities(par.Inside(quiet), s.replies.numbers(s.questions, test, one.asked, s.ids, nil))
			for a := range p {
				probability[m][test[a]] = p[a]
			}
		}
		errs[item] = err
		report()
	})
	if err == nil {
		err = firstOf(errs)
	}
	if err != nil {
		return err
	}
	for m := range probability {
		c := s.point(probability[m], of, count)
		for _, q := range learned[count*lengths+m].asked {
			c.Asked = append(c.Asked, s.questions[q].Name)
		}
		if c.Questions = len(c.Asked); m < o.Most {
			t.Curve = append(t.Curve, c)
		} else {
			t.All = c
		}
	}
	m := t.length()
	final := learned[count*lengths+m]
	asked := final.asked
	if final.points, err = s.points(quiet, final, pick.All(n), t.Names); err != nil {
		return err
	}
	t.Points, t.Questions, t.Respondents = final.points, final.points.Questions, n
	columns := s.replies.numbers(s.questions, nil, asked, nil, nil).Columns()
	t.Classifier = &predict.Classifier{Predictor: predict.Logistic{}, Schema: table.Schema{Columns: columns}, Fitted: final.fitted, Names: slices.Clone(t.Names),
		Shares: shares(s.labels, s.weights, s.k), Customers: n}
	t.Folds, t.Chosen = count, make([]int, len(asked))
	for j, q := range asked {
		for f := range count {
			if slices.Contains(learned[f*lengths+m].asked, q) {
				t.Chosen[j]++
			}
		}
	}
	if t.Rates, err = s.rates(quiet, asked, of, count); err != nil {
		return err
	}
	return s.judge(quiet, t, of, count, probability[m], func(f int) *fold { return &learned[f*lengths+m] })
}

// rows returns what answers become (n x width).
func (s *study) rows(at [][]int, width int) [][]float64 {
	means := s.replies.means(s.questions, at, width, s.weights)
	rows := make([][]float64, len(s.replies))
	for i := range rows {
		rows[i] = make([]float64, width)
		s.replies.spread(s.questions, at, means, i, rows[i])
	}
	return rows
}

// products adds up each fold's respondents.
func (s *study) products(ctx context.Context, rows [][]float64, of []int, count int) ([]*products, error) {
	parts := make([]*products, count)
	err := par.Items(ctx, count, func(f int) {
		parts[f] = newProducts(len(rows[0]), s.k)
		for i, l := range s.labels {
			if of[i] == f {
				parts[f].add(rows[i], l, weightAt(s.weights, i))
			}
		}
	})
	return parts, err
}

// split returns the respondents outside fold f and those in it.
func split(of []int, f int) (train, test []int) {
	for i, part := range of {
		if part == f {
			test = append(test, i)
		} else {
			train = append(train, i)
		}
	}
	return train, test
}

// learn learns from some respondents what the answers to the questions asked say.
func (s *study) learn(ctx context.Context, asked, rows []int) (fold, error) {
	x := s.replies.numbers(s.questions, rows, asked, s.ids, s.weights)
	fitted, err := predict.Logistic{}.Learn(ctx, x, pick.At(s.labels, rows), s.k)
	return fold{asked: asked, fitted: fitted}, err
}

// best learns from some respondents by each of the sets of questions, and returns what names most of them rightly, the first of equal ones.
func (s *study) best(ctx context.Context, sets [][]int, rows []int) (best fold, err error) {
	most := -1.0
	for _, asked := range sets {
		one, err := s.learn(ctx, asked, rows)
		if err != nil || len(sets) == 1 {
			return one, err
		}
		p, err := one.fitted.Probabilities(ctx, s.replies.numbers(s.questions, rows, asked, s.ids, nil))
		if err != nil {
			return one, err
		}
		right := 0.0
		for a, i := range rows {
			if likeliest(p[a]) == s.labels[i] {
				right += weightAt(s.weights, i)
			}
		}
		if right > most {
			best, most = one, right
		}
	}
	return best, nil
}

// point sums up how many are named rightly.
func (s *study) point(probability [][]float64, of []int, count int) (c CurvePoint) {
	right, all := make([]float64, count), make([]float64, count)
	sumRight, sum := 0.0, 0.0
	for i, l := range s.labels {
		w := weightAt(s.weights, i)
		all[of[i]] += w
		sum += w
		if likeliest(probability[i]) == l {
			right[of[i]] += w
			sumRight += w
		}
	}
	for f := range right {
		right[f] /= all[f]
	}
	c.Accuracy = sumRight / sum
	_, sd, _ := stats.Moments(right, nil)
	c.SE = sd / math.Sqrt(float64(count-1))
	return c
}

// likeliest returns the place of the largest value, ties to the first.
func likeliest[T float64 | int](p []T) (best int) {
	for l, v := range p {
		if v > p[best] {
			best = l
		}
	}
	return best
}

// length returns the place on the curve of the tool to take, and notes whether it is as accurate as was wanted.
func (t *Tool) length() int {
	best := 0
	for m, c := range t.Curve {
		if t.Wanted > 0 && c.Accuracy >= t.Wanted {
			t.Reached = true
			return m
		}
		if c.Accuracy > t.Curve[best].Accuracy {
			best = m
		}
	}
	t.Reached = t.Wanted == 0
	least := t.Curve[best].Accuracy - t.Curve[best].SE
	return slices.IndexFunc(t.Curve, func(c CurvePoint) bool { return c.Accuracy >= least })
}

// shares returns the share of the respondents in each segment (k).
func shares(labels table.Labels, weights []float64, k int) []float64 {
	out, all := make([]float64, k), 0.0
	for i, l := range labels {
		w := weightAt(weights, i)
		out[l] += w
		all += w
	}
	for l := range out {
		out[l] /= all
	}
	return out
}

// firstOf returns the first error, nil if there is none.
func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Columns returns the names of the columns that the tool asks (m).
func (t *Tool) Columns() (names []string) {
	for _, q := range t.Questions {
		names = append(names, q.Name)
	}
	return names
}
