package judge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/control"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/separation"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The checks behind a verdict, in the order in which it lists them.

// judge is a verdict in the making.
type judge struct {
	raw    *table.Table
	s      *table.Segments
	labels table.Labels // (n) of the rows of raw
	o      Options
	scored *segkit.Model // that scored the segments; nil where no single model did
	model  *segkit.Model // in whose space distances are measured; nil without one

	drawn []int // rows of raw on which distances and further fits are computed, rising; nil for all

	profile *describe.Profile
	out     *Verdict
}

// mostDrawn is how many customers those checks look at that ask for distances between customers or for further fits: of more, nothing that they say
// would change by as much as it does when the customers are drawn again.
const mostDrawn = 100_000

// draw draws so many customers by their ids, where there are more.
func (j *judge) draw(most int) {
	if j.raw.Len() > most {
		j.drawn = folds.Draw(j.raw.Raw().IDs, j.o.Seed, "verdict")[:most]
		slices.Sort(j.drawn)
	}
}

// space returns the customers, or those that were drawn, as the model prepares them.
func (j *judge) space(m *segkit.Model) (*table.Table, error) {
	if j.drawn == nil {
		return m.Prepare(j.raw)
	}
	return m.Prepare(j.raw.Rows(j.drawn))
}

// ofDrawn says of how many customers a figure is, "" if of all.
func (j *judge) ofDrawn() string {
	if j.drawn == nil {
		return ""
	}
	return fmt.Sprintf(" This looks at %s of the %s customers, drawn by their ids.", sheet.Count(len(j.drawn)), sheet.Count(j.raw.Len()))
}

// add puts a demand on the solution and, for each segment, what each makes of it; nil leaves the segments unjudged.
func (j *judge) add(whole Check, each func(l int) Check) {
	j.out.Solution = append(j.out.Solution, whole)
	for l := range j.out.Segments {
		c := unjudged(whole.Demand, "This is judged for the solution as a whole.")
		if each != nil {
			c = each(l)
			c.Demand = whole.Demand
		}
		j.out.Segments[l] = append(j.out.Segments[l], c)
	}
}

func unjudged(demand, why string) Check {
	return Check{Demand: demand, Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Says: why}
}

// graded is a check without an interval; reads is its value with a unit.
func graded(demand string, grade Grade, value float64, reads, format string, args ...any) Check {
	return Check{Demand: demand, Grade: grade, Value: value, Low: math.NaN(), High: math.NaN(), Reads: reads, Says: fmt.Sprintf(format, args...)}
}

// by is the check with the statistics that it rests on.
func (c Check) by(format string, args ...any) Check {
	c.Figures = fmt.Sprintf(format, args...)
	return c
}

// few: as many segments as people can act on.
func (j *judge) few(context.Context) error {
	k, most := 0, j.o.Goal.MaxSegments
	for _, n := range j.s.Counts() {
		if n > 0 {
			k++
		}
	}
	c := graded("few", Pass, float64(k), wording.Plural(k, "segment"), "%d segments are as many as people can keep apart (%d to %d).", k, fewest, most)
	switch {
	case k < 2:
		c.Grade, c.Says = Fail, "One segment is no segmentation."
	case k < fewest:
		c.Grade, c.Says = Weak, fmt.Sprintf("%d segments leave little to choose between (%d to %d are usual).", k, fewest, most)
	case k > most+2:
		c.Grade, c.Says = Fail, fmt.Sprintf("%d segments are more than a team will treat differently (at most %d).", k, most)
	case k > most:
		c.Grade, c.Says = Weak, fmt.Sprintf("%d segments are more than the %d that people can keep apart.", k, most)
	}
	j.add(c, nil)
	return nil
}

// mostOutside is the share of customers in no segment up to which a solution still counts as weakly exhaustive.
const mostOutside = .05

// exclusive: every customer is in exactly one segment. Segments sees to it that none is in two.
func (j *judge) exclusive(context.Context) error {
	outside, away, all := 0, 0.0, 0.0
	for i, l := range j.labels {
		all += j.raw.Weight(i)
		if l == table.Noise {
			outside++
			away += j.raw.Weight(i)
		}
	}
	share := away / all
	c := graded("exclusive", Pass, 1-share, sheet.Percent(1-share), "Every customer is in exactly one segment.")
	if outside > 0 {
		c.Grade, c.Says = Weak, fmt.Sprintf("No customer is in two segments, but %s (%s) are in none.", wording.Plural(outside, "customer"), sheet.Percent(share))
		if share > mostOutside {
			c.Grade = Fail
		}
	}
	j.add(c, nil)
	return nil
}

