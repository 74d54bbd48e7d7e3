package choose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Which number of segments a sweep speaks for, in two or three sentences.

// Advice says which number of segments the evidence favours within the limits, where the evidence disagrees, and what another choice costs.
type Advice struct {
	K         int      // favoured, within the limits; 0 if the sweep has no such k
	Structure bool     // the null control finds more than one group; false: there are no natural segments and any split is a construction, or this was not tested
	Sentences []string // the finding first
	Choices   []Choice // (ks from 2) the case for and against each
	NotAsked  []string // as in Panel
}

// Choice is the case for and against one number of segments.
type Choice struct {
	K            int
	Left         float64 // share of the cost at k = 1 that remains
	Smallest     float64 // share of customers in the smallest segment
	For, Against []string
}

var _ sheet.Sheeter = (*Advice)(nil)

// Advice weighs the sweep within the limits of its Goal: at most MaxSegments, none smaller than MinShare, and three or more unless the
// data speak clearly for two. A segment is as large as the largest of its shares, of the customers or of a column with Role Value, as in
// judge.Segments; what customers are worth is known if the table that was swept has such a column and was not transformed. If there is a k at which all customers of each segment are alike, it is
// advised, because there is nothing left to divide. Otherwise, if the null control finds more than one group, the elbow decides,
// else a decisive silhouette, else the highest silhouette within the limits. If the null control does not, any split is a
// construction, and the most useful k is advised: the one that separates the goal's metric, else the most stable, else the one on
// which the starts agree. The same holds if there are no silhouettes (categories, missing cells). Advice names criteria that
// disagree, and says if the choice is at the end of the sweep, beyond which there may be a better one. It advises no number if none
// can be known, because only one was tried or nothing separates the numbers. It costs nothing.
func (s *Sweep) Advice() *Advice {
	if s == nil {
		return &Advice{Sentences: []string{fault.Nil("choose.Sweep.Advice", "sweep").Error()}}
	}
	panel := s.Panel()
	a := &Advice{Structure: s.Control != nil && s.Control.Structure, NotAsked: panel.NotAsked}
	for _, p := range s.Points {
		if p.K > 1 {
			a.Choices = append(a.Choices, s.choice(p, panel))
		}
	}
	why := ""
	perfect := slices.IndexFunc(s.Points, func(p SweepPoint) bool { return s.perfect(p) && s.beyondLimits(p) == "" })
	switch {
	case perfect >= 0:
		a.K, why = s.Points[perfect].K, "the customers of each segment are identical there, so nothing is left to divide"
	case len(a.Choices) == 1:
		why = fmt.Sprintf("Only k = %d was tried, so there is nothing to compare it with: sweep over several numbers of segments.", a.Choices[0].K)
	case s.Control == nil || s.Control.Structure:
		a.K, why = s.natural(panel)
	default:
		a.K, why = s.sensible()
	}
	a.Sentences = append(a.Sentences, s.finding(a.K, why))
	if a.K == 0 {
		switch {
		case a.Structure:
			a.Sentences = append(a.Sentences, s.Control.says())
		case s.Control != nil:
			a.Sentences = append(a.Sentences, why)
		}
		if text := choices(panel.Criteria); text != "" {
			a.Sentences = append(a.Sentences, "Without limits, the criteria choose: "+text+".")
		}
		return a
	}
	if s.Control != nil {
		if a.Structure {
			a.Sentences = append(a.Sentences, s.Control.says())
		} else {
			a.Sentences = append(a.Sentences, fmt.Sprintf("If you want segments all the same, take %d: %s.", a.K, why))
		}
	}
	a.Sentences = append(a.Sentences, disagreement(panel, a.K)+s.atEnd(a.K)+s.otherwise(a.K)+s.fewButWorth(a.K)+a.allTheSame())
	return a
}

// allTheSame says what stands against the advised number in the table below, and which other has less. Why it is advised is said before.
func (a *Advice) allTheSame() string {
	against := func(k int) []string {
		return a.Choices[slices.IndexFunc(a.Choices, func(c Choice) bool { return c.K == k })].Against
	}
	own := against(a.K)
	if len(own) == 0 {
		return ""
	}
	text := fmt.Sprintf(" What counts against %d: %s. It is advised all the same, for the reason given above.", a.K, strings.Join(own, "; "))
	var fewer []string
	for _, c := range a.Choices {
		if len(c.Against) == 0 {
			fewer = append(fewer, fmt.Sprint(c.K))
		}
	}
	if fewer != nil {
		text += fmt.Sprintf(" Nothing counts against %s: consider it before you decide.", wording.List(fewer))
	}
	return text
}

