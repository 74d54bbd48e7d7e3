package basket

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/stat/combin"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// Rules say what those who buy one thing also buy, the highest lift first.
type Rules struct {
	Rules      []Rule
	Items      []string // of the baskets, the most frequent first
	Baskets    int      // that were counted
	Below      int      // rules that are significant but left out, because they do not reach MinConfidence
	Candidates int      // tests over which false discoveries are controlled: every frequent antecedent with every frequent consequent
	Options    Options
	Notes      []string // what was left out, and what was found, as sentences
	what       string   // which of the rules these are: "", "significant", …
}

// Rule says that baskets with the antecedent also have the consequent.
type Rule struct {
	Antecedent, Consequent []string
	Both                   int // baskets with both sides
	With, Holding          int // baskets with the antecedent; with the consequent
	Measures

	// P is the probability of as many baskets with both, or more, if the two sides were independent (Fisher's exact test).
	P float64
	// SubP is the largest P of the rule against the rules with one item fewer in the antecedent; it tests whether that item adds anything (Webb 2007,
	// "Discovering significant patterns", doi:10.1007/s10994-007-5006-x). NaN for an antecedent of one item, and for rules that P has already ruled out.
	SubP float64
	// CustomerP is P by permutation of whole customers, which allows for those whose baskets are all alike; NaN if no customer
	// has several baskets, and for rules that have already been ruled out.
	CustomerP float64
	// Q is the largest of the three, adjusted for all candidates: the false discovery rate at which the rule counts as a discovery.
	Q float64
	// Redundant says that a rule with fewer items in the antecedent (even none) has the same consequent and at least the same
	// confidence (Bayardo, Agrawal & Gunopulos 2000, doi:10.1023/A:1009895914772).
	Redundant bool
}

// Rules finds every rule with MinSupport and MinConfidence, and tests it among all candidates: every frequent antecedent with every
// consequent of frequent items. Pairs that seldom occur together are included, because the search has looked at them as well. So the
// number of tests does not depend on what the baskets say about any of them. Tests treat baskets as independent, except those of the
// same customer.
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
	var kept []int
	for i, c := range all {
		if float64(m.counts[c.set]) >= (m.options.MinConfidence-1e-12)*float64(c.with) {
			kept = append(kept, i)
		} else if q[i] <= m.options.Level {
			out.Below++
		}
	}
	out.Rules = make([]Rule, len(kept))
	for at, i := range kept {
		out.Rules[at] = m.rule(b, all[i])
		out.Rules[at].Q, out.Rules[at].Redundant = q[i], m.redundant(all[i])
	}
	order := pick.All(len(kept))
	slices.SortFunc(order, func(a, b int) int {
		x, y := &out.Rules[a], &out.Rules[b]
		if x.Lift != y.Lift {
			return cmp.Compare(y.Lift, x.Lift)
		}
		return cmp.Or(cmp.Compare(y.Both, x.Both), cmp.Compare(len(x.Antecedent), len(y.Antecedent)), slices.Compare(x.Antecedent, y.Antecedent), slices.Compare(x.Consequent, y.Consequent))
	})
	out.Rules = pick.At(out.Rules, order)
	out.Notes = append(out.Notes, b.everywhere(m)...)
	return out, nil
}

// candidate is a split of a frequent set in two sides.
type candidate struct {
	set, with          int32  // with: baskets with the antecedent
	consequent         uint32 // which items of the set
	p, subP, customerP float64
}

// sides returns the masks of both sides of a candidate.
func (m *mined) sides(c candidate) (set []int32, antecedent, consequent uint32) {
	set = m.set(int(c.set))
	return set, 1<<len(set) - 1 ^ c.consequent, c.consequent
}

// candidates tests every split of every frequent set, in the order of the sets, and against its sub-rules where it can still be a
// discovery: where P is at most what the last of all would need.
func (m *mined) candidates(ctx context.Context) ([]candidate, error) {
	m.indexed()
	fisher := stats.NewFisher(m.n)
	start := make([]int, len(m.counts)+1) // where the candidates of each set begin
	for s := range m.counts {
		start[s+1] = start[s]
		n := len(m.set(s))
		for j := 1; j <= min(m.options.MaxConsequent, n-1); j++ {
			start[s+1] += combin.Binomial(n, j)
		}
	}
	all := make([]candidate, start[len(m.counts)])
	err := par.Rows(ctx, len(m.counts), func(_, from, to int) {
		for s := from; s < to; s++ {
			set, mask := m.set(s), uint32(1)
			for at := start[s]; at < start[s+1]; at++ {
				c := candidate{set: int32(s), consequent: mask, subP: math.NaN(), customerP: math.NaN()}
				_, antecedent, consequent := m.sides(c)
				c.with = int32(m.count(set, antecedent))
				c.p = fisher.More(int(m.counts[s]), int(c.with), m.count(set, consequent), m.n)
				all[at], mask = c, next(mask, len(set), m.options.MaxConsequent)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	most := m.options.Level * float64(len(all)) / float64(m.tests())
	return all, par.Rows(ctx, len(all), func(_, from, to int) {
		for i := from; i < to; i++ {
			if all[i].p <= most {
				m.testParts(fisher, &all[i])
			}
		}
	})
}

// next is the mask behind this one that picks at most the given number of n, and not all.
func next(mask uint32, n, most int) uint32 {
	if most == 1 {
		return mask << 1
	}
	for mask++; bits.OnesCount32(mask) > most && mask < 1<<n; mask++ {
	}
	return mask
}

// testParts fills in SubP, of an antecedent of several items.
func (m *mined) testParts(fisher stats.Fisher, c *candidate) {
	set, antecedent, consequent := m.sides(*c)
	if bits.OnesCount32(antecedent) == 1 {
		return
	}
	c.subP = 0
	for left := antecedent; left != 0; left &= left - 1 {
		shorter := antecedent &^ (left & -left)
		c.subP = max(c.subP, fisher.More(int(m.counts[c.set]), int(c.with), m.count(set, shorter|consequent), m.count(set, shorter)))
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
	r := Rule{Both: int(m.counts[c.set]), With: int(c.with), Holding: m.count(set, consequent), P: c.p, SubP: c.subP, CustomerP: c.customerP}
	r.Antecedent, r.Consequent = b.named(picked(set, antecedent)), b.named(picked(set, consequent))
	r.Measures = Measure(r.Both, r.With, r.Holding, m.n)
	return r
}

// redundant reports whether a part of the antecedent does as well.
func (m *mined) redundant(c candidate) bool {
	set, antecedent, consequent := m.sides(c)
	both, with := int64(m.counts[c.set]), int64(c.with)
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

// Significant returns the rules that hold up against independence, against their sub-rules, and against customers who
// repeat themselves, with a rate of false discoveries of at most Options.Level among the rules returned.
func (r *Rules) Significant() *Rules {
	return r.keep("significant", func(x Rule) bool { return x.Q <= r.Options.Level })
}

// Pruned returns the rules that are not redundant.
func (r *Rules) Pruned() *Rules {
	return r.keep("not redundant", func(x Rule) bool { return !x.Redundant })
}

// About returns the rules that have the item on either side, which may be none. An item that is in no basket is an error.
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