// natural: are there groups in the data at all? A division of one cloud may still be useful; it should only be known as one.
func (j *judge) natural(ctx context.Context) error {
	const demand = "natural"
	sweep := j.o.Sweep
	if sweep == nil && j.scored != nil {
		m, ok := j.scored.Recipe.Method.(cluster.KMethod)
		if !ok {
			j.add(unjudged(demand, "The method chose the number of segments by itself."), nil)
			return nil
		}
		x, err := j.space(j.scored)
		if err != nil {
			return err
		}
		if why := control.WhyNot(m, x); why != "" {
			j.add(unjudged(demand, fmt.Sprintf("There is nothing to compare the data with: a random draw from one group of normal shape %s.", why)), nil)
			return nil
		}
		// A method or table that cannot be compared with one group says so as an OptionError: that is no fault of the segments.
		sweep, err = choose.SweepKContext(ctx, x, segkit.Recipe{Method: m}, 1, min(max(j.s.K()+1, 6), x.Len()), choose.SweepOptions{Seed: j.o.Seed})
		var refused *fault.OptionError
		if errors.As(err, &refused) {
			j.add(unjudged(demand, fmt.Sprintf("The data could not be compared with data from one group: %s wants %s.", refused.Field, refused.Want)), nil)
			return nil
		}
		if err != nil {
			return err
		}
	}
	switch {
	case sweep == nil:
		j.add(unjudged(demand, "Whether the data themselves have groups was not tested, since no single model scored these segments: give "+
			"judge.Options.Sweep. Rules draw their lines in any case."), nil)
		return nil
	case sweep.Control == nil:
		j.add(unjudged(demand, "The sweep was made without draws of data from one group: there is nothing to compare the data with."), nil)
		return nil
	}
	control := sweep.Control
	p := max(control.Gaussian, control.Copula)
	c := graded(demand, Weak, p, "p "+sheet.Number(p), "Data from one group often enough show as much structure: the segments are a construction, "+
		"which may still be useful.").by("p = %s, the larger of two tests.", sheet.Number(p))
	if j.o.Sweep == nil {
		c.Figures += j.ofDrawn()
	}
	if control.Structure {
		j.out.Natural = true
		c.Grade, c.Says = Pass, "Data from one group hardly ever show as much structure."
		if against := atK(sweep, j.s.K()); against != "" {
			c.Grade = Weak
			c.Says += " But that does not make " + fmt.Sprintf("%d of them: at k = %d the sweep finds %s.", j.s.K(), j.s.K(), against)
		}
	}
	if doubts := control.Doubts(); doubts != "" {
		j.out.Unsure = true
		c.Says += " Another draw may decide differently."
		c.Figures += doubts
	}
	j.add(c, nil)
	return nil
}

// atK says what a sweep that finds groups has against this number of them, "" if nothing, or if it did not try it.
func atK(s *choose.Sweep, k int) string {
	at := slices.IndexFunc(s.Points, func(p choose.SweepPoint) bool { return p.K == k })
	if at < 0 || k < 2 {
		return ""
	}
	if p := s.Points[at]; p.Silhouette <= p.NullSilhouetteHigh {
		return "a silhouette no higher than one group's"
	}
	return ""
}

// alike says how near the others are to the next segment, by grade.
var alike = map[Grade]string{Pass: "", Weak: ", and many of the others lie between two", Fail: ", and most of the others lie between two"}

