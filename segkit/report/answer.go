package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// Page 1: the answer for somebody who has ten minutes and knows no statistics.

// answer is page 1.
func (p *page) answer() markup {
	title := p.PlanTitle
	switch {
	case p.unsure():
		title = p.PlanTitleUnsure
	case p.lines():
		title = p.PlanTitleLines
	}
	return put("<section id=\"plan\"><h2>%s</h2>\n%s%s<div class=\"beside\">%s%s</div></section>\n", title,
		paragraphs("lead", p.start()), p.planTable(), p.peopleAndMoney(), p.mind())
}

// lines reports whether it was tried whether there are groups, and there are none: the segments are lines that were drawn.
func (p *page) lines() bool {
	natural := p.check("natural")
	return natural != nil && natural.Grade == judge.Weak && !p.c.Verdict.Natural || p.c.Verdict == nil && p.c.Sweep != nil && p.c.Sweep.Control != nil && !p.c.Sweep.Control.Structure
}

// unsure reports whether another draw may decide differently whether there are groups.
func (p *page) unsure() bool {
	if p.c.Verdict != nil {
		return p.c.Verdict.Unsure
	}
	return p.c.Sweep != nil && p.c.Sweep.Control != nil && p.c.Sweep.Control.Doubts() != ""
}

// standing are the segments whose customers are much more alike than they are like others, and all other segments; both are nil unless there are some of both.
func (p *page) standing() (apart, soft []string) {
	c := p.check("homogeneous")
	if c == nil || c.Grade == judge.NotJudged {
		return nil, nil
	}
	for l, checks := range p.c.Verdict.Segments {
		at := slices.IndexFunc(checks, func(c judge.Check) bool { return c.Demand == "homogeneous" })
		if name := p.quoted(p.c.Verdict.Names[l]); checks[at].Grade == judge.Pass {
			apart = append(apart, name)
		} else {
			soft = append(soft, name)
		}
	}
	if apart == nil || soft == nil {
		return nil, nil
	}
	return apart, soft
}

// natural says whether the segments are groups that the data show, how sure that is, and which of them stand apart.
func (p *page) natural() string {
	text := p.MindUntried
	apart, soft := p.standing()
	switch c := p.check("natural"); {
	case p.lines() && apart != nil:
		text = p.MindLinesApart
	case p.lines():
		text = p.MindLines
	case p.c.Verdict == nil || !p.c.Verdict.Natural:
	case c != nil && c.Grade == judge.Weak:
		text = p.MindOtherNumber
	default:
		text = p.MindNatural
	}
	if p.unsure() {
		text += " " + p.MindUnsure
	}
	if apart != nil {
		text += " " + fmt.Sprintf(p.MindApart, p.list(apart), p.list(soft))
	}
	return text
}

// check is what the verdict says of a demand, nil where nothing.
func (p *page) check(demand string) *judge.Check {
	if p.c.Verdict == nil {
		return nil
	}
	checks := p.c.Verdict.Checks()
	if at := slices.IndexFunc(checks, func(c judge.Check) bool { return c.Demand == demand }); at >= 0 {
		return &checks[at]
	}
	return nil
}

// start is the first sentence: where to begin, and what it is worth.
func (p *page) start() string {
	l := p.order[0]
	if p.c.Plan == nil || math.IsNaN(p.c.Plan.Segments[l].Point) {
		return p.StartNothing
	}
	s := p.c.Plan.Segments[l]
	text := fmt.Sprintf(p.Start, p.quoted(s.Segment), p.people(s.Customers), p.play(p.PlayDo, s.Play, s.Play.Do), p.about(s.Point), p.play(p.PlaySuccess, s.Play, s.Play.Success))
	if size := p.size(l); size != nil && size.HeldOut > 0 {
		text += " " + fmt.Sprintf(p.StartTest, p.count(size.Offered), p.count(size.HeldOut), p.count(p.c.Days))
	}
	return text
}

// play is a word of a play in the reader's language; one of the user's own is as they wrote it.
func (p *page) play(words map[string]string, play campaign.Play, own string) string {
	if of := words[play.Name]; of != "" && isOfBook(play) {
		return of
	}
	return own
}

func isOfBook(play campaign.Play) bool { return slices.Contains(campaign.PlayBook(), play) }

