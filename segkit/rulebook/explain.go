package rulebook

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/growtree"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/tree"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Segments said as rules, with what the saying costs.

// Options are the choices of Explain.
type Options struct {
	Columns       []string // columns to use in rules; nil means the columns that formed the segments if known, else all features
	MaxConditions int      // in one rule, 1 to 5; 0 means 3
	Worth         float64  // share of customers whom one more rule must place correctly; 0 means 0.01, negative means none
	Folds         int      // of the cross-validation; 0 means 5
	Seed          int      // of the folds
}

const (
	mostConditions = 5     // in a rule: nobody remembers more
	ruleConditions = 3     //
	ruleFolds      = 5     //
	ruleWorth      = 0.01  //
	ruleRounding   = 0.001 // share of all customers that a rounder threshold may cost
)

// Explanation is a rule book for segments that were made in another way, and says how well it fits them. Its Rules are
// exclusive: in any order, they take the same customers.
type Explanation struct {
	Book
	Of        *table.Segments // what is explained
	Columns   []table.Column  // (d) that rules could use
	YesNo     []bool          // (d) the column is a number that is 0 or 1, for no and yes
	Evidence  []RuleEvidence  // (rules)
	Fidelity  Fidelity        // of the whole, on all customers
	Held      Fidelity        // the same cross-validated: rules are made without the customers on whom they are tested
	HeldError float64         // standard error of Held.Accuracy, from its differences between folds
	Shorter   []Fidelity      // with at most 1, 2, … MaxConditions conditions, cross-validated
	N         int             // customers on whom the rules are tested
	Rows      int             // customers from whom the rules were made, if fewer than all in a segment; else 0
	Untaken   int             // customers whom no rule takes, because a value is missing
}

// RuleEvidence says how well one rule describes its segment.
type RuleEvidence struct {
	Segment   string
	Says      string  // the rule in words: "orders at least 6, recency at most 90 days"
	Customers int     // that the rule takes
	Coverage  float64 // share of all customers that it takes
	Precision float64 // share of them who are in the segment
	Recall    float64 // share of the segment that it takes
	Lift      float64 // Precision / share of the segment among all
}

// Fidelity says how well rules and segments agree.
type Fidelity struct {
	Conditions   int     // at most this many in a rule
	Accuracy     float64 // share of customers who get their own segment
	AdjustedRand float64 // NaN if undefined
}

var _ sheet.Sheeter = (*Explanation)(nil)

// Explain describes the segments s by rules on the columns of raw, in the customers' own units and with round thresholds,
// under DefaultContext.
func Explain(raw *table.Table, s *table.Segments, o Options) (*Explanation, error) {
	return ExplainContext(job.DefaultContext, raw, s, o)
}

// ExplainContext is Explain under ctx. Segments are joined by id; every customer of raw must be in s. Customers in no segment
// (Noise) count as correct if no rule takes them. The table's Weighting is respected: all shares are weighted, and repeated rows are
// assigned to the folds one by one.
//
// The rules are the leaves of a small tree, and therefore exclusive. With up to three conditions, it is the best possible tree on about 100
// candidate thresholds, which are then moved to the best value and rounded: a rounder threshold may cost one customer in a thousand. Longer
// rules grow from it step by step. One more rule must place at least the share of customers given by Worth correctly; a segment that is not
// worth a rule has none, and the result says so. With more than 20 columns, only the 20 that say most by themselves are used; with more than
// 10,000 customers, a tree is grown on 10,000, chosen by their ids. All measures are taken after rounding, on all customers. So a sample may
// miss a better rule, but no share is an estimate from it; Rows and the sheet say if there was one.
//
// It costs 1 + Folds·MaxConditions searches of about d·100² k + 100³ k steps for MaxConditions 3, whatever n: about a second for 10 columns. In
// addition, sampling costs n log n once, and measuring n for every search: two seconds of processor time for each million customers.
func ExplainContext(ctx context.Context, raw *table.Table, s *table.Segments, o Options) (*Explanation, error) {
	o.MaxConditions, o.Worth, o.Folds = cmp.Or(o.MaxConditions, ruleConditions), cmp.Or(o.Worth, ruleWorth), cmp.Or(o.Folds, ruleFolds)
	labels, err := s.LabelsFor("rulebook.Explain", raw)
	if err != nil {
		return nil, err
	}
	x, err := spokenColumns(raw, s, o.Columns)
	if err != nil {
		return nil, err
	}
	if err := o.check(x, s, labels); err != nil {
		return nil, err
	}
	if long, of := x.Repeated(); of != nil {
		x, labels = long, pick.At(labels, of)
	}
	key := memory.Key("explain", x.Fingerprint(), []int(labels), s.Names, o.MaxConditions, o.Worth, o.Folds, o.Seed)
	e, err := memory.Recall(ctx, key, func() (*Explanation, error) { return explain(ctx, x, s, labels, o) })
	if err != nil {
		return nil, err
	}
	e.Of = s // recalled, it is a copy
	return e, nil
}

