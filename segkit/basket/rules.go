package basket

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// Rules are what those who buy one thing also buy, the highest lift first.
type Rules struct {
	Rules      []Rule
	Items      []string // of the baskets, the most frequent first
	Baskets    int      // that were counted
	Candidates int      // tests over which false discoveries are controlled: every frequent antecedent with every frequent consequent
	Options    Options
	Notes      []string // what was left out, and what was found, as sentences
	what       string   // which of the rules these are: "", "significant", …
}

// Rule says that baskets with the antecedent hold the consequent, too.
type Rule struct {
	Antecedent, Consequent []string
	Both                   int // baskets with both sides
	With, Holding          int // baskets with the antecedent; with the consequent
	Measures

	// P is the probability of as many baskets with both, or more, if the sides had nothing to do with each other (Fisher's exact test).
	P float64
	// SubP is the largest P of the rule against the rules with one item fewer in the antecedent: whether that item adds anything
	// (Webb 2007, "Discovering significant patterns", doi:10.1007/s10994-007-5006-x). NaN for an antecedent of one item.
	SubP float64
	// CustomerP is P by permutation of whole customers, which allows for those whose baskets are all alike; NaN where no customer
	// has several baskets, and for rules that fell already.
	CustomerP float64
	// Q is the largest of the three, adjusted for all candidates: the rate of false discoveries at which the rule is one.
	Q float64
	// Redundant: a rule with fewer items in the antecedent (even none) has the same consequent and at least the same confidence
	// (Bayardo, Agrawal & Gunopulos 2000, doi:10.1023/A:1009895914772).
	Redundant bool
}

// Rules finds every rule of MinSupport and MinConfidence, and tests it among all candidates: every frequent antecedent with every
// consequent of frequent items, those that seldom meet included, since the search has looked at them as well. So the number of
// tests does not depend on what the baskets say about any of them. Tests take baskets for independent but for those of one customer.
func (b *Baskets) Rules(o Options) (*Rules, error) {
	return b.RulesContext(job.DefaultContext, o)
}

// RulesContext is Rules under ctx.
func (b *Baskets) RulesContext(ctx context.Context, o Options) (*Rules, error) {
	return recall(ctx, "basket rules", b, o, func() (*Rules, error) { return b.rules(ctx, o) })
}

func (b *Baskets) rules(ctx context.Context, o Options) (*Rules, error) {
	m, err := b.mine(ctx, "basket.Baskets.Rules", o)
	if err != nil {
		return nil, err
	}
	all, err := m.candidates(ctx)
	if err != nil {
		return nil, err
	}
	out := &Rules{Items: b.items, Baskets: m.n, Candidates: m.tests(), Options: m.options, Notes: m.notes}
	p := make([]float64, len(all))
	adjust := func() []float64 {
		for i, c := range all {
			p[i] = max(c.p, c.subP) // NaN is dealt with below
			if math.IsNaN(c.subP) {
				p[i] = c.p
			}
			if c.customerP > p[i] {
				p[i] = c.customerP
			}
		}
		return stats.FalseDiscovery(p, out.Candidates, m.options.AnyDependence)
	}
	q := adjust()
	if b.repeated() && m.options.Permutations > 0 {
		if err := b.permute(ctx, m, all, q); err != nil {
			return nil, err
		}
		q = adjust()
	}
	for i, c := range all {
		if r := m.rule(b, c); r.Confidence >= m.options.MinConfidence-1e-12 {
			r.Q = q[i]
			r.Redundant = m.redundant(c)
			out.Rules = append(out.Rules, r)
		}
	}
	slices.SortStableFunc(out.Rules, func(x, y Rule) int {
		return cmp.Or(cmp.Compare(y.Lift, x.Lift), cmp.Compare(y.Both, x.Both), cmp.Compare(len(x.Antecedent), len(y.Antecedent)),
			slices.Compare(x.Antecedent, y.Antecedent), slices.Compare(x.Consequent, y.Consequent))
	})
	out.Notes = append(out.Notes, b.everywhere(m)...)
	return out, nil
}

// candidate is a split of a frequent set in two sides.
type candidate struct {
	set                int32
	consequent         uint32 // which items of the set
	p, subP, customerP float64
}

// sides returns the masks of both sides of a candidate.
func (m *mined) sides(c candidate) (set []int32, antecedent, consequent uint32) {
	set = m.set(int(c.set))
	return set, 1<<len(set) - 1 ^ c.consequent, c.consequent
}