// size is how the segment would be tested, nil where that was not asked.
func (p *page) size(l int) *campaign.Size {
	if p.c.Sizes == nil {
		return nil
	}
	name := p.c.Profile.Segments[l].Name
	if at := slices.IndexFunc(p.c.Sizes.Segments, func(s campaign.Size) bool { return s.Segment == name }); at >= 0 {
		return &p.c.Sizes.Segments[at]
	}
	return nil
}

// worth is what a segment is expected to bring or, of a proof, was; nil where nothing was forecast.
func worth(w *value.Worth, name string) *value.SegmentWorth {
	if w == nil {
		return nil
	}
	if at := slices.IndexFunc(w.Segments, func(s value.SegmentWorth) bool { return s.Segment == name }); at >= 0 {
		return &w.Segments[at]
	}
	return nil
}

// byPriority are the segments in the order in which to look at them: where one more success in a hundred brings most, then by what they brought.
func (p *page) byPriority() []int {
	out := make([]int, len(p.c.Profile.Segments))
	for l := range out {
		out[l] = l
	}
	key := func(l int) float64 {
		if p.c.Plan == nil || math.IsNaN(p.c.Plan.Segments[l].Point) {
			return -1
		}
		return p.c.Plan.Segments[l].Point
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Or(cmp.Compare(key(b), key(a)), cmp.Compare(p.spent(b), p.spent(a)))
	})
	return out
}

// spent is what a segment brought, NaN where nobody knows.
func (p *page) spent(l int) float64 {
	if len(p.c.Profile.ValueColumns) == 0 {
		return math.NaN()
	}
	return p.c.Profile.Segments[l].ValueShare[0] * p.c.Profile.ValueTotals[0]
}

func (p *page) spentShare(l int) float64 {
	if len(p.c.Profile.ValueColumns) == 0 {
		return math.NaN()
	}
	return p.c.Profile.Segments[l].ValueShare[0]
}

// planTable has a row per segment. On a phone each row is a card, so every cell carries the head of its column.
func (p *page) planTable() markup {
	heads := []string{p.Who, p.HowMany, p.Brought, p.ahead(), p.Do, p.Test}
	rows := each(p.order, func(_ int, l int) markup {
		s := p.c.Profile.Segments[l]
		cells := []markup{
			put("<span class=\"num\">%s</span> <small>%s</small>", p.count(s.Size), fmt.Sprintf(p.ShareOfCustomers, p.percent(s.Share, 0))),
			p.pastCell(l), p.aheadCell(l), p.doCell(l), put("%s", p.testing(l)),
		}
		return put("<tr><th scope=\"row\"><span class=\"key s%s\"></span><strong>%s</strong><br><span class=\"who\">%s</span></th>%s</tr>\n", fmt.Sprint(l%colours), s.Name, p.who(l, 2),
			each(cells, func(j int, c markup) markup { return put("<td data-head=\"%s\">%s</td>", heads[j+1], c) }))
	})
	total := put("<tr class=\"all\"><th scope=\"row\">%s</th><td data-head=\"%s\"><span class=\"num\">%s</span></td><td data-head=\"%s\">%s</td><td data-head=\"%s\">%s</td><td></td><td></td></tr>\n",
		p.All, heads[1], p.count(p.c.Profile.N), heads[2], p.pastAll(), heads[3], p.aheadAll())
	return put("<table class=\"plan\"><caption class=\"hidden\">%s</caption><thead><tr>%s</tr></thead>\n<tbody>%s%s</tbody></table>\n", p.PlanTitle,
		each(heads, func(_ int, h string) markup { return put("<th scope=\"col\">%s</th>", h) }), rows, total)
}

// ahead heads what is expected.
func (p *page) ahead() string {
	if p.c.Ahead == nil {
		return p.ExpectedUnknown
	}
	return fmt.Sprintf(p.Expected, p.count(p.c.Ahead.Days))
}

func (p *page) pastCell(l int) markup {
	if math.IsNaN(p.spent(l)) {
		return missing
	}
	return put("<span class=\"num\">%s</span> <small>%s</small>", p.money(p.spent(l)), fmt.Sprintf(p.ShareOfMoney, p.percent(p.spentShare(l), 0)))
}

