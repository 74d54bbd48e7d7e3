package judge

import (
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Is it any good? What every textbook demands of segments, checked one by one. There is no total score: a solution that
// fails where it matters is not mended by passing elsewhere.

// Grade is the outcome of one check.
type Grade uint8

const (
	NotJudged Grade = iota // something that it needs was not given
	Fail
	Weak
	Pass
)

func (g Grade) String() string {
	return [...]string{"not judged", "fail", "weak", "pass"}[min(g, Pass)]
}

// Check is one requirement for a solution or for one of its segments, and how well it is met.
type Check struct {
	Demand    string // "metric", "informative", "few", "exclusive", "natural", "homogeneous", "distinct", "stable", "substantial", "identifiable", "actionable", "neutral"
	Grade     Grade
	Value     float64 // the number that it rests on, NaN if there is none
	Low, High float64 // 95 % interval of Value; NaN if there is none
	Reads     string  // Value for people, with its unit: "22.1 %", "AUC 0.61", "+87 EUR"; "" if there is none
	Says      string  // the finding, in words for people
	Figures   string  // the statistics behind it, for those who know them; "" if Says has everything
}

// questions say each demand as a manager would ask it.
var questions = map[string]string{
	"metric":       "Do they differ in what happened afterwards?",
	"informative":  "Do they say more about it than sorting customers by what they are worth?",
	"few":          "Are they few enough to act on?",
	"exclusive":    "Is every customer in exactly one?",
	"natural":      "Are there groups in the data, or do we draw the lines?",
	"homogeneous":  "Are the people in a segment alike?",
	"distinct":     "Do they differ in more than what formed them?",
	"stable":       "Would we find the same ones again?",
	"substantial":  "Is each large enough to be worth the effort?",
	"identifiable": "Could we find more people like them?",
	"actionable":   "Can we say in one sentence who belongs?",
	"neutral":      "Do they say nothing about what must not count, such as age or sex?",
}

// Question returns the demand as a manager would ask it: "Are the people in a segment alike?" for "homogeneous".
func (c Check) Question() string { return questions[c.Demand] }

// Verdict is what Segments finds: first the goal's metric, then every demand on the solution, then on each segment.
type Verdict struct {
	Metric       Check // does the goal's metric, measured after the as-of date, differ between the segments?
	Solution     []Check
	Names        []string      // (k)
	Segments     [][]Check     // (k x 1+demands) the metric compared with all other customers, then in the order of Solution
	SpreadWithin ColumnSpreads // how alike customers of one segment are in columns that did not form it, most alike first
	Natural      bool          // the data have natural groups; also false if that was not judged
	Summary      string
}

// Checks returns everything that is demanded of the solution: the metric, then every other demand.
func (v *Verdict) Checks() []Check {
	if v.Metric.Demand == "" {
		return v.Solution
	}
	return append([]Check{v.Metric}, v.Solution...)
}

// Passed counts the checks that the solution passes, and those that were judged. The check for natural groups is not counted:
// without natural groups, a construction may still be useful.
func (v *Verdict) Passed() (passed, judged int) {
	for _, c := range v.Checks() {
		if c.Demand == "natural" || c.Grade == NotJudged {
			continue
		}
		if judged++; c.Grade == Pass {
			passed++
		}
	}
	return passed, judged
}

// Limit is the value from which a check passes, and the value from which it is at least weak.
type Limit struct{ Pass, Weak float64 }

// Options say what the segments are for, and what is demanded of them. A limit of zero takes the default.
type Options struct {
	Goal      choose.Goal           // Metric "" takes the first number of Outcome
	Outcome   *table.Table          // what customers did after the as-of date, joined by id; nil leaves the metric unjudged
	Model     *segkit.Model         // the model in whose prepared columns distances are measured; nil means the one that scored the segments
	Rules     *rulebook.Explanation // rules that describe the segments; nil lets Explain find them
	Stability *choose.Stabilities   // of the solution; nil takes that of the sweep, where it has these very segments, else computes it for segments that a model scored, on 20 pairs of resamples
	Sweep     *choose.Sweep         // the sweep whose null control says whether there are groups at all, as its advice does; nil runs one for segments that a model scored
	Proxies   Proxies               // how well the segments reveal protected attributes, as privacy.Proxies measures it; nil leaves that question out
	Seed      int                   // of resamples, folds and draws

	Homogeneous  Limit // mean silhouette: .5 and .25 (Kaufman & Rousseeuw 1990, doi:10.1002/9780470316801, ch. 2)
	Distinct     Limit // eta squared (or Cramér's V squared) of the best column that did not form the segments: .14 and .06 (Cohen 1988, ISBN 0-8058-0283-5)
	Stable       Limit // mean Jaccard index of a segment with its resamples: .75 and .6 (Hennig 2007, doi:10.1016/j.csda.2006.11.025)
	Identifiable Limit // out-of-fold macro AUC: .7 and .6 (Hosmer & Lemeshow 2000, doi:10.1002/0471722146, ch. 5)
	Sayable      Limit // accuracy of the rules, and precision and recall of each: .8 and .6, and weak at best if a segment is below; a convention of this package
}

// Proxies says how well segments reveal attributes that must play no part in how customers are treated, as privacy.Proxies finds it.
type Proxies interface {
	// Strongest returns the attribute that they reveal best: how far above guessing (0 is chance, 1 is certain), and the p-value for
	// chance.
	Strongest() (attribute string, lift, p float64)
	// Words says this in a sentence, and with the figures behind it.
	Words() (says, figures string)
}

const (
	fewest       = 3  // segments below which a division hardly helps
	verdictPairs = 20 // of resamples, where stability was not given
)

// resolved fills in the defaults.
func (o Options) resolved() Options {
	o.Goal = o.Goal.WithDefaults()
	for _, l := range []struct {
		at   *Limit
		then Limit
	}{
		{&o.Homogeneous, Limit{.5, .25}}, {&o.Distinct, Limit{.14, .06}}, {&o.Stable, Limit{.75, .6}},
		{&o.Identifiable, Limit{.7, .6}}, {&o.Sayable, Limit{.8, .6}},
	} {
		if *l.at == (Limit{}) {
			*l.at = l.then
		}
	}
	return o
}

// grade places a value: NotJudged for NaN.
func (l Limit) grade(v float64) Grade {
	switch {
	case math.IsNaN(v):
		return NotJudged
	case v >= l.Pass:
		return Pass
	case v >= l.Weak:
		return Weak
	}
	return Fail
}

// fixed writes a value to two decimals, and percent a share of 1 to one, or to more where rounding would carry it over a limit: the
// same figure never has two grades.
func (l Limit) fixed(v float64) string {
	return sheet.Fixed(v, l.decimals(v, 2))
}

func (l Limit) percent(v float64) string {
	if math.IsNaN(v) {
		return sheet.Missing
	}
	return sheet.Fixed(100*v, l.decimals(v, 3)-2) + " %"
}

// decimals is how many it takes, least and up, for the rounded value to get the grade of the value itself.
func (l Limit) decimals(v float64, least int) int {
	return wording.Decimals(v, least, func(rounded float64) bool { return l.grade(rounded) == l.grade(v) })
}

var _ sheet.Sheeter = (*Verdict)(nil)

// signs stand for grades in the sheet, so that they can be told apart without colour.
var signs = [...]string{NotJudged: "·", Fail: "✗", Weak: "~", Pass: "✓"}

// widest is the most segments that get a column each in the sheet; of more, the sheet shows only what falls short.
const widest = 6

// answers are the grades as answers to a question.
var answers = [...]string{NotJudged: "not judged", Fail: "no", Weak: "partly", Pass: "yes"}

// mark is the grade's sign, and the number where it is one that needs no statistics: money, a share, a count.
func (c Check) mark() string {
	switch c.Demand {
	case "natural", "homogeneous", "distinct", "stable", "identifiable", "neutral":
		return signs[c.Grade]
	}
	if c.Grade == NotJudged {
		return signs[c.Grade]
	}
	return strings.TrimSpace(signs[c.Grade] + "\u00a0" + c.Reads) // the sign stays with its number
}

// Sheet lays the verdict out with a row per demand, as a question: the answer for the solution, then for each segment, and what it means in
// words. The statistics are folded away behind the words.
func (v *Verdict) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: v.Summary, Columns: []sheet.Column{{Name: "question", Text: true}, {Name: "answer", Text: true}}}
	heads := v.Names
	if len(v.Names) > widest {
		heads = []string{"segments that fall short"}
	}
	for _, head := range heads {
		out.Columns = append(out.Columns, sheet.Column{Name: head, Text: true})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "in words", Text: true})
	for d, whole := range v.Checks() {
		cells, short, behind := make([]string, len(heads)), []string{}, []string{whole.Figures}
		for l, checks := range v.Segments {
			c := checks[d]
			falls := c.Grade == Fail || c.Grade == Weak
			switch {
			case len(v.Names) > widest && falls:
				short = append(short, c.mark()+" "+v.Names[l])
			case len(v.Names) <= widest && (c.Grade != NotJudged || whole.Grade == NotJudged):
				cells[l] = c.mark()
			}
			if c.Grade != NotJudged && (len(v.Names) <= widest || falls) {
				behind = append(behind, strings.TrimSpace(v.Names[l]+": "+c.Says+" "+c.Figures))
			}
		}
		if len(short) > 0 {
			cells[0] = sheet.Lines(short...)
		}
		answer := sheet.Lines(signs[whole.Grade]+"\u00a0"+answers[whole.Grade], strings.Trim(strings.TrimPrefix(whole.mark(), signs[whole.Grade]), "\u00a0"))
		out.Rows = append(out.Rows, slices.Concat([]string{sheet.Lines(whole.Question(), whole.Demand), answer}, cells,
			[]string{sheet.Folded(whole.Says, behind...)}))
	}
	out.Notes = []string{"✓ yes, ~ partly, ✗ no, · not judged. A verdict is not a sum: a single \"no\" can be the one that matters. The folded part " +
		"has the statistics, and what there is to say about each segment."}
	if v.Metric.Grade != NotJudged {
		out.Notes = append(out.Notes, "First row: for all segments, the share of the differences between customers that lies between segments; for one "+
			"segment, its mean less the mean of all others.")
	}
	if len(v.SpreadWithin) > 0 {
		out.Notes = append(out.Notes, v.SpreadWithin.finding()+".")
	}
	return out
}

