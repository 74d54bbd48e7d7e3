package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/judge"
)

// What speaks for so many segments, and for these.

func (p *page) evidence() markup {
	if p.c.Sweep == nil && p.c.Verdict == nil {
		return ""
	}
	return put("<section id=\"evidence\"><h2>%s</h2>\n<div class=\"beside\">%s%s</div>%s</section>\n", p.EvidenceTitle, p.howMany(), p.later(), p.verdict())
}

// howMany draws how much of the differences between customers is left within so many segments, beside data without groups. Where nothing was
// swept, since the model was kept, it says so.
func (p *page) howMany() markup {
	s := p.c.Sweep
	if s == nil && p.c.ModelKept {
		return paragraphs("lead", p.CountKept)
	}
	if s == nil || s.Total <= 0 || len(s.Points) < 2 {
		return ""
	}
	d := &picture{about: p.CountAboutNone, height: 250, table: p.countTable(), title: fmt.Sprintf(p.countTitle(), p.count(p.c.Segments.K()))}
	d.table.Title = d.title
	const left, right, top, bottom = 48.0, 404.0, 16.0, 206.0
	first, last := s.Points[0].K, s.Points[len(s.Points)-1].K
	x := func(k int) float64 { return left + float64(k-first)/float64(last-first)*(right-left) }
	y := func(share float64) float64 { return bottom - min(share, 1.05)*(bottom-top) }
	for _, share := range []float64{0, .25, .5, .75, 1} {
		d.line(left, y(share), right, y(share), "grid")
		d.text(left-6, y(share)+4, "small end", p.percent(share, 0))
	}
	var xs, ys, bandX, bandY []float64
	for _, point := range s.Points {
		xs, ys = append(xs, x(point.K)), append(ys, y(point.Cost/s.Total))
		if !math.IsNaN(point.NullLow) {
			bandX, bandY = append(bandX, x(point.K)), append(bandY, y(point.NullLow/s.Total))
		}
		d.text(x(point.K), bottom+16, "small middle", fmt.Sprint(point.K))
	}
	if bandX != nil {
		d.about = p.CountAbout
		for i := len(s.Points) - 1; i >= 0; i-- {
			if point := s.Points[i]; !math.IsNaN(point.NullHigh) {
				bandX, bandY = append(bandX, x(point.K)), append(bandY, y(point.NullHigh/s.Total))
			}
		}
		d.path(bandX, bandY, "band")
		d.text(right, top+14, "small end", p.CountBand)
	}
	d.path(xs, ys, "curve")
	for i, point := range s.Points {
		class := "point"
		if point.K == p.c.Segments.K() {
			class = "point chosen"
		}
		d.dot(xs[i], ys[i], class)
	}
	d.text((left+right)/2, bottom+36, "small middle", p.CountLine)
	return p.show(d)
}

// countTitle says what the number of segments was taken for. Where there are no natural segments, no number is what the data ask for, and the title says
// what speaks for this one as choose.Sweep.Advice weighs it: later days, else that it is found again.
func (p *page) countTitle() string {
	k, advice := p.c.Segments.K(), p.c.Sweep.Advice()
	switch none := p.c.Sweep.Control != nil && !advice.Structure; {
	case k != advice.K && (none || advice.K == 0):
		return p.CountTitleNone
	case k != advice.K:
		return p.CountTitleGiven
	case !none:
		return p.CountTitle
	}
	if at := slices.IndexFunc(p.c.Sweep.Points, func(s choose.SweepPoint) bool { return s.K == k }); p.c.Sweep.Points[at].Separation.Low > 0 {
		return p.CountTitleLater
	}
	return p.CountTitleFound
}

// countTable has what the sweep found at every number of segments.
func (p *page) countTable() Table {
	s := p.c.Sweep
	t := Table{Name: "number of segments", Title: p.EvidenceTitle, Columns: []Column{{p.KHead, "", Whole}, {p.SpreadHead, "", Percent}, {p.OneGroupHead + ", " + p.Low, "", Percent}, {p.OneGroupHead + ", " + p.High, "", Percent},
		{p.SilhouetteHead, "", Number}, {p.SilhouetteOneHead, "", Number}, {p.FoundHead, "", Percent}, {p.LaterHead, "", Percent}}}
	for _, point := range s.Points {
		t.Rows = append(t.Rows, []any{point.K, point.Cost / s.Total, point.NullLow / s.Total, point.NullHigh / s.Total, point.Silhouette, point.NullSilhouetteHigh, found(point), separation(point)})
	}
	return t
}