func (p *page) pastAll() markup {
	if len(p.c.Profile.ValueTotals) == 0 {
		return missing
	}
	return put("<span class=\"num\">%s</span>", p.money(p.c.Profile.ValueTotals[0]))
}

func (p *page) aheadCell(l int) markup {
	w := worth(p.c.Ahead, p.c.Profile.Segments[l].Name)
	switch {
	case w == nil || !p.c.Ahead.Money:
		return missing
	case w.Off:
		return put("<small>%s</small><br><small>%s</small>", p.ExpectedOff, fmt.Sprintf(p.Silent, p.percent(w.Silent, 0)))
	}
	return put("<span class=\"num\">%s</span> <small>%s</small><br><small>%s</small>", p.about(w.Value.Mean), fmt.Sprintf(p.Interval, p.between(w.Value.Low, w.Value.High)), fmt.Sprintf(p.Silent, p.percent(w.Silent, 0)))
}

func (p *page) aheadAll() markup {
	if p.c.Ahead == nil || !p.c.Ahead.Money {
		return missing
	}
	sum, off := p.expected()
	switch {
	case off == nil:
		return put("<span class=\"num\">%s</span>", p.about(sum))
	case len(off) == len(p.c.Ahead.Segments):
		return missing
	}
	return put("<span class=\"num\">%s</span><br><small>%s</small>", p.about(sum), fmt.Sprintf(p.ExpectedWithout, p.list(off)))
}

// expected is what all segments are expected to bring but those that were far off when the same forecast was tested; these are named.
func (p *page) expected() (sum float64, off []string) {
	for _, s := range p.c.Ahead.Segments {
		if s.Off {
			off = append(off, p.quoted(s.Segment))
		} else {
			sum += s.Value.Mean
		}
	}
	return sum, off
}

func (p *page) doCell(l int) markup {
	if p.c.Plan == nil {
		return missing
	}
	s := p.c.Plan.Segments[l]
	out := p.toDo(s.Play, ".")
	if !math.IsNaN(s.Point) {
		out += put(" <small>%s</small>", fmt.Sprintf(p.Point, p.play(p.PlaySuccess, s.Play, s.Play.Success), p.about(s.Point)))
	}
	return out
}

// toDo is what a play is called, and what to do; what begins with its name does not say it twice.
func (p *page) toDo(play campaign.Play, mark string) markup {
	name, do := p.play(p.PlayNames, play, play.Name), p.play(p.PlayDo, play, play.Do)
	if rest, twice := strings.CutPrefix(do, name+" "); twice {
		return put("<strong>%s</strong> %s", name, rest)
	}
	return put("<strong>%s%s</strong> %s", name, mark, do)
}

// testing says how a segment is tested and what that can show.
func (p *page) testing(l int) string {
	if p.c.Plan != nil && (p.c.Plan.Segments[l].Shown != "" || p.c.Plan.Segments[l].Play.Success == "") {
		return cmp.Or(p.c.Plan.Segments[l].Shown, p.NoTest)
	}
	s := p.size(l)
	switch {
	case s == nil:
		return p.TestUnplanned
	case s.HeldOut == 0:
		return p.TestTooFew
	}
	text := fmt.Sprintf(p.TestArms, p.count(s.Offered), p.count(s.HeldOut))
	switch {
	case !math.IsNaN(s.Finds) && s.Mean > 0 && !math.IsNaN(s.FindsRate):
		text += " " + fmt.Sprintf(p.TestShowsBoth, p.percent(s.Finds/s.Mean, 0), p.inMoney(p.number(s.Mean, 2)), p.number(100*s.FindsRate, 1))
	case !math.IsNaN(s.Finds) && s.Mean > 0:
		text += " " + fmt.Sprintf(p.TestShowsMoney, p.percent(s.Finds/s.Mean, 0), p.inMoney(p.number(s.Mean, 2)))
	case !math.IsNaN(s.FindsRate):
		text += " " + fmt.Sprintf(p.TestShowsOrders, p.number(100*s.FindsRate, 1))
	}
	return text
}