// homogeneous: customers of a segment are like each other, more than like those of the next.
func (j *judge) homogeneous(ctx context.Context) error {
	const demand = "homogeneous"
	if j.model == nil {
		j.add(unjudged(demand, "Distances need a space: give judge.Options.Model."), nil)
		return nil
	}
	x, err := j.space(j.model)
	if err != nil {
		return err
	}
	labels := j.labels
	if j.drawn != nil {
		labels = pick.At(labels, j.drawn)
	}
	opt, by := measure.SilhouetteOptions{Seed: j.o.Seed}, ""
	if m, ok := j.model.Recipe.Method.(cluster.KMedoids); ok { // alike as the method sees it
		opt.Distance, opt.Asymmetric = m.Distance, m.Asymmetric
	} else if opt.Distance.Check("", x, nil) != nil { // categories, missing values
		opt.Distance = distance.Gower
	}
	if opt.Distance != distance.Euclidean {
		by = fmt.Sprintf(" by the %s distance", opt.Distance)
	}
	if x.Len() > separation.SampleRows {
		opt.Rows = separation.SampleRows
	}
	sil, err := measure.SilhouetteContext(ctx, x, j.s, opt)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		j.add(unjudged(demand, "Silhouettes are undefined here: "+strings.TrimPrefix(err.Error(), "segkit: ")+"."), nil)
		return nil
	}
	below, inside := 0.0, 0.0
	for l, weight := range j.raw.Sums(j.labels, j.s.K()) {
		if seg := sil.Segments[l]; seg.Size > 0 && !math.IsNaN(seg.BelowZero) {
			below += float64(seg.BelowZero * weight)
			inside += weight
		}
	}
	spread, sampled := "", ""
	if sil.Sampled > 0 {
		sampled = fmt.Sprintf(" (of %s customers, drawn at random)", sheet.Count(sil.Sampled))
	}
	if opt.Distance == distance.Euclidean {
		spread = "; the variance within segments is undefined"
		if ch := separation.CalinskiHarabasz(x, labels); !math.IsNaN(ch) { // it is (B / (k-1)) / (W / (n-k))
			m := separation.CentroidsOf(x, labels)
			n, k := m.Size(), float64(len(m.Counts))
			spread = "; " + sheet.Percent(1/(1+ch*(k-1)/(n-k))) + " of the variance is left within segments"
		}
	}
	limit := j.o.Homogeneous
	c := graded(demand, limit.grade(sil.Mean), sil.Mean, "silhouette "+limit.fixed(sil.Mean), "%s of customers are nearer to another segment%s.",
		sheet.Percent(below/inside), alike[limit.grade(sil.Mean)]).by("The mean silhouette%s is %s%s%s.%s", by, limit.fixed(sil.Mean), sampled, spread, j.ofDrawn())
	if sil.Sampled > 0 { // of all customers the mean is what it is
		c.Low, c.High = sil.Low, sil.High
	}
	j.add(c, func(l int) Check {
		seg := sil.Segments[l]
		if seg.Size == 1 {
			return unjudged(demand, "It has one customer, who has nobody to be like.")
		}
		return graded(demand, limit.grade(seg.Mean), seg.Mean, "silhouette "+limit.fixed(seg.Mean), "%s of its customers are nearer to another segment.",
			sheet.Percent(seg.BelowZero)).by("The mean silhouette is %s.", limit.fixed(seg.Mean))
	})
	return nil
}

// distinct: segments differ in something that did not form them. Per segment: something stands out. What came from the same source
// as what formed them is weak evidence at most, and so is everything where it is not known what formed them.
func (j *judge) distinct(context.Context) error {
	const demand = "distinct"
	best, circular := [2]int{-1, -1}, 0 // independent, and of the same source
	for c, e := range j.profile.Effects {
		tied := e.Tied()
		switch {
		case e.Circular:
			circular++
		case math.IsNaN(e.Value):
		case best[tied] < 0 || e.Correlation() > j.profile.Effects[best[tied]].Correlation():
			best[tied] = c
		}
	}
	whole := unjudged(demand, "All columns of the table formed the segments, or are made from what did, so that segments differ there by construction: "+
		"join others.")
	if circular < len(j.profile.Effects) {
		whole.Says = "No other column can be compared: there is one segment with customers, or too few customers, or only one value."
	}
	for _, c := range best {
		if c < 0 {
			continue
		}
		if check := j.differ(demand, c); whole.Grade == NotJudged || check.Grade > whole.Grade {
			whole = check
		}
	}
	j.add(whole, func(l int) Check {
		markers := j.profile.Segments[l].Markers
		if len(markers) == 0 {
			return graded(demand, Fail, 0, "nothing", "Nothing stands out that would say who they are.")
		}
		limit := Limit{.8, .5} // Cohen's large and medium d
		tied := func(m describe.Marker) int { return j.profile.Effects[j.profile.Index(m.Column)].Tied() }
		first := slices.MinFunc(markers, func(a, b describe.Marker) int { return cmp.Compare(tied(a), tied(b)) }) // the strongest of the freest
		why := [...]string{"", " It came from the same source as what formed the segment, and nothing independent stands out.",
			" It formed the segment or is made from what did, and nothing else stands out."}[tied(first)]
		size := math.Abs(first.Strength)
		c := graded(demand, limit.grade(size), size, limit.fixed(size)+" SD", "What stands out most is %s.%s", first.Says, why).by(
			"It is %s standard deviations (of all customers) from what is typical.", limit.fixed(size))
		if tied(first) > 0 || j.profile.FormedBy == nil {
			c.Grade = min(c.Grade, Weak)
		}
		return c
	})
	return nil
}