// candidates tests every split of every frequent set, in the order of the sets.
func (m *mined) candidates(ctx context.Context) ([]candidate, error) {
	m.indexed()
	fisher := stats.NewFisher(m.n)
	parts := make([][]candidate, par.Chunks(len(m.counts)))
	err := par.Rows(ctx, len(m.counts), func(chunk, from, to int) {
		own := *m
		own.key = nil
		for s := from; s < to; s++ {
			set := m.set(s)
			for mask := uint32(1); mask < 1<<len(set)-1; mask = next(mask, len(set), m.options.MaxConsequent) {
				c := candidate{set: int32(s), consequent: mask, subP: math.NaN(), customerP: math.NaN()}
				own.test(fisher, &c)
				parts[chunk] = append(parts[chunk], c)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return slices.Concat(parts...), nil
}

// next is the mask behind this one that picks at most so many of n.
func next(mask uint32, n, most int) uint32 {
	if most == 1 {
		return mask << 1
	}
	for mask++; bits.OnesCount32(mask) > most && mask < 1<<n; mask++ {
	}
	return mask
}

// test fills in P and SubP.
func (m *mined) test(fisher stats.Fisher, c *candidate) {
	set, antecedent, consequent := m.sides(*c)
	both, with := int(m.counts[c.set]), m.count(set, antecedent)
	c.p = fisher.More(both, with, m.count(set, consequent), m.n)
	if bits.OnesCount32(antecedent) == 1 || c.p > m.options.Level {
		return
	}
	c.subP = 0
	for left := antecedent; left != 0; left &= left - 1 {
		shorter := antecedent &^ (left & -left)
		c.subP = max(c.subP, fisher.More(both, with, m.count(set, shorter|consequent), m.count(set, shorter)))
	}
}

// tests counts the candidates: each frequent antecedent of k items with each frequent item besides, and with each frequent
// consequent of several items, where these are asked for (also those that share items with it: a few too many).
func (m *mined) tests() (n int) {
	sets := make([]int, m.options.MaxLength+1) // by length
	for s := range m.counts {
		sets[len(m.set(s))]++
	}
	for k := 1; k < m.options.MaxLength; k++ {
		n += sets[k] * (sets[1] - k)
		for j := 2; j <= m.options.MaxConsequent && k+j <= m.options.MaxLength; j++ {
			n += sets[k] * sets[j]
		}
	}
	return n
}

// rule writes a candidate out.
func (m *mined) rule(b *Baskets, c candidate) Rule {
	set, antecedent, consequent := m.sides(c)
	r := Rule{Both: int(m.counts[c.set]), With: m.count(set, antecedent), Holding: m.count(set, consequent), P: c.p, SubP: c.subP, CustomerP: c.customerP}
	for i, code := range set {
		if consequent>>i&1 == 1 {
			r.Consequent = append(r.Consequent, b.items[code])
		} else {
			r.Antecedent = append(r.Antecedent, b.items[code])
		}
	}
	r.Measures = Measure(r.Both, r.With, r.Holding, m.n)
	return r
}

// redundant reports whether a part of the antecedent does as well.
func (m *mined) redundant(c candidate) bool {
	set, antecedent, consequent := m.sides(c)
	both, with := int64(m.counts[c.set]), int64(m.count(set, antecedent))
	for part := (antecedent - 1) & antecedent; ; part = (part - 1) & antecedent {
		if int64(m.count(set, part|consequent))*with >= both*int64(m.count(set, part)) {
			return true
		}
		if part == 0 {
			return false
		}
	}
}

// everywhere says which items are in so many baskets that nothing goes with them by choice.
func (b *Baskets) everywhere(m *mined) (notes []string) {
	var names []string
	for s := range m.counts {
		if set := m.set(s); len(set) == 1 && int(m.counts[s]) == m.n && m.n > 1 {
			names = append(names, b.items[set[0]])
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []string{fmt.Sprintf("%q is in every basket: rules with it say nothing (their lift is 1).", names[0])}
	}
	return []string{fmt.Sprintf("%s are in every basket: rules with them alone say nothing (their lift is 1).", wording.Quoted(names))}
}

// Significant returns the rules that hold against independence, against their sub-rules, and against customers who repeat
// themselves, with at most Options.Level of false discoveries among all candidates that were judged so.
func (r *Rules) Significant() *Rules {
	return r.keep("significant", func(x Rule) bool { return x.Q <= r.Options.Level })
}

// Pruned returns the rules that are not redundant.
func (r *Rules) Pruned() *Rules {
	return r.keep("not redundant", func(x Rule) bool { return !x.Redundant })
}

// About returns the rules that have the item on either side, and none for an item of which there is no rule. An item that no basket holds
// is an error.
func (r *Rules) About(item string) (*Rules, error) {
	switch {
	case r == nil:
		return nil, fault.Nil("basket.Rules.About", "rules")
	case !slices.Contains(r.Items, item):
		return nil, unknownItem("basket.Rules.About", "item", item, r.Items)
	}
	return r.keep(fmt.Sprintf("about %q", item), func(x Rule) bool {
		return slices.Contains(x.Antecedent, item) || slices.Contains(x.Consequent, item)
	}), nil
}

func (r *Rules) keep(what string, want func(Rule) bool) *Rules {
	if r == nil {
		return nil
	}
	out := *r
	out.Rules = nil
	for _, x := range r.Rules {
		if want(x) {
			out.Rules = append(out.Rules, x)
		}
	}
	if out.what = what; r.what != "" {
		out.what = r.what + ", " + what
	}
	return &out
}