// spokenColumns returns the columns of raw that rules may speak of.
func spokenColumns(raw *table.Table, s *table.Segments, asked []string) (*table.Table, error) {
	if raw.Raw().Transformed {
		return nil, &fault.CellError{Op: "rulebook.Explain", Why: "the table holds transformed values, in which rules mean nothing",
			Remedy: "explain the segments on the table before transforming", Err: fault.ErrSchema}
	}
	if m, ok := s.Model.(*segkit.Model); len(asked) == 0 && !(ok && m.Transformed) {
		for _, name := range s.FormedBy {
			if _, err := raw.Index(name); err == nil {
				asked = append(asked, name)
			}
		}
	}
	if len(asked) == 0 {
		for _, c := range raw.Raw().Columns {
			if c.Role == table.Feature {
				asked = append(asked, c.Name)
			}
		}
	}
	if len(asked) == 0 && raw.Len() > 0 {
		return nil, &fault.CellError{Op: "rulebook.Explain", Why: "the table has no features to make rules from", Remedy: "name columns in rulebook.Options.Columns",
			Err: fault.ErrSchema}
	}
	b, _, err := table.SchemaOf("rulebook.Explain", raw, asked, func(table.Column) bool { return true })
	if err != nil {
		return nil, err
	}
	for _, c := range b.Columns {
		if c.Role == table.Outcome {
			return nil, &fault.CellError{Op: "rulebook.Explain", Column: c.Name, Why: "is an outcome, which is not known yet when a customer is assigned",
				Remedy: "leave it out of rulebook.Options.Columns", Err: fault.ErrSchema}
		}
	}
	return raw.Select(asked...)
}

// check refuses what cannot be explained. Options have their defaults.
func (o Options) check(x *table.Table, s *table.Segments, labels table.Labels) error {
	switch {
	case o.MaxConditions < 1 || o.MaxConditions > mostConditions:
		return fault.Option("rulebook.Explain", "MaxConditions", o.MaxConditions, fmt.Sprintf("1 to %d", mostConditions))
	case o.Folds < 2:
		return fault.Option("rulebook.Explain", "Folds", o.Folds, "at least 2")
	case math.IsNaN(o.Worth):
		return fault.Option("rulebook.Explain", "Worth", o.Worth, "a share of customers")
	}
	for l, name := range s.Names {
		if wording.LastIndex(s.Names, name) != l {
			return &fault.CellError{Op: "rulebook.Explain", Value: name, Why: "is the name of two segments", Remedy: "rename one of them", Err: fault.ErrSchema}
		}
	}
	filled := 0
	for _, n := range labels.Counts() {
		filled += min(n, 1)
	}
	if filled < 2 {
		return fault.Errorf(fault.ErrUndefined, "segkit: rulebook.Explain: all customers are in %s, and rules tell segments apart", wording.Plural(filled, "segment"))
	}
	return nil
}

// explain makes the rules of at most MaxConditions conditions, and tries those of every fold with 1, 2, … conditions.
func explain(ctx context.Context, x *table.Table, s *table.Segments, labels table.Labels, o Options) (*Explanation, error) {
	names := s.Names
	fold := folds.Deal(x.Raw().IDs, labels, o.Folds, o.Seed)
	held := make([]table.Labels, o.MaxConditions) // (conditions) what rules say of customers they were not made from
	for m := range held {
		held[m] = make(table.Labels, x.Len())
	}
	d, drawn := growtree.Data(x, labels, len(names)), growtree.Draw(x)
	grow := func(o Options, in func(i int) bool) *tree.Node { // of those who are in, and in a segment
		return growtree.Grow(x, labels, len(names), func(i int) bool { return labels[i] != table.Noise && in(i) }, drawn,
			tree.Options{Conditions: o.MaxConditions, Worth: max(o.Worth, 0), Slack: ruleRounding})
	}
	report := job.Steps(ctx, "rules", 1+o.MaxConditions*o.Folds)
	var whole *tree.Node
	err := par.Items(ctx, 1+o.MaxConditions*o.Folds, func(job int) {
		if job == 0 {
			whole = grow(o, func(i int) bool { return true })
			report()
			return
		}
		shorter, f := o, (job-1)%o.Folds
		shorter.MaxConditions -= (job - 1) / o.Folds // the longest first
		n := grow(shorter, func(i int) bool { return fold[i] != f })
		for i := range fold {
			if fold[i] == f {
				held[shorter.MaxConditions-1][i] = said(n, d, i)
			}
		}
		report()
	})
	if err != nil {
		return nil, err
	}
	inSegment := 0
	for _, n := range labels.Counts() {
		inSegment += n
	}
	e := &Explanation{Of: s, Columns: x.Columns(), YesNo: x.Raw().ZeroOnes(), N: x.Len(), Rows: growtree.Sampled(inSegment)}
	for m := range held {
		e.Shorter = append(e.Shorter, fidelity(x, labels, held[m], m+1))
	}
	e.Held = e.Shorter[o.MaxConditions-1]
	e.HeldError = acrossFolds(x, labels, held[o.MaxConditions-1], fold, o.Folds)
	e.tell(x, d, names, labels, whole, o.MaxConditions)
	return e, nil
}