// negligible is an effect below Cohen's small one (1988), by eta squared.
const negligible = .01

// differ grades how far the segments differ in column c, which did not form them as far as is known.
func (j *judge) differ(demand string, c int) Check {
	e, name := j.profile.Effects[c], j.profile.Columns[c].Name
	switch {
	case j.profile.FormedBy == nil:
	case e.SameSource:
		name += ", which came from the same source as what formed them"
	default:
		name += ", which did not form them"
	}
	measure := e.Measure
	if measure == describe.CramersV { // squared it is the mean of squared canonical correlations, one of which eta squared is
		measure += ", squared,"
		e.Value, e.Low, e.High = e.Value*e.Value, e.Low*e.Low, e.High*e.High
	}
	limit := j.o.Distinct
	effect := fmt.Sprintf("%s %s (%s to %s)", measure, limit.fixed(e.Value), sheet.Fixed(e.Low, 2), sheet.Fixed(e.High, 2))
	check := graded(demand, limit.grade(e.Value), e.Value, "eta² "+limit.fixed(e.Value), "The segments differ most in %s.", name).by("%s%s.", strings.ToUpper(effect[:1]), effect[1:])
	if e.Measure == describe.CramersV {
		check.Reads = "V² " + limit.fixed(e.Value)
	}
	if e.Value < negligible {
		check.Says = fmt.Sprintf("The segments hardly differ: the largest difference is in %s.", name)
	}
	check.Low, check.High = e.Low, e.High
	switch {
	case e.Adjusted > .05:
		check.Grade = Fail
		check.Says += " That may be chance."
	case j.profile.FormedBy == nil:
		check.Grade = min(check.Grade, Weak)
		check.Says += " Whether it formed them is not known: set Segments.FormedBy."
	case e.SameSource:
		check.Grade = min(check.Grade, Weak)
	}
	return check
}

// stable: the same segments come out when the customers are drawn again.
func (j *judge) stable(ctx context.Context) error {
	const demand = "stable"
	if len(j.out.Names) == 1 {
		j.add(unjudged(demand, "A single segment always comes back."), nil)
		return nil
	}
	st := cmp.Or(j.o.Stability, j.swept())
	if st == nil {
		if j.scored == nil {
			j.add(unjudged(demand, "No single model scored these segments, so none can be fitted to customers drawn again: give "+
				"judge.Options.Stability if there is one behind them. Lines drawn by rules do not move; watch who crosses them from month to month."), nil)
			return nil
		}
		if n := j.raw.Len(); n < describe.SmallSegment {
			j.add(unjudged(demand, fmt.Sprintf("%s are too few to be drawn again (at least %d).", wording.Plural(n, "customer"), describe.SmallSegment)), nil)
			return nil
		}
		x, err := j.space(j.scored)
		if err != nil {
			return err
		}
		st, err = choose.StabilityContext(ctx, x, segkit.Recipe{Method: j.scored.Recipe.Method}, choose.StabilityOptions{Pairs: verdictPairs, Draws: -1, Seed: j.o.Seed})
		var refused *fault.OptionError
		if errors.As(err, &refused) {
			j.add(unjudged(demand, fmt.Sprintf("The customers cannot be drawn again: %v.", fault.Trimmed(err))), nil)
			return nil
		}
		if err != nil {
			return err
		}
	}
	match, err := compare.Match(j.s, st.Segments)
	if err != nil {
		return err
	}
	of := make([]int, j.s.K()) // the segment of st that each of ours is
	for l := range of {
		of[l] = slices.Index(match.Of, l)
	}
	worst := -1
	for l, at := range of {
		if at >= 0 && (worst < 0 || st.Each[at].Mean < st.Each[of[worst]].Mean) {
			worst = l
		}
	}
	if worst < 0 {
		j.add(unjudged(demand, "The resampled solution has nothing in common with these segments."), nil)
		return nil
	}
	low := st.Each[of[worst]].Mean
	limit := j.o.Stable
	whole := graded(demand, limit.grade(low), low, "overlap "+limit.fixed(low), "%s", map[Grade]string{
		Pass: "When customers are drawn again, every segment comes back.",
		Weak: fmt.Sprintf("When customers are drawn again, %q comes back only in part.", j.s.Name(worst)),
		Fail: fmt.Sprintf("When customers are drawn again, %q does not come back.", j.s.Name(worst)),
	}[limit.grade(low)]).by("The least stable segment, %q, has a mean overlap (Jaccard) of %s with its resamples, where %v or more counts as coming back and %v or more as coming back in part; the adjusted Rand index of two resamples is %s.",
		j.s.Name(worst), limit.fixed(low), limit.Pass, limit.Weak, sheet.Fixed(st.Mean, 2))
	if rows, all := cmp.Or(st.Rows, len(st.Survival)), max(len(st.Survival), j.raw.Len()); rows < all {
		whole.Figures += fmt.Sprintf(" A resample has %s of the %s customers, so that both are, as a rule, too low rather than too high; the standard error of the latter is %s.",
			sheet.Count(rows), sheet.Count(all), sheet.Number((st.High-st.Low)/(2*1.96)))
	}
	j.add(whole, func(l int) Check {
		if of[l] < 0 {
			return unjudged(demand, "It was changed by hand after the method had formed it.")
		}
		e := st.Each[of[l]]
		return graded(demand, limit.grade(e.Mean), e.Mean, "overlap "+limit.fixed(e.Mean), "It dissolves in %s of resamples.", sheet.Percent(e.Dissolved)).by(
			"The mean overlap (Jaccard) is %s.", limit.fixed(e.Mean))
	})
	return nil
}

