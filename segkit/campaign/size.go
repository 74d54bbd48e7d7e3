package campaign

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Sizes is what a test of these segments could find.
type Sizes struct {
	Test     Test // with its defaults filled in
	Unit     string
	Segments []Size
	Total    Size // all segments together
	Notes    []string
}

// Size is what a test of one segment could find. Anything undefined or not part of the test is NaN.
type Size struct {
	Segment                     string
	Customers, Offered, HeldOut int
	Rate, FindsRate             float64 // share who responded in the earlier period; the smallest rise that the test finds with its power
	Mean, SD, Skew, Cap, Finds  float64 // revenue per customer in the earlier period, winsorised at Cap; the smallest difference that the test finds
	Pays                        float64 // revenue per customer that pays for the offer, if nobody orders because of it who would not have ordered anyway
	Needed                      int     // customers needed to find an effect of Test.Worth; -1 if nobody can tell
	SkewNeeds                   int     // customers needed in the smaller arm before intervals of so skewed a mean can be trusted; 0 without revenue
}

// Trusted reports whether the smaller arm has the 355 skew^2 customers with which the mean of skewed money is about normal.
func (s Size) Trusted() bool { return min(s.Offered, s.HeldOut) >= s.SkewNeeds }

// normalFrom is c in n >= c skew^2: from there on an interval of a mean misses by not much more than it says, on either side (Kohavi, Deng, Longbotham
// & Xu 2014, "Seven rules of thumb for web site experimenters", KDD, rule 7).
const normalFrom = 355

// Size says what the test can find in each segment, judged by what customers of the segment did in an earlier period as long as that of the test: for example
// features' Outcome, with the days before the as-of date. Give it the segments as they were at the beginning of that period (the model's Score of the customers at
// that time), and give Sizes.For today's segments: those who are *lapsed* today have by definition bought nothing lately, and would seem to spend alike. Customers
// without a row in earlier count as having done nothing. The normal approximation is used for both measures: for two shares with the pooled variance under no effect
// (Fleiss, Levin & Paik 2003, ISBN 0-471-52629-0, ch. 4), for two means with one standard deviation. Segments share the level (Bonferroni), because several chances
// of a false alarm add up; the total has the whole level, and the spread within segments, because it is read by segment. Adjusting for what customers did before, as
// Manifest.Read does, finds somewhat smaller effects. It costs O(n log n).
func (t Test) Size(earlier *table.Table, s *table.Segments) (*Sizes, error) {
	const op = "campaign.Test.Size"
	if earlier == nil {
		return nil, fault.Nil(op, "table")
	}
	t, err := t.checked()
	if err != nil {
		return nil, err
	}
	groups, outside, err := reached(op, s)
	if err != nil {
		return nil, err
	}
	out := &Sizes{Test: t}
	response, revenue, err := t.before(op, earlier, slices.Concat(groups...))
	if err != nil {
		return nil, err
	}
	nan := math.NaN()
	from := 0 // of the segment, among all
	for l, ids := range groups {
		g := Size{Segment: s.Names[l], Rate: nan, Mean: nan, SD: nan, Skew: nan, Cap: nan}
		to := from + len(ids)
		if response != nil {
			g.Rate = stats.MeanKnown(response.values[from:to])
		}
		if revenue != nil {
			spends := revenue.values[from:to]
			g.Cap = capOf(spends, t.Winsor)
			clip(spends, g.Cap)
			g.Mean, g.SD, g.Skew = stats.Moments(spends, nil)
		}
		from = to
		out.Segments = append(out.Segments, g)
	}
	if revenue != nil {
		out.Unit = revenue.column.Unit
	}
	out.count(groups)
	if outside > 0 {
		out.Notes = append(out.Notes, untested(outside))
	}
	if response != nil && response.absent > 0 || revenue != nil && revenue.absent > 0 {
		out.Notes = append(out.Notes, "Customers missing from the earlier period count as having spent nothing.")
	}
	for _, before := range []*past{response, revenue} {
		if day := lastDay(s.Ancestry); before != nil && day != "" && slices.ContainsFunc(before.column.Ancestry.Sources, func(s table.Source) bool { return s.From != "" && s.From <= day }) {
			out.Notes = append(out.Notes, "The segments were formed from what was known up to "+day+", and so in part from the earlier period itself: what customers ordered and spent in it decided how they were sorted. "+
				"Give Size the segments as they were when that period began, and Sizes.For today's.")
			break
		}
	}
	return out, nil
}