// said is the label of the rule that takes customer i, Noise if none does.
func said(n *tree.Node, d *tree.Data, i int) int {
	at, leaf := n.Reach(d, i)
	if !leaf {
		return table.Noise
	}
	return at.Class
}

// fidelity compares what rules say with the segments.
func fidelity(x *table.Table, labels, said table.Labels, conditions int) Fidelity {
	f := Fidelity{Conditions: conditions}
	total := 0.0
	for i := range labels {
		total += x.Weight(i)
		if labels[i] == said[i] {
			f.Accuracy += x.Weight(i)
		}
	}
	f.Accuracy /= total
	f.AdjustedRand = compare.WeightedRand(x, labels, said)
	return f
}

// acrossFolds is the standard error of the share of customers who get their own segment, by the share in each fold; NaN where fewer than
// two folds have customers. Its folds share most of what their rules were made from, so that it is low rather than high (Bengio & Grandvalet 2004,
// "No unbiased estimator of the variance of k-fold cross-validation", JMLR 5: 1089-1105).
func acrossFolds(x *table.Table, labels, said table.Labels, fold []int, folds int) float64 {
	right, all := make([]float64, folds), make([]float64, folds)
	for i, f := range fold {
		all[f] += x.Weight(i)
		if labels[i] == said[i] {
			right[f] += x.Weight(i)
		}
	}
	var shares []float64
	for f, w := range all {
		if w > 0 {
			shares = append(shares, right[f]/w)
		}
	}
	return stat.StdErr(stat.StdDev(shares, nil), float64(len(shares)))
}

// tell writes the leaves of the tree as rules with their evidence, in the order of the segments, the widest first.
func (e *Explanation) tell(x *table.Table, d *tree.Data, names []string, labels table.Labels, n *tree.Node, conditions int) {
	type taken struct {
		leaf            *tree.Node
		path            tree.Path
		customers       int
		weight, correct float64
	}
	var rules []*taken
	at := make(map[*tree.Node]*taken)
	n.Leaves(d.Columns, func(leaf *tree.Node, path tree.Path) {
		rules = append(rules, &taken{leaf: leaf, path: path})
		at[leaf] = rules[len(rules)-1]
	})
	says := make(table.Labels, x.Len())
	segment := make([]float64, len(names))
	total := 0.0
	for i := range says {
		w := x.Weight(i)
		total += w
		if labels[i] >= 0 {
			segment[labels[i]] += w
		}
		says[i] = said(n, d, i)
		if says[i] == table.Noise {
			e.Untaken++
			continue
		}
		leaf, _ := n.Reach(d, i)
		r := at[leaf]
		r.customers++
		r.weight += w
		if labels[i] == leaf.Class {
			r.correct += w
		}
	}
	e.Fidelity = fidelity(x, labels, says, conditions)
	for slices.Contains(names, e.rest()) { // a segment must not get those that no rule takes
		e.Rest = e.rest() + " (no rule)"
	}
	slices.SortStableFunc(rules, func(a, b *taken) int {
		return cmp.Or(cmp.Compare(a.leaf.Class, b.leaf.Class), cmp.Compare(b.weight, a.weight))
	})
	for _, r := range rules {
		if r.customers == 0 {
			continue
		}
		l := r.leaf.Class
		e.Rules = append(e.Rules, Rule{names[l], ruleFormula(x.Raw().Columns, r.path)})
		e.Evidence = append(e.Evidence, RuleEvidence{Segment: names[l], Says: ruleWords(e.Columns, e.YesNo, r.path), Customers: r.customers,
			Coverage: r.weight / total, Precision: r.correct / r.weight, Recall: r.correct / segment[l],
			Lift: r.correct / r.weight / (segment[l] / total)})
	}
}

// Words says how to recognise a segment: "orders at least 6, recency at most 90 days", with "; or " between several rules. It
// is "" for a segment without a rule.
func (e *Explanation) Words(segment string) string {
	var says []string
	for _, r := range e.Evidence {
		if r.Segment == segment {
			says = append(says, r.Says)
		}
	}
	return strings.Join(says, "; or ")
}