// who says in plain words what stands out in a segment, in at most so many clauses.
func (p *page) who(l, most int) string {
	var said []string
	for _, j := range p.telling(l) {
		if len(said) == most {
			break
		}
		said = append(said, p.beside(l, j))
	}
	if said == nil {
		return p.NothingStandsOut
	}
	return capital(strings.Join(said, "; "))
}

// telling are the numeric columns in which a segment stands out, what formed the segments first; where it stands out in none, these.
func (p *page) telling(l int) (first []int) {
	g := p.told(l)
	if g == nil {
		return nil
	}
	var then []int
	for _, m := range g.Markers {
		j := p.c.Profile.Index(m.Column)
		switch c := p.c.Profile.Columns[j]; {
		case c.Categorical() || c.Role == table.Outcome:
		case slices.Contains(p.c.Profile.FormedBy, c.Name):
			first = append(first, j)
		default:
			then = append(then, j)
		}
	}
	if first = append(first, then...); first != nil {
		return first
	}
	for j, c := range p.c.Profile.Columns {
		if slices.Contains(p.c.Profile.FormedBy, c.Name) && c.Numeric() && p.place(j) >= 0 {
			first = append(first, j)
		}
	}
	return first
}

// beside reads like "last order 13 days ago (typical overall: 178 days)".
func (p *page) beside(l, j int) string {
	return fmt.Sprintf(p.Typical, p.saying(j, p.middle(l, j)), p.amount(j, p.middle(-1, j)))
}

// saying puts a value of a column into a sentence: "last order 13 days ago".
func (p *page) saying(j int, v float64) string {
	c := p.c.Profile.Columns[j]
	c.Phrase = cmp.Or(p.Phrases[c.Name], c.Phrase)
	number := p.figureOf(j, v)
	if strings.Contains(c.Phrase, "%d") {
		c.Phrase, c.Unit = strings.ReplaceAll(c.Phrase, "%d", "%s"), ""
		return c.Saying(number)
	}
	c.Unit = ""
	return c.Saying(p.amount(j, v))
}

// amount is a value of a column with its unit.
func (p *page) amount(j int, v float64) string {
	text, unit := p.figureOf(j, v), p.c.Profile.Columns[j].Unit
	switch unit {
	case "":
		return text
	case p.currency:
		return p.inMoney(text)
	}
	return text + "\u00a0" + p.unitOf(unit)
}

// figureOf writes a value of a column; half days are nothing to anybody.
func (p *page) figureOf(j int, v float64) string {
	switch c := p.c.Profile.Columns[j]; {
	case c.Unit == "days" && v >= 10:
		v = math.Round(v)
	case c.Unit == "" && strings.HasSuffix(c.Name, "_share"):
		return p.percent(v, 0)
	case p.years(c):
		return wording.Year(v)
	}
	return p.figure(v)
}

// years reports whether a column holds years: 1984 is no 1,984.
func (p *page) years(c table.Column) bool {
	at := slices.Index(p.c.Customers.Names(), c.Name)
	return at >= 0 && c.Years(p.c.Customers.Raw().Column(at))
}

// unitOf is a unit in the reader's words.
func (p *page) unitOf(unit string) string { return cmp.Or(p.Units[unit], unit) }

// told is what may be told of a segment: all of it where nobody said what may not; nil for one of too few customers.
func (p *page) told(l int) *describe.SegmentProfile {
	if p.c.Shared == nil {
		return &p.c.Profile.Segments[l]
	}
	segments := p.c.Shared.Profile.Segments
	if at := slices.IndexFunc(segments, func(g describe.SegmentProfile) bool { return g.Name == p.c.Profile.Segments[l].Name }); at >= 0 {
		return &segments[at]
	}
	return nil
}

// place is where column j of the profile stands in what may be told; -1 for one that may not be: what may be told has fewer columns.
func (p *page) place(j int) int {
	if p.c.Shared == nil {
		return j
	}
	return p.c.Shared.Profile.Index(p.c.Profile.Columns[j].Name)
}

// middle is the median of a column in a segment, the mean where that says more; of all customers for l = -1. It is NaN where nothing may be told.
func (p *page) middle(l, j int) float64 {
	at := p.place(j)
	if at < 0 {
		return math.NaN()
	}
	s := p.c.Profile.All[j]
	if l >= 0 {
		g := p.told(l)
		if g == nil {
			return math.NaN()
		}
		s = g.Stats[at]
	}
	if p.c.Profile.Scale[j].ByMean {
		return s.Mean
	}
	return s.Median
}