// finding is the first sentence. For k = 0, why is a sentence.
func (s *Sweep) finding(k int, why string) string {
	switch {
	case s.Control != nil && !s.Control.Structure:
		return s.Control.says()
	case k == 0:
		return why
	case s.Control == nil:
		return fmt.Sprintf("The sweep favours %s: %s. Whether there is more than one group was not tested.", wording.Plural(k, "segment"), why)
	}
	return fmt.Sprintf("The evidence favours %s: %s.", wording.Plural(k, "segment"), why)
}

// noneWithin says that no point is acceptable.
func (s *Sweep) noneWithin() string {
	return fmt.Sprintf("No k in the sweep is within the limits (at most %s, %s): sweep from 2, or change the Goal.",
		wording.Plural(s.Goal.MaxSegments, "segment"), s.largeEnough())
}

// acceptable returns the points within the limits: of three segments and more, else of two.
func (s *Sweep) acceptable() (points []SweepPoint) {
	for _, least := range []int{usualFewest, 2} {
		for _, p := range s.Points {
			if p.K >= least && s.beyondLimits(p) == "" {
				points = append(points, p)
			}
		}
		if points != nil {
			break
		}
	}
	return points
}

// beyondLimits says why a number of segments is beyond the limits, "" if it is not.
func (s *Sweep) beyondLimits(p SweepPoint) string {
	if p.K > s.Goal.MaxSegments {
		return fmt.Sprintf("more than %d segments", s.Goal.MaxSegments)
	}
	if l, size := s.smallest(p); size < s.Goal.MinShare {
		return "its smallest segment holds " + s.holds(p, l)
	}
	return ""
}

// perfect reports whether the customers of each segment are all alike, and there is more than one. No more segments are possible.
func (s *Sweep) perfect(p SweepPoint) bool { return p.K > 1 && p.Cost <= nothingLeft*s.Total }

// nothingLeft is a share of the cost that is rounding.
const nothingLeft = 1e-15

// HighestSilhouette returns the points with the highest mean silhouette, rounded to four decimals; of equal ones, the one with the
// fewest segments. The first is the highest of all points, the second the highest of those within the limits of the Goal from
// which Advice chooses, with three segments or more if there are any. Each is empty (K = 0) if there is none.
func (s *Sweep) HighestSilhouette() (all, within SweepPoint) {
	if s == nil {
		return all, within
	}
	highest := func(points []SweepPoint) (best SweepPoint) {
		for _, p := range points {
			if !math.IsNaN(p.Silhouette) && (best.K == 0 || math.Round(1e4*p.Silhouette) > math.Round(1e4*best.Silhouette)) {
				best = p
			}
		}
		return best
	}
	return highest(s.Points), highest(s.acceptable())
}

// limits reads like "3 to 5 segments with at least 5 % of the customers in each", as acceptable points are.
func (s *Sweep) limits() string {
	fewest := usualFewest
	for _, p := range s.acceptable() {
		fewest = min(fewest, p.K)
	}
	numbers := fmt.Sprintf("%d to %d", fewest, s.Goal.MaxSegments)
	if fewest >= s.Goal.MaxSegments {
		numbers = fmt.Sprint(s.Goal.MaxSegments)
	}
	return fmt.Sprintf("%s segments with %s", numbers, s.largeEnough())
}

// natural returns the k that the groups in the data speak for, and why.
func (s *Sweep) natural(panel *Panel) (k int, why string) {
	beyond := ""
	for _, name := range []string{"elbow", "silhouette"} {
		at := slices.IndexFunc(panel.Criteria, func(c Criterion) bool { return c.Name == name && c.K > 1 && (c.Decisive || s.Control == nil) })
		if at < 0 {
			continue
		}
		c := panel.Criteria[at]
		reason := s.beyondLimits(s.point(c.K))
		if reason == "" {
			return c.K, "the " + s.chosenBy(panel, c.K) + beyond
		}
		if beyond == "" {
			beyond = fmt.Sprintf("; on its own, the %s points to %d (%s)", name, c.K, reason)
		}
	}
	points := s.acceptable()
	if len(points) == 0 {
		return 0, s.noneWithin()
	}
	all, best := s.HighestSilhouette()
	if best.K == 0 {
		if k, why = s.sensible(); k == 0 {
			return 0, why
		}
		return k, why + beyond
	}
	why = "the silhouette is highest there"
	if best.K != all.K {
		why = fmt.Sprintf("among %s, the silhouette is highest there (%s; without these limits, at %d with %s)", s.limits(), sheet.Fixed(best.Silhouette, 2), all.K,
			sheet.Fixed(all.Silhouette, 2))
	}
	if beyond == "" {
		why = "no elbow decides, and " + why
	}
	return best.K, why + beyond
}