// Frame returns a row per check: subject ("solution" or the segment), demand, grade, value, low, high, says, figures.
func (v *Verdict) Frame() table.Frame {
	type row struct {
		subject string
		Check
	}
	var rows []row
	for _, c := range v.Checks() {
		rows = append(rows, row{"solution", c})
	}
	for l, checks := range v.Segments {
		for _, c := range checks {
			rows = append(rows, row{v.Names[l], c})
		}
	}
	return frame.New(
		frame.Each("subject", rows, func(r row) string { return r.subject }),
		frame.Each("demand", rows, func(r row) string { return r.Demand }),
		frame.Each("grade", rows, func(r row) string { return r.Grade.String() }),
		frame.Numbers([]string{"value", "low", "high"}, rows, func(r row) []float64 { return []float64{r.Value, r.Low, r.High} }),
		frame.Each("says", rows, func(r row) string { return r.Says }),
		frame.Each("figures", rows, func(r row) string { return r.Figures }))
}

// ColumnSpread says how alike the customers of one segment are in a column that did not form the segments.
type ColumnSpread struct {
	Column string
	Within float64 // share of the column's spread that remains within segments: 1 means that a segment says nothing about it
}

// ColumnSpreads lists columns that did not form the segments, beginning with those in which customers of a segment are most alike.
type ColumnSpreads []ColumnSpread
