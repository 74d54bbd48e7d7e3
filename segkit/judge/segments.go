package judge

import (
	"cmp"
	"context"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Segments checks the segments s of the customers of raw, joined by id. Do they differ in the business metric, measured afterwards, and by more than quartiles of
// the same metric before (or of the first value column)? Are they few, exclusive and exhaustive, natural groups or a construction, homogeneous, distinct, stable,
// substantial, identifiable, actionable and, if Options.Proxies measured it, neutral? Every answer comes with its number. If something that a check needs is
// missing, the check says what, and is not judged. The Weighting of raw is respected throughout: repeated rows count as that many customers; otherwise shares, means
// and effects are weighted, and intervals and tests use what the rows are worth.
//
// A difference counts for what it is worth as evidence. Segments differ by construction in the columns that formed them, in parts of
// these columns and in columns made from them, also where only the values show that (describe.Effect.TiedTo). A difference is weak evidence in columns from the same source, or if it is unknown what
// formed the segments. An outcome whose days overlap those of the columns that formed the segments is ErrSchema. Columns of raw with Role
// Outcome are left out, because they do not describe customers.
//
// It costs a describe.Segments, a rulebook.Explain and a tree in five folds (n k, and n log n to deal the customers into folds). For segments that a model
// scored, it also costs a sweep and forty refits, unless they are given. With more than 100,000 customers, silhouettes, sweep and refits use 100,000,
// chosen by their ids; with more than 10,000, rules and trees are made from 10,000 and tested on all. The check says so, with the error.
func Segments(raw *table.Table, s *table.Segments, o Options) (*Verdict, error) {
	return SegmentsContext(job.DefaultContext, raw, s, o)
}

// SegmentsContext is Segments under ctx.
func SegmentsContext(ctx context.Context, raw *table.Table, s *table.Segments, o Options) (*Verdict, error) {
	labels, err := s.LabelsFor("judge.Segments", raw)
	switch {
	case err != nil:
		return nil, err
	case raw.Raw().Transformed:
		return nil, &fault.CellError{Op: "judge.Segments", Why: "the table holds transformed values, which cannot be acted on",
			Remedy: "judge the segments on the table before transforming", Err: fault.ErrSchema}
	case s.K() == 0:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: judge.Segments: there are no segments: every customer is in none")
	}
	if long, of := raw.Repeated(); of != nil {
		o.Outcome = repeatedAs(o.Outcome, raw, long, of)
		raw, s, labels = long, s.Repeated(labels, long, of), pick.At(labels, of)
	}
	if raw, err = withoutOutcomes(raw, s.FormedBy); err != nil {
		return nil, err
	}
	o = o.resolved()
	scored, _ := s.Model.(*segkit.Model)
	j := &judge{raw: raw, s: s, labels: labels, o: o, scored: scored, model: cmp.Or(o.Model, scored)}
	j.draw(mostDrawn)
	compute := func() (*Verdict, error) { return j.verdict(ctx) }
	key, known := j.key()
	if !known {
		return compute()
	}
	return memory.Recall(ctx, key, compute)
}

// withoutOutcomes leaves out what customers did afterwards, which describes no customer, unless it formed the segments and is to be found out.
func withoutOutcomes(raw *table.Table, formedBy []string) (*table.Table, error) {
	var known []string
	for _, c := range raw.Raw().Columns {
		if c.Role != table.Outcome || slices.Contains(formedBy, c.Name) {
			known = append(known, c.Name)
		}
	}
	return raw.Only(known)
}

func (j *judge) verdict(ctx context.Context) (*Verdict, error) {
	var err error
	if j.profile, err = describe.Segments(j.raw, j.s); err != nil {
		return nil, err
	}
	j.out = &Verdict{Names: slices.Clone(j.s.Names), Segments: make([][]Check, j.s.K())}
	if err := j.metric(); err != nil {
		return nil, err
	}
	for _, check := range []func(context.Context) error{j.informative, j.few, j.exclusive, j.natural, j.homogeneous, j.distinct, j.stable,
		j.substantial, j.identifiable, j.actionable, j.neutral} {
		if err := check(ctx); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	j.alike()
	j.out.Summary = j.summary()
	return j.out, nil
}

// key names everything that the verdict depends on; known is false where something has no content to go by.
func (j *judge) key() (key string, known bool) {
	o := j.o
	var content []string
	known = true
	add := func(given bool, v any) {
		text := ""
		if given {
			data, err := gobs.Encode(v)
			known = known && err == nil
			text = string(data)
		}
		content = append(content, text)
	}
	add(o.Outcome != nil, o.Outcome)
	add(j.model != nil, j.model)
	add(j.scored != nil, j.scored)
	add(o.Rules != nil, o.Rules)
	add(o.Stability != nil, o.Stability)
	add(o.Sweep != nil, o.Sweep)
	add(o.Proxies != nil, o.Proxies)
	o.Outcome, o.Model, o.Rules, o.Stability, o.Sweep, o.Proxies = nil, nil, nil, nil, nil, nil
	return memory.Key("verdict", j.raw.Fingerprint(), j.s.IDs, j.s.Labels, j.s.Names, j.s.FormedBy, j.s.Ancestry, content, o), known
}

// repeatedAs returns an outcome, joined to rows by id, with a row for every one of long, the repeated rows, as far as it has one; nil stays nil.
func repeatedAs(outcome, rows, long *table.Table, of []int) *table.Table {
	if outcome == nil {
		return nil
	}
	at := make(map[string]int, outcome.Len())
	for i, id := range outcome.Raw().IDs {
		at[id] = i
	}
	var mine []int
	var ids []string
	for p, i := range of {
		if here, ok := at[rows.Raw().IDs[i]]; ok {
			mine, ids = append(mine, here), append(ids, long.Raw().IDs[p])
		}
	}
	out := outcome.Rows(mine)
	out.Raw().IDs = ids
	return out
}