// chosenBy reads like "elbow, silhouette and gap choose it".
func (s *Sweep) chosenBy(panel *Panel, k int) string {
	by, _ := choosers(panel.Criteria)
	if len(by[k]) == 1 {
		return by[k][0] + " chooses it"
	}
	return sheet.List(by[k]) + " choose it"
}

// sensible returns the k that serves best where there are no groups, and why; 0 and a sentence where nothing tells.
func (s *Sweep) sensible() (k int, why string) {
	points := s.acceptable()
	if len(points) == 0 {
		return 0, s.noneWithin()
	}
	most := func(value func(SweepPoint) float64) (SweepPoint, bool) { // the fewest segments of equals
		best := points[0]
		for _, p := range points[1:] {
			if v := value(p); v > value(best) || math.IsNaN(value(best)) {
				best = p
			}
		}
		return best, !math.IsNaN(value(best))
	}
	if best, ok := most(SweepPoint.separation); ok && best.Separation.Low > 0 {
		for _, p := range points { // more segments always tell a little more apart
			if p.separation() >= best.Separation.Low {
				best = p
				break
			}
		}
		e := best.Separation
		return best.K, fmt.Sprintf("%s of the differences in %s lie between its segments (%s to %s), and more segments do not clearly add to that",
			wording.Percent(e.Value), s.Goal.Metric, wording.Percent(e.Low), wording.Percent(e.High))
	}
	if best, ok := most(SweepPoint.stability); ok {
		return best.K, fmt.Sprintf("within the limits, its segments are the most stable when customers are drawn again (adjusted Rand %s)",
			sheet.Fixed(best.Stability.Mean, 2))
	}
	if best, ok := most(func(p SweepPoint) float64 { return p.Restarts.HitRate() }); ok && len(best.Restarts) > 1 {
		hits, starts := best.Restarts.Hits(), len(best.Restarts)
		if hits == 1 {
			return 0, fmt.Sprintf("No number can be recommended: whatever the number, no two of %d starts find the same best solution. %s", starts, askMore)
		}
		why = fmt.Sprintf("within the limits, its best solution is found most often (by %d of %d starts)", hits, starts)
		if 2*hits < starts {
			return best.K, why + ", though not often"
		}
		return best.K, why + ", so it can be repeated"
	}
	return 0, "No number can be recommended: nothing that was computed favours one of them. " + askMore
}

// askMore is what to do where nothing tells numbers of segments apart.
const askMore = "Say what the segments are for (Goal and Outcome), or ask for stability (Pairs)."

// atEnd says that there may be a better number of segments beyond the sweep.
func (s *Sweep) atEnd(k int) string {
	switch {
	case s.perfect(s.point(k)):
		return ""
	case k == s.last().K:
		return fmt.Sprintf(" The sweep ends at %d: a longer one may favour more segments.", k)
	case k == s.Points[0].K && k > 2:
		return fmt.Sprintf(" The sweep begins at %d: one from 2 may favour fewer segments.", k)
	}
	return ""
}

// disagreement names the criteria that choose otherwise.
func disagreement(panel *Panel, k int) string {
	others := slices.DeleteFunc(slices.Clone(panel.Criteria), func(c Criterion) bool { return c.K == k })
	if text := choices(others); text != "" {
		return "Other criteria choose differently: " + text + "."
	}
	return "No criterion chooses differently."
}

