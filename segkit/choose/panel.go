package choose

import (
	"cmp"
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

// What each criterion of a sweep says, side by side.

// Goal is what a segmentation is for, as plain data: advice and verdict start from it.
type Goal struct {
	Metric      string  // column of the outcome table in which the segments should differ, such as "spend"
	MinShare    float64 // smallest share of customers, or of a column with Role Value, whichever is more, that deserves separate treatment; 0 means .05
	MaxSegments int     // the most segments that people will act on; 0 means 5
}

// WithDefaults fills in the defaults.
func (g Goal) WithDefaults() Goal {
	g.MinShare, g.MaxSegments = cmp.Or(g.MinShare, .05), cmp.Or(g.MaxSegments, 5)
	return g
}

// Panel lists what each criterion chooses. There is no vote: if criteria disagree, that is the finding.
type Panel struct {
	Criteria []Criterion
	NotAsked []string // criteria that the sweep was not asked to compute, each with the option that does
}

// Criterion is one way to choose the number of segments, and what it says.
type Criterion struct {
	Name      string  // "silhouette", "gap", …
	K         int     // its choice; 0 if it makes none
	Value     float64 // at that k
	Low, High float64 // interval of Value, NaN if there is none
	Decisive  bool    // the choice is clearly ahead of the next best, and of data without groups
	Says      string  // one sentence
}

// clearLead is how far a value must be ahead of the next best, as a share of itself, to be decisive.
const clearLead = .05

var _ sheet.Sheeter = (*Panel)(nil)

// Panel returns, for each criterion in the sweep, which of its numbers of segments it chooses. It costs nothing.
func (s *Sweep) Panel() *Panel {
	if s == nil {
		c := criterion("sweep", 0, math.NaN())
		c.Says = fault.Nil("choose.Sweep.Panel", "sweep").Error()
		return &Panel{Criteria: []Criterion{c}}
	}
	p := &Panel{}
	oneGroup := s.Control != nil && !s.Control.Structure
	for _, c := range []Criterion{
		s.byControl(), s.byElbow(), s.bySilhouette(),
		s.byExtreme("simplified silhouette", "highest", func(p SweepPoint) float64 { return p.Simplified }),
		s.byExtreme("Calinski-Harabasz", "highest", func(p SweepPoint) float64 { return p.CalinskiHarabasz }),
		s.byExtreme("Davies-Bouldin", "lowest", func(p SweepPoint) float64 { return p.DaviesBouldin }),
		s.byGap(), s.byStrength(), s.byStability(), s.bySeparation(), s.byRestarts(),
	} {
		if oneGroup && c.Name != s.separationName() { // what segments are for, they may serve without being natural
			c.Decisive = false
		}
		if c.Says != "" {
			p.Criteria = append(p.Criteria, c)
		}
	}
	for _, c := range []struct {
		missing    bool
		name, with string
	}{
		{s.Draws == 0, controlName, "Draws"},
		{s.Gap == nil, "gap", "Gap"},
		{s.last().Strength.K == 0, "prediction strength", "Strength"},
		{s.last().Stability == nil, "stability", "Pairs"},
		{s.last().Separation.Measure == "", "what the segments tell apart later", "Goal and Outcome"},
	} {
		if c.missing {
			p.NotAsked = append(p.NotAsked, fmt.Sprintf("%s (%s)", c.name, c.with))
		}
	}
	return p
}

// last is the point of most segments, empty for an empty sweep.
func (s *Sweep) last() SweepPoint {
	if len(s.Points) == 0 {
		return SweepPoint{}
	}
	return s.Points[len(s.Points)-1]
}

func criterion(name string, k int, value float64) Criterion {
	return Criterion{Name: name, K: k, Value: value, Low: math.NaN(), High: math.NaN()}
}

const controlName = "null control"

// byControl asks whether there is more than one group at all. It chooses no k.
func (s *Sweep) byControl() Criterion {
	if s.Control == nil {
		return Criterion{}
	}
	c := criterion(controlName, 0, max(s.Control.Gaussian, s.Control.Copula))
	c.Says, c.Decisive = s.Control.says(), s.Control.Structure
	return c
}

func (s *Sweep) byElbow() Criterion {
	k, marked := s.Knee()
	if !marked {
		c := criterion("elbow", 0, math.NaN())
		c.Says = "The costs have no knee."
		return c
	}
	c := criterion("elbow", k, 1-s.point(k).Cost/s.point(k-1).Cost)
	saved := sheet.Fixed(100*c.Value, 0) + " %"
	switch _, ok := s.Elbow(); {
	case ok:
		c.Decisive = true
		c.Says = fmt.Sprintf("Kneedle marks k = %d, and the step to it saves %s of the cost, more than with one group alone.", k, saved)
	case s.Control == nil:
		c.Says = fmt.Sprintf("Kneedle marks k = %d, where the step saves %s of the cost; it marks a knee in almost any curve, and whether one "+
			"group bends there, too, was not tried.", k, saved)
	default:
		c.K, c.Value = 0, math.NaN()
		c.Says = fmt.Sprintf("Kneedle marks k = %d, but one group alone bends as much there, so there is no elbow.", k)
	}
	return c
}

// byExtreme chooses the k of the highest or the lowest value, the first of equals.
func (s *Sweep) byExtreme(name, which string, value func(p SweepPoint) float64) Criterion {
	sign := 1.0
	if which == "lowest" {
		sign = -1
	}
	ranked := slices.DeleteFunc(slices.Clone(s.Points), func(p SweepPoint) bool { return p.K < 2 || math.IsNaN(value(p)) })
	slices.SortStableFunc(ranked, func(a, b SweepPoint) int { return cmp.Compare(sign*value(b), sign*value(a)) })
	if len(ranked) == 0 {
		return Criterion{}
	}
	best := ranked[0]
	c := criterion(name, best.K, value(best))
	c.Says = fmt.Sprintf("The %s is at k = %d (%s)", which, c.K, wording.TwoDecimals(c.Value))
	if len(ranked) == 1 {
		c.Says = fmt.Sprintf("Only k = %d was tried (%s)", c.K, wording.TwoDecimals(c.Value))
	} else {
		next := value(ranked[1])
		c.Decisive = sign*(c.Value-next) >= clearLead*math.Abs(c.Value)
		c.Says += fmt.Sprintf(", the next best at k = %d (%s)", ranked[1].K, wording.TwoDecimals(next))
	}
	c.Says += "."
	if best.K == s.last().K && len(ranked) > 1 && !s.perfect(best) {
		c.Decisive = false
		c.Says += " It is the largest k that was tried."
	}
	return c
}

func (s *Sweep) bySilhouette() Criterion {
	c := s.byExtreme("silhouette", "highest", func(p SweepPoint) float64 { return math.Round(1e4*p.Silhouette) / 1e4 })
	if c.Says == "" {
		return c
	}
	best := s.point(c.K)
	c.Value, c.Low, c.High = best.Silhouette, best.SilhouetteLow, best.SilhouetteHigh
	for _, p := range s.Points {
		c.Decisive = c.Decisive && (p.K == c.K || !(p.SilhouetteHigh >= c.Low))
	}
	switch one := best.NullSilhouetteHigh; {
	case math.IsNaN(one):
	case c.Value > one:
		c.Says += fmt.Sprintf(" One group alone reaches %s at most.", sheet.Fixed(one, 2))
	default:
		c.Decisive = false
		c.Says += fmt.Sprintf(" One group alone reaches as much (%s).", sheet.Fixed(one, 2))
	}
	return c
}

func (s *Sweep) byGap() Criterion {
	if s.Gap == nil || len(s.Gap.K) == 1 { // one point is no curve
		return Criterion{}
	}
	k, turned := s.Gap.Best(FirstSEMax)
	at := slices.Index(s.Gap.K, k)
	c := criterion("gap", k, s.Gap.Gap[at])
	c.Low, c.High = c.Value-float64(1.96*s.Gap.SE[at]), c.Value+float64(1.96*s.Gap.SE[at])
	c.Decisive = turned && k > 1
	c.Says = fmt.Sprintf("The rule firstSEmax gives k = %d: more segments gain no more than chance.", k)
	if math.IsInf(c.Value, 1) {
		c.Says = fmt.Sprintf("At k = %d the customers of each segment are identical, so the gap is infinite.", k)
	}
	if later := s.Gap.later(k); later != "" {
		c.Decisive = false
		c.Says = fmt.Sprintf("The rule firstSEmax gives k = %d, the first peak of the gap; it rises higher later, %s.", k, later)
	}
	if !turned {
		c.Says = fmt.Sprintf("The gap still rises at the largest k that was tried; the rule firstSEmax gives k = %d.", k)
	}
	if k == s.Gap.K[0] && k > 1 {
		c.Decisive = false
		c.Says += " A sweep from 1 would show whether it is 1."
	}
	return c
}

func (s *Sweep) byStrength() Criterion {
	var p PredictionStrengths
	for _, at := range s.Points {
		if at.Strength.K > 0 {
			p.Points = append(p.Points, at.Strength)
		}
	}
	if p.Points == nil || s.last().K == 1 {
		return Criterion{}
	}
	k, ok := p.Best(strong)
	if !ok || k == 1 {
		c := criterion("prediction strength", k, math.NaN())
		c.Says = fmt.Sprintf("No k above 1 reaches %s: the segments of one half of the customers are not found again in the other half.", sheet.Fixed(strong, 1))
		return c
	}
	found := s.point(k).Strength
	c := criterion("prediction strength", k, found.Mean)
	c.Low, c.High = found.Mean-float64(1.96*found.SE), min(1, found.Mean+float64(1.96*found.SE))
	c.Decisive = c.Low >= strong
	c.Says = fmt.Sprintf("k = %d is the largest whose segments in one half of the customers are found again in the other (%s; %s, less one standard error, counts as found).", k,
		sheet.Fixed(found.Mean, 2), sheet.Fixed(strong, 1))
	return c
}

func (s *Sweep) byStability() Criterion {
	c := s.byExtreme("stability", "highest", func(p SweepPoint) float64 { // of equals the most segments: to repeat those is harder
		return math.Round(1e4*p.stability())/1e4 + 1e-9*float64(p.K)
	})
	if c.Says == "" {
		return c
	}
	best := s.point(c.K).Stability
	c.Value, c.Low, c.High = best.Mean, best.Low, best.High
	for _, p := range s.Points {
		c.Decisive = c.Decisive && (p.K == c.K || p.Stability == nil || !(p.Stability.High >= c.Low))
	}
	if len(best.Null) > 0 {
		one := slices.Max(best.Null)
		c.Says += fmt.Sprintf(" One group alone reaches %s.", sheet.Fixed(one, 2))
		c.Decisive = c.Decisive && c.Value > one
	}
	return c
}

// stability is how far solutions of bootstrap samples agree, NaN where that was not asked for.
func (p SweepPoint) stability() float64 {
	if p.Stability == nil {
		return math.NaN()
	}
	return p.Stability.Mean
}

// separation is eta squared of the goal's metric, NaN where it was not asked for.
func (p SweepPoint) separation() float64 {
	if p.Separation.Measure == "" {
		return math.NaN()
	}
	return p.Separation.Value
}

// separationName is that of the criterion of the goal's metric.
func (s *Sweep) separationName() string { return s.Goal.Metric + " later" }

// bySeparation chooses the smallest k that tells the goal's metric apart about as well as the best: more segments always
// tell a little more apart. It chooses none where chance tells as much apart.
func (s *Sweep) bySeparation() Criterion {
	name := s.separationName()
	best, none := s.byExtreme(name, "highest", SweepPoint.separation), criterion(name, 0, math.NaN())
	switch {
	case s.last().K < 2 || s.last().Separation.Measure == "":
		return Criterion{}
	case best.Says == "":
		none.Says = fmt.Sprintf("Nothing can be said: too few customers have a %s, or all have the same value.", s.Goal.Metric)
		return none
	}
	most := s.point(best.K).Separation
	if !(most.Low > 0) {
		none.Says = fmt.Sprintf("No k tells %s apart: at k = %d, %s of the differences lie between the segments (%s to %s), which may be chance.",
			s.Goal.Metric, best.K, wording.Percent(best.Value), wording.Percent(most.Low), wording.Percent(most.High))
		return none
	}
	for _, p := range s.Points {
		if p.K < 2 || !(p.separation() >= most.Low) {
			continue
		}
		e := p.Separation
		c := criterion(name, p.K, e.Value)
		c.Low, c.High, c.Decisive = e.Low, e.High, e.Low > 0
		for _, q := range s.Points {
			c.Decisive = c.Decisive && (q.K >= p.K || q.K < 2 || q.Separation.High < e.Low)
		}
		c.Says = fmt.Sprintf("%s of the differences in %s lie between the segments at k = %d (%s to %s)", wording.Percent(e.Value), s.Goal.Metric, p.K,
			wording.Percent(e.Low), wording.Percent(e.High))
		if p.K == best.K {
			c.Says += ", the most."
		} else {
			c.Says += fmt.Sprintf("; %s at k = %d, which is no clear difference.", wording.Percent(best.Value), best.K)
		}
		return c
	}
	return best
}

// byRestarts tells how the starts fare: evidence of a search that can be relied on, which chooses no k.
func (s *Sweep) byRestarts() Criterion {
	var found []string
	starts := 0
	for _, p := range s.Points {
		if p.K > 1 && len(p.Restarts) > 1 {
			found, starts = append(found, sheet.Count(p.Restarts.Hits())), len(p.Restarts)
		}
	}
	if found == nil {
		return Criterion{}
	}
	c := criterion("starts", 0, math.NaN())
	c.Says = fmt.Sprintf("From k = %d on, %s of %d starts find the best solution.", max(2, s.Points[0].K), sheet.List(found), starts)
	return c
}

// choosers returns the names of the criteria by the k they choose, and the k, that which most choose first, else the smaller first.
func choosers(all []Criterion) (by map[int][]string, ks []int) {
	by = map[int][]string{}
	for _, c := range all {
		if c.K == 0 {
			continue
		}
		if by[c.K] == nil {
			ks = append(ks, c.K)
		}
		by[c.K] = append(by[c.K], c.Name)
	}
	slices.SortFunc(ks, func(a, b int) int { return cmp.Or(cmp.Compare(len(by[b]), len(by[a])), cmp.Compare(a, b)) })
	return by, ks
}

// choices reads like "4 by elbow and silhouette; 2 by gap".
func choices(all []Criterion) string {
	by, ks := choosers(all)
	var parts []string
	for _, k := range ks {
		parts = append(parts, fmt.Sprintf("%d by %s", k, sheet.List(by[k])))
	}
	return strings.Join(parts, "; ")
}

// Sheet lists the criteria; the caption says whether they agree.
func (p *Panel) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "criterion", Text: true}, {Name: "k"}, {Name: "value"}, {Name: "interval", Unit: "95 %"},
		{Name: "decisive", Text: true}, {Name: "what it says", Text: true}}}
	for _, c := range p.Criteria {
		row := []string{c.Name, sheet.Missing, wording.TwoDecimals(c.Value), sheet.Missing, "no", c.Says}
		switch {
		case c.K > 0:
			row[1] = sheet.Count(c.K)
		case c.Name == controlName: // a p, as its sentence has it
			row[2] = sheet.Number(c.Value)
		}
		if c.Low < c.High {
			row[3] = wording.TwoDecimals(c.Low) + " – " + wording.TwoDecimals(c.High)
		}
		if c.Decisive {
			row[4] = "yes"
		}
		out.Rows = append(out.Rows, row)
	}
	switch _, ks := choosers(p.Criteria); len(ks) {
	case 0:
		out.Caption = "No criterion chooses a number of segments"
	case 1:
		out.Caption = "All criteria that choose agree: " + choices(p.Criteria)
	default:
		out.Caption = "The criteria disagree: " + choices(p.Criteria)
	}
	out.Notes = []string{fmt.Sprintf("Decisive: at least %s ahead of the next best and, where that was tried, beyond what one group shows. "+
		"Several of the measures look at the same distances, so their agreement counts for little.", wording.Percent(clearLead))}
	if p.NotAsked != nil {
		out.Notes = append(out.Notes, "Not asked for, each with the field of SweepOptions that asks for it: "+strings.Join(p.NotAsked, ", ")+".")
	}
	return out
}

// Frame returns one row per criterion.
func (p *Panel) Frame() table.Frame {
	return frame.New(
		frame.Each("criterion", p.Criteria, func(c Criterion) string { return c.Name }),
		frame.Each("k", p.Criteria, func(c Criterion) int { return c.K }),
		frame.Numbers([]string{"value", "low", "high"}, p.Criteria, func(c Criterion) []float64 { return []float64{c.Value, c.Low, c.High} }),
		frame.Each("decisive", p.Criteria, func(c Criterion) bool { return c.Decisive }),
		frame.Each("says", p.Criteria, func(c Criterion) string { return c.Says }))
}
