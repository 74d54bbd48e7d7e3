package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Rule selects sheets that an analysis may have to do without. The rules are the variables and functions below. A rule is plain data.
type Rule struct {
	Name      string
	Questions []string `json:",omitempty"` // of StraightLiner, Incomplete and Without; empty means all
	Values    []string `json:",omitempty"` // of Without
	Limit     float64  `json:",omitempty"` // of Speeder and Incomplete
}

// Repeated removes sheets of a respondent who sent a later one: the last one counts.
var Repeated = Rule{Name: "repeated"}

// SamePerson removes sheets whose answer to the question (an e-mail address, a telephone number) also appears in a later sheet, apart from
// case and spaces: one person with two ids. The last one counts; empty cells are never matched.
func SamePerson(question string) Rule {
	return Rule{Name: "same person", Questions: []string{question}}
}

// Speeder removes sheets that took less than a share of the median time; 0 means a third, which like every such limit is a convention.
// The file must say how long people took, in a column such as "Duration (in seconds)" or by start and end. Sheets without a time stay.
// See D. J. Leiner, "Too fast, too straight, too weird: Non-reactive indicators for meaningless data in internet surveys", Survey
// Research Methods 13(3), 2019, doi:10.18148/srm/2019.v13i3.7403, who finds time to be the best of such signs.
func Speeder(share float64) Rule {
	return Rule{Name: "speeder", Limit: share}
}

// StraightLiner removes sheets that give the same step to every question of a battery, with at least five questions of which no more than a
// fifth are unanswered. Without names, every run of at least five neighbouring questions on the same scale is a battery, and a sheet is
// removed if it is straight in all that it answers. A straight line may be an honest answer if all questions point the same way: compare the
// results with and without the rule, or ask some questions the other way round. See Y. Kim and others, "Straightlining: Overview of
// measurement, comparison of indicators, and effects in mail–web mixed-mode surveys", Social Science Computer Review 37(2), 2019,
// doi:10.1177/0894439317752406.
func StraightLiner(questions ...string) Rule {
	return Rule{Name: "straight-liner", Questions: questions}
}

// leastLine is how many questions a battery has at least in which a straight line says anything.
const leastLine = 5

// Incomplete removes sheets that answer less than a share of the named questions, or of all except open ones. "Don't know" is an answer.
func Incomplete(share float64, questions ...string) Rule {
	return Rule{Name: "incomplete", Limit: share, Questions: questions}
}

// Without removes sheets with one of the given answers, such as a wrong answer to a trap question, or an unfinished form.
func Without(question string, answers ...string) Rule {
	return Rule{Name: "without", Questions: []string{question}, Values: answers}
}

func (r Rule) String() string {
	said := []string{r.Name}
	for _, names := range [][]string{r.Questions, r.Values} {
		if names != nil {
			said = append(said, wording.List(names))
		}
	}
	if r.Limit != 0 {
		said = append(said, wording.Percent(r.Limit))
	}
	return strings.Join(said, " ")
}

// marks says of each sheet whether r removes it, and what there is to say about that.
func (r Rule) marks(a *Answers) (marked []bool, note string, err error) {
	marked = make([]bool, len(a.ids))
	switch r.Name {
	case Repeated.Name:
		last := map[string]int{}
		for i, id := range a.ids {
			if before, again := last[id]; again {
				marked[before] = true
			}
			last[id] = i
		}
	case "same person":
		at, err := a.find("survey.SamePerson", r.Questions)
		if err != nil {
			return nil, "", err
		}
		texts := a.questions[at[0]].texts
		if texts == nil {
			return nil, "", a.questions[at[0]].unfit("survey.SamePerson", "people are told apart by what they wrote themselves, such as an address", "set Options.Kinds of it to survey.Open")
		}
		last := map[string]int{}
		for i := range marked {
			text := strings.ReplaceAll(folded(texts[i]), " ", "")
			if text == "" {
				continue
			}
			if before, again := last[text]; again {
				marked[before] = true
			}
			last[text] = i
		}
	case "speeder":
		return r.speeders(a, marked)
	case "straight-liner":
		return r.straight(a, marked)
	case "incomplete":
		return marked, "", r.incomplete(a, marked)
	case "without":
		return marked, "", r.without(a, marked)
	default:
		return nil, "", fault.Option("survey.Rule", "Name", fmt.Sprintf("%q", r.Name), "a rule such as survey.Repeated or survey.Speeder(0)")
	}
	return marked, "", nil
}