// mind lists what a reader must know before acting.
func (p *page) mind() markup {
	return put("<div class=\"mind\"><h3>%s</h3><ul>%s</ul></div>\n", p.MindTitle, each(p.caveats(), func(_ int, s string) markup { return put("<li>%s</li>\n", s) }))
}

// largeShare of the money, from which on what cleaning removed is told on page 1.
const largeShare = .02

func (p *page) caveats() (out []string) {
	out = append(out, p.natural())
	switch c := p.check("informative"); {
	case c == nil || c.Grade == judge.NotJudged:
		out = append(out, p.MindUnasked)
	default:
		out = append(out, map[judge.Grade]string{judge.Pass: p.MindBetter, judge.Weak: p.MindSame, judge.Fail: p.MindWorse}[c.Grade])
	}
	out = append(append(append(out, p.proof()), p.farOff()...), p.MindChange)
	if l := p.c.Cleaning; l != nil && l.Opening.Net().Float() > 0 {
		for _, step := range l.Steps {
			if share := step.Removed.Net().Float() / l.Opening.Net().Float(); share >= largeShare { // net: cancellations go with the orders they undo
				out = append(out, fmt.Sprintf(p.MindRemoved, p.rule(step.Rule), p.money(step.Removed.Net().Float()), p.percent(share, 0)))
			}
		}
	}
	if n := p.c.Profile.Noise; n != nil && n.Size > 0 {
		out = append(out, fmt.Sprintf(p.MindOutside, p.people(n.Size)))
	}
	if p.c.Unlisted > 0 {
		out = append(out, fmt.Sprintf(p.MindUnlisted, p.count(p.c.Unlisted), p.people(p.c.Customers.Len())))
	}
	if p.c.Age != nil && p.c.Age.Look {
		out = append(out, p.MindAge[p.c.Age.Action.String()]+" "+fmt.Sprintf(p.MindAgeOf, p.date(p.c.AsOf)))
	}
	var small []string
	for _, s := range p.c.Profile.Segments {
		if s.Small {
			small = append(small, p.quoted(s.Name))
		}
	}
	if small != nil {
		out = append(out, fmt.Sprintf(p.MindSmall, p.list(small)))
	}
	for _, note := range p.c.Notes {
		out = append(out, wording.Curled(note))
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// farOff names the segments of which the same forecast would have said more than twice what came, or less than half.
func (p *page) farOff() (out []string) {
	if p.c.Ahead == nil || p.c.Proof == nil || !p.c.Proof.Money || !p.c.Proof.Proved {
		return nil
	}
	for _, s := range p.c.Proof.Segments {
		if s.FarOff() {
			out = append(out, fmt.Sprintf(p.MindProofFar, p.quoted(s.Segment), p.about(s.Value.Mean), p.about(s.SeenValue)))
		}
	}
	return out
}

// proof says how far off the same forecast was when what came is known by now.
func (p *page) proof() string {
	switch {
	case p.c.Ahead == nil:
		return p.MindNoForecast
	case p.c.Proof == nil || !p.c.Proof.Money || !p.c.Proof.Proved:
		return p.MindSeasons
	}
	var forecast, seen float64
	inside := 0
	for _, s := range p.c.Proof.Segments {
		forecast, seen = forecast+s.Value.Mean, seen+s.SeenValue
		if s.ValueInside() {
			inside++
		}
	}
	form, off := p.MindProofInside, p.MindFarTooHigh
	if inside < len(p.c.Proof.Segments) {
		form = p.MindProofOff
	}
	switch {
	case seen == forecast || seen > 0 && math.Abs(forecast/seen-1) < .005:
		off = p.MindClose
	case seen > forecast:
		off = fmt.Sprintf(p.MindTooLow, p.percent(1-forecast/seen, 0))
	case seen > 0:
		off = fmt.Sprintf(p.MindTooHigh, p.percent(forecast/seen-1, 0))
	}
	return fmt.Sprintf(form, p.count(p.c.Proof.Days), p.about(forecast), p.about(seen), off, p.count(inside), p.count(len(p.c.Proof.Segments)))
}