// swept is the stability of just these segments where the sweep has it, so that a verdict has no other figure than the advice; nil if not.
func (j *judge) swept() *choose.Stabilities {
	if j.o.Sweep == nil {
		return nil
	}
	for _, p := range j.o.Sweep.Points {
		if p.Stability == nil || p.K != j.s.K() {
			continue
		}
		labels, err := p.Stability.Segments.LabelsFor("judge.Segments", j.raw)
		if err != nil {
			return nil // the sweep was of other customers
		}
		if same, err := compare.AdjustedRand(labels, j.labels); err == nil && same == 1 {
			return p.Stability
		}
	}
	return nil
}

// substantial: large enough, in customers or in value, to be worth a treatment of its own. Of its shares the largest counts, and the
// segment with the least of that is the one that decides.
func (j *judge) substantial(context.Context) error {
	const demand = "substantial"
	limit := Limit{j.o.Goal.MinShare, j.o.Goal.MinShare / 2}
	least, shares, of := 0, make([]float64, j.s.K()), make([]string, j.s.K())
	each := make([]Check, j.s.K())
	for l, g := range j.profile.Segments {
		share, what := worth.Largest(g.Share, j.profile.ValueColumns, g.ValueShare)
		others := ""
		if what != "customers" {
			others = fmt.Sprintf(", and %s of customers", sheet.Percent(g.Share))
		}
		if shares[l], of[l] = share, what; share < shares[least] {
			least = l
		}
		each[l] = graded(demand, limit.grade(share), share, limit.percent(share)+" of "+what, "It has %s, %s of %s%s.", wording.Plural(g.Size, "customer"),
			limit.percent(share), what, others)
		if g.Small && each[l].Grade == Pass {
			each[l].Grade = Weak
			each[l].Says += fmt.Sprintf(" With fewer than %d customers, figures about them are uncertain.", describe.SmallSegment)
		}
	}
	whole := graded(demand, limit.grade(shares[least]), shares[least], limit.percent(shares[least])+" of "+of[least],
		"A segment needs %s of %s. %q has the least: %s of %s.", sheet.Percent(limit.Pass), worth.Measures(j.profile.ValueColumns), j.s.Name(least), limit.percent(shares[least]), of[least])
	for l, g := range j.profile.Segments {
		if g.Share < limit.Pass && shares[l] >= limit.Pass {
			whole.Says += fmt.Sprintf(" %q has %s of customers, and is large enough by its %s of %s.", j.s.Name(l), limit.percent(g.Share), limit.percent(shares[l]), of[l])
		}
	}
	for l, c := range each {
		if c.Grade < whole.Grade { // its share is large enough
			whole.Grade = c.Grade
			whole.Says += fmt.Sprintf(" %q has fewer than %d customers: figures about them are uncertain.", j.s.Name(l), describe.SmallSegment)
		}
	}
	j.add(whole, func(l int) Check { return each[l] })
	return nil
}