func (r Rule) speeders(a *Answers, marked []bool) ([]bool, string, error) {
	if r.Limit < 0 || r.Limit >= 1 || math.IsNaN(r.Limit) {
		return nil, "", fault.Option("survey", "Speeder", r.Limit, "a share of the median time below 1, such as 0.4; 0 is a third")
	}
	var known []float64
	for _, v := range a.seconds {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	if known == nil {
		return nil, "", &fault.CellError{Op: "survey.Speeder", File: a.source, Why: "does not say how long people took",
			Remedy: `keep the form's column of durations, such as "Duration (in seconds)", or those of start and end`, Err: fault.ErrMissingColumn}
	}
	share := r.Limit
	if share == 0 {
		share = 1. / 3
	}
	median := quantile.Of(known, nil, false).At(.5)
	for i, v := range a.seconds {
		marked[i] = v < share*median
	}
	note := fmt.Sprintf("Speeders took less than %.0f seconds, %s of the median of %.0f (%s).", share*median, wording.Percent(share), median, a.timed)
	if unknown := len(a.seconds) - len(known); unknown > 0 {
		note += fmt.Sprintf(" %s no time, and stayed.", wording.Capital(wording.Plural(unknown, "sheet")+" "+wording.Have(unknown)))
	}
	return marked, note, nil
}

func (r Rule) straight(a *Answers, marked []bool) ([]bool, string, error) {
	var batteries [][]int
	for _, battery := range a.batteries() {
		if len(battery) >= leastLine && a.questions[battery[0]].Kind == Scale {
			batteries = append(batteries, battery)
		}
	}
	if len(r.Questions) > 0 {
		at, err := a.find("survey.StraightLiner", r.Questions)
		if err != nil {
			return nil, "", err
		}
		if len(at) < leastLine {
			return nil, "", fault.Option("survey", "StraightLiner", wording.List(r.Questions), fmt.Sprintf("at least %d questions: fewer are answered alike by many who read them", leastLine))
		}
		for _, j := range at {
			if q := a.questions[j]; q.Kind != Scale || !slices.Equal(q.Values, a.questions[at[0]].Values) {
				return nil, "", q.unfit("survey.StraightLiner", "a line is straight on one scale only", "name the questions of one battery")
			}
		}
		batteries = [][]int{at}
	}
	if batteries == nil {
		return nil, "", fault.Errorf(fault.ErrUndefined, "segkit: survey.StraightLiner: no %d neighbouring questions share a scale: name the questions of a battery", leastLine)
	}
	for i := range marked {
		lines, answered := 0, 0
		for _, battery := range batteries {
			steps := map[int32]int{}
			given := 0
			for _, j := range battery {
				if level := a.given[j][i]; level >= 0 {
					steps[level]++
					given++
				}
			}
			if 5*given < 4*len(battery) {
				continue
			}
			answered++
			if len(steps) == 1 {
				lines++
			}
		}
		marked[i] = answered > 0 && lines == answered
	}
	var said []string
	for _, battery := range batteries {
		names, reversed := a.questions[battery[0]].Name+" to "+a.questions[battery[len(battery)-1]].Name, 0
		for _, j := range battery {
			if a.questions[j].Reversed {
				reversed++
			}
		}
		if reversed > 0 {
			names += fmt.Sprintf(" (%d reversed)", reversed)
		}
		said = append(said, fmt.Sprintf("%d questions, %s", len(battery), names))
	}
	return marked, "Straight lines are looked for in " + strings.Join(said, "; ") + ". Some may be honest: see what changes without them.", nil
}

func (r Rule) incomplete(a *Answers, marked []bool) error {
	if !(r.Limit > 0 && r.Limit <= 1) {
		return fault.Option("survey", "Incomplete", r.Limit, "a share of the questions, above 0 and at most 1")
	}
	at, err := a.find("survey.Incomplete", r.Questions)
	if err != nil {
		return err
	}
	if len(r.Questions) == 0 {
		for j, q := range a.questions {
			if q.Kind < Open {
				at = append(at, j)
			}
		}
	}
	for i := range marked {
		answered := 0
		for _, j := range at {
			if a.given[j][i] != missing {
				answered++
			}
		}
		marked[i] = float64(answered) < r.Limit*float64(len(at))
	}
	return nil
}

func (r Rule) without(a *Answers, marked []bool) error {
	at, err := a.find("survey.Without", r.Questions)
	if err != nil {
		return err
	}
	q := a.questions[at[0]]
	seen := map[string]bool{}
	for i := range marked {
		text := a.said(at[0], i)
		seen[text] = true
		marked[i] = slices.Contains(r.Values, text)
	}
	for _, value := range r.Values {
		if !seen[value] && !slices.Contains(q.Levels, value) && !slices.Contains(q.DontKnow, value) {
			return &fault.CellError{Op: "survey.Without", File: a.source, Column: q.Name, Value: value, Why: "is not an answer to this question", Remedy: "its answers are in Answers.Sheet", Err: fault.ErrSchema}
		}
	}
	return nil
}

// said is what respondent i answered to question j, as the cell has it; "" for nothing.
func (a *Answers) said(j, i int) string {
	q := a.questions[j]
	switch level := a.given[j][i]; {
	case q.texts != nil:
		return q.texts[i]
	case level == missing:
		return ""
	case level <= dontKnow:
		return q.DontKnow[dontKnow-level]
	case q.Kind == Number:
		return wording.Number(q.numbers[i])
	default:
		return q.Levels[level]
	}
}