// otherwise says what one segment fewer or more would cost.
func (s *Sweep) otherwise(k int) string {
	left := func(p SweepPoint) string { return wording.Percent(p.Cost / s.Total) }
	what := "of the cost"
	if s.Squares() {
		what = "of the spread"
	}
	var parts []string
	for _, other := range []SweepPoint{s.point(k - 1), s.point(k + 1)} {
		if other.K < 2 {
			continue
		}
		text := fmt.Sprintf("with %d, %s", other.K, left(other))
		if reason := s.beyondLimits(other); reason != "" {
			text += " (" + reason + ")"
		} else if hits := other.Restarts.Hits(); len(other.Restarts) > 1 && hits == 1 {
			text += fmt.Sprintf(" (a solution that only 1 of %d starts finds)", len(other.Restarts))
		}
		parts = append(parts, text)
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf(" With %d segments, %s %s is left within them; %s.", k, left(s.point(k)), what, strings.Join(parts, ", "))
}

// fewButWorth says by which measure segments of few customers are large enough; "" if there are none.
func (s *Sweep) fewButWorth(k int) string {
	large := s.byWorth(s.point(k))
	if large == "" {
		return ""
	}
	return fmt.Sprintf(" Small segments count by what their customers are worth: at %d, %s.", k, large)
}

// choice gathers what speaks for and against a number of segments.
func (s *Sweep) choice(p SweepPoint, panel *Panel) Choice {
	by, _ := choosers(panel.Criteria)
	c := Choice{K: p.K, Left: p.Cost / s.Total, Smallest: p.smallestShare(), For: by[p.K]}
	pro := func(ok bool, format string, args ...any) {
		if ok {
			c.For = append(c.For, fmt.Sprintf(format, args...))
		}
	}
	con := func(ok bool, format string, args ...any) {
		if ok {
			c.Against = append(c.Against, fmt.Sprintf(format, args...))
		}
	}
	pro(p.P <= controlLevel, "saves more than one group would")
	if p.Silhouette <= p.NullSilhouetteHigh { // the highest of all is no argument then
		c.For = slices.DeleteFunc(slices.Clone(c.For), func(name string) bool { return name == "silhouette" })
		con(true, "silhouette no higher than one group's")
	}
	pro(s.perfect(p), "customers of each are identical")
	large := s.byWorth(p)
	pro(large != "", "large enough by worth: %s", large)
	if p.Stability != nil && len(p.Stability.Null) > 0 {
		one := slices.Max(p.Stability.Null)
		pro(p.Stability.Mean > one, "more stable than one group (%s)", sheet.Fixed(p.Stability.Mean, 2))
		con(p.Stability.Mean <= one, "no more stable than one group (%s)", sheet.Fixed(p.Stability.Mean, 2))
	}
	con(p.Separation.Low <= 0 && p.Separation.Measure != "", "does not tell %s apart", s.Goal.Metric)
	if starts := len(p.Restarts); starts > 1 {
		hits := p.Restarts.Hits()
		mean, _ := p.Restarts.NearAgreement()
		pro(2*hits >= starts, "%d of %d starts find it", hits, starts)
		con(2*hits < starts, "only %d of %d starts find it", hits, starts)
		con(mean < .9, "nearly as good starts divide differently (%s)", sheet.Fixed(mean, 2))
	}
	con(p.K < usualFewest, "two segments say little")
	for _, reason := range []string{s.few(p), s.beyondLimits(p)} {
		con(reason != "", "%s", reason)
	}
	return c
}

// Sheet lists the case for and against each number of segments; the caption is the finding.
func (a *Advice) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: a.Sentences[0], Notes: slices.Clone(a.Sentences[1:]),
		Columns: []sheet.Column{{Name: "k"}, {Name: "spread left", Unit: "%"},
			{Name: "smallest", Unit: "%"}, {Name: "for", Text: true}, {Name: "against", Text: true}}}
	for _, c := range a.Choices {
		k := sheet.Count(c.K)
		if c.K == a.K {
			k = "→ " + k
		}
		out.Rows = append(out.Rows, []string{k, sheet.Fixed(100*c.Left, 0), sheet.Fixed(100*c.Smallest, 0), strings.Join(c.For, "; "),
			strings.Join(c.Against, "; ")})
	}
	if a.NotAsked != nil {
		out.Notes = append(out.Notes, "Not asked for, each with the field of SweepOptions that asks for it: "+strings.Join(a.NotAsked, ", ")+".")
	}
	return out
}

// Frame returns one row per number of segments: k, whether it is advised, the share of the cost that remains, the smallest segment, for and
// against.
func (a *Advice) Frame() table.Frame {
	return frame.New(
		frame.Each("k", a.Choices, func(c Choice) int { return c.K }),
		frame.Each("advised", a.Choices, func(c Choice) bool { return c.K == a.K }),
		frame.Each("left", a.Choices, func(c Choice) float64 { return c.Left }),
		frame.Each("smallest", a.Choices, func(c Choice) float64 { return c.Smallest }),
		frame.Each("for", a.Choices, func(c Choice) string { return strings.Join(c.For, "; ") }),
		frame.Each("against", a.Choices, func(c Choice) string { return strings.Join(c.Against, "; ") }))
}

// usualFewest is the number of segments below which there is little to choose between.
const usualFewest = 3