// For says what the same test can find among other customers, such as today's: how customers of a segment respond and spend is taken from the earlier period,
// and their number from today. Its segments have the same names as those of s. It costs O(n).
func (s *Sizes) For(today *table.Segments) (*Sizes, error) {
	const op = "campaign.Sizes.For"
	if s == nil {
		return nil, fault.Nil(op, "sizes")
	}
	reachable, outside, err := reached(op, today)
	if err != nil {
		return nil, err
	}
	groups := make([][]string, len(s.Segments))
	for l, name := range today.Names {
		at := s.of(name)
		if at < 0 {
			return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: nothing is known about the segment %s: give it the segments of the same model", op, wording.Quoted([]string{name}))
		}
		groups[at] = reachable[l]
	}
	out := &Sizes{Test: s.Test, Unit: s.Unit, Segments: slices.Clone(s.Segments)}
	out.count(groups)
	if outside > 0 {
		out.Notes = append(out.Notes, untested(outside))
	}
	out.Notes = append(out.Notes, "How customers respond and spend is taken from the same segments in the earlier period.")
	return out, nil
}

func untested(outside int) string {
	return wording.Plural(outside, "customer") + " in no segment " + wording.Be(outside) + " not in the test."
}

// count fills in how many customers there are, and what can be found among so many, from how those of each segment respond and spend.
func (s *Sizes) count(groups [][]string) {
	t, segments := s.Test, 0
	for _, ids := range groups {
		if len(ids) > 0 {
			segments++
		}
	}
	nan := math.NaN()
	s.Total = Size{Segment: "all segments", Rate: nan, FindsRate: nan, Mean: nan, SD: nan, Skew: nan, Cap: nan, Finds: nan, Pays: nan, Needed: -1}
	all := &s.Total
	var spread, of, skewed, ordered, spent float64
	for l, ids := range groups {
		g := &s.Segments[l]
		g.Customers, g.HeldOut = len(ids), holdout(len(ids), t.Holdout)
		g.Offered = g.Customers - g.HeldOut
		g.FindsRate, g.Finds, g.Pays = nan, nan, nan
		ask, n := t.question(t.Level/float64(segments)), float64(len(ids))
		if t.Response != "" {
			g.FindsRate = ask.findsRate(g.Rate, float64(g.Offered), float64(g.HeldOut))
			ordered += n * orZero(g.Rate)
		}
		if t.Revenue != "" {
			g.Finds = ask.finds(g.SD, float64(g.Offered), float64(g.HeldOut))
			g.SkewNeeds = skewNeeds(g.Skew)
			g.Pays = t.pays(g.Rate)
			spread += n * orZero(g.SD*g.SD)
			spent += n * orZero(g.Mean)
			skewed += n * orZero(g.Skew*g.SD*g.SD*g.SD)
		}
		g.Needed = t.needed(ask, *g)
		if !math.IsNaN(g.Rate) || !math.IsNaN(g.Mean) { // a segment that nobody was in says nothing of the total
			of += n
		}
		all.Customers += g.Customers
		all.Offered += g.Offered
		all.HeldOut += g.HeldOut
	}
	ask := t.question(t.Level)
	if t.Response != "" {
		all.Rate = ordered / of
		all.FindsRate = ask.findsRate(all.Rate, float64(all.Offered), float64(all.HeldOut))
	}
	if t.Revenue != "" {
		all.Mean, all.SD = spent/of, math.Sqrt(spread/of)
		all.Skew = skewed / of / (all.SD * all.SD * all.SD)
		all.Finds, all.Pays = ask.finds(all.SD, float64(all.Offered), float64(all.HeldOut)), t.pays(all.Rate)
		all.SkewNeeds = skewNeeds(all.Skew)
	}
	all.Needed = t.needed(ask, *all)
}

func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// holdout is how many of n customers are held out: the nearest whole number.
func holdout(n int, share float64) int { return int(math.Round(float64(n) * share)) }

// capOf is the quantile, among customers who spent anything, up to which revenue counts; NaN where all of it does. Among all customers the
// quantile would cut ordinary orders where few order at all.
func capOf(revenue []float64, winsor float64) float64 {
	if winsor == 0 {
		return math.NaN()
	}
	var spent []float64
	for _, v := range revenue {
		if v > 0 {
			spent = append(spent, v)
		}
	}
	return quantile.Of(spent, nil, false).At(winsor)
}