// tellable says how well it can be told who is in a segment, by grade.
var tellable = map[Grade]string{Pass: "", Weak: " roughly", Fail: " hardly better than by guessing"}

// mostDescriptors is how many columns a sentence names: tables of several sources have dozens.
const mostDescriptors = 6

// identifiable: who and where they are tells in which segment they are.
func (j *judge) identifiable(ctx context.Context) error {
	const demand = "identifiable"
	var descriptors []string
	for c, column := range j.raw.Raw().Columns {
		if column.Role == table.Descriptor && !j.profile.Effects[c].Circular {
			descriptors = append(descriptors, column.Name)
		}
	}
	if descriptors == nil {
		j.add(unjudged(demand, "The table has no descriptors such as age or city by which a segment could be reached: join them, with the role "+
			"Descriptor."), nil)
		return nil
	}
	x, err := j.raw.Select(descriptors...)
	if err != nil {
		return err
	}
	id, err := identifiability(ctx, x, j.labels, j.o.Seed)
	if errors.Is(err, fault.ErrUndefined) {
		j.add(unjudged(demand, "All customers are in one segment."), nil)
		return nil
	}
	if err != nil {
		return err
	}
	limit := j.o.Identifiable
	from := wording.ColumnList(descriptors[:min(len(descriptors), mostDescriptors)])
	if len(descriptors) > mostDescriptors {
		from = fmt.Sprintf("the %s that describe the customers (%s are the first)", wording.Plural(len(descriptors), "column"), from)
	}
	whole := graded(demand, limit.grade(id.auc), id.auc, "AUC "+limit.fixed(id.auc), "From %s one can tell%s who is in which segment.",
		from, tellable[limit.grade(id.auc)]).by("A small tree, tried on customers it was not made from, has an AUC of %s (0.5 is guessing, 1 is certain).",
		limit.fixed(id.auc))
	if id.rows > 0 {
		whole.Figures += fmt.Sprintf(" Each tree was made from %s of the %s customers, drawn by their ids, and all customers were tried; trees made from others may do better or worse. The standard error of the AUC is %s, the larger of two: the one between folds, and the one for other customers with the same trees.",
			sheet.Count(id.rows), sheet.Count(id.of), sheet.Number(id.se))
	}
	whole.Low, whole.High = id.low, id.high
	j.add(whole, func(l int) Check {
		if l >= len(id.each) || math.IsNaN(id.each[l]) {
			return unjudged(demand, "It has no customers.")
		}
		return graded(demand, limit.grade(id.each[l]), id.each[l], "AUC "+limit.fixed(id.each[l]), "One can tell%s who is in it.",
			tellable[limit.grade(id.each[l])]).by("AUC %s against all others.", limit.fixed(id.each[l]))
	})
	return nil
}

// actionable: it can be said in a rule, and it has a name. Whether its customers differ in what the business is after is asked by metric.
func (j *judge) actionable(ctx context.Context) error {
	const demand = "actionable"
	rules := j.o.Rules
	if rules == nil {
		var err error
		if rules, err = rulebook.ExplainContext(ctx, j.raw, j.s, rulebook.Options{Seed: j.o.Seed}); err != nil {
			if ctx.Err() != nil {
				return err
			}
			j.add(unjudged(demand, "No rules were found: "+strings.TrimPrefix(err.Error(), "segkit: ")+"."), nil)
			return nil
		}
	}
	limit := j.o.Sayable
	whole := graded(demand, limit.grade(rules.Held.Accuracy), rules.Held.Accuracy, limit.percent(rules.Held.Accuracy),
		"Rules of at most %s put %s of customers where they belong, tried on customers they were not made from.",
		wording.Plural(rules.Held.Conditions, "condition"), limit.percent(rules.Held.Accuracy))
	if rules.Rows > 0 {
		whole = whole.by("The rules were made from %s of the %s customers, drawn by their ids, and tried on all; rules made from more may be right more often. The standard error of the share over the folds is %s.",
			sheet.Count(rules.Rows), sheet.Count(rules.N), sheet.Number(rules.HeldError))
	}
	var missed []string // large segments can carry the accuracy while the rules miss a small one
	for l := range j.s.K() {
		if precision, recall := rules.PrecisionRecall(j.s.Name(l)); math.IsNaN(precision) || limit.grade(min(precision, recall)) == Fail {
			missed = append(missed, strconv.Quote(j.s.Name(l)))
		}
	}
	if missed != nil {
		whole.Grade = min(whole.Grade, Weak)
		whole.Says += " They miss " + sheet.List(missed) + "."
	}
	j.add(whole, func(l int) Check {
		precision, recall := rules.PrecisionRecall(j.s.Name(l))
		lower := min(precision, recall)
		c := graded(demand, limit.grade(lower), lower, limit.percent(lower), "Its rules take %s of its customers, and %s of those they take belong to it.",
			limit.percent(recall), limit.percent(precision))
		if math.IsNaN(precision) {
			c = graded(demand, Fail, 0, "no rule", "No rule was found that says who they are.")
		}
		if unnamed(j.s.Name(l)) {
			c.Grade = min(c.Grade, Weak)
			c.Reads += ", no name"
			c.Says += " It has no name that says what it is."
		}
		return c
	})
	return nil
}

