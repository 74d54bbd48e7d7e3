package basket

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Sheet lays out the rules with the highest lift.
func (r *Rules) Sheet() sheet.Sheet {
	if r == nil {
		return sheet.Sheet{Caption: failed}
	}
	out := sheet.Sheet{Caption: r.caption(), Total: len(r.Rules), Notes: append([]string{}, r.Notes...), Columns: []sheet.Column{
		{Name: "baskets with", Text: true}, {Name: "also hold", Text: true}, {Name: "baskets"}, {Name: "support"}, {Name: "confidence"}, {Name: "lift"}, {Name: "q"}, {Name: "redundant", Text: true}}}
	if !slices.ContainsFunc(r.Rules, func(x Rule) bool { return x.Redundant }) {
		out.Columns = out.Columns[:7]
	}
	out.Notes = append(out.Notes, below(r.Below, "rule", r.Options)...)
	for _, x := range r.Rules[:min(len(r.Rules), sheet.MaxRows)] {
		redundant := ""
		if x.Redundant {
			redundant = "yes"
		}
		row := []string{strings.Join(x.Antecedent, " + "), strings.Join(x.Consequent, " + "), sheet.Count(x.Both), share(x.Support),
			sheet.Percent(x.Confidence), sheet.Fixed(x.Lift, 2), probability(x.Q), redundant}
		out.Rows = append(out.Rows, row[:len(out.Columns)])
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Support: the share of all %s that hold both sides. Confidence: the share of the baskets with the left side that hold the right one. Lift: how many times as often as by chance.", wording.Plural(r.Baskets, "basket")),
		fmt.Sprintf("q: the rate of false discoveries among all %s, adjusted over the candidates and not over the survivors. A rule with more items on the left must also beat the rules with one item fewer.", wording.Plural(r.Candidates, "candidate")))
	return out
}

func (r *Rules) caption() string {
	kind := wording.Plural(len(r.Rules), "rule")
	if r.what != "" {
		kind += " (" + r.what + ")"
	}
	kind += " from " + wording.Plural(r.Baskets, "basket")
	significant := r.Significant()
	if n := len(significant.Rules); n < len(r.Rules) {
		kind += fmt.Sprintf("; %s more than chance (q up to %v)", sheet.Count(n), r.Options.Level)
	}
	if n := len(r.Pruned().Rules); n < len(r.Rules) {
		kind += fmt.Sprintf("; %s not redundant, %s both", sheet.Count(n), sheet.Count(len(significant.Pruned().Rules)))
	}
	return kind
}

// below says how many significant rules only their confidence kept out.
func below(n int, noun string, o Options) []string {
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Left out: %s with a q of up to %v, but a confidence below %s. Options.MinConfidence lowers that limit; a negative one takes any.",
		wording.Plural(n, noun), o.Level, sheet.Percent(o.MinConfidence))}
}

// share is a per cent with a digit more where one basket in a thousand matters.
func share(v float64) string {
	if v < .01 {
		return sheet.Fixed(100*v, 2) + " %"
	}
	return sheet.Percent(v)
}

// probability reads like "0.013", or "< 0.001".
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return sheet.Missing
	case p < .001:
		return "< 0.001"
	}
	return sheet.Fixed(p, 3)
}

// Frame returns the rules as a gota frame: both sides, the counts, the nine measures, the tests.
func (r *Rules) Frame() table.Frame {
	if r == nil {
		return frame.New()
	}
	return frame.New(
		frame.Each("antecedent", r.Rules, func(x Rule) string { return strings.Join(x.Antecedent, ", ") }),
		frame.Each("consequent", r.Rules, func(x Rule) string { return strings.Join(x.Consequent, ", ") }),
		frame.Each("baskets", r.Rules, func(x Rule) int { return x.Both }),
		frame.Each("baskets_antecedent", r.Rules, func(x Rule) int { return x.With }),
		frame.Each("baskets_consequent", r.Rules, func(x Rule) int { return x.Holding }),
		frame.Numbers([]string{"support", "confidence", "lift", "leverage", "conviction", "zhang", "jaccard", "certainty", "kulczynski", "p", "sub_p", "customer_p", "q"},
			r.Rules, func(x Rule) []float64 {
				return []float64{x.Support, x.Confidence, x.Lift, x.Leverage, x.Conviction, x.Zhang, x.Jaccard, x.Certainty, x.Kulczynski, x.P, x.SubP, x.CustomerP, x.Q}
			}),
		frame.Each("redundant", r.Rules, func(x Rule) bool { return x.Redundant }),
	)
}