// clip writes to values (n): none is above the limit.
func clip(values []float64, limit float64) {
	for i, v := range values {
		if v > limit {
			values[i] = limit
		}
	}
}

func skewNeeds(skew float64) int { return int(math.Ceil(normalFrom * orZero(skew*skew))) }

// pays is the revenue per customer that pays for the offer where a share of customers orders, and gets the reward, anyway.
func (t Test) pays(rate float64) float64 { return (t.Contact + t.Reward*orZero(rate)) / t.Margin }

// question is at which level and with which power a difference is looked for, as quantiles of the normal distribution.
type question struct{ level, power float64 }

func (t Test) question(level float64) question {
	return question{distuv.UnitNormal.Quantile(1 - level/2), distuv.UnitNormal.Quantile(t.Power)}
}

// finds is the smallest difference of two means that is found; NaN where an arm has nobody or nothing varies.
func (q question) finds(sd, n1, n0 float64) float64 {
	if !(n1 > 0 && n0 > 0 && sd > 0) {
		return math.NaN()
	}
	return (q.level + q.power) * sd * math.Sqrt(1/n1+1/n0)
}

// shortBy is how far, in standard errors, the rise of a share from p0 to p1 is from being found: negative where it is found more often.
func (q question) shortBy(p0, p1, n1, n0 float64) float64 {
	share := n1 / (n1 + n0)
	pooled := share*p1 + (1-share)*p0
	none := math.Sqrt(pooled * (1 - pooled) * (1/n1 + 1/n0))
	some := math.Sqrt(p1*(1-p1)/n1 + p0*(1-p0)/n0)
	return q.level*none + q.power*some - (p1 - p0)
}

// findsRate is the smallest rise of a share from base that is found; NaN where no rise would be.
func (q question) findsRate(base, n1, n0 float64) float64 {
	if !(n1 > 0 && n0 > 0) || math.IsNaN(base) || q.shortBy(base, 1, n1, n0) > 0 {
		return math.NaN()
	}
	low, high := 0.0, 1-base
	for range 60 {
		if middle := (low + high) / 2; q.shortBy(base, base+middle, n1, n0) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// needed is how many customers it takes to find the effect that is worth finding; -1 where nobody can tell.
func (t Test) needed(q question, g Size) int {
	most := 1e12
	if t.Revenue == "" {
		if !(t.Worth > 0) || math.IsNaN(g.Rate) || g.Rate+t.Worth > 1 {
			return -1
		}
		low, high := 0.0, most
		for range 80 {
			if n := (low + high) / 2; q.shortBy(g.Rate, g.Rate+t.Worth, n*(1-t.Holdout), n*t.Holdout) > 0 {
				low = n
			} else {
				high = n
			}
		}
		return int(math.Ceil(high))
	}
	worth := t.Worth
	if worth == 0 {
		worth = g.Pays
	}
	if !(worth > 0 && g.SD > 0) {
		return -1
	}
	n := math.Pow((q.level+q.power)*g.SD/worth, 2) * (1/(1-t.Holdout) + 1/t.Holdout)
	return int(math.Ceil(min(n, most)))
}

// Sheet has a row per segment and one for all: who is in the test, what it can find, and what it would have to find.
func (s *Sizes) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: s.finding(), Notes: s.Notes, Whole: true, Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "offered"}, {Name: "held out"}}}
	add := func(name, unit string) { out.Columns = append(out.Columns, sheet.Column{Name: name, Unit: unit}) }
	t := s.Test
	if t.Response != "" {
		add("who ordered before", "")
		add("finds a rise of", "points")
	}
	if t.Revenue != "" {
		add("spent before", s.Unit)
		add("finds", s.Unit)
		add("pays from", s.Unit)
	}
	add("customers it needs", "")
	if t.Revenue != "" {
		out.Columns = append(out.Columns, sheet.Column{Name: "is the money too skewed?", Text: true})
	}
	short := false // of customers
	for _, g := range append(append([]Size(nil), s.Segments...), s.Total) {
		row := []string{g.Segment, sheet.Count(g.Offered), sheet.Count(g.HeldOut)}
		if t.Response != "" {
			row = append(row, sheet.Percent(g.Rate), sheet.Fixed(100*g.FindsRate, 1))
		}
		if t.Revenue != "" {
			row = append(row, sheet.Fixed(g.Mean, 2), sheet.Fixed(g.Finds, 2), sheet.Fixed(g.Pays, 2))
		}
		needs := sheet.Missing
		switch {
		case g.Needed > g.Customers:
			needs, short = "more than there are", true
		case g.Needed >= 0:
			needs = sheet.Count(g.Needed)
		}
		row = append(row, needs)
		if t.Revenue != "" {
			row = append(row, g.skewness())
		}
		out.Rows = append(out.Rows, row)
	}
	out.Total = len(out.Rows)
	worth := "the effect that pays for the offer"
	if t.Worth > 0 {
		worth = "an effect of " + cell.Figure(t.Worth, s.Unit)
		if t.Revenue == "" {
			worth = "a rise of " + sheet.Number(100*t.Worth) + " points"
		}
	}
	notes := []string{fmt.Sprintf("Finds: with a chance of %s, at a false-alarm rate of %s for all segments together and the same for the total.", wording.Percent(t.Power), wording.Percent(t.Level)),
		"Customers it needs: in the segment, to find " + worth + "."}
	if short {
		notes = append(notes, "More than there are: that effect cannot be found with the customers of the segment. They can be tested together with others, or only for the larger effect under \"finds\".")
	}
	if t.Revenue != "" && (t.Contact > 0 || t.Reward > 0) {
		notes = append(notes, "Pays from: how much more customers would have to spend on average to pay for the offer, counting the rewards of those who order anyway.")
	}
	if t.Winsor > 0 {
		notes = append(notes, fmt.Sprintf("Each customer's money counts up to the %s quantile of those in the segment who spent anything, as declared in advance.", wording.Percent(t.Winsor)))
	}
	out.Notes = append(notes, out.Notes...)
	return out
}