// told is how far above guessing a protected attribute may be told from the segments for them to be neutral, and at least weakly so: a
// convention of this package.
const told, toldWeakly = .1, .3

// neutral: nobody can read off a segment what must not count. It is asked where protected attributes were measured.
func (j *judge) neutral(context.Context) error {
	if j.o.Proxies == nil {
		return nil
	}
	const demand = "neutral"
	attribute, lift, p := j.o.Proxies.Strongest()
	if attribute == "" || math.IsNaN(lift) {
		j.add(unjudged(demand, "No protected attribute was measured: name some in privacy.ProxyOptions.Columns."), nil)
		return nil
	}
	says, figures := j.o.Proxies.Words()
	c := graded(demand, Pass, lift, "lift "+sheet.Fixed(lift, 2), "%s", says).by("%s", figures)
	switch {
	case lift <= told:
	case p > .05:
		c.Grade = Weak
		c.Says += " That may be chance."
	case lift <= toldWeakly:
		c.Grade = Weak
	default:
		c.Grade = Fail
	}
	j.add(c, nil)
	return nil
}

// unnamed reports whether a name only counts: "3", "segment 3", "Average", "Average 2".
func unnamed(name string) bool {
	word := strings.ToLower(strings.TrimRight(name, " 0123456789"))
	return slices.Contains([]string{"", "segment", "cluster", "group", "average"}, word)
}

// summary says in a few sentences what stands in the way, the metric first.
func (j *judge) summary() string {
	v := j.out
	by := map[Grade][]string{}
	natural := NotJudged
	for _, c := range v.Checks() {
		switch {
		case c.Demand == "natural" && c.Grade != NotJudged:
			natural = c.Grade
		case c.Demand != "metric" || c.Grade == NotJudged:
			by[c.Grade] = append(by[c.Grade], c.Demand)
		}
	}
	metric := map[Grade]string{Pass: "The segments differ in what happened afterwards.", Weak: "The segments differ a little in what happened afterwards.",
		Fail: "The segments may not differ in what happened afterwards."}
	parts := []string{metric[v.Metric.Grade]}
	they := "They are "
	if v.Metric.Grade == NotJudged {
		they, parts = "The segments are ", nil
	}
	for _, g := range []struct {
		grade Grade
		how   string
	}{{Pass, ""}, {Weak, "only weakly "}, {Fail, "not "}} {
		if names := by[g.grade]; names != nil {
			are := g.how + sheet.List(names)
			if last := len(names) - 1; g.grade == Fail && last > 0 { // "not this and that" may be read as "that"
				are = "neither " + strings.Join(names[:last], ", ") + " nor " + names[last]
			}
			parts = append(parts, they+are+".")
			they = "They are "
		}
	}
	switch natural {
	case Pass:
		parts = append(parts, "The data themselves have groups.")
	case Weak, Fail:
		if v.Natural {
			parts = append(parts, fmt.Sprintf("The data themselves have groups, but probably not %d: drawing that many lines is a choice.", len(v.Names)))
			break
		}
		parts = append(parts, "The data themselves have no groups: the segments are a construction that may still be useful.")
	}
	if names := by[NotJudged]; names != nil {
		parts = append(parts, "The verdict does not judge "+sheet.List(names)+".")
	}
	return strings.Join(parts, " ")
}