// PrecisionRecall combines the rules of a segment, which take nobody twice. Without a rule there is no precision.
func (e *Explanation) PrecisionRecall(segment string) (precision, recall float64) {
	taken, right := 0.0, 0.0
	for _, r := range e.Evidence {
		if r.Segment == segment {
			taken += r.Coverage
			right += float64(r.Coverage * r.Precision)
			recall += r.Recall
		}
	}
	return right / taken, recall
}

// explanationData is an Explanation for gob.
type explanationData struct {
	Rules          []Rule
	Rest           string
	Of             *table.Segments
	Columns        []table.Column
	YesNo          []bool
	Evidence       []RuleEvidence
	Fidelity, Held Fidelity
	HeldError      float64
	Shorter        []Fidelity
	N, Rows        int
	Untaken        int
}

// MarshalBinary encodes the explanation exactly.
func (e *Explanation) MarshalBinary() ([]byte, error) {
	return gobs.Encode(explanationData{e.Rules, e.Rest, e.Of, e.Columns, e.YesNo, e.Evidence, e.Fidelity, e.Held, e.HeldError, e.Shorter, e.N, e.Rows, e.Untaken})
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (e *Explanation) UnmarshalBinary(b []byte) error {
	var d explanationData
	if err := gobs.Decode(b, &d); err != nil {
		return fmt.Errorf("segkit: not a stored explanation: %w", err)
	}
	*e = Explanation{Book{Rules: d.Rules, Rest: d.Rest}, d.Of, d.Columns, d.YesNo, d.Evidence, d.Fidelity, d.Held, d.HeldError, d.Shorter, d.N, d.Rows, d.Untaken}
	return nil
}

// Sheet lists the rules in words, with the customers whom they take.
func (e *Explanation) Sheet() sheet.Sheet {
	out := sheet.Sheet{
		Caption: fmt.Sprintf("Rules of at most %s put %s of customers where the segments do",
			wording.Plural(e.Fidelity.Conditions, "condition"), sheet.Percent(e.Fidelity.Accuracy)),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "rule", Text: true},
			{Name: "customers"}, {Name: "precision"}, {Name: "recall"}, {Name: "lift"}},
	}
	for _, r := range e.Evidence {
		out.Rows = append(out.Rows, []string{r.Segment, r.Says, sheet.Count(r.Customers), sheet.Percent(r.Precision), sheet.Percent(r.Recall),
			sheet.Fixed(r.Lift, 1)})
	}
	out.Notes = append(out.Notes, "Precision: of the customers the rule takes, the share who are in the segment. "+
		"Recall: the share of the segment that the rule takes. "+
		"Lift: precision / the segment's share of all customers.")
	if unsaid := e.unsaid(); unsaid != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("No rule with so few conditions is worth having for %s.", sheet.List(unsaid)))
	}
	if e.Untaken > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("No rule takes %s, because a value is missing.", wording.Plural(e.Untaken, "customer")))
	}
	var shorter []string
	for _, f := range slices.Backward(e.Shorter[:len(e.Shorter)-1]) {
		shorter = append(shorter, fmt.Sprintf("%s with at most %d", sheet.Percent(f.Accuracy), f.Conditions))
	}
	held := fmt.Sprintf("Of customers that the rules have not seen, %s (cross-validated)", sheet.Percent(e.Held.Accuracy))
	if shorter != nil {
		held += "; " + sheet.List(shorter)
	}
	out.Notes = append(out.Notes, held+".")
	if e.Rows > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("The rules were made from %s of the %s customers, drawn by their ids, and tested on all: shares are of all customers, though rules made from more may be right more often. "+
			"The standard error of the cross-validated share over the folds is %s.", sheet.Count(e.Rows), sheet.Count(e.N), sheet.Number(e.HeldError)))
	}
	return out
}

// unsaid returns the segments with customers that no rule says.
func (e *Explanation) unsaid() []string {
	var names []string
	if e.Of == nil {
		return nil
	}
	counts := e.Of.Counts()
	for l, name := range e.Of.Names {
		if counts[l] > 0 && e.Words(name) == "" {
			names = append(names, name)
		}
	}
	return names
}

// Frame returns one row per rule: segment, rule, words, customers, coverage, precision, recall, lift.
func (e *Explanation) Frame() table.Frame {
	return frame.New(
		frame.Each("segment", e.Evidence, func(r RuleEvidence) string { return r.Segment }),
		frame.Each("rule", e.Rules[:len(e.Evidence)], func(r Rule) string { return r.When }),
		frame.Each("words", e.Evidence, func(r RuleEvidence) string { return r.Says }),
		frame.Each("customers", e.Evidence, func(r RuleEvidence) int { return r.Customers }),
		frame.Numbers([]string{"coverage", "precision", "recall", "lift"}, e.Evidence, func(r RuleEvidence) []float64 {
			return []float64{r.Coverage, r.Precision, r.Recall, r.Lift}
		}))
}