// found is the share of starts that came to the best solution.
func found(point choose.SweepPoint) float64 {
	if len(point.Restarts) == 0 {
		return math.NaN()
	}
	return float64(point.Restarts.Hits()) / float64(len(point.Restarts))
}

func separation(point choose.SweepPoint) float64 {
	if point.Separation.Measure == "" {
		return math.NaN()
	}
	return point.Separation.Value
}

// later draws by how much the segments differed in what customers did in the days that were held back.
func (p *page) later() markup {
	v := p.c.Verdict
	if v == nil || v.Metric.Grade == judge.NotJudged || len(v.Segments) == 0 {
		return ""
	}
	d := &picture{about: p.LaterAbout, title: fmt.Sprintf(p.LaterTitle, p.percent(v.Metric.Value, 0)), table: p.laterTable()}
	if v.Metric.Grade == judge.Fail {
		d.title = p.LaterTitleNone
	}
	d.table.Title = d.title
	var values, low, high []float64
	for _, checks := range v.Segments {
		c := checks[0]
		values, low, high = append(values, c.Value), append(low, c.Low), append(high, c.High)
	}
	p.intervals(d, p.LikeOthers, v.Names, values, low, high, func(v float64) string { return p.signed(v, p.inMoney(p.figure(v))) }, func(l int) string { return fmt.Sprintf("s%d", l%colours) })
	return p.show(d)
}

func (p *page) laterTable() Table {
	t := Table{Name: "afterwards", Title: p.LaterAbout, Columns: []Column{{p.SegmentHead, "", Text}, {p.LaterDifferenceHead, p.unit(), Number}, {p.Low, p.unit(), Number}, {p.High, p.unit(), Number}}}
	for l, checks := range p.c.Verdict.Segments {
		t.Rows = append(t.Rows, []any{p.c.Verdict.Names[l], checks[0].Value, checks[0].Low, checks[0].High})
	}
	return t
}

// signed puts a + before what is above 0.
func (p *page) signed(v float64, text string) string {
	if v > 0 {
		return "+" + text
	}
	return text
}

// mark is the answer of a check in a word.
func (p *page) mark(g judge.Grade) string {
	return map[judge.Grade]string{judge.Pass: "✓ " + p.Yes, judge.Weak: "~ " + p.Partly, judge.Fail: "✗ " + p.No, judge.NotJudged: "· " + p.NotJudged}[g]
}

// meaningOf is what the answer to a demand means; that of the rules names the segments that they miss.
func (p *page) meaningOf(c judge.Check) string {
	text := p.Answers[c.Demand+" "+c.Grade.String()]
	if missed := p.missedByRules(); c.Demand == "actionable" && c.Grade != judge.NotJudged && missed != nil {
		text += " " + fmt.Sprintf(p.RulesMiss, p.list(missed))
	}
	if c.Demand == "natural" && p.unsure() {
		text += " " + p.MindUnsure
	}
	return text
}

func (p *page) verdictTable() Table {
	t := Table{Name: "verdict", Title: p.VerdictTitle, Columns: []Column{{p.QuestionHead, "", Text}, {p.AnswerHead, "", Text}, {p.MeaningHead, "", Text}}}
	for _, c := range p.c.Verdict.Checks() {
		t.Rows = append(t.Rows, []any{p.Questions[c.Demand], p.mark(c.Grade), p.meaningOf(c)})
	}
	return t
}

// verdict answers what a manager would ask of segments. The statistics open on a click.
func (p *page) verdict() markup {
	if p.c.Verdict == nil {
		return ""
	}
	rows := each(p.c.Verdict.Checks(), func(_ int, c judge.Check) markup {
		behind := wording.Curled(strings.TrimSpace(c.Says + " " + c.Figures))
		return put("<tr><th scope=\"row\">%s</th><td class=\"grade%s\">%s</td><td>%s<details><summary>%s</summary><span lang=\"en\">%s</span></details></td></tr>\n",
			p.Questions[c.Demand], fmt.Sprint(int(c.Grade)), p.mark(c.Grade), p.meaningOf(c), p.Behind, behind)
	})
	about := p.VerdictAbout
	if !p.c.Judged.IsZero() {
		about = fmt.Sprintf(p.VerdictOf, p.date(p.c.Judged)) + " " + about
	}
	return put("<h3>%s</h3>%s<table class=\"verdict\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>%s</tbody></table>\n",
		p.VerdictTitle, paragraphs("lead", about), p.QuestionHead, p.AnswerHead, p.MeaningHead, rows)
}