func (g Size) skewness() string {
	switch {
	case math.IsNaN(g.Skew) || g.SD == 0:
		return "nobody spent anything"
	case g.Trusted():
		return "no"
	}
	return fmt.Sprintf("yes: skewness %s needs %s in each arm", sheet.Fixed(g.Skew, 1), sheet.Count(g.SkewNeeds))
}

// finding names the segments whose test can find the effect that is worth it.
func (s *Sizes) finding() string {
	var enough, skewed []string
	for _, g := range s.Segments {
		switch {
		case g.Needed < 0 || g.Customers < g.Needed:
		case g.Trusted():
			enough = append(enough, g.Segment)
		default:
			skewed = append(skewed, g.Segment)
		}
	}
	head := fmt.Sprintf("%s, %s of them held out", wording.Plural(s.Total.Customers, "customer"), sheet.Count(s.Total.HeldOut))
	switch {
	case len(enough) == len(s.Segments):
		return head + ": enough in every segment"
	case len(enough) == 0 && len(skewed) > 0:
		return head + ": enough customers in " + wording.Quoted(skewed) + ", but their money is too skewed to trust that"
	case len(enough) == 0 && s.Total.Needed >= 0 && s.Total.Customers >= s.Total.Needed:
		return head + ": enough for all segments together, for none alone"
	case len(enough) == 0:
		return head + ": too few to find the effect asked for in any segment"
	}
	return head + ": enough in " + wording.Quoted(enough)
}

// Frame returns a row per segment and one for all: segment, customers, offered, held_out, rate, finds_rate, mean, sd, skew, cap, finds, pays, needed, skew_needs.
func (s *Sizes) Frame() table.Frame {
	rows := append(append([]Size(nil), s.Segments...), s.Total)
	return frame.New(
		frame.Each("segment", rows, func(g Size) string { return g.Segment }),
		frame.Each("customers", rows, func(g Size) int { return g.Customers }),
		frame.Each("offered", rows, func(g Size) int { return g.Offered }),
		frame.Each("held_out", rows, func(g Size) int { return g.HeldOut }),
		frame.Numbers([]string{"rate", "finds_rate", "mean", "sd", "skew", "cap", "finds", "pays"}, rows, func(g Size) []float64 {
			return []float64{g.Rate, g.FindsRate, g.Mean, g.SD, g.Skew, g.Cap, g.Finds, g.Pays}
		}),
		frame.Each("needed", rows, func(g Size) int { return g.Needed }),
		frame.Each("skew_needs", rows, func(g Size) int { return g.SkewNeeds }))
}
